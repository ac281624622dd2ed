#!/usr/bin/python3
"""Every error of EC2 that the local cloud raises, by code and words; filters, pages, tokens, tags. TAP."""
import itertools
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from tap import ONE, TWO, Folder, client, error, main, query, refused, served, test, tests  # noqa: E402

ec2, kms = client("ec2"), client("kms")
names = (f"errors-{n}" for n in itertools.count())
PLAIN, ENCRYPTED, HOME = "ami-0a000000000000002", "ami-0a000000000000003", {"SourceRegion": "us-east-1"}
SNAPSHOT, NONE = "snap-0a000000000000003", "0b00000000000000f"
ZONE = {"AvailabilityZone": "us-east-1a"}
ROOT = {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": SNAPSHOT}}


def launch(**kw):
    kw = {"ImageId": PLAIN, "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro", "Placement": ZONE, **kw}
    return ec2.run_instances(**kw)["Instances"][0]["InstanceId"]


def root_of(instance):
    got = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    return next(m["Ebs"]["VolumeId"] for m in got["BlockDeviceMappings"] if m["DeviceName"] == got["RootDeviceName"])


def register(name=None, c=ec2, **kw):
    kw = {"RootDeviceName": "/dev/xvda", "BlockDeviceMappings": [ROOT], **kw}
    return c.register_image(Name=name or next(names), **kw)["ImageId"]


def volume(**kw):
    return ec2.create_volume(**{**ZONE, "Size": 1, **kw})["VolumeId"]


def mapping(**ebs):
    return {"BlockDeviceMappings": [{"DeviceName": "/dev/sdz", "Ebs": ebs}]}


box, taken = launch(), register(name="errors-taken")
ended = launch()
ec2.terminate_instances(InstanceIds=[ended])
protected = launch(DisableApiTermination=True)
disabled = register()
query("DisableImage", ImageId=disabled)
keeper = register()
query("EnableImageDeregistrationProtection", ImageId=keeper)
loose, attached = volume(), volume()
ec2.attach_volume(InstanceId=box, VolumeId=attached, Device="/dev/sdp")
failed = ec2.copy_snapshot(SourceSnapshotId=SNAPSHOT, Encrypted=True, KmsKeyId="alias/retired", **HOME)["SnapshotId"]

# ---- one row an error: code, what the message says, action, parameters ----------------------------------

CASES = [
    # images
    ("InvalidAMIID.Malformed", 'Invalid id: "x" (expecting "ami-...")', ec2.describe_images, {"ImageIds": ["x"]}),
    ("InvalidAMIID.Malformed", 'Invalid id: "ami-xyz" (expecting "ami-...")', ec2.deregister_image, {"ImageId": "ami-xyz"}),
    ("InvalidAMIID.NotFound", f"The image id '[ami-{NONE}]' does not exist", ec2.describe_images, {"ImageIds": ["ami-" + NONE]}),
    ("InvalidAMIID.NotFound", f"The image ids '[ami-{NONE}, ami-0b1]' do not exist", ec2.describe_images,
     {"ImageIds": ["ami-" + NONE, PLAIN, "ami-0b1"]}),
    ("InvalidAMIID.NotFound", "", ec2.copy_image, {"Name": "abc", "SourceImageId": "ami-" + NONE, **HOME}),
    ("InvalidAMIID.NotFound", "", ec2.deregister_image, {"ImageId": "ami-" + NONE}),
    ("InvalidAMIID.NotFound", "", ec2.run_instances, {"ImageId": "ami-" + NONE, "MinCount": 1, "MaxCount": 1}),
    ("InvalidAMIID.NotFound", "", ec2.modify_image_attribute, {"ImageId": "ami-" + NONE, "Description": {"Value": "x"}}),
    ("InvalidAMIID.Unavailable", f"The AMI ID '{disabled}' is currently disabled", launch, {"ImageId": disabled}),
    ("InvalidAMIName.Duplicate", f"AMI name errors-taken is already in use by AMI {taken}", register, {"name": "errors-taken"}),
    ("InvalidAMIName.Duplicate", "errors-taken", ec2.create_image, {"InstanceId": box, "Name": "errors-taken"}),
    ("InvalidAMIName.Malformed", "between 3 and 128", ec2.copy_image, {"Name": "ab", "SourceImageId": PLAIN, **HOME}),
    ("InvalidAMIName.Malformed", "", register, {"name": "no;colons"}),
    ("InvalidAMIName.Malformed", "", register, {"name": "n" * 129}),
    ("InvalidAMIAttributeItemValue", '"12"', ec2.modify_image_attribute,
     {"ImageId": PLAIN, "LaunchPermission": {"Add": [{"UserId": "12"}]}}),
    ("InvalidRequest", "Creating unencrypted copy from an encrypted snapshot is not supported.", ec2.copy_image,
     {"Name": "abc", "SourceImageId": ENCRYPTED, "Encrypted": False, **HOME}),
    ("InvalidRequest", "The storage for the ami is not available in the source Region.", ec2.copy_image,
     {"Name": "abc", "SourceImageId": disabled, **HOME}),
    ("InvalidParameterValue", "sourceRegion", ec2.copy_image,
     {"Name": "abc", "SourceImageId": PLAIN, "SourceRegion": "us-gov-west-1"}),
    ("InvalidParameterDependency", "The parameter [KmsKeyId] requires the parameter Encrypted to be set.", ec2.copy_image,
     {"Name": "abc", "SourceImageId": PLAIN, "KmsKeyId": "alias/one", **HOME}),
    ("InvalidParameter", "Snapshots encrypted with the AWS Managed CMK can't be shared", ec2.modify_image_attribute,
     {"ImageId": "ami-0a000000000000005", "LaunchPermission": {"Add": [{"UserId": TWO}]}}),
    ("UnsupportedOperation", "Encrypted snapshots can't be shared publicly", ec2.modify_image_attribute,
     {"ImageId": ENCRYPTED, "LaunchPermission": {"Add": [{"Group": "all"}]}}),
    ("OperationNotPermitted", keeper, ec2.deregister_image, {"ImageId": keeper}),
    ("InvalidParameterCombination", "No attributes specified.", ec2.modify_image_attribute, {"ImageId": PLAIN}),
    ("AuthFailure", "", ec2.describe_image_attribute, {"ImageId": PLAIN, "Attribute": "blockDeviceMapping"}),
    ("InvalidParameterValue", "nonsense", ec2.describe_image_attribute, {"ImageId": PLAIN, "Attribute": "nonsense"}),
    ("InvalidParameterValue", "description", ec2.reset_image_attribute, {"ImageId": PLAIN, "Attribute": "description"}),
    ("InvalidParameterValue", "future", ec2.enable_image_deprecation, {"ImageId": PLAIN, "DeprecateAt": "2020-01-01T00:00:00Z"}),
    ("InvalidParameterValue", "10 years", ec2.enable_image_deprecation, {"ImageId": PLAIN, "DeprecateAt": "2099-01-01T00:00:00Z"}),
    ("InvalidParameterValue", "soon", query, {"action": "EnableImageDeprecation", "ImageId": PLAIN, "DeprecateAt": "soon"}),
    ("MissingParameter", "SourceImageId", ec2.copy_image, {"Name": "abc", **HOME}),
    ("IncorrectInstanceState", ended, ec2.create_image, {"InstanceId": ended, "Name": "abc"}),
    ("InvalidBlockDeviceMapping", "the encrypted flag cannot be specified since device /dev/xvda has a snapshot specified.",
     register, {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": SNAPSHOT, "Encrypted": True}}]}),
    ("InvalidBlockDeviceMapping", "root device", register, {"BlockDeviceMappings": [], "RootDeviceName": "/dev/sda1"}),
    ("InvalidBlockDeviceMapping", "Encrypted", ec2.create_image, {"InstanceId": box, "Name": "abc", "BlockDeviceMappings": [
        {"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True}}]}),
    ("InvalidSnapshot.NotFound", "", register,
     {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-" + NONE}}]}),
    ("IncorrectState", failed, register, {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": failed}}]}),
    # snapshots
    ("InvalidSnapshotID.Malformed", 'Invalid id: "x"', ec2.describe_snapshots, {"SnapshotIds": ["x"]}),
    ("InvalidSnapshotID.Malformed", "", ec2.copy_snapshot, {"SourceSnapshotId": "x", **HOME}),
    ("InvalidSnapshot.NotFound", f"The snapshot 'snap-{NONE}' does not exist.", ec2.describe_snapshots,
     {"SnapshotIds": ["snap-" + NONE]}),
    ("InvalidSnapshot.NotFound", "", ec2.delete_snapshot, {"SnapshotId": "snap-" + NONE}),
    ("InvalidSnapshot.NotFound", "", volume, {"SnapshotId": "snap-" + NONE}),
    ("InvalidSnapshot.InUse", "The snapshot snap-0a000000000000005 is currently in use by ami-0a000000000000003",
     ec2.delete_snapshot, {"SnapshotId": "snap-0a000000000000005"}),
    ("IncorrectState", failed, ec2.copy_snapshot, {"SourceSnapshotId": failed, **HOME}),
    ("IncorrectState", "", volume, {"SnapshotId": failed}),
    ("OperationNotPermitted", "Encrypted snapshots with EBS default key cannot be shared", ec2.modify_snapshot_attribute,
     {"SnapshotId": "snap-0a000000000000008", "CreateVolumePermission": {"Add": [{"UserId": TWO}]}}),
    ("OperationNotPermitted", "Encrypted snapshots cannot be shared publicly", ec2.modify_snapshot_attribute,
     {"SnapshotId": "snap-0a000000000000005", "CreateVolumePermission": {"Add": [{"Group": "all"}]}}),
    ("InvalidUserID.Malformed", "", ec2.modify_snapshot_attribute,
     {"SnapshotId": SNAPSHOT, "CreateVolumePermission": {"Add": [{"UserId": "12"}]}}),
    ("InvalidParameterCombination", "", ec2.modify_snapshot_attribute,
     {"SnapshotId": SNAPSHOT, "CreateVolumePermission": {"Add": [{"UserId": TWO}], "Remove": [{"UserId": ONE}]}}),
    ("InvalidParameterValue", "encrypted", ec2.copy_snapshot, {"SourceSnapshotId": SNAPSHOT, "Encrypted": False, **HOME}),
    ("InvalidParameterDependency", "", ec2.copy_snapshot, {"SourceSnapshotId": SNAPSHOT, "KmsKeyId": "alias/one", **HOME}),
    ("MissingParameter", "PresignedUrl", query, {"action": "CopySnapshot", "region": "eu-west-1", "SourceRegion": "us-east-1",
                                                 "SourceSnapshotId": "snap-0a000000000000005"}),
    ("InvalidVolume.NotFound", f"The volume 'vol-{NONE}' does not exist.", ec2.create_snapshot, {"VolumeId": "vol-" + NONE}),
    ("MissingParameter", "InstanceSpecification", ec2.create_snapshots, {}),
    ("MissingParameter", "InstanceId", ec2.create_snapshots, {"InstanceSpecification": {"ExcludeBootVolume": True}}),
    ("InvalidInstanceID.NotFound", "", ec2.create_snapshots, {"InstanceSpecification": {"InstanceId": "i-" + NONE}}),
    ("IncorrectInstanceState", ended, ec2.create_snapshots, {"InstanceSpecification": {"InstanceId": ended}}),
    ("InvalidParameterValue", "instance", ec2.create_snapshots,
     {"InstanceSpecification": {"InstanceId": box}, "CopyTagsFromSource": "instance"}),
    ("InvalidParameterValue", "not a data volume", ec2.create_snapshots,
     {"InstanceSpecification": {"InstanceId": box, "ExcludeDataVolumeIds": [root_of(box)]}}),
    ("InvalidParameterValue", "not a data volume", ec2.create_snapshots,
     {"InstanceSpecification": {"InstanceId": box, "ExcludeDataVolumeIds": [loose]}}),
    ("InvalidVolume.NotFound", "", query, {"action": "CreateSnapshots", "InstanceSpecification.InstanceId": box,
                                           "InstanceSpecification.ExcludeDataVolumeId.1": "vol-" + NONE}),
    # volumes
    ("MissingParameter", "The request must contain the parameter size/snapshot", ec2.create_volume, ZONE),
    ("MissingParameter", "iops", volume, {"VolumeType": "io2", "Size": 10}),
    ("InvalidParameterDependency", "The parameter [KmsKeyId] requires the parameter Encrypted to be set.", volume,
     {"KmsKeyId": "alias/one"}),
    ("InvalidZone.NotFound", "eu-west-1a", volume, {"AvailabilityZone": "eu-west-1a"}),
    ("InvalidZone.NotFound", "use1-az9", query, {"action": "CreateVolume", "AvailabilityZoneId": "use1-az9", "Size": 1}),
    ("InvalidParameterCombination", "AvailabilityZoneId", query,
     {"action": "CreateVolume", "AvailabilityZone": "us-east-1a", "AvailabilityZoneId": "use1-az1", "Size": 1}),
    ("MissingParameter", "availabilityZone", query, {"action": "CreateVolume", "Size": 1}),
    ("UnknownVolumeType", "gp9", volume, {"VolumeType": "gp9"}),
    ("InvalidParameterValue", "smaller than snapshot", volume, {"SnapshotId": SNAPSHOT, "Size": 1}),
    ("InvalidParameterValue", "too small", volume, {"VolumeType": "st1", "Size": 124}),
    ("InvalidParameterValue", "too large", volume, {"VolumeType": "gp2", "Size": 16385}),
    ("InvalidParameterValue", "iops", volume, {"VolumeType": "gp3", "Iops": 2999}),
    ("InvalidParameterValue", "iops", volume, {"VolumeType": "io1", "Size": 10, "Iops": 64001}),
    ("InvalidParameterValue", "Encrypted", volume, {"SnapshotId": "snap-0a000000000000005", "Size": 8, "Encrypted": False}),
    ("InvalidVolumeID.Malformed", 'Invalid id: "x"', ec2.describe_volumes, {"VolumeIds": ["x"]}),
    ("InvalidVolume.NotFound", "", ec2.delete_volume, {"VolumeId": "vol-" + NONE}),
    ("InvalidVolume.ZoneMismatch", "", lambda: ec2.attach_volume(
        InstanceId=box, VolumeId=volume(AvailabilityZone="us-east-1b"), Device="/dev/sdh"), {}),
    ("VolumeInUse", f"Volume {attached} is currently attached to {box}", ec2.delete_volume, {"VolumeId": attached}),
    ("VolumeInUse", f"{attached} is already attached to an instance", ec2.attach_volume,
     {"InstanceId": box, "VolumeId": attached, "Device": "/dev/sdh"}),
    ("IncorrectState", f"Volume '{loose}' is in the 'available' state.", ec2.detach_volume, {"VolumeId": loose}),
    ("IncorrectInstanceState", ended, ec2.attach_volume, {"InstanceId": ended, "VolumeId": loose, "Device": "/dev/sdh"}),
    ("InvalidAttachment.NotFound", "", ec2.detach_volume, {"VolumeId": attached, "InstanceId": protected}),
    ("InvalidAttachment.NotFound", "", ec2.detach_volume, {"VolumeId": attached, "Device": "/dev/sdq"}),
    ("OperationNotPermitted", "root volume", lambda: ec2.detach_volume(VolumeId=root_of(box)), {}),
    ("InvalidParameterValue", "Invalid value '/dev/sdf' for unixDevice. Attachment point /dev/sdf is already in use",
     ec2.attach_volume, {"InstanceId": box, "VolumeId": loose, "Device": "/dev/sdf"}),
    ("EncryptedVolumesNotSupported", "m1.small", ec2.run_instances, {"ImageId": ENCRYPTED, "MinCount": 1, "MaxCount": 1}),
    ("EncryptedVolumesNotSupported", "c1.medium", lambda: ec2.attach_volume(
        InstanceId=launch(InstanceType="c1.medium"), VolumeId=volume(Encrypted=True), Device="/dev/sdh"), {}),
    # instances
    ("MissingParameter", "ImageId", ec2.run_instances, {"MinCount": 1, "MaxCount": 1}),
    ("InvalidParameterValue", "InstanceType", launch, {"InstanceType": "huge"}),
    ("InvalidParameterValue", "MaxCount", launch, {"MinCount": 2, "MaxCount": 1}),
    ("InvalidParameterValue", "Invalid availability zone: [eu-west-1a]", launch, {"Placement": {"AvailabilityZone": "eu-west-1a"}}),
    ("InvalidBlockDeviceMapping", "/dev/sdz", launch, mapping(VolumeType="gp3")),
    ("InvalidBlockDeviceMapping", "smaller than snapshot", launch, mapping(SnapshotId=SNAPSHOT, VolumeSize=1)),
    ("InvalidParameterDependency", "", launch, mapping(VolumeSize=1, KmsKeyId="alias/one")),
    ("InvalidSnapshot.NotFound", "", launch, mapping(SnapshotId="snap-" + NONE)),
    ("InvalidInstanceID.Malformed", 'Invalid id: "x"', ec2.describe_instances, {"InstanceIds": ["x"]}),
    ("InvalidInstanceID.NotFound", f"The instance ID 'i-{NONE}' does not exist", ec2.stop_instances, {"InstanceIds": ["i-" + NONE]}),
    ("IncorrectInstanceState", ended, ec2.start_instances, {"InstanceIds": [ended]}),
    ("IncorrectInstanceState", ended, ec2.stop_instances, {"InstanceIds": [ended]}),
    ("OperationNotPermitted", f"The instance '{protected}' may not be terminated. Modify its 'disableApiTermination' instance "
     "attribute and try again.", ec2.terminate_instances, {"InstanceIds": [box, protected]}),
    # tags, regions, defaults
    ("InvalidAMIID.NotFound", "", ec2.create_tags, {"Resources": ["ami-" + NONE], "Tags": [{"Key": "a", "Value": "b"}]}),
    ("InvalidInstanceID.NotFound", "", ec2.delete_tags, {"Resources": ["i-" + NONE]}),
    ("InvalidID", "thing", ec2.create_tags, {"Resources": ["thing-1"], "Tags": [{"Key": "a", "Value": "b"}]}),
    ("InvalidTagKey.Malformed", "", ec2.create_tags, {"Resources": [PLAIN], "Tags": [{"Key": "", "Value": "b"}]}),
    ("InvalidParameterValue", "aws:", ec2.create_tags, {"Resources": [PLAIN], "Tags": [{"Key": "aws:a", "Value": "b"}]}),
    ("InvalidParameterValue", "127", ec2.create_tags, {"Resources": [PLAIN], "Tags": [{"Key": "k" * 128, "Value": "b"}]}),
    ("InvalidParameterValue", "255", ec2.create_tags, {"Resources": [PLAIN], "Tags": [{"Key": "k", "Value": "v" * 256}]}),
    ("TagLimitExceeded", "", ec2.create_tags, {"Resources": [PLAIN], "Tags": [{"Key": f"k{n}", "Value": ""} for n in range(51)]}),
    ("InvalidParameterValue", "symmetric", ec2.modify_ebs_default_kms_key_id, {"KmsKeyId": "alias/signing"}),
    # any action
    ("UnknownParameter", "Nonsense", query, {"action": "DescribeImages", "Nonsense": "1"}),
    ("UnknownParameter", "imageId", query, {"action": "DescribeImages", "imageId.1": PLAIN}),
    ("InvalidAction", "describeImages", query, {"action": "describeImages"}),
    ("NoSuchVersion", "2016-11-16", query, {"action": "DescribeImages", "Version": "2016-11-16"}),
    ("InvalidParameterValue", "ASCII", query, {"action": "CreateVolume", "ClientToken": "gr\u00fcn", "Size": 1, **ZONE}),
    ("InvalidParameterValue", "Architecture", register, {"Architecture": "vax"}),
    ("InvalidParameterValue", "BootMode", register, {"BootMode": "floppy"}),
    ("InvalidParameterValue", "OperationType", ec2.modify_image_attribute,
     {"ImageId": PLAIN, "Attribute": "launchPermission", "OperationType": "swap", "UserIds": [TWO]}),
    ("InvalidParameterValue", "arn:aws:outposts", ec2.copy_image, {
        "Name": "abc", "SourceImageId": PLAIN, "DestinationOutpostArn": "arn:aws:outposts:us-east-1:1:outpost/op-1", **HOME}),
    ("InvalidParameterValue", "us-east-1-atl-1a", query, {
        "action": "CopySnapshot", "SourceSnapshotId": SNAPSHOT, "DestinationAvailabilityZone": "us-east-1-atl-1a", **HOME}),
    ("InvalidParameterValue", "local", query, {"action": "CreateSnapshot", "VolumeId": loose, "Location": "local"}),
    ("InvalidParameterValue", "local", query, {"action": "CreateImage", "InstanceId": box, "Name": "abc", "SnapshotLocation": "local"}),
    ("InvalidAMIID.NotFound", "'[ami-12345678]'", ec2.describe_images, {"ImageIds": ["ami-12345678"]}),  # ids of before 2018
    ("InvalidSnapshot.NotFound", "snap-12345678", ec2.describe_snapshots, {"SnapshotIds": ["snap-12345678"]}),
    ("InvalidVolume.NotFound", "vol-12345678", ec2.describe_volumes, {"VolumeIds": ["vol-12345678"]}),
    ("InvalidInstanceID.NotFound", "i-12345678", ec2.describe_instances, {"InstanceIds": ["i-12345678"]}),
    ("InvalidAction", "DescribeVpnGateways", ec2.describe_vpn_gateways, {}),
    ("AuthFailure", "", client("ec2", aws_access_key_id="LOCAL" + ONE, aws_secret_access_key="wrong").describe_images, {}),
    ("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", volume, {"DryRun": True}),
    ("OptInRequired", "me-south-1", client("ec2", "me-south-1").describe_images, {}),
    ("InvalidParameterValue", "255", ec2.copy_image, {"Name": "abc", "SourceImageId": PLAIN, "Description": "d" * 256, **HOME}),
    ("InvalidParameterValue", "255", register, {"Description": "d" * 256}),
    ("InvalidParameterValue", "100", ec2.describe_instance_status, {"InstanceIds": ["i-" + NONE] * 101}),
    ("InvalidParameterValue", "1000", ec2.create_tags, {"Resources": [PLAIN] * 1001, "Tags": [{"Key": "a", "Value": "b"}]}),
    ("InvalidParameterValue", "500", ec2.modify_snapshot_attribute, {"SnapshotId": SNAPSHOT, "Attribute": "createVolumePermission",
                                                                    "OperationType": "add", "UserIds": [TWO] * 501}),
    # filters and pages
    ("InvalidParameterValue", "The filter 'nonsense' is invalid", ec2.describe_images,
     {"Filters": [{"Name": "name", "Values": ["no such"]}, {"Name": "nonsense", "Values": ["x"]}]}),
    ("InvalidParameterValue", "The filter 'nonsense' is invalid", client("ec2", account="000000000099").describe_volumes,
     {"Filters": [{"Name": "nonsense", "Values": ["x"]}]}),
    ("InvalidParameterValue", "The filter 'tag-key' is invalid", ec2.describe_tags, {"Filters": [{"Name": "tag-key", "Values": ["x"]}]}),
    ("InvalidParameterValue", "The filter 'nonsense' is invalid", ec2.describe_regions, {"Filters": [{"Name": "nonsense", "Values": ["x"]}]}),
    ("FilterLimitExceeded", "50", ec2.describe_instances, {"Filters": [{"Name": "image-id", "Values": ["x"]}] * 51}),
    ("FilterLimitExceeded", "200", ec2.describe_snapshots, {"Filters": [{"Name": "status", "Values": ["x"] * 201}]}),
    ("FilterLimitExceeded", "255", ec2.describe_tags, {"Filters": [{"Name": "key", "Values": ["x" * 256]}]}),
    ("InvalidParameterCombination", "", ec2.describe_volumes, {"VolumeIds": [loose], "MaxResults": 5}),
    ("InvalidParameterValue", "between 5 and 1000", ec2.describe_tags, {"MaxResults": 4}),
    ("InvalidParameterValue", "between 5 and 1000", ec2.describe_instances, {"MaxResults": 1001}),
    ("InvalidPaginationToken", "", ec2.describe_tags, {"NextToken": "junk"}),
]

STATUS = {"OptInRequired": 403, "DryRunOperation": 412, "AuthFailure": (401, 403)}


def case(code, said, call, parameters):
    def check():
        got = error(call, **parameters)
        wanted = STATUS.get(code, 400)
        assert got[0] == code and said in got[1] and (got[2] == wanted or got[2] in (wanted if isinstance(wanted, tuple) else ())), got
    action = getattr(call, "__name__", "query")
    check.__doc__ = f"{code}: {parameters.get('action', action)} {said}".replace("#", "")
    return check


tests += [case(*row) for row in CASES]


# ---- errors that need a moment ---------------------------------------------------------------------------

@test
def what_is_on_its_way_cannot_be_used():
    """IncorrectState, InvalidAMIID.Unavailable, IncorrectInstanceState, InvalidRequest: what is pending cannot be used"""
    with served() as url:
        c = client("ec2", url=url)
        fresh = c.create_volume(Size=1, **ZONE)["VolumeId"]
        box_ = c.run_instances(ImageId=PLAIN, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
        copy = c.copy_snapshot(SourceSnapshotId=SNAPSHOT, **HOME)["SnapshotId"]
        image = c.copy_image(Name="abc", SourceImageId=PLAIN, **HOME)["ImageId"]
        for call in (lambda: c.delete_volume(VolumeId=fresh), lambda: c.create_snapshot(VolumeId=fresh),
                     lambda: c.attach_volume(VolumeId=fresh, InstanceId="i-0a000000000000001", Device="/dev/sdf"),
                     lambda: c.copy_snapshot(SourceSnapshotId=copy, **HOME), lambda: c.create_volume(SnapshotId=copy, **ZONE),
                     lambda: c.register_image(Name="abcd", RootDeviceName="/dev/xvda", BlockDeviceMappings=[
                         {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": copy}}])):
            refused("IncorrectState", call)
        assert "is currently pending" in refused("InvalidAMIID.Unavailable", c.run_instances, ImageId=image, MinCount=1, MaxCount=1)
        refused("InvalidRequest", c.copy_image, Name="abcd", SourceImageId=image, **HOME)
        refused("InvalidAMIName.Duplicate", c.create_image, Name="abc", InstanceId="i-0a000000000000001")
        for call in (lambda: c.create_image(InstanceId=box_, Name="of-box"), lambda: c.stop_instances(InstanceIds=[box_])):
            refused("IncorrectInstanceState", call)


@test
def twenty_copies_at_once():
    """ResourceLimitExceeded: Too many snapshot copies in progress. The limit is 20 for this destination region."""
    with served("--limits", "documented") as url:
        c = client("ec2", url=url)
        for _ in range(20):
            c.copy_snapshot(SourceSnapshotId=SNAPSHOT, **HOME)
        assert "The limit is 20 for this destination region" in refused(
            "ResourceLimitExceeded", c.copy_snapshot, SourceSnapshotId=SNAPSHOT, **HOME)
        client("ec2", "eu-west-1", url=url).copy_snapshot(SourceSnapshotId=SNAPSHOT, **HOME)


@test
def filters_of_what_is_computed():
    """filters by date, truth and what an answer computes: images, snapshots, volumes"""
    def count(call, list_, **filters):
        kw = [{"Name": n.replace("_", "-").replace("--", "."), "Values": [v]} for n, v in filters.items()]
        return len(call(Filters=kw)[list_])

    year = ec2.describe_images(ImageIds=[PLAIN])["Images"][0]["CreationDate"][:5] + "*"
    assert count(ec2.describe_images, "Images", image_id=PLAIN, creation_date=year, ena_support="true", owner_id=ONE) == 1
    assert count(ec2.describe_images, "Images", image_id=PLAIN, ena_support="false") == 0
    assert count(ec2.describe_images, "Images", image_id=PLAIN, state_reason_code="Client.*") == 0
    assert count(ec2.describe_snapshots, "Snapshots", snapshot_id=SNAPSHOT, start_time=year, storage_tier="standard", progress="100%") == 1
    root = root_of(box)
    assert count(ec2.describe_volumes, "Volumes", volume_id=root, attachment__delete_on_termination="true", create_time="20*") == 1
    assert count(ec2.describe_volumes, "Volumes", volume_id=root, attachment__delete_on_termination="false") == 0
    assert count(ec2.describe_volumes, "Volumes", volume_id=root, multi_attach_enabled="false", attachment__attach_time="20*") == 1


# ---- client tokens and dry runs --------------------------------------------------------------------------

@test
def a_token_of_an_instance_that_ended():
    """IdempotentInstanceTerminated: a client token whose instance is gone"""
    one = launch(ClientToken="ended")
    assert launch(ClientToken="ended") == one
    refused("IdempotentParameterMismatch", launch, ClientToken="ended", InstanceType="t3.large")
    ec2.terminate_instances(InstanceIds=[one])
    refused("IdempotentInstanceTerminated", launch, ClientToken="ended")


@test
def tokens_are_of_an_action_an_account_and_a_region():
    """client tokens: another action, account or region is another token; 64 characters at most (CopyImage 128), case matters"""
    made = {volume(ClientToken="same"), client("ec2", account=TWO).create_volume(ClientToken="same", Size=1, **ZONE)["VolumeId"],
            client("ec2", "eu-west-1").create_volume(ClientToken="same", AvailabilityZone="eu-west-1a", Size=1)["VolumeId"]}
    launch(ClientToken="same")
    assert len(made) == 3
    refused("InvalidParameterValue", volume, ClientToken="t" * 65)
    assert len({volume(ClientToken=t) for t in ("case", "Case", "CASE", "case")}) == 3
    kw = {"SourceImageId": PLAIN, **HOME}
    copy = ec2.copy_image(Name=next(names), ClientToken="t" * 128, **kw)["ImageId"]
    refused("InvalidParameterValue", ec2.copy_image, Name=next(names), ClientToken="t" * 129, **kw)
    ec2.deregister_image(ImageId=copy)
    refused("IdempotentParameterMismatch", ec2.create_volume, ClientToken="same", Size=2, **ZONE)


@test
def dry_runs_change_nothing():
    """DryRunOperation: after validation, and nothing is done"""
    spec = {"InstanceSpecification": {"InstanceId": box}}
    before = len(ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"])
    for call, kw in ((ec2.create_snapshots, spec), (ec2.describe_tags, {}), (ec2.stop_instances, {"InstanceIds": [box]}),
                     (ec2.deregister_image, {"ImageId": taken}), (ec2.copy_snapshot, {"SourceSnapshotId": SNAPSHOT, **HOME})):
        assert error(call, DryRun=True, **kw)[::2] == ("DryRunOperation", 412)
    refused("InvalidInstanceID.NotFound", ec2.create_snapshots, DryRun=True, InstanceSpecification={"InstanceId": "i-" + NONE})
    assert ec2.describe_instances(InstanceIds=[box])["Reservations"][0]["Instances"][0]["State"]["Name"] == "running"
    assert len(ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]) == before
    made = volume(ClientToken="after a dry run")
    refused("DryRunOperation", volume, ClientToken="only dry", DryRun=True)
    assert volume(ClientToken="only dry") != made


@test
def instances_change_state_all_or_none():
    """Start, Stop, Terminate: one that is there already is told as it is; one that cannot stops them all"""
    running, stopped = launch(), launch()
    ec2.stop_instances(InstanceIds=[stopped])
    change = ec2.stop_instances(InstanceIds=[stopped])["StoppingInstances"][0]
    assert change["PreviousState"]["Name"] == change["CurrentState"]["Name"] == "stopped"
    states = {s["InstanceId"]: s["CurrentState"]["Name"] for s in ec2.start_instances(InstanceIds=[running, stopped])["StartingInstances"]}
    assert states == {running: "running", stopped: "pending"}
    refused("OperationNotPermitted", ec2.terminate_instances, InstanceIds=[running, protected])
    assert ec2.describe_instances(InstanceIds=[running])["Reservations"][0]["Instances"][0]["State"]["Name"] == "running"
    for _ in range(2):
        ec2.terminate_instances(InstanceIds=[running, stopped])


@test
def a_protected_instance_keeps_its_zone():
    """TerminateInstances: one that is protected keeps those of its zone and the call fails; those in other zones end"""
    here, there, far = (launch(Placement={"AvailabilityZone": f"us-east-1{z}"}) for z in "abb")

    def state(i):
        return ec2.describe_instances(InstanceIds=[i])["Reservations"][0]["Instances"][0]["State"]["Name"]
    for kw, ended in (({"DryRun": True}, "running"), ({}, "terminated")):
        message = refused("OperationNotPermitted", ec2.terminate_instances, InstanceIds=[here, there, protected, far], **kw)
        assert protected in message and [state(i) for i in (here, there, far, protected)] == ["running", ended, ended, "running"]
    refused("InvalidInstanceID.NotFound", ec2.terminate_instances, InstanceIds=[here, "i-" + NONE])
    assert state(here) == "running"
    ec2.terminate_instances(InstanceIds=[here])


# ---- filters, pages --------------------------------------------------------------------------------------

@test
def filters_have_wildcards():
    """filters: AND between names, OR between values, * and ?, \\ takes their meaning away, case matters"""
    for name in ("wild-one", "wild-two", "wild*star"):
        snapshot = ec2.create_snapshot(VolumeId=loose, Description=name)["SnapshotId"]
        ec2.create_tags(Resources=[snapshot], Tags=[{"Key": "wild", "Value": name}])

    def told(*values, **more):
        filters = [{"Name": "description", "Values": list(values)}] + [{"Name": n, "Values": v} for n, v in more.items()]
        return sorted(s["Description"] for s in ec2.describe_snapshots(Filters=filters)["Snapshots"])
    assert told("wild-*") == ["wild-one", "wild-two"]
    assert told("wild?one", "*star") == ["wild*star", "wild-one"]
    assert told("wild-one?", "?wil?d-t?w?o?") == ["wild-one", "wild-two"] and told("wild-o?e?e", "wild-?ne??x", "wild-o??") == ["wild-one"]
    assert told("wild-\\?ne") == []
    assert told("wild\\*star") == ["wild*star"]
    assert told("Wild-*") == []
    assert told("wild*", **{"tag:wild": ["wild-t??"]}) == ["wild-two"]
    assert told("wild*", status=["pending", "error"]) == []


@test
def zones_by_their_ids():
    """AvailabilityZoneId: CreateVolume and RunInstances take it, every answer that has a zone tells it, filters find it"""
    ids = {z["ZoneName"]: z["ZoneId"] for z in ec2.describe_availability_zones()["AvailabilityZones"]}
    assert ids["us-east-1b"] == "use1-az2" and len(set(ids.values())) == len(ids) == 3
    assert [z["ZoneName"] for z in ec2.describe_availability_zones(ZoneIds=["use1-az2"])["AvailabilityZones"]] == ["us-east-1b"]
    made = query("CreateVolume", AvailabilityZoneId="use1-az2", Size=1)
    there = {"availabilityZone": "us-east-1b", "availabilityZoneId": "use1-az2"}
    assert {k: made[k] for k in there} == there
    find = {"Filter.1.Name": "availability-zone-id", "Filter.1.Value.1": "use1-az2"}
    assert made["volumeId"] in [v["volumeId"] for v in query("DescribeVolumes", **find)["volumeSet"]]
    told = query("RunInstances", ImageId=PLAIN, MinCount=1, MaxCount=1, **{"Placement.AvailabilityZoneId": "use1-az2"})["instancesSet"][0]
    assert {k: told["placement"][k] for k in there} == there
    for action, path in (("DescribeInstances", "reservationSet"), ("DescribeInstanceStatus", "instanceStatusSet")):
        rows = query(action, **find)[path]
        rows = [i for r in rows for i in r["instancesSet"]] if action == "DescribeInstances" else rows
        assert told["instanceId"] in [i["instanceId"] for i in rows], action
        for i in rows:
            place = i.get("placement", i)
            assert {k: place[k] for k in there} == there, action
    refused("InvalidParameterValue", query, action="RunInstances", ImageId=PLAIN, MinCount=1, MaxCount=1,
            **{"Placement.AvailabilityZoneId": "euw1-az1"})


@test
def regions_and_zones_are_filtered():
    """DescribeRegions, DescribeAvailabilityZones: filters"""
    got = ec2.describe_regions(Filters=[{"Name": "region-name", "Values": ["eu-west-?"]}])["Regions"]
    assert [r["RegionName"] for r in got] == ["eu-west-1", "eu-west-2", "eu-west-3"]
    got = ec2.describe_availability_zones(Filters=[{"Name": "zone-name", "Values": ["*b"]}])["AvailabilityZones"]
    assert [z["ZoneName"] for z in got] == ["us-east-1b"]
    usual = {r["RegionName"] for r in ec2.describe_regions()["Regions"]}
    more = {r["RegionName"]: r["OptInStatus"] for r in ec2.describe_regions(AllRegions=True)["Regions"] if r["RegionName"] not in usual}
    assert "us-west-2" in usual and more["me-south-1"] == "not-opted-in" and set(more.values()) == {"not-opted-in"}


@test
def pages_hold_everything_once():
    """paging: every describe gives all its rows once, by tokens"""
    many = [volume(TagSpecifications=[{"ResourceType": "volume", "Tags": [{"Key": "page", "Value": str(n)}]}]) for n in range(12)]
    for key in ("a", "b" * 127):
        ec2.create_tags(Resources=many, Tags=[{"Key": key, "Value": "v"}])
    for _ in range(4):
        launch()

    def pages(name, key, size, **kw):
        return [[row for row in page[key]] for page in
                ec2.get_paginator(name).paginate(PaginationConfig={"PageSize": size}, **kw)]
    told = pages("describe_volumes", "Volumes", 5, Filters=[{"Name": "tag-key", "Values": ["page"]}])
    assert [len(p) for p in told] == [5, 5, 2] and sorted(many) == [v["VolumeId"] for p in told for v in p]
    told = [t["ResourceId"] + t["Key"] for p in pages("describe_tags", "Tags", 5, Filters=[
        {"Name": "resource-id", "Values": many}]) for t in p]
    assert len(told) == len(set(told)) == 36
    told = [r["Instances"][0]["InstanceId"] for p in pages("describe_instances", "Reservations", 5) for r in p]
    assert len(told) == len(set(told)) == len(ec2.describe_instances()["Reservations"])
    token, told = {}, []
    while token is not None:
        page = query("DescribeImages", MaxResults=5, **{"Owner.1": "self"}, **token)
        told += [i["imageId"] for i in page["imagesSet"]]
        token = {"NextToken": page["nextToken"]} if page.get("nextToken") else None
    assert len(told) == len(set(told)) == len(ec2.describe_images(Owners=["self"])["Images"])


@test
def a_reservation_is_on_one_page():
    """paging: instances of one launch are one item of DescribeInstances, never split over two pages"""
    with served("--instant", "--empty") as url:
        c = client("ec2", url=url)
        image = c.register_image(Name="abc", RootDeviceName="/dev/xvda", BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {
            "SnapshotId": c.create_snapshot(VolumeId=c.create_volume(Size=1, **ZONE)["VolumeId"])["SnapshotId"]}}])["ImageId"]
        made = [{i["InstanceId"] for i in c.run_instances(ImageId=image, MinCount=n, MaxCount=n)["Instances"]} for n in (1, 3, 1, 4, 2, 3, 2)]
        pages = [[{i["InstanceId"] for i in r["Instances"]} for r in p["Reservations"]]
                 for p in c.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 5})]
        assert pages == [made[:5], made[5:]], pages
        odd = [{"Name": "launch-index", "Values": ["1", "3"]}]
        told = [r["Instances"] for p in c.get_paginator("describe_instances").paginate(Filters=odd, PaginationConfig={"PageSize": 5})
                for r in p["Reservations"]]
        assert [len(r) for r in told] == [1, 2, 1, 1, 1]


@test
def pages_go_on_after_a_restart():
    """paging: a token of before kill -9 is good after it, in every paged Describe"""
    cloud = Folder()
    c = client("ec2", url=cloud.start())
    for _ in range(6):
        c.create_volume(Size=1, **ZONE)
        c.run_instances(ImageId=PLAIN, MinCount=1, MaxCount=1)
    c.create_tags(Resources=[PLAIN], Tags=[{"Key": k, "Value": k} for k in "abcdef"])
    asked = {"DescribeImages": ("imagesSet", {"Owner.1": "self"}), "DescribeSnapshots": ("snapshotSet", {"Owner.1": "self"}),
             "DescribeVolumes": ("volumeSet", {}), "DescribeInstances": ("reservationSet", {}),
             "DescribeInstanceStatus": ("instanceStatusSet", {}), "DescribeTags": ("tagSet", {})}
    first = {a: query(a, url=c.meta.endpoint_url, MaxResults=5, **kw) for a, (_, kw) in asked.items()}
    cloud.kill()
    url = cloud.start()
    for action, (rows, kw) in asked.items():
        rest = query(action, url=url, MaxResults=1000, NextToken=first[action]["nextToken"], **kw)[rows]
        whole = query(action, url=url, **kw)[rows]
        assert len(first[action][rows]) == 5 and len(whole) > 5 and first[action][rows] + rest == whole, action
    cloud.kill()


@test
def lists_and_scalars():
    """a list given as X is one of X.1; X.1 is the scalar X; other indices are not"""
    for kw in {"ImageId": PLAIN}, {"ImageId.1": PLAIN}, {"ImageId.7": PLAIN}:
        assert [i["imageId"] for i in query("DescribeImages", **kw)["imagesSet"]] == [PLAIN], kw
    assert query("DescribeSnapshots", SnapshotId=SNAPSHOT)["snapshotSet"][0]["snapshotId"] == SNAPSHOT
    for _ in range(2):
        made = ec2.create_snapshot(VolumeId=loose)["SnapshotId"]
        assert query("DeleteSnapshot", **{"SnapshotId.1": made})["return"] == "true"
    refused("UnknownParameter", query, action="DeleteSnapshot", **{"SnapshotId.2": made})
    refused("UnknownParameter", query, action="DescribeImages", **{"ImageId.x": PLAIN})


@test
def what_is_empty_is_not_given():
    """empty parameters: texts, numbers, truths, times, lists"""
    def told(action, **kw):
        return {k: v for k, v in query(action, **kw).items() if k not in ("requestId", "createTime", "volumeId", "imageId", "startTime")}
    whole = {i["imageId"] for i in query("DescribeImages", **{"Owner.1": "self"})["imagesSet"]}
    for name in ("ImageId", "ExecutableBy", "MaxResults", "NextToken", "IncludeDeprecated", "DryRun", "Filter"):
        got = query("DescribeImages", **{"Owner.1": "self", name: ""})["imagesSet"]
        assert {i["imageId"] for i in got} == whole, name
    refused("InvalidAMIID.Malformed", query, action="DescribeImages", **{"ImageId.1": ""})  # an id, and none of an image
    made = {**ZONE, "Size": 1}
    for name in ("SnapshotId", "VolumeType", "Iops", "Encrypted", "KmsKeyId", "ClientToken", "Throughput", "MultiAttachEnabled"):
        assert told("CreateVolume", **made, **{name: ""}) == told("CreateVolume", **made), name
    refused("MissingParameter", query, action="CreateVolume", AvailabilityZone="us-east-1a", Size="")
    for name in ("ImageId", "Attribute"):
        refused("MissingParameter", query, action="DescribeImageAttribute", **{"ImageId": PLAIN, "Attribute": "description", name: ""})
    copies = [query("CopyImage", Name=next(names), SourceImageId=PLAIN, SourceRegion="us-east-1", **kw)["imageId"] for kw in
              ({"Encrypted": "", "KmsKeyId": "", "ClientToken": "", "Description": ""}, {"ClientToken": ""})]
    assert copies[0] != copies[1]
    for i in query("DescribeImages", **{"ImageId.1": copies[0]})["imagesSet"]:
        assert "description" not in i and {m["ebs"]["encrypted"] for m in i["blockDeviceMapping"]} == {"false"}
    for i in copies:
        ec2.deregister_image(ImageId=i)


# ---- tags ------------------------------------------------------------------------------------------------

@test
def tags_are_listed():
    """DescribeTags: key, value, resource-id, resource-type, tag:K; one's own and of this region"""
    v = volume()
    snapshot = ec2.create_snapshot(VolumeId=v)["SnapshotId"]
    mine = {v: "volume", snapshot: "snapshot", box: "instance", taken: "image"}
    ec2.create_tags(Resources=list(mine), Tags=[{"Key": "listed", "Value": "yes"}, {"Key": "other", "Value": "no"}])

    def told(**filters):
        return [(t["ResourceId"], t["ResourceType"], t["Key"], t["Value"]) for t in ec2.describe_tags(Filters=[
            {"Name": n.replace("_", "-"), "Values": vs} for n, vs in filters.items()])["Tags"]]
    assert sorted(told(key=["listed"])) == sorted((i, t, "listed", "yes") for i, t in mine.items())
    assert told(key=["list*"], resource_type=["snapshot"]) == [(snapshot, "snapshot", "listed", "yes")]
    assert told(resource_id=[v], value=["n?"]) == [(v, "volume", "other", "no")]
    assert len(told(**{"tag:listed": ["yes"]})) == 4
    for c in (client("ec2", account=TWO), client("ec2", "eu-west-1")):
        assert c.describe_tags(Filters=[{"Name": "key", "Values": ["listed"]}])["Tags"] == []


@test
def tags_are_deleted():
    """DeleteTags: by key, by key and value, all; CreateTags overwrites"""
    v = volume()

    def have():
        return {t["Key"]: t["Value"] for t in ec2.describe_volumes(VolumeIds=[v])["Volumes"][0].get("Tags", [])}
    put = [{"Key": k, "Value": k + k} for k in "abcd"]
    ec2.create_tags(Resources=[v], Tags=put)
    ec2.create_tags(Resources=[v], Tags=[{"Key": "d", "Value": ""}])
    ec2.delete_tags(Resources=[v], Tags=[{"Key": "a"}, {"Key": "b", "Value": "other"}, {"Key": "c", "Value": ""}])
    assert have() == {"b": "bb", "c": "cc", "d": ""}, have()
    ec2.delete_tags(Resources=[v], Tags=[{"Key": "d", "Value": ""}, {"Key": "b", "Value": "bb"}])
    assert have() == {"c": "cc"}
    ec2.delete_tags(Resources=[v])
    assert have() == {}
    ec2.create_tags(Resources=[v], Tags=[{"Key": "without a value"}])
    ec2.delete_tags(Resources=[v], Tags=[{"Key": "without a value", "Value": ""}])
    assert have() == {}


@test
def snapshots_of_all_volumes():
    """CreateSnapshots: each volume of an instance, less what is excluded; tags of the volumes and of the request"""
    i = launch(ImageId="ami-0a000000000000004", TagSpecifications=[
        {"ResourceType": "volume", "Tags": [{"Key": "disk", "Value": "of the volume"}, {"Key": "x", "Value": "volume"}]}])
    devices = {m["DeviceName"]: m["Ebs"]["VolumeId"] for m in
               ec2.describe_instances(InstanceIds=[i])["Reservations"][0]["Instances"][0]["BlockDeviceMappings"]}

    def take(spec=None, **kw):
        return ec2.create_snapshots(InstanceSpecification={"InstanceId": i, **(spec or {})}, **kw)["Snapshots"]
    both = take(Description="both", CopyTagsFromSource="volume", TagSpecifications=[
        {"ResourceType": "snapshot", "Tags": [{"Key": "x", "Value": "request"}]}])
    assert [s["VolumeId"] for s in both] == [devices["/dev/xvda"], devices["/dev/sdf"]]
    for s in both:
        assert s["State"] == "pending" and s["Progress"] == "" and s["OwnerId"] == ONE and s["Description"] == "both"
        assert {t["Key"]: t["Value"] for t in s["Tags"]} == {"disk": "of the volume", "x": "request"}
    assert [(s["Encrypted"], s["VolumeSize"]) for s in both] == [(False, 8), (True, 10)]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[s["SnapshotId"] for s in both])
    seen = {s["VolumeId"]: s for s in ec2.describe_snapshots(SnapshotIds=[s["SnapshotId"] for s in both])["Snapshots"]}
    two = kms.describe_key(KeyId="alias/two")["KeyMetadata"]["Arn"]
    assert seen[devices["/dev/sdf"]]["KmsKeyId"] == two and "KmsKeyId" not in seen[devices["/dev/xvda"]]
    assert [s["VolumeId"] for s in take({"ExcludeBootVolume": True})] == [devices["/dev/sdf"]]
    data = {"InstanceSpecification.InstanceId": i, "InstanceSpecification.ExcludeDataVolumeId.1": devices["/dev/sdf"]}
    one = query("CreateSnapshots", **data)["snapshotSet"]
    assert [s["volumeId"] for s in one] == [devices["/dev/xvda"]] and "tagSet" not in one[0]
    refused("InvalidParameterValue", query, action="CreateSnapshots", **{**data, "InstanceSpecification.ExcludeBootVolume": "true"})
    ec2.terminate_instances(InstanceIds=[i])


if __name__ == "__main__":
    main()
