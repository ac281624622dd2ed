"""A small HTTP server that answers by path: metadata, a container's credentials, a login portal."""
import contextlib
import http.server
import threading


@contextlib.contextmanager
def answering(answers):
    """A server that answers a path with the text that answers(path) gives: its URL."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            text = answers(self.path).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_PUT = do_POST = do_GET
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield "http://127.0.0.1:%d" % server.server_port
    finally:
        server.shutdown()
        server.server_close()
