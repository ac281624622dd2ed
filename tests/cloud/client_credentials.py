"""Credentials of the program as a user sets them up: profiles with roles, MFA on a terminal, tokens in files, and what is said
when they lack. The roles are those of a local cloud, the rest is told by files."""
import json
import os
import pty
import select
import subprocess
import tempfile
import time

from lib.tap import ONE, TWO, URL, client, main, test
from lib.toxic import Way

LUNAMI = os.environ.get("LUNAMI_BIN", "build/lunami")
ACCOUNT = 'print(account().id)'
ENV = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}


def run(config, recipe=ACCOUNT, env=None, home=None):
    folder = home or tempfile.mkdtemp()
    for name, text in (("config", config), ("recipe.lua", recipe)):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as f:
            f.write(text)
    everything = dict(ENV, HOME=folder, AWS_CONFIG_FILE=f"{folder}/config", AWS_SHARED_CREDENTIALS_FILE="/dev/null",
                      AWS_EC2_METADATA_DISABLED="true", AWS_ENDPOINT_URL=URL, AWS_REGION="us-east-1")
    everything.update(env or {})
    return subprocess.run([LUNAMI, "run", f"{folder}/recipe.lua"], capture_output=True, text=True, timeout=60, env=everything), \
        everything, folder


BASE = f"[profile base]\naws_access_key_id = LOCAL{ONE}\naws_secret_access_key = local\n"
ROLE = f"arn:aws:iam::{TWO}:role/partner"


def refused(says, *args, **kw):
    p, _, _ = run(*args, **kw)
    assert p.returncode == 1 and says in p.stderr and p.stderr.count("\n") == 1, p.stderr
    assert "planted" not in p.stdout + p.stderr
    return p.stderr


@test
def a_profile_assumes_a_role():
    p, _, _ = run(f"{BASE}[default]\nrole_arn = {ROLE}\nsource_profile = base\nrole_session_name = night\n")
    assert p.stdout == f"{TWO}\n", p.stderr


@test
def a_recipes_role_is_a_session_too():
    p, _, _ = run(BASE, f'local s = session {{ profile = "base", role = "{ROLE}" }} print(account().id, s.account().id)',
                  {"AWS_PROFILE": "base"})
    assert p.stdout == f"{ONE}\t{TWO}\n", p.stderr


@test
def a_refused_role_is_blamed_on_the_line():
    said = refused("AccessDenied", BASE, f'\nsession {{ role = "arn:aws:iam::{TWO}:role/none" }}', {"AWS_PROFILE": "base"})
    assert "recipe.lua:2: session: role arn:aws:iam" in said, said


@test
def a_process_gives_them_without_a_shell():
    keys = json.dumps({"Version": 1, "AccessKeyId": "LOCAL" + ONE, "SecretAccessKey": "local"})
    p, _, _ = run(f"[default]\ncredential_process = printf '%s' '{keys}'\n")
    assert p.stdout == f"{ONE}\n", p.stderr
    refused("external process exited with code 3: not today", "[default]\ncredential_process = sh -c 'echo not today >&2; exit 3'\n")


@test
def what_lacks_is_said_with_its_place():
    refused("config:2: profile 'default': could not find source profile nobody",
            f"[default]\nsource_profile = nobody\nrole_arn = {ROLE}\n")
    refused("config:3: profile 'default': profile missing aws_access_key_id", "[default]\n\naws_secret_access_key = planted\n")
    refused("log in again: aws sso login --profile default",
            "[default]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n[sso-session s]\nsso_region = us-east-1\n"
            "sso_start_url = https://x\n")
    refused("no credentials found: looked at the environment", "")
    refused("there is no profile 'nobody' in the shared files (there are: base)", BASE, env={"AWS_PROFILE": "nobody"})
    refused("config:2: Expected an '=' sign defining a property", "[default]\nplanted\n")


@test
def one_command_may_hold_no_line_end():
    refused("hold characters that no key has", "", env={"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "planted\nx"})


@test
def an_mfa_code_is_asked_for_without_echo():
    config = f"{BASE}[default]\nrole_arn = {ROLE}\nsource_profile = base\nmfa_serial = arn:aws:iam::{ONE}:mfa/me\n"
    refused("there is no terminal to ask on", config) if not os.path.exists("/dev/tty") or not has_terminal() else None
    _, env, folder = run(BASE, "", {"AWS_PROFILE": "base"})
    del env["AWS_PROFILE"]
    with open(f"{folder}/config", "w", encoding="utf-8") as f:
        f.write(config)
    with open(f"{folder}/recipe.lua", "w", encoding="utf-8") as f:
        f.write(ACCOUNT)
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(LUNAMI, [LUNAMI, "run", f"{folder}/recipe.lua"], env)
    shown = read_until(terminal, "MFA code of arn:aws:iam::")
    shown += read_until(terminal, ": ")
    os.write(terminal, b"135790\n")
    shown += read_until(terminal, TWO)
    assert "135790" not in shown and TWO in shown, shown
    os.close(terminal)
    os.waitpid(pid, 0)


def has_terminal():
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
        return True
    except OSError:
        return False


def read_until(terminal, text):
    shown, end = "", time.monotonic() + 20
    while text not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 0.5)[0]:
            try:
                shown += os.read(terminal, 4096).decode(errors="replace")
            except OSError:
                break
    return shown


@test
def a_web_identity_is_sent_unsigned_and_its_refusal_told():
    with tempfile.NamedTemporaryFile("w") as f:
        f.write("planted-token\n")
        f.flush()
        p, _, _ = run("", env={"AWS_WEB_IDENTITY_TOKEN_FILE": f.name, "AWS_ROLE_ARN": ROLE})
    assert "planted" not in p.stdout + p.stderr, p.stderr
    assert p.returncode == 1 and "web identity: " in p.stderr, p.stdout + p.stderr


@test
def files_that_others_may_read_are_told_once():
    with tempfile.TemporaryDirectory() as folder:
        shared = f"{folder}/credentials"
        with open(shared, "w", encoding="utf-8") as f:
            f.write(f"[default]\naws_access_key_id = LOCAL{ONE}\naws_secret_access_key = local\n")
        env = {"AWS_SHARED_CREDENTIALS_FILE": shared}
        twice = ACCOUNT + ' session { profile = "default" } session { profile = "default" }'
        for mode, times in ((0o644, 1), (0o640, 1), (0o600, 0)):
            os.chmod(shared, mode)
            p, everything, _ = run("", twice, env)
            assert p.stdout == f"{ONE}\n" and p.stderr.count(f"chmod 600 {shared}") == times, p.stderr
            assert p.stderr.count("\n") == times, p.stderr
            p = subprocess.run([LUNAMI, "doctor"], capture_output=True, text=True, timeout=60, env=everything)
            assert ("FAIL  files" in p.stdout) == (times == 1) and p.returncode == times, p.stdout


@test
def another_account_ends_the_run():
    """a program gives another account's keys, the first ones having expired meanwhile: nothing more is sent"""
    with tempfile.TemporaryDirectory() as folder:
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 13))
        for number, account in enumerate((ONE, TWO)):
            keys = client("sts", account=account).get_session_token()["Credentials"]
            with open(f"{folder}/{number}", "w", encoding="utf-8") as f:
                json.dump({"Version": 1, "AccessKeyId": keys["AccessKeyId"], "SecretAccessKey": keys["SecretAccessKey"],
                           "SessionToken": keys["SessionToken"], "Expiration": until if number == 0 else "2099-01-01T00:00:00Z"}, f)
        give = f"[default]\ncredential_process = sh -c 'cd {folder}; cat 0; cp 1 2; mv 2 0'\n"
        p, _, _ = run(give, 'volume.create { size = 1, zone = "us-east-1a" }:wait() print "made" sleep(3.5) print(#images {})')
    assert p.stdout == "made\n" and p.returncode == 1, p.stdout + p.stderr
    assert f"now those of account {TWO}, but this run works in account {ONE}" in p.stderr, p.stderr


@test
def whose_they_are_is_asked_before_a_long_sleep():
    """before a long sleep, during which credentials may expire and come back as another account's, STS is asked whose they are, once"""
    keys = client("sts").get_session_token()["Credentials"]
    printed = json.dumps({"Version": 1, "AccessKeyId": keys["AccessKeyId"], "SecretAccessKey": keys["SecretAccessKey"],
                          "SessionToken": keys["SessionToken"], "Expiration": "2099-01-01T00:00:00Z"})
    rest = 'print(#images {} > 0) pcall(all, { function() sleep(%s) end, function() sleep(0.5) error "enough" end })'
    for seconds, asked in ((50, 0), (500, 1)):
        with Way(URL) as way:
            p, _, _ = run(f"[default]\ncredential_process = printf '%s' '{printed}'\n", rest % seconds, {"AWS_ENDPOINT_URL": way.url})
            assert p.stdout == "true\n" and way.count("GetCallerIdentity") == asked, p.stderr


@test
def the_role_that_is_used_here_may_be_assumed():
    client("sts").assume_role(RoleArn=ROLE, RoleSessionName="check")


if __name__ == "__main__":
    main()
