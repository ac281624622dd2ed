#!/usr/bin/python3
"""What KMS keys encrypt, on the served local cloud by boto3: contexts, grants, rotation, regions, deletion. TAP."""
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from tap import BINARY, ONE, TWO, Folder, client, dry_kms, error, main, refused, test  # noqa: E402

kms, theirs, west = client("kms"), client("kms", account=TWO), client("kms", region="eu-west-1")
ROOT_TWO = f"arn:aws:iam::{TWO}:root"
ELSEWHERE = ("The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are "
             "not allowed to access.")


def new_key(c=kms, **kw):
    return c.create_key(**kw)["KeyMetadata"]["Arn"]


@test
def encrypt_and_decrypt():
    key = new_key()
    sealed = kms.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext={"a": "1", "b": "2"})
    assert (sealed["KeyId"], sealed["EncryptionAlgorithm"]) == (key, "SYMMETRIC_DEFAULT")
    opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext={"b": "2", "a": "1"})
    assert (opened["Plaintext"], opened["KeyId"], opened["EncryptionAlgorithm"]) == (b"secret", key, "SYMMETRIC_DEFAULT")
    again = kms.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext={"a": "1", "b": "2"})
    assert again["CiphertextBlob"] != sealed["CiphertextBlob"]
    assert b"secret" not in sealed["CiphertextBlob"]


@test
def by_every_form_of_a_key():
    arn = kms.describe_key(KeyId="alias/one")["KeyMetadata"]["Arn"]
    for name in (arn, arn.split("/")[1], "alias/one", f"arn:aws:kms:us-east-1:{ONE}:alias/one"):
        blob = kms.encrypt(KeyId=name, Plaintext=b"x")["CiphertextBlob"]
        assert kms.decrypt(CiphertextBlob=blob, KeyId=name)["KeyId"] == arn


@test
def all_lengths():
    key = new_key()
    for n in (1, 4095, 4096):
        blob = kms.encrypt(KeyId=key, Plaintext=b"x" * n)["CiphertextBlob"]
        assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x" * n
    refused("ValidationException", kms.encrypt, KeyId=key, Plaintext=b"x" * 4097)
    refused("ValidationException", kms.encrypt, KeyId=key, Plaintext=b"")
    refused("ValidationException", kms.decrypt, CiphertextBlob=b"")
    refused("ValidationException", kms.decrypt, CiphertextBlob=b"x" * 6145)
    refused("ValidationException", kms.encrypt, KeyId=key, Plaintext=b"x", EncryptionContext={"k": "v" * 8192})
    refused("ValidationException", kms.encrypt, KeyId=key, Plaintext=b"x",
            EncryptionContext={str(n): "" for n in range(1025)})
    refused("ValidationException", kms.encrypt, KeyId="", Plaintext=b"x")


@test
def another_context_or_any_changed_byte_is_an_invalid_ciphertext():
    key = new_key()
    blob = kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"a": "1"})["CiphertextBlob"]
    for context in ({}, {"a": "2"}, {"A": "1"}, {"a": "1", "b": "2"}, {"a1": ""}):
        refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=blob, EncryptionContext=context)
    for at in range(len(blob)):
        changed = blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1:]
        code = error(kms.decrypt, CiphertextBlob=changed, EncryptionContext={"a": "1"})[0]
        assert code == ("AccessDeniedException" if 1 <= at <= 32 else "InvalidCiphertextException"), (at, code)
    for cut in (blob[:-1], blob + b"x", bytes([blob[0] ^ 255]) + blob[2:], b"x"):
        refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=cut, EncryptionContext={"a": "1"})


@test
def a_key_that_is_named_must_be_the_one():
    key, other = new_key(), new_key()
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    text = refused("IncorrectKeyException", kms.decrypt, CiphertextBlob=blob, KeyId=other)
    assert text == "The key ID in the request does not identify a CMK that can perform this operation."
    refused("NotFoundException", kms.decrypt, CiphertextBlob=blob, KeyId="alias/none")
    refused("IncorrectKeyException", kms.re_encrypt, CiphertextBlob=blob, SourceKeyId=other, DestinationKeyId=key)
    assert refused("AccessDeniedException", west.decrypt, CiphertextBlob=blob) == ELSEWHERE
    assert refused("AccessDeniedException", theirs.decrypt, CiphertextBlob=blob) == ELSEWHERE


@test
def data_keys():
    key = new_key()
    for asked, length in (({"KeySpec": "AES_256"}, 32), ({"KeySpec": "AES_128"}, 16), ({"NumberOfBytes": 1024}, 1024)):
        made = kms.generate_data_key(KeyId=key, EncryptionContext={"aws:ebs:id": "vol-1"}, **asked)
        assert len(made["Plaintext"]) == length and made["KeyId"] == key
        opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext={"aws:ebs:id": "vol-1"})
        assert opened["Plaintext"] == made["Plaintext"]
        made = kms.generate_data_key_without_plaintext(KeyId=key, **asked)
        assert "Plaintext" not in made
        assert len(kms.decrypt(CiphertextBlob=made["CiphertextBlob"])["Plaintext"]) == length
    for call in (kms.generate_data_key, kms.generate_data_key_without_plaintext):
        text = refused("ValidationException", call, KeyId=key)
        assert text == "Please specify either number of bytes or key spec."
        refused("ValidationException", call, KeyId=key, KeySpec="AES_256", NumberOfBytes=32)
        refused("ValidationException", call, KeyId=key, NumberOfBytes=1025)
        refused("ValidationException", call, KeyId=key, NumberOfBytes=0)
        refused("ValidationException", call, KeyId=key, KeySpec="AES_512")
    assert len(kms.generate_random(NumberOfBytes=12)["Plaintext"]) == 12
    refused("ValidationException", kms.generate_random, NumberOfBytes=1025)
    refused("CustomKeyStoreNotFoundException", kms.generate_random, NumberOfBytes=1, CustomKeyStoreId="cks-1")


@test
def re_encrypt():
    one, two = new_key(), new_key()
    blob = kms.encrypt(KeyId=one, Plaintext=b"x", EncryptionContext={"a": "1"})["CiphertextBlob"]
    moved = kms.re_encrypt(CiphertextBlob=blob, SourceEncryptionContext={"a": "1"}, DestinationKeyId=two,
                           DestinationEncryptionContext={"b": "2"})
    assert (moved["SourceKeyId"], moved["KeyId"]) == (one, two)
    opened = kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], EncryptionContext={"b": "2"})
    assert (opened["Plaintext"], opened["KeyId"]) == (b"x", two)
    refused("InvalidCiphertextException", kms.re_encrypt, CiphertextBlob=blob, DestinationKeyId=two)
    refused("InvalidCiphertextException", kms.re_encrypt, CiphertextBlob=b"x", DestinationKeyId=two)
    kms.disable_key(KeyId=two)
    refused("DisabledException", kms.re_encrypt, CiphertextBlob=blob, SourceEncryptionContext={"a": "1"}, DestinationKeyId=two)


@test
def every_state_and_kind_of_key():
    disabled, going, signing = new_key(), new_key(), new_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    rsa = new_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")
    mac = new_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    blobs = {key: kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"] for key in (disabled, going)}
    kms.disable_key(KeyId=disabled)
    kms.schedule_key_deletion(KeyId=going, PendingWindowInDays=7)
    for key, code, text in ((disabled, "DisabledException", "is disabled."),
                            (going, "KMSInvalidStateException", "is pending deletion."),
                            (signing, "InvalidKeyUsageException", "key usage is SIGN_VERIFY which is not valid for"),
                            (mac, "InvalidKeyUsageException", "key usage is GENERATE_VERIFY_MAC which is not valid for"),
                            (rsa, "InvalidKeyUsageException", "key spec is RSA_2048 which is not valid for")):
        for call, more in ((kms.encrypt, {"Plaintext": b"x"}), (kms.generate_data_key, {"KeySpec": "AES_256"}),
                           (kms.generate_data_key_without_plaintext, {"KeySpec": "AES_256"})):
            told = refused(code, call, KeyId=key, **more)
            assert told.startswith(key + " ") and text in told, told
        if key in blobs:
            refused(code, kms.decrypt, CiphertextBlob=blobs[key])
            refused(code, kms.re_encrypt, CiphertextBlob=blobs[key], DestinationKeyId="alias/one")
    refused("InvalidKeyUsageException", kms.encrypt, KeyId="alias/one", Plaintext=b"x",
            EncryptionAlgorithm="RSAES_OAEP_SHA_256")
    kms.enable_key(KeyId=disabled)
    kms.cancel_key_deletion(KeyId=going)
    kms.enable_key(KeyId=going)
    for blob in blobs.values():
        assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"


@test
def the_managed_key_is_used_through_ec2_only():
    key = kms.describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]
    assert key["KeyManager"] == "AWS"
    refused("AccessDeniedException", kms.encrypt, KeyId="alias/aws/ebs", Plaintext=b"x")
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]
    refused("AccessDeniedException", kms.enable_key_rotation, KeyId=key["KeyId"])


@test
def dry_runs():
    c, key = dry_kms(), new_key()
    text = refused("DryRunOperationException", c.encrypt, KeyId=key, Plaintext=b"x")
    assert text == "The request would have succeeded, but the DryRun option is set."
    refused("DryRunOperationException", c.generate_data_key, KeyId=key, KeySpec="AES_256")
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    refused("DryRunOperationException", c.decrypt, CiphertextBlob=blob)
    refused("DryRunOperationException", c.re_encrypt, CiphertextBlob=blob, DestinationKeyId=key)
    kms.disable_key(KeyId=key)
    refused("DisabledException", c.encrypt, KeyId=key, Plaintext=b"x")


@test
def grants_of_another_account_hold_to_their_constraints():
    key = new_key()
    token = kms.create_grant(KeyId=key, GranteePrincipal=ROOT_TWO, Operations=["Encrypt", "Decrypt"],
                             Constraints={"EncryptionContextSubset": {"team": "red"}})["GrantToken"]
    refused("AccessDeniedException", theirs.encrypt, KeyId=key, Plaintext=b"x")
    refused("AccessDeniedException", theirs.encrypt, KeyId=key, Plaintext=b"x", EncryptionContext={"team": "blue"})
    context = {"team": "red", "more": "1"}
    blob = theirs.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext=context, GrantTokens=[token])["CiphertextBlob"]
    assert theirs.decrypt(CiphertextBlob=blob, EncryptionContext=context)["Plaintext"] == b"x"
    refused("AccessDeniedException", theirs.generate_data_key, KeyId=key, KeySpec="AES_256", EncryptionContext=context)
    refused("InvalidGrantTokenException", theirs.encrypt, KeyId=key, Plaintext=b"x", EncryptionContext=context, GrantTokens=["x"])
    refused("InvalidGrantTokenException", kms.describe_key, KeyId=key, GrantTokens=["x"])

    exact = new_key()
    kms.create_grant(KeyId=exact, GranteePrincipal=ROOT_TWO, Operations=["Encrypt", "DescribeKey"],
                     Constraints={"EncryptionContextEquals": {"team": "red"}})
    refused("AccessDeniedException", theirs.encrypt, KeyId=exact, Plaintext=b"x", EncryptionContext=context)
    theirs.encrypt(KeyId=exact, Plaintext=b"x", EncryptionContext={"team": "red"})
    assert theirs.describe_key(KeyId=exact)["KeyMetadata"]["Arn"] == exact


@test
def key_policies_ask_for_the_encryption_context():
    own = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ONE}:root"}, "Action": "kms:*", "Resource": "*"}
    they = {"Effect": "Allow", "Principal": {"AWS": ROOT_TWO}, "Action": "kms:Encrypt", "Resource": "*"}
    key = new_key()

    def with_condition(condition):
        kms.put_key_policy(KeyId=key, PolicyName="default",
                           Policy=json.dumps({"Version": "2012-10-17", "Statement": [own, dict(they, Condition=condition)]}))

    def works(context):
        return not error_code(theirs.encrypt, KeyId=key, Plaintext=b"x", EncryptionContext=context)

    for condition, good, bad in (
            ({"StringEquals": {"kms:EncryptionContext:team": "red"}}, {"team": "red"}, {"team": "blue"}),
            ({"StringEquals": {"kms:EncryptionContext:team": ["red", "blue"]}}, {"team": "blue"}, {}),
            ({"StringLike": {"kms:EncryptionContext:team": "r*"}}, {"team": "rot"}, {"team": "Rot"}),
            ({"StringNotEquals": {"kms:EncryptionContext:team": "blue"}}, {}, {"team": "blue"}),
            ({"StringEqualsIfExists": {"kms:EncryptionContext:team": "red"}}, {}, {"team": "blue"}),
            ({"StringEqualsIgnoreCase": {"kms:EncryptionContext:team": "RED"}}, {"team": "red"}, {"team": "blue"}),
            ({"Null": {"kms:EncryptionContext:team": "false"}}, {"team": ""}, {}),
            ({"Null": {"kms:EncryptionContext:team": "true"}}, {}, {"team": "x"}),
            ({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["a", "b"]}}, {"a": "1"}, {"a": "1", "c": "2"}),
            ({"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "a"}}, {"a": "1", "c": "2"}, {"c": "2"}),
            ({"NumericLessThan": {"kms:EncryptionContext:n": 10}}, {"n": "9"}, {"n": "10"}),
            ({"NumericGreaterThanEquals": {"kms:EncryptionContext:n": "10"}}, {"n": "10"}, {"n": "nine"}),
            ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{TWO}:user/*"}, "Bool": {"kms:MultiRegion": False}}, {}, None),
            ({"StringEquals": {"aws:RequestedRegion": "us-east-1", "kms:CallerAccount": TWO}}, {}, None),
            ({"StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT"}}, {}, None),
            ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, None, {}),
            ({"IpAddress": {"aws:SourceIp": "127.0.0.1"}}, None, {})):
        with_condition(condition)
        assert good is None or works(good), condition
        assert bad is None or not works(bad), condition


def error_code(call, **kw):
    try:
        call(**kw)
    except Exception as e:  # the caller wants to know whether there was one
        return e.response["Error"]["Code"]
    return None


@test
def rotation():
    key = new_key()
    status = kms.get_key_rotation_status(KeyId=key)
    assert not status["KeyRotationEnabled"]
    old = kms.encrypt(KeyId=key, Plaintext=b"old")["CiphertextBlob"]
    kms.enable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    kms.disable_key_rotation(KeyId=key)
    assert not kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    signing = new_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    refused("UnsupportedOperationException", kms.enable_key_rotation, KeyId=signing)
    kms.disable_key(KeyId=key)
    refused("DisabledException", kms.enable_key_rotation, KeyId=key)
    refused("NotFoundException", kms.enable_key_rotation, KeyId="alias/one")
    kms.enable_key(KeyId=key)
    assert kms.decrypt(CiphertextBlob=old)["Plaintext"] == b"old"
    kms.update_key_description(KeyId=key, Description="told again")
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Description"] == "told again"


@test
def multi_region_keys_share_what_they_encrypt_with():
    primary = kms.create_key(MultiRegion=True, Description="first")["KeyMetadata"]
    key = primary["KeyId"]
    assert key.startswith("mrk-") and primary["MultiRegionConfiguration"]["MultiRegionKeyType"] == "PRIMARY"
    made = kms.replicate_key(KeyId=key, ReplicaRegion="eu-west-1", Description="second", Tags=[{"TagKey": "a", "TagValue": "b"}])
    replica = made["ReplicaKeyMetadata"]
    assert replica["KeyId"] == key and replica["Arn"].split(":")[3] == "eu-west-1" and replica["KeyState"] == "Creating"
    assert made["ReplicaTags"] == [{"TagKey": "a", "TagValue": "b"}] and json.loads(made["ReplicaPolicy"])
    there = west.describe_key(KeyId=key)["KeyMetadata"]
    assert there["KeyState"] == "Enabled" and there["Description"] == "second"
    places = {"MultiRegionKeyType": "REPLICA", "PrimaryKey": {"Arn": primary["Arn"], "Region": "us-east-1"},
              "ReplicaKeys": [{"Arn": replica["Arn"], "Region": "eu-west-1"}]}
    assert there["MultiRegionConfiguration"] == places
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["MultiRegionConfiguration"] == dict(places, MultiRegionKeyType="PRIMARY")
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    opened = west.decrypt(CiphertextBlob=blob)
    assert (opened["Plaintext"], opened["KeyId"]) == (b"x", replica["Arn"])

    refused("AlreadyExistsException", kms.replicate_key, KeyId=key, ReplicaRegion="eu-west-1")
    refused("UnsupportedOperationException", west.replicate_key, KeyId=key, ReplicaRegion="us-west-2")
    refused("UnsupportedOperationException", kms.replicate_key, KeyId=new_key(), ReplicaRegion="us-west-2")
    refused("ValidationException", kms.replicate_key, KeyId=key, ReplicaRegion="us-gov-west-1")
    refused("UnsupportedOperationException", west.enable_key_rotation, KeyId=key)
    kms.enable_key_rotation(KeyId=key)
    assert west.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]

    refused("NotFoundException", kms.update_primary_region, KeyId=key, PrimaryRegion="us-west-2")
    kms.update_primary_region(KeyId=key, PrimaryRegion="eu-west-1")
    assert west.describe_key(KeyId=key)["KeyMetadata"]["MultiRegionConfiguration"]["MultiRegionKeyType"] == "PRIMARY"
    assert west.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    waiting = west.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert waiting["KeyState"] == "PendingReplicaDeletion" and "DeletionDate" not in waiting
    assert west.describe_key(KeyId=key)["KeyMetadata"]["PendingDeletionWindowInDays"] == 7
    refused("KMSInvalidStateException", west.decrypt, CiphertextBlob=blob)
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
    west.cancel_key_deletion(KeyId=key)
    assert west.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"


@test
def materials_outlive_the_process_but_not_their_key():
    cloud = Folder()
    c = client("kms", url=cloud.start())
    first, second = (c.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"] for _ in range(2))
    blobs = [c.encrypt(KeyId=k, Plaintext=b"kept")["CiphertextBlob"] for k in (first, second)]
    c.replicate_key(KeyId=second, ReplicaRegion="eu-west-1")
    c.schedule_key_deletion(KeyId=first, PendingWindowInDays=7)
    c.schedule_key_deletion(KeyId=second, PendingWindowInDays=7)
    cloud.kill()
    c = client("kms", url=cloud.start())
    there = client("kms", region="eu-west-1", url=c.meta.endpoint_url)
    assert there.decrypt(CiphertextBlob=blobs[1])["Plaintext"] == b"kept"
    there.schedule_key_deletion(KeyId=second, PendingWindowInDays=7)
    cloud.kill()
    cloud.ask("UPDATE keys SET deletion = ? WHERE state = 'PendingDeletion'", int(time.time() * 1e6) - 1)
    c = client("kms", url=cloud.start())
    assert refused("AccessDeniedException", c.decrypt, CiphertextBlob=blobs[0]) == ELSEWHERE
    refused("NotFoundException", c.describe_key, KeyId=first)
    told = c.describe_key(KeyId=second)["KeyMetadata"]
    assert told["KeyState"] == "PendingDeletion" and told["MultiRegionConfiguration"]["ReplicaKeys"] == []
    cloud.kill()
    assert cloud.ask("SELECT count(*) FROM materials WHERE key = ?", first) == [(0,)]


@test
def rotation_comes_with_time_and_old_ciphertexts_stay_readable():
    cloud = Folder()
    c = client("kms", url=cloud.start())
    key = c.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    c.replicate_key(KeyId=key, ReplicaRegion="eu-west-1")
    old = c.encrypt(KeyId=key, Plaintext=b"old")["CiphertextBlob"]
    c.enable_key_rotation(KeyId=key)
    cloud.kill()
    cloud.ask("UPDATE keys SET rotation_next = ? WHERE rotation_next IS NOT NULL", int(time.time() * 1e6) - 1)
    c = client("kms", url=cloud.start())
    young = c.encrypt(KeyId=key, Plaintext=b"young")["CiphertextBlob"]
    assert old[1:33] != young[1:33]
    there = client("kms", region="eu-west-1", url=c.meta.endpoint_url)
    for at in (c, there):
        assert [at.decrypt(CiphertextBlob=b)["Plaintext"] for b in (old, young)] == [b"old", b"young"]
    cloud.kill()


@test
def no_plain_secret_is_in_the_folder():
    cloud = Folder()
    c = client("kms", url=cloud.start())
    made = c.generate_data_key(KeyId="alias/one", KeySpec="AES_256")
    cloud.kill()
    with open(os.path.join(os.path.dirname(cloud.db), "root.key"), "rb") as f:
        root = f.read()
    assert len(root) == 32
    for name in ("state.db", "state.db-wal"):
        path = os.path.join(os.path.dirname(cloud.db), name)
        content = open(path, "rb").read() if os.path.exists(path) else b""
        assert root not in content and made["Plaintext"] not in content
    os.remove(os.path.join(os.path.dirname(cloud.db), "root.key"))
    told = subprocess.run([BINARY, "serve", "--port", "0", "--state", os.path.dirname(cloud.db)], capture_output=True, text=True)
    assert told.returncode != 0 and "root.key is missing" in told.stderr, told


main()
