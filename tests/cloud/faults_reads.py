#!/usr/bin/python3
"""Faults of what is read: the state of before, and pages that are wrong. TAP."""
import time

from lib.faulty import faulty, told
from lib.tap import client, main, refused, test

SOURCE = {"SourceImageId": "ami-0a000000000000002", "SourceRegion": "us-east-1"}
QUICK = ("--virtual", "--pace", "quick")


def state(ec2, image):
    return ec2.describe_images(ImageIds=[image])["Images"][0]["State"]


@test
def a_describe_shows_what_was_until_so_long_has_passed():
    with faulty({"action": "DescribeImages", "fault": "stale", "seconds": 100}, options=QUICK) as (url, ec2):
        copy = ec2.copy_image(Name="stale", **SOURCE)["ImageId"]
        assert ec2.describe_snapshots(OwnerIds=["self"])  # it is done by now
        for _ in range(3):
            assert state(ec2, copy) == "pending"
        assert {s["State"] for s in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]} == {"completed"}, "only images are stale"
        assert told(url, "time", {"advance": 120})[0] == 200
        assert state(ec2, copy) == "available"


@test
def what_is_shown_flaps_between_new_and_old():
    with faulty({"action": "DescribeImages", "every": 2, "fault": "stale", "seconds": 1000}, options=QUICK) as (_, ec2):
        copy = ec2.copy_image(Name="flapping", **SOURCE)["ImageId"]
        assert ec2.describe_snapshots(OwnerIds=["self"]) and ec2.describe_snapshots(OwnerIds=["self"])
        assert [state(ec2, copy) for _ in range(4)] == ["available", "pending"] * 2


@test
def what_is_gone_is_shown_and_filters_ask_the_past():
    rule = {"action": "Describe*", "every": 2, "fault": "stale", "seconds": 1000}
    with faulty(rule, options=("--virtual", "--pace", "quick", "--empty")) as (_, ec2):
        volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
        ready = [{"Name": "status", "Values": ["available"]}]
        assert len(ec2.describe_volumes(Filters=ready)["Volumes"]) == 1
        assert len(ec2.describe_volumes(Filters=ready)["Volumes"]) == 0
        ec2.delete_volume(VolumeId=volume)
        refused("InvalidVolume.NotFound", ec2.describe_volumes, VolumeIds=[volume])
        assert ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["State"] == "creating", "as it was before all changes"


@test
def nothing_is_changed_by_looking_back():
    with faulty({"action": "Describe*", "fault": "stale", "seconds": 1000}, options=QUICK) as (url, ec2):
        copy = ec2.copy_image(Name="stale", **SOURCE)["ImageId"]
        ec2.describe_snapshots(OwnerIds=["self"])
        ec2.describe_snapshots(OwnerIds=["self"])
        assert state(ec2, copy) == "pending"
        assert told(url, "faults", None, "DELETE")[0] == 200
        assert state(ec2, copy) == "available"


@test
def real_time_passes_too():
    with faulty({"action": "DescribeVolumes", "fault": "stale", "seconds": 0.4}, options=("--instant", "--empty")) as (_, ec2):
        volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
        for _ in range(100):
            if ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["State"] == "available":
                break
            time.sleep(0.02)
        else:
            raise AssertionError("the past does not end")


def some_volumes(ec2, count=12):
    return sorted(ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"] for _ in range(count))


@test
def the_same_token_twice():
    rule = {"action": "DescribeVolumes", "nth": 1, "fault": "same_page"}
    with faulty(rule, options=("--instant", "--empty")) as (_, ec2):
        some_volumes(ec2)
        first = ec2.describe_volumes(MaxResults=5)
        second = ec2.describe_volumes(MaxResults=5, NextToken=first["NextToken"])
        assert second["NextToken"] == first["NextToken"] and len(second["Volumes"]) == 5
        third = ec2.describe_volumes(MaxResults=5, NextToken=first["NextToken"])
        assert third["NextToken"] != first["NextToken"] and third["Volumes"] == second["Volumes"]


@test
def empty_pages_and_all_the_same_everything():
    with faulty({"action": "DescribeVolumes", "every": 2, "fault": "empty_page"}, options=("--instant", "--empty")) as (_, ec2):
        made = some_volumes(ec2)
        pages = list(ec2.get_paginator("describe_volumes").paginate(PaginationConfig={"PageSize": 5}))
        assert [len(p["Volumes"]) for p in pages] == [5, 0, 5, 0, 2], pages
        assert sorted(v["VolumeId"] for p in pages for v in p["Volumes"]) == made


@test
def an_empty_first_page_of_a_list_without_a_limit():
    with faulty({"action": "DescribeVolumes", "nth": 1, "fault": "empty_page"}, options=("--instant", "--empty")) as (_, ec2):
        some_volumes(ec2, 3)
        first = ec2.describe_volumes()
        assert first["Volumes"] == [] and len(ec2.describe_volumes(NextToken=first["NextToken"])["Volumes"]) == 3


@test
def a_token_that_has_expired_on_the_way():
    with faulty({"fault": "expired_page", "nth": 1}, {"service": "kms", "fault": "expired_page"}, options=("--instant",)) as (url, ec2):
        some_volumes(ec2)
        token = ec2.describe_volumes(MaxResults=5)["NextToken"]
        refused("InvalidPaginationToken", ec2.describe_volumes, MaxResults=5, NextToken=token)
        assert ec2.describe_volumes(MaxResults=5, NextToken=token)["Volumes"]
        kms = client("kms", url=url)
        marker = kms.list_keys(Limit=1)["NextMarker"]
        refused("InvalidMarkerException", kms.list_keys, Limit=1, Marker=marker)


@test
def pages_of_kms_and_of_blocks():
    rules = ({"service": "kms", "fault": "same_page"}, {"action": "ListSnapshotBlocks", "nth": 1, "fault": "empty_page"},
             {"service": "ebs", "fault": "expired_page"})
    with faulty(*rules, options=("--instant",)) as (url, ec2):
        kms, ebs = client("kms", url=url), client("ebs", url=url)
        marker = kms.list_keys(Limit=1)["NextMarker"]
        again = kms.list_keys(Limit=1, Marker=marker)
        assert again["NextMarker"] == marker and again["Truncated"]
        snapshot = ec2.describe_images(ImageIds=["ami-0a000000000000002"])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
        first = ebs.list_snapshot_blocks(SnapshotId=snapshot)
        assert first["Blocks"] == [] and first["NextToken"], first
        refused("ValidationException", ebs.list_snapshot_blocks, SnapshotId=snapshot, NextToken=first["NextToken"])


main()
