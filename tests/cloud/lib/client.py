"""Runs the program on a recipe, as an account of the local cloud."""
import os
import subprocess
import tempfile

LUNAMI = os.environ.get("LUNAMI_BIN", "build/lunami")


def run(recipe, url, *options, timeout=60, before=(), **env):
    """The finished process of `lunami run` on the recipe's text; `before` is a command that runs it."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as f:
        f.write(recipe)
        f.flush()
        where = ["--endpoint-url", url] if url else []
        given = dict(os.environ, AWS_ACCESS_KEY_ID="LOCAL000000000001", AWS_SECRET_ACCESS_KEY="local", AWS_REGION="us-east-1")
        return subprocess.run([*before, LUNAMI, "run", *where, *options, f.name], capture_output=True, text=True,
                              timeout=timeout, env={**given, **env})
