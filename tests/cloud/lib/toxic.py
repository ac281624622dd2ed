"""A way to the local cloud on which things go wrong by plan: requests pass it unchanged, and an action's n-th one meets
the n-th fault of its list."""
import os
import re
import socket
import ssl
import threading
import time
import urllib.parse

RESET_LINGER = b"\1\0\0\0\0\0\0\0"


def read_message(connection, data=b""):
    """One HTTP message with its body: (head, body, what came after it); None when the other side is gone."""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    found = re.search(rb"content-length: (\d+)", head, re.I)
    length = int(found.group(1)) if found else 0
    while len(body) < length:
        body += connection.recv(65536)
    return head, body[:length], body[length:]


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_LINGER)
    connection.close()


class Faults:
    """Each takes (way, connection, request bytes) and ends the exchange; what it returns as true keeps the connection."""

    @staticmethod
    def lost(way, connection, request):
        """The request never arrives."""
        reset(connection)

    @staticmethod
    def reply_lost(way, connection, request):
        """It is carried out, and nobody hears of it."""
        way.forward(request)
        reset(connection)

    @staticmethod
    def half_headers(way, connection, request):
        connection.sendall(way.forward(request)[:30])
        reset(connection)

    @staticmethod
    def mid_body(way, connection, request):
        answer = way.forward(request)
        connection.sendall(answer[:answer.index(b"\r\n\r\n") + 40])
        reset(connection)

    @staticmethod
    def truncated(way, connection, request):
        """The connection ends before the body that was announced."""
        connection.sendall(way.forward(request)[:-20])
        connection.close()

    @staticmethod
    def bad_chunk(way, connection, request):
        """A chunk whose size is none."""
        body = way.forward(request).split(b"\r\n\r\n", 1)[1]
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" + body[:64] + b"\r\nplanted\r\n")
        connection.close()

    @staticmethod
    def wrong_length(way, connection, request):
        """A body that is longer than was announced: what follows is no answer to the next request."""
        head, body = way.forward(request).split(b"\r\n\r\n", 1)
        connection.sendall(re.sub(rb"(?i)(content-length: )\d+", rb"\g<1>64", head) + b"\r\n\r\n" + body)
        connection.close()

    @staticmethod
    def closed_after(way, connection, request):
        """Answered well, but the connection that was to be kept is closed right after."""
        connection.sendall(way.forward(request))
        connection.close()

    @staticmethod
    def corrupted(way, connection, request):
        """Carried out; the TLS record of the answer is not what was sent."""
        way.forward(request)
        os.write(connection.fileno(), b"\x17\x03\x03\x00\x40" + os.urandom(64))
        connection.recv(1)  # the alert

    @staticmethod
    def silence(way, connection, request):
        way.gone.wait(20)
        connection.close()

    @staticmethod
    def trickle(way, connection, request):
        """A byte now and then."""
        for byte in way.forward(request):
            if way.gone.is_set():
                break
            connection.sendall(bytes([byte]))
            time.sleep(0.2)
        connection.close()

    @staticmethod
    def says(status, body, headers="", announced=None):
        """An answer of our own."""
        def fault(way, connection, request):
            length = len(body) if announced is None else announced
            head = f"HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}\r\n".encode()
            connection.sendall(head + body)
            return length == len(body)
        return fault


class Way:
    """with Way(url, Action=[fault, …]) as way: way.url leads to url; way.asked is a list of (action, parameters). With a
    certificate and its key, the way is TLS."""

    def __init__(self, url, certificate=None, **plan):
        self.certificate = certificate
        self.upstream = urllib.parse.urlsplit(url)
        self.plan, self.asked, self.gone = plan, [], threading.Event()

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "%s://127.0.0.1:%d" % ("https" if self.certificate else "http", self.listener.getsockname()[1])
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.gone.set()
        self.listener.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def forward(self, request):
        with socket.create_connection((self.upstream.hostname, self.upstream.port)) as upstream:
            upstream.sendall(request)
            head, body, _ = read_message(upstream)
            return head + b"\r\n\r\n" + body

    def serve(self, connection):
        rest = b""
        try:
            if self.certificate:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(*self.certificate)
                connection = context.wrap_socket(connection, server_side=True)
            while True:
                message = read_message(connection, rest)
                if message is None:
                    return
                head, body, rest = message
                parameters = dict(urllib.parse.parse_qsl(body.decode(errors="replace")))
                target = re.search(rb"x-amz-target: \w+\.(\w+)", head, re.I)
                action = target.group(1).decode() if target else parameters.get("Action")
                self.asked.append((action, parameters))
                faults = self.plan.get(action)
                fault = faults.pop(0) if faults else None
                request = head + b"\r\n\r\n" + body
                if fault is None:
                    connection.sendall(self.forward(request))
                elif not fault(self, connection, request):
                    return
        except OSError:
            pass

    def count(self, action):
        return sum(1 for name, _ in self.asked if name == action)
