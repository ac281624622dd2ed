#!/usr/bin/python3
"""The program against clouds with a plan of faults: what it comes to all the same, made once, or what it says. TAP."""
import tempfile

from lib.client import run
from lib.faulty import faulty
from lib.tap import main, test

REAL, INSTANT = ("--empty",), ("--empty", "--instant")
PACE = 'require("lunami.core").pace(0.01, 0.04) '
REGIONS = 'print(#call("ec2", "DescribeRegions", {}).regions > 3) print(#call("ec2", "DescribeVpcs", {}).vpcs)'
VOLUME = 'print(volume.create { size = 1, zone = "us-east-1a" }:wait().state)'
COPY = PACE + 'print(image "ami-0a000000000000002":copy { name = "golden", key = "default" }:wait().state)'


def volumes(ec2):
    return len(ec2.describe_volumes()["Volumes"])


@test
def answers_that_are_not_what_they_say_are_asked_for_again():
    for rule in ({"fault": "length", "bytes": 40}, {"fault": "length", "bytes": 10000000}, {"fault": "length"}, {"fault": "html"},
                 {"fault": "html", "status": 200}, {"fault": "html", "status": 503}, {"fault": "hang", "seconds": 0.05},
                 {"fault": "refuse", "seconds": 0.05}):
        with faulty({"action": "DescribeRegions", "nth": 1, **rule}, options=REAL) as (url, _):
            p = run(REGIONS, url)
            assert p.stdout == "true\n1\n", (rule, p.stdout, p.stderr)


@test
def an_answer_that_comes_twice_is_not_taken_for_the_next():
    with faulty({"fault": "repeat"}, options=REAL) as (url, _):
        p = run(REGIONS, url)
        assert p.stdout == "true\n1\n", p.stderr


@test
def what_has_a_token_is_made_once_whatever_its_answer():
    for rule in ({"fault": "html", "when": "after"}, {"fault": "html", "status": 200, "when": "after"}, {"fault": "length", "bytes": 60},
                 {"fault": "length", "bytes": 10000000}, {"fault": "hang", "seconds": 0.05, "when": "after"}, {"fault": "hang", "seconds": 0.05}):
        with faulty({"action": "CreateVolume", "nth": 1, **rule}, options=INSTANT) as (url, ec2):
            p = run(PACE + VOLUME, url)
            assert p.stdout == "available\n" and volumes(ec2) == 1, (rule, p.stdout, p.stderr)


@test
def what_has_no_token_is_looked_for():
    for rule in ({"fault": "html", "when": "after"}, {"fault": "length", "bytes": 60}, {"fault": "hang", "seconds": 0.05, "when": "after"}):
        with faulty({"action": "CreateSnapshot", "nth": 1, **rule}, options=INSTANT) as (url, ec2):
            made = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
            p = run(PACE + f'print(volume "{made}":snapshot {{}}:wait().state)', url)
            found = ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
            assert p.stdout == "completed\n" and len(found) == 1, (rule, p.stdout, p.stderr)


@test
def a_date_that_is_off_disturbs_nothing():
    with faulty({"fault": "skew", "seconds": 7200}, options=REAL) as (url, _):
        assert run(REGIONS, url).stdout == "true\n1\n"


@test
def a_server_whose_clock_is_off_is_followed():
    for skew in (3600, -3600, 86400 * 30):
        with faulty(skew=skew, options=REAL) as (url, _):
            p = run(REGIONS, url)
            assert p.stdout == "true\n1\n", (skew, p.stderr)


@test
def a_wait_goes_on_when_what_is_shown_flaps():
    for every in (2, 3):
        with faulty({"action": "Describe*", "every": every, "fault": "stale", "seconds": 1}, options=("--instant",)) as (url, ec2):
            p = run(COPY, url)
            assert p.stdout == "available\n", p.stderr
            assert len(ec2.describe_images(Filters=[{"Name": "name", "Values": ["golden"]}])["Images"]) == 1


PAGED = 'local n = 0 for _ in pairs(volumes {}) do n = n + 1 end print(n)'


def eight(ec2):
    for _ in range(8):
        ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)


@test
def empty_pages_are_gone_over():
    with faulty({"action": "DescribeVolumes", "times": 3, "fault": "empty_page"}, options=INSTANT) as (url, ec2):
        eight(ec2)
        p = run(PAGED, url)
        assert p.stdout == "8\n", p.stderr


@test
def a_token_that_is_offered_again_is_told_and_no_endless_loop():
    rules = ({"action": "DescribeVolumes", "nth": 1, "fault": "empty_page"}, {"action": "DescribeVolumes", "fault": "same_page"})
    with faulty(*rules, options=INSTANT) as (url, ec2):
        eight(ec2)
        p = run(PAGED, url)
        assert p.returncode == 1 and "the same page was offered twice" in p.stderr, p.stderr


@test
def a_token_that_has_expired_is_told():
    rules = ({"action": "DescribeVolumes", "nth": 1, "fault": "empty_page"}, {"action": "DescribeVolumes", "fault": "expired_page"})
    with faulty(*rules, options=INSTANT) as (url, ec2):
        eight(ec2)
        p = run(PAGED, url)
        assert p.returncode == 1 and "InvalidPaginationToken" in p.stderr, p.stderr


@test
def a_download_goes_over_empty_pages_and_tells_of_one_that_comes_again():
    for rules, code, said in (([{"action": "ListSnapshotBlocks", "times": 3, "fault": "empty_page"}], 0, ""),
                              ([{"action": "ListSnapshotBlocks", "nth": 1, "fault": "empty_page"}, {"service": "ebs", "fault": "expired_page"}],
                               1, "ValidationException"),
                              ([{"action": "ListSnapshotBlocks", "nth": 1, "fault": "empty_page"}, {"service": "ebs", "fault": "same_page"}],
                               1, "one is out of order")):
        with faulty(*rules, options=("--instant",)) as (url, _), tempfile.TemporaryDirectory() as folder:
            p = run(f'snapshot "snap-0a000000000000001":download {{ file = "{folder}/disk" }}', url)
            assert p.returncode == code and said in p.stderr + p.stdout, (rules, p.stderr)


main()
