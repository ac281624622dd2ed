#!/usr/bin/python3
"""Every permission of KMS that EBS uses (and EC2's own), taken away one at a time on the served local cloud by boto3. TAP."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from botocore.exceptions import ClientError  # noqa: E402
from tap import client, error, main, test, tests  # noqa: E402

OWN = "000000000007"  # an account of its own: no other test's defaults and keys
iam, sts, kms, admin = (client(service, account=OWN) for service in ("iam", "sts", "kms", "ec2"))
NOT_ACCESSIBLE = "Given key ID is not accessible"
DESCRIBE_DEFAULT = "Given key ID is not accessible. You must have DescribeKey permissions on the default CMK"
SOURCE, TARGET = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
ZONE = "us-east-1a"

iam.create_role(RoleName="ebs-user", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": OWN}, "Action": "sts:AssumeRole"}]}))
role = sts.assume_role(RoleArn=f"arn:aws:iam::{OWN}:role/ebs-user", RoleSessionName="tests")["Credentials"]
ec2 = client("ec2", aws_access_key_id=role["AccessKeyId"], aws_secret_access_key=role["SecretAccessKey"],
             aws_session_token=role["SessionToken"])


def may(source, target, also="ec2:*"):
    """The role may do these operations of KMS with the two keys, and EC2's."""
    keys = [(SOURCE, source), (TARGET, target)]
    iam.put_role_policy(RoleName="ebs-user", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": also, "Resource": "*"},
        *({"Effect": "Allow", "Action": ["kms:" + o for o in operations], "Resource": key} for key, operations in keys if operations)]}))


# ---- things to begin with, made by the administrator

volume = admin.create_volume(AvailabilityZone=ZONE, Size=1, Encrypted=True, KmsKeyId=SOURCE)["VolumeId"]
snapshot = admin.create_snapshot(VolumeId=volume)["SnapshotId"]


def registered(name, snapshot_id):
    return admin.register_image(Name=name, RootDeviceName="/dev/xvda", VirtualizationType="hvm", BlockDeviceMappings=[
        {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snapshot_id}}])["ImageId"]


image = registered("encrypted", snapshot)
plain = registered("plain", admin.create_snapshot(
    VolumeId=admin.create_volume(AvailabilityZone=ZONE, Size=1)["VolumeId"])["SnapshotId"])
instance = admin.run_instances(ImageId=plain, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
numbers = iter(range(10000))


def told(snapshot_id):
    got = admin.describe_snapshots(SnapshotIds=[snapshot_id])["Snapshots"][0]
    return got["State"], got.get("StateMessage")


def copy_snapshot():
    return told(ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=snapshot, Encrypted=True, KmsKeyId=TARGET)["SnapshotId"])


def copied_image(source, **key):
    made = ec2.copy_image(Name=f"copy-{next(numbers)}", SourceImageId=source, SourceRegion="us-east-1", **key)["ImageId"]
    got = admin.describe_images(ImageIds=[made])["Images"][0]
    snapshots = [told(d["Ebs"]["SnapshotId"]) for d in got["BlockDeviceMappings"]]
    assert got["State"] == ("available" if snapshots[0][0] == "completed" else "failed")
    return snapshots[0]


def copy_image():
    return copied_image(image, Encrypted=True, KmsKeyId=TARGET)


def encrypt_image():
    return copied_image(plain, Encrypted=True, KmsKeyId=TARGET)


def volume_made(**how):
    made = ec2.create_volume(AvailabilityZone=ZONE, **how)["VolumeId"]
    found = admin.describe_volumes(Filters=[{"Name": "volume-id", "Values": [made]}])["Volumes"]
    return ("completed" if found else "vanished"), None


def create_volume():
    return volume_made(SnapshotId=snapshot, Encrypted=True, KmsKeyId=TARGET)


def create_same_volume():
    return volume_made(SnapshotId=snapshot)


def create_empty_volume():
    return volume_made(Size=1, Encrypted=True, KmsKeyId=TARGET)


def launched(**how):
    made = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, **how)["Instances"][0]["InstanceId"]
    got = admin.describe_instances(InstanceIds=[made])["Reservations"][0]["Instances"][0]
    if got["State"]["Name"] == "running":
        admin.terminate_instances(InstanceIds=[made])
        return "completed", None
    return got["State"]["Name"], got["StateReason"]["Code"]


def run_instances():
    return launched(BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "KmsKeyId": TARGET}}])


def run_same_instances():
    return launched()


def create_snapshot():
    return told(ec2.create_snapshot(VolumeId=volume)["SnapshotId"])


def attach_volume():
    try:
        ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdx")
    except ClientError as e:
        if e.response["Error"]["Code"] == "UnauthorizedOperation":
            raise
        return admin.describe_volumes(VolumeIds=[volume])["Volumes"][0]["State"], e.response["Error"]["Code"]
    admin.detach_volume(VolumeId=volume)
    return "completed", None


def start_instances():
    made = admin.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    admin.stop_instances(InstanceIds=[made])
    ec2.start_instances(InstanceIds=[made])
    got = admin.describe_instances(InstanceIds=[made])["Reservations"][0]["Instances"][0]
    admin.terminate_instances(InstanceIds=[made])
    return ("completed", None) if got["State"]["Name"] == "running" else (got["State"]["Name"], got["StateReason"]["Code"])


COPY_FROM = ["Decrypt", "ReEncryptFrom", "DescribeKey", "CreateGrant"]
COPY_TO = ["GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptTo", "DescribeKey", "CreateGrant"]
VOLUME_TO = ["GenerateDataKeyWithoutPlaintext", "CreateGrant", "DescribeKey"]
LAUNCH_FAILED = ("terminated", "Client.InternalError")

# what is done; what it needs of the source's and of the target's key; what becomes of it when one is missing
ROWS = [
    (copy_snapshot, COPY_FROM, COPY_TO, ("error", NOT_ACCESSIBLE)),
    (copy_image, COPY_FROM, COPY_TO, ("error", NOT_ACCESSIBLE)),
    (encrypt_image, [], COPY_TO, ("error", NOT_ACCESSIBLE)),
    (create_volume, ["Decrypt", "CreateGrant", "ReEncryptFrom"], VOLUME_TO + ["ReEncryptTo"], ("vanished", None)),
    (create_same_volume, ["Decrypt"] + VOLUME_TO, [], ("vanished", None)),
    (create_empty_volume, [], VOLUME_TO, ("vanished", None)),
    (run_instances, ["Decrypt", "CreateGrant", "ReEncryptFrom"], VOLUME_TO + ["ReEncryptTo"], LAUNCH_FAILED),
    (run_same_instances, ["Decrypt"] + VOLUME_TO, [], LAUNCH_FAILED),
    (create_snapshot, ["DescribeKey", "Decrypt", "CreateGrant"], [], ("error", NOT_ACCESSIBLE)),
    (attach_volume, ["CreateGrant", "Decrypt"], [], ("available", "CustomerKeyHasBeenRevoked")),
    (start_instances, ["CreateGrant", "Decrypt"], [], ("stopped", "Client.InternalError")),
]


def without(operations, one):
    return [o for o in operations if o != one]


def row(call, source, target, failed, side, missing):
    def check():
        may(without(source, missing) if side == "source" else source, without(target, missing) if side == "target" else target)
        assert call() == failed, (call(), failed)
    check.__doc__ = f"3.7 {call.__name__}: without kms:{missing} on the {side}'s key it fails: {failed[0]}, {failed[1]}"
    return check


def whole(call, source, target):
    def check():
        may(source, target)
        assert call() == ("completed", None), call()
    check.__doc__ = f"3.7 {call.__name__}: these permissions are enough"
    return check


for call, source, target, failed in ROWS:
    tests.append(whole(call, source, target))
    tests.extend(row(call, source, target, failed, "source", missing) for missing in source)
    tests.extend(row(call, source, target, failed, "target", missing) for missing in target)


@test
def a_copy_looks_at_the_default_key_too():
    default = kms.create_key()["KeyMetadata"]["Arn"]
    admin.modify_ebs_default_kms_key_id(KmsKeyId=default)
    try:
        may(COPY_FROM, COPY_TO)
        assert copy_snapshot() == ("error", DESCRIBE_DEFAULT)
        assert copy_image() == ("error", DESCRIBE_DEFAULT)
        assert create_empty_volume() == ("completed", None)
    finally:
        admin.reset_ebs_default_kms_key_id()
    assert copy_snapshot() == ("completed", None)


@test
def without_ec2s_own_permission_it_is_refused_at_once():
    for call, action in ((copy_snapshot, "CopySnapshot"), (copy_image, "CopyImage"), (create_volume, "CreateVolume"),
                         (run_instances, "RunInstances"), (create_snapshot, "CreateSnapshot"), (attach_volume, "AttachVolume")):
        may(COPY_FROM, COPY_TO, also="ec2:Describe*")
        code, text, status = error(call)
        assert (code, status) == ("UnauthorizedOperation", 403) and f"ec2:{action} on resource" in text, (code, text)


@test
def blocks_need_ebs_and_decrypt():
    direct = client("ebs", aws_access_key_id=role["AccessKeyId"], aws_secret_access_key=role["SecretAccessKey"],
                    aws_session_token=role["SessionToken"])
    may([], [], also="ec2:*")
    code, text, status = error(direct.start_snapshot, VolumeSize=1)
    assert (code, status) == ("AccessDeniedException", 403) and "ebs:StartSnapshot" in text, (code, text)
    may([], VOLUME_TO, also="ebs:*")
    code, text, status = error(direct.start_snapshot, VolumeSize=1, Encrypted=True, KmsKeyArn=TARGET)
    assert (code, status) == ("AccessDeniedException", 403) and TARGET in text, (code, text)
    may([], VOLUME_TO + ["Decrypt"], also="ebs:*")
    assert direct.start_snapshot(VolumeSize=1, Encrypted=True, KmsKeyArn=TARGET)["Status"] == "pending"
    code, text, status = error(direct.start_snapshot, VolumeSize=1, Encrypted=True, KmsKeyArn=SOURCE)
    assert (code, status) == ("AccessDeniedException", 403) and SOURCE in text, (code, text)


@test
def a_grant_of_the_key_is_enough():
    may([], [])
    arn = f"arn:aws:iam::{OWN}:role/ebs-user"
    grants = [(key, kms.create_grant(KeyId=key, GranteePrincipal=arn, Operations=operations)["GrantId"])
              for key, operations in ((SOURCE, COPY_FROM), (TARGET, COPY_TO))]
    assert copy_snapshot() == ("completed", None)
    for key, grant in grants:
        kms.revoke_grant(KeyId=key, GrantId=grant)
    assert copy_snapshot() == ("error", NOT_ACCESSIBLE)


@test
def conditions_of_key_policies():
    """kms:ViaService and kms:GrantIsForAWSResource let EBS use a key that nobody uses directly"""
    statements = [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWN}:user/administrator"}, "Action": "kms:*", "Resource": "*"},
                  {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWN}:role/ebs-user"}, "Action": ["kms:" + o for o in COPY_TO],
                   "Resource": "*", "Condition": {"StringEquals": {"kms:ViaService": "ec2.us-east-1.amazonaws.com"},
                                                  "BoolIfExists": {"kms:GrantIsForAWSResource": "true"}}}]
    key = kms.create_key(Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))["KeyMetadata"]["Arn"]
    may([], [])
    made = volume_made(Size=1, Encrypted=True, KmsKeyId=key)
    assert made == ("completed", None)
    direct = client("kms", aws_access_key_id=role["AccessKeyId"], aws_secret_access_key=role["SecretAccessKey"],
                    aws_session_token=role["SessionToken"])
    assert error(direct.generate_data_key_without_plaintext, KeyId=key, KeySpec="AES_256")[0] == "AccessDeniedException"
    asked = {"KeyId": key, "GranteePrincipal": f"arn:aws:iam::{OWN}:root", "Operations": ["Decrypt"]}
    assert error(direct.create_grant, **asked)[0] == "AccessDeniedException"
    elsewhere = json.dumps({"Version": "2012-10-17", "Statement": statements}).replace("ec2.us-east-1", "ec2.eu-west-1")
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=elsewhere)
    failed, why = volume_made(Size=1, Encrypted=True, KmsKeyId=key)
    assert failed != "completed", why


main()
