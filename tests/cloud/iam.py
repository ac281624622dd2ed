#!/usr/bin/python3
"""Users, roles and their policies on the served local cloud by boto3: what is allowed, and how it is refused. TAP."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from tap import ONE, TWO, client, error, main, refused, test  # noqa: E402

iam, sts, kms, ec2 = client("iam"), client("sts"), client("kms"), client("ec2")
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
count = 0


def statement(effect, action, resource="*", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal, action="sts:AssumeRole", **more):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": principal, "Action": action, **more}]})


def name():
    global count
    count += 1
    return f"n{count}"


class User:
    """A user with an access key, and clients of it."""

    def __init__(self, *statements):
        self.name = name()
        self.arn = iam.create_user(UserName=self.name)["User"]["Arn"]
        self.key = iam.create_access_key(UserName=self.name)["AccessKey"]
        if statements:
            self.may(*statements)

    def may(self, *statements):
        iam.put_user_policy(UserName=self.name, PolicyName="p", PolicyDocument=document(*statements))

    def client(self, service, **more):
        return client(service, aws_access_key_id=self.key["AccessKeyId"], aws_secret_access_key=self.key["SecretAccessKey"], **more)


def session(role, who=sts, **more):
    got = who.assume_role(RoleArn=role, RoleSessionName="tests", **more)["Credentials"]
    return lambda service, **at: client(service, aws_access_key_id=got["AccessKeyId"], aws_secret_access_key=got["SecretAccessKey"],
                                        aws_session_token=got["SessionToken"], **at)


@test
def users():
    u = name()
    made = iam.create_user(UserName=u, Path="/people/")["User"]
    assert made["Arn"] == f"arn:aws:iam::{ONE}:user/people/{u}" and made["UserId"].startswith("AIDA") and len(made["UserId"]) == 21
    assert iam.get_user(UserName=u)["User"] == made
    assert made in iam.list_users()["Users"] and made in iam.list_users(PathPrefix="/people/")["Users"]
    assert made not in iam.list_users(PathPrefix="/other/")["Users"]
    assert error(iam.create_user, UserName=u) == ("EntityAlreadyExists", f"User with name {u} already exists.", 409)
    refused("EntityAlreadyExists", iam.create_user, UserName="administrator")
    refused("ValidationError", iam.create_user, UserName="no/slash")
    refused("ValidationError", iam.create_user, UserName="x" * 65)
    refused("ValidationError", iam.create_user, UserName=name(), Path="people")
    assert error(iam.get_user, UserName="nobody") == ("NoSuchEntity", "The user with name nobody cannot be found.", 404)
    assert iam.get_user()["User"]["Arn"] == f"arn:aws:iam::{ONE}:user/administrator"
    iam.put_user_policy(UserName=u, PolicyName="p", PolicyDocument=document(statement("Allow", "*")))
    refused("DeleteConflict", iam.delete_user, UserName=u)
    iam.delete_user_policy(UserName=u, PolicyName="p")
    key = iam.create_access_key(UserName=u)["AccessKey"]["AccessKeyId"]
    refused("DeleteConflict", iam.delete_user, UserName=u)
    iam.delete_access_key(UserName=u, AccessKeyId=key)
    iam.delete_user(UserName=u)
    refused("NoSuchEntity", iam.get_user, UserName=u)


@test
def access_keys():
    u = User()
    assert u.key["AccessKeyId"].startswith("LKIA") and len(u.key["AccessKeyId"]) == 20 and u.key["Status"] == "Active"
    told = u.client("sts").get_caller_identity()
    assert told["Arn"] == u.arn and told["Account"] == ONE and told["UserId"].startswith("AIDA")
    second = iam.create_access_key(UserName=u.name)["AccessKey"]["AccessKeyId"]
    refused("LimitExceeded", iam.create_access_key, UserName=u.name)
    listed = [k["AccessKeyId"] for k in iam.list_access_keys(UserName=u.name)["AccessKeyMetadata"]]
    assert sorted(listed) == sorted([second, u.key["AccessKeyId"]])
    iam.update_access_key(UserName=u.name, AccessKeyId=u.key["AccessKeyId"], Status="Inactive")
    refused("InvalidClientTokenId", u.client("sts").get_caller_identity)
    iam.update_access_key(UserName=u.name, AccessKeyId=u.key["AccessKeyId"], Status="Active")
    u.client("sts").get_caller_identity()
    refused("ValidationError", iam.update_access_key, UserName=u.name, AccessKeyId=second, Status="Off")
    iam.delete_access_key(UserName=u.name, AccessKeyId=u.key["AccessKeyId"])
    refused("InvalidClientTokenId", u.client("sts").get_caller_identity)
    refused("NoSuchEntity", iam.delete_access_key, UserName=u.name, AccessKeyId=u.key["AccessKeyId"])


@test
def roles():
    r = name()
    made = iam.create_role(RoleName=r, AssumeRolePolicyDocument=trust({"AWS": ONE}), Description="for tests", MaxSessionDuration=7200)["Role"]
    assert made["Arn"] == f"arn:aws:iam::{ONE}:role/{r}" and made["RoleId"].startswith("AROA")
    assert made["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"AWS": ONE} and made["MaxSessionDuration"] == 7200
    assert iam.get_role(RoleName=r)["Role"] == made and made in iam.list_roles()["Roles"]
    refused("EntityAlreadyExists", iam.create_role, RoleName=r, AssumeRolePolicyDocument=trust({"AWS": ONE}))
    refused("MalformedPolicyDocument", iam.create_role, RoleName=name(), AssumeRolePolicyDocument="{}")
    refused("ValidationError", iam.create_role, RoleName=name(), AssumeRolePolicyDocument=trust({"AWS": ONE}), MaxSessionDuration=60)
    iam.update_role(RoleName=r, Description="told again")
    assert iam.get_role(RoleName=r)["Role"]["Description"] == "told again"
    sts.assume_role(RoleArn=made["Arn"], RoleSessionName="tests", DurationSeconds=7200)
    refused("ValidationError", sts.assume_role, RoleArn=made["Arn"], RoleSessionName="tests", DurationSeconds=7201)
    iam.update_assume_role_policy(RoleName=r, PolicyDocument=trust({"AWS": TWO}))
    refused("AccessDenied", sts.assume_role, RoleArn=made["Arn"], RoleSessionName="tests")
    refused("MalformedPolicyDocument", iam.update_assume_role_policy, RoleName=r, PolicyDocument=document(statement("Allow", "*")))
    iam.put_role_policy(RoleName=r, PolicyName="p", PolicyDocument=document(statement("Allow", "*")))
    refused("DeleteConflict", iam.delete_role, RoleName=r)
    iam.delete_role_policy(RoleName=r, PolicyName="p")
    iam.delete_role(RoleName=r)
    refused("NoSuchEntity", iam.get_role, RoleName=r)
    pages = list(iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 1}))
    assert all(len(p["Roles"]) == 1 for p in pages) and "images" in [p["Roles"][0]["RoleName"] for p in pages]


@test
def policies():
    u = User()
    own = document(statement("Allow", "ec2:Describe*"))
    iam.put_user_policy(UserName=u.name, PolicyName="one", PolicyDocument=own)
    got = iam.get_user_policy(UserName=u.name, PolicyName="one")
    assert got["PolicyDocument"] == json.loads(own) and got["UserName"] == u.name
    iam.put_user_policy(UserName=u.name, PolicyName="two", PolicyDocument=own)
    assert iam.list_user_policies(UserName=u.name)["PolicyNames"] == ["one", "two"]
    refused("NoSuchEntity", iam.get_user_policy, UserName=u.name, PolicyName="three")
    refused("NoSuchEntity", iam.delete_user_policy, UserName=u.name, PolicyName="three")
    refused("MalformedPolicyDocument", iam.put_user_policy, UserName=u.name, PolicyName="x", PolicyDocument=trust({"AWS": ONE}))
    refused("LimitExceeded", iam.put_user_policy, UserName=u.name, PolicyName="x", PolicyDocument=own + " " * 2048)
    iam.attach_user_policy(UserName=u.name, PolicyArn=ADMINISTRATOR)
    assert iam.list_attached_user_policies(UserName=u.name)["AttachedPolicies"] == [
        {"PolicyName": "AdministratorAccess", "PolicyArn": ADMINISTRATOR}]
    u.client("iam").list_users()
    iam.detach_user_policy(UserName=u.name, PolicyArn=ADMINISTRATOR)
    refused("AccessDenied", u.client("iam").list_users)
    refused("NoSuchEntity", iam.attach_user_policy, UserName=u.name, PolicyArn="arn:aws:iam::aws:policy/None")
    assert [p["PolicyName"] for p in iam.list_attached_role_policies(RoleName="images")["AttachedPolicies"]] == ["AdministratorAccess"]


@test
def accounts_have_their_own():
    u = name()
    iam.create_user(UserName=u)
    other = client("iam", account=TWO)
    refused("NoSuchEntity", other.get_user, UserName=u)
    names = [r["RoleName"] for r in other.list_roles()["Roles"]]
    assert {"audited", "partner"} <= set(names) and "images" not in names


@test
def nothing_is_allowed_until_a_policy_allows_it():
    u = User()
    theirs = u.client("ec2")
    code, text, status = error(theirs.describe_images, Owners=["self"])
    assert (code, status) == ("UnauthorizedOperation", 403)
    assert text.startswith("You are not authorized to perform this operation. "
                           f"User: {u.arn} is not authorized to perform: ec2:DescribeImages on resource: * "
                           "because no identity-based policy allows the ec2:DescribeImages action. "
                           "Encoded authorization failure message: "), text
    told = refused("AccessDeniedException", u.client("kms").list_keys)
    assert told == (f"User: {u.arn} is not authorized to perform: kms:ListKeys on resource: * "
                    "because no identity-based policy allows the kms:ListKeys action"), told
    assert error(u.client("iam").list_users)[0::2] == ("AccessDenied", 403)
    u.may(statement("Allow", ["ec2:describe*", "kms:List*"]))
    assert theirs.describe_images(Owners=["self"])["Images"]
    u.client("kms").list_keys()
    u.may(statement("Allow", "*"), statement("Deny", "ec2:DescribeImages"))
    told = refused("UnauthorizedOperation", theirs.describe_images, Owners=["self"])
    assert "with an explicit deny in an identity-based policy" in told, told
    theirs.describe_snapshots(OwnerIds=["self"])
    u.may({"Effect": "Allow", "NotAction": "ec2:*", "Resource": "*"})
    refused("UnauthorizedOperation", theirs.describe_snapshots, OwnerIds=["self"])
    u.client("kms").list_aliases()


@test
def the_message_is_decoded_by_its_account():
    u = User()
    text = refused("UnauthorizedOperation", u.client("ec2").describe_images)
    encoded = text.split("message: ")[1]
    told = json.loads(sts.decode_authorization_message(EncodedMessage=encoded)["DecodedMessage"])
    assert told["allowed"] is False and told["explicitDeny"] is False
    assert told["context"]["action"] == "ec2:DescribeImages" and told["context"]["resource"] == "*"
    assert told["context"]["principal"] == {"id": iam.get_user(UserName=u.name)["User"]["UserId"], "name": u.name, "arn": u.arn}
    assert told["matchedStatements"] == {"items": []} and told["failures"] == {"items": []}
    refused("AccessDenied", u.client("sts").decode_authorization_message, EncodedMessage=encoded)
    u.may(statement("Allow", "sts:DecodeAuthorizationMessage"), statement("Deny", "ec2:*"))
    u.client("sts").decode_authorization_message(EncodedMessage=encoded)
    explicit = refused("UnauthorizedOperation", u.client("ec2").describe_images).split("message: ")[1]
    assert json.loads(sts.decode_authorization_message(EncodedMessage=explicit)["DecodedMessage"])["explicitDeny"] is True
    other = client("sts", account=TWO)
    refused("InvalidAuthorizationMessageException", other.decode_authorization_message, EncodedMessage=encoded)
    for bad in ("x", "AAAA", encoded[:-4], encoded[:9] + ("A" if encoded[9] != "A" else "B") + encoded[10:]):
        refused("InvalidAuthorizationMessageException", sts.decode_authorization_message, EncodedMessage=bad)


@test
def a_dry_run_tells_what_is_not_allowed():
    u = User(statement("Allow", "ec2:CreateVolume"))
    theirs = u.client("ec2")
    refused("DryRunOperation", theirs.create_volume, AvailabilityZone="us-east-1a", Size=1, DryRun=True)
    refused("UnauthorizedOperation", theirs.delete_volume, VolumeId="vol-0a000000000000101", DryRun=True)
    refused("MissingParameter", theirs.delete_volume, DryRun=True)


@test
def resources():
    made = [ec2.create_volume(AvailabilityZone="us-east-1a", Size=1,
                              TagSpecifications=[{"ResourceType": "volume", "Tags": [{"Key": "team", "Value": team}]}])["VolumeId"]
            for team in ("red", "blue")]
    u = User(statement("Allow", "ec2:DeleteVolume", f"arn:aws:ec2:us-east-1:{ONE}:volume/{made[0]}"))
    told = refused("UnauthorizedOperation", u.client("ec2").delete_volume, VolumeId=made[1], DryRun=True)
    assert f"on resource: arn:aws:ec2:us-east-1:{ONE}:volume/{made[1]} because" in told, told
    refused("DryRunOperation", u.client("ec2").delete_volume, VolumeId=made[0], DryRun=True)
    u.may(statement("Allow", "ec2:DeleteVolume", Condition={"StringEquals": {"aws:ResourceTag/team": "blue"}}))
    refused("UnauthorizedOperation", u.client("ec2").delete_volume, VolumeId=made[0], DryRun=True)
    refused("DryRunOperation", u.client("ec2").delete_volume, VolumeId=made[1], DryRun=True)
    # both ends of an attachment are asked for
    u.may(statement("Allow", "ec2:AttachVolume", "arn:aws:ec2:*:*:volume/*"))
    told = refused("UnauthorizedOperation", u.client("ec2").attach_volume, VolumeId=made[0], InstanceId="i-0a000000000000001",
                   Device="/dev/sdf", DryRun=True)
    assert ":instance/i-0a000000000000001" in told, told
    u.may(statement("Allow", "ec2:CopyImage", "arn:aws:ec2:us-east-1::image/*"))
    told = refused("UnauthorizedOperation", u.client("ec2").copy_image, Name=name(), SourceImageId="ami-0a000000000000002",
                   SourceRegion="us-east-1")
    assert "on resource: arn:aws:ec2:us-east-1::snapshot/* because" in told, told
    u.may({"Effect": "Allow", "Action": "ec2:DeleteVolume", "NotResource": f"arn:aws:ec2:*:*:volume/{made[0]}"})
    refused("UnauthorizedOperation", u.client("ec2").delete_volume, VolumeId=made[0], DryRun=True)
    refused("DryRunOperation", u.client("ec2").delete_volume, VolumeId=made[1], DryRun=True)


@test
def conditions_of_ec2():
    def volume(u, region="us-east-1", **more):
        zone = {"AvailabilityZone": region + "a", "Size": 1, "DryRun": True}
        return error(u.client("ec2", region=region).create_volume, **{**zone, **more})[0] == "DryRunOperation"

    u = User()
    allowed = {"ec2:Encrypted": ({"Encrypted": True}, {}),
               "ec2:VolumeType": ({"VolumeType": "gp3"}, {"VolumeType": "gp2"}),
               "aws:RequestTag/team": ({"TagSpecifications": [{"ResourceType": "volume", "Tags": [{"Key": "team", "Value": "red"}]}]}, {})}
    values = {"ec2:Encrypted": "true", "ec2:VolumeType": "gp3", "aws:RequestTag/team": "red"}
    for key, (good, bad) in allowed.items():
        u.may(statement("Allow", ["ec2:CreateVolume", "ec2:CreateTags"], Condition={"StringEquals": {key: values[key]}}))
        assert volume(u, **good), key
        assert not volume(u, **bad), key
    u.may(statement("Allow", "ec2:CreateVolume", Condition={"NumericLessThanEquals": {"ec2:VolumeSize": "10"}}))
    assert volume(u, Size=10) and not volume(u, Size=11)
    u.may(statement("Allow", "ec2:*"), statement("Deny", "ec2:*", Condition={"StringNotEquals": {"aws:RequestedRegion": ["us-east-1"]}}))
    assert volume(u) and not volume(u, region="eu-west-1")
    u.may(statement("Allow", "ec2:*"), statement("Deny", "ec2:*", Condition={"StringEquals": {"aws:NotKnownHere": "x"}}))
    assert not volume(u)


@test
def each_volume_of_a_launch_is_a_resource():
    """as the image has it, as the request changes it, and those that it adds: a policy may ask each to be encrypted"""
    def launched(u, image, **more):
        return error(u.client("ec2").run_instances, ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, DryRun=True, **more)[0] == "DryRunOperation"

    def mapped(*devices):
        return {"BlockDeviceMappings": [{"DeviceName": device, "Ebs": ebs} for device, ebs in devices]}

    plain, mixed, whole = "ami-0a000000000000001", "ami-0a000000000000004", "ami-0a000000000000003"  # two plain ones; a plain root; all
    devices = {i["ImageId"]: [d["DeviceName"] for d in i["BlockDeviceMappings"]] for i in ec2.describe_images(ImageIds=[plain, mixed, whole])["Images"]}
    u = User(statement("Allow", "ec2:*"), statement("Deny", "ec2:RunInstances", "arn:aws:ec2:*:*:volume/*", Condition={"Bool": {"ec2:Encrypted": "false"}}))
    assert launched(u, whole) and not launched(u, mixed) and not launched(u, plain)
    root, data = devices[mixed]
    assert launched(u, mixed, **mapped((root, {"Encrypted": True})))
    assert not launched(u, mixed, **mapped((data, {"Encrypted": True})))
    assert launched(u, plain, **mapped(*((device, {"Encrypted": True}) for device in devices[plain])))
    assert not launched(u, plain, **mapped((devices[plain][0], {"Encrypted": True})))
    assert launched(u, mixed, BlockDeviceMappings=[{"DeviceName": root, "Ebs": {"Encrypted": True}}, {"DeviceName": data, "NoDevice": ""}])
    assert launched(u, whole, **mapped(("/dev/sdx", {"VolumeSize": 1, "Encrypted": True})))
    assert not launched(u, whole, **mapped(("/dev/sdx", {"VolumeSize": 1})))
    u.may(statement("Allow", "ec2:*"), statement("Deny", "ec2:*", "*", Condition={"NumericGreaterThan": {"ec2:VolumeSize": "100"}}))
    assert launched(u, whole) and not launched(u, whole, **mapped((devices[whole][0], {"VolumeSize": 101})))
    u.may(statement("Allow", "ec2:*"), statement("Deny", "ec2:*", "*", Condition={"StringEquals": {"ec2:VolumeType": "io2"}}))
    assert launched(u, whole) and not launched(u, whole, **mapped(("/dev/sdx", {"VolumeSize": 4, "VolumeType": "io2", "Iops": 100, "Encrypted": True})))


@test
def tags_at_creation_need_their_own_permission():
    u = User(statement("Allow", "ec2:CreateVolume"))
    tagged = {"AvailabilityZone": "us-east-1a", "Size": 1, "DryRun": True,
              "TagSpecifications": [{"ResourceType": "volume", "Tags": [{"Key": "a", "Value": "b"}]}]}
    assert "ec2:CreateTags" in refused("UnauthorizedOperation", u.client("ec2").create_volume, **tagged)
    u.may(statement("Allow", "ec2:CreateVolume"),
          statement("Allow", "ec2:CreateTags", Condition={"StringEquals": {"ec2:CreateAction": "CreateVolume"}}))
    refused("DryRunOperation", u.client("ec2").create_volume, **tagged)
    refused("UnauthorizedOperation", u.client("ec2").create_tags, Resources=["vol-0a000000000000101"], Tags=[{"Key": "a", "Value": "b"}])


@test
def whose_images_may_be_launched():
    u = User(statement("Allow", "ec2:RunInstances"),
             statement("Deny", "ec2:RunInstances", "arn:aws:ec2:*::image/*", Condition={"StringNotEquals": {"ec2:Owner": ONE}}))
    image = {"InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "DryRun": True}
    refused("DryRunOperation", u.client("ec2").run_instances, ImageId="ami-0a000000000000002", **image)
    u.may(statement("Allow", "ec2:RunInstances"),
          statement("Deny", "ec2:RunInstances", "arn:aws:ec2:*::image/*", Condition={"StringNotEquals": {"ec2:Owner": TWO}}))
    refused("UnauthorizedOperation", u.client("ec2").run_instances, ImageId="ami-0a000000000000002", **image)
    u.may(statement("Allow", "ec2:RunInstances"),
          statement("Deny", "ec2:RunInstances", "arn:aws:ec2:*:*:volume/*", Condition={"Bool": {"ec2:Encrypted": "false"}}))
    refused("UnauthorizedOperation", u.client("ec2").run_instances, ImageId="ami-0a000000000000002", **image)
    refused("DryRunOperation", u.client("ec2").run_instances, ImageId="ami-0a000000000000003", **image)


def key_policy(*statements):
    own = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ONE}:user/administrator"}, "Action": "kms:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [own, *statements]})


@test
def key_policies_and_users_policies_together():
    u = User()
    default = kms.create_key()["KeyMetadata"]["Arn"]
    theirs = u.client("kms")
    told = refused("AccessDeniedException", theirs.describe_key, KeyId=default)
    assert told == (f"User: {u.arn} is not authorized to perform: kms:DescribeKey on resource: {default} "
                    "because no identity-based policy allows the kms:DescribeKey action"), told
    u.may(statement("Allow", "kms:DescribeKey", default))
    theirs.describe_key(KeyId=default)
    refused("AccessDeniedException", theirs.encrypt, KeyId=default, Plaintext=b"x")
    refused("AccessDeniedException", theirs.describe_key, KeyId="alias/one")

    # a key policy that does not leave it to IAM: its word alone counts
    closed = kms.create_key(Policy=key_policy())["KeyMetadata"]["Arn"]
    u.may(statement("Allow", "kms:*"))
    told = refused("AccessDeniedException", theirs.describe_key, KeyId=closed)
    assert "because no resource-based policy allows the kms:DescribeKey action" in told, told
    kms.put_key_policy(KeyId=closed, PolicyName="default", Policy=key_policy(
        {"Effect": "Allow", "Principal": {"AWS": u.arn}, "Action": "kms:Encrypt", "Resource": "*"}))
    iam.delete_user_policy(UserName=u.name, PolicyName="p")
    theirs.encrypt(KeyId=closed, Plaintext=b"x")
    refused("AccessDeniedException", theirs.describe_key, KeyId=closed)
    u.may(statement("Deny", "kms:Encrypt"))
    assert "explicit deny in an identity-based policy" in refused("AccessDeniedException", theirs.encrypt, KeyId=closed, Plaintext=b"x")
    kms.put_key_policy(KeyId=default, PolicyName="default", Policy=key_policy(
        {"Effect": "Deny", "Principal": {"AWS": u.arn}, "Action": "kms:*", "Resource": "*"}))
    assert "explicit deny in a resource-based policy" in refused("AccessDeniedException", theirs.describe_key, KeyId=default)


@test
def grants_to_users_and_roles():
    u = User()
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_grant(KeyId=key, GranteePrincipal=u.arn, Operations=["Encrypt"])
    u.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    refused("AccessDeniedException", u.client("kms").describe_key, KeyId=key)
    role = iam.create_role(RoleName=name(), AssumeRolePolicyDocument=trust({"AWS": ONE}))["Role"]["Arn"]
    kms.create_grant(KeyId=key, GranteePrincipal=role, Operations=["DescribeKey"])
    session(role)("kms").describe_key(KeyId=key)
    # a grant to another account leaves it to that account's policies
    kms.create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::{TWO}:root", Operations=["DescribeKey"])
    there, them = client("iam", account=TWO), name()
    there.create_user(UserName=them)
    made = there.create_access_key(UserName=them)["AccessKey"]
    theirs = client("kms", aws_access_key_id=made["AccessKeyId"], aws_secret_access_key=made["SecretAccessKey"])
    refused("AccessDeniedException", theirs.describe_key, KeyId=key)
    there.put_user_policy(UserName=them, PolicyName="p", PolicyDocument=document(statement("Allow", "kms:DescribeKey", key)))
    theirs.describe_key(KeyId=key)


@test
def aliases_need_permission_on_both():
    u, key = User(), kms.create_key()["KeyMetadata"]["Arn"]
    alias = "alias/" + name()
    u.may(statement("Allow", "kms:CreateAlias", key))
    refused("AccessDeniedException", u.client("kms").create_alias, AliasName=alias, TargetKeyId=key)
    u.may(statement("Allow", "kms:CreateAlias", f"arn:aws:kms:us-east-1:{ONE}:{alias}"))
    refused("AccessDeniedException", u.client("kms").create_alias, AliasName=alias, TargetKeyId=key)
    u.may(statement("Allow", "kms:CreateAlias", [key, f"arn:aws:kms:us-east-1:{ONE}:{alias}"]))
    u.client("kms").create_alias(AliasName=alias, TargetKeyId=key)


@test
def account_alias():
    other = client("iam", account=TWO)
    assert iam.list_account_aliases()["AccountAliases"] == []
    for wrong in ("ab", "-abc", "abc-", "a--b", "Abc", "a" * 64):
        assert error(iam.create_account_alias, AccountAlias=wrong)[0] == "ValidationError", wrong
    iam.create_account_alias(AccountAlias="first")
    iam.create_account_alias(AccountAlias="acme-prod")
    assert iam.list_account_aliases() | {"ResponseMetadata": 0} == {"AccountAliases": ["acme-prod"], "IsTruncated": False, "ResponseMetadata": 0}
    assert error(other.create_account_alias, AccountAlias="acme-prod")[0] == "EntityAlreadyExists"
    assert other.list_account_aliases()["AccountAliases"] == []
    assert error(iam.delete_account_alias, AccountAlias="first")[0] == "NoSuchEntity"
    iam.delete_account_alias(AccountAlias="acme-prod")
    assert iam.list_account_aliases()["AccountAliases"] == []
    assert error(User().client("iam").list_account_aliases)[0] == "AccessDenied"


main()
