"""Certificates that are wrong in one way each, servers that show them, and a proxy that asks who is there."""
import base64
import os
import socket
import ssl
import subprocess
import threading

from toxic import read_message


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Authority:
    """A CA in a folder; its certificate is in .pem."""

    def __init__(self, folder):
        self.folder, self.pem = folder, os.path.join(folder, "test-ca.pem")
        self.key = os.path.join(folder, "test-ca.key")
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=test",
                "-keyout", self.key, "-out", self.pem)

    def issue(self, name, names="DNS:localhost,IP:127.0.0.1", days="30"):
        """(certificate, key) files for these names."""
        stem = os.path.join(self.folder, name)
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=test server",
                "-keyout", stem + ".key", "-out", stem + ".csr")
        with open(stem + ".ext", "w") as f:
            f.write(f"subjectAltName={names}\n")
        openssl("x509", "-req", "-in", stem + ".csr", "-CA", self.pem, "-CAkey", self.key, "-CAcreateserial", "-days", days,
                "-extfile", stem + ".ext", "-out", stem + ".pem")
        return stem + ".pem", stem + ".key"


class Listener:
    """with Listener(serve) as url_port: serve(connection) in a thread for each that connects."""

    def __init__(self, serve, port=0):
        self.serve, self.count = serve, 0
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.listener.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.count += 1
            threading.Thread(target=self.guard, args=(connection,), daemon=True).start()

    def guard(self, connection):
        try:
            self.serve(connection)
        except OSError:
            pass
        finally:
            connection.close()


def secure(certificate, key, answer, oldest=None, newest=None, port=0):
    """A server that shows a certificate and answers every request with `answer`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if newest:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = oldest, newest

    def serve(connection):
        with context.wrap_socket(connection, server_side=True) as wrapped:
            while read_message(wrapped):
                wrapped.sendall(answer)
    return Listener(serve, port)


def proxy(log, password=None, status=None):
    """A CONNECT proxy: with a password it asks for it, with a status it refuses."""
    def pump(a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
        except OSError:
            pass
        finally:
            b.close()

    def serve(connection):
        head = connection.recv(65536).decode()
        log.append(head.split("\r\n")[0])
        wanted = password and "Proxy-Authorization: Basic " + base64.b64encode(password.encode()).decode()
        if status or (wanted and wanted not in head):
            connection.sendall(f"HTTP/1.1 {status or 407} No\r\nContent-Length: 0\r\n\r\n".encode())
            return
        host, port = head.split()[1].split(":")
        # Names stand for this machine: nothing leaves it.
        with socket.create_connection(("127.0.0.1", int(port))) as upstream:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            thread = threading.Thread(target=pump, args=(upstream, connection), daemon=True)
            thread.start()
            pump(connection, upstream)
            thread.join()
    return Listener(serve)
