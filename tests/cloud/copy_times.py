#!/usr/bin/python3
"""Time-based copies: in the minutes that they are given, as far as the throughput that is left allows. TAP."""
import datetime
import json
import os
import sys
import tempfile
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from tap import client, main, query, refused, served, test  # noqa: E402

PLAIN, SNAPSHOT, HOME = "ami-0a000000000000002", "snap-0a000000000000003", {"SourceRegion": "us-east-1"}


def limited(**quotas):
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump({"quotas": quotas}, file)
    return "--limits", file.name


def large(c, gib=1000):
    """A completed snapshot of so many GiB."""
    made = c.create_volume(AvailabilityZone="us-east-1a", Size=gib)["VolumeId"]
    c.get_waiter("volume_available").wait(VolumeIds=[made], WaiterConfig={"Delay": 0.1})
    snapshot = c.create_snapshot(VolumeId=made)["SnapshotId"]
    c.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot], WaiterConfig={"Delay": 0.1, "MaxAttempts": 1000})
    return snapshot


def copy(url, snapshot=SNAPSHOT, minutes=None, **kw):
    kw.update({"CompletionDurationMinutes": minutes} if minutes is not None else {})
    return query("CopySnapshot", url=url, SourceSnapshotId=snapshot, **HOME, **kw)["snapshotId"]


def shown(url, snapshot):
    return query("DescribeSnapshots", url=url, **{"SnapshotId.1": snapshot})["snapshotSet"][0]


def took(url, snapshot):
    """Seconds from its start to its end."""
    client("ec2", url=url).get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot], WaiterConfig={"Delay": 0.01, "MaxAttempts": 1000})
    s = shown(url, snapshot)
    begun, ended = (datetime.datetime.fromisoformat(s[n].replace("Z", "+00:00")) for n in ("startTime", "completionTime"))
    return (ended - begun).total_seconds()


@test
def minutes_that_are_none():
    """15 to 2880 minutes in steps of 15: CopySnapshot, CopyImage"""
    with served("--instant") as url:
        for minutes in (0, 1, 14, 20, 2881, 2895, -15):
            refused("InvalidParameterValue", copy, url=url, minutes=minutes)
            refused("InvalidParameterValue", query, action="CopyImage", url=url, Name="abc", SourceImageId=PLAIN, **HOME,
                    SnapshotCopyCompletionDurationMinutes=minutes)
        for minutes in (15, 45, 2880):
            copy(url, minutes=minutes)
        assert not client("ec2", url=url).describe_images(Filters=[{"Name": "name", "Values": ["abc"]}])["Images"]


@test
def what_is_shown():
    """transferType, completionDurationMinutes, completionTime: of copies; a snapshot of a volume has its completionTime only"""
    with served() as url:
        made, plain = copy(url, minutes=30), copy(url)
        pending = shown(url, made)
        assert (pending["transferType"], pending["completionDurationMinutes"], pending.get("completionTime")) == ("time-based", "30", None)
        image = query("CopyImage", url=url, Name="abc", SourceImageId=PLAIN, **HOME, SnapshotCopyCompletionDurationMinutes=45)["imageId"]
        mappings = query("DescribeImages", url=url, **{"ImageId.1": image})["imagesSet"][0]["blockDeviceMapping"]
        for m in mappings:
            s = shown(url, m["ebs"]["snapshotId"])
            assert (s["transferType"], s["completionDurationMinutes"]) == ("time-based", "45")
        own = query("CreateSnapshot", url=url, VolumeId="vol-0a000000000000101")["snapshotId"]
        for s, kind in ((made, "time-based"), (plain, "standard"), (own, None)):
            assert took(url, s) >= 0 and shown(url, s).get("transferType") == kind, kind
            assert ("completionDurationMinutes" in shown(url, s)) == (s == made)
        failed = copy(url, Encrypted="true", KmsKeyId="alias/retired")
        while shown(url, failed)["status"] == "pending":
            pass
        assert "completionTime" not in shown(url, failed)


@test
def in_its_time():
    """a copy is there in the minutes that it was given, when its own time is longer; without quotas nothing holds it up"""
    with served("--virtual", "--pace", "aws") as url:
        snapshot = large(client("ec2", url=url))
        assert took(url, copy(url, snapshot)) == 120 + 9 * 1000
        assert took(url, copy(url, snapshot, 60)) == 3600
        assert took(url, copy(url, snapshot, 15)) == 900
        assert took(url, copy(url, snapshot, 2880)) == 120 + 9 * 1000


@test
def throughput_of_one_copy():
    """500 MiB/s for one copy: what needs more takes longer"""
    with served("--virtual", "--pace", "aws", *limited(copy_throughput=500, copies_throughput=2000)) as url:
        snapshot = large(client("ec2", url=url))
        assert took(url, copy(url, snapshot, 60)) == 3600
        assert 1000 * 1024 / 500 <= took(url, copy(url, snapshot, 15)) < 1000 * 1024 / 500 + 10


@test
def throughput_of_an_account():
    """the account's throughput to a region: a copy takes what is left of it; when nothing is left it is refused"""
    with served("--instant", *limited(copy_throughput=500, copies_throughput=700)) as url:
        c = client("ec2", url=url)
        begun = large(c)
        plan = json.dumps({"rules": [{"action": "CopySnapshot", "fault": "stuck"}]}).encode()
        urllib.request.urlopen(urllib.request.Request(url + "/_lunami/faults", plan, method="POST")).close()
        for _ in range(2):
            copy(url, begun, 15)  # 500, then 200 MiB/s
        for minutes in (15, 2880):
            assert "700 MiB/s" in refused("ResourceLimitExceeded", copy, url=url, snapshot=begun, minutes=minutes)
        refused("ResourceLimitExceeded", query, action="CopyImage", url=url, Name="abc", SourceImageId=PLAIN, **HOME,
                SnapshotCopyCompletionDurationMinutes=15)
        copy(url, begun)  # without minutes: in its own time
        query("CopySnapshot", region="eu-west-1", url=url, SourceSnapshotId=begun, CompletionDurationMinutes=15, **HOME)


main()
