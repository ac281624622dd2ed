#!/usr/bin/python3
"""What AWS refuses, and what lunami refuses before it is sent: permissions, keys of KMS that cannot be used, regions and
partitions. TAP."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "lib"))
import tap  # noqa: E402
from client import run  # noqa: E402
from tap import test  # noqa: E402
from toxic import Faults, Way  # noqa: E402

CLOUD = None
REGIONS = 'print(#call("ec2", "DescribeRegions", {}).regions > 0)'


# ---- permissions -------------------------------------------------------------------------------------

ENCODED = b"4p1ann3d-Encoded_Message" * 100  # more than the text of an error holds
REFUSAL = Faults.says(403, b"<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this "
                      b"operation. Encoded authorization failure message: " + ENCODED + b"</Message></Error></Errors><RequestID>q"
                      b"</RequestID></Response>")


@test
def encoded_refusals_are_decoded():
    """an encoded refusal: decoded where that is allowed, else what it needs is said"""
    told = (b"<DecodeAuthorizationMessageResponse><DecodeAuthorizationMessageResult><DecodedMessage>{&quot;allowed&quot;:false,"
            b"&quot;explicitDeny&quot;:true,&quot;context&quot;:{&quot;action&quot;:&quot;ec2:DescribeRegions&quot;,&quot;resource&quot;:"
            b"&quot;*&quot;}}</DecodedMessage></DecodeAuthorizationMessageResult></DecodeAuthorizationMessageResponse>")
    denied = (b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>q</RequestId></ErrorResponse>")
    with Way(CLOUD, DescribeRegions=[REFUSAL], DecodeAuthorizationMessage=[Faults.says(200, told)]) as way:
        p = run(REGIONS, way.url)
        assert p.returncode == 1 and "a policy denies ec2:DescribeRegions" in p.stderr and "4p1ann3d" not in p.stderr, p.stderr
        asked = dict(way.asked)["DecodeAuthorizationMessage"]
        assert asked["EncodedMessage"] == ENCODED.decode(), asked
    with Way(CLOUD, DescribeRegions=[REFUSAL], DecodeAuthorizationMessage=[Faults.says(403, denied)]) as way:
        p = run(REGIONS, way.url)
        assert p.returncode == 1 and "sts:DecodeAuthorizationMessage" in p.stderr, p.stderr


@test
def a_dry_run_is_a_success():
    """DryRunOperation: KMS's dry run of a grant proves the permission, EC2's is told as AWS words it"""
    p = run('print(key "alias/golden":usable().checks[3].verdict)', CLOUD)
    assert p.stdout == "proved\n", p.stderr
    p = run('local _, e = try(function() call("ec2", "CreateVolume", { availability_zone = "us-east-1a", size = 1, dry_run = true }) end) '
            'print(e.code)', CLOUD)
    assert p.stdout == "DryRunOperation\n", p.stderr


@test
def refusals_are_not_retried():
    """a region that is not enabled, keys that are wrong: one request, one error"""
    for code in ("OptInRequired", "AuthFailure", "InvalidClientTokenId", "SignatureDoesNotMatch"):
        body = f"<Response><Errors><Error><Code>{code}</Code><Message>m</Message></Error></Errors><RequestID>q</RequestID></Response>"
        with Way(CLOUD, DescribeRegions=[Faults.says(401, body.encode())] * 3) as way:
            p = run(REGIONS, way.url)
            assert p.returncode == 1 and way.count("DescribeRegions") == 1 and code in p.stderr, p.stderr


# ---- keys of KMS -------------------------------------------------------------------------------------

def snapshot():
    return tap.client("ec2", url=CLOUD).describe_snapshots(OwnerIds=["self"])["Snapshots"][0]["SnapshotId"]


def key(**wanted):
    return tap.client("kms", url=CLOUD).create_key(**wanted)["KeyMetadata"]


COPY = 'require("lunami.core").pace(0.01, 0.04) snapshot "%s":copy { key = "%s", description = "under a key" }:wait() print "copied"'


def copy_under(name, **faults):
    """(process, the way that its requests took) of a copy under this key."""
    with Way(CLOUD, **faults) as way:
        return run(COPY % (snapshot(), name), way.url), way


def refused_before(name, *says, **faults):
    """The copy is not begun, and the error says why, and which key."""
    p, way = copy_under(name, **faults)
    assert p.returncode == 1 and way.count("CopySnapshot") == 0 and "recipe" not in p.stdout, p.stderr
    assert all(text in p.stderr for text in (name, *says)), p.stderr


@test
def a_disabled_key():
    """KMS: a key that is disabled is refused before anything is sent, with what to do"""
    made = key()
    tap.client("kms", url=CLOUD).disable_key(KeyId=made["KeyId"])
    refused_before(made["Arn"], "is disabled", "enable()")


@test
def a_key_that_goes():
    """KMS: a key that is pending deletion is refused before anything is sent"""
    made = key()
    tap.client("kms", url=CLOUD).schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=7)
    refused_before(made["Arn"], "is pending deletion", "cancel")


@test
def a_key_of_elsewhere():
    """KMS: a key of another region, or of another partition, is refused before anything is sent"""
    there = tap.client("kms", "eu-west-1", url=CLOUD).create_key()["KeyMetadata"]["Arn"]
    refused_before(there, "is in eu-west-1", "us-east-1 is needed")
    refused_before("arn:aws-us-gov:kms:us-gov-west-1:000000000001:key/1", "is in us-gov-west-1", "us-east-1 is needed")


@test
def a_key_of_another_kind():
    """KMS: an asymmetric key, and one for signatures, are refused before anything is sent"""
    refused_before(key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["Arn"], "RSA_2048", "symmetric")
    refused_before(key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["Arn"], "HMAC_256")


@test
def a_key_that_may_not_be_looked_at():
    """KMS: AccessDeniedException of the look before the copy: nothing is sent, and the key is named"""
    denied = Faults.says(400, b'{"__type":"AccessDeniedException","message":"not authorized to perform: kms:DescribeKey"}')
    refused_before("alias/golden", "kms:DescribeKey", DescribeKey=[denied])


@test
def a_key_that_is_not_there():
    """KMS: a key that is not there is refused before anything is sent, with the one that was meant"""
    refused_before("alias/goldn", "did you mean 'alias/golden'?")


@test
def a_service_that_is_busy():
    """KMS: ThrottlingException and KMSInternalException are tried again, and the copy goes on"""
    busy = [Faults.says(400, b'{"__type":"ThrottlingException","message":"Rate exceeded"}'),
            Faults.says(500, b'{"__type":"KMSInternalException","message":"oh"}')]
    p, way = copy_under("alias/golden", DescribeKey=busy)
    assert p.stdout == "copied\n" and way.count("DescribeKey") >= 3 and way.count("CopySnapshot") == 1, p.stderr


@test
def a_quota_of_keys():
    """KMS: LimitExceededException is a quota, not throttling: told at once"""
    full = Faults.says(400, b'{"__type":"LimitExceededException","message":"too many keys"}')
    with Way(CLOUD, CreateKey=[full] * 3) as way:
        p = run("key.create {}", way.url)
        assert p.returncode == 1 and way.count("CreateKey") == 1 and "too many keys" in p.stderr, p.stderr


@test
def a_key_that_is_disabled_meanwhile():
    """KMS: a key that is disabled after the look: AWS fails late, and the error names the key, the snapshot and what to do"""
    made = key()

    def disable(way, connection, request):
        tap.client("kms", url=CLOUD).disable_key(KeyId=made["KeyId"])
        connection.sendall(way.forward(request))
        return True
    p, way = copy_under(made["Arn"], CopySnapshot=[disable])
    assert p.returncode == 1 and way.count("CopySnapshot") == 1 and "copied" not in p.stdout, p.stderr
    assert made["KeyId"] in p.stderr and "snap-" in p.stderr and "disabled" in p.stderr, p.stderr


@test
def a_key_of_another_account_that_is_not_shared():
    """KMS: a key of another account whose policy does not know us: refused by the look, before anything is sent"""
    theirs = tap.client("kms", account=tap.TWO, url=CLOUD).create_key()["KeyMetadata"]["Arn"]
    refused_before(theirs, "not authorized to perform: kms:DescribeKey")


# ---- regions and partitions --------------------------------------------------------------------------

@test
def regions_of_another_partition():
    """a copy into another partition is refused before anything is sent"""
    with Way(CLOUD) as way:
        p = run(f'snapshot "{snapshot()}":copy {{ region = "us-gov-west-1" }}', way.url)
        assert p.returncode == 2 and way.count("CopySnapshot") == 0 and "another partition" in p.stderr, p.stderr


@test
def regions_that_are_not_enabled():
    """a region that is not enabled in the account: the first request there is refused, and the error says the region"""
    p = run(f'snapshot "{snapshot()}":copy {{ region = "af-south-1" }}', CLOUD)
    assert p.returncode == 1 and "af-south-1" in p.stderr, p.stderr


if __name__ == "__main__":
    with tap.served("--instant") as CLOUD:
        tap.main()
