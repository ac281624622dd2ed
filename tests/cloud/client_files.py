#!/usr/bin/python3
"""Shared config and credentials files that are not as an editor leaves them: read all the same, or refused in one line that
names the file. TAP."""
import os
import subprocess
import tempfile

from lib.client import LUNAMI
from lib.tap import ONE, URL, Skip, main, test

ENV = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
KEYS = f"[default]\naws_access_key_id = LOCAL{ONE}\naws_secret_access_key = local\n".encode()
NOBODY = 65534


def account(config, credentials, **options):
    """`lunami eval` of the account, with these two files."""
    env = dict(ENV, AWS_CONFIG_FILE=config, AWS_SHARED_CREDENTIALS_FILE=credentials, AWS_EC2_METADATA_DISABLED="true",
               AWS_ENDPOINT_URL=URL, AWS_REGION="us-east-1")
    return subprocess.run([LUNAMI, "eval", "print(account().id)"], capture_output=True, text=True, timeout=60, env=env, **options)


def with_text(text, check):
    """check(process, path) with the text in each of the two files."""
    for place in (0, 1):
        with tempfile.NamedTemporaryFile() as f:
            f.write(text)
            f.flush()
            check(account(*([f.name, "/dev/null"] if place == 0 else ["/dev/null", f.name])), f.name)


def refused(process, path):
    assert process.returncode == 1 and path in process.stderr and process.stderr.count("\n") == 1, process.stderr
    assert "planted" not in process.stdout + process.stderr


@test
def they_are_read_as_they_are():
    """CRLF, a BOM, both, no newline at the end, a very long comment"""
    def well(process, path):
        assert process.stdout.split() == [ONE], process.stderr
    windows = KEYS.replace(b"\n", b"\r\n")
    for text in (windows, b"\xef\xbb\xbf" + KEYS, b"\xef\xbb\xbf" + windows, KEYS[:-1], b"# " + b"x" * 100000 + b"\n" + KEYS):
        with_text(text, well)


@test
def what_is_no_such_file_is_refused():
    """NUL bytes, another program's binary file, very many lines, a huge file: named in one line"""
    with open("/bin/true", "rb") as f:
        binary = f.read()
    for text in (KEYS + b"planted\0secret = x\n", binary, b"\n" * 200000 + KEYS, KEYS + b"# planted\n" + b"x" * (64 << 20)):
        with_text(text, refused)


@test
def what_is_no_file_is_refused():
    """a folder, a link to itself"""
    with tempfile.TemporaryDirectory() as folder:
        loop = os.path.join(folder, "loop")
        os.symlink(loop, loop)
        for path in (folder, loop):
            refused(account(path, "/dev/null"), path)
            refused(account("/dev/null", path), path)


@test
def a_file_that_may_not_be_read_is_refused():
    """another's file, mode 0600"""
    if os.geteuid() != 0:
        raise Skip("needs root")
    with tempfile.NamedTemporaryFile() as f:
        f.write(KEYS)
        f.flush()
        refused(account("/dev/null", f.name, user=NOBODY, group=NOBODY, extra_groups=[]), f.name)


if __name__ == "__main__":
    main()
