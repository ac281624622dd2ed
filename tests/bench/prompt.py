#!/usr/bin/python3
"""The prompt, measured in a pseudo-terminal: from its start to the prompt beside Lua's own, and Tab with 10,000 images seen."""
import os
import pty
import select
import statistics
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROUNDS = int(os.environ.get("ROUNDS", "15"))


class Program:
    def __init__(self, *command):
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(HOME=tempfile.gettempdir() + "/none", TERM="xterm-256color", LC_ALL="C.UTF-8", NO_COLOR="1")
            os.execvp(command[0], command)
        self.seen = b""

    def until(self, text):
        """Read until text is seen; what comes after it stays new."""
        while text not in self.seen:
            if not select.select([self.fd], [], [], 30)[0]:
                sys.exit(f"no {text} in {self.seen[-500:]}")
            self.seen += os.read(self.fd, 65536)
        self.seen = self.seen.split(text, 1)[1]

    def ask(self, text, answer):
        """Milliseconds from a key to what it brings."""
        began = time.perf_counter()
        os.write(self.fd, text)
        self.until(answer)
        return (time.perf_counter() - began) * 1000

    def end(self):
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def start(prompt, *command):
    program = Program(*command)
    program.until(prompt)
    took = (time.perf_counter() - program.began) * 1000
    program.end()
    return took


FILL = b"""n = require "lunami.noun" require "lunami.image" s = lunami.default_session() \
for i = 1, 10000 do n.classes.image.new(s, { image_id = ("ami-%017x"):format(i), name = "image-" .. i }) end print "full"\r"""


def main():
    lunami = ROOT + "/build/lunami"
    pairs = [(start(b"us-east-1> ", lunami, "--local"), start(b"> ", "lua5.4")) for _ in range(ROUNDS)]
    ours, lua = (statistics.median(side) for side in zip(*pairs))
    print(f"  to the prompt of lunami --local, ms: {ours:.1f}; of lua5.4: {lua:.1f}; more: {ours - lua:.1f} (goal: at most 60)")
    program = Program(lunami, "--local", "--empty")
    program.until(b"us-east-1> ")
    program.ask(FILL, b"full\r\n")
    program.until(b"us-east-1> ")
    for typed, answer in ((b'image "ami-', b"000000"), (b'image "ami-0000000000000270f', b'"'), (b'image { name = "image-999', b"image-9999\r\n"), (b"ima", b"ge")):
        took = []
        for _ in range(5):
            os.write(program.fd, typed)
            time.sleep(0.05)
            while select.select([program.fd], [], [], 0)[0]:
                os.read(program.fd, 65536)
            program.seen = b""
            took.append(program.ask(b"\t", answer))
            os.write(program.fd, b"\x15")
            time.sleep(0.05)
        print(f"  Tab after {typed.decode()}, ms: first {took[0]:.1f}, then {statistics.median(took[1:]):.1f} (goal: under 20)")
    program.end()


main()
