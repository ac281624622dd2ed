#!/usr/bin/python3
"""The client's network: TLS, proxies, timeouts, what it never does. All on loopback. TAP."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "lib"))
from client import run  # noqa: E402
from tap import main, served, test  # noqa: E402

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
    """row 8: self-signed: refused at once, the message names AWS_CA_BUNDLE"""
    with served("--tls", CA) as url:
        p = run(IMAGES, url)
        assert p.returncode == 1 and "AWS_CA_BUNDLE" in p.stderr, p.stderr


if __name__ == "__main__":
    main()
