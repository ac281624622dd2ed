"""Clouds with a plan of faults, and what is said to them on the wire."""
import json
import socket
import urllib.error
import urllib.parse
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from lib.tap import ONE, client, served


def told(url, path, body, method="POST"):
    """(status, text) of a control call."""
    request = urllib.request.Request(url + "/_lunami/" + path, json.dumps(body).encode(), method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode()


class faulty:
    """A cloud of one's own in virtual time with these rules, and a client of its EC2."""

    def __init__(self, *rules, options=("--virtual",), seed=1, **plan):
        self.plan, self.context = {"rules": list(rules), "seed": seed, **plan}, served(*options)

    def __enter__(self):
        self.url = self.context.__enter__()
        assert told(self.url, "faults", self.plan) == (200, f"{len(self.plan['rules'])} rules\n")
        return self.url, client("ec2", url=self.url)

    def __exit__(self, *exception):
        return self.context.__exit__(*exception)


def signed(url, action, **parameters):
    """The bytes of a signed request to EC2."""
    body = urllib.parse.urlencode({"Action": action, "Version": "2016-11-15", **parameters})
    request = AWSRequest("POST", url + "/", data=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    SigV4Auth(Credentials("LOCAL" + ONE, "local"), "ec2", "us-east-1").add_auth(request)
    headers = request.prepare().headers
    lines = ["POST / HTTP/1.1", "Host: " + urllib.parse.urlparse(url).netloc]
    lines += ["%s: %s" % (name, value if isinstance(value, str) else value.decode()) for name, value in headers.items() if name.lower() != "host"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def connect(url):
    at = urllib.parse.urlparse(url)
    return socket.create_connection((at.hostname, at.port), timeout=10)


def read_answer(stream):
    """(status, headers, body) of the next answer of a stream: the body as long as it is told, or as it comes."""
    status = int(stream.readline().split()[1])
    headers = {}
    for line in iter(stream.readline, b"\r\n"):
        name, value = line.decode().rstrip("\r\n").split(": ", 1)
        headers[name.lower()] = value
    return status, headers, stream.read(int(headers["content-length"]))
