#!/usr/bin/python3
"""The EBS direct APIs of the served local cloud by boto3: blocks go in and come out, errors are AWS's. TAP."""
import base64
import hashlib
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "lib"))
from tap import ONE, TWO, client, main, query, refused, test  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402

BLOCK = 524288
ebs, ec2, kms = client("ebs"), client("ec2"), client("kms")


def data(seed):
    """A block that only its seed makes."""
    return hashlib.sha256(str(seed).encode()).digest() * (BLOCK // 32)


def digest(raw):
    return base64.b64encode(hashlib.sha256(raw).digest()).decode()


def put(snapshot, index, seed, by=ebs, **other):
    raw = data(seed)
    fields = dict(SnapshotId=snapshot, BlockIndex=index, BlockData=raw, DataLength=BLOCK, Checksum=digest(raw), ChecksumAlgorithm="SHA256")
    return by.put_snapshot_block(**{**fields, **other})


def linear(blocks):
    """The aggregated checksum of {index: seed}."""
    return digest(b"".join(hashlib.sha256(data(blocks[i])).digest() for i in sorted(blocks)))


def upload(blocks, by=ebs, **options):
    started = by.start_snapshot(**{"VolumeSize": 1, **options})
    for index, seed in blocks.items():
        put(started["SnapshotId"], index, seed, by)
    by.complete_snapshot(SnapshotId=started["SnapshotId"], ChangedBlocksCount=len(blocks), Checksum=linear(blocks),
                         ChecksumAlgorithm="SHA256", ChecksumAggregationMethod="LINEAR")
    return started["SnapshotId"]


def listed(snapshot, by=ebs, **options):
    return {b["BlockIndex"]: b["BlockToken"] for b in by.list_snapshot_blocks(SnapshotId=snapshot, **options)["Blocks"]}


def download(snapshot, by=ebs):
    out = {}
    for index, token in listed(snapshot, by).items():
        got = by.get_snapshot_block(SnapshotId=snapshot, BlockIndex=index, BlockToken=token)
        raw = got["BlockData"].read()
        assert got["DataLength"] == len(raw) == BLOCK and got["ChecksumAlgorithm"] == "SHA256"
        assert got["Checksum"] == digest(raw)
        out[index] = raw
    return out


def same(snapshot, blocks, by=ebs):
    got = download(snapshot, by)
    assert got == {i: data(s) for i, s in blocks.items()}, (sorted(got), sorted(blocks))


def reason(code, why, status, call, **kw):
    try:
        call(**kw)
    except ClientError as e:
        told = e.response
        assert told["Error"]["Code"] == code and told["ResponseMetadata"]["HTTPStatusCode"] == status, told
        assert told.get("Reason", told["Error"].get("Reason")) == why, told
        return told["Error"]["Message"]
    raise AssertionError("expected " + code)


def invalid(why, call, **kw):
    return reason("ValidationException", why, 400, call, **kw)


def key(name):
    return kms.describe_key(KeyId=name)["KeyMetadata"]["Arn"]


def state(snapshot):
    return ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]


@test
def a_plain_snapshot_is_written_and_read_back():
    started = ebs.start_snapshot(VolumeSize=2, Description="by hand", Tags=[{"Key": "a", "Value": "b"}], Timeout=10)
    assert started["Status"] == "pending" and started["BlockSize"] == BLOCK and started["OwnerId"] == ONE
    assert started["VolumeSize"] == 2 and started["Tags"] == [{"Key": "a", "Value": "b"}] and started["StartTime"]
    assert "KmsKeyArn" not in started
    sid = started["SnapshotId"]
    assert put(sid, 5, "x", Progress=40)["Checksum"] == digest(data("x"))
    shown = state(sid)
    assert shown["State"] == "pending" and shown["Progress"] == "40%" and not shown["Encrypted"]
    put(sid, 5, "five")  # written over
    put(sid, 4095, "last")
    done = ebs.complete_snapshot(SnapshotId=sid, ChangedBlocksCount=2)
    assert done["Status"] == "pending"
    shown = state(sid)
    assert shown["State"] == "completed" and shown["Progress"] == "100%" and shown["Tags"] == [{"Key": "a", "Value": "b"}]
    assert shown["Description"] == "by hand" and shown["VolumeId"] == "vol-ffffffff"
    same(sid, {5: "five", 4095: "last"})
    assert ebs.complete_snapshot(SnapshotId=sid, ChangedBlocksCount=2)["Status"] == "completed"


@test
def an_encrypted_one_under_a_key_and_under_the_default():
    one = upload({0: 1, 7: 2}, Encrypted=True, KmsKeyArn=key("alias/one"))
    assert state(one)["KmsKeyId"] == key("alias/one") and state(one)["DataEncryptionKeyId"]
    same(one, {0: 1, 7: 2})
    other = ebs.start_snapshot(VolumeSize=1, Encrypted=True)
    assert other["KmsKeyArn"] == key("alias/aws/ebs")
    ec2.enable_ebs_encryption_by_default()
    try:
        assert "KmsKeyArn" in ebs.start_snapshot(VolumeSize=1)
    finally:
        ec2.disable_ebs_encryption_by_default()


@test
def a_child_holds_its_parents_blocks():
    parent = upload({0: "a", 1: "b", 9: "c"}, Encrypted=True, KmsKeyArn=key("alias/two"))
    child = upload({1: "B", 4: "d"}, ParentSnapshotId=parent)
    assert state(child)["DataEncryptionKeyId"] == state(parent)["DataEncryptionKeyId"]
    same(child, {0: "a", 1: "B", 4: "d", 9: "c"})
    same(parent, {0: "a", 1: "b", 9: "c"})
    changed = ebs.list_changed_blocks(FirstSnapshotId=parent, SecondSnapshotId=child)
    assert changed["VolumeSize"] == 1 and changed["BlockSize"] == BLOCK and changed["ExpiryTime"]
    items = changed["ChangedBlocks"]
    assert [b["BlockIndex"] for b in items] == [1, 4]
    assert "FirstBlockToken" in items[0] and "FirstBlockToken" not in items[1]
    got = ebs.get_snapshot_block(SnapshotId=child, BlockIndex=4, BlockToken=items[1]["SecondBlockToken"])
    assert got["BlockData"].read() == data("d")
    back = ebs.list_changed_blocks(FirstSnapshotId=child, SecondSnapshotId=parent)["ChangedBlocks"]
    assert [("SecondBlockToken" in b) for b in back] == [True, False]
    ec2.delete_snapshot(SnapshotId=parent)
    same(child, {0: "a", 1: "B", 4: "d", 9: "c"})


@test
def the_same_token_is_the_same_snapshot():
    first = ebs.start_snapshot(VolumeSize=1, ClientToken="once")
    assert ebs.start_snapshot(VolumeSize=1, ClientToken="once")["SnapshotId"] == first["SnapshotId"]
    reason("ConflictException", None, 409, ebs.start_snapshot, VolumeSize=2, ClientToken="once")


@test
def lists_come_in_pages():
    sid = upload({i * 3: i for i in range(120)})
    first = ebs.list_snapshot_blocks(SnapshotId=sid, MaxResults=100)
    assert len(first["Blocks"]) == 100 and first["NextToken"]
    second = ebs.list_snapshot_blocks(SnapshotId=sid, MaxResults=100, NextToken=first["NextToken"], StartingBlockIndex=5)
    assert len(second["Blocks"]) == 20 and "NextToken" not in second
    assert [b["BlockIndex"] for b in first["Blocks"] + second["Blocks"]] == [i * 3 for i in range(120)]
    assert min(listed(sid, StartingBlockIndex=100)) == 102
    invalid("INVALID_PAGE_TOKEN", ebs.list_snapshot_blocks, SnapshotId=sid, NextToken="AAAA")
    other = upload({1: 1})
    invalid("INVALID_PAGE_TOKEN", ebs.list_snapshot_blocks, SnapshotId=other, NextToken=first["NextToken"])
    for most in (99, 10001):
        invalid("INVALID_PARAMETER_VALUE", ebs.list_snapshot_blocks, SnapshotId=sid, MaxResults=most)
    empty = upload({})
    changed = ebs.list_changed_blocks(FirstSnapshotId=empty, SecondSnapshotId=sid, MaxResults=100)
    assert len(changed["ChangedBlocks"]) == 100
    rest = ebs.list_changed_blocks(FirstSnapshotId=empty, SecondSnapshotId=sid, NextToken=changed["NextToken"])
    assert len(rest["ChangedBlocks"]) == 20 and listed(empty) == {}


@test
def what_start_snapshot_refuses():
    parent, arn = upload({0: 0}), key("alias/one")
    for size in (0, 65537):
        invalid("INVALID_VOLUME_SIZE", ebs.start_snapshot, VolumeSize=size)
    for wrong in ({"ParentSnapshotId": parent, "Encrypted": True}, {"ParentSnapshotId": parent, "KmsKeyArn": arn},
                  {"KmsKeyArn": arn}, {"Encrypted": True, "KmsKeyArn": "alias/one"}, {"Timeout": 9}, {"Timeout": 4321},
                  {"Description": "d" * 256}):
        invalid("INVALID_PARAMETER_VALUE", ebs.start_snapshot, VolumeSize=1, **wrong)
    invalid("INVALID_SNAPSHOT_ID", ebs.start_snapshot, VolumeSize=1, ParentSnapshotId="snap-xyz")
    reason("ResourceNotFoundException", "SNAPSHOT_NOT_FOUND", 404, ebs.start_snapshot, VolumeSize=1, ParentSnapshotId="snap-0123")
    invalid("INVALID_TAG", ebs.start_snapshot, VolumeSize=1, Tags=[{"Key": "aws:x", "Value": ""}])
    invalid("INVALID_CUSTOMER_KEY", ebs.start_snapshot, VolumeSize=1, Encrypted=True, KmsKeyArn=arn[:-4] + "ffff")
    invalid("INVALID_CUSTOMER_KEY", ebs.start_snapshot, VolumeSize=1, Encrypted=True, KmsKeyArn=key("alias/retired"))
    foreign = client("kms", account=TWO).describe_key(KeyId="alias/partner")["KeyMetadata"]["Arn"]
    reason("AccessDeniedException", "DEPENDENCY_ACCESS_DENIED", 403, ebs.start_snapshot, VolumeSize=1, Encrypted=True, KmsKeyArn=foreign)
    larger = ebs.start_snapshot(VolumeSize=2, ParentSnapshotId=parent)
    ebs.complete_snapshot(SnapshotId=larger["SnapshotId"], ChangedBlocksCount=0)
    invalid("INVALID_VOLUME_SIZE", ebs.start_snapshot, VolumeSize=1, ParentSnapshotId=larger["SnapshotId"])
    ec2.enable_ebs_encryption_by_default()
    try:
        invalid("INVALID_PARAMETER_VALUE", ebs.start_snapshot, VolumeSize=1, ParentSnapshotId=parent)
    finally:
        ec2.disable_ebs_encryption_by_default()


@test
def what_put_snapshot_block_refuses():
    sid = ebs.start_snapshot(VolumeSize=1)["SnapshotId"]
    for wrong in ({"BlockIndex": 2048}, {"DataLength": 1}, {"BlockData": b"x"}, {"Checksum": digest(b"x")}, {"Checksum": "!"}):
        fields = {"BlockIndex": 0, **wrong}
        invalid("INVALID_BLOCK", put, snapshot=sid, index=fields.pop("BlockIndex"), seed=1, **fields)
    for wrong in ({"ChecksumAlgorithm": "MD5"}, {"Progress": 101}):
        invalid("INVALID_PARAMETER_VALUE", put, snapshot=sid, index=0, seed=1, **wrong)
    reason("ResourceNotFoundException", "SNAPSHOT_NOT_FOUND", 404, put, snapshot="snap-0123", index=0, seed=1)
    done = upload({0: 1})
    invalid("INVALID_SNAPSHOT_ID", put, snapshot=done, index=0, seed=1)
    invalid("INVALID_SNAPSHOT_ID", put, snapshot="snap-0a000000000000001", index=0, seed=1)
    invalid("INVALID_SNAPSHOT_ID", ebs.list_snapshot_blocks, SnapshotId=sid)


@test
def what_complete_snapshot_refuses():
    sid = ebs.start_snapshot(VolumeSize=1, Encrypted=True, KmsKeyArn=key("alias/one"))["SnapshotId"]
    put(sid, 3, "a")
    put(sid, 1, "b")
    good = dict(SnapshotId=sid, ChangedBlocksCount=2, Checksum=linear({1: "b", 3: "a"}), ChecksumAlgorithm="SHA256",
                ChecksumAggregationMethod="LINEAR")
    for wrong in ({"ChangedBlocksCount": 1}, {"Checksum": linear({1: "a", 3: "b"})}, {"ChecksumAlgorithm": "MD5"},
                  {"ChecksumAggregationMethod": "TREE"}):
        invalid("INVALID_PARAMETER_VALUE", ebs.complete_snapshot, **{**good, **wrong})
    ebs.complete_snapshot(**good)
    same(sid, {3: "a", 1: "b"})


@test
def tokens_are_for_one_block_of_one_snapshot():
    sid, other = upload({0: 0, 1: 1}), upload({0: 0})
    tokens = listed(sid)
    for snapshot, index, token in ((sid, 0, tokens[1]), (other, 0, tokens[0]), (sid, 0, "AAAA"), (sid, 0, tokens[0][:-4] + "AAAA")):
        invalid("INVALID_BLOCK_TOKEN", ebs.get_snapshot_block, SnapshotId=snapshot, BlockIndex=index, BlockToken=token)
    invalid("INVALID_PARAMETER_VALUE", ebs.list_changed_blocks, SecondSnapshotId=sid)
    invalid("UNRELATED_SNAPSHOTS", ebs.list_changed_blocks, FirstSnapshotId=other, SecondSnapshotId=sid)


@test
def a_key_that_does_not_work_makes_blocks_unreadable():
    made = kms.create_key()["KeyMetadata"]["Arn"]
    sid = upload({0: "a"}, Encrypted=True, KmsKeyArn=made)
    token = listed(sid)[0]
    half = ebs.start_snapshot(VolumeSize=1, ParentSnapshotId=sid)["SnapshotId"]
    kms.disable_key(KeyId=made)
    invalid("INVALID_CUSTOMER_KEY", ebs.get_snapshot_block, SnapshotId=sid, BlockIndex=0, BlockToken=token)
    invalid("INVALID_CUSTOMER_KEY", put, snapshot=half, index=0, seed=1)
    invalid("INVALID_CUSTOMER_KEY", ebs.start_snapshot, VolumeSize=1, ParentSnapshotId=sid)
    kms.enable_key(KeyId=made)
    same(sid, {0: "a"})


@test
def shared_snapshots_are_read_never_written():
    theirs = client("ebs", account=TWO)
    plain, secret = upload({0: "p"}), upload({0: "s"}, Encrypted=True, KmsKeyArn=key("alias/one"))
    reason("AccessDeniedException", "UNAUTHORIZED_ACCOUNT", 403, theirs.list_snapshot_blocks, SnapshotId=plain)
    for sid in (plain, secret):
        ec2.modify_snapshot_attribute(SnapshotId=sid, Attribute="createVolumePermission", OperationType="add", UserIds=[TWO])
    same(plain, {0: "p"}, theirs)
    token = listed(secret, theirs)[0]
    reason("AccessDeniedException", "DEPENDENCY_ACCESS_DENIED", 403, theirs.get_snapshot_block, SnapshotId=secret, BlockIndex=0, BlockToken=token)
    grant = kms.create_grant(KeyId=key("alias/one"), GranteePrincipal=f"arn:aws:iam::{TWO}:root", Operations=["Decrypt"])
    try:
        same(secret, {0: "s"}, theirs)
    finally:
        kms.revoke_grant(KeyId=key("alias/one"), GrantId=grant["GrantId"])
    reason("AccessDeniedException", "UNAUTHORIZED_ACCOUNT", 403, theirs.start_snapshot, VolumeSize=1, ParentSnapshotId=plain)
    sid = ebs.start_snapshot(VolumeSize=1)["SnapshotId"]
    ec2.modify_snapshot_attribute(SnapshotId=sid, Attribute="createVolumePermission", OperationType="add", UserIds=[TWO])
    reason("AccessDeniedException", "UNAUTHORIZED_ACCOUNT", 403, put, snapshot=sid, index=0, seed=1, by=theirs)
    reason("AccessDeniedException", "UNAUTHORIZED_ACCOUNT", 403, theirs.complete_snapshot, SnapshotId=sid, ChangedBlocksCount=0)


@test
def every_way_to_copy_carries_the_data():
    blocks = {0: "boot", 11: "root", 2047: "end"}
    sid = upload(blocks)
    image = ec2.register_image(Name="carried", RootDeviceName="/dev/xvda", Architecture="x86_64", VirtualizationType="hvm",
                               BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": sid}}])["ImageId"]

    def snapshot_of(name, region="us-east-1"):
        found = client("ec2", region).describe_images(ImageIds=[name])["Images"][0]
        assert found["State"] == "available", found
        return found["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]

    encrypted = ec2.copy_image(Name="carried-2", SourceImageId=image, SourceRegion="us-east-1", Encrypted=True, KmsKeyId="alias/two")["ImageId"]
    same(snapshot_of(encrypted), blocks)
    again = ec2.copy_image(Name="carried-3", SourceImageId=encrypted, SourceRegion="us-east-1")["ImageId"]
    ids = [state(snapshot_of(i))["DataEncryptionKeyId"] for i in (encrypted, again)]
    assert ids[0] == ids[1]
    same(snapshot_of(again), blocks)
    far = client("ec2", "eu-west-1").copy_image(Name="carried-4", SourceImageId=encrypted, SourceRegion="us-east-1")["ImageId"]
    same(snapshot_of(far, "eu-west-1"), blocks, client("ebs", "eu-west-1"))
    copy = ec2.copy_snapshot(SourceSnapshotId=sid, SourceRegion="us-east-1", Encrypted=True, KmsKeyId="alias/one")["SnapshotId"]
    same(copy, blocks)
    volume = ec2.create_volume(SnapshotId=copy, AvailabilityZone="us-east-1a", Size=2)["VolumeId"]
    same(ec2.create_snapshot(VolumeId=volume)["SnapshotId"], blocks)
    box = ec2.run_instances(ImageId=encrypted, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    made = ec2.create_image(InstanceId=box, Name="carried-5")["ImageId"]
    same(snapshot_of(made), blocks)
    sets = ec2.create_snapshots(InstanceSpecification={"InstanceId": box})["Snapshots"]
    same(sets[0]["SnapshotId"], blocks)
    ec2.terminate_instances(InstanceIds=[box])
    same(snapshot_of(made), blocks)


@test
def full_sizes_are_those_of_the_data():
    sid = upload({0: 1, 1: 2, 500: 3})
    child = upload({1: 9, 2: 4}, ParentSnapshotId=sid)
    copy = ec2.copy_snapshot(SourceSnapshotId=child, SourceRegion="us-east-1", Encrypted=True, KmsKeyId="alias/one")["SnapshotId"]
    ec2.delete_snapshot(SnapshotId=sid)
    for one, count in ((child, 4), (copy, 4), ("snap-0a000000000000003", 2)):
        told = query("DescribeSnapshots", **{"SnapshotId.1": one})["snapshotSet"]
        assert int(told[0]["fullSnapshotSizeInBytes"]) == count * BLOCK, (one, told)


@test
def a_large_copy_is_not_completed_before_its_bytes_are_there():
    blocks = {i: i for i in range(100)}
    sid = upload(blocks)
    copy = ec2.copy_snapshot(SourceSnapshotId=sid, SourceRegion="us-east-1", Encrypted=True, KmsKeyId="alias/one")["SnapshotId"]
    while state(copy)["State"] == "pending":
        time.sleep(0.01)
    assert state(copy)["State"] == "completed"
    same(copy, blocks)


@test
def a_wrong_signature_is_refused():
    wrong = client("ebs", aws_access_key_id="LOCAL" + ONE, aws_secret_access_key="other")
    assert "signature" in refused("InvalidSignatureException", wrong.list_snapshot_blocks, SnapshotId="snap-0a000000000000001")
    unknown = client("ebs", aws_access_key_id="LOCALX", aws_secret_access_key="local")
    refused("UnrecognizedClientException", unknown.list_snapshot_blocks, SnapshotId="snap-0a000000000000001")


main()
