#!/usr/bin/python3
"""What lunami makes of the shared files and the environment is what boto3 and the AWS CLI make of them: for each of these
configurations all of them send the same requests, to the same hosts, signed by the same key for the same region. Nothing leaves
this machine: a proxy stands for AWS and keeps what it is asked. Where one differs on purpose, it is said. TAP."""
import hashlib
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
from unittest import mock

FOLDER = tempfile.TemporaryDirectory()
os.environ["HOME"] = os.path.join(FOLDER.name, "home")  # botocore looks once where cached logins are
import boto3  # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "lib"))
from answering import answering  # noqa: E402
from client import LUNAMI  # noqa: E402
from tap import ONE, main, tests  # noqa: E402
from tls import Authority, Listener  # noqa: E402
from toxic import read_message  # noqa: E402

OURS = Authority(FOLDER.name)
CLI = shutil.which("aws", path="/usr/bin")
LATER = "2099-01-01T00:00:00Z"
ROLE = f"arn:aws:iam::{ONE}:role/images"
REGIONS = "<DescribeRegionsResponse><requestId>r</requestId><regionInfo/></DescribeRegionsResponse>"


# ---- what stands for AWS -----------------------------------------------------------------------------

def answer(host, head, body):
    """(content type, text) of an answer to a request."""
    action = re.search(r"Action=(\w+)", body)
    if "/federation/credentials" in head:
        return "application/json", json.dumps({"roleCredentials": {"accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "t",
                                                                   "expiration": 4070908800000}})
    if action and action.group(1).startswith("AssumeRole"):
        key = "ASIA" + re.search(r"role%2F(\w+)", body).group(1).upper()
        name = action.group(1)
        return "text/xml", f"<{name}Response><{name}Result><Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s" \
            f"</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{LATER}</Expiration></Credentials><AssumedRoleUser>" \
            f"<AssumedRoleId>A:s</AssumedRoleId><Arn>arn:aws:sts::{ONE}:assumed-role/r/s</Arn></AssumedRoleUser></{name}Result>" \
            f"<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{name}Response>"
    return "text/xml", REGIONS


class Aws:
    """with Aws() as aws: aws.proxy is an HTTPS_PROXY behind which every host is here; aws.asked is what they were asked: (host, what,
    key id, region)."""

    def __init__(self):
        self.asked, self.contexts, self.lock = [], {}, threading.Lock()
        self.listener = Listener(self.tunnel)
        self.proxy = f"http://127.0.0.1:{self.listener.port}"

    def __enter__(self):
        self.listener.__enter__()
        return self

    def __exit__(self, *exception):
        self.listener.__exit__()

    def context(self, host):
        with self.lock:
            if host not in self.contexts:
                self.contexts[host] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self.contexts[host].load_cert_chain(*OURS.issue(f"host{len(self.contexts)}", "DNS:" + host))
            return self.contexts[host]

    def tunnel(self, connection):
        head = connection.recv(65536).decode()
        host = head.split()[1].split(":")[0]
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with self.context(host).wrap_socket(connection, server_side=True) as wrapped:
            self.exchanges(wrapped, host)

    def exchanges(self, connection, host):
        rest = b""
        while message := read_message(connection, rest):
            head, body, rest = message[0].decode(), message[1].decode(), message[2]
            signed = re.search(r"(?i)credential=([^/]+)/\d+/([^/]+)/(\w+)/", head)
            action = re.search(r"Action=(\w+)", body)
            what = action.group(1) if action else head.split()[1].split("?")[0]
            self.asked.append((host, what, *(signed.groups()[:2] if signed else ("unsigned", ""))))
            kind, text = answer(host, head, body)
            connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode())


def metadata(path):
    """What an instance's metadata service says at a path, and a container's at /creds."""
    if path.endswith(("/token", "/")):
        return "token" if path.endswith("/token") else "role"
    return json.dumps({"Code": "Success", "AccessKeyId": "ASIACONTAINER" if path == "/creds" else "ASIAINSTANCE", "SecretAccessKey": "s",
                       "Token": "t", "Expiration": LATER, "Type": "AWS-HMAC", "LastUpdated": "2020-01-01T00:00:00Z"})


# ---- who asks ----------------------------------------------------------------------------------------

def boto(env):
    with mock.patch.dict(os.environ, env, clear=True):
        boto3.Session().client("ec2").describe_regions()


def finished(command, env):
    p = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert p.returncode == 0, (command, p.stderr)


def cli(env):
    finished([CLI, "ec2", "describe-regions"], env)


def lunami(env):
    finished([LUNAMI, "eval", 'call("ec2", "DescribeRegions", {})'], env)


CLIENTS = {"boto3": boto, "the AWS CLI": cli, "lunami": lunami}


def home(config, credentials):
    folder = os.environ["HOME"]
    shutil.rmtree(folder, ignore_errors=True)  # the AWS CLI keeps the credentials of roles there
    os.makedirs(os.path.join(folder, ".aws", "sso", "cache"))
    login = json.dumps({"accessToken": "login", "expiresAt": LATER, "region": "eu-west-1", "startUrl": "https://x/start"})
    for name, text in ((".aws/config", config), (".aws/credentials", credentials), ("token", "eyJ0b2tlbg"),
                       (f".aws/sso/cache/{hashlib.sha1(b'dev').hexdigest()}.json", login),
                       (f".aws/sso/cache/{hashlib.sha1(b'https://x/start').hexdigest()}.json", login)):
        with open(os.path.join(folder, name), "w") as f:
            f.write(text)
        os.chmod(os.path.join(folder, name), 0o600)
    return folder


def asked_by(client, config, credentials, env):
    with Aws() as aws, answering(metadata) as machine:
        folder = home(config, credentials)
        given = {"PATH": os.environ["PATH"], "HOME": folder, "LC_ALL": "C.UTF-8", "HTTPS_PROXY": aws.proxy, "AWS_CA_BUNDLE": OURS.pem,
                 "AWS_EC2_METADATA_DISABLED": "true", "AWS_STS_REGIONAL_ENDPOINTS": "regional", "AWS_MAX_ATTEMPTS": "1"}
        given.update({k: v.replace("$HOME", folder).replace("$METADATA", machine) for k, v in env.items()})
        CLIENTS[client]({k: v for k, v in given.items() if v})
        return aws.asked


# ---- the configurations ------------------------------------------------------------------------------

def same(name, config="", credentials="", among=("boto3", "the AWS CLI", "lunami"), wanted=None, **env):
    """All of them ask the same; `wanted` is a part of it that shows that the configuration does what its name says."""
    def check():
        asked = {client: asked_by(client, config, credentials, env) for client in among if client != "the AWS CLI" or CLI}
        assert all(asked.values()) and len(set(map(tuple, asked.values()))) == 1, asked
        assert wanted is None or any(wanted in request for request in asked["lunami"]), asked
    check.__doc__ = name
    tests.append(check)


def differs(name, config="", credentials="", **clients_and_env):
    """On purpose: each client with the part that it must ask."""
    wanted = {c.replace("_", " "): clients_and_env.pop(c) for c in ("boto3", "the_AWS_CLI", "lunami") if c in clients_and_env}

    def check():
        for client, part in wanted.items():
            if client != "the AWS CLI" or CLI:
                asked = asked_by(client, config, credentials, clients_and_env)
                assert any(part in request for request in asked), (client, asked)
    check.__doc__ = "differs on purpose: " + name
    tests.append(check)


def keys(name, prefix="AKID"):
    return f"aws_access_key_id = {prefix}{name.upper()}\naws_secret_access_key = s\n"


ENV = {"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "s"}
HERE = {"AWS_DEFAULT_REGION": "eu-west-1"}
FILE = f"[default]\n{keys('default')}[work]\n{keys('work')}[base]\n{keys('base')}"
CONFIG = "[default]\nregion = us-west-2\n[profile work]\nregion = us-gov-west-1\n"

same("keys and region of the environment", wanted="AKIDENV", **ENV, **HERE)
same("keys with a session token", wanted="AKIDENV", AWS_SESSION_TOKEN="t", **ENV, **HERE)
same("the default profile of both files", CONFIG, FILE, wanted="us-west-2")
same("AWS_PROFILE", CONFIG, FILE, wanted="AKIDWORK", AWS_PROFILE="work")
same("AWS_DEFAULT_PROFILE", CONFIG, FILE, wanted="AKIDWORK", AWS_DEFAULT_PROFILE="work")
same("AWS_DEFAULT_REGION before the profile's region", CONFIG, FILE, wanted="eu-west-1", AWS_PROFILE="work", **HERE)
same("the environment's keys before those of AWS_PROFILE, with its region", CONFIG, FILE, wanted="us-gov-west-1",
     AWS_PROFILE="work", **ENV)
same("the credentials file before the config file", "[default]\nregion = us-west-2\n" + keys("config"), FILE, wanted="AKIDDEFAULT")
same("keys of the config file alone", "[default]\nregion = us-west-2\n" + keys("config"), wanted="AKIDCONFIG")
same("files elsewhere", "[profile work]\nregion = us-west-2\n", FILE, wanted="AKIDWORK", AWS_PROFILE="work",
     AWS_CONFIG_FILE="$HOME/.aws/config", AWS_SHARED_CREDENTIALS_FILE="$HOME/.aws/credentials")
PROCESS = 'credential_process = printf \'{"Version":1,"AccessKeyId":"ASIAPROCESS","SecretAccessKey":"s","SessionToken":"t"}\'\n'
same("a credential_process", "[default]\nregion = us-west-2\n" + PROCESS, wanted="ASIAPROCESS")
same("keys before a credential_process", "[default]\nregion = us-west-2\n" + PROCESS, FILE, wanted="AKIDDEFAULT")
ROLES = f"[profile role]\nrole_arn = {ROLE}\nsource_profile = base\nregion = eu-west-1\n" \
    f"[profile chained]\nrole_arn = arn:aws:iam::{ONE}:role/last\nsource_profile = role\nregion = eu-west-1\n" \
    f"[profile itself]\nrole_arn = {ROLE}\nsource_profile = itself\nregion = eu-west-1\n{keys('itself')}" \
    f"[profile fromenv]\nrole_arn = {ROLE}\ncredential_source = Environment\nregion = eu-west-1\n" \
    f"[profile machine]\nrole_arn = {ROLE}\ncredential_source = Ec2InstanceMetadata\nregion = eu-west-1\n"
same("a role by another profile's keys", ROLES, FILE, wanted="ASIAIMAGES", AWS_PROFILE="role")
same("a role by a role", ROLES, FILE, wanted="ASIALAST", AWS_PROFILE="chained")
same("a role by the profile's own keys", ROLES, FILE, wanted="ASIAIMAGES", AWS_PROFILE="itself")
same("a role by the instance's credentials", ROLES, wanted="ASIAIMAGES", AWS_PROFILE="machine", AWS_EC2_METADATA_DISABLED="",
     AWS_EC2_METADATA_SERVICE_ENDPOINT="$METADATA/")
same("a web identity of the environment", wanted="ASIAIMAGES", AWS_WEB_IDENTITY_TOKEN_FILE="$HOME/token", AWS_ROLE_ARN=ROLE, **HERE)
same("a web identity of a profile", f"[default]\nregion = eu-west-1\nrole_arn = {ROLE}\n"
     f"web_identity_token_file = {os.environ['HOME']}/token\n",
     wanted="ASIAIMAGES")
same("a login of IAM Identity Center", "[default]\nregion = us-west-2\nsso_session = dev\nsso_account_id = 1\nsso_role_name = R\n"
     "[sso-session dev]\nsso_region = eu-west-1\nsso_start_url = https://x/start\n", wanted="portal.sso.eu-west-1.amazonaws.com")
same("a login of its older form", "[default]\nregion = us-west-2\nsso_account_id = 1\nsso_role_name = R\nsso_region = eu-west-1\n"
     "sso_start_url = https://x/start\n", wanted="ASIASSO")
same("a container", wanted="ASIACONTAINER", AWS_CONTAINER_CREDENTIALS_FULL_URI="$METADATA/creds", **HERE)
same("an instance", wanted="ASIAINSTANCE", AWS_EC2_METADATA_DISABLED="", AWS_EC2_METADATA_SERVICE_ENDPOINT="$METADATA/", **HERE)
same("keys of a file before the container's", CONFIG, FILE, wanted="AKIDDEFAULT", AWS_CONTAINER_CREDENTIALS_FULL_URI="$METADATA/creds")
same("FIPS", wanted="ec2-fips.us-east-1.amazonaws.com", AWS_USE_FIPS_ENDPOINT="true", AWS_DEFAULT_REGION="us-east-1", **ENV)
same("FIPS in GovCloud, of the profile", "[profile work]\nregion = us-gov-west-1\nuse_fips_endpoint = true\n", FILE,
     wanted="ec2.us-gov-west-1.amazonaws.com", AWS_PROFILE="work")
same("dual-stack", wanted="ec2.eu-west-1.api.aws", AWS_USE_DUALSTACK_ENDPOINT="true", **ENV, **HERE)
same("FIPS and dual-stack", wanted="ec2-fips.us-east-1.api.aws", AWS_USE_FIPS_ENDPOINT="true", AWS_USE_DUALSTACK_ENDPOINT="true",
     AWS_DEFAULT_REGION="us-east-1", **ENV)
same("China", wanted="ec2.cn-north-1.amazonaws.com.cn", AWS_DEFAULT_REGION="cn-north-1", **ENV)
same("an isolated region", wanted="ec2.us-iso-east-1.c2s.ic.gov", AWS_DEFAULT_REGION="us-iso-east-1", **ENV)
same("a role with sts_regional_endpoints = legacy", ROLES, FILE, wanted="sts.amazonaws.com", among=("boto3", "lunami"),
     AWS_PROFILE="role", AWS_STS_REGIONAL_ENDPOINTS="legacy")
differs("AWS_REGION is the name of the SDKs and of the AWS CLI 2, which boto3 does not read", CONFIG, FILE, boto3="us-west-2",
        the_AWS_CLI="ca-central-1", lunami="ca-central-1", AWS_REGION="ca-central-1")
differs("STS is asked in the region unless legacy is said", ROLES, FILE, boto3="sts.amazonaws.com",
        lunami="sts.eu-west-1.amazonaws.com", AWS_PROFILE="role", AWS_STS_REGIONAL_ENDPOINTS="")

if __name__ == "__main__":
    main()
