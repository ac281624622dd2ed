#!/usr/bin/python3
"""Every error that KMS documents for the actions that there are, by action; what multi-Region keys, other kinds of keys and aws/ebs come to. TAP."""
import json
import tempfile

from lib.faulty import faulty
from lib.tap import ONE, TWO, client, error, main, refused, served, test

kms, theirs = client("kms"), client("kms", account=TWO)
MISSING = "11111111-2222-4333-8444-555555555555"
ROOT_TWO = f"arn:aws:iam::{TWO}:root"
ASK = {"GranteePrincipal": ROOT_TWO, "Operations": ["Decrypt"]}


def new_key(c=kms, **kw):
    return c.create_key(**kw)["KeyMetadata"]["Arn"]


def pending():
    key = new_key()
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    return key


def disabled():
    key = new_key()
    kms.disable_key(KeyId=key)
    return key


def blob(key):
    return kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]


def policy(size=0):
    return json.dumps({"Version": "2012-10-17", "Id": "x" * size, "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ONE}:root"}, "Action": "kms:*", "Resource": "*"}]})


ERRORS = (
    # action, code, parameters
    ("describe_key", "NotFoundException", lambda: {"KeyId": MISSING}),
    ("describe_key", "InvalidArnException", lambda: {"KeyId": "arn:aws:ec2:us-east-1:" + ONE + ":key/x"}),
    ("list_keys", "InvalidMarkerException", lambda: {"Marker": "x"}),
    ("list_aliases", "InvalidMarkerException", lambda: {"Marker": "x"}),
    ("list_aliases", "NotFoundException", lambda: {"KeyId": MISSING}),
    ("create_key", "MalformedPolicyDocumentException", lambda: {"Policy": "{}"}),
    ("create_key", "LimitExceededException", lambda: {"Policy": policy(32768)}),
    ("create_key", "TagException", lambda: {"Tags": [{"TagKey": "aws:x", "TagValue": "x"}]}),
    ("create_key", "UnsupportedOperationException", lambda: {"Origin": "EXTERNAL"}),
    ("create_alias", "AlreadyExistsException", lambda: {"AliasName": "alias/one", "TargetKeyId": new_key()}),
    ("create_alias", "InvalidAliasNameException", lambda: {"AliasName": "alias/aws/mine", "TargetKeyId": new_key()}),
    ("create_alias", "NotFoundException", lambda: {"AliasName": "alias/e1", "TargetKeyId": MISSING}),
    ("create_alias", "KMSInvalidStateException", lambda: {"AliasName": "alias/e2", "TargetKeyId": pending()}),
    ("create_grant", "DisabledException", lambda: {"KeyId": disabled(), **ASK}),
    ("create_grant", "InvalidArnException", lambda: {"KeyId": new_key(), "GranteePrincipal": "x", "Operations": ["Decrypt"]}),
    ("create_grant", "InvalidGrantTokenException", lambda: {"KeyId": new_key(), "GrantTokens": ["x"], **ASK}),
    ("create_grant", "KMSInvalidStateException", lambda: {"KeyId": pending(), **ASK}),
    ("create_grant", "NotFoundException", lambda: {"KeyId": MISSING, **ASK}),
    ("list_grants", "NotFoundException", lambda: {"KeyId": MISSING}),
    ("list_grants", "InvalidMarkerException", lambda: {"KeyId": new_key(), "Marker": "x"}),
    ("retire_grant", "InvalidGrantTokenException", lambda: {"GrantToken": "x"}),
    ("retire_grant", "NotFoundException", lambda: {"KeyId": new_key(), "GrantId": "0" * 64}),
    ("revoke_grant", "NotFoundException", lambda: {"KeyId": MISSING, "GrantId": "0" * 64}),
    ("revoke_grant", "NotFoundException", lambda: {"KeyId": new_key(), "GrantId": "0" * 64}),
    ("enable_key", "KMSInvalidStateException", lambda: {"KeyId": pending()}),
    ("enable_key", "NotFoundException", lambda: {"KeyId": MISSING}),
    ("disable_key", "KMSInvalidStateException", lambda: {"KeyId": pending()}),
    ("disable_key", "NotFoundException", lambda: {"KeyId": MISSING}),
    ("schedule_key_deletion", "KMSInvalidStateException", lambda: {"KeyId": pending()}),
    ("schedule_key_deletion", "NotFoundException", lambda: {"KeyId": MISSING}),
    ("cancel_key_deletion", "KMSInvalidStateException", lambda: {"KeyId": new_key()}),
    ("cancel_key_deletion", "NotFoundException", lambda: {"KeyId": MISSING}),
    ("get_key_policy", "NotFoundException", lambda: {"KeyId": MISSING, "PolicyName": "default"}),
    ("get_key_policy", "NotFoundException", lambda: {"KeyId": new_key(), "PolicyName": "other"}),
    ("put_key_policy", "MalformedPolicyDocumentException", lambda: {"KeyId": new_key(), "PolicyName": "default", "Policy": "x"}),
    ("put_key_policy", "LimitExceededException", lambda: {"KeyId": new_key(), "PolicyName": "default", "Policy": policy(32768)}),
    ("put_key_policy", "NotFoundException", lambda: {"KeyId": MISSING, "PolicyName": "default", "Policy": policy()}),
    ("generate_data_key_without_plaintext", "DisabledException", lambda: {"KeyId": disabled(), "KeySpec": "AES_256"}),
    ("generate_data_key_without_plaintext", "KMSInvalidStateException", lambda: {"KeyId": pending(), "KeySpec": "AES_256"}),
    ("generate_data_key_without_plaintext", "InvalidKeyUsageException",
     lambda: {"KeyId": new_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY"), "KeySpec": "AES_256"}),
    ("generate_data_key_without_plaintext", "InvalidGrantTokenException", lambda: {"KeyId": new_key(), "KeySpec": "AES_256", "GrantTokens": ["x"]}),
    ("re_encrypt", "DisabledException", lambda: {"CiphertextBlob": blob(new_key()), "DestinationKeyId": disabled()}),
    ("re_encrypt", "KMSInvalidStateException", lambda: {"CiphertextBlob": blob(new_key()), "DestinationKeyId": pending()}),
    ("re_encrypt", "IncorrectKeyException", lambda: {"CiphertextBlob": blob(new_key()), "SourceKeyId": new_key(), "DestinationKeyId": new_key()}),
    ("re_encrypt", "InvalidCiphertextException", lambda: {"CiphertextBlob": b"x", "DestinationKeyId": new_key()}),
    ("re_encrypt", "InvalidKeyUsageException",
     lambda: {"CiphertextBlob": blob(new_key()), "DestinationKeyId": new_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")}),
)


def row(action, code, parameters):
    def check():
        got = error(getattr(kms, action), **parameters())
        assert got[0] == code and got[2] == 400, got
    check.__doc__ = f"{action}: {code}"
    return test(check)


for entry in ERRORS:
    row(*entry)


@test
def what_only_a_service_in_trouble_says():
    """DependencyTimeoutException, KMSInternalException, KeyUnavailableException: by a plan of faults"""
    rules = [{"service": "kms", "nth": 1, "fault": "error", "code": code, "status": 500} for code in
             ("DependencyTimeoutException", "KMSInternalException", "KeyUnavailableException")]
    with faulty(*rules) as (url, _):
        c = client("kms", url=url)
        assert {error(c.describe_key, KeyId="alias/one")[::2] for _ in rules} == {
            ("DependencyTimeoutException", 500), ("KMSInternalException", 500), ("KeyUnavailableException", 500)}
        c.describe_key(KeyId="alias/one")


@test
def the_longest_policy():
    key = new_key()
    text = policy(32768 - len(policy()))
    assert len(text) == 32768
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=text)
    assert kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"] == text


@test
def another_accounts_key_is_used_and_never_administered():
    key = new_key()
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": [f"arn:aws:iam::{ONE}:root", ROOT_TWO]}, "Action": "kms:*", "Resource": "*"}]}))
    assert theirs.describe_key(KeyId=key)["KeyMetadata"]["Arn"] == key
    theirs.encrypt(KeyId=key, Plaintext=b"x")
    for call, more in ((theirs.disable_key, {}), (theirs.schedule_key_deletion, {}), (theirs.get_key_policy, {"PolicyName": "default"}),
                       (theirs.tag_resource, {"Tags": [{"TagKey": "a", "TagValue": "b"}]})):
        assert error(call, KeyId=key, **more)[0] in ("AccessDeniedException", "NotFoundException"), call


@test
def quotas_of_keys_aliases_and_grants():
    """LimitExceededException, by a file; and the documented 50 aliases of a key"""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
        json.dump({"quotas": {"keys": 2, "aliases_of_key": 1, "grants_of_key": 1}}, f)
        f.flush()
        with served("--empty", "--limits", f.name) as url:
            c = client("kms", url=url)
            key = new_key(c)
            new_key(c)
            assert error(c.create_key)[::2] == ("LimitExceededException", 400)
            new_key(client("kms", "eu-west-1", url=url))
            c.create_alias(AliasName="alias/a", TargetKeyId=key)
            refused("LimitExceededException", c.create_alias, AliasName="alias/b", TargetKeyId=key)
            c.create_grant(KeyId=key, **ASK)
            refused("LimitExceededException", c.create_grant, KeyId=key, Name="other", **ASK)


@test
def requests_a_second_when_there_are_limits():
    """ThrottlingException (400) of each action by its own documented quota"""
    with served("--virtual", "--limits", "documented") as url:
        c = client("kms", url=url)
        key = new_key(c)
        for call, most in ((c.create_key, 4), (lambda: c.disable_key(KeyId=key), 5), (lambda: c.enable_key(KeyId=key), 5),
                           (lambda: c.list_grants(KeyId=key), 100)):
            for _ in range(most):
                call()
            assert error(call)[::2] == ("ThrottlingException", 400)


@test
def aws_ebs_is_made_when_it_is_first_needed():
    for account, need in (("000000000021", lambda c, e: c.describe_key(KeyId="alias/aws/ebs")),
                          ("000000000022", lambda c, e: e.get_ebs_default_kms_key_id()),
                          ("000000000023", lambda c, e: e.create_volume(AvailabilityZone="eu-west-2a", Size=1, Encrypted=True))):
        c, e = client("kms", "eu-west-2", account=account), client("ec2", "eu-west-2", account=account)
        assert c.list_aliases()["Aliases"] == []
        need(c, e)
        assert [a["AliasName"] for a in c.list_aliases()["Aliases"]] == ["alias/aws/ebs"]
        made = c.describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]
        assert (made["KeyManager"], made["KeySpec"]) == ("AWS", "SYMMETRIC_DEFAULT")


main()
