#!/usr/bin/python3
"""The client against a server that misbehaves by script: what is retried, what is not, what is said. TAP."""
import email.utils
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

LUNAMI = os.environ.get("LUNAMI_BIN", "build/lunami")
OK = ('<?xml version="1.0"?><DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>'
      '<regionInfo><item><regionName>us-east-1</regionName></item></regionInfo></DescribeRegionsResponse>')
VOLUME = '<CreateVolumeResponse><requestId>r</requestId><volumeId>vol-1</volumeId></CreateVolumeResponse>'
IMAGE = '<RegisterImageResponse><requestId>r</requestId><imageId>ami-1</imageId></RegisterImageResponse>'


def error(code, message="m"):
    return f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>q</RequestID></Response>"


def answer(status, body, date=None):
    body = body.encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nDate: {date or email.utils.formatdate(usegmt=True)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


RESET, TRUNCATED = object(), object()


class Server(threading.Thread):
    """Answers the n-th request by the n-th entry of the script; keeps what was asked."""

    def __init__(self, script):
        super().__init__(daemon=True)
        self.script, self.asked = script, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.start()

    def run(self):
        for step in self.script:
            connection, _ = self.listener.accept()
            data = b""
            while b"\r\n\r\n" not in data:
                data += connection.recv(65536)
            head, body = data.split(b"\r\n\r\n", 1)
            length = int(re.search(rb"content-length: (\d+)", head, re.I).group(1))
            while len(body) < length:
                body += connection.recv(65536)
            self.asked.append((head.decode(), dict(urllib.parse.parse_qsl(body.decode()))))
            if step is RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            elif step is TRUNCATED:
                connection.sendall(answer(200, OK)[:-40])
            else:
                connection.sendall(step)
            connection.close()


def run(script, recipe, env=None):
    server = Server(script)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as f:
        f.write(recipe)
        f.flush()
        p = subprocess.run([LUNAMI, "run", "--endpoint-url", server.url, f.name], capture_output=True, text=True, timeout=60,
                           env=dict(os.environ, AWS_ACCESS_KEY_ID="AKIDPLANTED", AWS_SECRET_ACCESS_KEY="planted-secret",
                                    AWS_SESSION_TOKEN="planted-token", AWS_REGION="us-east-1", **(env or {})))
    assert "planted-secret" not in p.stdout + p.stderr and "planted-token" not in p.stdout + p.stderr
    return p, server.asked


REGIONS = 'print(#call("ec2", "DescribeRegions", {}).regions)'
CREATE = 'print(call("ec2", "CreateVolume", { availability_zone = "us-east-1a", size = 1 }).volume_id)'
REGISTER = 'print(call("ec2", "RegisterImage", { name = "abc" }).image_id)'


def throttling_is_retried():
    p, asked = run([answer(503, error("RequestLimitExceeded")), answer(503, error("RequestLimitExceeded")), answer(200, OK)], REGIONS)
    assert p.stdout == "1\n" and len(asked) == 3, p.stderr


def attempts_are_limited():
    p, asked = run([answer(500, error("InternalError", "why"))] * 3, REGIONS)
    assert p.returncode == 1 and len(asked) == 3 and "InternalError" in p.stderr and "why" in p.stderr and "request q" in p.stderr


def max_attempts_is_read():
    p, asked = run([answer(500, error("InternalError"))], REGIONS, {"AWS_MAX_ATTEMPTS": "1"})
    assert p.returncode == 1 and len(asked) == 1


def a_page_of_a_proxy_is_no_answer():
    p, asked = run([answer(502, "<html>bad gateway"), answer(200, OK)], REGIONS)
    assert p.stdout == "1\n" and len(asked) == 2, p.stderr


def broken_exchanges_are_retried():
    p, asked = run([RESET, TRUNCATED, answer(200, OK)], REGIONS)
    assert p.stdout == "1\n" and len(asked) == 3, p.stderr


def long_answers_are_read_as_they_come():
    """What is longer than 4 MiB is decoded in pieces; cut off, it is asked for again."""
    for bytes_wanted in (3 << 20, 9 << 20):
        item = "<item><regionName>us-east-1</regionName></item>"
        count = bytes_wanted // len(item)
        whole = answer(200, OK.replace(item, item * count))
        p, asked = run([whole[:-100], whole], REGIONS)
        assert p.stdout == f"{count}\n" and len(asked) == 2, p.stderr


def the_token_stays_the_same():
    p, asked = run([RESET, answer(500, error("InternalError")), answer(200, VOLUME)], CREATE)
    tokens = {body["ClientToken"] for _, body in asked}
    assert p.stdout == "vol-1\n" and len(asked) == 3 and len(tokens) == 1 and len(tokens.pop()) == 32, p.stderr


def without_a_token_an_unknown_outcome_is_not_repeated():
    for fault in (RESET, answer(500, error("InternalError"))):
        p, asked = run([fault], REGISTER)
        assert p.returncode == 1 and len(asked) == 1 and "look before you start it again" in p.stderr, p.stderr


def without_a_token_throttling_is():
    p, asked = run([answer(503, error("RequestLimitExceeded")), answer(200, IMAGE)], REGISTER)
    assert p.stdout == "ami-1\n" and len(asked) == 2, p.stderr


def mistakes_are_not_retried():
    p, asked = run([answer(403, error("UnauthorizedOperation", "You are not authorized"))], REGIONS)
    assert p.returncode == 1 and len(asked) == 1 and "UnauthorizedOperation" in p.stderr


def a_skewed_clock_is_learnt_once():
    ahead = email.utils.formatdate(time.time() + 3600, usegmt=True)
    p, asked = run([answer(400, error("RequestExpired"), ahead), answer(200, OK)], REGIONS)
    assert p.stdout == "1\n" and len(asked) == 2, p.stderr
    first, second = (re.search(r"X-Amz-Date: (\d+T\d+)Z", head).group(1) for head, _ in asked)
    moved = time.mktime(time.strptime(second, "%Y%m%dT%H%M%S")) - time.mktime(time.strptime(first, "%Y%m%dT%H%M%S"))
    assert 3500 < moved < 3700
    p, asked = run([answer(401, error("AuthFailure"))], REGIONS)
    assert p.returncode == 1 and len(asked) == 1


def hostile_text_is_escaped():
    p, _ = run([answer(400, error("InvalidRequest", "a&#9;b \u202egpj\u009b31m"))], REGIONS)
    assert "\u202e" not in p.stderr and "\\u{202E}" in p.stderr and "\\u{9B}" in p.stderr and "\t" not in p.stderr


def redirects_are_not_followed():
    p, asked = run([b"HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"], REGIONS)
    assert p.returncode == 1 and len(asked) == 1 and "HTTP302" in p.stderr, p.stderr


def nobody_listens():
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as f:
        f.write(REGIONS)
        f.flush()
        p = subprocess.run([LUNAMI, "run", "--endpoint-url", "http://127.0.0.1:1", f.name], capture_output=True, text=True,
                           env=dict(os.environ, AWS_ACCESS_KEY_ID="A", AWS_SECRET_ACCESS_KEY="b", AWS_REGION="us-east-1"))
    assert p.returncode == 1 and "connect" in p.stderr.lower(), p.stderr


tests = [v for v in list(globals().values()) if callable(v) and getattr(v, "__module__", None) == "__main__"
         and v not in (error, answer, run, Server)]
failed = 0
for n, fn in enumerate(tests, 1):
    try:
        fn()
        print(f"ok {n} - {fn.__name__}")
    except Exception as e:
        failed += 1
        print(f"not ok {n} - {fn.__name__}\n# {type(e).__name__}: {e}")
print(f"1..{len(tests)}")
sys.exit(1 if failed else 0)
