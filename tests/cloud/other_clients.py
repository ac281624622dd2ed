#!/usr/bin/python3
"""The five scenarios by boto3 and by the AWS CLI, an encrypted shared AMI of two regions by Packer, copies by Ansible. TAP."""
import concurrent.futures
import contextlib
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from tap import TWO, client, main, served, test  # noqa: E402

PLAIN, DEFAULT_KEY, THREE, BOX = "ami-0a000000000000002", "ami-0a000000000000005", "ami-0a000000000000006", "i-0a000000000000001"


def keys_of(url, image, region="us-east-1"):
    """{device: alias of its snapshot's key, or None}"""
    ec2, kms = client("ec2", region, url=url), client("kms", region, url=url)
    aliases = {a["TargetKeyId"]: a["AliasName"] for page in kms.get_paginator("list_aliases").paginate() for a in page["Aliases"]
               if "TargetKeyId" in a}
    mappings = ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"]
    ids = {m["DeviceName"]: m["Ebs"]["SnapshotId"] for m in mappings}
    keys = {s["SnapshotId"]: s.get("KmsKeyId") for page in ec2.get_paginator("describe_snapshots").paginate(OwnerIds=["self"])
            for s in page["Snapshots"]}
    return {device: keys[snapshot] and aliases[keys[snapshot].split("/")[-1]] for device, snapshot in ids.items()}


@contextlib.contextmanager
def at_home(url):
    """The environment of a program that must find nothing of ours but the cloud."""
    with tempfile.TemporaryDirectory() as home:
        yield {"PATH": "/usr/bin:/bin", "HOME": home, "LC_ALL": "C.UTF-8", "LUNAMI_URL": url, "CHECKPOINT_DISABLE": "1",
               "PACKER_CONFIG_DIR": home, "AWS_POLL_DELAY_SECONDS": "1", "AWS_ACCESS_KEY_ID": "LOCAL000000000001",
               "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}


def run(*command, env):
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def boto3_calls(url):
    ec2 = client("ec2", url=url)

    def call(action, **parameters):
        return getattr(ec2, action)(**parameters)

    def wait(waiter, **ids):
        ec2.get_waiter(waiter).wait(**ids)

    return call, wait


def cli_calls(url, env):
    """The same calls by the AWS CLI: JSON in, JSON out."""
    def aws(*words, **parameters):
        said = run("/usr/bin/aws", "ec2", *words, "--endpoint-url", url, "--output", "json", "--cli-input-json",
                   json.dumps(parameters), env=env)
        return json.loads(said) if said.strip() else None

    return (lambda action, **p: aws(action.replace("_", "-"), **p)), (lambda waiter, **p: aws("wait", waiter.replace("_", "-"), **p))


# AWS's page "AMIs with Encrypted Snapshots": each part gives the images that it made, with what their keys must be.

def copies(call, wait, tag):
    """Scenarios 1 to 4."""
    def made(action, n, **kw):
        image = call(action, Name=f"{tag}-{n}", **kw)["ImageId"]
        wait("image_available", ImageIds=[image])
        return image
    home = {"SourceRegion": "us-east-1"}
    return [(made("copy_image", 1, SourceImageId=DEFAULT_KEY, **home), {"/dev/xvda": "alias/aws/ebs"}),
            (made("copy_image", 2, SourceImageId="ami-0a000000000000003", **home), {"/dev/xvda": "alias/one"}),
            (made("copy_image", 3, SourceImageId=PLAIN, Encrypted=True, KmsKeyId="alias/golden", **home),
             {"/dev/xvda": "alias/golden", "/dev/sdf": "alias/golden"}),
            (made("create_image", 4, InstanceId=BOX), {"/dev/xvda": "alias/one"})]


def three_keys(call, wait, tag):
    """Scenario 5."""
    box = call("run_instances", ImageId=DEFAULT_KEY, MinCount=1, MaxCount=1, InstanceType="t3.micro")["Instances"][0]["InstanceId"]
    wait("instance_status_ok", InstanceIds=[box])
    zone = call("describe_instances", InstanceIds=[box])["Reservations"][0]["Instances"][0]["Placement"]["AvailabilityZone"]
    for device, key in ("/dev/sdf", "alias/two"), ("/dev/sdg", "alias/three"):
        volume = call("create_volume", AvailabilityZone=zone, Size=1, Encrypted=True, KmsKeyId=key)["VolumeId"]
        wait("volume_available", VolumeIds=[volume])
        call("attach_volume", InstanceId=box, VolumeId=volume, Device=device)
        wait("volume_in_use", VolumeIds=[volume])
    many = call("create_image", InstanceId=box, Name=f"{tag}-5")["ImageId"]
    wait("image_available", ImageIds=[many])
    call("terminate_instances", InstanceIds=[box])
    wait("instance_terminated", InstanceIds=[box])
    return [(many, {"/dev/xvda": "alias/aws/ebs", "/dev/sdf": "alias/two", "/dev/sdg": "alias/three"})]


def check(url, made):
    for image, keys in made:
        assert keys_of(url, image) == keys, (image, keys_of(url, image), keys)


@test
def by_boto3():
    """boto3: the five scenarios, with its waiters and paginators"""
    with served("--instant") as url:
        calls = boto3_calls(url)
        check(url, copies(*calls, "boto3") + three_keys(*calls, "boto3"))


@test
def by_the_cli():
    """the AWS CLI: the five scenarios, with its waiters"""
    with served("--instant") as url, at_home(url) as env, concurrent.futures.ThreadPoolExecutor() as threads:
        calls = cli_calls(url, env)
        parts = [threads.submit(part, *calls, "cli") for part in (copies, three_keys)]  # most of it is the CLI's start
        check(url, [made for part in parts for made in part.result()])


PACKER = {
    "type": "amazon-ebs", "access_key": "LOCAL000000000001", "secret_key": "local", "region": "us-east-1", "skip_region_validation": True,
    "skip_metadata_api_check": True, "instance_type": "t3.micro", "communicator": "none", "ami_name": "from-packer",
    "source_ami_filter": {"filters": {"name": "golden-*"}, "owners": ["self"], "most_recent": True},
    "ami_regions": ["us-east-1", "eu-west-1"], "encrypt_boot": True, "kms_key_id": "alias/golden",
    "region_kms_key_ids": {"us-east-1": "alias/golden", "eu-west-1": "alias/two"}, "ami_users": [TWO], "snapshot_users": [TWO],
    "tags": {"made-by": "packer"}}


@test
def by_packer():
    """Packer: an encrypted, shared AMI in two regions, each under a key of its own; nothing else is left"""
    with served("--instant") as url, at_home(url) as env:
        template = env["HOME"] + "/template.json"
        with open(template, "w") as file:
            json.dump({"builders": [dict(PACKER, custom_endpoint_ec2=url)]}, file)
        run("/usr/bin/packer", "build", "-color=false", template, env=env)
        for region, key in ("us-east-1", "alias/golden"), ("eu-west-1", "alias/two"):
            ec2 = client("ec2", region, url=url)
            image = ec2.describe_images(Owners=["self"], Filters=[{"Name": "tag:made-by", "Values": ["packer"]}])["Images"]
            assert [i["Name"] for i in image] == ["from-packer"], image
            assert set(keys_of(url, image[0]["ImageId"], region).values()) == {key}
            assert client("ec2", region, account=TWO, url=url).describe_images(ImageIds=[image[0]["ImageId"]])["Images"]
            states = {i["State"]["Name"] for r in ec2.describe_instances()["Reservations"] for i in r["Instances"]
                      if i["InstanceId"] != BOX}
            assert states <= {"terminated"} and not ec2.describe_key_pairs()["KeyPairs"]
            assert [g["GroupName"] for g in ec2.describe_security_groups()["SecurityGroups"]] == ["default"]


AWS = {"endpoint_url": "{{ lookup('env', 'LUNAMI_URL') }}", "region": "us-east-1", "access_key": "LOCAL000000000001", "secret_key": "local"}
MADE = {"image_id": "{{ made.image_id }}"}
PLAY = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": {"ansible_python_interpreter": "/usr/bin/python3"},
         "tasks": [
             {"community.aws.ec2_ami_copy": dict(
                 AWS, source_region="us-east-1", source_image_id=PLAIN, name="copied", encrypted=True, kms_key_id="alias/golden",
                 wait=True, tags={"made-by": "ansible"})},
             {"amazon.aws.ec2_ami": dict(AWS, instance_id=BOX, name="of-box", wait=True, tags={"made-by": "ansible"},
                                         launch_permissions={"user_ids": [TWO]})},
             {"amazon.aws.ec2_ami": dict(AWS, instance_id=BOX, name="passing", wait=True, tags={"made-by": "ansible"}), "register": "made"},
             {"amazon.aws.ec2_ami": dict(AWS, **MADE, state="absent", delete_snapshot=True, wait=True), "register": "gone"},
             {"assert": {"that": ["gone.changed", "gone.snapshots_deleted | length == 1"]}},
             {"amazon.aws.ec2_ami": dict(AWS, **MADE, state="absent"), "register": "again"},
             {"assert": {"that": ["not again.changed"]}}]}]


@test
def by_ansible():
    """Ansible: ec2_ami_copy encrypts a copy, ec2_ami makes a shared image of an instance, and takes one away with its snapshots"""
    with served("--instant") as url, at_home(url) as env:
        play = env["HOME"] + "/play.json"
        with open(play, "w") as file:
            json.dump(PLAY, file)
        run("/usr/bin/ansible-playbook", "-i", "localhost,", play, env=env)
        made = {i["Name"]: i["ImageId"] for i in client("ec2", url=url).describe_images(
            Filters=[{"Name": "tag:made-by", "Values": ["ansible"]}])["Images"]}
        assert set(made) == {"copied", "of-box"}
        assert set(keys_of(url, made["copied"]).values()) == {"alias/golden"}
        assert set(keys_of(url, made["of-box"]).values()) == {"alias/one"}
        assert client("ec2", account=TWO, url=url).describe_images(ImageIds=[made["of-box"]])["Images"]


main()
