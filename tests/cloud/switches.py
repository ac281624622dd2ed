#!/usr/bin/python3
"""Where AWS's texts disagree: each switch with its other values; the documented ones are the other tests' subject. TAP."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from tap import client, error, main, query, refused, served, test  # noqa: E402

HOME, NONE = {"SourceRegion": "us-east-1"}, "0b00000000000000f"
ENCRYPTED, SNAPSHOT = "ami-0a000000000000003", "snap-0a000000000000005"  # under alias/one


def switched(value):
    return served("--instant", "--switch", value)


def alias_of(url, arn):
    found = client("kms", url=url).list_aliases(KeyId=arn.split("/")[-1])["Aliases"]
    return [a["AliasName"] for a in found]


def key_of_copy(url):
    ec2 = client("ec2", url=url)
    copy = ec2.copy_snapshot(SourceSnapshotId=SNAPSHOT, **HOME)["SnapshotId"]
    return alias_of(url, ec2.describe_snapshots(SnapshotIds=[copy])["Snapshots"][0]["KmsKeyId"])


@test
def copy_snapshot_key():
    """copy-snapshot-key: same, default"""
    with switched("copy-snapshot-key=same") as url:
        assert key_of_copy(url) == ["alias/one"]
    with switched("copy-snapshot-key=default") as url:
        client("ec2", url=url).modify_ebs_default_kms_key_id(KmsKeyId="alias/two")
        assert key_of_copy(url) == ["alias/two"]
    with served("--instant") as url:
        client("ec2", url=url).modify_ebs_default_kms_key_id(KmsKeyId="alias/two")
        assert key_of_copy(url) == ["alias/aws/ebs"]


@test
def copy_image_key():
    """copy-image-key: managed"""
    with switched("copy-image-key=managed") as url:
        ec2 = client("ec2", url=url)
        image = ec2.copy_image(Name="abc", SourceImageId=ENCRYPTED, **HOME)["ImageId"]
        snapshot = ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
        assert alias_of(url, ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]["KmsKeyId"]) == ["alias/aws/ebs"]


@test
def codes_and_texts():
    """copy-failure-code, key-without-encrypted, default-key-text, page-size, unseen-snapshot, encrypted-false, several at once"""
    with switched("copy-failure-code=Server.InternalError,key-without-encrypted=InvalidParameterCombination,default-key-text=alias,"
                  "page-size=any,unseen-snapshot=omitted,encrypted-false=ignored") as url:
        ec2 = client("ec2", url=url)
        failed = ec2.copy_image(Name="abc", SourceImageId=ENCRYPTED, Encrypted=True, KmsKeyId="alias/retired", **HOME)["ImageId"]
        assert ec2.describe_images(ImageIds=[failed])["Images"][0]["StateReason"]["Code"] == "Server.InternalError"
        refused("InvalidParameterCombination", ec2.copy_image, Name="abd", SourceImageId=ENCRYPTED, KmsKeyId="alias/one", **HOME)
        assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"
        assert len(ec2.describe_snapshots(MaxResults=1, OwnerIds=["self"])["Snapshots"]) == 1
        assert not ec2.describe_snapshots(SnapshotIds=["snap-" + NONE])["Snapshots"]
        refused("InvalidSnapshotID.Malformed", ec2.describe_snapshots, SnapshotIds=["x"])
        volume = ec2.create_volume(AvailabilityZone="us-east-1a", SnapshotId=SNAPSHOT, Encrypted=False)
        copy = ec2.copy_snapshot(SourceSnapshotId=SNAPSHOT, Encrypted=False, **HOME)["SnapshotId"]
        assert volume["Encrypted"] and ec2.describe_snapshots(SnapshotIds=[copy])["Snapshots"][0]["Encrypted"]


@test
def image_details():
    """image-details: bare: a pending image has no creation date and no snapshot ids, one that failed no name and no tags"""
    with served("--speed", "0.5", "--switch", "image-details=bare") as url:
        image = query("CopyImage", url=url, Name="abc", SourceImageId=ENCRYPTED, **HOME)["imageId"]
        got = query("DescribeImages", url=url, **{"ImageId.1": image})["imagesSet"][0]
        assert got["imageState"] == "pending" and got["name"] == "abc" and "creationDate" not in got
        assert [sorted(m["ebs"]) for m in got["blockDeviceMapping"]] == [["deleteOnTermination", "encrypted", "volumeSize", "volumeType"]]
    with switched("image-details=bare") as url:
        ec2 = client("ec2", url=url)
        made = [ec2.copy_image(Name=name, SourceImageId=ENCRYPTED, Encrypted=True, KmsKeyId=key, **HOME)["ImageId"]
                for name, key in (("fails", "alias/retired"), ("well", "alias/one"))]
        ec2.create_tags(Resources=made, Tags=[{"Key": "a", "Value": "b"}])
        failed, well = (ec2.describe_images(ImageIds=[i])["Images"][0] for i in made)
        assert failed["State"] == "failed" and "Name" not in failed and "Tags" not in failed and failed["StateReason"]
        assert well["Name"] == "well" and well["Tags"] and well["CreationDate"] and well["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]


@test
def opt_in_regions():
    """opt-in-regions: enabled"""
    with switched("opt-in-regions=enabled") as url:
        told = {r["RegionName"]: r["OptInStatus"] for r in client("ec2", url=url).describe_regions()["Regions"]}
        assert told["me-south-1"] == "opted-in" and told["us-east-1"] == "opt-in-not-required"
        assert client("ec2", "me-south-1", url=url).describe_images(Owners=["self"])["Images"] == []


@test
def states_of_accounts():
    """account: pending-verification, blocked, not-subscribed: PendingVerification, Blocked, OptInRequired of EC2 and EBS, not of KMS"""
    zone = {"AvailabilityZone": "us-east-1a", "Size": 1}
    for value, code, reads in (("pending-verification", "PendingVerification", True), ("blocked", "Blocked", False),
                               ("not-subscribed", "OptInRequired", False)):
        with switched("account=" + value) as url:
            ec2, ebs = client("ec2", url=url), client("ebs", url=url)
            assert error(ec2.create_volume, **zone)[::2] == (code, 403)
            refused(code, ebs.start_snapshot, VolumeSize=1)
            if reads:
                assert ec2.describe_images(Owners=["self"])["Images"]
            else:
                refused(code, ec2.describe_images, Owners=["self"])
            assert client("kms", url=url).list_keys()["Keys"]
    with switched("account=active") as url:
        assert client("ec2", url=url).create_volume(**zone)["VolumeId"]


@test
def unknown_switches():
    """an unknown switch or value is refused at start, with those that there are"""
    binary = os.environ.get("LUNAMI_BIN", "build/lunami")
    for given, listed in ("no-such=1", "account, copy-failure-code"), ("page-size=7", "5-1000, any"), ("page-size", "5-1000, any"):
        ended = subprocess.run([binary, "serve", "--port", "0", "--memory", "--switch", given], stderr=subprocess.PIPE, text=True,
                               timeout=10)
        assert ended.returncode != 0 and f"'{given}'" in ended.stderr and listed in ended.stderr, ended.stderr


main()
