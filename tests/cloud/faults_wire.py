#!/usr/bin/python3
"""Faults of what is on the wire: lengths, pages of proxies, dates, silence, refused connections. TAP."""
import email.utils
import socket
import time

from botocore.exceptions import ConnectionClosedError, HTTPClientError, ReadTimeoutError
from lib.faulty import connect, faulty, read_answer, signed, told
from lib.tap import client, error, main, refused, test

REAL = ()


def exchange(url, action="DescribeRegions"):
    """What one request is answered with: (status, headers, body, all that follows)."""
    with connect(url) as s, s.makefile("rb") as stream:
        s.sendall(signed(url, action))
        status, headers, body = read_answer(stream)
        s.settimeout(0.3)
        try:
            rest = stream.read()
        except socket.timeout:
            rest = None  # the connection stays open
        return status, headers, body, rest


def volumes(ec2):
    return len(ec2.describe_volumes()["Volumes"])


@test
def a_length_that_is_too_short_leaves_the_rest_on_the_connection():
    with faulty({"fault": "length", "bytes": 40}) as (url, _):
        status, headers, body, rest = exchange(url)
        assert (status, headers["content-length"], len(body)) == (200, "40", 40)
        assert body.startswith(b"<?xml") and rest.endswith(b"</DescribeRegionsResponse>"), rest


@test
def a_length_that_is_too_long_is_cut():
    with faulty({"fault": "length", "bytes": 100000}) as (url, _):
        status, headers, body, rest = exchange(url)
        assert headers["content-length"] == "100000" and body.endswith(b"</DescribeRegionsResponse>") and rest == b""


@test
def an_answer_without_a_byte():
    with faulty({"fault": "length"}) as (url, _):
        assert exchange(url)[1:3][0]["content-length"] == "0"


@test
def an_answer_that_comes_twice():
    with faulty({"fault": "repeat", "nth": 1}) as (url, _):
        with connect(url) as s, s.makefile("rb") as stream:
            s.sendall(signed(url, "DescribeRegions"))
            first, second = read_answer(stream), read_answer(stream)
            assert first[0] == second[0] == 200 and first[2] == second[2]
            s.sendall(signed(url, "DescribeVpcs"))  # the connection is still of use
            assert b"DescribeVpcsResponse" in read_answer(stream)[2]


@test
def a_proxys_page_before_the_request_is_run_and_after():
    rules = ({"action": "CreateVolume", "nth": 1, "fault": "html"}, {"action": "CreateVolume", "nth": 1, "fault": "html", "status": 503, "when": "after"},
             {"action": "DescribeRegions", "fault": "html", "status": 200})
    with faulty(*rules, options=("--empty",)) as (url, ec2):
        assert error(ec2.create_volume, AvailabilityZone="us-east-1a", Size=1)[2] == 502 and volumes(ec2) == 0
        assert error(ec2.create_volume, AvailabilityZone="us-east-1a", Size=1)[2] == 503 and volumes(ec2) == 1
        status, headers, body, _ = exchange(url)
        assert (status, headers["content-type"]) == (200, "text/html") and b"<html>" in body and "server" not in headers


@test
def a_date_that_is_off():
    with faulty({"fault": "skew", "seconds": -3600}, options=REAL) as (url, _):
        told_time = email.utils.parsedate_to_datetime(exchange(url)[1]["date"]).timestamp()
        assert -3700 < told_time - time.time() < -3500


@test
def a_server_whose_clock_is_off():
    """refuses what is signed by ours, for every service, and says what it takes for the time"""
    with faulty(skew=3600, options=REAL) as (url, ec2):
        refused("RequestExpired", ec2.describe_regions)
        refused("InvalidSignatureException", client("kms", url=url).list_keys)
        said = refused("SignatureDoesNotMatch", client("sts", url=url).get_caller_identity)
        assert "Signature expired" in said, said
        assert told(url, "faults", {"rules": [], "skew": -600})[0] == 200
        ec2.describe_regions()  # ten minutes are within bounds
        told_time = email.utils.parsedate_to_datetime(exchange(url)[1]["date"]).timestamp()
        assert -700 < told_time - time.time() < -500
        assert told(url, "faults", {"rules": [], "skew": -1200})[0] == 200
        assert "Signature not yet current" in refused("SignatureDoesNotMatch", client("sts", url=url).get_caller_identity)


@test
def silence_and_then_a_reset_before_the_request_is_run_and_after():
    rules = ({"action": "CreateVolume", "nth": 1, "fault": "hang", "seconds": 0.1},
             {"action": "CreateVolume", "nth": 1, "fault": "hang", "seconds": 0.1, "when": "after"})
    with faulty(*rules, options=("--empty",)) as (_, ec2):
        for expected in (0, 1):
            begun = time.monotonic()
            try:
                ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)
                raise AssertionError("expected a reset")
            except (ConnectionClosedError, HTTPClientError):
                pass
            assert time.monotonic() - begun > 0.05 and volumes(ec2) == expected


@test
def hours_of_silence_in_virtual_time():
    with faulty({"action": "DescribeRegions", "fault": "hang", "seconds": 36000}) as (_, ec2):
        try:
            ec2.describe_regions()
            raise AssertionError("expected a reset")
        except (ConnectionClosedError, HTTPClientError) as e:
            assert not isinstance(e, ReadTimeoutError), e


@test
def connections_are_refused_for_a_while():
    with faulty({"action": "DescribeRegions", "nth": 1, "fault": "refuse", "seconds": 0.5}, options=REAL) as (url, ec2):
        with connect(url) as s:
            s.sendall(signed(url, "DescribeRegions"))
            try:
                assert s.recv(1) == b""
            except ConnectionResetError:
                pass
        refusals = 0
        for _ in range(200):
            try:
                connect(url).close()
                break
            except ConnectionRefusedError:
                refusals += 1
                time.sleep(0.02)
        assert refusals > 0
        ec2.describe_regions()


main()
