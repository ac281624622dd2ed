#!/usr/bin/python3
"""What images and copies show, keep and leave behind: defaults, descriptions, default keys, keys of several regions. TAP."""
import os
import re
import sys
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from botocore.exceptions import WaiterError  # noqa: E402
from tap import ONE, TWO, client, main, query, refused, served, test  # noqa: E402

ec2, kms = client("ec2"), client("kms")
PLAIN, ENCRYPTED, HOME = "ami-0a000000000000002", "ami-0a000000000000003", {"SourceRegion": "us-east-1"}
SNAPSHOT, SECRET = "snap-0a000000000000003", "snap-0a000000000000005"
ROOT = [{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": SNAPSHOT}}]


def image(i, c=ec2):
    return c.describe_images(ImageIds=[i])["Images"][0]


def snapshot(s, c=ec2):
    return c.describe_snapshots(SnapshotIds=[s])["Snapshots"][0]


def snapshots(i, c=ec2):
    return [snapshot(m["Ebs"]["SnapshotId"], c) for m in image(i, c)["BlockDeviceMappings"]]


@test
def what_a_copy_says_of_itself():
    """CopyImage: its snapshots' descriptions and volume, its source; neither launch permissions nor tags"""
    ec2.create_tags(Resources=[PLAIN], Tags=[{"Key": "own", "Value": "tag"}])
    ec2.modify_image_attribute(ImageId=PLAIN, LaunchPermission={"Add": [{"UserId": TWO}]})
    copy = ec2.copy_image(Name="facts-copy", SourceImageId=PLAIN, Description="of a test", **HOME)["ImageId"]
    sources = [m["Ebs"]["SnapshotId"] for m in image(PLAIN)["BlockDeviceMappings"]]
    for s, source in zip(snapshots(copy), sources):
        assert re.fullmatch(rf"Copied for DestinationAmi {copy} from SourceAmi {PLAIN} for SourceSnapshot {source}\. "
                            r"Task created on \d{1,3}(,\d{3})+\.", s["Description"]), s["Description"]
        assert s["VolumeId"] == "vol-ffffffff"
    got = query("DescribeImages", **{"ImageId.1": copy})["imagesSet"][0]
    assert (got["sourceImageId"], got["sourceImageRegion"], got["description"]) == (PLAIN, "us-east-1", "of a test")
    assert "tagSet" not in got and got["isPublic"] == "false"
    assert ec2.describe_image_attribute(ImageId=copy, Attribute="launchPermission")["LaunchPermissions"] == []
    ec2.modify_image_attribute(ImageId=PLAIN, LaunchPermission={"Remove": [{"UserId": TWO}]})
    ec2.delete_tags(Resources=[PLAIN], Tags=[{"Key": "own"}])
    ec2.deregister_image(ImageId=copy)


@test
def a_copy_outlives_its_source():
    """CopyImage: the source may go, the copy has snapshots of its own"""
    first = ec2.copy_image(Name="facts-first", SourceImageId=PLAIN, **HOME)["ImageId"]
    second = ec2.copy_image(Name="facts-second", SourceImageId=first, **HOME)["ImageId"]
    gone = [s["SnapshotId"] for s in snapshots(first)]
    ec2.deregister_image(ImageId=first)
    for s in gone:
        ec2.delete_snapshot(SnapshotId=s)
    assert image(second)["State"] == "available" and {s["State"] for s in snapshots(second)} == {"completed"}
    ec2.deregister_image(ImageId=second)


@test
def defaults_of_a_registered_image():
    """RegisterImage: i386 and paravirtual unless told; location, type, hypervisor; no key ids among its devices"""
    plain = ec2.register_image(Name="facts-plain", RootDeviceName="/dev/xvda", BlockDeviceMappings=ROOT)["ImageId"]
    got = query("DescribeImages", **{"ImageId.1": plain})["imagesSet"][0]
    wanted = {"architecture": "i386", "virtualizationType": "paravirtual", "imageLocation": ONE + "/facts-plain", "imageOwnerId": ONE,
              "imageType": "machine", "hypervisor": "xen", "rootDeviceType": "ebs", "rootDeviceName": "/dev/xvda", "imageState": "available"}
    assert {k: got[k] for k in wanted} == wanted and "sourceImageId" not in got
    secret = query("DescribeImages", **{"ImageId.1": ENCRYPTED})["imagesSet"][0]["blockDeviceMapping"][0]["ebs"]
    assert secret["encrypted"] == "true" and "kmsKeyId" not in secret
    modern = ec2.register_image(Name="facts-modern", Architecture="x86_64", VirtualizationType="hvm", EnaSupport=True,
                                RootDeviceName="/dev/xvda", BlockDeviceMappings=ROOT + [
                                    {"DeviceName": "/dev/sdq", "Ebs": {"VolumeSize": 1, "Encrypted": True, "KmsKeyId": "alias/two"}}])["ImageId"]
    assert (image(modern)["Architecture"], image(modern)["EnaSupport"]) == ("x86_64", True)
    box = ec2.run_instances(
        ImageId=modern, MinCount=1, MaxCount=1, InstanceType="t3.micro")["Instances"][0]
    added = next(m["Ebs"]["VolumeId"] for m in box["BlockDeviceMappings"] if m["DeviceName"] == "/dev/sdq")
    default = ec2.get_ebs_default_kms_key_id()["KmsKeyId"]
    assert ec2.describe_volumes(VolumeIds=[added])["Volumes"][0]["KmsKeyId"] == default  # KmsKeyId is for launches only
    launched = query("DescribeImages", **{"ImageId.1": modern})["imagesSet"][0]["lastLaunchedTime"]
    told = query("DescribeImageAttribute", ImageId=modern, Attribute="lastLaunchedTime")["lastLaunchedTime"]["value"]
    assert launched[:19] == told[:19] and launched[:2] == "20"
    ec2.terminate_instances(InstanceIds=[box["InstanceId"]])
    for i in plain, modern:
        ec2.deregister_image(ImageId=i)


@test
def a_default_key_that_is_disabled():
    """the default key: a launch and a volume under one that is disabled or deleted fail later; reset, they do not"""
    with served("--instant") as url:
        c, k = client("ec2", url=url), client("kms", url=url)
        key = k.create_key()["KeyMetadata"]["Arn"]
        assert query("GetEbsEncryptionByDefault", url=url)["ebsEncryptionByDefault"] == "false"
        c.enable_ebs_encryption_by_default()
        assert query("GetEbsEncryptionByDefault", url=url)["sseType"] == "sse-kms"
        assert c.modify_ebs_default_kms_key_id(KmsKeyId=key)["KmsKeyId"] == key

        def launched():
            box = c.run_instances(ImageId=PLAIN, MinCount=1, MaxCount=1, InstanceType="t3.micro")["Instances"][0]["InstanceId"]
            got = c.describe_instances(InstanceIds=[box])["Reservations"][0]["Instances"][0]
            return got["State"]["Name"], got.get("StateReason", {}).get("Code")

        def made():
            return c.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
        assert launched() == ("running", None)
        k.disable_key(KeyId=key)
        assert launched() == ("terminated", "Client.InternalError")
        refused("InvalidVolume.NotFound", c.describe_volumes, VolumeIds=[made()])
        k.enable_key(KeyId=key)
        k.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        assert launched() == ("terminated", "Client.InternalError")
        reset = c.reset_ebs_default_kms_key_id()["KmsKeyId"]
        assert k.describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]["Arn"] == reset
        assert launched() == ("running", None) and c.describe_volumes(VolumeIds=[made()])["Volumes"]


def made_under(key, c=ec2):
    """What becomes of everything that is made under a key: the key that is told, or how it failed."""
    under = {"Encrypted": True, "KmsKeyId": key}
    copy = c.copy_image(Name="facts-key", SourceImageId=PLAIN, **HOME, **under)["ImageId"]
    snap = c.copy_snapshot(SourceSnapshotId=SNAPSHOT, **HOME, **under)["SnapshotId"]
    volume = c.create_volume(AvailabilityZone="us-east-1a", Size=1, **under)["VolumeId"]
    box = c.run_instances(ImageId=PLAIN, MinCount=1, MaxCount=1, InstanceType="t3.micro", BlockDeviceMappings=[
        {"DeviceName": d, "Ebs": under} for d in ("/dev/xvda", "/dev/sdf")])["Instances"][0]["InstanceId"]
    instance = c.describe_instances(InstanceIds=[box])["Reservations"][0]["Instances"][0]
    found = c.describe_volumes(Filters=[{"Name": "volume-id", "Values": [volume]}])["Volumes"]
    disks = [c.describe_volumes(VolumeIds=[m["Ebs"]["VolumeId"]])["Volumes"][0]["KmsKeyId"] for m in instance["BlockDeviceMappings"]]
    told = {"image": image(copy, c)["State"], "snapshot": snapshot(snap, c)["State"], "instance": instance["State"]["Name"]}
    keys = {s["KmsKeyId"] for s in snapshots(copy, c) + [snapshot(snap, c)] if s["State"] == "completed"} | {v["KmsKeyId"] for v in found} | set(disks)
    message = snapshot(snap, c).get("StateMessage")
    c.terminate_instances(InstanceIds=[box])
    for v in found:
        c.delete_volume(VolumeId=volume)
    c.deregister_image(ImageId=copy)
    return told, keys, message


@test
def keys_by_every_name():
    """KmsKeyId: id, alias, ARN, alias ARN; what is told is the key's ARN"""
    key = kms.describe_key(KeyId="alias/two")["KeyMetadata"]
    for name in (key["KeyId"], "alias/two", key["Arn"], f"arn:aws:kms:us-east-1:{ONE}:alias/two"):
        told, keys, _ = made_under(name)
        assert told == {"image": "available", "snapshot": "completed", "instance": "running"} and keys == {key["Arn"]}, (name, told, keys)


@test
def keys_that_cannot_be_used():
    """KmsKeyId: disabled, asymmetric, HMAC, waiting for deletion, unknown, of another region or account: all is accepted and fails later"""
    going = kms.create_key()["KeyMetadata"]["Arn"]
    kms.schedule_key_deletion(KeyId=going, PendingWindowInDays=7)
    hmac = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]
    theirs = client("kms", account=TWO).describe_key(KeyId="alias/partner")["KeyMetadata"]["Arn"]
    far = client("kms", "eu-west-1").describe_key(KeyId="alias/two")["KeyMetadata"]["Arn"]
    for key in ("alias/retired", "alias/signing", hmac, going, "alias/none", "12345678-1234-1234-1234-123456789012", "nonsense", far, theirs,
                theirs.split("/")[-1]):
        told, keys, message = made_under(key)
        assert told == {"image": "failed", "snapshot": "error", "instance": "terminated"} and not keys, (key, told, keys)
        assert message == "Given key ID is not accessible", (key, message)


@test
def keys_of_several_regions():
    """multi-Region keys: to EBS a key of its own region; the replica must be named, nothing maps a key to it"""
    far_ec2, far = client("ec2", "eu-west-1"), client("kms", "eu-west-1")
    primary = kms.create_key(MultiRegion=True)["KeyMetadata"]
    kms.replicate_key(KeyId=primary["KeyId"], ReplicaRegion="eu-west-1")
    replica = primary["Arn"].replace("us-east-1", "eu-west-1")
    own = ec2.copy_image(Name="facts-mrk", SourceImageId=PLAIN, Encrypted=True, KmsKeyId=primary["Arn"], **HOME)["ImageId"]
    assert {s["KmsKeyId"] for s in snapshots(own)} == {primary["Arn"]}
    for key, wanted in ((primary["KeyId"], replica), (replica, replica), (None, far_ec2.get_ebs_default_kms_key_id()["KmsKeyId"])):
        copy = far_ec2.copy_image(Name=f"facts-mrk-{key}"[:100].replace(":", "-"), SourceImageId=own, **HOME,
                                  **({"Encrypted": True, "KmsKeyId": key} if key else {}))["ImageId"]
        assert {s["KmsKeyId"] for s in snapshots(copy, far_ec2)} == {wanted}, key
    lost = far_ec2.copy_image(Name="facts-mrk-lost", SourceImageId=own, Encrypted=True, KmsKeyId=primary["Arn"], **HOME)["ImageId"]
    assert image(lost, far_ec2)["State"] == "failed"  # a key of another region
    assert far.describe_key(KeyId=replica)["KeyMetadata"]["MultiRegion"]


@test
def presigned_urls():
    """CopySnapshot into another region: a URL that is wrongly signed, or another's, is accepted and fails later; boto3's own is right"""
    far = client("ec2", "eu-west-1")
    good = far.copy_snapshot(SourceSnapshotId=SECRET, **HOME)["SnapshotId"]
    assert snapshot(good, far)["State"] == "completed"
    parts = {"Action": "CopySnapshot", "Version": "2016-11-15", "SourceSnapshotId": SECRET, "SourceRegion": "us-east-1", "X-Amz-Signature": "0" * 64}
    for url in ("https://ec2.us-east-1.amazonaws.com/?" + urllib.parse.urlencode(parts), "https://example.com/", "nonsense"):
        bad = query("CopySnapshot", region="eu-west-1", SourceSnapshotId=SECRET, SourceRegion="us-east-1", PresignedUrl=url)["snapshotId"]
        try:
            far.get_waiter("snapshot_completed").wait(SnapshotIds=[bad], WaiterConfig={"Delay": 0.01, "MaxAttempts": 3})
            raise AssertionError(url)
        except WaiterError:
            assert snapshot(bad, far)["State"] == "error"


main()
