#!/usr/bin/python3
"""Secret keys in the memory of a running lunami: once while a session lives, wherever they came from, and not at all when it is
gone; in no output ever. TAP."""
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "lib"))
import tap  # noqa: E402
from answering import answering  # noqa: E402
from client import LUNAMI  # noqa: E402
from tap import main, test  # noqa: E402
from tls import Authority  # noqa: E402
from toxic import Way  # noqa: E402

FOLDER = tempfile.TemporaryDirectory()
OURS = Authority(FOLDER.name)
CLOUD = None
LATER = "2099-01-01T00:00:00Z"
ROLE = f"arn:aws:iam::{tap.ONE}:role/images"


def copies_in_memory(pid, secret):
    """How often the bytes are in the process's memory."""
    count = 0
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            begin, end, mode = re.match(r"(\w+)-(\w+) (....)", line).groups()
            size = int(end, 16) - int(begin, 16)
            if mode[0] == "r" and "[v" not in line and size < 1 << 30:  # larger: a sanitizer's own
                try:
                    memory.seek(int(begin, 16))
                    count += memory.read(size).count(secret)
                except (OSError, ValueError):
                    pass
    return count


def keys():
    """Temporary ones of the local cloud: AccessKeyId, SecretAccessKey, SessionToken."""
    return tap.client("sts", url=CLOUD).assume_role(RoleArn=ROLE, RoleSessionName="secrets")["Credentials"]


def file(name, text):
    path = os.path.join(FOLDER.name, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, 0o600)
    return path


RECIPE = """
local s = session { %s }
print(#s.images {} > 0) io.stdout:flush() io.read()
s = nil for _ = 1, 3 do collectgarbage() end
print "gone" io.stdout:flush() io.read()"""


def watched(session, secrets, config="", url=None, **env):
    """Runs a recipe that opens this session: secrets() are in memory once while it lives, and not at all afterwards."""
    recipe, trace = file("recipe.lua", RECIPE % session), os.path.join(FOLDER.name, "trace.json")
    given = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    given.update({"HOME": FOLDER.name, "AWS_CONFIG_FILE": file("config", config), "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
                  "AWS_REGION": "us-east-1", "AWS_CA_BUNDLE": OURS.pem, "AWS_ENDPOINT_URL": url or CLOUD, **env})
    with subprocess.Popen([LUNAMI, "run", "--verbose", "--trace", trace, recipe], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, env=given) as p:
        assert p.stdout.readline() == "true\n", p.communicate()[1]
        with open(f"/proc/{p.pid}/limits") as limits:
            assert re.search(r"core file size +0 +0", limits.read())
        readable = os.access(f"/proc/{p.pid}/mem", os.R_OK)  # as root only
        planted = secrets()
        for wanted in (1, 0):
            found = [copies_in_memory(p.pid, text.encode()) for text in planted] if readable else [wanted]
            assert found == [wanted] * len(found), (wanted, found)
            p.stdin.write("\n")
            p.stdin.flush()
            assert p.stdout.readline() == ("gone\n" if wanted else ""), p.communicate()[1]
        told = p.stderr.read()
    with open(trace) as f:
        told += f.read()
    assert not any(text in told for text in planted)


@test
def keys_of_a_file():
    """the keys of the shared credentials file"""
    given = keys()
    shared = file("credentials", f"[planted]\naws_access_key_id = {given['AccessKeyId']}\naws_secret_access_key = "
                  f"{given['SecretAccessKey']}\naws_session_token = {given['SessionToken']}\n")
    watched('profile = "planted"', lambda: [given["SecretAccessKey"]], AWS_SHARED_CREDENTIALS_FILE=shared)


class Listening(Way):
    """A way that keeps the secret keys and tokens that STS tells on it."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.told = []

    def forward(self, request):
        answer = super().forward(request)
        self.told += [m.decode() for m in re.findall(rb"<SecretAccessKey>([^<]+)<", answer)]
        return answer


@test
def keys_of_a_role():
    """the keys of a role that was assumed, over plain HTTP and over TLS: STS's answer has left no copy"""
    base = {"AWS_ACCESS_KEY_ID": "LOCAL" + tap.ONE, "AWS_SECRET_ACCESS_KEY": "local"}
    for certificate in (None, OURS.issue("role")):
        with Listening(CLOUD, certificate) as way:
            watched(f'role = "{ROLE}"', lambda: way.told, url=way.url, **base)
            assert len(way.told) == 1


@test
def keys_of_a_roles_profile():
    """the keys of a profile with a role"""
    config = f"[profile base]\naws_access_key_id = LOCAL{tap.ONE}\naws_secret_access_key = local\n" \
        f"[profile planted]\nrole_arn = {ROLE}\nsource_profile = base\n"
    with Listening(CLOUD) as way:
        watched('profile = "planted"', lambda: way.told, config, way.url)


@test
def keys_of_a_program():
    """the keys that a credential_process prints"""
    given = keys()
    printed = file("printed", json.dumps({"Version": 1, "AccessKeyId": given["AccessKeyId"], "Expiration": LATER, "Padding": "x" * 9000,
                                          "SecretAccessKey": given["SecretAccessKey"], "SessionToken": given["SessionToken"]}))
    watched('profile = "planted"', lambda: [given["SecretAccessKey"]], f"[profile planted]\ncredential_process = cat {printed}\n")


def metadata(given):
    return json.dumps({"Code": "Success", "AccessKeyId": given["AccessKeyId"], "SecretAccessKey": given["SecretAccessKey"],
                       "Token": given["SessionToken"], "Expiration": LATER, "Padding": "x" * 9000})


@test
def keys_of_a_container():
    """the keys of a container's endpoint"""
    given, token = keys(), "pLantEdAuthorization" * 20
    with answering(lambda path: metadata(given)) as url:
        watched('connect_timeout = 9', lambda: [given["SecretAccessKey"]], AWS_CONTAINER_CREDENTIALS_FULL_URI=url,
                AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=file("token", token))


@test
def keys_of_an_instance():
    """the keys of an instance's metadata"""
    given = keys()
    with answering(lambda path: "token" if path.endswith("token") else "role" if path.endswith("/") else metadata(given)) as url:
        watched('connect_timeout = 9', lambda: [given["SecretAccessKey"]], AWS_EC2_METADATA_SERVICE_ENDPOINT=url)


@test
def keys_of_identity_center():
    """the keys of IAM Identity Center"""
    given = keys()
    file(f".aws/sso/cache/{hashlib.sha1(b'dev').hexdigest()}.json",
         json.dumps({"accessToken": "pLantEdLogin", "expiresAt": LATER, "region": "us-east-1", "startUrl": "https://x/start"}))
    told = json.dumps({"roleCredentials": {"accessKeyId": given["AccessKeyId"], "secretAccessKey": given["SecretAccessKey"],
                                           "sessionToken": given["SessionToken"], "expiration": 4070908800000}})
    config = f"[profile planted]\nsso_session = dev\nsso_account_id = {tap.ONE}\nsso_role_name = R\n" \
        "[sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://x/start\n"
    with answering(lambda path: told) as url:
        watched('profile = "planted"', lambda: [given["SecretAccessKey"]], config, AWS_ENDPOINT_URL_SSO=url)


if __name__ == "__main__":
    with tap.served() as CLOUD:
        main()
