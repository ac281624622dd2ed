#!/usr/bin/python3
"""Exchanges that break between the client and the local cloud: what is sent again, what is looked for first, what is
said. TAP."""
import json
import os
import re
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "lib"))
import tap  # noqa: E402
from client import run  # noqa: E402
from tap import test  # noqa: E402
from toxic import Faults, Way  # noqa: E402

REGIONS = 'print(#call("ec2", "DescribeRegions", {}).regions > 0)'
# n such calls side by side, each of which meets one of the faults of the plan.
MANY = 'local list = {} for i = 1, %d do list[i] = i end print(#each(list, function() return call("ec2", "DescribeRegions", {}).regions[1] end))'
VOLUME = 'print(call("ec2", "CreateVolume", { availability_zone = "us-east-1a", size = 1 }).volume_id)'
# Waits and look-ups at a pace for tests; what is made late is visible at once here.
PACE = 'require("lunami.core").pace(0.01, 0.04) '
SNAPSHOT = 'snap-0a000000000000001'
CLOUD = None


def count(action, **filters):
    ec2 = tap.client("ec2", url=CLOUD)
    given = [{"Name": k.replace("_", "-"), "Values": [v]} for k, v in filters.items()]
    return len(getattr(ec2, action)(Filters=given)[action.split("_", 1)[1].title()])


@test
def reads_are_repeated():
    """reads that break before, in the headers, in the body; a length that is not kept, a chunk without a size: the answer is read in the end"""
    faults = [Faults.lost, Faults.half_headers, Faults.mid_body, Faults.truncated, Faults.bad_chunk, Faults.wrong_length]
    with Way(CLOUD, DescribeRegions=faults) as way:
        p = run(MANY % 6, way.url)
        assert p.stdout == "6\n" and way.count("DescribeRegions") == 12, p.stderr


@test
def a_call_with_a_token_is_repeated_with_it():
    """the reply of CreateVolume is lost: sent again with the same token, one volume"""
    before = count("describe_volumes")
    with Way(CLOUD, CreateVolume=[Faults.reply_lost, Faults.half_headers]) as way:
        p = run(VOLUME, way.url)
        tokens = {q["ClientToken"] for a, q in way.asked if a == "CreateVolume"}
        assert p.returncode == 0 and way.count("CreateVolume") == 3 and len(tokens) == 1, p.stderr
    assert count("describe_volumes") == before + 1


def keys():
    return {key["KeyId"] for key in tap.client("kms", url=CLOUD).list_keys()["Keys"]}


COPY = PACE + f'print(snapshot "{SNAPSHOT}":copy {{ description = "%s" }}.id)'


def a_snapshot():
    ec2 = tap.client("ec2", url=CLOUD)
    return ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"][0]["SnapshotId"]


@test
def a_snapshot_copy_whose_reply_is_lost_is_found():
    """CopySnapshot has no token: what it made is found by its tag, and not made again"""
    for n, fault in enumerate((Faults.reply_lost, Faults.mid_body)):
        with Way(CLOUD, CopySnapshot=[fault]) as way:
            p = run((COPY % f"found{n}").replace(SNAPSHOT, a_snapshot()), way.url)
            assert p.returncode == 0 and way.count("CopySnapshot") == 1, p.stderr
        assert count("describe_snapshots", description=f"found{n}") == 1


@test
def a_snapshot_copy_that_never_arrived_is_sent_again():
    """a snapshot copy that is not found by its tag within the time to settle: sent again, once"""
    internal = Faults.says(500, b"<html>oh")
    for n, fault in enumerate((Faults.lost, internal)):
        with Way(CLOUD, CopySnapshot=[fault]) as way:
            p = run((COPY % f"again{n}").replace(SNAPSHOT, a_snapshot()), way.url)
            assert p.returncode == 0 and way.count("CopySnapshot") == 2, p.stderr
        assert count("describe_snapshots", description=f"again{n}") == 1


@test
def an_image_whose_reply_is_lost_is_ours_by_its_tag():
    """RegisterImage is sent again; the name is taken, and the tag says by whom"""
    recipe = PACE + f'print(image.register {{ name = "lost-reply", snapshot = "{a_snapshot()}", device = "/dev/xvda" }}.id)'
    with Way(CLOUD, RegisterImage=[Faults.reply_lost]) as way:
        p = run(recipe, way.url)
        assert p.returncode == 0 and way.count("RegisterImage") == 2, p.stderr
    assert count("describe_images", name="lost-reply") == 1


@test
def a_name_that_another_took_is_not_ours():
    """RegisterImage: the name was taken by somebody else meanwhile: an error, nothing is adopted"""
    recipe = PACE + f'print(image.register {{ name = "not-ours", snapshot = "{a_snapshot()}", device = "/dev/xvda" }}.id)'

    def another(way, connection, request):
        tap.client("ec2", url=CLOUD).register_image(Name="not-ours", RootDeviceName="/dev/xvda", BlockDeviceMappings=[
            {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": a_snapshot()}}])
        Faults.lost(way, connection, request)
    with Way(CLOUD, RegisterImage=[another]) as way:
        p = run(recipe, way.url)
        assert p.returncode == 1 and "already in use" in p.stderr, p.stderr


@test
def a_key_whose_reply_is_lost_is_found():
    """CreateKey has no token: what it made is found by the tags of the account's keys; what never came is sent again"""
    recipe = PACE + 'print(key.create { description = "lost" }.id)'
    for fault, sent in ((Faults.reply_lost, 1), (Faults.lost, 2)):
        before = keys()
        with Way(CLOUD, CreateKey=[fault]) as way:
            p = run(recipe, way.url)
            made = keys() - before
            assert p.returncode == 0 and way.count("CreateKey") == sent and made == {p.stdout.strip()}, p.stderr


@test
def a_key_that_cannot_be_looked_for_is_not_made_twice():
    """CreateKey: the look-up is refused: the outcome stays unknown, and the error says so"""
    denied = Faults.says(400, b'{"__type":"AccessDeniedException","message":"no"}')
    with Way(CLOUD, CreateKey=[Faults.lost], ListResourceTags=[denied]) as way:
        p = run(PACE + 'key.create {}', way.url)
        assert p.returncode == 1 and way.count("CreateKey") == 1 and "is unknown" in p.stderr, p.stderr


@test
def a_grant_whose_reply_is_lost_is_the_same_one():
    """CreateGrant is sent again under its name: one grant"""
    recipe = PACE + f'local s = snapshot "{a_snapshot()}":copy {{ key = key.create {{}}.arn }}:wait() s:share {{ accounts = {{ "{tap.TWO}" }} }} ' \
        'print(#key(s.kms_key_id):grants())'
    with Way(CLOUD, CreateGrant=[Faults.reply_lost]) as way:
        p = run(recipe, way.url)
        assert p.stdout == "1\n" and way.count("CreateGrant") == 2, p.stderr


@test
def silence_ends():
    """no answer, or a byte now and then: the request's time ends it, and it is sent again"""
    with Way(CLOUD, DescribeRegions=[Faults.silence, Faults.trickle]) as way:
        p = run(MANY % 2, way.url, "--request-timeout", "1s")
        assert p.stdout == "2\n" and way.count("DescribeRegions") == 4, p.stderr


@test
def a_kept_connection_may_be_closed():
    """a connection that the server closed meanwhile is no failure, and nothing without a token is sent on one that was kept"""
    with Way(CLOUD, DescribeRegions=[Faults.closed_after] * 2) as way:
        p = run(REGIONS + " " + REGIONS + " " + REGIONS, way.url)
        assert p.stdout == "true\n" * 3, p.stderr
    copy = (COPY % "kept").replace(SNAPSHOT, a_snapshot())
    with Way(CLOUD, DescribeRegions=[Faults.closed_after], DescribeSnapshots=[Faults.closed_after]) as way:
        p = run(REGIONS + " " + copy, way.url)
        assert p.returncode == 0 and way.count("CopySnapshot") == 1 and "unknown" not in p.stderr, p.stderr
    assert count("describe_snapshots", description="kept") == 1


@test
def answers_have_an_end():
    """a gigabyte is announced, or compressed bytes come: refused, not read into memory"""
    with Way(CLOUD, DescribeRegions=[Faults.says(200, b"\x1f\x8b" + b"\0" * 4096, "Content-Encoding: gzip\r\n")] * 3) as way:
        p = run(REGIONS, way.url)
        assert p.returncode == 1 and "DescribeRegions" in p.stderr, p.stderr
    flood = b"<DescribeRegionsResponse><regionInfo><item><regionName>" + b"a" * (40 << 20)
    with Way(CLOUD, DescribeRegions=[Faults.says(200, flood, announced=1 << 30)] * 3) as way:
        p = run(REGIONS, way.url)
        assert p.returncode == 1 and way.count("DescribeRegions") <= 3, p.stderr


@test
def redirects_are_refused():
    """301, 302 and 307 are not followed, and nothing is sent to where they point"""
    with Way(CLOUD) as other:
        for status in (301, 302, 307):
            with Way(CLOUD, DescribeRegions=[Faults.says(status, b"", f"Location: {other.url}/\r\n")]) as way:
                p = run(REGIONS, way.url)
                assert p.returncode == 1 and way.count("DescribeRegions") == 1 and "redirect" in p.stderr, p.stderr
        assert other.asked == []


def error(code):
    return f"<Response><Errors><Error><Code>{code}</Code><Message>m</Message></Error></Errors><RequestID>q</RequestID></Response>".encode()


@test
def throttling_does_not_count():
    """more throttling answers than attempts, with and without Retry-After: no failure"""
    faults = [Faults.says(503, error("RequestLimitExceeded")), Faults.says(503, error("SlowDown"), "Retry-After: 1\r\n"),
              Faults.says(400, error("EC2ThrottledException"))]
    with Way(CLOUD, DescribeRegions=faults) as way:
        p = run(REGIONS, way.url)
        assert p.stdout == "true\n" and way.count("DescribeRegions") == 4, p.stderr
    with Way(CLOUD, DescribeRegions=[Faults.says(503, error("RequestLimitExceeded"))] * 9) as way:
        p = run(REGIONS, way.url, AWS_MAX_ATTEMPTS="2")  # unless somebody said how many
        assert p.returncode == 1 and way.count("DescribeRegions") == 2, p.stderr


@test
def the_service_says_when():
    """throttling that says when to come again, in seconds (Retry-After) or milliseconds (x-amz-retry-after): no sooner"""
    for header, least in (("Retry-After: 2", 2000), ("x-amz-retry-after: 1500", 1500)):
        with Way(CLOUD, DescribeRegions=[Faults.says(503, error("SlowDown"), header + "\r\n")]) as way:
            p = run(REGIONS, way.url, "--verbose")
            told = re.search(r"attempt 2 in (\d+) ms", p.stderr)
            assert p.stdout == "true\n" and int(told.group(1)) >= least, p.stderr


@test
def server_faults_are_retried():
    """500, 502, 503, 504, a proxy's page and an empty answer with 200"""
    faults = [Faults.says(500, error("InternalError")), Faults.says(502, b"<html>bad gateway"),
              Faults.says(503, error("Unavailable")), Faults.says(504, b""), Faults.says(200, b"")]
    with Way(CLOUD, DescribeRegions=faults) as way:
        p = run(MANY % 5, way.url)
        assert p.stdout == "5\n" and way.count("DescribeRegions") == 10, p.stderr


@test
def adaptive_mode_slows_down():
    """the adaptive mode is accepted, and an unknown one is an error that names the choice"""
    with Way(CLOUD, DescribeRegions=[Faults.says(503, error("RequestLimitExceeded"))]) as way:
        p = run(REGIONS + " " + REGIONS, way.url, AWS_RETRY_MODE="adaptive")
        assert p.stdout == "true\ntrue\n", p.stderr
    p = run(REGIONS, CLOUD, AWS_RETRY_MODE="eager")
    assert p.returncode == 1 and "say standard or adaptive" in p.stderr, p.stderr


@test
def buckets_are_kept_to():
    """with the documented buckets, bursts beyond them are spread before anything is throttled"""
    recipe = ('local list = {} for i = 1, 6 do list[i] = i end '
              'each(list, function() call("ec2", "StartInstances", { instance_ids = { "i-0a000000000000001" } }) end)')
    starts = lambda way: [q for a, q in way.asked if a == "StartInstances"]  # noqa: E731
    with Way(CLOUD) as way:
        began = time.monotonic()
        p = run(recipe, way.url, LUNAMI_BUCKETS="on")
        assert p.returncode == 0 and len(starts(way)) == 6 and time.monotonic() - began > 0.9, p.stderr  # 4 at once, 2 a second


THOUSAND = """
local list, core = {}, require "lunami.core"
for i = 1, 1000 do list[i] = i end
local began = core.monotonic()
each(list, function(i)
  call("ec2", "CopyImage", { name = "copy-" .. i, source_image_id = "ami-0a000000000000002", source_region = "us-east-1" })
end, { at_once = 64 })
print(core.monotonic() - began)"""


@test
def a_thousand_copies_are_not_throttled():
    """1,000 copies under AWS's buckets and quotas, in virtual time: under 1 % of the answers refuse, within 5 % of the best"""
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "trace.json")
        p = run(THOUSAND, None, "--local", "--virtual", "--limits", "documented", "--trace", trace)
        assert p.returncode == 0, p.stderr
        copies = [line for line in map(json.loads, open(trace)) if line["action"] == "CopyImage"]
    refused = sum(1 for line in copies if line["status"] != 200)
    took, best = float(p.stdout), 900  # 100 at once, then one a second
    assert len(copies) - refused == 1000 and refused < len(copies) / 100 and took < best * 1.05, (refused, took)


if __name__ == "__main__":
    with tap.served("--instant") as CLOUD:
        tap.main()
