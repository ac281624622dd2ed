#!/usr/bin/python3
"""boto3 against the served local cloud: its own parsers, waiters and paginators are the judges. TAP."""
import os
import sys
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

URL = os.environ["LUNAMI_URL"]
tests = []


def client(service, region="us-east-1", account="000000000001", secret="local", key=None):
    return boto3.client(service, region_name=region, endpoint_url=URL, aws_access_key_id=key or "LOCAL" + account,
                        aws_secret_access_key=secret, config=Config(retries={"max_attempts": 0}))


def test(fn):
    tests.append(fn)
    return fn


def code_of(fn, **kw):
    try:
        fn(**kw)
    except ClientError as e:
        return e.response["Error"]["Code"]
    return None


ec2, kms, sts = client("ec2"), client("kms"), client("sts")


@test
def identity():
    assert sts.get_caller_identity()["Account"] == "000000000001"
    assert client("sts", account="123456789012").get_caller_identity()["Account"] == "123456789012"


@test
def copy_under_a_key_and_the_waiter():
    key = kms.describe_key(KeyId="alias/golden")["KeyMetadata"]
    image = ec2.copy_image(Name="boto-golden", SourceImageId="ami-0a000000000000002", SourceRegion="us-east-1",
                           Encrypted=True, KmsKeyId="alias/golden")["ImageId"]
    ec2.create_tags(Resources=[image], Tags=[{"Key": "a", "Value": "b"}])
    ec2.get_waiter("image_available").wait(ImageIds=[image], WaiterConfig={"Delay": 1, "MaxAttempts": 5})
    got = ec2.describe_images(ImageIds=[image])["Images"][0]
    assert got["Tags"] == [{"Key": "a", "Value": "b"}]
    assert "KmsKeyId" not in got["BlockDeviceMappings"][0]["Ebs"]
    ids = [m["Ebs"]["SnapshotId"] for m in got["BlockDeviceMappings"]]
    for s in ec2.describe_snapshots(SnapshotIds=ids)["Snapshots"]:
        assert s["Encrypted"] and s["KmsKeyId"] == key["Arn"] and s["Progress"] == "100%"
        assert s["VolumeId"] == "vol-ffffffff" and s["Description"].startswith("Copied for DestinationAmi " + image)


@test
def keep_and_the_outcome_table():
    def outcome(source, **kw):
        region = kw.pop("region", "us-east-1")
        c = client("ec2", region)
        image = c.copy_image(Name="boto-out", SourceImageId=source, SourceRegion="us-east-1", **kw)["ImageId"]
        got = c.describe_images(ImageIds=[image])["Images"][0]
        ids = [m["Ebs"]["SnapshotId"] for m in got["BlockDeviceMappings"]]
        by_id = {s["SnapshotId"]: s for s in c.describe_snapshots(SnapshotIds=ids)["Snapshots"]}
        return [by_id[i].get("KmsKeyId") for i in ids]

    def arn(alias, region="us-east-1"):
        return client("kms", region).describe_key(KeyId=alias)["KeyMetadata"]["Arn"]

    plain, one, default = "ami-0a000000000000001", "ami-0a000000000000003", "ami-0a000000000000005"
    assert outcome(plain) == [None, None]                                    # unencrypted, nothing
    assert outcome(plain, Encrypted=False) == [None, None]
    assert outcome(plain, Encrypted=True) == [arn("alias/aws/ebs")] * 2      # unencrypted, Encrypted only
    assert outcome(plain, Encrypted=True, KmsKeyId=arn("alias/two")) == [arn("alias/two")] * 2
    assert outcome(one) == [arn("alias/one")]                                # own CMK, nothing
    assert outcome(one, Encrypted=True) == [arn("alias/one")]
    assert outcome(one, Encrypted=True, KmsKeyId="alias/two") == [arn("alias/two")]
    assert outcome(default) == [arn("alias/aws/ebs")]                        # own aws/ebs, nothing
    assert outcome(one, region="eu-west-1") == [arn("alias/aws/ebs", "eu-west-1")]  # another region
    assert outcome(one, region="eu-west-1", Encrypted=True, KmsKeyId="alias/golden") == [arn("alias/golden", "eu-west-1")]
    args = dict(Name="boto-out", SourceRegion="us-east-1")
    assert code_of(ec2.copy_image, SourceImageId=one, Encrypted=False, **args) == "InvalidRequest"
    assert code_of(ec2.copy_image, SourceImageId=one, KmsKeyId="alias/two", **args) == "InvalidParameterDependency"


@test
def the_same_key_shares_the_data_key():
    image = ec2.copy_image(Name="boto-data-key", SourceImageId="ami-0a000000000000003", SourceRegion="us-east-1")["ImageId"]
    ec2.get_waiter("image_available").wait(ImageIds=[image], WaiterConfig={"Delay": 1, "MaxAttempts": 5})
    snap = ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    both = ec2.describe_snapshots(SnapshotIds=[snap, "snap-0a000000000000005"])["Snapshots"]
    assert len({s["DataEncryptionKeyId"] for s in both}) == 1


@test
def a_bad_key_is_accepted_and_fails_later():
    image = ec2.copy_image(Name="boto-bad", SourceImageId="ami-0a000000000000002", SourceRegion="us-east-1",
                           Encrypted=True, KmsKeyId="alias/retired")["ImageId"]
    try:
        ec2.get_waiter("image_available").wait(ImageIds=[image], WaiterConfig={"Delay": 1, "MaxAttempts": 5})
        raise AssertionError("became available")
    except WaiterError:
        pass
    got = ec2.describe_images(ImageIds=[image])["Images"][0]
    assert got["State"] == "failed" and got["StateReason"]["Message"] == "Copy image failed with an internal error"
    snap = ec2.describe_snapshots(SnapshotIds=[got["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]])["Snapshots"][0]
    assert snap["State"] == "error" and snap["StateMessage"] == "Given key ID is not accessible"


@test
def client_tokens():
    args = dict(Name="boto-token", SourceImageId="ami-0a000000000000002", SourceRegion="us-east-1", ClientToken="tok")
    assert ec2.copy_image(**args)["ImageId"] == ec2.copy_image(**args)["ImageId"]
    assert code_of(ec2.copy_image, **dict(args, Name="boto-other")) == "IdempotentParameterMismatch"
    volume = dict(AvailabilityZone="us-east-1a", Size=1, ClientToken="tok")
    assert ec2.create_volume(**volume)["VolumeId"] == ec2.create_volume(**volume)["VolumeId"]
    assert code_of(ec2.create_volume, **dict(volume, Size=2)) == "IdempotentParameterMismatch"


@test
def filters_and_pages():
    golden = ec2.describe_images(Filters=[{"Name": "name", "Values": ["golden-2026-1?"]}])["Images"]
    assert sorted(i["Name"] for i in golden) == ["golden-2026-10", "golden-2026-11"]
    mixed = ec2.describe_images(Owners=["self"], Filters=[{"Name": "block-device-mapping.encrypted", "Values": ["true"]},
                                                          {"Name": "name", "Values": ["mixed"]}])["Images"]
    assert len(mixed) == 1
    assert code_of(ec2.describe_images, Filters=[{"Name": "nonsense", "Values": ["x"]}]) == "InvalidParameterValue"
    ids = [s["SnapshotId"] for page in ec2.get_paginator("describe_snapshots").paginate(
        OwnerIds=["self"], PaginationConfig={"PageSize": 5}) for s in page["Snapshots"]]
    assert len(ids) == len(set(ids)) >= 8
    assert code_of(ec2.describe_snapshots, MaxResults=4) == "InvalidParameterValue"
    assert code_of(ec2.describe_snapshots, NextToken="junk") == "InvalidPaginationToken"


@test
def errors_have_aws_codes():
    assert code_of(ec2.describe_images, ImageIds=["ami-0b000000000000001"]) == "InvalidAMIID.NotFound"
    assert code_of(ec2.describe_images, ImageIds=["x"]) == "InvalidAMIID.Malformed"
    assert code_of(ec2.describe_snapshots, SnapshotIds=["snap-0b"]) == "InvalidSnapshot.NotFound"
    assert code_of(ec2.create_volume, AvailabilityZone="us-east-1a") == "MissingParameter"
    assert code_of(ec2.create_volume, AvailabilityZone="eu-west-1a", Size=1) == "InvalidZone.NotFound"
    assert code_of(ec2.create_volume, AvailabilityZone="us-east-1a", Size=1, KmsKeyId="k") == "InvalidParameterDependency"
    assert code_of(ec2.describe_images, DryRun=True) == "DryRunOperation"
    assert code_of(ec2.delete_snapshot, SnapshotId="snap-0a000000000000003") == "InvalidSnapshot.InUse"
    assert code_of(ec2.describe_vpn_gateways) == "InvalidAction"
    assert code_of(kms.describe_key, KeyId="alias/none") == "NotFoundException"
    assert code_of(kms.create_alias, AliasName="alias/one", TargetKeyId="00000000-0000-4000-8000-000000000002") == "AlreadyExistsException"
    assert code_of(kms.create_alias, AliasName="alias/aws/x", TargetKeyId="00000000-0000-4000-8000-000000000002") == "InvalidAliasNameException"
    assert code_of(kms.schedule_key_deletion, KeyId="00000000-0000-4000-8000-000000000002", PendingWindowInDays=3) == "ValidationException"


@test
def wrong_signatures_are_refused():
    assert code_of(client("ec2", secret="wrong").describe_images) == "AuthFailure"
    assert code_of(client("ec2", key="AKIAIOSFODNN7EXAMPLE").describe_images) == "AuthFailure"
    assert code_of(client("kms", secret="wrong").list_keys) == "InvalidSignatureException"
    assert code_of(client("sts", key="LOCAL1").get_caller_identity) == "InvalidClientTokenId"


@test
def keys_live_and_die():
    key = kms.create_key(Description="boto")["KeyMetadata"]
    assert key["KeyState"] == "Enabled" and key["KeySpec"] == "SYMMETRIC_DEFAULT"
    kms.create_alias(AliasName="alias/boto", TargetKeyId=key["KeyId"])
    assert kms.describe_key(KeyId="alias/boto")["KeyMetadata"]["Arn"] == key["Arn"]
    kms.disable_key(KeyId=key["Arn"])
    assert kms.describe_key(KeyId=key["Arn"])["KeyMetadata"]["Enabled"] is False
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert code_of(kms.disable_key, KeyId=key["KeyId"]) == "KMSInvalidStateException"
    kms.cancel_key_deletion(KeyId=key["KeyId"])
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Disabled"
    names = [a["AliasName"] for p in kms.get_paginator("list_aliases").paginate(PaginationConfig={"PageSize": 2}) for a in p["Aliases"]]
    assert len(names) == len(set(names)) and "alias/boto" in names


@test
def tags():
    ec2.create_tags(Resources=["ami-0a000000000000001"], Tags=[{"Key": "stage", "Value": "old"}])
    assert ec2.describe_images(Filters=[{"Name": "tag:stage", "Values": ["old"]}])["Images"][0]["ImageId"] == "ami-0a000000000000001"
    ec2.delete_tags(Resources=["ami-0a000000000000001"], Tags=[{"Key": "stage"}])
    assert ec2.describe_images(Filters=[{"Name": "tag-key", "Values": ["stage"]}])["Images"] == []
    assert code_of(ec2.create_tags, Resources=["ami-0b0"], Tags=[{"Key": "a", "Value": "b"}]) == "InvalidAMIID.NotFound"
    assert code_of(ec2.create_tags, Resources=["ami-0a000000000000001"], Tags=[{"Key": "aws:x", "Value": "b"}]) == "InvalidParameterValue"


@test
def register_and_deregister():
    image = ec2.register_image(Name="boto-reg", Architecture="x86_64", RootDeviceName="/dev/xvda", VirtualizationType="hvm",
                               BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-0a000000000000003"}}])["ImageId"]
    assert code_of(ec2.register_image, Name="boto-reg", RootDeviceName="/dev/xvda", BlockDeviceMappings=[
        {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-0a000000000000003"}}]) == "InvalidAMIName.Duplicate"
    assert code_of(ec2.register_image, Name="boto-reg2", RootDeviceName="/dev/xvda", BlockDeviceMappings=[
        {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-0a000000000000003", "Encrypted": True}}]) == "InvalidBlockDeviceMapping"
    ec2.deregister_image(ImageId=image)
    assert ec2.describe_images(ImageIds=[image])["Images"] == []


failed = 0
for n, fn in enumerate(tests, 1):
    try:
        fn()
        print(f"ok {n} - {fn.__name__}")
    except Exception as e:  # every failure is a line, not the end
        failed += 1
        print(f"not ok {n} - {fn.__name__}\n# {type(e).__name__}: {e}")
        import traceback
        print("# " + traceback.format_exc().replace("\n", "\n# "))
print(f"1..{len(tests)}")
sys.exit(1 if failed else 0)
