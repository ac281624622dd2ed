"""Run inside a network and mount namespace: names as one likes them. A resolver on 127.0.0.1:53 that refuses the first FAILS
questions (is silent for ever when that is "silent", and answers after seconds when it is "slow:SECONDS"), else answers A with 127.0.0.1 and AAAA with IPV6 where one is given,
and a TLS server on port 443. Both run when the program ends, and go with the namespace.

names.py CERTIFICATE KEY ANSWER-FILE FAILS [IPV6]"""
import os
import socket
import struct
import sys
import tempfile
import time

from tls import secure

A, AAAA = 1, 28
SERVER_FAILED = 0x8182


def answered(question, address):
    """The answer to a question: the address's bytes, or that there is none of this family."""
    head = question[:2] + struct.pack(">HHHHH", 0x8180, 1, 1 if address else 0, 0, 0)
    end = question.index(b"\0", 12) + 5
    if not address:
        return head + question[12:end]
    kind = AAAA if len(address) == 16 else A
    return head + question[12:end] + struct.pack(">HHHIH", 0xC00C, kind, 1, 0, len(address)) + address


def resolve(listener, fails, ipv6):
    addresses = {A: socket.inet_aton("127.0.0.1"), AAAA: ipv6 and socket.inet_pton(socket.AF_INET6, ipv6)}
    while True:
        question, asker = listener.recvfrom(512)
        kind = struct.unpack_from(">H", question, question.index(b"\0", 12) + 1)[0]
        if fails == "silent":
            continue
        if fails.startswith("slow:"):
            time.sleep(float(fails[5:]))
            fails = "0"
        if int(fails) > 0:
            fails = str(int(fails) - 1)
            end = question.index(b"\0", 12) + 5
            listener.sendto(question[:2] + struct.pack(">HHHHH", SERVER_FAILED, 1, 0, 0, 0) + question[12:end], asker)
        else:
            listener.sendto(answered(question, addresses.get(kind)), asker)


def main(certificate, key, answer, fails, ipv6=None):
    with tempfile.NamedTemporaryFile("w", delete=False) as f:
        f.write("nameserver 127.0.0.1\noptions attempts:1 timeout:20\n")
    if os.system(f"mount --bind {f.name} /etc/resolv.conf; rm {f.name}") != 0:
        sys.exit("no resolver of one's own")
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", 53))
    with open(answer, "rb") as f:
        server = secure(certificate, key, f.read(), port=443)
    if os.fork() > 0:
        os._exit(0)
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    with server:
        resolve(listener, fails, ipv6)


if __name__ == "__main__":
    main(*sys.argv[1:])
