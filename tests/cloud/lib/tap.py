"""What the tests of the served local cloud share: clients of its accounts, expected errors, TAP."""
import os
import sys
import traceback

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

URL = os.environ.get("LUNAMI_URL")
ONE, TWO = "000000000001", "000000000002"
tests = []


def client(service, region="us-east-1", account=ONE, url=None, **credentials):
    """A client that neither retries nor checks parameters; signed as an account's administrator or as told."""
    given = credentials or {"aws_access_key_id": "LOCAL" + account, "aws_secret_access_key": "local"}
    return boto3.client(service, region_name=region, endpoint_url=url or URL,
                        config=Config(retries={"max_attempts": 0}, parameter_validation=False), **given)


def test(fn):
    tests.append(fn)
    return fn


def error(call, **kw):
    """(code, message, HTTP status) of the error that a call ends with."""
    try:
        call(**kw)
    except ClientError as e:
        return e.response["Error"]["Code"], e.response["Error"]["Message"], e.response["ResponseMetadata"]["HTTPStatusCode"]
    raise AssertionError("expected an error")


def refused(code, call, **kw):
    """The message of the error with this code."""
    got = error(call, **kw)
    assert got[0] == code, got
    return got[1]


def main():
    failed = 0
    for number, fn in enumerate(tests, 1):
        name = (fn.__doc__ or fn.__name__.replace("_", " ")).strip()
        try:
            fn()
            print(f"ok {number} - {name}")
        except Exception:  # every failure is a test's failure
            failed += 1
            print(f"not ok {number} - {name}")
            print("".join("# " + line for line in traceback.format_exc(limit=-3).splitlines(True)))
    print(f"1..{len(tests)}")
    sys.exit(1 if failed else 0)
