#!/usr/bin/python3
"""Every example in the documents, run: ```lua by lunami on its own local cloud, ```python and ```sh beside a served one.

The word after the language says more: "lua fails" must end with status 2, "lua text" is shown and only compiled.
A file scripts/x.lua that a block names in its first comment is compared with the block."""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LUNAMI = os.environ.get("LUNAMI_BIN", ROOT + "/build/lunami")
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```", re.M | re.S)
number = 0


def result(good, name, why=""):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {name}")
    for line in why.splitlines() if not good else []:
        print("# " + line)


def run(command, folder, env):
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def example(language, more, text, env, folder):
    path = f"{folder}/example.{language}"
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    if language == "lua" and "text" in more:
        return run(["luac5.4", "-p", path], folder, env), 0
    if language == "lua":
        return run([LUNAMI, "run", "--local", "--instant", path] + re.findall(r"with (.*)", more), folder, env), \
            2 if "fails" in more else 0
    if language == "python":
        return run(["/usr/bin/python3", path], folder, env), 0
    return run(["bash", "-eu", path], folder, env), 0


def named_script(text):
    first = re.match(r"-- (scripts/[\w/.-]+\.lua)\n", text)
    if not first:
        return None
    with open(f"{ROOT}/{first[1]}", encoding="utf-8") as f:
        script = f.read()
    code = [line for line in text.splitlines() if line.strip() and not line.startswith("--")]
    return code == [line for line in script.splitlines() if line.strip() and not line.startswith("--")]


def check(document, env):
    with open(f"{ROOT}/{document}", encoding="utf-8") as f:
        text = f.read()
    for block in BLOCK.finditer(text):
        language, more, body = block.groups()
        line = text.count("\n", 0, block.start()) + 1
        if language not in ("lua", "python", "sh"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            (status, output), wanted = example(language, more.strip(), body, env, folder)
        result(status == wanted, f"{document}:{line} {language}", f"status {status}\n{output}")
        same = named_script(body)
        if same is not None:
            result(same, f"{document}:{line} is the script it names")


def generated():
    """The reference and the annotations are what the rows say now."""
    with tempfile.TemporaryDirectory() as folder:
        status, output = run([ROOT + "/tools/reference.sh", folder], ROOT, os.environ)
        result(status == 0, "the reference can be written", output)
        for name in ("reference.md", "luals/lunami.lua"):
            status, output = run(["diff", f"docs/{name}", f"{folder}/{name}"], ROOT, os.environ)
            result(status == 0, f"docs/{name} is what make reference writes", output[:2000])
    status, output = run(["luac5.4", "-p", "docs/luals/lunami.lua"], ROOT, os.environ)
    result(status == 0, "the annotations are Lua", output)


def error_codes():
    """Every code that lunami raises is in the list that the reference shows."""
    with open(ROOT + "/lua/lunami/codes.lua", encoding="utf-8") as f:
        known = set(re.findall(r'"([A-Z][A-Za-z.]+)"', f.read()))
    for folder in ("lua/lunami", "lua/lunami/host"):
        for name in sorted(os.listdir(f"{ROOT}/{folder}")):
            if name.endswith(".lua"):
                with open(f"{ROOT}/{folder}/{name}", encoding="utf-8") as f:
                    raised = set(re.findall(r'(?:code|not_found) = "([A-Z][A-Za-z.]+)"', f.read()))
                if raised:
                    result(raised <= known, f"{folder}/{name}: its error codes are documented", str(raised - known))


def main():
    generated()
    error_codes()
    serve = subprocess.Popen([LUNAMI, "serve", "--instant"], stdout=subprocess.PIPE, text=True)
    url = serve.stdout.readline().split()[-1]
    env = dict(os.environ, LUNAMI_URL=url, PATH=f"{os.path.dirname(LUNAMI)}:{os.environ['PATH']}", LUNAMI_ROOT=ROOT)
    documents = ["README.md", "CONTRIBUTING.md"] + sorted("docs/" + d for d in os.listdir(ROOT + "/docs") if d.endswith(".md"))
    try:
        for document in documents:
            check(document, env)
    finally:
        serve.terminate()
        serve.wait()
    sys.exit(0)


main()
