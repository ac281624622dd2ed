#!/usr/bin/python3
"""What changes a volume, an instance or an image while it is there: ModifyVolume, attributes, status, protection. TAP."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from botocore.exceptions import WaiterError  # noqa: E402
from tap import TWO, client, main, query, refused, served, test  # noqa: E402

ec2 = client("ec2")
IMAGE, NONE, ZONE = "ami-0a000000000000002", "0b00000000000000f", "us-east-1a"


def launch(c=ec2, **kw):
    return c.run_instances(**{"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro", **kw})["Instances"][0]["InstanceId"]


def volume(c=ec2, **kw):
    return c.create_volume(**{"AvailabilityZone": ZONE, "Size": 10, "VolumeType": "gp3", **kw})["VolumeId"]


def stopped():
    box = launch()
    ec2.stop_instances(InstanceIds=[box])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[box])
    return box


def attribute(box, name):
    return ec2.describe_instance_attribute(InstanceId=box, Attribute=name)


# ---- volumes --------------------------------------------------------------------------------------------

@test
def modified_volume():
    """ModifyVolume: modifying, optimizing, completed; the volume is as asked for from optimizing on"""
    with served("--speed", "20") as url:
        slow = client("ec2", url=url)
        made = volume(slow)
        slow.get_waiter("volume_available").wait(VolumeIds=[made], WaiterConfig={"Delay": 0.1})
        told = slow.modify_volume(VolumeId=made, Size=20, Iops=4000)["VolumeModification"]
        assert (told["ModificationState"], told["OriginalSize"], told["TargetSize"], told["TargetIops"]) == ("modifying", 10, 20, 4000)
        assert slow.describe_volumes(VolumeIds=[made])["Volumes"][0]["Size"] == 10
        assert "MODIFYING" in refused("IncorrectModificationState", slow.modify_volume, VolumeId=made, Size=30)
    made = volume()
    ec2.modify_volume(VolumeId=made, Size=20, VolumeType="gp2")
    now = ec2.describe_volumes_modifications(VolumeIds=[made])["VolumesModifications"][0]
    assert (now["ModificationState"], now["Progress"]) == ("completed", 100) and now["EndTime"] >= now["StartTime"]
    after = ec2.describe_volumes(VolumeIds=[made])["Volumes"][0]
    assert (after["Size"], after["VolumeType"], after["Iops"]) == (20, "gp2", 100)
    found = ec2.describe_volumes_modifications(Filters=[{"Name": "target-size", "Values": ["2?"]}])["VolumesModifications"]
    assert [m["VolumeId"] for m in found] == [made]
    ec2.delete_volume(VolumeId=made)
    refused("InvalidVolume.NotFound", ec2.describe_volumes_modifications, VolumeIds=[made])


@test
def volume_modification_errors():
    """ModifyVolume refuses a smaller size, nothing, what the type does not have, and volumes that are not there"""
    made = volume()
    assert "smaller" in refused("InvalidParameterValue", ec2.modify_volume, VolumeId=made, Size=9)
    refused("MissingParameter", ec2.modify_volume, VolumeId=made)
    refused("UnknownVolumeType", ec2.modify_volume, VolumeId=made, VolumeType="gp9")
    refused("InvalidParameterValue", ec2.modify_volume, VolumeId=made, VolumeType="st1")
    refused("InvalidParameterValue", ec2.modify_volume, VolumeId=made, Iops=100)
    refused("MissingParameter", ec2.modify_volume, VolumeId=made, VolumeType="io1")
    refused("InvalidVolume.NotFound", ec2.modify_volume, VolumeId="vol-" + NONE, Size=20)
    refused("InvalidVolumeModification.NotFound", ec2.describe_volumes_modifications, VolumeIds=[made])
    refused("DryRunOperation", ec2.modify_volume, VolumeId=made, Size=20, DryRun=True)
    assert ec2.describe_volumes(VolumeIds=[made])["Volumes"][0]["Size"] == 10


@test
def speeds_of_volumes():
    """DescribeVolumes tells a type's own speed: gp3 3,000 and 125 MiB/s, gp2 3 a GiB from 100 to 16,000"""
    for kw, expected in (({}, (3000, 125)), ({"VolumeType": "gp2"}, (100, None)), ({"VolumeType": "gp2", "Size": 100}, (300, None)),
                         ({"VolumeType": "gp2", "Size": 6000}, (16000, None)), ({"VolumeType": "standard"}, (None, None)),
                         ({"Iops": 5000, "Throughput": 300}, (5000, 300))):
        got = ec2.describe_volumes(VolumeIds=[volume(**kw)])["Volumes"][0]
        assert (got.get("Iops"), got.get("Throughput")) == expected, kw


@test
def extras_of_volumes():
    """MultiAttachEnabled of io1 and io2, VolumeInitializationRate of 100 to 300 MiB/s: shown, by filter too, or refused"""
    made = query("CreateVolume", AvailabilityZone=ZONE, Size=10, VolumeType="io2", Iops=100, MultiAttachEnabled="true")
    plain = query("CreateVolume", AvailabilityZone=ZONE, SnapshotId="snap-0a000000000000003", VolumeInitializationRate=200)
    assert (made["multiAttachEnabled"], plain["multiAttachEnabled"]) == ("true", "false")
    assert plain["volumeInitializationRate"] == "200" and "volumeInitializationRate" not in made
    found = ec2.describe_volumes(Filters=[{"Name": "multi-attach-enabled", "Values": ["true"]}])["Volumes"]
    assert [v["VolumeId"] for v in found] == [made["volumeId"]]
    shown = query("DescribeVolumes", **{"VolumeId.1": plain["volumeId"]})["volumeSet"][0]
    assert shown["volumeInitializationRate"] == "200"
    refused("InvalidParameterCombination", query, action="CreateVolume", AvailabilityZone=ZONE, Size=10, MultiAttachEnabled="true")
    for rate in 99, 301:
        refused("InvalidParameterValue", query, action="CreateVolume", AvailabilityZone=ZONE, SnapshotId="snap-0a000000000000003",
                VolumeInitializationRate=rate)
    for v in made, plain:
        ec2.delete_volume(VolumeId=v["volumeId"])


# ---- instances ------------------------------------------------------------------------------------------

@test
def status_of_instances():
    """DescribeInstanceStatus: what runs, or all; the waiters instance_status_ok and system_status_ok end"""
    box, off = launch(), stopped()
    for waiter in "instance_status_ok", "system_status_ok":
        ec2.get_waiter(waiter).wait(InstanceIds=[box])
    got = ec2.describe_instance_status(InstanceIds=[box])["InstanceStatuses"][0]
    assert got["InstanceState"] == {"Code": 16, "Name": "running"} and got["AvailabilityZone"] == ZONE
    assert got["InstanceStatus"]["Details"] == [{"Name": "reachability", "Status": "passed"}] and got["SystemStatus"]["Status"] == "ok"
    assert not ec2.describe_instance_status(InstanceIds=[off])["InstanceStatuses"]
    got = ec2.describe_instance_status(InstanceIds=[off], IncludeAllInstances=True)["InstanceStatuses"][0]
    assert got["InstanceStatus"] == {"Status": "not-applicable"}
    pages = ec2.get_paginator("describe_instance_status").paginate(
        IncludeAllInstances=True, PaginationConfig={"PageSize": 5}, Filters=[{"Name": "instance-state-name", "Values": ["stopped"]}])
    assert off in [s["InstanceId"] for page in pages for s in page["InstanceStatuses"]]
    refused("InvalidInstanceID.NotFound", ec2.describe_instance_status, InstanceIds=["i-" + NONE])
    refused("InvalidParameterValue", ec2.describe_instance_status, InstanceIds=[box] * 101)
    with served("--speed", "0.01") as url:
        slow = client("ec2", url=url)
        found = slow.describe_instance_status(InstanceIds=["i-0a000000000000001"])["InstanceStatuses"]
        assert found[0]["InstanceStatus"]["Status"] == "ok"
        launch(slow)
        assert len(slow.describe_instance_status()["InstanceStatuses"]) == 1


@test
def attributes_of_instances():
    """Every attribute of an instance is told; those of a stopped one change only then"""
    box = launch(UserData="hello")
    assert attribute(box, "userData")["UserData"]["Value"] == "aGVsbG8="
    for name, value in (("instanceType", "t3.large"), ("userData", "d29ybGQ="), ("ebsOptimized", "true")):
        assert "stopped" in refused("IncorrectInstanceState", ec2.modify_instance_attribute, InstanceId=box, Attribute=name, Value=value)
    box = stopped()
    ec2.modify_instance_attribute(InstanceId=box, InstanceType={"Value": "t3.large"})
    ec2.modify_instance_attribute(InstanceId=box, Attribute="ebsOptimized", Value="true")
    ec2.modify_instance_attribute(InstanceId=box, UserData={"Value": b"world"})
    ec2.modify_instance_attribute(InstanceId=box, SourceDestCheck={"Value": False})
    ec2.modify_instance_attribute(InstanceId=box, InstanceInitiatedShutdownBehavior={"Value": "terminate"})
    assert attribute(box, "instanceType")["InstanceType"]["Value"] == "t3.large"
    assert attribute(box, "ebsOptimized")["EbsOptimized"]["Value"] and not attribute(box, "sourceDestCheck")["SourceDestCheck"]["Value"]
    assert attribute(box, "userData")["UserData"]["Value"] == "d29ybGQ="
    shown = ec2.describe_instances(InstanceIds=[box])["Reservations"][0]["Instances"][0]
    assert (shown["InstanceType"], shown["EbsOptimized"], shown["SourceDestCheck"]) == ("t3.large", True, False)
    assert shown["NetworkInterfaces"][0]["SourceDestCheck"] is False
    for name, member in (("instanceInitiatedShutdownBehavior", "InstanceInitiatedShutdownBehavior"), ("rootDeviceName", "RootDeviceName")):
        assert attribute(box, name)[member]["Value"] in ("terminate", "/dev/xvda")
    for name in "kernel", "ramdisk", "sriovNetSupport", "productCodes", "groupSet", "enaSupport":
        assert attribute(box, name)["InstanceId"] == box


@test
def termination_protection():
    """disableApiTermination and disableApiStop refuse until they are off"""
    box = launch()
    for kw, action, said in (({"DisableApiTermination": {"Value": True}}, ec2.terminate_instances, "terminated"),
                             ({"DisableApiStop": {"Value": True}}, ec2.stop_instances, "stopped")):
        ec2.modify_instance_attribute(InstanceId=box, **kw)
        name = "disableApi" + {"terminated": "Termination", "stopped": "Stop"}[said]
        assert attribute(box, name)[name[0].upper() + name[1:]]["Value"]
        message = refused("OperationNotPermitted", action, InstanceIds=[box])
        assert message == f"The instance '{box}' may not be {said}. Modify its '{name}' instance attribute and try again."
        ec2.modify_instance_attribute(InstanceId=box, Attribute=name, Value="false")
    ec2.terminate_instances(InstanceIds=[box])


@test
def devices_and_groups_of_instances():
    """blockDeviceMapping says which volumes go with the instance; groupSet changes its groups"""
    box = launch()
    mapping = attribute(box, "blockDeviceMapping")["BlockDeviceMappings"]
    root = next(m for m in mapping if m["DeviceName"] == "/dev/xvda")["Ebs"]
    assert root["DeleteOnTermination"]
    keep = [{"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": False}}]
    ec2.modify_instance_attribute(InstanceId=box, BlockDeviceMappings=keep)
    own = ec2.create_security_group(GroupName="changes", Description="x")["GroupId"]
    ec2.modify_instance_attribute(InstanceId=box, Groups=[own])
    assert attribute(box, "groupSet")["Groups"] == [{"GroupId": own, "GroupName": "changes"}]
    ec2.terminate_instances(InstanceIds=[box])
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[box])
    assert ec2.describe_volumes(VolumeIds=[root["VolumeId"]])["Volumes"][0]["State"] == "available"


@test
def reasons_of_states():
    """reason and stateReason: of a stop, of a termination, of nothing"""
    def told(box):
        got = ec2.describe_instances(InstanceIds=[box])["Reservations"][0]["Instances"][0]
        return got["StateTransitionReason"], got.get("StateReason")
    box = launch()
    assert told(box) == ("", None)
    by_user = {"Code": "Client.UserInitiatedShutdown", "Message": "Client.UserInitiatedShutdown: User initiated shutdown"}
    for change in ec2.stop_instances, ec2.terminate_instances:
        change(InstanceIds=[box])
        reason, state = told(box)
        assert re.fullmatch(r"User initiated \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GMT\)", reason) and state == by_user, reason
        found = ec2.describe_instances(Filters=[{"Name": "reason", "Values": ["User initiated *"]}, {"Name": "instance-id", "Values": [box]}])
        assert found["Reservations"]
        if change == ec2.stop_instances:
            ec2.start_instances(InstanceIds=[box])
            assert told(box) == ("", None)
            ec2.stop_instances(InstanceIds=[box])


@test
def types_that_cannot_encrypt():
    """EncryptedVolumesNotSupported: ModifyInstanceAttribute to a type that cannot hold what is attached"""
    box = launch(ImageId="ami-0a000000000000003")
    ec2.stop_instances(InstanceIds=[box])
    assert "m1.small" in refused("EncryptedVolumesNotSupported", ec2.modify_instance_attribute,
                                 InstanceId=box, InstanceType={"Value": "m1.small"})
    ec2.modify_instance_attribute(InstanceId=box, InstanceType={"Value": "m5.large"})
    assert attribute(box, "instanceType")["InstanceType"]["Value"] == "m5.large"
    plain = stopped()
    ec2.modify_instance_attribute(InstanceId=plain, InstanceType={"Value": "m1.small"})
    ec2.terminate_instances(InstanceIds=[box, plain])


@test
def attribute_errors():
    """ModifyInstanceAttribute and DescribeInstanceAttribute refuse what is not there, not one, or not a value"""
    box = stopped()
    change = {"InstanceId": box}
    refused("InvalidParameterValue", ec2.describe_instance_attribute, Attribute="nonsense", **change)
    refused("InvalidInstanceID.NotFound", ec2.describe_instance_attribute, Attribute="kernel", InstanceId="i-" + NONE)
    refused("InvalidParameterCombination", ec2.modify_instance_attribute, **change)
    refused("InvalidParameterCombination", ec2.modify_instance_attribute, EbsOptimized={"Value": True},
            SourceDestCheck={"Value": True}, **change)
    refused("InvalidParameterValue", ec2.modify_instance_attribute, Attribute="instanceType", Value="huge", **change)
    refused("InvalidParameterValue", ec2.modify_instance_attribute, Attribute="ebsOptimized", Value="maybe", **change)
    refused("InvalidParameterValue", ec2.modify_instance_attribute, Attribute="nonsense", Value="x", **change)
    refused("Unsupported", ec2.modify_instance_attribute, Kernel={"Value": "aki-1"}, **change)
    refused("InvalidInstanceAttributeValue", ec2.modify_instance_attribute,
            BlockDeviceMappings=[{"DeviceName": "/dev/none", "Ebs": {"DeleteOnTermination": True}}], **change)
    refused("InvalidGroup.NotFound", ec2.modify_instance_attribute, Groups=["sg-" + NONE], **change)


# ---- images ---------------------------------------------------------------------------------------------

@test
def deregistration_cooldown():
    """Deregistration protection with a cooldown goes on for a day after it was disabled"""
    kept, plain = (ec2.copy_image(Name=n, SourceImageId=IMAGE, SourceRegion="us-east-1")["ImageId"] for n in ("cooldown", "no-cooldown"))
    query("EnableImageDeregistrationProtection", ImageId=plain)
    query("DisableImageDeregistrationProtection", ImageId=plain)
    ec2.deregister_image(ImageId=plain)
    assert query("EnableImageDeregistrationProtection", ImageId=kept, WithCooldown="true")["return"] == "enabled-with-cooldown"
    for _ in range(2):
        assert query("DisableImageDeregistrationProtection", ImageId=kept)["return"] == "disabled"
        assert kept in refused("OperationNotPermitted", ec2.deregister_image, ImageId=kept)


@test
def an_instance_that_ends_during_an_image():
    """CreateImage fails with Client.InstanceTerminated when its instance ends before the image is there"""
    with served("--speed", "2") as url:
        c = client("ec2", url=url)
        box = launch(c)
        c.get_waiter("instance_running").wait(InstanceIds=[box], WaiterConfig={"Delay": 0.1})
        made = c.create_image(InstanceId=box, Name="of a box")["ImageId"]
        c.terminate_instances(InstanceIds=[box])
        try:
            c.get_waiter("image_available").wait(ImageIds=[made], WaiterConfig={"Delay": 0.1})
            raise AssertionError("it is available")
        except WaiterError:
            pass
        got = c.describe_images(Filters=[{"Name": "state-reason-code", "Values": ["Client.InstanceTerminated"]}], Owners=["self"])["Images"]
        assert [i["ImageId"] for i in got] == [made] and got[0]["State"] == "failed"
        assert got[0]["StateReason"]["Code"] == "Client.InstanceTerminated"


@test
def images_that_are_sold():
    """CopyImage: images with product codes or billing products stay in their account"""
    own = {"Name": "sold", "SourceImageId": None, "SourceRegion": "us-east-1"}
    sold, billed = (query("RegisterImage", Name=name, RootDeviceName="/dev/xvda", **{
        "BlockDeviceMapping.1.DeviceName": "/dev/xvda", "BlockDeviceMapping.1.Ebs.SnapshotId": "snap-0a000000000000003"}, **kw)["imageId"]
        for name, kw in (("of the market", {}), ("of a bill", {"BillingProduct.1": "bp-1"})))
    query("ModifyImageAttribute", **{"ImageId": sold, "ProductCode.1": "abcdefgh"})
    assert ec2.describe_image_attribute(ImageId=sold, Attribute="productCodes")["ProductCodes"][0]["ProductCodeId"] == "abcdefgh"
    ec2.modify_snapshot_attribute(SnapshotId="snap-0a000000000000003", Attribute="createVolumePermission", OperationType="add", UserIds=[TWO])
    for image, said in ((sold, "Images from AWS Marketplace cannot be copied to another AWS account"),
                        (billed, "Images with EC2 BillingProduct codes cannot be copied to another AWS account")):
        ec2.modify_image_attribute(ImageId=image, LaunchPermission={"Add": [{"UserId": TWO}]})
        assert refused("InvalidRequest", client("ec2", account=TWO).copy_image, **dict(own, SourceImageId=image)) == said
        copy = ec2.copy_image(**dict(own, SourceImageId=image))["ImageId"]
        ec2.modify_image_attribute(ImageId=copy, Description={"Value": "one's own"})
    ec2.modify_snapshot_attribute(SnapshotId="snap-0a000000000000003", Attribute="createVolumePermission", OperationType="remove", UserIds=[TWO])

main()
