"""A program in a pseudo-terminal, and the screen that a person would see."""
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import traceback

import pyte

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
LUNAMI = os.environ.get("LUNAMI_BIN", ROOT + "/build/lunami")
HOME = tempfile.mkdtemp()
PROMPT = r"us-east-1> $"
tests = []


def environment(**more):
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LUNAMI_", "NO_COLOR", "XDG_"))}
    env.update(HOME=HOME, TERM="xterm-256color", LC_ALL="C.UTF-8", AWS_EC2_METADATA_DISABLED="true",
               AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null")
    env.update(more)
    return {name: value for name, value in env.items() if value is not None}


class Terminal:
    def __init__(self, *arguments, columns=100, rows=24, **env):
        self.screen = pyte.HistoryScreen(columns, rows, history=5000)
        self.stream = pyte.ByteStream(self.screen)
        self.raw, self.status = b"", None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.clear()
            os.environ.update(environment(**env))
            os.execv(LUNAMI, [LUNAMI, *arguments])
        self.resize(columns, rows, tell=False)

    def resize(self, columns, rows, tell=True):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)
        if tell:
            os.kill(self.pid, signal.SIGWINCH)

    def send(self, text):
        os.write(self.fd, text.encode() if isinstance(text, str) else text)

    def read(self, seconds):
        """Take what comes within so many seconds; False at the end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.raw += data
        self.stream.feed(data)
        return data != b""

    def lines(self):
        """What is on the screen, without blank lines at its end."""
        lines = [line.rstrip() for line in self.screen.display]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def everything(self):
        """What has left the screen at its top, and the screen."""
        above = ["".join(line[x].data for x in range(self.screen.columns)).rstrip() for line in self.screen.history.top]
        return "\n".join(above + self.lines())

    def current(self):
        """The line of the cursor up to the cursor."""
        return self.screen.display[self.screen.cursor.y][:self.screen.cursor.x]

    def until(self, true, what, seconds=20):
        deadline = time.monotonic() + seconds * float(os.environ.get("SLOW", "1"))
        while not true():
            if time.monotonic() > deadline:
                raise AssertionError(f"no {what} on:\n" + "\n".join(self.lines()))
            if not self.read(0.05) and not true():
                raise AssertionError(f"the end, and no {what} on:\n" + "\n".join(self.lines()))
        return self

    def expect(self, pattern, seconds=20):
        """Wait until the pattern is seen."""
        return self.until(lambda: re.search(pattern, self.everything(), re.M), repr(pattern), seconds)

    def ready(self):
        """Wait until a line can be typed."""
        return self.until(lambda: re.search(PROMPT, self.current()), "prompt")

    def run(self, text):
        """Type a line when one can be typed, and wait until it is running."""
        self.ready().send(text + "\r")
        return self.until(lambda: "us-east-1>" not in self.current() and text[-5:] in self.everything(), "start")

    def line(self, text):
        """Type a line when one can be typed, and wait until it has been run."""
        self.ready().send(text)
        self.until(lambda: not re.search(PROMPT, self.current()), "echo")
        self.send("\r")
        return self.ready()

    def end(self, seconds=20):
        """The exit status, once it has ended."""
        deadline = time.monotonic() + seconds
        while self.status is None and time.monotonic() < deadline:
            self.read(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        while self.status is not None and self.read(0) and select.select([self.fd], [], [], 0)[0]:
            pass
        assert self.status is not None, "it goes on:\n" + "\n".join(self.lines())
        return self.status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


def piped(text, *arguments, **env):
    """(status, output, errors) of the program with text on its standard input."""
    done = subprocess.run([LUNAMI, *arguments], input=text, capture_output=True, text=True, env=environment(**env), timeout=60,
                          check=False)
    return done.returncode, done.stdout, done.stderr


def test(fn):
    tests.append(fn)
    return fn


def main():
    failed = 0
    for number, fn in enumerate(tests, 1):
        try:
            fn()
            print(f"ok {number} - {fn.__doc__}")
        except Exception:
            failed += 1
            print(f"not ok {number} - {fn.__doc__}")
            print("".join("# " + line for line in traceback.format_exc(limit=-4).splitlines(True)))
    print(f"1..{len(tests)}")
    shutil.rmtree(HOME)
    sys.exit(1 if failed else 0)
