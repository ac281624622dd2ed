#!/usr/bin/python3
"""A seed gives the same log of requests, byte by byte, and the same answers: ids, keys, temporary credentials, faults. TAP."""
import json
import os
import tempfile

from lib.client import run
from lib.faulty import told
from lib.tap import ONE, TWO, client, error, main, served, test

PLAN = {"seed": 3, "rules": [
    {"action": "CreateSnapshot", "nth": 2, "fault": "duplicate"}, {"action": "Describe*", "probability": 0.3, "fault": "throttle"},
    {"action": "DescribeVolumes", "fault": "stale", "seconds": 60}, {"action": "CreateVolume", "nth": 2, "fault": "html", "when": "after"},
    {"action": "CreateKey", "nth": 2, "fault": "error"}]}


def session(sts, action, **parameters):
    """What the answer says, and the credentials in it for a client."""
    given = getattr(sts, action)(**parameters)["Credentials"]
    return given["AccessKeyId"], {"aws_access_key_id": given["AccessKeyId"], "aws_secret_access_key": given["SecretAccessKey"],
                                  "aws_session_token": given["SessionToken"]}


def work(url):
    """A bit of everything; what was answered that follows from the seed."""
    told(url, "faults", PLAN)
    seen = []
    sts, kms, iam, ec2 = (client(s, url=url) for s in ("sts", "kms", "iam", "ec2"))
    for _ in range(2):
        seen.append(session(sts, "get_session_token"))
    seen.append(session(sts, "assume_role", RoleArn=f"arn:aws:iam::{TWO}:role/partner", RoleSessionName="one"))
    seen.append(client("sts", url=url, **seen[-1][1]).get_caller_identity()["UserId"])
    mine = client("ec2", url=url, **seen[-2][1])
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]
    seen += [key, iam.get_user(UserName="ann")["User"]["UserId"]]
    iam.delete_access_key(UserName="ann", AccessKeyId=key)
    made = kms.create_key(Description="seeded")["KeyMetadata"]
    error(kms.create_key)
    grant = kms.create_grant(KeyId=made["KeyId"], GranteePrincipal=f"arn:aws:iam::{TWO}:root", Operations=["Decrypt"])
    seen += [made["Arn"], grant["GrantId"], grant["GrantToken"]]
    sealed = kms.encrypt(KeyId=made["KeyId"], Plaintext=b"planted", EncryptionContext={"a": "b"})["CiphertextBlob"]
    kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"a": "b"}, GrantTokens=[grant["GrantToken"]])
    for number in range(4):
        try:
            volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, ClientToken=f"v{number}", Encrypted=True, KmsKeyId=made["Arn"])
            seen += [volume["VolumeId"], ec2.create_snapshot(VolumeId=volume["VolumeId"])["SnapshotId"]]
        except Exception as e:  # the plan's
            seen.append(type(e).__name__)
    for ask in (ec2.describe_volumes, ec2.describe_images, mine.describe_images) * 4:
        try:
            seen.append(ask()["ResponseMetadata"]["RequestId"])
        except ec2.exceptions.ClientError as e:
            seen.append(e.response["Error"]["Code"])
    ebs = client("ebs", url=url)
    block = ebs.list_snapshot_blocks(SnapshotId=SNAPSHOT)["Blocks"][0]
    ebs.get_snapshot_block(SnapshotId=SNAPSHOT, BlockIndex=block["BlockIndex"], BlockToken=block["BlockToken"])
    return seen


SNAPSHOT = "snap-0a000000000000001"


def logged(seed):
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log")
        with served("--virtual", "--seed", seed, "--log", log) as url:
            seen = work(url)
        with open(log, "rb") as f:
            return f.read(), seen


@test
def a_served_cloud_answers_and_logs_the_same():
    first, second, other = logged("5"), logged("5"), logged("6")
    assert first[1] == second[1], [pair for pair in zip(first[1], second[1]) if pair[0] != pair[1]]
    assert first[0] == second[0] != other[0]
    lines = [json.loads(line) for line in first[0].splitlines()]
    assert {"throttle", "duplicate", "stale", "html", "error"} <= {line["fault"] for line in lines}, "the plan was met"
    by_action = {line["action"]: line["parameters"] for line in lines}
    assert by_action["Encrypt"]["encryption_context"] == {"a": "b"} and by_action["Encrypt"]["plaintext"] == "(secret)"
    assert by_action["Decrypt"]["ciphertext_blob"] == "(sealed)" and by_action["GetSnapshotBlock"]["block_token"] == "(sealed)"
    assert b"planted" not in first[0]


@test
def nothing_is_the_same_without_a_seed():
    with served() as url:
        sts = client("sts", url=url)
        given = [session(sts, "get_session_token") for _ in range(2)]
    with served() as url:
        given.append(session(client("sts", url=url), "get_session_token"))
    assert len({key for key, _ in given}) == len({s["aws_secret_access_key"] for _, s in given}) == 3


@test
def the_secret_of_a_users_key_never_follows_from_it():
    secrets = set()
    for _ in range(2):
        with served("--virtual", "--seed", "1") as url:
            iam = client("iam", url=url)
            iam.create_user(UserName="ann")
            secrets.add(iam.create_access_key(UserName="ann")["AccessKey"]["SecretAccessKey"])
    assert len(secrets) == 2


RECIPE = """
local partner = session { role = "arn:aws:iam::%s:role/partner", region = "us-east-1" }
local golden = key.create { description = "golden" }
each({ "us-east-1", "eu-west-1", "us-west-2", "sa-east-1" }, function(region)
  return image "ami-0a000000000000002":copy { name = "golden-" .. region, key = "default", region = region }:wait()
end)
print(#partner.images { owner = "self" }, golden)
local disk = volume.create { size = 1, zone = "us-east-1a", key = golden }
print(disk:snapshot {}:wait().id)
""" % TWO


CHAOS = [{"action": "CopyImage", "nth": 2, "fault": "reset", "when": "after"}, {"action": "Describe*", "every": 3, "fault": "stale", "seconds": 30},
         {"action": "Describe*", "probability": 0.2, "fault": "html"}, {"probability": 0.1, "fault": "latency", "seconds": 5},
         {"probability": 0.1, "fault": "length", "bytes": 77}, {"probability": 0.05, "fault": "hang", "seconds": 40}]


@test
def a_recipe_of_its_own_cloud_makes_the_same_requests():
    """whatever goes wrong, also where several are alike and go wrong at once"""
    with tempfile.TemporaryDirectory() as folder:
        plan, log = os.path.join(folder, "plan"), os.path.join(folder, "log")
        for seed in range(1, 9):
            seen = set()
            with open(plan, "w") as f:
                json.dump({"seed": seed, "rules": CHAOS}, f)
            for _ in range(4):
                p = run(RECIPE, None, "--local", "--virtual", "--seed", str(seed), "--run-id", "same", "--faults", plan, "--log", log)
                with open(log, "rb") as f:
                    seen.add((p.returncode, p.stdout, f.read()))
                os.remove(log)
            assert len(seen) == 1, (seed, len(seen))
            code, _, text = seen.pop()
            assert code == 0 and b"AssumeRole" in text and b'"fault":"stale"' in text and b"CreateKey" in text, text[-2000:]


main()
