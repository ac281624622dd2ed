"""first.py PROGRAM PORT ROUNDS: milliseconds from the start of `PROGRAM serve --memory` to its first answer, the median."""
import socket
import statistics
import subprocess
import sys
import time

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

BODY = b"Action=DescribeImages&Version=2016-11-15&ImageId.1=ami-0a000000000000002"


def request(port):
    """Signed beforehand, as it goes over the wire."""
    r = AWSRequest("POST", f"http://127.0.0.1:{port}/", data=BODY, headers={"Content-Type": "application/x-www-form-urlencoded"})
    SigV4Auth(Credentials("LOCAL000000000001", "local"), "ec2", "us-east-1").add_auth(r)
    head = "".join(f"{name}: {value}\r\n" for name, value in r.headers.items())
    return f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{head}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY


def connect(port):
    while True:
        s = socket.socket()
        try:
            s.connect(("127.0.0.1", port))
            return s
        except OSError:
            s.close()
            time.sleep(0.0002)


def once(program, port):
    message = request(port)
    begun = time.perf_counter()
    server = subprocess.Popen([program, "serve", "--port", str(port), "--memory"], stdout=subprocess.DEVNULL)
    with connect(port) as s:
        s.sendall(message)
        answer = s.recv(65536)
    took = time.perf_counter() - begun
    server.terminate()
    server.wait()
    assert b" 200 " in answer and b"imageId" in answer, answer
    return took * 1000


program, port, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
print(f"{statistics.median(once(program, port + n) for n in range(rounds)):.1f}")
