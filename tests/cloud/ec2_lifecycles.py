#!/usr/bin/python3
"""What happens in time: instances, attachments, images, late failures and boto3's own waiters. TAP."""
import itertools
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from botocore.exceptions import WaiterError  # noqa: E402
from tap import ONE, TWO, client, main, query, refused, served, test  # noqa: E402

ec2, kms = client("ec2"), client("kms")
names = (f"lifecycle-{n}" for n in itertools.count())
ENCRYPTED, PLAIN = "ami-0a000000000000003", "ami-0a000000000000002"
SOON = {"Delay": 1, "MaxAttempts": 3}


def wait(name, c=ec2, **kw):
    c.get_waiter(name).wait(WaiterConfig=SOON, **kw)


def fails(name, **kw):
    try:
        wait(name, **kw)
    except WaiterError as e:
        return str(e)
    raise AssertionError("the waiter should have failed")


def launch(image=ENCRYPTED, **kw):
    return ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", **kw)["Instances"][0]["InstanceId"]


def instance_of(i):
    return ec2.describe_instances(InstanceIds=[i])["Reservations"][0]["Instances"][0]


def new_volume(**kw):
    return ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, **kw)["VolumeId"]


def unusable():
    """A key that this account may describe and nothing else."""
    theirs = client("kms", account=TWO)
    key = theirs.create_key()["KeyMetadata"]["Arn"]
    theirs.create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::{ONE}:root", Operations=["DescribeKey"])
    return key


@test
def an_instance_runs_stops_starts_and_ends():
    i = launch(TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}]}])
    wait("instance_running", InstanceIds=[i])
    got = instance_of(i)
    assert got["State"] == {"Code": 16, "Name": "running"} and got["Tags"] == [{"Key": "a", "Value": "b"}]
    assert got["BlockDeviceMappings"][0]["Ebs"]["Status"] == "attached"
    stopping = ec2.stop_instances(InstanceIds=[i])["StoppingInstances"][0]
    assert stopping["PreviousState"]["Name"] == "running" and stopping["CurrentState"]["Name"] in ("stopping", "stopped")
    wait("instance_stopped", InstanceIds=[i])
    ec2.start_instances(InstanceIds=[i])
    wait("instance_running", InstanceIds=[i])
    root = got["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    ec2.terminate_instances(InstanceIds=[i])
    wait("instance_terminated", InstanceIds=[i])
    assert instance_of(i)["StateReason"]["Code"] == "Client.UserInitiatedShutdown"
    wait("volume_deleted", VolumeIds=[root])
    refused("InvalidVolume.NotFound", ec2.describe_volumes, VolumeIds=[root])
    refused("IncorrectInstanceState", ec2.start_instances, InstanceIds=[i])


@test
def a_volume_that_was_attached_later_outlives_its_instance():
    i, v = launch(Placement={"AvailabilityZone": "us-east-1a"}), new_volume()
    wait("volume_available", VolumeIds=[v])
    ec2.attach_volume(InstanceId=i, VolumeId=v, Device="/dev/sdf")
    wait("volume_in_use", VolumeIds=[v])
    attachment = ec2.describe_volumes(VolumeIds=[v])["Volumes"][0]["Attachments"][0]
    assert (attachment["InstanceId"], attachment["Device"], attachment["State"], attachment["DeleteOnTermination"]) == (
        i, "/dev/sdf", "attached", False)
    refused("VolumeInUse", ec2.attach_volume, InstanceId=i, VolumeId=v, Device="/dev/sdg")
    refused("VolumeInUse", ec2.delete_volume, VolumeId=v)
    other = new_volume()
    refused("InvalidParameterValue", ec2.attach_volume, InstanceId=i, VolumeId=other, Device="/dev/sdf")
    ec2.terminate_instances(InstanceIds=[i])
    wait("volume_available", VolumeIds=[v])
    refused("IncorrectState", ec2.detach_volume, VolumeId=v)
    for one in (v, other):
        ec2.delete_volume(VolumeId=one)


@test
def attaching_has_its_conditions():
    i = launch(Placement={"AvailabilityZone": "us-east-1a"})
    far = ec2.create_volume(AvailabilityZone="us-east-1b", Size=1)["VolumeId"]
    refused("InvalidVolume.ZoneMismatch", ec2.attach_volume, InstanceId=i, VolumeId=far, Device="/dev/sdf")
    refused("InvalidVolume.NotFound", ec2.attach_volume, InstanceId=i, VolumeId="vol-0b00000000000000f", Device="/dev/sdf")
    refused("InvalidInstanceID.NotFound", ec2.attach_volume, InstanceId="i-0b00000000000000f", VolumeId=far, Device="/dev/sdf")
    root = instance_of(i)["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    refused("OperationNotPermitted", ec2.detach_volume, VolumeId=root)
    ec2.stop_instances(InstanceIds=[i])
    ec2.detach_volume(VolumeId=root)
    wait("volume_available", VolumeIds=[root])
    ec2.terminate_instances(InstanceIds=[i])
    ec2.delete_volume(VolumeId=root)


@test
def an_image_of_an_instance():
    i = launch()
    image = ec2.create_image(InstanceId=i, Name=next(names), NoReboot=True, Description="of a box", TagSpecifications=[
        {"ResourceType": "snapshot", "Tags": [{"Key": "kind", "Value": "snap"}]}])["ImageId"]
    wait("image_exists", ImageIds=[image])
    wait("image_available", ImageIds=[image])
    got = ec2.describe_images(ImageIds=[image])["Images"][0]
    assert got["Description"] == "of a box"
    snapshot = got["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    wait("snapshot_completed", SnapshotIds=[snapshot])
    seen = ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]
    assert seen["Description"] == f"Created by CreateImage({i}) for {image}"
    assert seen["Tags"] == [{"Key": "kind", "Value": "snap"}]
    refused("InvalidAMIName.Duplicate", ec2.create_image, InstanceId=i, Name=got["Name"])
    assert ec2.describe_images(Filters=[{"Name": "source-instance-id", "Values": [i]}])["Images"][0]["ImageId"] == image
    refused("InvalidSnapshot.InUse", ec2.delete_snapshot, SnapshotId=snapshot)
    done = ec2.deregister_image(ImageId=image)
    ec2.delete_snapshot(SnapshotId=snapshot)
    ec2.terminate_instances(InstanceIds=[i])
    refused("IncorrectInstanceState", ec2.create_image, InstanceId=i, Name=next(names))
    assert done["ResponseMetadata"]["HTTPStatusCode"] == 200


@test
def a_copy_under_a_key_that_may_not_be_used_fails_late():
    image = ec2.copy_image(Name=next(names), SourceImageId=PLAIN, SourceRegion="us-east-1", Encrypted=True,
                           KmsKeyId=unusable())["ImageId"]
    assert "failed" in fails("image_available", ImageIds=[image])
    got = ec2.describe_images(ImageIds=[image])["Images"][0]
    assert got["State"] == "failed" and got["StateReason"]["Message"] == "Copy image failed with an internal error"
    ec2.deregister_image(ImageId=image)


@test
def a_snapshot_copy_fails_late():
    copy = ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId="snap-0a000000000000005", Encrypted=True,
                             KmsKeyId=unusable())["SnapshotId"]
    assert "error" in fails("snapshot_completed", SnapshotIds=[copy])
    got = ec2.describe_snapshots(SnapshotIds=[copy])["Snapshots"][0]
    assert (got["State"], got["StateMessage"]) == ("error", "Given key ID is not accessible")
    ec2.delete_snapshot(SnapshotId=copy)


@test
def a_volume_under_such_a_key_vanishes():
    lost = new_volume(Encrypted=True, KmsKeyId=unusable())
    assert "InvalidVolume.NotFound" in fails("volume_available", VolumeIds=[lost])


@test
def an_instance_under_such_a_key_ends_with_the_reason():
    i = launch(BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "KmsKeyId": unusable()}}])
    assert "terminated" in fails("instance_running", InstanceIds=[i])
    assert instance_of(i)["StateReason"]["Code"] == "Client.InternalError"


@test
def a_stopped_instance_does_not_start_when_its_key_is_disabled():
    key = kms.create_key()["KeyMetadata"]["Arn"]
    i = launch(BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "KmsKeyId": key}}])
    wait("instance_running", InstanceIds=[i])
    kms.disable_key(KeyId=key)
    assert instance_of(i)["State"]["Name"] == "running"
    ec2.stop_instances(InstanceIds=[i])
    ec2.start_instances(InstanceIds=[i])
    got = instance_of(i)
    assert got["State"]["Name"] == "stopped" and got["StateReason"]["Code"] == "Client.InternalError"
    ec2.terminate_instances(InstanceIds=[i])


@test
def snapshots_of_all_volumes_of_an_instance():
    i, v = launch(Placement={"AvailabilityZone": "us-east-1a"}), new_volume(TagSpecifications=[
        {"ResourceType": "volume", "Tags": [{"Key": "disk", "Value": "data"}]}])
    ec2.attach_volume(InstanceId=i, VolumeId=v, Device="/dev/sdf")
    root = instance_of(i)["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    made = ec2.create_snapshots(InstanceSpecification={"InstanceId": i}, Description="both", CopyTagsFromSource="volume",
                                TagSpecifications=[{"ResourceType": "snapshot", "Tags": [{"Key": "a", "Value": "b"}]}])
    got = [(s["VolumeId"], s["Encrypted"], s["State"]) for s in made["Snapshots"]]
    assert got == [(root, True, "pending"), (v, False, "pending")], (got, root, v)
    assert made["Snapshots"][1]["Tags"] == [{"Key": "a", "Value": "b"}, {"Key": "disk", "Value": "data"}]
    wait("snapshot_completed", SnapshotIds=[s["SnapshotId"] for s in made["Snapshots"]])
    data = ec2.create_snapshots(InstanceSpecification={"InstanceId": i, "ExcludeBootVolume": True})["Snapshots"]
    boot = ec2.create_snapshots(InstanceSpecification={"InstanceId": i, "ExcludeDataVolumeIds": [v]})["Snapshots"]
    assert ([s["VolumeId"] for s in data], [s["VolumeId"] for s in boot]) == ([v], [root])
    refused("InvalidParameterValue", ec2.create_snapshots, InstanceSpecification={
        "InstanceId": i, "ExcludeBootVolume": True, "ExcludeDataVolumeIds": [v]})
    refused("InvalidInstanceID.NotFound", ec2.create_snapshots, InstanceSpecification={"InstanceId": "i-0b00000000000000f"})
    ec2.terminate_instances(InstanceIds=[i])


@test
def tags_are_described_by_filter_and_page():
    tags = [{"Key": f"page-{n}", "Value": f"value {n}"} for n in range(7)]
    v = new_volume(TagSpecifications=[{"ResourceType": "volume", "Tags": tags}])
    mine = [{"Name": "resource-id", "Values": [v]}]
    got = ec2.describe_tags(Filters=mine)["Tags"]
    assert got == [dict(t, ResourceId=v, ResourceType="volume") for t in tags]
    pages = list(ec2.get_paginator("describe_tags").paginate(Filters=mine, PaginationConfig={"PageSize": 5}))
    assert [len(p["Tags"]) for p in pages] == [5, 2]
    for name, pattern, count in (("key", "page-[", 0), ("key", "page-?", 7), ("value", "*3", 1), ("resource-type", "volume", 7),
                                 ("resource-type", "image", 0), ("tag:page-2", "value*", 1)):
        assert len(ec2.describe_tags(Filters=mine + [{"Name": name, "Values": [pattern]}])["Tags"]) == count, name
    assert client("ec2", account=TWO).describe_tags(Filters=mine)["Tags"] == []
    refused("InvalidParameterValue", ec2.describe_tags, Filters=[{"Name": "colour", "Values": ["red"]}])
    ec2.delete_volume(VolumeId=v)


@test
def images_are_deprecated():
    image = ec2.copy_image(Name=next(names), SourceImageId=ENCRYPTED, SourceRegion="us-east-1")["ImageId"]
    ec2.enable_image_deprecation(ImageId=image, DeprecateAt="2027-06-01T00:00:00Z")
    assert ec2.describe_images(ImageIds=[image])["Images"][0]["DeprecationTime"].startswith("2027-06-01T00:00")
    ec2.disable_image_deprecation(ImageId=image)
    assert "DeprecationTime" not in ec2.describe_images(ImageIds=[image])["Images"][0]
    ec2.deregister_image(ImageId=image)
    refused("InvalidAMIID.NotFound", ec2.describe_images, ImageIds=["ami-0b00000000000000f"])


@test
def client_tokens_make_a_repeat_the_same_thing():
    for call, key, ask, other in (
            (ec2.copy_image, "ImageId", {"Name": next(names), "SourceImageId": PLAIN, "SourceRegion": "us-east-1"}, {"Name": "x-y-z"}),
            (ec2.create_volume, "VolumeId", {"AvailabilityZone": "us-east-1a", "Size": 1}, {"Size": 2})):
        token = next(names)
        made = [call(ClientToken=token, **ask)[key] for _ in range(2)]
        assert made[0] == made[1]
        refused("IdempotentParameterMismatch", call, ClientToken=token, **dict(ask, **other))
    one, two = (ec2.run_instances(ClientToken="box", ImageId=PLAIN, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
                for _ in range(2))
    assert one == two
    ec2.terminate_instances(InstanceIds=[one])


@test
def a_dry_run_fails_where_the_real_one_would_and_changes_nothing():
    before = len(ec2.describe_volumes()["Volumes"])
    refused("DryRunOperation", ec2.create_volume, AvailabilityZone="us-east-1a", Size=1, DryRun=True)
    refused("MissingParameter", ec2.create_volume, AvailabilityZone="us-east-1a", DryRun=True)
    refused("InvalidAMIID.NotFound", ec2.copy_image, Name="abc", SourceImageId="ami-0b00000000000000f",
            SourceRegion="us-east-1", DryRun=True)
    refused("DryRunOperation", ec2.describe_images, DryRun=True)
    assert len(ec2.describe_volumes()["Volumes"]) == before


# ---- in time: a cloud whose lifecycles take a moment -----------------------------------------------------

SOURCE = {"SourceRegion": "us-east-1"}


def waited(c, name, attempts=40, **kw):
    """None, or what the waiter failed with."""
    try:
        c.get_waiter(name).wait(WaiterConfig={"Delay": 0.1, "MaxAttempts": attempts}, **kw)
    except WaiterError as e:
        return str(e)
    return None


def boxes(c, count=1, image=PLAIN, **kw):
    told = c.run_instances(ImageId=image, MinCount=count, MaxCount=count, InstanceType="t3.micro", **kw)["Instances"]
    return [i["InstanceId"] for i in told]


@test
def a_key_disabled_meanwhile_fails_what_is_under_way():
    with served("--speed", "4") as url:
        c, k = client("ec2", url=url), client("kms", url=url)
        key = k.create_key()["KeyMetadata"]["Arn"]
        under = {"Encrypted": True, "KmsKeyId": key}
        ready = c.create_volume(AvailabilityZone="us-east-1a", Size=1, **under)["VolumeId"]
        assert waited(c, "volume_available", VolumeIds=[ready]) is None
        image = c.copy_image(Name="meanwhile", SourceImageId=PLAIN, **SOURCE, **under)["ImageId"]
        copy = c.copy_snapshot(SourceSnapshotId="snap-0a000000000000003", **SOURCE, **under)["SnapshotId"]
        box, = boxes(c, BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": under}])
        c.attach_volume(InstanceId="i-0a000000000000001", VolumeId=ready, Device="/dev/sdr")
        volume = c.create_volume(AvailabilityZone="us-east-1a", Size=1, **under)["VolumeId"]
        k.disable_key(KeyId=key)
        assert c.describe_images(ImageIds=[image])["Images"][0]["State"] == "pending"
        assert "failed" in waited(c, "image_available", ImageIds=[image])
        assert "error" in waited(c, "snapshot_completed", SnapshotIds=[copy])
        assert "InvalidVolume.NotFound" in waited(c, "volume_available", VolumeIds=[volume])
        assert "terminated" in waited(c, "instance_running", InstanceIds=[box])
        assert waited(c, "volume_available", VolumeIds=[ready]) is None, "what was being attached is not"
        refused("CustomerKeyHasBeenRevoked", c.attach_volume, InstanceId="i-0a000000000000001", VolumeId=ready, Device="/dev/sdr")
        got = c.describe_images(ImageIds=[image])["Images"][0]
        assert got["StateReason"]["Message"] == "Copy image failed with an internal error"
        for s in [m["Ebs"]["SnapshotId"] for m in got["BlockDeviceMappings"]] + [copy]:
            assert "error" in waited(c, "snapshot_completed", SnapshotIds=[s])
            told = c.describe_snapshots(SnapshotIds=[s])["Snapshots"][0]
            assert (told["State"], told["StateMessage"]) == ("error", "Given key ID is not accessible")
        reason = c.describe_instances(InstanceIds=[box])["Reservations"][0]["Instances"][0]["StateReason"]
        assert reason["Code"] == "Client.InternalError" and reason["Message"].startswith("Client.InternalError: ")
        refused("InvalidAMIName.Duplicate", c.create_image, Name="meanwhile", InstanceId="i-0a000000000000001")


@test
def waiters_of_images_snapshots_and_volumes_end_well():
    with served("--speed", "4") as url:
        c = client("ec2", url=url)
        image = c.copy_image(Name="well", SourceImageId=PLAIN, **SOURCE)["ImageId"]
        copy = c.copy_snapshot(SourceSnapshotId="snap-0a000000000000003", **SOURCE)["SnapshotId"]
        volume = c.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
        assert c.describe_images(ImageIds=[image])["Images"][0]["State"] == "pending"
        assert c.describe_snapshots(SnapshotIds=[copy])["Snapshots"][0]["Progress"].endswith("%")
        assert c.describe_volumes(VolumeIds=[volume])["Volumes"][0]["State"] == "creating"
        for name, kw in (("image_exists", {"ImageIds": [image]}), ("image_available", {"ImageIds": [image]}),
                         ("snapshot_completed", {"SnapshotIds": [copy]}), ("volume_available", {"VolumeIds": [volume]})):
            assert waited(c, name, **kw) is None, name
        assert c.describe_snapshots(SnapshotIds=[copy])["Snapshots"][0]["Progress"] == "100%"
        box, = boxes(c, Placement={"AvailabilityZone": "us-east-1a"})
        assert waited(c, "instance_running", InstanceIds=[box]) is None
        assert c.attach_volume(InstanceId=box, VolumeId=volume, Device="/dev/sdp")["State"] == "attaching"
        assert waited(c, "volume_in_use", VolumeIds=[volume]) is None
        assert c.detach_volume(VolumeId=volume)["State"] in ("detaching", "detached")
        assert waited(c, "volume_available", VolumeIds=[volume]) is None
        c.delete_volume(VolumeId=volume)
        assert waited(c, "volume_deleted", VolumeIds=[volume]) is None


@test
def waiters_of_what_is_not_there():
    none = "0b00000000000000f"
    for name, kw, said in (("image_exists", {"ImageIds": ["ami-" + none]}, "Max attempts"),
                           ("image_available", {"ImageIds": ["ami-" + none]}, "InvalidAMIID.NotFound"),
                           ("snapshot_completed", {"SnapshotIds": ["snap-" + none]}, "InvalidSnapshot.NotFound"),
                           ("volume_available", {"VolumeIds": ["vol-" + none]}, "InvalidVolume.NotFound"),
                           ("volume_in_use", {"VolumeIds": ["vol-" + none]}, "InvalidVolume.NotFound"),
                           ("instance_exists", {"InstanceIds": ["i-" + none]}, "Max attempts"),
                           ("instance_running", {"InstanceIds": ["i-" + none]}, "Max attempts"),
                           ("instance_stopped", {"InstanceIds": ["i-" + none]}, "InvalidInstanceID.NotFound"),
                           ("instance_terminated", {"InstanceIds": ["i-" + none]}, "InvalidInstanceID.NotFound")):
        assert said in waited(ec2, name, attempts=2, **kw), name
    assert waited(ec2, "volume_deleted", VolumeIds=["vol-" + none]) is None
    image = ec2.copy_image(Name=next(names), SourceImageId=PLAIN, **SOURCE)["ImageId"]
    query("DisableImage", ImageId=image)  # neither available nor failed: the waiter runs out
    assert "Max attempts" in waited(ec2, "image_available", attempts=2, ImageIds=[image])
    ec2.deregister_image(ImageId=image)


@test
def waiters_that_fail_and_those_that_run_out():
    """boto3's waiters: volume_available of an error is none, instance_status_ok, system_status_ok, volume_in_use, volume_deleted"""
    with served("--speed", "0.01") as url:
        c = client("ec2", url=url)
        box, free = "i-0a000000000000001", c.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
        fresh, = boxes(c)
        for name, kw in (("volume_available", {"VolumeIds": [free]}), ("volume_in_use", {"VolumeIds": [free]}),
                         ("volume_deleted", {"VolumeIds": [free]}), ("instance_status_ok", {"InstanceIds": [fresh]}),
                         ("system_status_ok", {"InstanceIds": [fresh]})):
            assert "Max attempts" in waited(c, name, attempts=2, **kw), name
        for name in ("instance_status_ok", "system_status_ok"):
            assert waited(c, name, InstanceIds=[box]) is None
        none = {"InstanceIds": ["i-0b00000000000000f"]}
        assert "Max attempts" in waited(c, "instance_status_ok", attempts=2, **none)
        assert "InvalidInstanceID.NotFound" in waited(c, "system_status_ok", attempts=2, **none)


@test
def an_image_that_was_deregistered():
    """DeregisterImage: shown as such for a moment, then answered with nothing, and in the end unknown"""
    def states(c, image):
        return [i["State"] for i in c.describe_images(ImageIds=[image])["Images"]]
    with served("--virtual") as url:
        c = client("ec2", url=url)
        image, used = "ami-0a000000000000011", "ami-0a000000000000012"
        box, = boxes(c, image=used)
        for i in image, used:
            name = c.describe_images(ImageIds=[i])["Images"][0]["Name"]
            c.deregister_image(ImageId=i)
            assert states(c, i) == ["deregistered"]
            for filters in [{"Name": "image-id", "Values": [i]}], [{"Name": "name", "Values": [name]}]:
                assert not c.describe_images(Filters=filters)["Images"]
            refused("InvalidAMIID.NotFound", client("ec2", account=TWO, url=url).describe_images, ImageIds=[i])
            for call, kw in ((c.deregister_image, {}), (c.describe_image_attribute, {"Attribute": "description"}),
                             (c.run_instances, {"MinCount": 1, "MaxCount": 1})):
                refused("InvalidAMIID.Unavailable", call, ImageId=i, **kw)
        assert "Max attempts" in waited(c, "image_available", attempts=1, ImageIds=[image])
        volume = c.create_volume(AvailabilityZone="us-east-1a", Size=1000)["VolumeId"]
        assert waited(c, "volume_available", VolumeIds=[volume]) is None  # 30 s of virtual time
        assert states(c, image) == []
        hours = c.create_snapshot(VolumeId=volume)["SnapshotId"]
        assert waited(c, "snapshot_completed", SnapshotIds=[hours]) is None
        refused("InvalidAMIID.NotFound", c.describe_images, ImageIds=[image])
        assert states(c, used) == [], "while an instance refers to it"
        c.terminate_instances(InstanceIds=[box])
        assert waited(c, "instance_terminated", InstanceIds=[box]) is None
        refused("InvalidAMIID.NotFound", c.describe_images, ImageIds=[used])


@test
def waiters_of_instances():
    with served("--speed", "5") as url:
        c = client("ec2", url=url)
        one, two, three = boxes(c, 3)
        assert waited(c, "instance_exists", InstanceIds=[one]) is None
        assert "pending" in waited(c, "instance_stopped", InstanceIds=[one])
        assert "pending" in waited(c, "instance_terminated", InstanceIds=[one])
        assert waited(c, "instance_running", InstanceIds=[one, two, three]) is None
        c.stop_instances(InstanceIds=[one])
        c.terminate_instances(InstanceIds=[two])
        assert "stopping" in waited(c, "instance_running", InstanceIds=[one])
        assert "stopping" in waited(c, "instance_terminated", InstanceIds=[one])
        assert "shutting-down" in waited(c, "instance_running", InstanceIds=[two])
        assert waited(c, "instance_stopped", InstanceIds=[one]) is None
        assert waited(c, "instance_terminated", InstanceIds=[two]) is None
        assert "terminated" in waited(c, "instance_running", InstanceIds=[two])
        assert "terminated" in waited(c, "instance_stopped", InstanceIds=[two])
        assert waited(c, "instance_running", InstanceIds=[three]) is None


# ---- mappings --------------------------------------------------------------------------------------------

@test
def an_image_is_taken_with_and_without_a_reboot():
    for reboot in (False, True):
        i = launch(PLAIN)
        image = ec2.create_image(InstanceId=i, Name=next(names), NoReboot=not reboot)["ImageId"]
        wait("image_available", ImageIds=[image])
        assert instance_of(i)["State"]["Name"] == "running"
        ec2.stop_instances(InstanceIds=[i])
        image = ec2.create_image(InstanceId=i, Name=next(names))["ImageId"]
        wait("image_available", ImageIds=[image])
        assert len(ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"]) == 2
        ec2.terminate_instances(InstanceIds=[i])


@test
def mappings_of_an_image_of_an_instance():
    """CreateImage: NoDevice leaves a volume out, one attached later is in, DeleteOnTermination is changed, all else stays"""
    i, v = launch(PLAIN, Placement={"AvailabilityZone": "us-east-1a"}), new_volume()
    ec2.attach_volume(InstanceId=i, VolumeId=v, Device="/dev/sdp")
    image = ec2.create_image(InstanceId=i, Name=next(names), BlockDeviceMappings=[
        {"DeviceName": "/dev/sdf", "NoDevice": ""}, {"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": False}},
        {"DeviceName": "/dev/sdq", "Ebs": {"VolumeSize": 2, "VolumeType": "gp3"}}])["ImageId"]
    got = {m["DeviceName"]: m["Ebs"] for m in ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"]}
    assert sorted(got) == ["/dev/sdp", "/dev/sdq", "/dev/xvda"]
    assert got["/dev/xvda"]["DeleteOnTermination"] is False and got["/dev/xvda"]["VolumeSize"] == 8
    assert "SnapshotId" not in got["/dev/sdq"] and got["/dev/sdq"]["VolumeSize"] == 2
    wait("image_available", ImageIds=[image])
    again = launch(image)
    devices = {m["DeviceName"]: m["Ebs"] for m in instance_of(again)["BlockDeviceMappings"]}
    assert sorted(devices) == sorted(got) and devices["/dev/xvda"]["DeleteOnTermination"] is False
    ec2.terminate_instances(InstanceIds=[i, again])


@test
def an_empty_encrypted_device_of_an_image_is_encrypted_when_launched():
    """3.4 CreateImage: a new empty volume is under the default key, whatever KmsKeyId says"""
    i = launch(PLAIN)
    image = ec2.create_image(InstanceId=i, Name=next(names), BlockDeviceMappings=[
        {"DeviceName": "/dev/sdq", "Ebs": {"VolumeSize": 1, "Encrypted": True, "KmsKeyId": "alias/two"}}])["ImageId"]
    wait("image_available", ImageIds=[image])
    for mapping in ([], [{"DeviceName": "/dev/sdq", "Ebs": {"VolumeSize": 2}}]):
        again = launch(image, BlockDeviceMappings=mapping)
        v = next(m["Ebs"]["VolumeId"] for m in instance_of(again)["BlockDeviceMappings"] if m["DeviceName"] == "/dev/sdq")
        assert ec2.describe_volumes(VolumeIds=[v])["Volumes"][0].get("KmsKeyId") == ec2.get_ebs_default_kms_key_id()["KmsKeyId"]
        ec2.terminate_instances(InstanceIds=[again])
    ec2.terminate_instances(InstanceIds=[i])


@test
def mappings_of_a_launch():
    """RunInstances: NoDevice, DeleteOnTermination=false outlives the instance, another snapshot, another size and type"""
    i = launch(PLAIN, BlockDeviceMappings=[
        {"DeviceName": "/dev/sdf", "NoDevice": ""},
        {"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": False, "VolumeSize": 9, "VolumeType": "gp3"}},
        {"DeviceName": "/dev/sdq", "Ebs": {"SnapshotId": "snap-0a000000000000005"}}])
    devices = {m["DeviceName"]: m["Ebs"]["VolumeId"] for m in instance_of(i)["BlockDeviceMappings"]}
    assert sorted(devices) == ["/dev/sdq", "/dev/xvda"]
    root, other = (ec2.describe_volumes(VolumeIds=[devices[d]])["Volumes"][0] for d in ("/dev/xvda", "/dev/sdq"))
    assert (root["Size"], root["VolumeType"], root["SnapshotId"]) == (9, "gp3", "snap-0a000000000000003")
    assert other["Encrypted"] and other["Size"] == 8
    ec2.terminate_instances(InstanceIds=[i])
    wait("volume_available", VolumeIds=[root["VolumeId"]])
    refused("InvalidVolume.NotFound", ec2.describe_volumes, VolumeIds=[other["VolumeId"]])
    ec2.delete_volume(VolumeId=root["VolumeId"])


main()
