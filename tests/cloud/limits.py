#!/usr/bin/python3
"""Throttle buckets and quotas: the documented ones, and those of a file; none unless asked for. TAP."""
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from botocore.exceptions import ClientError  # noqa: E402
from tap import TWO, client, error, main, refused, served, test  # noqa: E402

IMAGE, ZONE, HOME = "ami-0a000000000000002", "us-east-1a", {"SourceRegion": "us-east-1"}
SNAPSHOT = "snap-0a000000000000003"


def limited(**limits):
    """The options of a cloud with these limits."""
    file = tempfile.NamedTemporaryFile("w", suffix=".json", delete=False)
    with file:
        json.dump(limits, file)
    return "--limits", file.name


def until_refused(call, most=200):
    """(how many calls went through, the error's code and status)"""
    for n in range(most):
        try:
            call(n)
        except ClientError as e:
            return n, e.response["Error"]["Code"], e.response["ResponseMetadata"]["HTTPStatusCode"]
    return most, None, None


def copy(c, n):
    return c.copy_image(Name=f"limit-{n}", SourceImageId=IMAGE, **HOME)["ImageId"]


@test
def no_limits():
    """without --limits nothing is throttled"""
    with served() as url:
        ec2 = client("ec2", url=url)
        assert until_refused(lambda n: ec2.start_instances(InstanceIds=["i-0a000000000000001"]), 20)[0] == 20


@test
def documented_buckets():
    """the documented buckets: each action, account and region has its own, and it is of its documented size"""
    with served("--limits", "documented") as url:
        ec2, kms = client("ec2", url=url), client("kms", url=url)
        box = ["i-0a000000000000001"]
        for call, size, rate in ((lambda n: ec2.start_instances(InstanceIds=box), 5, 2), (lambda n: copy(ec2, n), 100, 1),
                                 (lambda n: ec2.describe_volumes(), 50, 10), (lambda n: ec2.describe_volumes(MaxResults=5), 100, 20),
                                 (lambda n: ec2.modify_ebs_default_kms_key_id(KmsKeyId="alias/one"), 50, 5),
                                 (lambda n: ec2.create_tags(Resources=box, Tags=[{"Key": "k", "Value": "v"}]), 100, 10)):
            begun = time.monotonic()
            n, code, status = until_refused(call)
            assert size <= n <= size + (time.monotonic() - begun) * rate, (n, size)
            assert (code, status) == ("RequestLimitExceeded", 503)
        client("ec2", account=TWO, url=url).describe_volumes()
        client("ec2", region="eu-west-1", url=url).describe_volumes()
        assert until_refused(lambda n: kms.create_key())[1:] == ("ThrottlingException", 400)


@test
def refilling():
    """a bucket fills with the cloud's time, by its rate, up to its size and no further"""
    with served("--virtual", *limited(ec2={"actions": {"StartInstances": [3, 1]}})) as url:
        ec2 = client("ec2", url=url)
        for _ in range(2):
            assert until_refused(lambda n: ec2.start_instances(InstanceIds=["i-0a000000000000001"]))[:2] == (3, "RequestLimitExceeded")
            made = copy(ec2, _)
            ec2.get_waiter("image_available").wait(ImageIds=[made], WaiterConfig={"Delay": 0.01})  # minutes of virtual time


@test
def instances_of_a_call():
    """what speaks of many instances takes one token for each, or none at all"""
    with served("--instant", *limited(ec2={"write": [50, 0], "instances": {"RunInstances": [10, 0]}})) as url:
        ec2 = client("ec2", url=url)

        def run(count):
            return ec2.run_instances(ImageId=IMAGE, MinCount=count, MaxCount=count)

        run(6)
        refused("RequestLimitExceeded", ec2.run_instances, ImageId=IMAGE, MinCount=5, MaxCount=5)
        run(4)
        refused("RequestLimitExceeded", ec2.run_instances, ImageId=IMAGE, MinCount=1, MaxCount=1)


@test
def snapshots_of_a_volume():
    """SnapshotCreationPerVolumeRateExceeded and ConcurrentSnapshotLimitExceeded"""
    with served("--instant", "--limits", "documented") as url:
        ec2 = client("ec2", url=url)
        volume = "vol-0a000000000000101"
        ec2.create_snapshot(VolumeId=volume)
        assert "Use an increasing or variable sleep interval" in refused(
            "SnapshotCreationPerVolumeRateExceeded", ec2.create_snapshot, VolumeId=volume)
        refused("SnapshotCreationPerVolumeRateExceeded", ec2.create_snapshots,
                InstanceSpecification={"InstanceId": "i-0a000000000000001"})
    with served("--speed", "0.1", *limited(quotas={"pending_snapshots": 2, "snapshots": 20})) as url:
        ec2 = client("ec2", url=url)
        assert until_refused(lambda n: ec2.create_snapshot(VolumeId=volume))[:2] == (2, "ConcurrentSnapshotLimitExceeded")
        assert until_refused(lambda n: ec2.copy_snapshot(SourceSnapshotId=SNAPSHOT, **HOME))[1] == "SnapshotLimitExceeded"


@test
def images_of_a_region():
    """ResourceLimitExceeded: image copies at once, images, public images, accounts that an image is shared with"""
    with served("--speed", "0.1", *limited(quotas={"image_copies": 3, "images": 20})) as url:
        ec2 = client("ec2", url=url)
        assert until_refused(lambda n: copy(ec2, n))[:2] == (3, "ResourceLimitExceeded")
        root = {"RootDeviceName": "/dev/xvda", "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": SNAPSHOT}}]}
        assert until_refused(lambda n: ec2.register_image(Name=f"r-{n}", **root))[1] == "ResourceLimitExceeded"
    with served("--instant", *limited(quotas={"public_images": 1, "image_shares": 2})) as url:
        ec2 = client("ec2", url=url)
        public = {"LaunchPermission": {"Add": [{"Group": "all"}]}}
        first, second = copy(ec2, 1), copy(ec2, 2)
        ec2.modify_image_attribute(ImageId=first, **public)
        ec2.modify_image_attribute(ImageId=first, **public)
        assert "quota of 1" in refused("ResourceLimitExceeded", ec2.modify_image_attribute, ImageId=second, **public)
        for who in range(2):
            ec2.modify_image_attribute(ImageId=second, LaunchPermission={"Add": [{"UserId": f"00000000001{who}"}]})
        refused("ResourceLimitExceeded", ec2.modify_image_attribute, ImageId=second, LaunchPermission={"Add": [{"UserId": TWO}]})


@test
def modifications_of_a_volume():
    """VolumeModificationRateExceeded: six hours between two modifications of a volume"""
    with served("--instant", "--limits", "documented") as url:
        ec2 = client("ec2", url=url)
        made = ec2.create_volume(AvailabilityZone=ZONE, Size=1)["VolumeId"]
        ec2.modify_volume(VolumeId=made, Size=2)
        assert "6 hours" in refused("VolumeModificationRateExceeded", ec2.modify_volume, VolumeId=made, Size=3)


@test
def what_a_file_alone_limits():
    """VolumeLimitExceeded, InstanceLimitExceeded, AttachmentLimitExceeded"""
    with served("--instant", *limited(quotas={"volumes": 8, "instances": 3, "attachments": 2})) as url:
        ec2 = client("ec2", url=url)
        box, zone = "i-0a000000000000001", {"AvailabilityZone": ZONE, "Size": 1}
        first, second = (ec2.create_volume(**zone)["VolumeId"] for _ in range(2))
        ec2.attach_volume(InstanceId=box, VolumeId=first, Device="/dev/sdf")
        refused("AttachmentLimitExceeded", ec2.attach_volume, InstanceId=box, VolumeId=second, Device="/dev/sdg")
        refused("InstanceLimitExceeded", ec2.run_instances, ImageId=IMAGE, MinCount=3, MaxCount=3)
        assert ec2.run_instances(ImageId=IMAGE, MinCount=2, MaxCount=2)["Instances"]
        assert until_refused(lambda n: ec2.create_volume(**zone))[1] == "VolumeLimitExceeded"


@test
def volumes_of_a_launch():
    """Client.VolumeLimitExceeded: an instance whose volumes are more than the quota ends with that reason"""
    with served("--instant", *limited(quotas={"volumes": 4})) as url:
        ec2 = client("ec2", url=url)
        box, ended = (ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"] for _ in range(2))

        def told(i):
            return ec2.describe_instances(InstanceIds=[i])["Reservations"][0]["Instances"][0]
        assert told(box)["State"]["Name"] == "running" and told(ended)["State"]["Name"] == "terminated"
        assert told(ended)["StateReason"]["Code"] == "Client.VolumeLimitExceeded"
        assert len(ec2.describe_volumes()["Volumes"]) == 3


@test
def what_is_pending():
    """PendingSnapshotLimitExceeded, ConcurrentCreateImageNoRebootLimitExceeded"""
    with served("--speed", "0.01", *limited(quotas={"pending_snapshots_of_region": 2, "images_without_reboot": 1})) as url:
        ec2 = client("ec2", url=url)
        box = {"InstanceId": "i-0a000000000000001"}
        ec2.create_image(Name="first", NoReboot=True, **box)
        refused("ConcurrentCreateImageNoRebootLimitExceeded", ec2.create_image, Name="second", NoReboot=True, **box)
        ec2.create_image(Name="third", **box)
        refused("PendingSnapshotLimitExceeded", ec2.create_snapshot, VolumeId="vol-0a000000000000101")
        refused("PendingSnapshotLimitExceeded", ec2.copy_snapshot, SourceSnapshotId=SNAPSHOT, **HOME)


@test
def what_runs():
    """VcpuLimitExceeded, InsufficientInstanceCapacity (500), MaxIOPSLimitExceeded: launched or started again"""
    def run(Count=1, Zone="a", **kw):
        kw = {"ImageId": IMAGE, "InstanceType": "t3.micro", "Placement": {"AvailabilityZone": f"us-east-1{Zone}"}, **kw}
        return [i["InstanceId"] for i in ec2.run_instances(MinCount=Count, MaxCount=Count, **kw)["Instances"]]
    with served("--instant", *limited(quotas={"vcpus": 12, "iops": 500})) as url:
        ec2 = client("ec2", url=url)
        boxes = run(4)  # and the furnished one: 2 vCPUs each
        assert "limit of 12" in refused("VcpuLimitExceeded", run, Count=2)
        refused("VcpuLimitExceeded", run, InstanceType="z9.2xlarge")
        ec2.stop_instances(InstanceIds=boxes[:1])
        assert len(run(2)) == 2
        refused("VcpuLimitExceeded", ec2.start_instances, InstanceIds=boxes[:1])
        zone = {"AvailabilityZone": ZONE, "Size": 10}
        ec2.create_volume(VolumeType="io2", Iops=300, **zone)
        ec2.create_volume(VolumeType="gp3", Iops=3000, **zone)
        refused("MaxIOPSLimitExceeded", ec2.create_volume, VolumeType="io1", Iops=201, **zone)
        ec2.create_volume(VolumeType="io1", Iops=200, **zone)
    with served("--instant", *limited(quotas={"instances_of_zone": 2})) as url:
        ec2 = client("ec2", url=url)
        ended = run(2, "b")
        code, said, status = error(run, Zone="b")
        assert (code, status) == ("InsufficientInstanceCapacity", 500) and "us-east-1b" in said
        assert run(Zone="c") and client("ec2", account=TWO, url=url).describe_instances()["Reservations"] == []
        ec2.terminate_instances(InstanceIds=ended)
        assert run(2, "b")


@test
def ebs_direct():
    """EBS direct APIs: ThrottlingException of an account, RequestThrottledException of a snapshot, and their quotas"""
    def told(call, **kw):
        try:
            call(**kw)
        except ClientError as e:
            return e.response["Error"]["Code"], e.response.get("Reason"), e.response["ResponseMetadata"]["HTTPStatusCode"]
    with served("--instant", "--limits", "documented") as url:
        ebs = client("ebs", url=url)
        begun = time.monotonic()
        n, code, status = until_refused(lambda n: ebs.list_snapshot_blocks(SnapshotId=SNAPSHOT), 1000)
        assert 50 <= n <= 50 + 50 * (time.monotonic() - begun) and (code, status) == ("ThrottlingException", 400)
    with served("--instant", *limited(ebs={"actions": {"GetSnapshotBlock": [5, 0]}, "snapshots": {"GetSnapshotBlock": [3, 0]}},
                                      quotas={"pending_uploads": 2})) as url:
        ebs = client("ebs", url=url)

        def read(snapshot):
            block = ebs.list_snapshot_blocks(SnapshotId=snapshot)["Blocks"][0]
            return told(ebs.get_snapshot_block, SnapshotId=snapshot, **block)
        other = "snap-0a000000000000005"
        assert [read(SNAPSHOT) for _ in range(4)] == [None] * 3 + [("RequestThrottledException", "RESOURCE_LEVEL_THROTTLE", 400)]
        assert [read(other) for _ in range(3)] == [None] * 2 + [("ThrottlingException", None, 400)]
        begun = [ebs.start_snapshot(VolumeSize=1)["SnapshotId"] for _ in range(2)]
        assert told(ebs.start_snapshot, VolumeSize=1) == ("ConcurrentLimitExceededException", None, 400)
        ebs.complete_snapshot(SnapshotId=begun[0], ChangedBlocksCount=0)
        ebs.start_snapshot(VolumeSize=1)
    with served("--instant", *limited(quotas={"snapshots": 1})) as url:
        got = told(client("ebs", url=url).start_snapshot, VolumeSize=1)
        assert got == ("ServiceQuotaExceededException", "DEPENDENCY_SERVICE_QUOTA_EXCEEDED", 402), got


@test
def as_many_as_fit():
    """RunInstances launches as many as fit from MinCount to MaxCount, or none; the same token tells the same ones"""
    for quotas, code, fit in (({"instances": 5}, "InstanceLimitExceeded", 4), ({"vcpus": 10}, "VcpuLimitExceeded", 4),
                              ({"instances_of_zone": 3}, "InsufficientInstanceCapacity", 3)):
        with served("--instant", *limited(quotas=quotas)) as url:
            ec2 = client("ec2", url=url)
            ask = {"ImageId": IMAGE, "InstanceType": "t3.micro", "Placement": {"AvailabilityZone": "us-east-1b"}}
            volumes = len(ec2.describe_volumes()["Volumes"])
            refused(code, ec2.run_instances, MinCount=fit + 1, MaxCount=fit + 3, **ask)
            assert len(ec2.describe_volumes()["Volumes"]) == volumes
            told = [ec2.run_instances(MinCount=2, MaxCount=fit + 3, ClientToken="once", **ask) for _ in range(2)]
            assert [i["AmiLaunchIndex"] for i in told[0]["Instances"]] == list(range(fit)), told
            assert len({tuple(i["InstanceId"] for i in t["Instances"]) for t in told}) == 1
            refused(code, ec2.run_instances, MinCount=1, MaxCount=1, **ask)


@test
def bad_files():
    """a file that is none, or not of that form, is said at start"""
    binary = os.environ.get("LUNAMI_BIN", "build/lunami")
    for limits in ({"ec3": {}}, {"ec2": {"actions": {"CopyImages": [1, 1]}}}, {"ec2": {"read": [0, 1]}}, {"ec2": {"actions": {"CopyImage": 1}}},
                   {"quotas": {"moons": 1}}, {"quotas": {"images": -1}}, {"ec2": {"nonsense": [1, 1]}}, []):
        file = limited(**limits)[1] if limits else "/nonexistent"
        ended = subprocess.run([binary, "serve", "--port", "0", "--memory", "--limits", file], stderr=subprocess.PIPE, text=True, timeout=10)
        assert ended.returncode != 0 and "limits of" in ended.stderr, (limits, ended.stderr)


main()
