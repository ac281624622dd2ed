#!/usr/bin/python3
"""The client's network: TLS, proxies, timeouts, what it never does. All on loopback. TAP."""
import json
import os
import ssl
import stat
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "lib"))
from client import LUNAMI, run  # noqa: E402
from tap import Skip, main, served, test  # noqa: E402
from tls import Authority, Listener, proxy, secure  # noqa: E402
from toxic import Faults, Way  # noqa: E402

FOLDER = tempfile.TemporaryDirectory()
CA = os.path.join(FOLDER.name, "ca.pem")
IMAGES = "print(#images {} > 0)"


@test
def the_local_cloud_speaks_https_by_a_throwaway_ca():
    with served("--tls", CA) as url:
        assert url.startswith("https://127.0.0.1:"), url
        p = run(IMAGES, url, AWS_CA_BUNDLE=CA)
        assert p.stdout == "true\n", p.stderr
        p = run(IMAGES, url.replace("127.0.0.1", "localhost"), AWS_CA_BUNDLE=CA)
        assert p.stdout == "true\n", p.stderr


@test
def a_ca_that_nobody_named_is_not_trusted():
    """a self-signed certificate: refused at once, the message names AWS_CA_BUNDLE"""
    with served("--tls", CA) as url:
        p = run(IMAGES, url)
        assert p.returncode == 1 and "AWS_CA_BUNDLE" in p.stderr, p.stderr


REGIONS = 'print(#call("ec2", "DescribeRegions", {}).regions > 0)'
ANSWER = (b'<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><regionInfo><item>'
          b'<regionName>us-east-1</regionName></item></regionInfo></DescribeRegionsResponse>')
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(ANSWER) + ANSWER
OURS = Authority(FOLDER.name)


def over_tls(listener, **env):
    with listener:
        return run(REGIONS, f"https://127.0.0.1:{listener.port}", **{"AWS_CA_BUNDLE": OURS.pem, "AWS_MAX_ATTEMPTS": "1", **env})


@test
def certificates_are_looked_at():
    """certificates that are expired, of another host, of an unknown CA: refused, and the message names the CA bundle"""
    good, expired, other = OURS.issue("good"), OURS.issue("expired", days="-1"), OURS.issue("other", "DNS:elsewhere.example")
    p = over_tls(secure(*good, ANSWER))
    assert p.stdout == "true\n", p.stderr
    for certificate, said in ((expired, "expired"), (other, "certificate subject name")):
        p = over_tls(secure(*certificate, ANSWER))
        assert p.returncode == 1 and said in p.stderr and "AWS_CA_BUNDLE" in p.stderr, p.stderr
    p = over_tls(secure(*good, ANSWER), AWS_CA_BUNDLE="/nowhere/ca.pem")
    assert p.returncode == 1 and "/nowhere/ca.pem" in p.stderr and "AWS_CA_BUNDLE" in p.stderr, p.stderr


@test
def old_tls_is_not_spoken():
    """a server that knows only TLS 1.1 is not talked to, nor in plain text"""
    good = OURS.issue("old")
    p = over_tls(secure(*good, ANSWER, ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1))
    assert p.returncode == 1 and "TLS 1.2" in p.stderr, p.stderr
    with Listener(lambda c: c.sendall(ANSWER)) as plain:
        p = run(REGIONS, f"https://127.0.0.1:{plain.port}", AWS_MAX_ATTEMPTS="1")
        assert p.returncode == 1, p.stderr


@test
def a_record_that_was_changed_on_its_way():
    """a corrupted TLS record: named, sent again by TLS only; of an action without token what it made is looked for"""
    good, flip = OURS.issue("good"), Faults.corrupted
    with served("--instant") as url:
        with Way(url, good, DescribeRegions=[flip, flip]) as way:
            p = run(REGIONS, way.url, AWS_CA_BUNDLE=OURS.pem)
            assert p.stdout == "true\n" and way.count("DescribeRegions") == 3, p.stderr
        with Way(url, good, DescribeRegions=[flip] * 9) as way:
            p = run(REGIONS, way.url, AWS_CA_BUNDLE=OURS.pem, AWS_MAX_ATTEMPTS="2")
            assert p.returncode == 1 and "TLS record" in p.stderr and way.count("DescribeRegions") == 2, p.stderr
        with Way(url, good, CopySnapshot=[flip]) as way:
            p = run('require("lunami.core").pace(0.01, 0.04) local s = snapshots {}[1] '
                    'print(s:copy { description = "flipped" }.id) print(#snapshots { filters = { description = "flipped" } })', way.url,
                    AWS_CA_BUNDLE=OURS.pem)
            assert p.stdout.endswith("\n1\n") and way.count("CopySnapshot") == 1, p.stderr


@test
def plain_http_is_for_this_machine():
    """http:// to another host is refused before anything is sent"""
    for url in ("http://10.0.0.1", "http://localhost.example", "http://127.0.0.1.example"):
        p = run(REGIONS, url)
        assert p.returncode == 1 and "https" in p.stderr, p.stderr


@test
def nobody_is_there():
    """no such name, refused: tried again, then an error that says what to look at"""
    began = time.monotonic()
    p = run(REGIONS, "https://no-such-host.invalid", AWS_MAX_ATTEMPTS="2")
    assert p.returncode == 1 and "check the region's name and the network" in p.stderr, p.stderr
    p = run(REGIONS, "http://127.0.0.1:1", AWS_MAX_ATTEMPTS="2")
    assert p.returncode == 1 and "connect" in p.stderr and time.monotonic() - began < 20, p.stderr


def in_a_namespace(setup, recipe, url, *options, **env):
    """The recipe in a network of its own that the commands set up."""
    command = f"ip link set lo up; {setup}; exec \"$@\""
    apart = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child")
    if subprocess.run([*apart, "true"], capture_output=True).returncode != 0:
        raise Skip("needs root")
    return run(recipe, url, *options, before=(*apart, "sh", "-c", command, "sh"), **env)


# A device whose other end hears nothing: packets to these addresses vanish.
HOLE = "ip link add h0 type veth peer name h1; ip link set h0 up; ip link set h1 up; ip addr add 192.0.2.1/24 dev h0; " \
    "ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev h0 nud permanent; ip addr add 2001:db8::1/64 dev h0 nodad; " \
    "ip neigh add 2001:db8::9 lladdr 02:00:00:00:00:09 dev h0 nud permanent"


@test
def black_holes_end():
    """packets that vanish, and a network without a way: an error within connect timeout times attempts"""
    began = time.monotonic()
    p = in_a_namespace(HOLE, REGIONS, "https://192.0.2.9", "--connect-timeout", "1s", AWS_MAX_ATTEMPTS="2")
    assert p.returncode == 1 and time.monotonic() - began < 8, p.stderr
    p = in_a_namespace("true", REGIONS, "https://192.0.2.9", AWS_MAX_ATTEMPTS="1")
    assert p.returncode == 1 and "unreachable" in p.stderr or "connect" in p.stderr, p.stderr


def named(fails, *options, setup="true", ipv6="", **env):
    """The recipe's exchange with https://aws.test, whose resolver fails so: (process, seconds)."""
    certificate, key = OURS.issue("named", "DNS:aws.test")
    answer = os.path.join(FOLDER.name, "answer")
    with open(answer, "wb") as f:
        f.write(ANSWER)
    server = f"/usr/bin/python3 tests/cloud/lib/names.py {certificate} {key} {answer} {fails} {ipv6}"
    began = time.monotonic()
    p = in_a_namespace(f"{setup}; {server}", REGIONS, "https://aws.test", "--verbose", *options, AWS_CA_BUNDLE=OURS.pem, **env)
    return p, time.monotonic() - began


@test
def names_that_are_not_found_at_once():
    """a resolver that fails once: tried again; always: an error; is slow: waited for; is silent: an error in connect timeout times attempts"""
    p, _ = named("2")  # one for each family
    assert p.stdout == "true\n" and "attempt 2" in p.stderr, p.stderr
    p, _ = named("100")
    assert p.returncode == 1 and "aws.test" in p.stderr and "attempt 3" in p.stderr, p.stderr
    p, took = named("slow:3")
    assert p.stdout == "true\n" and "attempt 2" not in p.stderr and took > 3, (took, p.stderr)
    p, took = named("silent", "--connect-timeout", "1s")
    assert p.returncode == 1 and "attempt 3" in p.stderr and took < 10, (took, p.stderr)


@test
def what_no_proxy_names():
    """NO_PROXY names what is reached without one"""
    dead = {"HTTPS_PROXY": "http://127.0.0.1:1"}
    p, _ = named("0", NO_PROXY="aws.test", **dead)
    assert p.stdout == "true\n", p.stderr
    p, _ = named("0", NO_PROXY="other.test", AWS_MAX_ATTEMPTS="1", **dead)
    assert p.returncode == 1 and "that is the proxy of HTTPS_PROXY" in p.stderr, p.stderr


@test
def metadata_that_vanish():
    """instance metadata whose answers come no further than a hop, and that nothing leads to: given up in seconds, and named"""
    hop = HOLE + "; ip addr add 169.254.169.1/24 dev h0; ip neigh add 169.254.169.254 lladdr 02:00:00:00:00:09 dev h0 nud permanent"
    nothing = {"AWS_ACCESS_KEY_ID": "", "AWS_EC2_METADATA_DISABLED": "false"}
    for setup in (hop, "true"):
        began = time.monotonic()
        p = in_a_namespace(setup, REGIONS, "https://192.0.2.9", **nothing)
        assert p.returncode == 1 and "no credentials found" in p.stderr and "instance metadata" in p.stderr, p.stderr
        assert time.monotonic() - began < 10, p.stderr


@test
def the_other_family_is_tried():
    """IPv6: nobody at ::1, somebody at 127.0.0.1: localhost is reached without delay"""
    with served() as url:
        began = time.monotonic()
        p = run(IMAGES, url.replace("127.0.0.1", "localhost"))
        assert p.stdout == "true\n" and time.monotonic() - began < 3, p.stderr


@test
def ipv6_that_vanishes_does_not_hold_up():
    """IPv6: what goes to the name's IPv6 address vanishes, IPv4 works: reached by that, at the first attempt"""
    p, took = named("0", setup=HOLE, ipv6="2001:db8::9")
    assert p.stdout == "true\n" and "attempt 2" not in p.stderr and took < 4, (took, p.stderr)


@test
def proxies():
    """a proxy: gone through, asked for a password, refused, dead, dead once; never for this machine"""
    good, log = OURS.issue("aws", "DNS:ec2.us-east-1.amazonaws.com"), []
    url = "https://ec2.us-east-1.amazonaws.com:%d"
    with secure(*good, ANSWER) as aws:
        def through(listener, user="", **env):
            with listener:
                return run(REGIONS, url % aws.port, HTTPS_PROXY=f"http://{user}127.0.0.1:{listener.port}", AWS_CA_BUNDLE=OURS.pem,
                           AWS_MAX_ATTEMPTS="2", **env)
        p = through(proxy(log))
        assert p.stdout == "true\n" and log == [f"CONNECT ec2.us-east-1.amazonaws.com:{aws.port} HTTP/1.1"], p.stderr
        p = through(proxy(log, password="me:open"), "me:open@")
        assert p.stdout == "true\n", p.stderr
        p = through(proxy(log, password="me:open"), "me:planted-proxy-secret@")
        assert p.returncode == 1 and "407" in p.stderr and "HTTPS_PROXY" in p.stderr and "planted" not in p.stderr, p.stderr
        p = through(proxy(log, status=502))
        assert p.returncode == 1 and "502" in p.stderr, p.stderr
        p = through(Listener(lambda c: None))
        assert p.returncode == 1, p.stderr
        dies, lives = [True], proxy(log)
        p = through(Listener(lambda c: None if dies and dies.pop() else lives.serve(c)))
        assert p.stdout == "true\n", p.stderr
    del log[:]
    with served("--tls", CA) as near, proxy(log) as way:
        p = run(IMAGES, near, HTTPS_PROXY=f"http://127.0.0.1:{way.port}", AWS_CA_BUNDLE=CA)
        assert p.stdout == "true\n" and log == [], p.stderr


@test
def a_trace_tells_every_attempt():
    """--trace: a line for each attempt, mode 0600, without secrets"""
    path = os.path.join(FOLDER.name, "trace.json")
    busy = Faults.says(503, b"<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>m X-Amz-Signature=planted</Message>"
                            b"</Error></Errors><RequestID>q-1</RequestID></Response>")
    with served() as url, Way(url, DescribeRegions=[busy]) as way:
        p = run(REGIONS, way.url, "--trace", path)
        assert p.returncode == 0, p.stderr
    lines = [json.loads(line) for line in open(path)]
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert [(x["action"], x["attempt"], x["status"]) for x in lines] == [("DescribeRegions", 1, 503), ("DescribeRegions", 2, 200)]
    first, second = lines
    assert first["error"] == "RequestLimitExceeded" and first["request_id"] == "q-1" and first["region"] == "us-east-1"
    assert "planted" not in first["message"] and second["duration_ms"] >= 0 and second["request_id"] and "T" in second["time"]
    os.symlink(path, path + ".link")
    p = run(REGIONS, "http://127.0.0.1:1", "--trace", path + ".link")
    assert p.returncode == 2 and "trace" in p.stderr, p.stderr


if __name__ == "__main__":
    main()
