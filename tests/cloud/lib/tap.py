"""What the tests of the served local cloud share: clients of its accounts, expected errors, TAP."""
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import traceback
import urllib.parse
import xml.etree.ElementTree

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session

URL = os.environ.get("LUNAMI_URL")
BINARY = os.environ.get("LUNAMI_BIN", os.path.dirname(os.path.abspath(__file__)) + "/../../../build/lunami")
ONE, TWO = "000000000001", "000000000002"
tests = []


def client(service, region="us-east-1", account=ONE, url=None, **credentials):
    """A client that neither retries nor checks parameters; signed as an account's administrator or as told."""
    given = credentials or {"aws_access_key_id": "LOCAL" + account, "aws_secret_access_key": "local"}
    return boto3.client(service, region_name=region, endpoint_url=url or URL,
                        config=Config(retries={"max_attempts": 0}, parameter_validation=False), **given)


def dry_kms(account=ONE):
    """A client of KMS whose every request is a dry run: this boto3 is older than that member."""
    c = client("kms", account=account)
    c.meta.events.register("before-call.kms", lambda params, **_: params.update(
        body=json.dumps(dict(json.loads(params["body"]), DryRun=True)).encode()))
    return c


def tree(element):
    """XML as dicts of lists: items are a list, an element with nothing in it is its text."""
    children = list(element)
    if children and all(c.tag.endswith("item") for c in children):
        return [tree(c) for c in children]
    return {c.tag.split("}")[-1]: tree(c) for c in children} if children else element.text


def query(action, account=ONE, region="us-east-1", url=None, **parameters):
    """An EC2 action by its wire names, for what this boto3's model does not know yet."""
    body = urllib.parse.urlencode({"Action": action, "Version": "2016-11-15", **parameters})
    request = AWSRequest("POST", (url or URL) + "/", data=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    SigV4Auth(Credentials("LOCAL" + account, "local"), "ec2", region).add_auth(request)
    answer = URLLib3Session().send(request.prepare())
    told = tree(xml.etree.ElementTree.fromstring(answer.content))
    if answer.status_code != 200:
        said = told["Errors"]["Error"]
        raise ClientError({"Error": said, "ResponseMetadata": {"HTTPStatusCode": answer.status_code}}, action)
    return told


@contextlib.contextmanager
def served(*options):
    """The URL of a local cloud of one's own."""
    process = subprocess.Popen([BINARY, "serve", "--port", "0", "--memory", *options], stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(10)


class Folder:
    """A local cloud on a folder, started again and again."""

    def __init__(self, *options):
        self.options = options or ("--instant",)
        self.folder = tempfile.TemporaryDirectory()
        self.db = os.path.join(self.folder.name, "state", "state.db")

    def start(self):
        self.process = subprocess.Popen([BINARY, "serve", "--port", "0", *self.options, "--state", os.path.dirname(self.db)],
                                        stdout=subprocess.PIPE, text=True)
        return self.process.stdout.readline().split()[-1]

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, sql, *values):
        with contextlib.closing(sqlite3.connect(self.db)) as db, db:
            return db.execute(sql, values).fetchall()


class Skip(Exception):
    """A test cannot be made here: it is counted as skipped, with this reason."""


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
        except Skip as reason:
            print(f"ok {number} - {name} # SKIP {reason}")
        except Exception:  # every failure is a test's failure
            failed += 1
            print(f"not ok {number} - {name}")
            print("".join("# " + line for line in traceback.format_exc(limit=-3).splitlines(True)))
    print(f"1..{len(tests)}")
    sys.exit(1 if failed else 0)
