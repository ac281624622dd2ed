#!/usr/bin/python3
"""The prompt in a terminal, a dumb terminal and a pipe: what is typed, what is seen. TAP."""
import os
import re
import signal
import stat
import sys
import tempfile
import termios

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from terminal import HOME, Terminal, main, piped, test  # pylint: disable=wrong-import-position

COPY = 'x = image "ami-0a000000000000002":copy { name = "typed", key = "alias/golden" }'


@test
def expressions():
    """expressions are printed, statements run, the last result is _"""
    with Terminal("--local", "--instant") as t:
        t.line("1 + 1").expect(r"^2$")
        t.line("_ + 40").expect(r"^42$")
        t.line("y = _ * 2")
        t.line("y").expect(r"^84$")
        t.line('image "ami-0a000000000000002".name').expect("^golden-2026-11$")
        t.line("nil").expect("^nil$")
        t.line("=7 * 6").expect("^42$")
        t.send("\x04")
        assert t.end() == 0


@test
def continuation():
    """input goes on over lines until it is whole"""
    with Terminal("--local", "--instant") as t:
        t.ready().send("for i = 1, 2 do\r")
        t.expect(r"^ +\.\. $|^ +\.\.$")
        t.send("print(i * 21)\r")
        t.send("end\r")
        t.expect("^21$").expect("^42$").ready()
        t.send("images {\r")
        t.expect(r"^ +\.\.$")
        t.send('name = "golden-*" }\r')
        t.expect("^2 images$").ready()


@test
def kept_local():
    """a local is kept, and that is explained once"""
    with Terminal("--local", "--instant") as t:
        t.line("local a = 20").expect("it would end with its line; here a is kept")
        t.line("local function twice(n) return 2 * n end")
        t.line("twice(a) + 2").expect("^42$")
        assert t.everything().count("would end with its line") == 1


@test
def mistakes():
    """a mistake is one line with the remedy, in colour; the session goes on"""
    with Terminal("--local", "--instant") as t:
        t.line("imgae").expect(r"^unknown name 'imgae' \(did you mean 'image'\?\)$")
        t.line("x = = 2").expect("^unexpected symbol near '='$")
        t.line('image "ami-0a000000000000002":copy { nmae = 1 }').expect(r"^image\.copy: unknown option 'nmae'")
        t.line("err.code").expect("^InvalidArgument$")
        t.line('error "mine"').expect("^mine$")
        t.line("1").expect("^1$")
        assert b"\x1b[31m" in t.raw
    with Terminal("--local", "--instant", NO_COLOR="1") as t:
        t.line("imgae").expect("unknown name")
        assert not re.search(rb"\x1b\[[0-9;]*m", t.raw), t.raw


@test
def card_and_table():
    """an image alone is a card with its keys by alias; a list is a table as wide as the terminal"""
    with Terminal("--local", "--instant", columns=70) as t:
        t.line('image "ami-0a000000000000003"').expect("^ami-0a000000000000003  web-encrypted  available  us-east-1$")
        t.expect(r"^/dev/xvda +snap-\w+ +8 GiB +yes +alias/one")
        t.line("images {}").expect("^11 images$")
        assert all(len(line) <= 70 for line in t.lines())
        t.line('images { name = "none" }').expect("^no images$")


@test
def background():
    """a copy goes on in the background, seen above the line that is typed, and its end is told there"""
    with Terminal("--local", "--speed", "4") as t:
        t.line(COPY)
        t.send("y = 4")
        t.until(lambda: len(t.lines()) > 1 and re.match(r"[█░]{16}  ami-\w+ pending", t.lines()[-2]), "bar above the line")
        t.until(lambda: t.lines()[-1].endswith("us-east-1> y = 4"), "the line below it")
        t.expect(r'^\[1\] image "ami-\w+" \(typed, available, encrypted, us-east-1\) after \d+ seconds?$')
        t.until(lambda: t.lines()[-1].endswith("us-east-1> y = 4"), "the line below it")
        t.send("2\r")
        t.ready()
        t.line("y").expect("^42$")
        assert "█" not in "\n".join(t.lines()), "the bar is gone"


@test
def cancel_wait():
    """Ctrl-C ends a wait, not the session and not the work; jobs() lists it, wait() takes it up"""
    with Terminal("--local", "--speed", "2") as t:
        t.line(COPY)
        t.run("wait(1)").send("\x03")
        t.expect("^canceled; jobs\\(\\) lists").ready()
        t.line("jobs()").expect(r"^ *1 +image ami-\w+ ")
        t.send("wait(1)\r")
        t.expect(r"^/dev/sdf +snap-\w+ +20 GiB +yes").ready()
        t.line("jobs()").expect("^no jobs")


@test
def cancel_job():
    """cancel(job) forgets the wait; leaving names what goes on and how to wait for it"""
    with Terminal("--local", "--speed", "0.1") as t:
        t.line(COPY)
        t.line("cancel(1)").expect(r"job 1: image ami-\w+ \(canceled\)")
        t.line("jobs()").expect("^no jobs")
        t.line('image "ami-0a000000000000002":copy { name = "other" }')
        t.send("\x04")
        assert t.end() == 0
        t.expect("^ami-\\w+ was not finished; a local cloud without --state ends with the prompt$")


@test
def functions():
    """job(fn) runs beside; its end is told, wait(job) gives what it gave, its failure is told as an error"""
    with Terminal("--local", "--instant") as t:
        t.line("f = job(function() sleep(0.2) return images {} end)").expect(r"^\[1\] job: 11 images after 0 seconds$")
        t.line("#wait(f)").expect("^11$")
        t.line('job(function() return image "ami-0b000000000000001" end)').expect(r"^\[2\] .*there is no image ami-0b0")
        t.line("err.code").expect("^InvalidAMIID.NotFound$")
        t.line("cancel(7)").expect(r"^cancel: there is no job 7; jobs\(\) lists them$")


@test
def continued():
    """stopped and continued, the terminal is the prompt's again"""
    with Terminal("--local", "--instant") as t:
        t.ready().send("x = 'ab")
        t.expect("'ab$")
        mode = termios.tcgetattr(t.fd)
        cooked = [*mode]
        cooked[3] |= termios.ICANON | termios.ECHO  # what a shell would do meanwhile
        termios.tcsetattr(t.fd, termios.TCSANOW, cooked)
        os.kill(t.pid, signal.SIGCONT)
        t.until(lambda: not termios.tcgetattr(t.fd)[3] & termios.ICANON, "raw mode")
        t.send("c'\r")
        t.ready()
        t.line("x").expect("^abc$")


@test
def endless_loop():
    """Ctrl-C breaks a loop that never waits"""
    with Terminal("--local", "--instant") as t:
        t.run("while true do end").send("\x03")
        t.expect("^(\\^C)?canceled").ready()
        t.line("6 * 7").expect("^42$")


@test
def leaving():
    """Ctrl-C drops what is typed; with nothing typed the second one leaves"""
    with Terminal("--local", "--instant") as t:
        t.ready().send("nonsense")
        t.expect("> nonsense$")
        t.send("\x03")
        t.ready()
        t.line("1")
        t.send("\x03")
        t.expect("Ctrl-C again, or Ctrl-D, leaves").ready()
        t.send("\x03")
        assert t.end() == 0
    with Terminal("--local", "--instant") as t:
        t.ready().send("exit\r")
        assert t.end() == 0
    with Terminal("--local", "--instant") as t:
        t.ready()
        os.kill(t.pid, signal.SIGTERM)
        assert t.end() == 143


@test
def editing():
    """the line is edited as everywhere: arrows, Home, End, words, history, UTF-8"""
    with Terminal("--local", "--instant") as t:
        t.ready().send("abc = 5\x1b[H\x1b[3~\x1b[3~\x1b[3~x\x1b[F + 1\r")
        t.ready()
        t.line("x").expect("^6$")
        t.send("\x1b[A\x1b[A")
        t.expect(r"> x = 5 \+ 1$")
        t.send("\x7f2\r")
        t.ready()
        t.line("x").expect("^7$")
        t.send("'caf\u00e9 \u65e5\u672c'\x1b[D\x1b[D\x1b[D\x7f\r")
        t.expect("^caf\u00e9\u65e5\u672c$|^caf\u00e9 ?\u65e5 ?\u672c ?$").ready()
        t.send("\x1b[24~\x1b[200;5uq = 1\x1bq\r")  # keys that nothing is bound to leave nothing behind
        t.ready()
        t.line("q").expect("^1$")


@test
def half_keys():
    """half a character or half an escape sequence stops nothing"""
    with Terminal("--local", "--speed", "4") as t:
        t.line(COPY)
        t.send(b"'caf\xc3")
        t.expect(r"^\[1\] image")  # the background goes on meanwhile
        t.send(b"\xa9'\x1b")
        t.send("[D\x1b[C\r")
        t.expect("^caf\u00e9$").ready()


@test
def wide_line():
    """a line longer than the terminal is wide wraps, and what is printed above it stands above it"""
    with Terminal("--local", "--speed", "4", columns=40) as t:
        t.ready().send(COPY + "\r")
        t.ready()
        t.send('z = "' + "0123456789" * 8 + '"')
        t.expect(r"^\[1\] image")
        t.send("\r")
        t.ready()
        t.line("#z").expect("^80$")


@test
def resizing():
    """the line is drawn anew when the terminal is resized, and tables follow"""
    with Terminal("--local", "--instant", columns=100) as t:
        t.ready().send("x = 'one two three'")
        t.expect("three'$")
        t.resize(50, 20)
        t.until(lambda: "".join(t.lines()).endswith("x = 'one two three'"), "the line again")
        t.send("\r")
        t.ready()
        t.line("x").expect("^one two three$")
        t.line("images {}").expect("^11 images$|in all: show")
        assert all(len(line) <= 50 for line in t.lines())
        t.resize(160, 30)
        t.line('image "ami-0a000000000000003"').expect("arn:aws:kms:us-east-1:000000000001:key/[0-9a-f-]{36}")


@test
def pasting():
    """many pasted lines arrive whole and in order; a tab in them completes nothing; in brackets they wait for Enter"""
    lines = [f"t{n} = {n}" for n in range(300)]
    text = "\n".join(lines) + "\nif t7 then\n\tprint(t299 + t1)\nend\n"
    for begin, end in (("\x1b[200~", "\x1b[201~"), ("", "")):
        with Terminal("--local", "--instant") as t:
            t.ready()
            data = (begin + text + end).encode()
            while data:
                t.send(data[:512])
                data = data[512:]
                t.read(0.02)
            if begin:
                t.until(lambda: re.search(r"^ +\.\. $", t.current()) and t.lines()[-2].endswith(".. end"), "all of it")
                assert not re.search("^300$", t.everything(), re.M), "before Enter"
                t.send("\r")
            t.expect("^300$", 40).ready()
            t.line("t0 + t150 + t298").expect("^448$")


@test
def pasting_dropped():
    """what was pasted can be dropped, or gone on with; an error in it runs nothing"""
    with Terminal("--local", "--instant") as t:
        t.ready().send("\x1b[200~a = 1\nb = 2\n\x1b[201~")
        t.expect(r"\.\. b = 2$")
        t.send("\x03")
        t.line("b").expect("unknown name 'b'")
        t.ready().send("\x1b[200~a = 5\nb = \x1b[201~")
        t.expect(r"\.\. b =$")
        t.send("6\r")
        t.ready()
        t.line("a * b").expect("^30$")
        t.send("\x1b[200~a = 7\n\nb = = 8\n\x1b[201~\r")
        t.expect("^line 3: unexpected symbol near '='$").ready()
        t.line("a").expect("^5$")


PRETEND = 'rawset(lunami.default_session(), "is_local", function() return false end)'


@test
def confirm():
    """what cannot be undone on an account that is not local is asked once for a line; what was typed ahead is no answer"""
    with Terminal("--local", "--instant") as t:
        t.line('image "ami-0a000000000000015":deregister()')  # local: not asked
        t.line(PRETEND)
        t.ready().send('image "ami-0a000000000000001":deregister()\ry\ry\r')
        t.expect(r'^image\.deregister: image "ami-0a000000000000001" \(golden-2026-10')
        t.until(lambda: t.current().endswith("go on? [y/N] "), "question").send("n\r")
        t.expect("^image.deregister: not done$").ready()
        t.line('image("ami-0a000000000000001").state').expect("^available$")
        t.ready().send('each({ 11, 12 }, function(n) image("ami-0a0000000000000" .. n):deregister() end)\r')
        t.until(lambda: t.current().endswith("go on? [y/N] "), "question").send("yes\r")
        t.ready()
        t.line('images { name = "nightly-*" }').expect("^2 images$")
        assert t.everything().count("go on?") == 2, "once for a line"
        t.ready().send('image "ami-0a000000000000001":deregister()\r')
        t.until(lambda: t.current().endswith("go on? [y/N] "), "question").send("\x03")
        t.expect("^canceled").ready()
    with Terminal("--local", "--instant") as t:
        t.line(PRETEND)
        t.line('k = key "alias/golden"; p = k:policy()')  # reading is not asked
        t.ready().send('k:policy(p)\r')
        t.expect(r"^key\.policy: ").until(lambda: t.current().endswith("the key: go on? [y/N] "), "question").send("n\r")
        t.expect("^key.policy: not done$").ready()
        t.send('image "ami-0a000000000000001":unshare("000000000002")\r')
        t.until(lambda: t.current().endswith("then: go on? [y/N] "), "question").send("y\r")
        t.ready()
        assert t.everything().count("go on?") == 2
    with Terminal("--local", "--instant", "--yes") as t:
        t.line(PRETEND)
        t.line('image "ami-0a000000000000001":deregister()')
        assert "go on?" not in t.everything()
    status, _, errors = piped(PRETEND + '\nimage "ami-0a000000000000001":deregister()\n', "--local", "--instant")
    assert status == 1 and "lunami --yes does not ask" in errors, (status, errors)


@test
def alias():
    """the account is called by its alias, where it has one"""
    with tempfile.TemporaryDirectory() as state:
        with Terminal("--local", "--instant", "--state", state) as t:
            t.expect("local 000000000001 us-east-1>$")
            t.line('call("iam", "CreateAccountAlias", { account_alias = "acme-prod" })')
            t.send("exit\r")
            t.end()
        with Terminal("--local", "--instant", "--state", state) as t:
            t.expect("local acme-prod us-east-1>$")


@test
def helping():
    """help is there for words, verbs, options, errors and values, from the rows"""
    with Terminal("--local", "--instant", rows=60) as t:
        t.line("help").expect(r"^  image, images +copy deprecate")
        t.line("help(image.copy)").expect(r"^image:copy \{ … \}$").expect("^  name +required, string, name of the new")
        t.expect('^  image "ami-0a000000000000002":copy \\{ name = "golden-encrypted", key = "alias/golden" }$')
        t.line("help(image.share)").expect(r"^image:share \{ … \}$")  # of a module that is loaded late
        t.line("help(snapshots)").expect(r'^snapshot "snap-…", snapshot \{ … \}, snapshots')
        t.line('help "schedule_deletion"').expect("^  key:schedule_deletion")
        t.line("help(jobs)").expect("^What goes on in the background")
        t.line('help "CopySnapshot"').expect('^call\\("ec2", "CopySnapshot"')
        t.line('help "imgae"').expect("did you mean 'image'")
        t.line("err.message").expect("nothing is known of")
        t.line('image "ami-0b000000000000001"').expect("there is no image")
        t.line("help(err)").expect("^InvalidAMIID.NotFound$")
        t.line("trace()").expect("^  code +InvalidAMIID.NotFound$").expect("stack traceback")
        t.line('help(image "ami-0a000000000000001")').expect("^Fields$")


@test
def tutorial():
    """the tutorial has ten screens, and Enter is all that it needs"""
    with Terminal("--local", "--speed", "50", rows=50) as t:
        t.line("tutorial").expect("^1 of 10: Look around$")
        for number in range(2, 11):
            t.send("\r")
            t.expect(f"^{number} of 10: ").ready()
        t.send("\r")
        t.expect("^That was all").ready()
        t.line("wait()")
        t.line('images { name = "golden-enc*" }').expect("^1 image$")
        t.line("box.encrypted, three.encrypted, far.region")
        t.expect("^true$").expect("^eu-west-1$")
        everything = t.everything()
        assert everything.count("did you mean 'name'?") == 1 and "failed" not in everything, everything
    status, _, errors = piped("rawset(lunami.default_session(), 'is_local', function() return false end) tutorial()\n",
                              "--local", "--instant")
    assert status == 2 and "lunami --local" in errors, (status, errors)


@test
def completion():
    """Tab completes words, verbs, options, their values, regions, ids and names that were seen"""
    with Terminal("--local", "--instant") as t:
        def tab(typed, *expected):
            t.ready().send(typed + "\t")
            for one in expected:
                t.expect(one)
            t.send("\x15")
        t.line('y = images { name = "golden-*" }')
        t.line('one = image "ami-0a000000000000003"')
        t.line("one")  # its card reads the keys' aliases
        tab("snapsh", "> snapshot$")
        tab("image.reg", "> image.register$")
        tab("one:depr", "> one:deprecate$")
        tab("y[1]", r"> y\[1\]$")
        tab("one:copy { na", "> one:copy { name =$")
        tab("images { owner = \"aws", '> images { owner = "aws-marketplace"$')
        tab("one:copy { name = 'x', region = \"us-gov-w", 'region = "us-gov-west-1"$')
        tab('one:copy { key = "alias/gol', 'key = "alias/golden"$')
        tab('image "ami-0a000000000000002', 'image "ami-0a000000000000002"$')
        tab('image { name = "golden-2026-11', 'name = "golden-2026-11"$')
        tab('one:launch { metadata_options = { http_tok', "metadata_options = { http_tokens =$")
        tab('one:launch { metadata_options = { http_tokens = "req', 'http_tokens = "required"$')
        tab('one:launch { metadata_options = { http_tokens = "required" }, ty', "}, type =$")
        tab('one:launch { block_device_mappings = { { device_n', "{ { device_name =$")
        tab('one:launch { block_device_mappings = { { ebs = { volume_type = "gp3', 'volume_type = "gp3"$')
        tab('one:launch { block_device_mappings = { dev', "{ dev$")
        tab('volume.create { volume_type = "io', 'volume_type = "io$', "^io1 +io2")
        tab("string.form", "> string.format$")
        tab("x = image.register { name = 'x', root", "root_device_name|> x = image.register { name = 'x', root$")
        t.ready().send("one:copy {\r")
        t.expect(r"\.\. *$").send("descr\t")
        t.expect(r"\.\. description =$")
        t.send("\x03")
        t.ready().send("one:\t")
        t.expect(r"^copy +\w+ ").expect(r"deregister ").send("\x15")
        t.line("loud = setmetatable({ raw = 1 }, { __index = function() error 'asked' end, __pairs = function() error 'asked' end })")
        tab("loud.r", "> loud.raw$")
        tab("loud.zz", "> loud.zz$")
        t.line("1")
        assert "asked" not in t.everything().replace("error 'asked'", "")


@test
def history():
    """lines are kept for the next session, in a file of one's own, without what looks like a secret"""
    with Terminal("--local", "--instant") as t:
        t.line("kept = 41")
        t.line("p = 'secret_access_key'")
        t.line("k = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'")
        t.line(" blank = 1")
        t.send("\x04")
        t.end()
    path = HOME + "/.local/state/lunami/history"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert "kept = 41\n" in text and "secret" not in text and "wJalr" not in text and "blank" not in text, text
    with Terminal("--local", "--instant") as t:
        t.ready().send("\x1b[A")
        t.expect(r"> kept = 41$")
        t.send(" + 1\r")
        t.ready()
        t.line("kept").expect("^42$")


@test
def dumb():
    """a dumb terminal is no obstacle: no escape sequence is sent to it"""
    with Terminal("--local", "--speed", "4", TERM="dumb") as t:
        t.line(COPY)
        t.send("1 + ")
        t.expect(r"\[1\] image")
        t.send("41\r")
        t.expect("^42$").ready()
        t.line('images { name = "golden-*" }').expect("^2 images$")
        t.send("\x04")
        assert t.end() == 0
        assert b"\x1b" not in t.raw, t.raw


@test
def c_locale():
    """in the C locale nothing but ASCII is shown, and UTF-8 that is typed stays what it is"""
    with Terminal("--local", "--speed", "4", LC_ALL="C") as t:
        t.line(COPY)
        t.expect(r"^[#.]{16}  ami-\w+")
        t.expect(r"^\[1\] image")
        t.send("#'caf\u00e9'\r")
        t.expect("^5$").ready()
        t.line("'caf\\u{e9}'").expect(r"^caf\\u\{E9\}$")


@test
def pipes():
    """in a pipe there is no prompt; it ends as a recipe does"""
    status, out, errors = piped("images {}", "--local", "--instant")
    assert status == 0 and out.endswith("11 images\n") and "\x1b" not in out and ">" not in out, (status, out, errors)
    status, out, errors = piped('x = image "ami-0a000000000000002":copy {\nname = "piped" }\nprint(x.state)\n', "--local", "--speed", "20")
    assert status == 0 and "pending\n" in out and re.search(r"\[1\] image .*available", out), (status, out, errors)
    status, out, errors = piped("1 +\n", "--local", "--instant")
    assert status == 2 and "in the middle" in errors, (status, out, errors)
    status, out, errors = piped('imgae\nprint "not reached"\n', "--local", "--instant")
    assert status == 2 and out == "" and "did you mean 'image'" in errors, (status, out, errors)
    status, out, errors = piped('image "ami-0b000000000000001"\nprint "not reached"\n', "--local", "--instant")
    assert status == 1 and out == "", (status, out, errors)
    status, out, errors = piped("", "--local", "--instant")
    assert (status, out, errors) == (0, "", "")


@test
def no_account():
    """without credentials the prompt opens and the first call says the remedy"""
    with Terminal("--region", "us-east-1") as t:
        t.expect("no account us-east-1> |no account > |no account")
        t.send("images {}\r")
        t.expect("lunami run --local|credentials")


main()
