"""A proxy before a server that does wrong to the exchanges that a test names. It changes no header, so signatures hold."""
import collections
import http.client
import http.server
import re
import socket
import threading
import urllib.parse

THROTTLED = b'{"Message":"slow down","Reason":"ACCOUNT_THROTTLED"}'


class Proxy:
    """faults: a list of [kind, times, skip, method, path pattern]; kinds are reset (before the server sees it), lost (after),
    throttle, broken, truncated and damaged; the pattern is looked for in the body where the path is "/". on_request(method, path, n)
    is called with how many there were of that method."""

    def __init__(self, url, faults=(), on_request=None):
        self.faults = [list(fault) for fault in faults]
        self.seen = collections.Counter()
        self.lock = threading.Lock()
        self.on_request = on_request
        self.server_address = urllib.parse.urlparse(url)
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                proxy.exchange(self)

            do_POST = do_PUT = do_GET

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # clients are killed on purpose
        self.url = "http://127.0.0.1:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def pick(self, method, path):
        with self.lock:
            self.seen[method] += 1
            for fault in self.faults:
                if fault[1] > 0 and method == fault[3] and re.search(fault[4], path):
                    if fault[2] > 0:
                        fault[2] -= 1
                        return None
                    fault[1] -= 1
                    return fault[0]
        return None

    def exchange(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        kind = self.pick(handler.command, handler.path if handler.path != "/" else body[:1000].decode())
        if self.on_request:
            self.on_request(handler.command, handler.path, self.seen[handler.command])
        if kind == "reset":
            return self.hang_up(handler)
        if kind in ("throttle", "broken"):
            code = {"throttle": "RequestThrottledException", "broken": "InternalServerException"}[kind]
            return self.answer(handler, 400 if kind == "throttle" else 500, {"x-amzn-ErrorType": code}, THROTTLED)
        connection = http.client.HTTPConnection(self.server_address.hostname, self.server_address.port, timeout=60)
        connection.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
        for name, value in handler.headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
        headers = {k: v for k, v in answer.getheaders() if k.lower() not in ("content-length", "connection", "transfer-encoding")}
        connection.close()
        if kind == "lost":
            return self.hang_up(handler)
        if kind == "damaged":
            content = content[:1000] + bytes([content[1000] ^ 1]) + content[1001:]
        return self.answer(handler, answer.status, headers, content, cut=kind == "truncated")

    @staticmethod
    def hang_up(handler):
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        handler.connection.close()
        handler.close_connection = True

    @staticmethod
    def answer(handler, status, headers, content, cut=False):
        try:
            handler.send_response_only(status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content[:len(content) // 2] if cut else content)
        except OSError:
            cut = True  # the client is gone: it was killed
        if cut:
            handler.close_connection = True
