#!/usr/bin/python3
"""An account's own policies, and permissions boundaries. TAP."""
import json

from lib.tap import ONE, TWO, client, error, main, refused, served, test

iam, sts, kms = client("iam"), client("sts"), client("kms")
READ_ONLY = "arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess"
count = 0


def name():
    global count
    count += 1
    return f"p{count}"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Resource": "*", **s} for s in statements]})


def allow(*actions, **more):
    return {"Effect": "Allow", "Action": list(actions), **more}


def policy(*statements, **more):
    return iam.create_policy(PolicyName=name(), PolicyDocument=document(*statements), **more)["Policy"]


def user(boundary=None, *statements):
    """A new user's name and a maker of his clients."""
    who = name()
    iam.create_user(UserName=who, **({"PermissionsBoundary": boundary} if boundary else {}))
    key = iam.create_access_key(UserName=who)["AccessKey"]
    if statements:
        iam.put_user_policy(UserName=who, PolicyName="p", PolicyDocument=document(*statements))
    return who, lambda service: client(service, aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])


def role(boundary=None, *statements):
    who = name()
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ONE}, "Action": "sts:AssumeRole"}]}
    arn = iam.create_role(RoleName=who, AssumeRolePolicyDocument=json.dumps(trust),
                          **({"PermissionsBoundary": boundary} if boundary else {}))["Role"]["Arn"]
    if statements:
        iam.put_role_policy(RoleName=who, PolicyName="p", PolicyDocument=document(*statements))
    return who, arn


def session(arn):
    got = sts.assume_role(RoleArn=arn, RoleSessionName="tests")["Credentials"]
    return lambda service: client(service, aws_access_key_id=got["AccessKeyId"], aws_secret_access_key=got["SecretAccessKey"],
                                  aws_session_token=got["SessionToken"])


@test
def a_policy_is_made_shown_and_deleted():
    made = policy(allow("ec2:Describe*"), Path="/team/", Description="looks")
    arn = made["Arn"]
    assert arn == f"arn:aws:iam::{ONE}:policy/team/{made['PolicyName']}" and made["PolicyId"].startswith("ANPA") and len(made["PolicyId"]) == 21
    got = iam.get_policy(PolicyArn=arn)["Policy"]
    assert (got["DefaultVersionId"], got["IsAttachable"], got["AttachmentCount"], got["Path"]) == ("v1", True, 0, "/team/")
    version = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    assert version["Document"]["Statement"][0]["Action"] == ["ec2:Describe*"] and version["IsDefaultVersion"]
    refused("NoSuchEntity", iam.get_policy_version, PolicyArn=arn, VersionId="v2")
    assert iam.get_policy_version(PolicyArn=READ_ONLY, VersionId="v1")["PolicyVersion"]["Document"]
    assert arn in [p["Arn"] for p in iam.list_policies(Scope="Local")["Policies"]]
    assert [p["Arn"] for p in iam.list_policies(Scope="Local", PathPrefix="/team/")["Policies"]] == [arn]
    assert iam.list_policies(Scope="AWS")["Policies"] == []
    iam.delete_policy(PolicyArn=arn)
    refused("NoSuchEntity", iam.get_policy, PolicyArn=arn)
    refused("NoSuchEntity", iam.delete_policy, PolicyArn=arn)
    refused("AccessDenied", iam.delete_policy, PolicyArn=READ_ONLY)


@test
def pages_of_policies():
    made = {policy(allow("ec2:*"), Path="/pages/")["Arn"] for _ in range(5)}
    pages = list(iam.get_paginator("list_policies").paginate(Scope="Local", PathPrefix="/pages/", PaginationConfig={"PageSize": 2}))
    assert len(pages) == 3 and {p["Arn"] for page in pages for p in page["Policies"]} == made


@test
def what_is_no_policy():
    refused("MalformedPolicyDocument", iam.create_policy, PolicyName=name(), PolicyDocument="{}")
    refused("LimitExceeded", iam.create_policy, PolicyName=name(), PolicyDocument=document(allow("*")) + " " * 6144)
    refused("ValidationError", iam.create_policy, PolicyName="a b", PolicyDocument=document(allow("*")))
    refused("ValidationError", iam.create_policy, PolicyName=name(), Path="x", PolicyDocument=document(allow("*")))
    twice = policy(allow("*"))
    refused("EntityAlreadyExists", iam.create_policy, PolicyName=twice["PolicyName"], PolicyDocument=document(allow("*")))
    other = client("iam", account=TWO)
    refused("NoSuchEntity", other.get_policy, PolicyArn=twice["Arn"])
    who = name()
    other.create_user(UserName=who)
    refused("NoSuchEntity", other.attach_user_policy, UserName=who, PolicyArn=twice["Arn"])


@test
def an_attached_policy_counts_until_it_is_detached():
    looks = policy(allow("ec2:Describe*"))
    who, mine = user()
    refused("UnauthorizedOperation", mine("ec2").describe_regions)
    iam.attach_user_policy(UserName=who, PolicyArn=looks["Arn"])
    mine("ec2").describe_regions()
    assert iam.list_attached_user_policies(UserName=who)["AttachedPolicies"] == [{"PolicyName": looks["PolicyName"], "PolicyArn": looks["Arn"]}]
    assert iam.get_policy(PolicyArn=looks["Arn"])["Policy"]["AttachmentCount"] == 1
    assert looks["Arn"] in [p["Arn"] for p in iam.list_policies(OnlyAttached=True)["Policies"]]
    refused("DeleteConflict", iam.delete_policy, PolicyArn=looks["Arn"])
    iam.detach_user_policy(UserName=who, PolicyArn=looks["Arn"])
    refused("UnauthorizedOperation", mine("ec2").describe_regions)
    refused("NoSuchEntity", iam.detach_user_policy, UserName=who, PolicyArn=looks["Arn"])
    of_role, arn = role()
    iam.attach_role_policy(RoleName=of_role, PolicyArn=looks["Arn"])
    session(arn)("ec2").describe_regions()
    refused("DeleteConflict", iam.delete_role, RoleName=of_role)
    iam.detach_role_policy(RoleName=of_role, PolicyArn=looks["Arn"])
    iam.delete_policy(PolicyArn=looks["Arn"])


@test
def a_boundary_is_the_most_a_user_may():
    looks = policy(allow("ec2:Describe*", "kms:*"))["Arn"]
    who, mine = user(looks, allow("ec2:*"))
    assert iam.get_user(UserName=who)["User"]["PermissionsBoundary"] == {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": looks}
    mine("ec2").describe_regions()
    said = refused("UnauthorizedOperation", mine("ec2").create_volume, AvailabilityZone="us-east-1a", Size=1)
    assert "because no permissions boundary allows the ec2:CreateVolume action" in said, said
    said = refused("AccessDeniedException", mine("kms").list_keys)
    assert "because no identity-based policy allows the kms:ListKeys action" in said, "a boundary allows nothing by itself"
    assert iam.get_policy(PolicyArn=looks)["Policy"]["PermissionsBoundaryUsageCount"] == 1
    refused("DeleteConflict", iam.delete_policy, PolicyArn=looks)
    assert iam.list_attached_user_policies(UserName=who)["AttachedPolicies"] == [], "it is not attached"


@test
def a_boundary_denies():
    no = policy(allow("*"), {"Effect": "Deny", "Action": "ec2:DeleteVolume"})["Arn"]
    _, mine = user(no, allow("ec2:*"))
    said = refused("UnauthorizedOperation", mine("ec2").delete_volume, VolumeId="vol-0a000000000000101")
    assert "with an explicit deny in a permissions boundary" in said, said


@test
def a_boundary_of_a_role_and_aws_policies_as_one():
    who, arn = role(READ_ONLY, allow("*"))
    assert iam.get_role(RoleName=who)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == READ_ONLY
    session(arn)("ec2").describe_regions()
    refused("AccessDeniedException", session(arn)("kms").list_keys)
    refused("NoSuchEntity", iam.create_user, UserName=name(), PermissionsBoundary="arn:aws:iam::aws:policy/None")
    iam.delete_role_policy(RoleName=who, PolicyName="p")
    iam.delete_role(RoleName=who)  # a boundary is no policy of it


@test
def a_key_policy_that_names_a_user_goes_beyond_his_boundary_but_not_a_roles():
    (who, mine), (_, arn) = user(READ_ONLY), role(READ_ONLY)
    named = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ONE}:root"}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": [f"arn:aws:iam::{ONE}:user/{who}", arn]}, "Action": "kms:Encrypt", "Resource": "*"}]}
    key = kms.create_key(Policy=json.dumps(named))["KeyMetadata"]["Arn"]
    mine("kms").encrypt(KeyId=key, Plaintext=b"x")
    said = refused("AccessDeniedException", session(arn)("kms").encrypt, KeyId=key, Plaintext=b"x")
    assert "no permissions boundary" in said, said


@test
def who_may_do_that_is_asked():
    arn, other = policy(allow("ec2:*"))["Arn"], policy(allow("ec2:*"))["Arn"]
    _, mine = user(None, allow("iam:GetPolicy", Resource=arn))
    mine("iam").get_policy(PolicyArn=arn)
    assert "on resource: " + other in refused("AccessDenied", mine("iam").get_policy, PolicyArn=other)
    assert error(mine("iam").delete_policy, PolicyArn=arn)[::2] == ("AccessDenied", 403)


@test
def ids_follow_from_a_seed():
    ids = []
    for _ in range(2):
        with served("--seed", "4") as url:
            ids.append(client("iam", url=url).create_policy(PolicyName="p", PolicyDocument=document(allow("*")))["Policy"]["PolicyId"])
    assert ids[0] == ids[1], ids


main()
