#!/usr/bin/python3
"""Faults by a plan: each kind, which requests meet it, and what the cloud's state is afterwards. TAP."""
import json
import os
import tempfile
import time

from botocore.exceptions import ConnectionClosedError, IncompleteReadError, ResponseStreamingError
from botocore.parsers import ResponseParserError
from lib.faulty import faulty, told
from lib.tap import client, error, main, refused, served, test

GONE = (ConnectionClosedError, IncompleteReadError, ResponseParserError, ResponseStreamingError)
SOURCE = {"SourceImageId": "ami-0a000000000000002", "SourceRegion": "us-east-1"}


def volume(ec2):
    return ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]


def broken(call, **kw):
    try:
        call(**kw)
    except GONE:
        return
    raise AssertionError("expected a broken answer")


def volumes(ec2):
    return len(ec2.describe_volumes()["Volumes"])


@test
def each_service_throttles_in_its_own_words():
    with faulty({"fault": "throttle"}) as (url, ec2):
        assert error(ec2.describe_images)[::2] == ("RequestLimitExceeded", 503)
        assert error(client("kms", url=url).list_keys)[::2] == ("ThrottlingException", 400)
        assert error(client("sts", url=url).get_caller_identity)[::2] == ("Throttling", 400)


@test
def any_error_of_any_action():
    rule = {"action": "Describe*", "fault": "error", "code": "Unavailable", "status": 503, "message": "later"}
    with faulty(rule, {"fault": "expired_token", "service": "sts"}) as (url, ec2):
        assert error(ec2.describe_images) == ("Unavailable", "later", 503)
        refused("ExpiredToken", client("sts", url=url).get_caller_identity)
        volume(ec2)


@test
def which_requests_meet_it():
    rules = ({"region": "eu-*", "fault": "throttle"}, {"account": "000000000002", "fault": "throttle"},
             {"action": "CreateVolume", "nth": 2, "fault": "throttle"}, {"action": "DescribeVolumes", "every": 3, "times": 2, "fault": "throttle"})
    with faulty(*rules) as (url, ec2):
        refused("RequestLimitExceeded", client("ec2", "eu-west-1", url=url).describe_images)
        refused("RequestLimitExceeded", client("ec2", account="000000000002", url=url).describe_images)
        volume(ec2)
        refused("RequestLimitExceeded", ec2.create_volume, AvailabilityZone="us-east-1a", Size=1)
        volume(ec2)
        met = []
        for number in range(1, 13):
            try:
                ec2.describe_volumes()
            except ec2.exceptions.ClientError:
                met.append(number)
        assert met == [3, 6], met


@test
def chance_follows_the_seed():
    seen = []
    for seed in (1, 1, 2):
        with faulty({"probability": 0.5, "fault": "throttle"}, seed=seed) as (_, ec2):
            line = ""
            for _ in range(24):
                try:
                    ec2.describe_regions()
                    line += "."
                except ec2.exceptions.ClientError:
                    line += "x"
            seen.append(line)
    assert seen[0] == seen[1] != seen[2] and 4 < seen[0].count("x") < 20, seen


@test
def a_reset_before_the_commit_does_nothing_one_after_it_does_all():
    with faulty({"action": "CreateVolume", "nth": 1, "fault": "reset"},
                {"action": "CreateVolume", "nth": 1, "fault": "reset", "when": "after"}) as (_, ec2):
        count = volumes(ec2)
        broken(ec2.create_volume, AvailabilityZone="us-east-1a", Size=1)
        assert volumes(ec2) == count
        broken(ec2.create_volume, AvailabilityZone="us-east-1a", Size=1)
        assert volumes(ec2) == count + 1


@test
def truncated_answers():
    with faulty({"action": "CreateVolume", "nth": 1, "fault": "truncate", "bytes": 40}) as (_, ec2):
        count = volumes(ec2)
        broken(ec2.create_volume, AvailabilityZone="us-east-1a", Size=1)
        assert volumes(ec2) == count + 1


@test
def slow_answers_and_late_ones_in_real_time():
    rules = ({"action": "DescribeRegions", "fault": "slow", "seconds": 0.2}, {"action": "DescribeImages", "fault": "latency", "seconds": 0.2})
    with faulty(*rules, options=()) as (_, ec2):
        for call in (ec2.describe_regions, ec2.describe_images):
            begun = time.monotonic()
            assert call()["ResponseMetadata"]["HTTPStatusCode"] == 200
            assert 0.15 < time.monotonic() - begun < 2


@test
def hours_of_latency_in_virtual_time():
    with faulty({"action": "DescribeRegions", "fault": "slow", "seconds": 3600},
                {"action": "CreateVolume", "fault": "latency", "seconds": 3600}) as (_, ec2):
        begun = time.monotonic()
        assert ec2.describe_regions()["Regions"] and volume(ec2)
        assert time.monotonic() - begun < 2


@test
def a_request_is_run_after_its_client_has_given_up():
    with faulty({"action": "CreateVolume", "nth": 1, "fault": "late", "seconds": 30}, options=("--virtual", "--empty")) as (url, ec2):
        broken(ec2.create_volume, AvailabilityZone="us-east-1a", Size=1)
        assert volumes(ec2) == 1  # what is pending: time has gone on to it
    with faulty({"action": "CreateVolume", "nth": 1, "fault": "late", "seconds": 0.3}, options=("--empty",)) as (_, ec2):
        broken(ec2.create_volume, AvailabilityZone="us-east-1a", Size=1)
        assert volumes(ec2) == 0
        time.sleep(0.4)
        assert volumes(ec2) == 1


@test
def a_request_that_comes_twice():
    with faulty({"action": "Create*", "fault": "duplicate"}, options=("--virtual", "--empty")) as (_, ec2):
        made = volume(ec2)
        assert volumes(ec2) == 1  # boto3 gives a token
        ec2.create_snapshot(VolumeId=made)
        assert len(ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]) == 2


@test
def a_describe_lags_by_each_index():
    for index, by_id, by_filter, by_tag in (("all", 0, 0, 0), ("id", 0, 1, 1), ("filter", 1, 0, 0), ("tag", 1, 1, 0)):
        with faulty({"action": "Describe*", "fault": "lag", "index": index, "seconds": 3600}, options=("--instant",)) as (_, ec2):
            tags = [{"ResourceType": "volume", "Tags": [{"Key": "run", "Value": "a"}]}]
            made = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, TagSpecifications=tags)["VolumeId"]
            if by_id:
                assert ec2.describe_volumes(VolumeIds=[made])["Volumes"]
            else:
                refused("InvalidVolume.NotFound", ec2.describe_volumes, VolumeIds=[made])
            find = [{"Name": "volume-id", "Values": [made]}]
            assert len(ec2.describe_volumes(Filters=find)["Volumes"]) == by_filter, index
            assert len(ec2.describe_volumes(Filters=[{"Name": "tag:run", "Values": ["a"]}])["Volumes"]) == by_tag, index


@test
def a_lag_ends():
    with faulty({"action": "DescribeImages", "fault": "lag", "seconds": 100}, options=("--virtual", "--pace", "quick")) as (url, ec2):
        made = ec2.copy_image(Name="lagging", **SOURCE)["ImageId"]
        refused("InvalidAMIID.NotFound", ec2.describe_images, ImageIds=[made])
        assert told(url, "time", {"advance": 101})[0] == 200
        assert ec2.describe_images(ImageIds=[made])["Images"][0]["State"] == "available"


@test
def a_copy_that_is_never_ready_and_one_that_fails():
    with faulty({"action": "CopyImage", "nth": 1, "fault": "stuck"},
                {"action": "CopyImage", "fault": "fail", "message": "Given key ID is not accessible"}) as (url, ec2):
        stuck = ec2.copy_image(Name="stuck", **SOURCE)["ImageId"]
        failed = ec2.copy_image(Name="failed", **SOURCE)["ImageId"]
        assert told(url, "time", {"advance": 86400})[0] == 200
        states = {i["ImageId"]: i for i in ec2.describe_images(ImageIds=[stuck, failed])["Images"]}
        assert states[stuck]["State"] == "pending" and states[failed]["State"] == "failed"
        assert states[failed]["StateReason"]["Message"] == "Given key ID is not accessible"


@test
def a_plan_is_replaced_and_taken_back():
    with faulty({"fault": "throttle"}) as (url, ec2):
        assert told(url, "faults", {"rules": [{"action": "DescribeRegions", "fault": "throttle"}]})[0] == 200
        ec2.describe_images()
        assert told(url, "faults", None, "DELETE") == (200, "0 rules\n")
        ec2.describe_regions()


@test
def mistakes_in_a_plan_are_named():
    with served() as url:
        status, said = told(url, "faults", {"rules": [{"fault": "stuck"}, {"fault": "x"}]})
        assert status == 400 and "rule 2: fault: one of" in said, said
        assert told(url, "time", {"advance": 1}) == (400, "only virtual time can be moved: start with --virtual\n")
        assert told(url, "nothing", {})[0] == 404
        client("ec2", url=url).describe_regions()
    with served("--virtual") as url:
        assert told(url, "time", {"advance": "x"})[0] == 400


@test
def the_log_is_the_same_for_the_same_seed():
    """and holds no secret"""
    logs = []
    for seed in ("1", "1"):
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "log")
            with served("--virtual", "--seed", seed, "--log", log) as url:
                ec2, kms = client("ec2", url=url), client("kms", url=url)
                told(url, "faults", {"rules": [{"action": "CreateVolume", "nth": 2, "fault": "reset"}], "seed": 3})
                ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, ClientToken="fixed")
                broken(ec2.create_volume, AvailabilityZone="us-east-1a", Size=1, ClientToken="two")
                kms.encrypt(KeyId="alias/one", Plaintext=b"planted secret")
                error(ec2.describe_images, ImageIds=["ami-0fffffffffffffff0"])
            with open(log) as f:
                logs.append(f.read())
            assert os.stat(log).st_mode & 0o777 == 0o600
    lines = [json.loads(line) for line in logs[0].splitlines()]
    assert [line["action"] for line in lines] == ["CreateVolume", "CreateVolume", "Encrypt", "DescribeImages"]
    assert [line["fault"] for line in lines] == ["", "reset", "", ""]
    assert lines[3]["error"] == "InvalidAMIID.NotFound" and lines[3]["parameters"] == {"image_ids": ["ami-0fffffffffffffff0"]}
    assert lines[0]["time"].startswith("2026-01-01T00:00:00") and lines[0]["status"] == 200
    assert "planted" not in logs[0] and "cGxhbnRlZ" not in logs[0], logs[0]
    assert logs[0] == logs[1], logs

CODES = {"ec2": [(500, "InternalError"), (500, "InternalFailure"), (500, "ServerInternal"), (503, "ServiceUnavailable"), (503, "Unavailable"),
                 (403, "Blocked"), (403, "PendingVerification"), (400, "SnapshotCopyUnsupported.InterRegion")],
         "kms": [(500, "KMSInternalException"), (500, "DependencyTimeoutException"), (500, "KeyUnavailableException"),
                 (400, "LimitExceededException"), (400, "KMSInvalidStateException"), (400, "InvalidGrantIdException")],
         "sts": [(403, "RegionDisabledException"), (400, "IDPCommunicationError"), (400, "PackedPolicyTooLarge")]}


@test
def trouble_on_aws_side_has_each_services_shape():
    """every code that AWS documents and no request brings about here: by a plan, as an exception of boto3's where its model has one"""
    calls = {"ec2": ("copy_snapshot", {"SourceSnapshotId": "snap-0a000000000000003", "SourceRegion": "us-east-1"}),
             "kms": ("describe_key", {"KeyId": "alias/one"}), "sts": ("get_caller_identity", {})}
    for service, codes in CODES.items():
        name, kw = calls[service]
        rules = [{"service": service, "times": 1, "fault": "error", "code": code, "status": status, "message": "told " + code}
                 for status, code in codes]
        with faulty(*rules) as (url, _):
            c = client(service, url=url)
            for status, code in codes:
                try:
                    getattr(c, name)(**kw)
                    raise AssertionError(code)
                except c.exceptions.ClientError as e:
                    assert (e.response["Error"]["Code"], e.response["Error"]["Message"], e.response["ResponseMetadata"]["HTTPStatusCode"]) == (
                        code, "told " + code, status), e.response
                    typed = getattr(c.exceptions, code, None) if code in c.exceptions._code_to_exception else None
                    assert service != "kms" or typed is not None and isinstance(e, typed), code
                    assert e.response["ResponseMetadata"]["RequestId"]
            getattr(c, name)(**kw)


@test
def an_instance_that_ends_for_a_reason_of_awss():
    """fail: a message that begins with Client.X: or Server.X: is the reason with that code"""
    why = "Server.InsufficientInstanceCapacity: Insufficient capacity to satisfy instance request"
    with faulty({"action": "RunInstances", "nth": 1, "fault": "fail", "message": why},
                {"action": "RunInstances", "fault": "fail", "message": "no code"}) as (_, ec2):
        boxes = [ec2.run_instances(ImageId="ami-0a000000000000002", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"] for _ in range(2)]
        for box, code in zip(boxes, ("Server.InsufficientInstanceCapacity", "Client.InternalError")):
            ec2.get_waiter("instance_terminated").wait(InstanceIds=[box], WaiterConfig={"Delay": 0.01, "MaxAttempts": 100})
            reason = ec2.describe_instances(InstanceIds=[box])["Reservations"][0]["Instances"][0]["StateReason"]
            assert reason["Code"] == code and (code[0] == "C" or reason["Message"] == why), reason


main()
