#!/usr/bin/python3
"""Grants, key policies, aliases and roles of the served local cloud by boto3. TAP."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from tap import ONE, TWO, client, dry_kms, error, main, refused, test  # noqa: E402

kms, theirs, sts = client("kms"), client("kms", account=TWO), client("sts")
ROOT_TWO = f"arn:aws:iam::{TWO}:root"
EBS = ["CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"]


def new_key(**kw):
    return kms.create_key(**kw)["KeyMetadata"]["Arn"]


def policy(*statements):
    own = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ONE}:root"}, "Action": "kms:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [own, *statements]})


def allow(actions, principal=ROOT_TWO, effect="Allow", **more):
    return {"Effect": effect, "Principal": {"AWS": principal}, "Action": actions, "Resource": "*", **more}


@test
def a_grant_is_made_listed_and_revoked():
    key = new_key()
    made = kms.create_grant(KeyId=key, GranteePrincipal=ROOT_TWO, Operations=["Decrypt", "CreateGrant"], Name="one",
                            Constraints={"EncryptionContextSubset": {"a": "b"}})
    assert len(made["GrantId"]) == 64 and made["GrantToken"]
    grants = kms.list_grants(KeyId=key)["Grants"]
    assert len(grants) == 1
    one = grants[0]
    assert (one["GrantId"], one["Name"], one["KeyId"], one["GranteePrincipal"]) == (made["GrantId"], "one", key, ROOT_TWO)
    assert one["Operations"] == ["CreateGrant", "Decrypt"] and one["IssuingAccount"] == f"arn:aws:iam::{ONE}:root"
    assert one["Constraints"] == {"EncryptionContextSubset": {"a": "b"}}
    assert kms.list_grants(KeyId=key, GranteePrincipal="arn:aws:iam::000000000003:root")["Grants"] == []
    kms.revoke_grant(KeyId=key, GrantId=made["GrantId"])
    assert kms.list_grants(KeyId=key)["Grants"] == []
    refused("NotFoundException", kms.revoke_grant, KeyId=key, GrantId=made["GrantId"])


@test
def the_same_name_and_parameters_are_the_same_grant():
    key = new_key()
    same = [kms.create_grant(KeyId=key, GranteePrincipal=ROOT_TWO, Operations=["Decrypt"], Name="n")["GrantId"]
            for _ in range(2)]
    other = kms.create_grant(KeyId=key, GranteePrincipal=ROOT_TWO, Operations=["Encrypt"], Name="n")["GrantId"]
    nameless = kms.create_grant(KeyId=key, GranteePrincipal=ROOT_TWO, Operations=["Decrypt"])["GrantId"]
    assert same[0] == same[1] and len({same[0], other, nameless}) == 3


@test
def grants_are_listed_in_pages():
    key = new_key()
    made = {kms.create_grant(KeyId=key, GranteePrincipal=ROOT_TWO, Operations=["Decrypt"])["GrantId"] for _ in range(5)}
    pages = list(kms.get_paginator("list_grants").paginate(KeyId=key, PaginationConfig={"PageSize": 2}))
    assert [len(page["Grants"]) for page in pages] == [2, 2, 1]
    assert {g["GrantId"] for page in pages for g in page["Grants"]} == made


@test
def a_grant_needs_a_usable_key_by_id_and_known_operations():
    key = new_key()
    ask = {"GranteePrincipal": ROOT_TWO, "Operations": ["Decrypt"]}
    refused("NotFoundException", kms.create_grant, KeyId="alias/golden", **ask)
    refused("ValidationException", kms.create_grant, KeyId=key, GranteePrincipal=ROOT_TWO, Operations=["Fly"])
    refused("ValidationException", kms.create_grant, KeyId=key, GranteePrincipal=ROOT_TWO, Operations=[])
    refused("InvalidArnException", kms.create_grant, KeyId=key, GranteePrincipal="somebody", Operations=["Decrypt"])
    kms.disable_key(KeyId=key)
    assert refused("DisabledException", kms.create_grant, KeyId=key, **ask) == f"{key} is disabled."
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert refused("KMSInvalidStateException", kms.create_grant, KeyId=key, **ask) == f"{key} is pending deletion."


@test
def a_dry_run_says_what_would_be_and_does_nothing():
    key = new_key()
    ask = {"KeyId": key, "GranteePrincipal": ROOT_TWO, "Operations": ["Decrypt"]}
    code, message, status = error(dry_kms(ONE).create_grant, **ask)
    assert (code, status) == ("DryRunOperationException", 400) and "would have succeeded" in message
    assert kms.list_grants(KeyId=key)["Grants"] == []
    refused("AccessDeniedException", dry_kms(TWO).create_grant, **ask)


@test
def a_grant_is_retired_by_its_token_by_who_may():
    key = new_key()
    one = kms.create_grant(KeyId=key, GranteePrincipal=ROOT_TWO, Operations=["Decrypt", "RetireGrant"])
    theirs.retire_grant(GrantToken=one["GrantToken"])
    two = kms.create_grant(KeyId=key, GranteePrincipal=ROOT_TWO, Operations=["Decrypt"])
    refused("AccessDeniedException", theirs.retire_grant, KeyId=key, GrantId=two["GrantId"])
    three = kms.create_grant(KeyId=key, GranteePrincipal=ROOT_TWO, Operations=["Decrypt"], RetiringPrincipal=ROOT_TWO)
    theirs.retire_grant(KeyId=key, GrantId=three["GrantId"])
    assert [g["GrantId"] for g in kms.list_grants(KeyId=key)["Grants"]] == [two["GrantId"]]
    refused("InvalidGrantTokenException", kms.retire_grant, GrantToken="none")
    refused("ValidationException", kms.retire_grant, KeyId=key)


@test
def a_grant_lets_another_account_do_just_that():
    key = new_key()
    refused("AccessDeniedException", theirs.describe_key, KeyId=key)
    kms.create_grant(KeyId=key, GranteePrincipal=ROOT_TWO, Operations=["DescribeKey"])
    assert theirs.describe_key(KeyId=key)["KeyMetadata"]["AWSAccountId"] == ONE
    refused("AccessDeniedException", theirs.create_grant, KeyId=key, GranteePrincipal=ROOT_TWO, Operations=["Decrypt"])
    refused("AccessDeniedException", theirs.get_key_policy, KeyId=key, PolicyName="default")


@test
def the_default_policy_leaves_the_key_to_the_account():
    key = new_key()
    document = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    assert document["Statement"] == [{"Sid": "Enable IAM User Permissions", "Effect": "Allow",
                                      "Principal": {"AWS": f"arn:aws:iam::{ONE}:root"}, "Action": "kms:*", "Resource": "*"}]
    assert kms.list_key_policies(KeyId=key)["PolicyNames"] == ["default"]
    gov = client("kms", "us-gov-west-1")
    theirs_arn = gov.create_key()["KeyMetadata"]["Arn"]
    assert "arn:aws-us-gov:iam::" in gov.get_key_policy(KeyId=theirs_arn, PolicyName="default")["Policy"]


@test
def policies_are_kept_and_judged():
    key = new_key()
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy(allow("kms:Describe*")))
    assert json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])["Statement"][1]["Action"] == "kms:Describe*"
    theirs.describe_key(KeyId=key)
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy(
        allow("kms:*", "*"), allow("kms:DescribeKey", effect="Deny")))
    refused("AccessDeniedException", theirs.describe_key, KeyId=key)
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy(
        allow(["kms:CreateGrant", "kms:DescribeKey"], [TWO], Condition={"StringEquals": {"kms:CallerAccount": TWO}})))
    theirs.describe_key(KeyId=key)
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy(
        allow("kms:DescribeKey", Condition={"Bool": {"kms:GrantIsForAWSResource": "true"}})))
    refused("AccessDeniedException", theirs.describe_key, KeyId=key)
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy(
        allow("kms:DescribeKey", Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}})))
    refused("AccessDeniedException", theirs.describe_key, KeyId=key)


@test
def policies_that_are_none_or_lock_out_are_refused():
    key = new_key()
    for text in ("", "x", "[]", '{"Statement": []}', '{"Statement": [{"Effect": "Perhaps"}]}', "x" * 32768):
        refused("MalformedPolicyDocumentException", kms.put_key_policy, KeyId=key, PolicyName="default", Policy=text)
    lockout = json.dumps({"Statement": [allow("kms:*")]})
    refused("MalformedPolicyDocumentException", kms.put_key_policy, KeyId=key, PolicyName="default", Policy=lockout)
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=lockout, BypassPolicyLockoutSafetyCheck=True)
    refused("AccessDeniedException", kms.disable_key, KeyId=key)
    refused("NotFoundException", kms.get_key_policy, KeyId=new_key(), PolicyName="other")
    refused("MalformedPolicyDocumentException", kms.create_key, Policy="x")


@test
def a_policy_given_when_the_key_is_made():
    key = new_key(Policy=policy(allow("kms:DescribeKey")))
    theirs.describe_key(KeyId=key)


@test
def the_managed_key_is_for_ec2_alone():
    key = kms.describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]["Arn"]
    assert "kms:ViaService" in kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    refused("AccessDeniedException", kms.create_grant, KeyId=key, GranteePrincipal=ROOT_TWO, Operations=["Decrypt"])
    refused("AccessDeniedException", kms.put_key_policy, KeyId=key, PolicyName="default", Policy=policy())
    refused("AccessDeniedException", kms.disable_key, KeyId=key)


@test
def aliases_are_moved_and_removed():
    one, two = new_key(), new_key()
    kms.create_alias(AliasName="alias/moved", TargetKeyId=one)
    kms.update_alias(AliasName="alias/moved", TargetKeyId=two)
    assert kms.describe_key(KeyId="alias/moved")["KeyMetadata"]["Arn"] == two
    signing = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    refused("ValidationException", kms.update_alias, AliasName="alias/moved", TargetKeyId=signing)
    kms.delete_alias(AliasName="alias/moved")
    refused("NotFoundException", kms.describe_key, KeyId="alias/moved")
    refused("NotFoundException", kms.delete_alias, AliasName="alias/moved")
    refused("NotFoundException", kms.update_alias, AliasName="alias/none", TargetKeyId=one)


@test
def tags_of_a_key_and_its_rotation():
    key = new_key(Tags=[{"TagKey": "a", "TagValue": "1"}])
    kms.tag_resource(KeyId=key, Tags=[{"TagKey": f"t{n}", "TagValue": ""} for n in range(5)] + [{"TagKey": "a", "TagValue": "2"}])
    kms.untag_resource(KeyId=key, TagKeys=["t0", "none"])
    pages = list(kms.get_paginator("list_resource_tags").paginate(KeyId=key, PaginationConfig={"PageSize": 3}))
    assert [len(p["Tags"]) for p in pages] == [3, 2] and pages[0]["Tags"][0] == {"TagKey": "a", "TagValue": "2"}
    refused("TagException", kms.tag_resource, KeyId=key, Tags=[{"TagKey": "aws:x", "TagValue": ""}])
    refused("TagException", kms.tag_resource, KeyId=key, Tags=[{"TagKey": f"u{n}", "TagValue": ""} for n in range(50)])
    refused("TagException", kms.create_key, Tags=[{"TagKey": "", "TagValue": ""}])
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
    managed = kms.describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]["Arn"]
    assert kms.get_key_rotation_status(KeyId=managed)["KeyRotationEnabled"] is True
    refused("AccessDeniedException", kms.tag_resource, KeyId=managed, Tags=[{"TagKey": "a", "TagValue": ""}])


def copy_into_two(key):
    """What becomes of account 2's copy of account 1's snapshot under `key`: (state, key)."""
    ec2, other = client("ec2"), client("ec2", account=TWO)
    volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, Encrypted=True, KmsKeyId=key)["VolumeId"]
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    ec2.modify_snapshot_attribute(SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", UserIds=[TWO])
    copy = other.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=snapshot, Encrypted=True, KmsKeyId="alias/partner")
    got = other.describe_snapshots(SnapshotIds=[copy["SnapshotId"]])["Snapshots"][0]
    return got["State"], got.get("StateMessage"), got.get("KmsKeyId")


@test
def ebs_uses_another_accounts_key_by_grant_or_policy_or_not_at_all():
    partner = theirs.describe_key(KeyId="alias/partner")["KeyMetadata"]["Arn"]
    key = new_key()
    assert copy_into_two(key)[:2] == ("error", "Given key ID is not accessible")
    kms.create_grant(KeyId=key, GranteePrincipal=ROOT_TWO, Operations=EBS)
    assert copy_into_two(key)[::2] == ("completed", partner)
    assert copy_into_two(new_key(Policy=policy(allow(["kms:" + o for o in EBS]))))[::2] == ("completed", partner)
    via = {"StringLike": {"kms:ViaService": "ec2.*.amazonaws.com"}}
    for_aws = {"Bool": {"kms:GrantIsForAWSResource": True}}
    assert copy_into_two(new_key(Policy=policy(allow("kms:*", Condition=via))))[0] == "completed"
    but_grants = {"Effect": "Allow", "Principal": {"AWS": ROOT_TWO}, "NotAction": "kms:CreateGrant", "Resource": "*", "Condition": via}
    assert copy_into_two(new_key(Policy=policy(but_grants)))[0] == "error"
    assert copy_into_two(new_key(Policy=policy(but_grants, allow("kms:CreateGrant", Condition=for_aws))))[0] == "completed"
    # only what is about grants says whom they are for
    assert copy_into_two(new_key(Policy=policy(allow("kms:*", Condition=for_aws))))[0] == "error"


@test
def a_new_volume_under_another_accounts_key():
    other = client("ec2", account=TWO)
    key = new_key()
    lost = other.create_volume(AvailabilityZone="us-east-1a", Size=1, Encrypted=True, KmsKeyId=key)["VolumeId"]
    refused("InvalidVolume.NotFound", other.describe_volumes, VolumeIds=[lost])
    kms.create_grant(KeyId=key, GranteePrincipal=ROOT_TWO, Operations=EBS)
    kept = other.create_volume(AvailabilityZone="us-east-1a", Size=1, Encrypted=True, KmsKeyId=key)["VolumeId"]
    got = other.describe_volumes(VolumeIds=[kept])["Volumes"][0]
    assert (got["State"], got["KmsKeyId"]) == ("available", key)


# ---- roles ----------------------------------------------------------------------------------------

PARTNER = f"arn:aws:iam::{TWO}:role/partner"


def assume(caller=sts, role=PARTNER, name="tester", **kw):
    return caller.assume_role(RoleArn=role, RoleSessionName=name, **kw)


def as_role(service, answer, url=None, token=None):
    c = answer["Credentials"]
    return client(service, url=url, aws_access_key_id=c["AccessKeyId"], aws_secret_access_key=c["SecretAccessKey"],
                  aws_session_token=token or c["SessionToken"])


@test
def a_role_gives_credentials_that_every_service_takes():
    answer = assume()
    assert answer["Credentials"]["AccessKeyId"].startswith("LSIA")
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{TWO}:assumed-role/partner/tester"
    seconds = (answer["Credentials"]["Expiration"] - __import__("datetime").datetime.now(
        __import__("datetime").timezone.utc)).total_seconds()
    assert 3500 < seconds <= 3600
    who = as_role("sts", answer).get_caller_identity()
    assert who["Account"] == TWO and who["Arn"] == answer["AssumedRoleUser"]["Arn"]
    assert who["UserId"] == answer["AssumedRoleUser"]["AssumedRoleId"]
    assert as_role("kms", answer).describe_key(KeyId="alias/partner")["KeyMetadata"]["AWSAccountId"] == TWO
    assert as_role("ec2", answer).describe_regions()["Regions"]
    message = refused("AccessDeniedException", as_role("kms", answer).describe_key, KeyId=new_key())
    assert answer["AssumedRoleUser"]["Arn"] in message


@test
def temporary_credentials_need_their_token_and_secret():
    answer = assume()
    refused("InvalidClientTokenId", as_role("sts", answer, token="another").get_caller_identity)
    refused("AuthFailure", as_role("ec2", answer, token="another").describe_regions)
    answer["Credentials"]["SecretAccessKey"] = "wrong"
    refused("SignatureDoesNotMatch", as_role("sts", answer).get_caller_identity)


@test
def who_may_assume_is_the_roles_own_matter():
    code, message, status = error(client("sts", account="000000000003").assume_role, RoleArn=PARTNER, RoleSessionName="xx")
    assert (code, status) == ("AccessDenied", 403)
    assert message == (f"User: arn:aws:iam::000000000003:user/administrator is not authorized to perform: sts:AssumeRole "
                       f"on resource: {PARTNER}")
    refused("AccessDenied", assume, role=f"arn:aws:iam::{TWO}:role/none")
    audited = f"arn:aws:iam::{TWO}:role/audited"
    refused("AccessDenied", assume, role=audited)
    refused("AccessDenied", assume, role=audited, ExternalId="wrong")
    assert assume(role=audited, ExternalId="lunami-audit")["Credentials"]
    refused("AccessDenied", assume, role=f"arn:aws-us-gov:iam::{TWO}:role/partner")


@test
def names_and_durations_are_checked():
    refused("ValidationError", assume, name="x")
    refused("ValidationError", assume, name="has space")
    refused("ValidationError", assume, DurationSeconds=899)
    refused("ValidationError", assume, DurationSeconds=43201)
    assert assume(DurationSeconds=43200)
    chained = as_role("sts", assume(role=f"arn:aws:iam::{ONE}:role/images"))
    assert assume(chained)["Credentials"]
    refused("ValidationError", assume, caller=chained, DurationSeconds=3601)


main()
