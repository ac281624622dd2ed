#!/usr/bin/python3
"""Every cell of the outcome tables: what becomes of each source under each request. TAP.

Tables as in AWS's user guides on EBS encryption, image copies and snapshot copies: rows are sources, columns what the
request says with encryption by default (EBD) off and on."""
import itertools
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from tap import ONE, TWO, client, main, refused, tests  # noqa: E402

HOME, FAR = "us-east-1", "eu-west-1"
EBS = ["CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"]
names = (f"outcome-{n}" for n in itertools.count())
ec2 = {(a, r): client("ec2", r, a) for a in (ONE, TWO) for r in (HOME, FAR)}
kms = {(a, r): client("kms", r, a) for a in (ONE, TWO) for r in (HOME, FAR)}


def arn(account, region, name):
    return kms[account, region].describe_key(KeyId=name)["KeyMetadata"]["Arn"]


def default_key(account, region):
    """Each account's default key is one of its own, so that it is told from aws/ebs."""
    return arn(account, region, "alias/golden")


for place in ec2:
    ec2[place].modify_ebs_default_kms_key_id(KmsKeyId="alias/golden")

# ---- sources: a snapshot of account ONE in HOME ------------------------------------------------------

KEYS = {"unencrypted": None, "public": None, "A": "alias/one", "aws/ebs": "alias/aws/ebs"}
SHARED = {"public": {"GroupNames": ["all"]}}
sources = {}


def snapshot_of(key):
    """A completed snapshot, shared with account TWO where that is allowed."""
    if key not in sources:
        more = {"Encrypted": True, "KmsKeyId": KEYS[key]} if KEYS[key] else {}
        volume = ec2[ONE, HOME].create_volume(AvailabilityZone=HOME + "a", Size=1, **more)["VolumeId"]
        snapshot = ec2[ONE, HOME].create_snapshot(VolumeId=volume)["SnapshotId"]
        if key != "aws/ebs":
            ec2[ONE, HOME].modify_snapshot_attribute(SnapshotId=snapshot, Attribute="createVolumePermission",
                                                     OperationType="add", **SHARED.get(key, {"UserIds": [TWO]}))
        sources[key] = snapshot
    return sources[key]


def image_of(key):
    if ("image", key) not in sources:
        image = ec2[ONE, HOME].register_image(
            Name=next(names), Architecture="x86_64", VirtualizationType="hvm", RootDeviceName="/dev/xvda",
            BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snapshot_of(key)}}])["ImageId"]
        if key != "aws/ebs":
            ec2[ONE, HOME].modify_image_attribute(ImageId=image, LaunchPermission={"Add": [{"UserId": TWO}]})
        sources["image", key] = image
    return sources["image", key]


kms[ONE, HOME].create_grant(KeyId=arn(ONE, HOME, "alias/one"), GranteePrincipal=f"arn:aws:iam::{TWO}:root", Operations=EBS)

# ---- requests ----------------------------------------------------------------------------------------

SAYS = {"nothing": {}, "Encrypted": {"Encrypted": True}, "Encrypted + K": {"Encrypted": True, "KmsKeyId": "alias/golden2"},
        "KmsKeyId only": {"KmsKeyId": "alias/golden2"}, "Encrypted=false": {"Encrypted": False}}
for account, region in ec2:
    key = kms[account, region].create_key()["KeyMetadata"]["Arn"]
    kms[account, region].create_alias(AliasName="alias/golden2", TargetKeyId=key)


def key_of_snapshot(client_, snapshot):
    got = client_.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]
    assert got["State"] == "completed", got
    return got.get("KmsKeyId") if got["Encrypted"] else None


def copy_image(account, region, source, says):
    c = ec2[account, region]
    image = c.copy_image(Name=next(names), SourceImageId=image_of(source), SourceRegion=HOME, **says)["ImageId"]
    mapping = c.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"][0]
    return key_of_snapshot(c, mapping["Ebs"]["SnapshotId"])


def copy_snapshot(account, region, source, says):
    c = ec2[account, region]
    copy = c.copy_snapshot(SourceSnapshotId=snapshot_of(source), SourceRegion=HOME, **says)["SnapshotId"]
    return key_of_snapshot(c, copy)


def create_volume(account, region, source, says):
    c = ec2[account, region]
    more = {"SnapshotId": snapshot_of(source)} if source != "new" else {"Size": 1}
    volume = c.create_volume(AvailabilityZone=region + "a", **more, **says)["VolumeId"]
    return c.describe_volumes(VolumeIds=[volume])["Volumes"][0].get("KmsKeyId")


def run_instances(account, region, source, says):
    c = ec2[account, region]
    mapping = {"DeviceName": "/dev/xvda" if source != "new" else "/dev/sdf", "Ebs": dict(says)}
    if source == "new":
        mapping["Ebs"]["VolumeSize"] = 1
    instance = c.run_instances(ImageId=image_of(source if source != "new" else "unencrypted"), MinCount=1, MaxCount=1,
                               InstanceType="t3.micro", BlockDeviceMappings=[mapping])["Instances"][0]["InstanceId"]
    devices = c.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]["BlockDeviceMappings"]
    volume = next(d["Ebs"]["VolumeId"] for d in devices if d["DeviceName"] == mapping["DeviceName"])
    key = c.describe_volumes(VolumeIds=[volume])["Volumes"][0].get("KmsKeyId")
    c.terminate_instances(InstanceIds=[instance])
    return key


# ---- cells: account, region, source -> outcome by column ---------------------------------------------

COLUMNS = [("nothing", False), ("nothing", True), ("Encrypted", False), ("Encrypted", True), ("Encrypted + K", False),
           ("Encrypted + K", True), ("KmsKeyId only", False), ("KmsKeyId only", True),
           ("Encrypted=false", False), ("Encrypted=false", True)]
NO, DK, K, A, AWS = "not encrypted", "the default key", "K", "A", "aws/ebs"
DEP, REQ, VAL = "!InvalidParameterDependency", "!InvalidRequest", "!InvalidParameterValue"
TABLES = {
    "3.1 CopyImage": (copy_image, {
        ("unencrypted, own", ONE, HOME, "unencrypted"): [NO, DK, DK, DK, K, K, DEP, DEP, NO, DK],
        ("unencrypted, own, other Region", ONE, FAR, "unencrypted"): [NO, DK, DK, DK, K, K, DEP, DEP, NO, DK],
        ("unencrypted, shared to me", TWO, HOME, "unencrypted"): [NO, DK, DK, DK, K, K, DEP, DEP, NO, DK],
        ("own, key A, same Region", ONE, HOME, "A"): [A, A, A, A, K, K, DEP, DEP, REQ, REQ],
        ("own, aws/ebs, same Region", ONE, HOME, "aws/ebs"): [AWS, AWS, AWS, AWS, K, K, DEP, DEP, REQ, REQ],
        ("own, key A, other Region", ONE, FAR, "A"): [DK, DK, DK, DK, K, K, DEP, DEP, REQ, REQ],
        ("own, aws/ebs, other Region", ONE, FAR, "aws/ebs"): [DK, DK, DK, DK, K, K, DEP, DEP, REQ, REQ],
        ("shared to me, the owner's A", TWO, HOME, "A"): [DK, DK, DK, DK, K, K, DEP, DEP, REQ, REQ],
        ("shared to me, the owner's A, other Region", TWO, FAR, "A"): [DK, DK, DK, DK, K, K, DEP, DEP, REQ, REQ],
    }),
    "3.2 CopySnapshot": (copy_snapshot, {
        ("unencrypted, own", ONE, HOME, "unencrypted"): [NO, DK, DK, DK, K, K, DEP, DEP, VAL, VAL],
        ("unencrypted, own, other Region", ONE, FAR, "unencrypted"): [NO, DK, DK, DK, K, K, DEP, DEP, VAL, VAL],
        ("unencrypted, shared to me", TWO, HOME, "unencrypted"): [NO, DK, DK, DK, K, K, DEP, DEP, VAL, VAL],
        ("unencrypted, shared to me, other Region", TWO, FAR, "unencrypted"): [NO, DK, DK, DK, K, K, DEP, DEP, VAL, VAL],
        ("unencrypted, public", TWO, HOME, "public"): [NO, DK, DK, DK, K, K, DEP, DEP, VAL, VAL],
        ("own, key A, same Region", ONE, HOME, "A"): [AWS, DK, AWS, DK, K, K, DEP, DEP, VAL, VAL],
        ("own, aws/ebs, same Region", ONE, HOME, "aws/ebs"): [AWS, DK, AWS, DK, K, K, DEP, DEP, VAL, VAL],
        ("own, key A, other Region", ONE, FAR, "A"): [AWS, DK, AWS, DK, K, K, DEP, DEP, VAL, VAL],
        ("own, aws/ebs, other Region", ONE, FAR, "aws/ebs"): [AWS, DK, AWS, DK, K, K, DEP, DEP, VAL, VAL],
        ("shared to me, the owner's A", TWO, HOME, "A"): [AWS, DK, AWS, DK, K, K, DEP, DEP, VAL, VAL],
        ("shared to me, the owner's A, other Region", TWO, FAR, "A"): [AWS, DK, AWS, DK, K, K, DEP, DEP, VAL, VAL],
    }),
    "3.3 CreateVolume": (create_volume, {
        ("new, empty", ONE, HOME, "new"): [NO, DK, DK, DK, K, K, DEP, DEP, NO, DK],
        ("unencrypted snapshot, own", ONE, HOME, "unencrypted"): [NO, DK, DK, DK, K, K, DEP, DEP, NO, DK],
        ("unencrypted snapshot, shared", TWO, HOME, "unencrypted"): [NO, DK, DK, DK, K, K, DEP, DEP, NO, DK],
        ("encrypted snapshot, own", ONE, HOME, "A"): [A, A, A, A, K, K, DEP, DEP, VAL, VAL],
        ("snapshot under aws/ebs, own", ONE, HOME, "aws/ebs"): [AWS, AWS, AWS, AWS, K, K, DEP, DEP, VAL, VAL],
        ("encrypted snapshot, shared to me", TWO, HOME, "A"): [DK, DK, DK, DK, K, K, DEP, DEP, VAL, VAL],
    }),
    "3.3 RunInstances": (run_instances, {
        ("new, empty", ONE, HOME, "new"): [NO, DK, DK, DK, K, K, DEP, DEP, NO, DK],
        ("unencrypted snapshot, own", ONE, HOME, "unencrypted"): [NO, DK, DK, DK, K, K, DEP, DEP, NO, DK],
        ("unencrypted snapshot, shared", TWO, HOME, "unencrypted"): [NO, DK, DK, DK, K, K, DEP, DEP, NO, DK],
        ("encrypted snapshot, own", ONE, HOME, "A"): [A, A, A, A, K, K, DEP, DEP, VAL, VAL],
        ("snapshot under aws/ebs, own", ONE, HOME, "aws/ebs"): [AWS, AWS, AWS, AWS, K, K, DEP, DEP, VAL, VAL],
        ("encrypted snapshot, shared to me", TWO, HOME, "A"): [DK, DK, DK, DK, K, K, DEP, DEP, VAL, VAL],
    }),
}
# An image of three snapshots: each by its own row.
MIXED = ["unencrypted", "A", "aws/ebs"]
MIXED_ROW = [[NO, A, AWS], [DK, A, AWS], [DK, A, AWS], [DK, A, AWS], [K] * 3, [K] * 3, DEP, DEP, REQ, REQ]


def expected(outcome, account, region):
    return {NO: lambda: None, DK: lambda: default_key(account, region), K: lambda: arn(account, region, "alias/golden2"),
            A: lambda: arn(ONE, HOME, "alias/one"), AWS: lambda: arn(account, region, "alias/aws/ebs")}[outcome]()


def cell(make, account, region, source, column, by_default, outcome):
    def check():
        if source != "new":
            (image_of if make in (copy_image, run_instances) else snapshot_of)(source)
        c = ec2[account, region]
        (c.enable_ebs_encryption_by_default if by_default else c.disable_ebs_encryption_by_default)()
        try:
            if outcome.startswith("!"):
                refused(outcome[1:], make, account=account, region=region, source=source, says=SAYS[column])
            else:
                got, wanted = make(account, region, source, SAYS[column]), expected(outcome, account, region)
                assert got == wanted, (got, wanted)
        finally:
            c.disable_ebs_encryption_by_default()
    return check


for table, (make, rows) in TABLES.items():
    for (row, account, region, source), outcomes in rows.items():
        for (column, by_default), outcome in zip(COLUMNS, outcomes):
            check = cell(make, account, region, source, column, by_default, outcome)
            check.__doc__ = f"{table}: {row} / {column}{', EBD on' if by_default else ''} -> {outcome}"
            tests.append(check)


def mixed(column, by_default, outcome):
    def copy(says):
        c = ec2[ONE, HOME]
        image = c.copy_image(Name=next(names), SourceImageId=image_of_all(), SourceRegion=HOME, **says)["ImageId"]
        mappings = c.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"]
        return [key_of_snapshot(c, m["Ebs"]["SnapshotId"]) for m in mappings]

    def check():
        c = ec2[ONE, HOME]
        image_of_all()
        (c.enable_ebs_encryption_by_default if by_default else c.disable_ebs_encryption_by_default)()
        try:
            if isinstance(outcome, str):
                refused(outcome[1:], copy, says=SAYS[column])
            else:
                got = copy(SAYS[column])
                assert got == [expected(o, ONE, HOME) for o in outcome], got
        finally:
            c.disable_ebs_encryption_by_default()
    check.__doc__ = (f"3.1 CopyImage: several snapshots ({', '.join(MIXED)}) / {column}{', EBD on' if by_default else ''} -> "
                     + (outcome if isinstance(outcome, str) else ", ".join(outcome)))
    return check


def image_of_all():
    if "all" not in sources:
        sources["all"] = ec2[ONE, HOME].register_image(
            Name=next(names), Architecture="x86_64", VirtualizationType="hvm", RootDeviceName="/dev/xvda", BlockDeviceMappings=[
                {"DeviceName": f"/dev/xvd{'abc'[n]}", "Ebs": {"SnapshotId": snapshot_of(key)}} for n, key in enumerate(MIXED)])["ImageId"]
    return sources["all"]


tests += [mixed(column, by_default, outcome) for (column, by_default), outcome in zip(COLUMNS, MIXED_ROW)]


# ---- 3.4 CreateImage, CreateSnapshot; 3.5 RegisterImage; 3.6 sharing -----------------------------------

def volumes_snapshot(key, by_default):
    def check():
        c = ec2[ONE, HOME]
        more = {"Encrypted": True, "KmsKeyId": KEYS[key]} if KEYS[key] else {}
        volume = c.create_volume(AvailabilityZone=HOME + "a", Size=1, **more)["VolumeId"]
        if by_default:
            c.enable_ebs_encryption_by_default()
        try:
            got = key_of_snapshot(c, c.create_snapshot(VolumeId=volume)["SnapshotId"])
        finally:
            c.disable_ebs_encryption_by_default()
        assert got == (KEYS[key] and arn(ONE, HOME, KEYS[key])), got
    check.__doc__ = f"3.4 CreateSnapshot: volume {key}{', EBD on' if by_default else ''} -> as the volume"
    return check


def instances_image():
    """3.4 CreateImage: each volume of the instance keeps its own; an added empty one takes the default key"""
    c = ec2[ONE, HOME]
    instance = c.run_instances(ImageId=image_of("A"), MinCount=1, MaxCount=1, InstanceType="t3.micro", BlockDeviceMappings=[
        {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 1}}])["Instances"][0]["InstanceId"]
    image = c.create_image(InstanceId=instance, Name=next(names), BlockDeviceMappings=[
        {"DeviceName": "/dev/sdg", "Ebs": {"VolumeSize": 1, "Encrypted": True}}])["ImageId"]
    got = {m["DeviceName"]: m["Ebs"] for m in c.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"]}
    assert key_of_snapshot(c, got["/dev/xvda"]["SnapshotId"]) == arn(ONE, HOME, "alias/one")
    assert key_of_snapshot(c, got["/dev/sdf"]["SnapshotId"]) is None
    assert got["/dev/sdg"]["Encrypted"] and "SnapshotId" not in got["/dev/sdg"]
    c.terminate_instances(InstanceIds=[instance])


def mapped(key, said, code):
    """An existing volume's mapping that says Encrypted."""
    def check():
        c = ec2[ONE, HOME]
        instance = c.run_instances(ImageId=image_of(key), MinCount=1, MaxCount=1, InstanceType="t3.micro")["Instances"][0]["InstanceId"]
        mappings = [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": said}}]
        try:
            if code:
                refused(code, c.create_image, InstanceId=instance, Name=next(names), BlockDeviceMappings=mappings)
            else:
                image = c.create_image(InstanceId=instance, Name=next(names), BlockDeviceMappings=mappings)["ImageId"]
                got = c.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]
                wanted = KEYS[key] and arn(ONE, HOME, KEYS[key])
                assert (key_of_snapshot(c, got["SnapshotId"]), got["Encrypted"]) == (wanted, wanted is not None)
        finally:
            c.terminate_instances(InstanceIds=[instance])
    check.__doc__ = f"3.4 CreateImage: Encrypted={str(said).lower()} on a mapped volume that is {key} -> {code or 'as the volume'}"
    return check


def all_of_an_instance():
    """3.4 CreateSnapshots: each volume's own key, EBD on or off"""
    c = ec2[ONE, HOME]
    instance = c.run_instances(ImageId=image_of_all(), MinCount=1, MaxCount=1, InstanceType="t3.micro")["Instances"][0]["InstanceId"]
    c.enable_ebs_encryption_by_default()
    try:
        taken = c.create_snapshots(InstanceSpecification={"InstanceId": instance})["Snapshots"]
        assert [key_of_snapshot(c, s["SnapshotId"]) for s in taken] == [expected(o, ONE, HOME) for o in (NO, A, AWS)]
    finally:
        c.disable_ebs_encryption_by_default()
    c.terminate_instances(InstanceIds=[instance])


def registered():
    """3.5 RegisterImage: the snapshot decides; Encrypted beside a snapshot is refused"""
    c = ec2[ONE, HOME]
    for key in KEYS:
        mapping = c.describe_images(ImageIds=[image_of(key)])["Images"][0]["BlockDeviceMappings"][0]
        assert mapping["Ebs"]["Encrypted"] == (KEYS[key] is not None)
    refused("InvalidBlockDeviceMapping", c.register_image, Name=next(names), RootDeviceName="/dev/xvda", BlockDeviceMappings=[
        {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snapshot_of("A"), "Encrypted": True}}])


def registered_by_another():
    """3.5 RegisterImage: another account's snapshot, when it is shared; what is launched of it is under one's own default key"""
    c = ec2[TWO, HOME]
    for key in ("unencrypted", "public", "A"):
        image = c.register_image(Name=next(names), Architecture="x86_64", VirtualizationType="hvm", RootDeviceName="/dev/xvda",
                                 BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snapshot_of(key)}}])["ImageId"]
        assert c.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] == (key == "A")
        box = c.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro")["Instances"][0]
        volume = c.describe_volumes(VolumeIds=[box["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]])["Volumes"][0]
        assert volume.get("KmsKeyId") == (default_key(TWO, HOME) if key == "A" else None)
        c.terminate_instances(InstanceIds=[box["InstanceId"]])
    refused("InvalidSnapshot.NotFound", c.register_image, Name=next(names), RootDeviceName="/dev/xvda", BlockDeviceMappings=[
        {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snapshot_of("aws/ebs")}}])


def registered_of_none():
    """3.5 RegisterImage: a snapshot in error -> IncorrectState"""
    c = ec2[ONE, HOME]
    bad = c.copy_snapshot(SourceSnapshotId=snapshot_of("A"), SourceRegion=HOME, Encrypted=True, KmsKeyId="alias/retired")["SnapshotId"]
    refused("IncorrectState", c.register_image, Name=next(names), RootDeviceName="/dev/xvda", BlockDeviceMappings=[
        {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": bad}}])


def launched_by_default():
    """3.5 RegisterImage: launched with EBD on, an unencrypted image's volumes are encrypted and the image stays as it is"""
    c = ec2[ONE, HOME]
    c.enable_ebs_encryption_by_default()
    try:
        assert run_instances(ONE, HOME, "unencrypted", {}) == default_key(ONE, HOME)
    finally:
        c.disable_ebs_encryption_by_default()
    assert not c.describe_images(ImageIds=[image_of("unencrypted")])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["Encrypted"]


def share(kind, key, who):
    c, three = ec2[ONE, HOME], "000000000003"
    if kind == "snapshot":
        entry = {"Group": "all"} if who == "all" else {"UserId": three}
        c.modify_snapshot_attribute(SnapshotId=snapshot_of(key), CreateVolumePermission={"Add": [entry]})
        c.modify_snapshot_attribute(SnapshotId=snapshot_of(key), CreateVolumePermission={"Remove": [entry]})
    else:
        entry = {"all": {"Group": "all"}, "account": {"UserId": three},
                 "organization": {"OrganizationArn": "arn:aws:organizations::000000000009:organization/o-1"},
                 "unit": {"OrganizationalUnitArn": "arn:aws:organizations::000000000009:ou/o-1/ou-1"}}[who]
        c.modify_image_attribute(ImageId=image_of(key), LaunchPermission={"Add": [entry]})
        c.modify_image_attribute(ImageId=image_of(key), LaunchPermission={"Remove": [entry]})


SHARING = {("snapshot", "unencrypted"): [None, None], ("snapshot", "A"): [None, "OperationNotPermitted"],
           ("snapshot", "aws/ebs"): ["OperationNotPermitted", "OperationNotPermitted"],
           ("image", "unencrypted"): [None, None], ("image", "A"): [None, "UnsupportedOperation"],
           ("image", "aws/ebs"): ["InvalidParameter", "UnsupportedOperation"]}


def sharing(kind, key, who, code):
    def check():
        if code:
            refused(code, share, kind=kind, key=key, who=who)
        else:
            share(kind, key, who)
    check.__doc__ = f"3.6 sharing: {kind}, key {key} / {dict(all='public', account='private').get(who, who)} -> {code or 'yes'}"
    return check


tests += [volumes_snapshot(key, on) for key in KEYS for on in (False, True)]
tests += [mapped("unencrypted", True, "InvalidBlockDeviceMapping"), mapped("unencrypted", False, None)]
tests += [mapped(key, said, None) for key in ("A", "aws/ebs") for said in (True, False)]
tests += [all_of_an_instance, instances_image, registered, registered_by_another, registered_of_none, launched_by_default]
tests += [sharing("image", key, who, code) for key, code in (("unencrypted", None), ("A", None), ("aws/ebs", "InvalidParameter"))
          for who in ("organization", "unit")]
tests += [sharing(kind, key, who, code) for (kind, key), codes in SHARING.items()
          for who, code in zip(("account", "all"), codes)]
if __name__ == "__main__":
    main()
