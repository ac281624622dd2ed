#!/usr/bin/python3
"""What is deleted, and for how long it is seen: snapshots, volumes, instances and what they leave behind. TAP."""
import json
import os
import sys
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from botocore.exceptions import WaiterError  # noqa: E402
from tap import client, main, query, refused, served, test  # noqa: E402

PLAIN, ZONE, HOME = "ami-0a000000000000002", {"AvailabilityZone": "us-east-1a"}, {"SourceRegion": "us-east-1"}
SNAPSHOT = "snap-0a000000000000003"


def advance(url, seconds):
    request = urllib.request.Request(url + "/_lunami/time", json.dumps({"advance": seconds}).encode(), method="POST")
    urllib.request.urlopen(request).close()


def waited(c, name, attempts=100, **kw):
    """None, or what the waiter failed with."""
    try:
        c.get_waiter(name).wait(WaiterConfig={"Delay": 0.1, "MaxAttempts": attempts}, **kw)
    except WaiterError as e:
        return str(e)
    return None


def volume(c, **kw):
    made = c.create_volume(**{**ZONE, "Size": 1, **kw})["VolumeId"]
    assert waited(c, "volume_available", VolumeIds=[made]) is None
    return made


def state(c, made):
    return c.describe_volumes(VolumeIds=[made])["Volumes"][0]["State"]


# ---- snapshots ------------------------------------------------------------------------------------------

@test
def a_pending_snapshot_goes_when_it_is_complete():
    """DeleteSnapshot of a pending one takes effect when it completes; until then it is shown as pending"""
    with served("--speed", "4") as url:
        c = client("ec2", url=url)
        made = c.create_snapshot(VolumeId="vol-0a000000000000101", TagSpecifications=[
            {"ResourceType": "snapshot", "Tags": [{"Key": "a", "Value": "b"}]}])["SnapshotId"]
        bad = c.copy_snapshot(SourceSnapshotId=SNAPSHOT, Encrypted=True, KmsKeyId="alias/retired", **HOME)["SnapshotId"]
        for _ in range(2):  # said again is no error
            for s in made, bad:
                c.delete_snapshot(SnapshotId=s)
                got = c.describe_snapshots(SnapshotIds=[s])["Snapshots"][0]
                assert got["State"] == "pending", got
        assert got["SnapshotId"] == bad
        refused("IncorrectState", c.create_volume, SnapshotId=made, **ZONE)
        for s in made, bad:
            assert "InvalidSnapshot.NotFound" in waited(c, "snapshot_completed", SnapshotIds=[s])
            refused("InvalidSnapshot.NotFound", c.delete_snapshot, SnapshotId=s)
        assert not c.describe_tags(Filters=[{"Name": "resource-id", "Values": [made]}])["Tags"]


@test
def snapshots_of_a_pending_image():
    """DeregisterImage of a pending copy, with its snapshots: they go when they are complete"""
    with served("--speed", "4") as url:
        c = client("ec2", url=url)
        image = c.copy_image(Name="cancelled", SourceImageId=PLAIN, **HOME)["ImageId"]
        snapshots = [m["Ebs"]["SnapshotId"] for m in c.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"]]
        refused("InvalidSnapshot.InUse", c.delete_snapshot, SnapshotId=snapshots[0])
        told = query("DeregisterImage", url=url, ImageId=image, DeleteAssociatedSnapshots="true")["deleteSnapshotResultSet"]
        assert told == [{"snapshotId": s, "returnCode": "success"} for s in snapshots], told
        assert [s["State"] for s in c.describe_snapshots(SnapshotIds=snapshots)["Snapshots"]] == ["pending"] * 2
        for s in snapshots:
            assert "InvalidSnapshot.NotFound" in waited(c, "snapshot_completed", SnapshotIds=[s])


@test
def snapshots_that_one_may_not_delete():
    """DeregisterImage with its snapshots: success, skipped (another image has it), missing-permissions (the caller's policies, another's snapshot)"""
    with served("--instant") as url:
        c, iam = client("ec2", url=url), client("iam", url=url)
        both = [{"DeviceName": f"/dev/xvd{d}", "Ebs": {"SnapshotId": s}} for d, s in (("a", SNAPSHOT), ("b", c.create_snapshot(
            VolumeId="vol-0a000000000000101")["SnapshotId"]))]
        iam.create_user(UserName="keeps")
        iam.put_user_policy(UserName="keeps", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}, {"Effect": "Deny", "Action": "ec2:DeleteSnapshot", "Resource": "*"}]}))
        key = iam.create_access_key(UserName="keeps")["AccessKey"]
        limited = client("ec2", url=url, aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
        limited.meta.events.register("before-call.ec2.DeregisterImage", lambda params, **_: params["body"].update(DeleteAssociatedSnapshots="true"))
        told = []
        limited.meta.events.register("response-received.ec2.DeregisterImage", lambda response_dict, **_: told.append(response_dict["body"].decode()))
        image = c.register_image(Name="keeps", RootDeviceName="/dev/xvda", BlockDeviceMappings=both)["ImageId"]
        limited.deregister_image(ImageId=image)
        assert told[0].count("<returnCode>missing-permissions</returnCode>") == 2, told
        assert len(c.describe_snapshots(SnapshotIds=[m["Ebs"]["SnapshotId"] for m in both])["Snapshots"]) == 2
        image = c.register_image(Name="goes", RootDeviceName="/dev/xvda", BlockDeviceMappings=both)["ImageId"]
        codes = query("DeregisterImage", url=url, ImageId=image, DeleteAssociatedSnapshots="true")["deleteSnapshotResultSet"]
        assert [s["returnCode"] for s in codes] == ["skipped", "success"], codes
        refused("InvalidSnapshot.NotFound", c.describe_snapshots, SnapshotIds=[both[1]["Ebs"]["SnapshotId"]])


@test
def an_upload_ends_with_its_snapshot():
    """DeleteSnapshot of one that is written by the EBS direct APIs: at once"""
    with served() as url:
        c, ebs = client("ec2", url=url), client("ebs", url=url)
        begun = ebs.start_snapshot(VolumeSize=1)["SnapshotId"]
        c.delete_snapshot(SnapshotId=begun)
        refused("InvalidSnapshot.NotFound", c.describe_snapshots, SnapshotIds=[begun])


@test
def one_of_a_chain():
    """Deleting one snapshot of a chain leaves the others whole"""
    with served("--instant") as url:
        c, ebs = client("ec2", url=url), client("ebs", url=url)
        chain = [SNAPSHOT]
        for _ in range(2):
            made = volume(c, SnapshotId=chain[-1], Size=8)
            chain.append(c.create_snapshot(VolumeId=made)["SnapshotId"])

        def blocks(s):
            return [(b["BlockIndex"], ebs.get_snapshot_block(SnapshotId=s, BlockIndex=b["BlockIndex"], BlockToken=b["BlockToken"])["Checksum"])
                    for b in ebs.list_snapshot_blocks(SnapshotId=s)["Blocks"]]
        before = blocks(chain[2])
        c.delete_snapshot(SnapshotId=chain[1])
        assert before and blocks(chain[2]) == before == blocks(SNAPSHOT)


# ---- volumes --------------------------------------------------------------------------------------------

@test
def a_volume_is_deleting_for_a_while():
    """DeleteVolume: available, deleting, gone; nothing can be done with one that is deleting"""
    with served("--speed", "0.5") as url:
        c = client("ec2", url=url)
        made = volume(c)
        c.delete_volume(VolumeId=made)
        assert state(c, made) == "deleting"
        assert [v["VolumeId"] for v in c.describe_volumes(Filters=[{"Name": "status", "Values": ["deleting"]}])["Volumes"]] == [made]
        for call, kw in ((c.delete_volume, {}), (c.create_snapshot, {}), (c.detach_volume, {}),
                         (c.attach_volume, {"InstanceId": "i-0a000000000000001", "Device": "/dev/sdp"})):
            assert "'deleting'" in refused("IncorrectState", call, VolumeId=made, **kw)
        assert "Max attempts" in waited(c, "volume_deleted", attempts=1, VolumeIds=[made])
        assert waited(c, "volume_deleted", VolumeIds=[made]) is None
        refused("InvalidVolume.NotFound", c.describe_volumes, VolumeIds=[made])
        refused("InvalidVolume.NotFound", c.delete_volume, VolumeId=made)


@test
def volumes_of_an_instance_that_ends():
    """TerminateInstances: what goes with the instance is deleting, what stays is available"""
    with served("--speed", "0.5") as url:
        c = client("ec2", url=url)
        box = c.run_instances(ImageId=PLAIN, MinCount=1, MaxCount=1, BlockDeviceMappings=[
            {"DeviceName": "/dev/sdf", "Ebs": {"DeleteOnTermination": False}}])["Instances"][0]
        devices = {m["DeviceName"]: m["Ebs"]["VolumeId"] for m in box["BlockDeviceMappings"]}
        c.terminate_instances(InstanceIds=[box["InstanceId"]])
        assert waited(c, "instance_terminated", InstanceIds=[box["InstanceId"]]) is None
        assert (state(c, devices["/dev/xvda"]), state(c, devices["/dev/sdf"])) == ("deleting", "available")
        assert waited(c, "volume_deleted", VolumeIds=[devices["/dev/xvda"]]) is None
        assert state(c, devices["/dev/sdf"]) == "available"


# ---- instances ------------------------------------------------------------------------------------------

@test
def a_terminated_instance_is_shown_for_an_hour():
    """TerminateInstances: terminated for about an hour, then InvalidInstanceID.NotFound; its tags go with it"""
    with served("--virtual") as url:
        c = client("ec2", url=url)
        box = c.run_instances(ImageId=PLAIN, MinCount=1, MaxCount=1, TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}]}])["Instances"][0]["InstanceId"]
        c.terminate_instances(InstanceIds=[box])
        assert waited(c, "instance_terminated", InstanceIds=[box]) is None
        advance(url, 3500)
        got = c.describe_instances(InstanceIds=[box])["Reservations"][0]["Instances"][0]
        assert got["State"] == {"Code": 48, "Name": "terminated"} and got["Tags"] and not got["BlockDeviceMappings"]
        for _ in range(2):
            told = c.terminate_instances(InstanceIds=[box])["TerminatingInstances"][0]
            assert told["CurrentState"]["Name"] == told["PreviousState"]["Name"] == "terminated"
        advance(url, 200)
        refused("InvalidInstanceID.NotFound", c.describe_instances, InstanceIds=[box])
        assert not c.describe_tags(Filters=[{"Name": "resource-id", "Values": [box]}])["Tags"]


main()
