#!/usr/bin/python3
"""lunami doctor as a user meets it: each state of a machine and its account is found, and told with what to do about it. TAP."""
import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "lib"))
from client import LUNAMI  # noqa: E402
from tap import ONE, main, served, test  # noqa: E402
from tls import Authority, proxy, secure  # noqa: E402
from toxic import Faults, Way  # noqa: E402

FOLDER = tempfile.TemporaryDirectory()
OURS = Authority(FOLDER.name)
KEYS = {"AWS_ACCESS_KEY_ID": "LOCAL" + ONE, "AWS_SECRET_ACCESS_KEY": "local"}
CLOUD = None


def doctor(*options, home=None, **env):
    """(exit status, findings by name) on a machine with nothing but these settings."""
    given = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    given.update({"HOME": home or FOLDER.name, "AWS_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1",
                  "AWS_EC2_METADATA_DISABLED": "true"}, **env)
    p = subprocess.run([LUNAMI, "doctor", "--json", *options], capture_output=True, text=True, timeout=60, env=given)
    told = json.loads(p.stdout)
    assert (p.returncode == 0) == told["ok"] == all(f["ok"] for f in told["findings"]), told
    assert all(f["remedy"] for f in told["findings"] if not f["ok"]), told
    return p.returncode, {f["name"]: f for f in told["findings"]}


def ill(name, seen, remedy, *options, **env):
    """One thing is wrong: it says so, and what to do."""
    status, found = doctor(*options, **env)
    f = found.get(name, {"ok": True})
    assert status == 1 and not f["ok"] and seen in f["seen"] and remedy in f["remedy"], found
    assert all(other["ok"] for other in found.values() if other is not f), found
    assert "planted" not in json.dumps(found), found
    return found


@contextlib.contextmanager
def home(config="", **files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"config": config, **files}.items():
            path = os.path.join(folder, ".aws", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.write(text)
            os.chmod(path, 0o600)
        yield folder


@test
def all_is_well():
    """all is well: whose account, which endpoint, where the credentials are from"""
    status, found = doctor("--endpoint-url", CLOUD, **KEYS)
    assert status == 0 and ONE in found["identity"]["seen"] and found["endpoint"]["seen"] == CLOUD, found
    assert found["credentials"]["seen"] == "the environment; settings of profile default", found


@test
def nobody_gave_credentials():
    """no credentials at all: where they may come from"""
    ill("credentials", "no credentials found", "AWS_PROFILE")


@test
def a_login_has_ended():
    """a login of IAM Identity Center that has ended, or is not there: the command that begins a new one"""
    config = "[profile work]\nsso_session = dev\nsso_account_id = 1\nsso_role_name = R\n[sso-session dev]\nsso_region = us-east-1\n" \
        "sso_start_url = https://x/start\n"
    cache = {f"sso/cache/{hashlib.sha1(b'dev').hexdigest()}.json": json.dumps(
        {"accessToken": "planted", "expiresAt": "2020-01-01T00:00:00Z", "region": "us-east-1", "startUrl": "https://x/start"})}
    with home(config, **cache) as folder:
        ill("credentials", "the session has ended", "aws sso login --profile work", home=folder, AWS_PROFILE="work")
    with home(config) as folder:
        ill("credentials", "there is no login", "aws sso login --profile work", home=folder, AWS_PROFILE="work")


@test
def a_profile_that_is_not_there():
    """a profile that does not exist: those that do"""
    with home("[profile one]\nregion = us-east-1\n[profile two]\nregion = us-east-1\n") as folder:
        ill("credentials", "there is no profile 'three' in the shared files (there are: one, two)", "--profile", home=folder,
            AWS_PROFILE="three")


@test
def settings_that_are_wrong():
    """a setting that is neither true nor false, a file that is none, no region"""
    ill("settings", "AWS_USE_FIPS_ENDPOINT is 'yes'", "correct", AWS_USE_FIPS_ENDPOINT="yes", **KEYS)
    with home("planted") as folder:
        ill("settings", "config:1: ", "correct", home=folder)
    ill("region", "none", "--region", AWS_REGION="", **KEYS)


@test
def clocks():
    """a clock that is an hour behind the service's, or ahead of it"""
    answer = (b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>000000000001</Account><Arn>arn:aws:iam::000000000001:root"
              b"</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>")
    for ahead, side in ((3600, "behind"), (-3600, "ahead of")):
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + ahead))
        with Way(CLOUD, GetCallerIdentity=[Faults.says(200, answer, f"Date: {date}\r\n")]) as way:
            found = ill("clock", f"s {side} the service's", "set it", "--endpoint-url", way.url, **KEYS)
            assert abs(int(found["clock"]["seen"].split()[0]) - 3600) < 60, found


@test
def nobody_answers():
    """an endpoint where nothing runs, plain HTTP to elsewhere"""
    ill("identity", "connect", "does a server run there?", "--endpoint-url", "http://127.0.0.1:1", **KEYS)
    ill("endpoint", "plain HTTP", "correct the setting", "--endpoint-url", "http://10.0.0.1", **KEYS)


@test
def bundles_of_cas():
    """a CA bundle that is not there, or holds no certificate; a server that another CA vouches for"""
    junk = os.path.join(FOLDER.name, "junk.pem")
    with open(junk, "w") as f:
        f.write("junk\n")
    for path, said in (("/nowhere/ca.pem", "cannot be read"), (junk, "holds no certificate")):
        status, found = doctor("--endpoint-url", "https://127.0.0.1:1", AWS_CA_BUNDLE=path, **KEYS)
        assert status == 1 and said in found["CA"]["seen"] and "AWS_CA_BUNDLE" in found["CA"]["remedy"], found
    with secure(*OURS.issue("other"), b"") as server:
        ill("identity", "certificate", "AWS_CA_BUNDLE", "--endpoint-url", f"https://127.0.0.1:{server.port}", **KEYS)


@test
def proxies_that_refuse():
    """a proxy that asks for a password, and one that does not run: HTTPS_PROXY is named, its password is not shown"""
    with proxy([], password="me:open") as way:
        found = ill("identity", "407", "HTTPS_PROXY", HTTPS_PROXY=f"http://me:planted@127.0.0.1:{way.port}", **KEYS)
        assert found["proxy"]["seen"] == f"http://…@127.0.0.1:{way.port}", found
    ill("identity", "that is the proxy of HTTPS_PROXY", "HTTPS_PROXY", HTTPS_PROXY="http://127.0.0.1:1", **KEYS)


@test
def govcloud_with_fips():
    """GovCloud with FIPS: the endpoint that is chosen, and that a custom one does not go with it"""
    fips = {"AWS_REGION": "us-gov-west-1", "AWS_USE_FIPS_ENDPOINT": "true", "HTTPS_PROXY": "http://127.0.0.1:1", **KEYS}
    _, found = doctor(**fips)
    assert found["endpoint"]["seen"] == "https://ec2.us-gov-west-1.amazonaws.com" and "are FIPS endpoints" in found["FIPS"]["seen"], found
    ill("endpoint", "cannot be combined with FIPS", "correct", "--endpoint-url", CLOUD, **fips)


def says(code, status=401):
    return Faults.says(status, f"<Response><Errors><Error><Code>{code}</Code><Message>m</Message></Error></Errors></Response>".encode())


@test
def refusals():
    """a secret that is wrong, keys that are unknown, credentials that have expired, a region that is not enabled"""
    ill("identity", "signature", "the secret is not that of the key id", "--endpoint-url", CLOUD,
        **{**KEYS, "AWS_SECRET_ACCESS_KEY": "planted"})
    for action, code, name, remedy in (("GetCallerIdentity", "InvalidClientTokenId", "identity", "partition"),
                                       ("GetCallerIdentity", "ExpiredToken", "identity", "get new credentials"),
                                       ("DescribeRegions", "OptInRequired", "EC2", "enable the region")):
        with Way(CLOUD, **{action: [says(code)]}) as way:
            ill(name, "m", remedy, "--endpoint-url", way.url, **KEYS)


if __name__ == "__main__":
    with served() as CLOUD:
        main()
