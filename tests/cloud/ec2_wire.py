#!/usr/bin/python3
"""The bytes of EC2's protocol, and of its neighbours': forms and queries, envelopes, headers, errors. TAP."""
import http.client
import os
import re
import sys
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from botocore.auth import SigV4Auth, SigV4QueryAuth  # noqa: E402
from botocore.awsrequest import AWSRequest  # noqa: E402
from botocore.credentials import Credentials  # noqa: E402
from tap import ONE, URL, main, test  # noqa: E402

PLAIN, FORM = "ami-0a000000000000002", "application/x-www-form-urlencoded; charset=utf-8"
NAMESPACE, UUID = "http://ec2.amazonaws.com/doc/2016-11-15/", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
XML = '<?xml version="1.0" encoding="UTF-8"?>'


def send(method, path="/", body="", headers=None):
    """(status, headers, text)"""
    connection = http.client.HTTPConnection(urllib.parse.urlparse(URL).netloc, timeout=20)
    connection.request(method, path, body.encode(), headers or {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, text


def signed(method, path="/", body="", service="ec2", auth=SigV4Auth, secret="local", key="LOCAL" + ONE, more=None):
    """The same, signed."""
    request = AWSRequest(method, URL + path, data=body, headers={"Content-Type": FORM, **(more or {})})
    args = (3600,) if auth is SigV4QueryAuth else ()
    auth(Credentials(key, secret), service, "us-east-1", *args).add_auth(request)
    url = urllib.parse.urlparse(request.url)
    return send(method, url.path + ("?" + url.query if url.query else ""), body, dict(request.headers.items()))


def form(action, version="2016-11-15", **parameters):
    return urllib.parse.urlencode({"Action": action, "Version": version, **parameters})


@test
def a_form_or_a_query():
    """POST of a form, GET of a query with a signature in the header or presigned: the same answer"""
    asked = form("DescribeImages", **{"ImageId.1": PLAIN})
    answers = [signed("POST", body=asked), signed("GET", "/?" + asked), signed("GET", "/?" + asked, auth=SigV4QueryAuth)]
    told = {re.sub("<requestId>.*?</requestId>", "", text) for status, _, text in answers if status == 200}
    assert len(told) == 1 and PLAIN in told.pop(), answers
    assert len({re.search("<requestId>(.*?)<", a[2])[1] for a in answers}) == 3


@test
def envelopes():
    """the root is ActionResponse of the namespace with its slash, a list's children are items, an empty one is empty, no white space"""
    status, headers, text = signed("POST", body=form("DescribeImages", **{"ImageId.1": PLAIN}))
    assert text.startswith(f'{XML}<DescribeImagesResponse xmlns="{NAMESPACE}">') and text.endswith("</DescribeImagesResponse>"), text[:200]
    assert re.search(rf"<requestId>{UUID}</requestId>", text) and "<imagesSet><item>" in text
    assert not re.search(r">\s+<", text) and not re.search(r"\s$", text)
    assert re.search(r"<creationDate>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z</creationDate>", text)
    assert headers["content-type"] == "text/xml;charset=UTF-8" and headers["server"] == "AmazonEC2" and headers["date"].endswith("GMT")
    nothing = signed("POST", body=form("DescribeImages", **{"Filter.1.Name": "name", "Filter.1.Value.1": "no such"}))[2]
    assert "<imagesSet/>" in nothing and "nextToken" not in nothing
    done = signed("POST", body=form("CreateTags", **{"ResourceId.1": PLAIN, "Tag.1.Key": "wire", "Tag.1.Value": "x"}))[2]
    assert re.fullmatch(rf'{re.escape(XML)}<CreateTagsResponse xmlns="{NAMESPACE}"><requestId>{UUID}</requestId><return>true</return></CreateTagsResponse>',
                        done), done


@test
def ids():
    """17 hex digits after the prefix, whatever is made"""
    def made(action, **kw):
        return signed("POST", body=form(action, **kw))[2]
    told = made("RunInstances", ImageId=PLAIN, MinCount=1, MaxCount=1)
    for prefix in ("r", "i", "vol", "subnet", "vpc", "sg", "eni"):
        assert re.search(rf">{prefix}-[0-9a-f]{{17}}<", told), prefix
    assert re.search(r"<imageId>ami-[0-9a-f]{17}<", made("CopyImage", Name="wire", SourceImageId=PLAIN, SourceRegion="us-east-1"))
    assert re.search(r"<snapshotId>snap-[0-9a-f]{17}<", made("CreateSnapshot", VolumeId="vol-0a000000000000101"))


@test
def errors():
    """an error is Response, Errors, Error, with RequestID; what the query string spoils is MalformedQueryString"""
    status, _, text = signed("POST", body=form("DescribeImages", **{"ImageId.1": "ami-0b00000000000000f"}))
    assert status == 400 and re.fullmatch(
        rf"{re.escape(XML)}<Response><Errors><Error><Code>InvalidAMIID.NotFound</Code><Message>The image id '\[ami-0b00000000000000f\]' does not exist"
        rf"</Message></Error></Errors><RequestID>{UUID}</RequestID></Response>", text), text
    for bad in ("&ImageId.1=%zz", "&%4=x", "&Owner.1=self%"):
        status, _, text = signed("POST", body=form("DescribeImages") + bad)
        assert status == 400 and "<Code>MalformedQueryString</Code>" in text, text
    status, _, text = signed("POST", body=form("DescribeImages", DryRun="true"))
    assert status == 412 and "<Code>DryRunOperation</Code>" in text


@test
def who_asks():
    """MissingAuthenticationToken, IncompleteSignature, AuthFailure, RequestExpired: before anything else"""
    asked = form("DescribeImages", nonsense="1")
    authorization = {"Content-Type": FORM, "X-Amz-Date": "20260102T030405Z"}
    scope = "Credential=LOCAL000000000001/20260102/us-east-1/ec2/aws4_request"
    whole = f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
    for answer, status, code in (
            (send("POST", body=asked, headers={"Content-Type": FORM}), 403, "MissingAuthenticationToken"),
            (send("POST", body=asked, headers={**authorization, "Authorization": "AWS4-HMAC-SHA256 " + scope}), 400, "IncompleteSignature"),
            (send("POST", body=asked, headers={**authorization, "Authorization": whole}), 400, "RequestExpired"),
            (signed("POST", body=asked, secret="wrong"), 401, "AuthFailure"),
            (signed("POST", body=asked, key="LKIAUNKNOWN"), 401, "AuthFailure"),
            (signed("POST", body=form("GetCallerIdentity", "2011-06-15"), service="sts", secret="wrong"), 403, "SignatureDoesNotMatch"),
            (signed("POST", body=form("GetCallerIdentity", "2011-06-15"), service="sts", key="LKIAUNKNOWN"), 403, "InvalidClientTokenId")):
        assert answer[0] == status and f"<Code>{code}</Code>" in answer[2], (code, answer)


@test
def the_neighbours():
    """STS: a Result and ResponseMetadata, ErrorResponse with a Type; KMS: JSON, __type, an empty body where there is no output"""
    status, headers, text = signed("POST", body=form("GetCallerIdentity", "2011-06-15"), service="sts")
    assert status == 200 and re.search(
        rf'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>.*<Account>{ONE}</Account>.*'
        rf"</GetCallerIdentityResult><ResponseMetadata><RequestId>{UUID}</RequestId></ResponseMetadata></GetCallerIdentityResponse>", text), text
    status, _, text = signed("POST", body=form("AssumeRole", "2011-06-15"), service="sts")
    assert status == 400 and re.search(r"<ErrorResponse[^>]*><Error><Type>Sender</Type><Code>ValidationError</Code>", text), text
    status, _, text = signed("POST", body=form("GetCallerIdentity", "2010-01-01"), service="sts")
    assert status == 400 and "Could not find operation GetCallerIdentity for version 2010-01-01" in text

    def kms(target, body):
        return signed("POST", body=body, service="kms", more={"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService." + target})
    status, headers, text = kms("DescribeKey", '{"KeyId": "alias/one"}')
    assert status == 200 and headers["content-type"] == "application/x-amz-json-1.1" and re.fullmatch(UUID, headers["x-amzn-requestid"])
    assert re.search(r'"CreationDate":\d+(\.\d+)?[,}]', text), text
    key = re.search(r'"KeyId":"([^"]*)"', text)[1]
    status, headers, text = kms("EnableKey", f'{{"KeyId": "{key}"}}')
    assert (status, headers["content-length"], text) == (200, "0", "")
    status, _, text = kms("DescribeKey", '{"KeyId": "alias/none"}')
    assert status == 400 and re.search(r'"__type":"NotFoundException"', text) and '"message":"Alias arn:aws:kms:us-east-1' in text, text


main()
