#!/usr/bin/python3
"""Sharing images and snapshots: who sees, launches and copies them; deprecated, disabled and protected images. TAP."""
import datetime
import itertools
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from tap import ONE, TWO, client, main, query, refused, served, test  # noqa: E402

THREE = "000000000003"
names = (f"sharing-{n}" for n in itertools.count())
ec2 = {a: client("ec2", account=a) for a in (ONE, TWO, THREE)}
kms = {a: client("kms", account=a) for a in (ONE, TWO, THREE)}
HOME, ZONE = {"SourceRegion": "us-east-1"}, {"AvailabilityZone": "us-east-1a"}
EBS = ["CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"]
ORG = "arn:aws:organizations::123456789012:organization/o-abc"
OU = "arn:aws:organizations::123456789012:ou/o-abc/ou-1"


def snapshot(c=None, **kw):
    c = c or ec2[ONE]
    volume = c.create_volume(Size=1, **ZONE, **kw)["VolumeId"]
    return c.create_snapshot(VolumeId=volume)["SnapshotId"]


def image(*snapshots):
    devices = [{"DeviceName": f"/dev/xvd{'abcd'[n]}", "Ebs": {"SnapshotId": s}} for n, s in enumerate(snapshots or [snapshot()])]
    return ec2[ONE].register_image(Name=next(names), Architecture="x86_64", VirtualizationType="hvm", RootDeviceName="/dev/xvda",
                                   BlockDeviceMappings=devices)["ImageId"]


def new_key():
    """One that no other account may use."""
    return kms[ONE].create_key()["KeyMetadata"]["Arn"]


def launch_permissions(i):
    return ec2[ONE].describe_image_attribute(ImageId=i, Attribute="launchPermission")["LaunchPermissions"]


def volume_permissions(s):
    return ec2[ONE].describe_snapshot_attribute(SnapshotId=s, Attribute="createVolumePermission")["CreateVolumePermissions"]


def let(i, *accounts):
    ec2[ONE].modify_image_attribute(ImageId=i, LaunchPermission={"Add": [{"UserId": a} for a in accounts]})


def let_snapshot(s, *accounts):
    ec2[ONE].modify_snapshot_attribute(SnapshotId=s, CreateVolumePermission={"Add": [{"UserId": a} for a in accounts]})


def images(account, **kw):
    return {i["ImageId"] for i in ec2[account].describe_images(**kw)["Images"]}


def snapshots(account, **kw):
    return {s["SnapshotId"] for s in ec2[account].describe_snapshots(**kw)["Snapshots"]}


def run(account, i, **kw):
    return ec2[account].run_instances(ImageId=i, MinCount=1, MaxCount=1, InstanceType="t3.micro", **kw)["Instances"][0]["InstanceId"]


def state(account, i):
    return ec2[account].describe_instances(InstanceIds=[i])["Reservations"][0]["Instances"][0]["State"]["Name"]


# ---- attributes ------------------------------------------------------------------------------------------

@test
def launch_permissions_are_added_removed_and_reset():
    """ModifyImageAttribute, DescribeImageAttribute, ResetImageAttribute: accounts, organizations; both spellings"""
    i = image()
    c = ec2[ONE]
    assert launch_permissions(i) == []
    c.modify_image_attribute(ImageId=i, LaunchPermission={"Add": [{"UserId": TWO}, {"UserId": THREE}, {"OrganizationArn": ORG},
                                                                  {"OrganizationalUnitArn": OU}]})
    let(i, TWO)
    got = launch_permissions(i)
    assert len(got) == 4 and all(p in got for p in ({"UserId": TWO}, {"UserId": THREE}, {"OrganizationArn": ORG},
                                                    {"OrganizationalUnitArn": OU})), got
    c.modify_image_attribute(ImageId=i, LaunchPermission={"Add": [{"UserId": ONE}], "Remove": [{"UserId": TWO}]})
    assert {p.get("UserId") for p in launch_permissions(i)} == {ONE, THREE, None}
    c.modify_image_attribute(ImageId=i, Attribute="launchPermission", OperationType="remove", UserIds=[ONE, THREE],
                             OrganizationArns=[ORG], OrganizationalUnitArns=[OU])
    assert launch_permissions(i) == []
    c.modify_image_attribute(ImageId=i, Attribute="launchPermission", OperationType="add", UserIds=[TWO], UserGroups=["all"])
    got = launch_permissions(i)
    assert len(got) == 2 and {"UserId": TWO} in got and {"Group": "all"} in got
    c.reset_image_attribute(ImageId=i, Attribute="launchPermission")
    assert launch_permissions(i) == []


@test
def one_attribute_at_a_time():
    """ModifyImageAttribute, DescribeImageAttribute: description, imdsSupport, bootMode"""
    i = image()
    c = ec2[ONE]
    c.modify_image_attribute(ImageId=i, Description={"Value": "first"})
    assert c.describe_image_attribute(ImageId=i, Attribute="description")["Description"] == {"Value": "first"}
    c.modify_image_attribute(ImageId=i, Attribute="description", Value="second")
    assert c.describe_images(ImageIds=[i])["Images"][0]["Description"] == "second"
    query("ModifyImageAttribute", ImageId=i, **{"ImdsSupport.Value": "v2.0"})
    got = query("DescribeImageAttribute", ImageId=i, Attribute="imdsSupport")
    assert got["imdsSupport"] == {"value": "v2.0"} and got["imageId"] == i
    got = c.describe_image_attribute(ImageId="ami-0a000000000000001", Attribute="bootMode")
    assert got["BootMode"] == {"Value": "uefi-preferred"}


@test
def volume_permissions_are_added_removed_and_reset():
    """ModifySnapshotAttribute, DescribeSnapshotAttribute, ResetSnapshotAttribute: both spellings"""
    s = snapshot()
    c = ec2[ONE]
    c.modify_snapshot_attribute(SnapshotId=s, Attribute="createVolumePermission", OperationType="add", UserIds=[TWO],
                                GroupNames=["all"])
    got = volume_permissions(s)
    assert len(got) == 2 and {"UserId": TWO} in got and {"Group": "all"} in got
    c.modify_snapshot_attribute(SnapshotId=s, CreateVolumePermission={"Remove": [{"Group": "all"}]})
    assert volume_permissions(s) == [{"UserId": TWO}]
    c.modify_snapshot_attribute(SnapshotId=s, Attribute="createVolumePermission", OperationType="remove", UserIds=[TWO])
    assert volume_permissions(s) == []
    let_snapshot(s, TWO, THREE)
    c.reset_snapshot_attribute(SnapshotId=s, Attribute="createVolumePermission")
    assert volume_permissions(s) == []


@test
def wrong_grantees():
    """refusals: user all, unknown groups, short accounts, other attributes; nothing is changed"""
    i, s = image(), snapshot()
    for entry in ({"UserId": "all"}, {"UserId": "1234"}, {"Group": "friends"}, {"OrganizationArn": "o-abc"}):
        refused("InvalidAMIAttributeItemValue", ec2[ONE].modify_image_attribute, ImageId=i,
                LaunchPermission={"Add": [{"UserId": TWO}, entry]})
    for code, entry in (("InvalidUserID.Malformed", {"UserId": "all"}), ("InvalidUserID.Malformed", {"UserId": "12345678901x"}),
                        ("InvalidParameterValue", {"Group": "friends"})):
        refused(code, ec2[ONE].modify_snapshot_attribute, SnapshotId=s, CreateVolumePermission={"Add": [{"UserId": TWO}, entry]})
    assert launch_permissions(i) == [] and volume_permissions(s) == []
    refused("InvalidParameterValue", ec2[ONE].reset_snapshot_attribute, SnapshotId=s, Attribute="productCodes")


@test
def only_the_owner_shares():
    """refusals: what one was let in to is not one's own to share, change or delete"""
    s = snapshot()
    i = image(s)
    let(i, TWO)
    let_snapshot(s, TWO)
    for call in ("modify_image_attribute", "deregister_image"):
        refused("InvalidAMIID.NotFound", getattr(ec2[TWO], call), ImageId=i,
                **({"Description": {"Value": "mine"}} if call[0] == "m" else {}))
    refused("InvalidAMIID.NotFound", ec2[TWO].describe_image_attribute, ImageId=i, Attribute="launchPermission")
    refused("InvalidSnapshot.NotFound", ec2[TWO].delete_snapshot, SnapshotId=s)
    refused("InvalidSnapshot.NotFound", ec2[TWO].describe_snapshot_attribute, SnapshotId=s, Attribute="createVolumePermission")
    refused("InvalidAMIID.NotFound", query, action="DisableImage", account=TWO, ImageId=i)


# ---- encryption (the table itself is in outcomes.py) -----------------------------------------------------

@test
def a_mixed_image_is_shared_as_its_most_secret_snapshot():
    """refusals: one snapshot under aws/ebs keeps an image from being shared, any encrypted one from being public"""
    plain, one, managed = snapshot(), snapshot(Encrypted=True, KmsKeyId="alias/one"), snapshot(Encrypted=True, KmsKeyId="alias/aws/ebs")
    let(image(plain, one), TWO)
    with_managed = image(plain, one, managed)
    for who in (TWO, ONE):
        said = refused("InvalidParameter", ec2[ONE].modify_image_attribute, ImageId=with_managed,
                       LaunchPermission={"Add": [{"UserId": who}]})
        assert said == "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot."
    for i in (image(plain, one), with_managed):
        refused("UnsupportedOperation", ec2[ONE].modify_image_attribute, ImageId=i, LaunchPermission={"Add": [{"Group": "all"}]})
    ec2[ONE].modify_image_attribute(ImageId=with_managed, LaunchPermission={"Remove": [{"UserId": TWO}]})


# ---- who sees what ---------------------------------------------------------------------------------------

@test
def images_are_seen_by_those_let_in():
    """DescribeImages: Owners, ExecutableUsers, is-public, tags; gone again when taken back"""
    mine, shared, public = image(), image(), image()
    let(shared, TWO)
    ec2[ONE].modify_image_attribute(ImageId=public, LaunchPermission={"Add": [{"Group": "all"}]})
    ec2[ONE].create_tags(Resources=[shared], Tags=[{"Key": "whose", "Value": "one"}])
    all_ = {mine, shared, public}
    assert images(ONE) >= all_ and images(TWO) & all_ == {shared, public} and images(THREE) & all_ == {public}
    assert images(TWO, Owners=["self"]) & all_ == set()
    assert images(TWO, Owners=[ONE]) & all_ == {shared, public} and images(ONE, Owners=["self"]) >= all_
    assert images(TWO, Owners=["amazon"]) & all_ == set()
    assert images(TWO, ExecutableUsers=["self"]) & all_ == {shared}
    assert images(TWO, ExecutableUsers=["all"]) & all_ == {public}
    assert images(TWO, ExecutableUsers=["self", "all"]) & all_ == {shared, public}
    assert images(ONE, ExecutableUsers=[TWO]) & all_ == {shared} and images(ONE, ExecutableUsers=["self"]) & all_ == set()
    assert images(ONE, Filters=[{"Name": "is-public", "Values": ["true"]}]) & all_ == {public}
    assert images(TWO, Filters=[{"Name": "owner-id", "Values": [ONE]}]) & all_ == {shared, public}
    got = ec2[TWO].describe_images(ImageIds=[shared, public])["Images"]
    assert {i["ImageId"]: i["Public"] for i in got} == {shared: False, public: True}
    assert all(i["OwnerId"] == ONE and "Tags" not in i for i in got)
    refused("InvalidAMIID.NotFound", ec2[TWO].describe_images, ImageIds=[mine])
    ec2[ONE].reset_image_attribute(ImageId=shared, Attribute="launchPermission")
    refused("InvalidAMIID.NotFound", ec2[TWO].describe_images, ImageIds=[shared])
    ec2[ONE].deregister_image(ImageId=public)


@test
def an_image_may_be_public_and_shared_by_name():
    """DescribeImages: ExecutableUsers=self finds what is shared by name, public or not"""
    i = image()
    ec2[ONE].modify_image_attribute(ImageId=i, LaunchPermission={"Add": [{"Group": "all"}, {"UserId": TWO}]})
    assert i in images(TWO, ExecutableUsers=["self"]) and i not in images(THREE, ExecutableUsers=["self"])
    assert i in images(THREE, ExecutableUsers=["all"])
    ec2[ONE].deregister_image(ImageId=i)


@test
def snapshots_are_seen_by_those_let_in():
    """DescribeSnapshots: Owners, RestorableBy; volumes of a shared one"""
    mine, shared, public = snapshot(), snapshot(), snapshot()
    let_snapshot(shared, TWO)
    ec2[ONE].modify_snapshot_attribute(SnapshotId=public, CreateVolumePermission={"Add": [{"Group": "all"}]})
    all_ = {mine, shared, public}
    assert snapshots(ONE) >= all_ and snapshots(TWO) & all_ == {shared, public} and snapshots(THREE) & all_ == {public}
    assert snapshots(TWO, OwnerIds=["self"]) & all_ == set() and snapshots(TWO, OwnerIds=[ONE]) & all_ == {shared, public}
    assert snapshots(TWO, RestorableByUserIds=["self"]) & all_ == {shared}
    assert snapshots(TWO, RestorableByUserIds=["all"]) & all_ == {public}
    assert snapshots(ONE, RestorableByUserIds=[TWO]) & all_ == {shared}
    refused("InvalidSnapshot.NotFound", ec2[TWO].create_volume, SnapshotId=mine, **ZONE)
    volume = ec2[TWO].create_volume(SnapshotId=shared, **ZONE)["VolumeId"]
    ec2[TWO].get_waiter("volume_available").wait(VolumeIds=[volume])
    ec2[ONE].reset_snapshot_attribute(SnapshotId=shared, Attribute="createVolumePermission")
    refused("InvalidSnapshot.NotFound", ec2[TWO].describe_snapshots, SnapshotIds=[shared])
    assert ec2[TWO].describe_volumes(VolumeIds=[volume])["Volumes"][0]["SnapshotId"] == shared


@test
def somebody_elses_work_ends_while_one_watches():
    """a shared snapshot and image that are pending end without their owner looking"""
    with served("--speed", "20") as url:
        one, two = client("ec2", url=url), client("ec2", url=url, account=TWO)
        copy = one.copy_snapshot(SourceSnapshotId="snap-0a000000000000003", **HOME)["SnapshotId"]
        i = one.copy_image(Name="shared-soon", SourceImageId="ami-0a000000000000002", **HOME)["ImageId"]
        one.modify_snapshot_attribute(SnapshotId=copy, CreateVolumePermission={"Add": [{"UserId": TWO}]})
        one.modify_image_attribute(ImageId=i, LaunchPermission={"Add": [{"UserId": TWO}]})
        assert two.describe_snapshots(SnapshotIds=[copy])["Snapshots"][0]["State"] == "pending"
        soon = {"Delay": 1, "MaxAttempts": 5}
        two.get_waiter("snapshot_completed").wait(SnapshotIds=[copy], WaiterConfig=soon)
        two.get_waiter("image_available").wait(ImageIds=[i], WaiterConfig=soon)


# ---- launching and copying -------------------------------------------------------------------------------

@test
def a_shared_image_is_launched_without_its_snapshots():
    """RunInstances of a shared image: needs no snapshot permission; encrypted: the key"""
    key = new_key()
    i, secret = image(), image(snapshot(Encrypted=True, KmsKeyId=key))
    let(i, TWO)
    let(secret, TWO)
    assert state(TWO, run(TWO, i)) == "running"
    refused("InvalidAMIID.NotFound", run, account=THREE, i=i)
    lost = run(TWO, secret)
    assert state(TWO, lost) == "terminated"
    grant = kms[ONE].create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::{TWO}:root", Operations=EBS)["GrantId"]
    assert state(TWO, run(TWO, secret)) == "running"
    kms[ONE].revoke_grant(KeyId=key, GrantId=grant)


@test
def a_shared_image_is_copied_with_its_storage():
    """CopyImage of a shared image: launch permission, every snapshot, and the key"""
    key = new_key()
    first, second = snapshot(), snapshot(Encrypted=True, KmsKeyId=key)
    i = image(first, second)
    ec2[ONE].create_tags(Resources=[i], Tags=[{"Key": "whose", "Value": "one"}])

    def copy(**kw):
        return ec2[TWO].copy_image(Name=next(names), SourceImageId=i, **HOME, **kw)["ImageId"]
    refused("InvalidAMIID.NotFound", copy)
    let(i, TWO)
    for s in (first, second):
        assert refused("InvalidRequest", copy) == "You do not have permission to access the storage of this ami"
        let_snapshot(s, TWO)
    without_key = ec2[TWO].describe_images(ImageIds=[copy()])["Images"][0]
    assert without_key["State"] == "failed"
    grant = kms[ONE].create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::{TWO}:root", Operations=EBS)["GrantId"]
    got = ec2[TWO].describe_images(ImageIds=[copy(CopyImageTags=True)])["Images"][0]
    assert got["State"] == "available" and got["OwnerId"] == TWO and "Tags" not in got and not got["Public"]
    assert query("DescribeImages", account=TWO, **{"ImageId.1": got["ImageId"]})["imagesSet"][0]["sourceImageId"] == i
    refused("InvalidAMIID.NotFound", ec2[ONE].describe_images, ImageIds=[got["ImageId"]])
    ec2[ONE].deregister_image(ImageId=i)
    kms[ONE].revoke_grant(KeyId=key, GrantId=grant)
    assert ec2[TWO].describe_images(ImageIds=[got["ImageId"]])["Images"][0]["State"] == "available"


@test
def an_own_copy_takes_tags_but_no_permissions():
    """CopyImage: launch permissions stay behind; tags come when asked for, those of the request first"""
    i = image()
    let(i, TWO)
    ec2[ONE].create_tags(Resources=[i], Tags=[{"Key": "a", "Value": "source"}, {"Key": "b", "Value": "source"}])

    def tagged(**tags):
        wire = {f"TagSpecification.{n}.{k}": v for n, (kind, tag) in enumerate(tags.items(), 1)
                for k, v in (("ResourceType", kind), ("Tag.1.Key", tag[0]), ("Tag.1.Value", tag[1]))}
        return query("CopyImage", Name=next(names), SourceImageId=i, CopyImageTags="true", **HOME, **wire)["imageId"]
    copy = tagged(image=("a", "request"), snapshot=("s", "t"))
    got = ec2[ONE].describe_images(ImageIds=[copy])["Images"][0]
    assert {t["Key"]: t["Value"] for t in got["Tags"]} == {"a": "request", "b": "source"}
    s = ec2[ONE].describe_snapshots(SnapshotIds=[got["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]])["Snapshots"][0]
    assert s["Tags"] == [{"Key": "s", "Value": "t"}] and launch_permissions(copy) == []
    plain = ec2[ONE].copy_image(Name=next(names), SourceImageId=i, **HOME)["ImageId"]
    assert "Tags" not in ec2[ONE].describe_images(ImageIds=[plain])["Images"][0]
    refused("InvalidParameterValue", tagged, image=("a", "b"), instance=("a", "b"))


@test
def images_are_registered_on_shared_snapshots():
    """RegisterImage, CopySnapshot: a snapshot of another account that is shared"""
    s = snapshot()
    ask = dict(RootDeviceName="/dev/xvda", BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": s}}])
    refused("InvalidSnapshot.NotFound", ec2[TWO].register_image, Name=next(names), **ask)
    lost = ec2[TWO].copy_snapshot(SourceSnapshotId=s, **HOME)["SnapshotId"]
    got = ec2[TWO].describe_snapshots(SnapshotIds=[lost])["Snapshots"][0]
    assert (got["State"], got["StateMessage"]) == ("error", "Source snapshot is not found")
    let_snapshot(s, TWO)
    i = ec2[TWO].register_image(Name=next(names), **ask)["ImageId"]
    assert state(TWO, run(TWO, i)) == "running"
    copy = ec2[TWO].copy_snapshot(SourceSnapshotId=s, **HOME)["SnapshotId"]
    assert ec2[TWO].describe_snapshots(SnapshotIds=[copy])["Snapshots"][0]["OwnerId"] == TWO


# ---- deprecated, disabled, protected ---------------------------------------------------------------------

@test
def deprecated_images_are_hidden_from_others():
    """EnableImageDeprecation: seconds are rounded, a date in the past is refused, others see it by id or when asked"""
    i = image()
    let(i, TWO)
    soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=30)).replace(microsecond=0)
    ec2[ONE].enable_image_deprecation(ImageId=i, DeprecateAt=soon.replace(second=40))
    said = ec2[ONE].describe_images(ImageIds=[i])["Images"][0]["DeprecationTime"]
    assert said.startswith((soon.replace(second=0) + datetime.timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:00")), said
    assert i in images(TWO, Owners=[ONE])
    ec2[ONE].disable_image_deprecation(ImageId=i)
    assert "DeprecationTime" not in ec2[ONE].describe_images(ImageIds=[i])["Images"][0]
    refused("InvalidAMIID.NotFound", ec2[TWO].disable_image_deprecation, ImageId=i)


@test
def a_public_image_is_deprecated_within_two_years():
    """EnableImageDeprecation: at most two years after a public image was made, ten of a private one"""
    i = image()
    far = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3 * 365)
    ec2[ONE].enable_image_deprecation(ImageId=i, DeprecateAt=far)
    ec2[ONE].modify_image_attribute(ImageId=i, LaunchPermission={"Add": [{"Group": "all"}]})
    refused("InvalidParameterValue", ec2[ONE].enable_image_deprecation, ImageId=i, DeprecateAt=far)
    ec2[ONE].deregister_image(ImageId=i)


@test
def disabled_images_are_kept_but_not_used():
    """DisableImage, EnableImage: permissions are gone for good, no launch, no copy, still deregistered"""
    s = snapshot()
    i = image(s)
    let(i, TWO)
    assert query("DisableImage", ImageId=i)["return"] == "true"
    refused("InvalidAMIID.NotFound", ec2[TWO].describe_images, ImageIds=[i])
    assert i not in images(ONE, Owners=["self"]) and ec2[ONE].describe_images(ImageIds=[i])["Images"][0]["State"] == "disabled"
    told = query("DescribeImages", IncludeDisabled="true", **{"Owner.1": "self"})["imagesSet"]
    assert i in {x["imageId"] for x in told}
    refused("InvalidAMIID.Unavailable", run, account=ONE, i=i)
    refused("InvalidRequest", ec2[ONE].copy_image, Name=next(names), SourceImageId=i, **HOME)
    refused("InvalidSnapshot.InUse", ec2[ONE].delete_snapshot, SnapshotId=s)
    for action in ("EnableImage", "EnableImage"):
        assert query(action, ImageId=i)["return"] == "true"
    assert launch_permissions(i) == [] and state(ONE, run(ONE, i)) == "running"
    query("DisableImage", ImageId=i)
    ec2[ONE].deregister_image(ImageId=i)
    ec2[ONE].delete_snapshot(SnapshotId=s)


@test
def protected_images_stay():
    """Enable/DisableImageDeregistrationProtection"""
    i = image()
    assert query("EnableImageDeregistrationProtection", ImageId=i)["return"].startswith("enabled")
    assert query("DescribeImages", **{"ImageId.1": i})["imagesSet"][0]["deregistrationProtection"].startswith("enabled")
    got = query("DescribeImageAttribute", ImageId=i, Attribute="deregistrationProtection")
    assert got["deregistrationProtection"]["value"].startswith("enabled")
    refused("OperationNotPermitted", ec2[ONE].deregister_image, ImageId=i)
    assert query("DisableImageDeregistrationProtection", ImageId=i)["return"] == "disabled"
    ec2[ONE].deregister_image(ImageId=i)


@test
def deregistering_with_the_snapshots():
    """DeregisterImage: snapshots stay unless asked for; one that another image uses is skipped"""
    own, both = snapshot(), snapshot()
    i, other = image(own, both), image(both)
    got = query("DeregisterImage", ImageId=i, DeleteAssociatedSnapshots="true")
    assert {x["snapshotId"]: x["returnCode"] for x in got["deleteSnapshotResultSet"]} == {own: "success", both: "skipped"}
    refused("InvalidSnapshot.NotFound", ec2[ONE].describe_snapshots, SnapshotIds=[own])
    ec2[ONE].deregister_image(ImageId=other)
    assert snapshots(ONE, SnapshotIds=[both]) == {both}


@test
def others_snapshots_outlive_an_image():
    """DeregisterImage: snapshots of another account are not deleted"""
    s = snapshot()
    let_snapshot(s, TWO)
    i = ec2[TWO].register_image(Name=next(names), RootDeviceName="/dev/xvda", BlockDeviceMappings=[
        {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": s}}])["ImageId"]
    got = query("DeregisterImage", account=TWO, ImageId=i, DeleteAssociatedSnapshots="true")
    assert got["deleteSnapshotResultSet"][0]["returnCode"] == "missing-permissions"
    assert snapshots(ONE, SnapshotIds=[s]) == {s}


if __name__ == "__main__":
    main()
