#!/usr/bin/python3
"""Temporary credentials of the served local cloud by boto3: sessions, web identities, what they may and when they end. TAP."""
import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from tap import ONE, TWO, URL, Folder, client, error, main, refused, test  # noqa: E402

from botocore import UNSIGNED  # noqa: E402
from botocore.config import Config  # noqa: E402
import boto3  # noqa: E402

iam, sts = client("iam"), client("sts")
IMAGES = f"arn:aws:iam::{ONE}:role/images"
ISSUER = "https://tokens.test/tenant"
count = 0


def name():
    global count
    count += 1
    return f"s{count}"


def of(credentials):
    return {"aws_access_key_id": credentials["AccessKeyId"], "aws_secret_access_key": credentials["SecretAccessKey"],
            "aws_session_token": credentials["SessionToken"]}


def document(effect, action, **more):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": action, "Resource": "*", **more}]})


def role(trust, *actions, **more):
    """A new role with this statement of trust that may do these actions."""
    made = iam.create_role(RoleName=name(), AssumeRolePolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **trust}]}), **more)["Role"]
    if actions:
        iam.put_role_policy(RoleName=made["RoleName"], PolicyName="p", PolicyDocument=document("Allow", list(actions)))
    return made["Arn"]


def anybody(*actions, **more):
    return role({"Principal": {"AWS": ONE}, "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"]}, *actions, **more)


@test
def a_users_session():
    got = sts.get_session_token(DurationSeconds=900)["Credentials"]
    assert got["AccessKeyId"].startswith("LSIA") and len(got["AccessKeyId"]) == 20
    left = got["Expiration"].timestamp() - time.time()
    assert 800 < left <= 900, left
    mine = client("sts", **of(got))
    assert mine.get_caller_identity()["Arn"] == sts.get_caller_identity()["Arn"]
    client("ec2", **of(got)).describe_images(Owners=["self"])
    assert error(mine.get_session_token) == ("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
    assert error(client("iam", **of(got)).list_users)[0::2] == ("InvalidClientTokenId", 403)
    for seconds in (899, 129601):
        refused("ValidationError", sts.get_session_token, DurationSeconds=seconds)
    sts.get_session_token(DurationSeconds=129600)
    mine.assume_role(RoleArn=IMAGES, RoleSessionName="tests", DurationSeconds=43200)


@test
def what_a_role_may():
    got = sts.assume_role(RoleArn=anybody("ec2:DescribeImages"), RoleSessionName="tests")["Credentials"]
    client("ec2", **of(got)).describe_images(Owners=["self"])
    refused("UnauthorizedOperation", client("ec2", **of(got)).describe_snapshots, OwnerIds=["self"])
    refused("AccessDeniedException", client("kms", **of(got)).list_keys)
    client("sts", **of(got)).get_caller_identity()


@test
def session_policies_narrow():
    arn = anybody("ec2:Describe*", "kms:*")

    def session(**more):
        made = sts.assume_role(RoleArn=arn, RoleSessionName="tests", **more)
        return made, client("ec2", **of(made["Credentials"]))

    made, ec2 = session(Policy=document("Allow", ["ec2:DescribeImages", "ec2:CreateVolume"]))
    assert made["PackedPolicySize"] > 0
    ec2.describe_images(Owners=["self"])
    told = refused("UnauthorizedOperation", ec2.describe_snapshots, OwnerIds=["self"])
    assert "because no session policy allows the ec2:DescribeSnapshots action" in told, told
    told = refused("UnauthorizedOperation", ec2.create_volume, AvailabilityZone="us-east-1a", Size=1)
    assert "because no identity-based policy allows" in told, told
    _, ec2 = session(Policy=document("Deny", "*"))
    assert "explicit deny in a session policy" in refused("UnauthorizedOperation", ec2.describe_images)
    _, ec2 = session(PolicyArns=[{"arn": "arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess"}])
    ec2.describe_snapshots(OwnerIds=["self"])
    made, _ = session(PolicyArns=[{"arn": "arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess"}])
    refused("AccessDeniedException", client("kms", **of(made["Credentials"])).list_keys)
    refused("ValidationError", session, PolicyArns=[{"arn": "arn:aws:iam::aws:policy/None"}])
    refused("MalformedPolicyDocument", session, Policy="{}")
    refused("PackedPolicyTooLarge", session, Policy=document("Allow", "*") + " " * 2048)
    # the key policy names the role: still the session's policy counts
    kms = client("kms")
    policy = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": [f"arn:aws:iam::{ONE}:root", arn]}, "Action": "kms:*", "Resource": "*"}]}
    key = kms.create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"]
    made, _ = session(Policy=document("Allow", "kms:DescribeKey"))
    mine = client("kms", **of(made["Credentials"]))
    mine.describe_key(KeyId=key)
    assert "no session policy" in refused("AccessDeniedException", mine.encrypt, KeyId=key, Plaintext=b"x")


@test
def an_administrators_session_is_narrowed_too():
    got = sts.assume_role(RoleArn=IMAGES, RoleSessionName="tests", Policy=document("Allow", "ec2:*"))["Credentials"]
    client("ec2", **of(got)).describe_images(Owners=["self"])
    refused("AccessDeniedException", client("kms", **of(got)).list_keys)


@test
def roles_assume_roles_for_an_hour():
    last = anybody("ec2:*")
    first = anybody("sts:AssumeRole", MaxSessionDuration=43200)
    got = sts.assume_role(RoleArn=first, RoleSessionName="first", DurationSeconds=43200)["Credentials"]
    mine = client("sts", **of(got))
    told = refused("ValidationError", mine.assume_role, RoleArn=last, RoleSessionName="last", DurationSeconds=3601)
    assert "1 hour session limit for roles assumed by role chaining" in told
    mine.assume_role(RoleArn=last, RoleSessionName="last", DurationSeconds=3600)
    told = refused("ValidationError", sts.assume_role, RoleArn=last, RoleSessionName="last", DurationSeconds=3601)
    assert "MaxSessionDuration" in told
    # without permission of its own, a role assumes none that leaves it to the account
    weak = client("sts", **of(sts.assume_role(RoleArn=anybody("ec2:*"), RoleSessionName="weak")["Credentials"]))
    refused("AccessDenied", weak.assume_role, RoleArn=last, RoleSessionName="last")
    named = role({"Principal": {"AWS": weak.get_caller_identity()["Arn"].replace(":sts:", ":iam:").replace(
        "assumed-role", "role").rsplit("/", 1)[0]}, "Action": "sts:AssumeRole"})
    weak.assume_role(RoleArn=named, RoleSessionName="last")


@test
def conditions_of_trust():
    who = {"Principal": {"AWS": ONE}, "Action": "sts:AssumeRole"}
    guarded = role({**who, "Condition": {"StringEquals": {"sts:ExternalId": "secret-1"}}})
    refused("AccessDenied", sts.assume_role, RoleArn=guarded, RoleSessionName="tests")
    refused("AccessDenied", sts.assume_role, RoleArn=guarded, RoleSessionName="tests", ExternalId="other")
    sts.assume_role(RoleArn=guarded, RoleSessionName="tests", ExternalId="secret-1")
    named = role({**who, "Condition": {"StringLike": {"sts:RoleSessionName": "ci-*"}}})
    refused("AccessDenied", sts.assume_role, RoleArn=named, RoleSessionName="tests")
    sts.assume_role(RoleArn=named, RoleSessionName="ci-1")


def tagged(*pairs):
    return [{"Key": key, "Value": value} for key, value in pairs]


@test
def session_tags():
    """need sts:TagSession of the role's trust, which may ask for them; policies ask for the principal's"""
    who = {"Principal": {"AWS": ONE}, "Action": "sts:AssumeRole"}
    untagged = role(who, "ec2:*")
    told = refused("AccessDenied", sts.assume_role, RoleArn=untagged, RoleSessionName="tests", Tags=tagged(("team", "a")))
    assert "sts:TagSession" in told, told
    both = {"Principal": {"AWS": ONE}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    guarded = role({**both, "Condition": {"StringEquals": {"aws:RequestTag/team": ["a", "b"]}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}})
    refused("AccessDenied", sts.assume_role, RoleArn=guarded, RoleSessionName="tests")
    refused("AccessDenied", sts.assume_role, RoleArn=guarded, RoleSessionName="tests", Tags=tagged(("team", "c")))
    refused("AccessDenied", sts.assume_role, RoleArn=guarded, RoleSessionName="tests", Tags=tagged(("team", "a"), ("more", "x")))
    sts.assume_role(RoleArn=guarded, RoleSessionName="tests", Tags=tagged(("team", "b")))
    arn = role(both)
    iam.put_role_policy(RoleName=arn.rsplit("/", 1)[1], PolicyName="p", PolicyDocument=document(
        "Allow", "ec2:*", Condition={"StringEquals": {"aws:PrincipalTag/Team": "a"}}))
    made = sts.assume_role(RoleArn=arn, RoleSessionName="tests", Tags=tagged(("team", "a")))
    assert made["PackedPolicySize"] >= 0
    client("ec2", **of(made["Credentials"])).describe_images(Owners=["self"])
    other = sts.assume_role(RoleArn=arn, RoleSessionName="tests", Tags=tagged(("team", "b")))["Credentials"]
    refused("UnauthorizedOperation", client("ec2", **of(other)).describe_images)
    plain = sts.assume_role(RoleArn=arn, RoleSessionName="tests")["Credentials"]
    refused("UnauthorizedOperation", client("ec2", **of(plain)).describe_images)


@test
def session_tags_reach_key_policies():
    """and grantees of a key by their tags"""
    arn = role({"Principal": {"AWS": ONE}, "Action": ["sts:AssumeRole", "sts:TagSession"]})
    kms = client("kms")
    policy = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ONE}:root"}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "kms:Encrypt", "Resource": "*",
         "Condition": {"StringEquals": {"aws:PrincipalTag/team": "a"}}}]}
    key = kms.create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"]
    for team, allowed in (("a", True), ("b", False)):
        mine = client("kms", **of(sts.assume_role(RoleArn=arn, RoleSessionName="tests", Tags=tagged(("team", team)))["Credentials"]))
        if allowed:
            mine.encrypt(KeyId=key, Plaintext=b"x")
        else:
            refused("AccessDeniedException", mine.encrypt, KeyId=key, Plaintext=b"x")


@test
def transitive_session_tags_stay():
    both = {"Principal": {"AWS": ONE}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    first, last = role(both, "sts:*"), role(both)
    iam.put_role_policy(RoleName=last.rsplit("/", 1)[1], PolicyName="p", PolicyDocument=document(
        "Allow", "ec2:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "a"}, "Null": {"aws:PrincipalTag/own": "true"}}))
    got = sts.assume_role(RoleArn=first, RoleSessionName="first", Tags=tagged(("team", "a"), ("own", "x")), TransitiveTagKeys=["team"])
    mine = client("sts", **of(got["Credentials"]))
    client("ec2", **of(mine.assume_role(RoleArn=last, RoleSessionName="last")["Credentials"])).describe_images(Owners=["self"])
    told = refused("InvalidParameterValue", mine.assume_role, RoleArn=last, RoleSessionName="last", Tags=tagged(("TEAM", "b")))
    assert "conflicts with a transitive tag key" in told, told
    refused("InvalidParameterValue", sts.assume_role, RoleArn=first, RoleSessionName="tests", Tags=tagged(("a", "1"), ("A", "2")))
    refused("ValidationError", sts.assume_role, RoleArn=first, RoleSessionName="tests", Tags=tagged(*((f"k{n}", "v") for n in range(51))))
    refused("ValidationError", sts.assume_role, RoleArn=first, RoleSessionName="tests", Tags=tagged(("k" * 129, "v")))


@test
def the_source_identity_stays():
    arn = anybody("sts:AssumeRole", "sts:SetSourceIdentity")
    made = sts.assume_role(RoleArn=arn, RoleSessionName="tests", SourceIdentity="ann")
    assert made["SourceIdentity"] == "ann"
    mine = client("sts", **of(made["Credentials"]))
    assert mine.assume_role(RoleArn=arn, RoleSessionName="again")["SourceIdentity"] == "ann"
    refused("AccessDenied", mine.assume_role, RoleArn=arn, RoleSessionName="again", SourceIdentity="bob")
    refused("AccessDenied", sts.assume_role, RoleArn=role({"Principal": {"AWS": ONE}, "Action": "sts:AssumeRole"}),
            RoleSessionName="tests", SourceIdentity="ann")


# ---- web identities


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode() if isinstance(value, dict) else value).rstrip(b"=")


def token(secret="local", algorithm="HS256", **claims):
    now = int(time.time())
    claims = {"iss": ISSUER, "sub": "repo:one/two", "aud": "lunami", "iat": now, "exp": now + 300, **claims}
    text = part({"alg": algorithm, "typ": "JWT"}) + b"." + part({k: v for k, v in claims.items() if v is not None})
    return (text + b"." + part(hmac.new(secret.encode(), text, hashlib.sha256).digest())).decode()


def unsigned():
    return boto3.client("sts", endpoint_url=URL, region_name="us-east-1",
                        config=Config(signature_version=UNSIGNED, retries={"max_attempts": 0}, parameter_validation=False))


def web_role(**conditions):
    provider = f"arn:aws:iam::{ONE}:oidc-provider/{ISSUER[8:]}"
    if provider not in [p["Arn"] for p in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]]:
        assert iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=["lunami", "other"], ThumbprintList=["0" * 40])[
            "OpenIDConnectProviderArn"] == provider
    condition = {"Condition": {"StringLike": {ISSUER[8:] + ":" + k: v for k, v in conditions.items()}}} if conditions else {}
    return role({"Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity", **condition}, "ec2:DescribeImages")


@test
def a_token_gives_a_roles_credentials():
    arn = web_role(sub="repo:one/*", aud="lunami")
    made = unsigned().assume_role_with_web_identity(RoleArn=arn, RoleSessionName="tests", WebIdentityToken=token())
    assert made["SubjectFromWebIdentityToken"] == "repo:one/two" and made["Audience"] == "lunami"
    assert made["Provider"] == f"arn:aws:iam::{ONE}:oidc-provider/{ISSUER[8:]}"
    assert made["AssumedRoleUser"]["Arn"].endswith("/tests")
    mine = of(made["Credentials"])
    client("ec2", **mine).describe_images(Owners=["self"])
    refused("UnauthorizedOperation", client("ec2", **mine).describe_snapshots)
    made = unsigned().assume_role_with_web_identity(RoleArn=arn, RoleSessionName="tests", WebIdentityToken=token(aud=["x", "lunami"]),
                                                    Policy=document("Allow", "kms:*"), DurationSeconds=900)
    refused("UnauthorizedOperation", client("ec2", **of(made["Credentials"])).describe_images)


@test
def what_is_wrong_with_a_token():
    arn = web_role(sub="repo:one/*")
    now = int(time.time())

    def said(text, role=arn, **more):
        return error(unsigned().assume_role_with_web_identity, RoleArn=role, RoleSessionName="tests", WebIdentityToken=text, **more)

    for bad in ("x", "a.b.c", token()[:-1], token() + "A", token().replace(".", "", 1), token(exp=None), token(iss=None),
                token(exp="soon"), token(sub=7), "." + token(), token(sub="x" * 256)):
        assert said(bad)[0] == "InvalidIdentityToken", bad
    for text, code, status in ((token(secret="other"), "InvalidIdentityToken", 400),
                               (token(algorithm="none"), "InvalidIdentityToken", 400),
                               (token(algorithm="RS256"), "InvalidIdentityToken", 400),
                               (token(iss="https://other.test"), "InvalidIdentityToken", 400),
                               (token(aud="nobody"), "InvalidIdentityToken", 400),
                               (token(exp=now - 1), "ExpiredTokenException", 400),
                               (token(nbf=now + 3600), "IDPRejectedClaim", 403),
                               (token(sub=None), "IDPRejectedClaim", 403),
                               (token(sub="repo:two/one"), "AccessDenied", 403)):
        got = said(text)
        assert got[0::2] == (code, status), (got, code)
    assert "HS256" in said(token(secret="other"))[1]
    assert said(token(), role=IMAGES) == ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403)
    assert said(token(), role=f"arn:aws:iam::{ONE}:role/none")[0] == "AccessDenied"
    assert said(token(), DurationSeconds=60)[0] == "ValidationError"
    # the account of a role decides whose tokens it takes
    there = client("iam", account=TWO)
    there.create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "*"}]}))
    assert said(token(), role=f"arn:aws:iam::{TWO}:role/web")[0] == "InvalidIdentityToken"
    there.delete_role(RoleName="web")


@test
def providers():
    url = "https://more.test"
    arn = iam.create_open_id_connect_provider(Url=url, ClientIDList=["one", "two"], ThumbprintList=[])["OpenIDConnectProviderArn"]
    got = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert got["Url"] == "more.test" and got["ClientIDList"] == ["one", "two"]
    refused("EntityAlreadyExists", iam.create_open_id_connect_provider, Url=url, ThumbprintList=[])
    refused("InvalidInput", iam.create_open_id_connect_provider, Url="http://plain.test", ThumbprintList=[])
    refused("InvalidInput", iam.create_open_id_connect_provider, Url="https://x.test", ClientIDList=["a b"], ThumbprintList=[])
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    refused("NoSuchEntity", iam.get_open_id_connect_provider, OpenIDConnectProviderArn=arn)


# ---- when credentials end, and requests that are not signed as they should be


@test
def temporary_credentials_outlive_the_process_and_expire():
    cloud = Folder()
    got = client("sts", url=cloud.start()).assume_role(RoleArn=f"arn:aws:iam::{TWO}:role/partner", RoleSessionName="tests")["Credentials"]
    cloud.kill()
    url = cloud.start()
    assert client("sts", url=url, **of(got)).get_caller_identity()["Account"] == TWO
    cloud.kill()
    cloud.ask("UPDATE credentials SET expires = 1")
    url = cloud.start()
    ec2, kms, own, admin = (client(service, url=url, **of(got)) for service in ("ec2", "kms", "sts", "iam"))
    assert error(ec2.describe_images)[0::2] == ("RequestExpired", 400)
    assert error(kms.list_keys)[0::2] == ("ExpiredTokenException", 400)
    assert error(own.get_caller_identity)[0::2] == ("ExpiredToken", 403)
    assert error(admin.list_users)[0::2] == ("ExpiredToken", 403)
    cloud.kill()


def post(body, headers):
    request = urllib.request.Request(URL + "/", data=body.encode(), headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode()


FORMS = {"ec2": "Action=DescribeImages&Version=2016-11-15", "sts": "Action=GetCallerIdentity&Version=2011-06-15",
         "iam": "Action=ListUsers&Version=2010-05-08", "kms": "{}"}


def headers_of(service):
    return {"X-Amz-Target": "TrentService.ListKeys", "Content-Type": "application/x-amz-json-1.1"} if service == "kms" else {}


@test
def unsigned_requests_are_refused_in_each_protocol():
    for service, form in FORMS.items():
        status, text = post(form, headers_of(service))
        if service == "kms":
            assert status == 400 and json.loads(text)["__type"] == "MissingAuthenticationTokenException", text
        else:
            assert status == 403 and "<Code>MissingAuthenticationToken</Code>" in text, text
            assert ("<Errors>" in text) == (service == "ec2") and ("<ErrorResponse" in text) == (service != "ec2")
    for broken in ("AWS4-HMAC-SHA256 Credential=x", "Basic eDp5", "AWS4-HMAC-SHA256 "):
        for service, form in FORMS.items():
            status, text = post(form, {**headers_of(service), "Authorization": broken, "X-Amz-Date": "20260101T000000Z"})
            assert status == 400 and "IncompleteSignature" in text, text


def signed(service, change=lambda request: None, key="LOCAL" + ONE, secret="local", at=0, skip=()):
    """What a request that is changed after it was signed, or signed at another time, is answered."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
    import botocore.auth
    import datetime
    request = AWSRequest("POST", URL + "/", data=FORMS[service], headers=headers_of(service))
    real = botocore.auth.datetime

    class Shifted(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return datetime.datetime.utcnow() + datetime.timedelta(seconds=at)

    class Some(SigV4Auth):
        def headers_to_sign(self, request):
            kept = super().headers_to_sign(request)
            for h in skip:
                del kept[h]
            return kept

    class Clock:
        datetime = Shifted
    botocore.auth.datetime = Clock
    try:
        Some(Credentials(key, secret), service, "us-east-1").add_auth(request)
    finally:
        botocore.auth.datetime = real
    change(request)
    prepared = request.prepare()
    return post(prepared.body if isinstance(prepared.body, str) else prepared.body.decode(), dict(prepared.headers.items()))


@test
def wrong_and_skewed_signatures_in_each_protocol():
    def other_body(request):
        request.data = FORMS["ec2"] + "&Owner.1=self"

    expected = {"ec2": (401, "AuthFailure", "RequestExpired", "AuthFailure"),
                "sts": (403, "SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidClientTokenId"),
                "iam": (403, "SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidClientTokenId"),
                "kms": (400, "InvalidSignatureException", "InvalidSignatureException", "UnrecognizedClientException")}
    for service, (status, wrong, late, unknown) in expected.items():
        assert signed(service)[0] == 200
        got = signed(service, secret="other")
        assert got[0] == status and wrong in got[1], got
        for seconds in (-960, 960):
            got = signed(service, at=seconds)
            assert late in got[1], got
            assert service == "ec2" or ("Signature expired" if seconds < 0 else "not yet current") in got[1], got
        assert signed(service, at=-840)[0] == 200
        for key in ("AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", "LKIAAAAAAAAAAAAAAAAA", "LOCAL1", "LOCAL00000000000x"):
            got = signed(service, key=key)
            assert unknown in got[1], got
        for header in ("host", "x-amz-date"):
            got = signed(service, skip=[header])
            assert got[0] == status and wrong in got[1], got
    assert signed("ec2", other_body)[0] == 401


@test
def presigned_requests():
    def ask(url):
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode()

    for c, action, more in ((client("ec2"), "describe_regions", {}), (sts, "get_caller_identity", {})):
        url = c.generate_presigned_url(action, Params=more, ExpiresIn=60, HttpMethod="GET")
        assert ask(url)[0] == 200, ask(url)
        for changed in (url.replace("X-Amz-Expires=60", "X-Amz-Expires=61"), url + "&Filter.1.Name=x",
                        url[:-1] + ("0" if url[-1] != "0" else "1")):
            assert ask(changed)[0] in (401, 403), ask(changed)
        assert ask(c.generate_presigned_url(action, ExpiresIn=604801, HttpMethod="GET"))[0] in (401, 403)
    got = sts.get_session_token()["Credentials"]
    url = client("sts", **of(got)).generate_presigned_url("get_caller_identity", HttpMethod="GET")
    assert ask(url)[0] == 200 and "X-Amz-Security-Token" in urllib.parse.unquote(url)
    assert ask(url.replace("X-Amz-Security-Token=", "X-Amz-Security-Token=A"))[0] == 403


main()
