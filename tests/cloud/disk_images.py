#!/usr/bin/python3
"""Disk images into snapshots and images and out of them, by lunami and by boto3, through a network that does wrong. TAP."""
import base64
import hashlib
import os
import random
import re
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from client import LUNAMI, run  # noqa: E402
from proxy import Proxy  # noqa: E402
from tap import client, main, served, test  # noqa: E402

BLOCK, MIB, GIB = 524288, 1 << 20, 1 << 30
KEY = "alias/golden"
URL = None
SANITIZED = "/san/" in LUNAMI
PACE = 'require("lunami.core").pace(0.02, 0.1)\n'  # the cloud is instant, waits need not be slow


class Disk:
    """A sparse file in a folder of its own: {block: edition}; 0 is zeros that take room."""

    def __init__(self, blocks, size=None):
        self.folder = tempfile.TemporaryDirectory()
        self.path = self.folder.name + "/disk.raw"
        self.out = self.folder.name + "/out.raw"
        with open(self.path, "wb") as f:
            for block, edition in blocks.items():
                f.seek(block * BLOCK)
                f.write(content(block, edition))
            f.truncate(size or (max(blocks) + 1) * BLOCK)

    def write(self, block, edition):
        with open(self.path, "r+b") as f:
            f.seek(block * BLOCK)
            f.write(content(block, edition))

    def files(self):
        return sorted(os.listdir(self.folder.name))

    def same(self, other, size):
        """Is the other file this one, and zeros up to size?"""
        assert os.stat(other).st_size == size, os.stat(other)
        with open(self.path, "rb") as a, open(other, "rb") as b:
            at = 0
            while at < size:
                try:
                    at = min(os.lseek(f.fileno(), at, os.SEEK_DATA) for f in (a, b) if has_data(f, at)) // BLOCK * BLOCK
                except ValueError:
                    return True
                mine, theirs = os.pread(a.fileno(), BLOCK, at), os.pread(b.fileno(), BLOCK, at)
                if mine.ljust(BLOCK, b"\0") != theirs:
                    return False
                at += BLOCK
        return True


def has_data(f, at):
    try:
        os.lseek(f.fileno(), at, os.SEEK_DATA)
        return True
    except OSError:
        return False


def content(block, edition):
    return random.Random(block * 1000 + edition).randbytes(BLOCK) if edition else bytes(BLOCK)


def lunami(recipe, disk, url=None, status=0, **env):
    p = run(PACE + f'local FILE, OUT = "{disk.path}", "{disk.out}"\n' + recipe, url or URL, **env)
    assert p.returncode == status, p.stdout + p.stderr
    return p


def snapshots(**filters):
    return client("ec2", url=URL).describe_snapshots(
        OwnerIds=["self"], Filters=[{"Name": k.replace("_", "-"), "Values": [v]} for k, v in filters.items()])["Snapshots"]


def digest(content_):
    return base64.b64encode(hashlib.sha256(content_).digest()).decode()


@test
def a_disk_comes_back_as_it_was():
    disk = Disk({0: 1, 3: 0, 4: 1, 2000: 1, 2100: 1}, 2101 * BLOCK - 99)
    p = lunami(f'local s = snapshot.upload {{ file = FILE, key = "{KEY}", description = "mine", tags = {{ team = "x" }} }}:wait()\n'
               'print(s.id, s.key, s.size, s.description, s.tags.team, s.tags["lunami:run"] ~= nil)\n'
               'print(s:download { file = OUT })', disk)
    snap, key, size, description, team, run_tag = p.stdout.split("\n")[0].split("\t")
    assert key == client("kms", url=URL).describe_key(KeyId=KEY)["KeyMetadata"]["Arn"], key
    assert (size, description, team, run_tag) == ("2", "mine", "x", "true"), p.stdout
    assert disk.same(disk.out, 2 * GIB)
    assert os.stat(disk.out).st_blocks * 512 <= 5 * BLOCK
    assert disk.files() == ["disk.raw", "out.raw"], disk.files()
    blocks = client("ebs", url=URL).list_snapshot_blocks(SnapshotId=snap)["Blocks"]
    assert [b["BlockIndex"] for b in blocks] == [0, 4, 2000, 2100], blocks


@test
def boto3_reads_what_lunami_wrote():
    disk = Disk({1: 1, 7: 2})
    snap = lunami("print(snapshot.upload { file = FILE }:wait().id)", disk).stdout.strip()
    ebs = client("ebs", url=URL)
    for block in ebs.list_snapshot_blocks(SnapshotId=snap)["Blocks"]:
        got = ebs.get_snapshot_block(SnapshotId=snap, BlockIndex=block["BlockIndex"], BlockToken=block["BlockToken"])
        data = got["BlockData"].read()
        assert data == content(block["BlockIndex"], {1: 1, 7: 2}[block["BlockIndex"]]) and got["Checksum"] == digest(data)


@test
def lunami_reads_what_boto3_wrote():
    disk = Disk({0: 3, 9: 3})
    ebs = client("ebs", url=URL)
    snap = ebs.start_snapshot(VolumeSize=1)["SnapshotId"]
    for block in (0, 9):
        data = content(block, 3)
        ebs.put_snapshot_block(SnapshotId=snap, BlockIndex=block, BlockData=data, DataLength=BLOCK, Checksum=digest(data),
                               ChecksumAlgorithm="SHA256")
    ebs.complete_snapshot(SnapshotId=snap, ChangedBlocksCount=2)
    lunami(f'snapshot "{snap}":download {{ file = OUT }}', disk)
    assert disk.same(disk.out, GIB)


@test
def over_a_parent_only_what_differs_goes():
    disk = Disk({i: 1 for i in range(20)})
    with Proxy(URL) as proxy:
        lunami(f'snapshot.upload {{ file = FILE, key = "{KEY}", tags = {{ which = "parent" }} }}', disk, proxy.url)
        assert proxy.seen["PUT"] == 20
        disk.write(3, 2)
        disk.write(5, 0)
        proxy.seen.clear()
        parent = snapshots(**{"tag:which": "parent"})[0]["SnapshotId"]
        p = lunami(f'local old = snapshot "{parent}"\nlocal new = snapshot.upload {{ file = FILE, parent = old }}:wait()\n'
                   'print(new.key == old.key, new:diff(old).blocks, new:diff(old).bytes)\nprint(new:diff(old))\n'
                   'new:download { file = OUT }', disk, proxy.url)
        assert proxy.seen["PUT"] == 2, proxy.seen
    assert p.stdout.startswith(f"true\t2\t{2 * BLOCK}\n") and "in 2 blocks (1 MiB)" in p.stdout, p.stdout
    assert disk.same(disk.out, GIB)


@test
def weather_passes():
    disk = Disk({i: 1 for i in range(24)})
    put, get, blocks = "/blocks/\\d+$", "/blocks/\\d+\\?", "/blocks\\?"
    with Proxy(URL, [("reset", 2, 3, "PUT", put), ("lost", 2, 2, "PUT", put), ("throttle", 5, 1, "PUT", put),
                     ("broken", 1, 0, "POST", "^/snapshots$"), ("lost", 1, 0, "POST", "^/snapshots$"),
                     ("lost", 1, 0, "POST", "completion"), ("throttle", 1, 0, "GET", blocks), ("reset", 2, 2, "GET", get),
                     ("truncated", 3, 2, "GET", get), ("damaged", 3, 1, "GET", get), ("throttle", 3, 0, "GET", get)]) as proxy:
        lunami('local s = snapshot.upload { file = FILE, tags = { which = "weather" } }\ns:download { file = OUT }', disk, proxy.url)
        assert all(fault[1] == 0 for fault in proxy.faults), proxy.faults
    assert disk.same(disk.out, GIB)
    assert len(snapshots(**{"tag:which": "weather"})) == 1


def killed(recipe, disk, method, pattern, after):
    """Run the recipe and kill it -9 when so many requests have been seen."""
    process = []
    count = [0]

    def on_request(seen_method, path, _):
        if seen_method == method and re.search(pattern, path):
            count[0] += 1
            if count[0] == after:
                os.kill(process[0].pid, signal.SIGKILL)

    with Proxy(URL, on_request=on_request) as proxy, tempfile.NamedTemporaryFile("w", suffix=".lua") as f:
        f.write(f'local FILE, OUT = "{disk.path}", "{disk.out}"\n' + recipe)
        f.flush()
        process.append(subprocess.Popen([LUNAMI, "run", "--endpoint-url", proxy.url, f.name], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL,
                                        env=dict(os.environ, AWS_ACCESS_KEY_ID="LOCAL000000000001", AWS_SECRET_ACCESS_KEY="local",
                                                 AWS_REGION="us-east-1")))
        assert process[0].wait(60) == -signal.SIGKILL


@test
def an_upload_that_was_killed_goes_on():
    disk = Disk({i: 1 for i in range(40)})
    recipe = f'local s = snapshot.upload {{ file = FILE, key = "{KEY}", parallel = 4, tags = {{ which = "killed" }} }}\nprint(s.id)'
    killed(recipe, disk, "PUT", "/blocks/", 24)
    [pending] = snapshots(**{"tag:which": "killed"})
    assert pending["State"] == "pending" and len(disk.files()) == 2, (pending, disk.files())
    with Proxy(URL) as proxy:
        p = lunami(recipe + "\ns:download { file = OUT }", disk, proxy.url)
        assert 16 <= proxy.seen["PUT"] <= 20 + 4, proxy.seen
    assert p.stdout.strip() == pending["SnapshotId"] and "made before" in p.stderr, p.stdout + p.stderr
    assert [s["State"] for s in snapshots(**{"tag:which": "killed"})] == ["completed"]
    assert disk.same(disk.out, GIB) and disk.files() == ["disk.raw", "out.raw"], disk.files()


@test
def so_does_one_that_was_killed_before_its_end_was_told():
    disk = Disk({i: 1 for i in range(6)})
    recipe = 'print(snapshot.upload { file = FILE, tags = { which = "end" } }.id)'
    with Proxy(URL, [("reset", 1000, 0, "POST", "completion")]) as proxy:
        lunami(recipe, disk, proxy.url, status=1)
    with Proxy(URL) as proxy:
        lunami(recipe, disk, proxy.url)
        assert proxy.seen["PUT"] == 0, proxy.seen
    assert [s["State"] for s in snapshots(**{"tag:which": "end"})] == ["completed"] and disk.files() == ["disk.raw"]


@test
def not_when_the_file_has_changed_since():
    disk = Disk({i: 1 for i in range(20)})
    recipe = 'local s = snapshot.upload { file = FILE, parallel = 4, tags = { which = "changed" } }\ns:download { file = OUT }'
    killed(recipe, disk, "PUT", "/blocks/", 10)
    disk.write(2, 2)
    with Proxy(URL) as proxy:
        lunami(recipe, disk, proxy.url)
        assert proxy.seen["PUT"] == 20, proxy.seen
    assert disk.same(disk.out, GIB)
    assert sorted(s["State"] for s in snapshots(**{"tag:which": "changed"})) == ["completed", "pending"]


@test
def the_same_run_asks_for_the_same_snapshot():
    disk = Disk({i: 1 for i in range(3)})
    recipe = 'print(snapshot.upload { file = FILE, tags = { which = "run" } }.id)'
    first, second = (run(PACE + f'local FILE = "{disk.path}"\n' + recipe, URL, "--run-id", "again") for _ in range(2))
    assert first.stdout == second.stdout and first.stdout.startswith("snap-"), first.stderr + second.stderr
    assert len(snapshots(**{"tag:which": "run"})) == 1


@test
def a_download_that_was_killed_goes_on():
    disk = Disk({i: 1 for i in range(40)})
    snap = lunami("print(snapshot.upload { file = FILE }:wait().id)", disk).stdout.strip()
    recipe = f'snapshot "{snap}":download {{ file = OUT, parallel = 4 }}'
    killed(recipe, disk, "GET", "/blocks/\\d+\\?", 24)
    assert disk.files() == ["disk.raw", "out.raw.part", "out.raw.part.journal"], disk.files()
    with Proxy(URL) as proxy:
        lunami(recipe, disk, proxy.url)
        assert 16 <= proxy.seen["GET"] - 1 <= 20 + 4, proxy.seen
    assert disk.same(disk.out, GIB) and disk.files() == ["disk.raw", "out.raw"]


@test
def a_large_disk_takes_no_more_memory_than_a_small_one():
    disk = Disk({0: 1, 50000: 1, 131071: 1})  # 64 GiB
    p = lunami('local s = snapshot.upload { file = FILE, parallel = 32 }\ns:download { file = OUT, parallel = 32 }\nprint(s.size)\n'
               'for line in io.lines "/proc/self/status" do print(line:match "^VmHWM:%s*(%d+)" or "") end', disk)
    peak = int(re.search(r"^(\d{3,})$", p.stdout, re.M)[1])
    assert p.stdout.startswith("64\n") and (SANITIZED or peak < 64 * 1024), peak
    assert disk.same(disk.out, 64 * GIB)


@test
def an_image_of_two_disks_and_back():
    disk, data = Disk({0: 1, 5: 1}), Disk({2: 4})
    p = lunami(f'local i = image.from_disk {{ file = FILE, files = {{ ["/dev/sdf"] = "{data.path}" }}, name = "two-disks", size = 3,\n'
               f'  key = "{KEY}", architecture = "arm64", boot_mode = "uefi", description = "d", tags = {{ team = "x" }} }}:wait()\n'
               'print(i.id, i.encrypted, i.architecture, i.boot_mode, i.root_device_name, i.tags.team, #i.snapshots)\n'
               'for _, one in ipairs(i.snapshots) do print(one.device, one.size) end\n'
               f'for device, file in pairs(i:export_disk {{ dir = "{disk.folder.name}" }}) do print(device, file) end\n'
               'print(i:storage())', disk)
    image = p.stdout.split("\t")[0]
    assert "\ttrue\tarm64\tuefi\t/dev/xvda\tx\t2\n" in p.stdout and "/dev/xvda\t3\n" in p.stdout, p.stdout
    assert disk.same(f"{disk.folder.name}/{image}-xvda.raw", 3 * GIB) and data.same(f"{disk.folder.name}/{image}-sdf.raw", GIB)
    assert f"{image} holds 1.5 MiB: 0.00146 GiB-months each month" in p.stdout, p.stdout
    again = lunami(f'print(image.from_disk {{ file = FILE, files = {{ ["/dev/sdf"] = "{data.path}" }}, name = "two-disks", size = 3,\n'
                   f'  key = "{KEY}", architecture = "arm64", boot_mode = "uefi", description = "d", tags = {{ team = "x" }} }}.id)', disk)
    assert again.stdout.strip() == image and "made before" in again.stderr
    other = lunami('image.from_disk { file = FILE, name = "two-disks" }', disk, status=1)
    assert "name 'two-disks' is already in use" in other.stderr
    with Proxy(URL, [("reset", 9, 0, "POST", "Action=RegisterImage")]) as proxy:
        bad = lunami('image.from_disk { file = FILE, name = "bad" }', disk, proxy.url, status=1)
    assert "goes on from there" in bad.stderr and "left behind: snapshot" in bad.stderr, bad.stderr


@test
def storage_counts_what_a_snapshot_adds():
    p = run(PACE + """
      local box = volume.create { size = 1, zone = "us-east-1a" }:wait()
      local first = box:snapshot():wait()
      sleep(0.01)
      local second = box:snapshot():wait()
      local held = second:storage()
      print(held.full, held.added, held.alone, held.before == first.id, first:storage().after == second.id)
    """, URL)
    assert p.stdout.split() == ["0", "0", "0", "true", "true"], p.stdout + p.stderr


@test
def what_is_scratch_is_removed():
    disk = Disk({0: 1})
    lunami('scratch(snapshot.upload { file = FILE, tags = { which = "scratch" } })', disk)
    assert snapshots(**{"tag:which": "scratch"}) == []


@test
def a_failed_sibling_cancels_an_upload_which_can_go_on():
    disk = Disk({i: 1 for i in range(12)})
    with Proxy(URL, [("throttle", 1000, 8, "PUT", "/blocks/")]) as proxy:
        lunami('all { up = function() snapshot.upload { file = FILE, parallel = 1, tags = { which = "sibling" } } end,\n'
               '  other = function() sleep(0.5) error "on purpose" end }', disk, proxy.url, status=2)
    journals = [name for name in disk.files() if ".upload-" in name]
    [pending] = snapshots(**{"tag:which": "sibling"})
    assert len(journals) == 1 and pending["State"] == "pending", (journals, pending)
    lunami('snapshot.upload { file = FILE, tags = { which = "sibling" } }', disk)
    assert [s["State"] for s in snapshots(**{"tag:which": "sibling"})] == ["completed"]


@test
def into_two_regions_side_by_side():
    disk = Disk({i: 1 for i in range(8)})
    p = lunami('local made = each({ "us-east-1", "eu-west-1" }, function(region)\n'
               f'  return snapshot.upload {{ file = FILE, region = region, key = "{KEY}" }}:wait() end)\n'
               'print(made[1].region, made[2].region, made[1].encrypted, made[2].encrypted)', disk)
    assert p.stdout == "us-east-1\teu-west-1\ttrue\ttrue\n", p.stdout + p.stderr
    assert disk.files() == ["disk.raw"]


@test
def mistakes_are_found_before_anything_is_sent():
    disk = Disk({0: 1}, 2 * GIB)
    mistakes = [
        ("snapshot.upload { file = FILE .. 'x' }", "disk.rawx: No such file or directory"),
        ("snapshot.upload { file = '/tmp' }", "/tmp is no file: a raw disk image is expected"),
        ("snapshot.upload {}", "option 'file' is required"),
        ("snapshot.upload { file = FILE, size = 1 }", "size = 1 GiB is too small"),
        ("snapshot.upload { file = FILE, parallel = 33 }", "'parallel' must be a whole number from 1 to 32"),
        ("snapshot.upload { file = FILE, key = 'alias/retired' }", "is disabled; enable it first"),
        ("snapshot.upload { file = FILE, key = 'alias/goldn' }", "did you mean 'alias/golden'?"),
        ("snapshot.upload { file = FILE, parent = 'snap-0123456789abcdef0' }", "there is no snapshot snap-0123456789abcdef0"),
        ("snapshot.upload { file = FILE, volume_size = 3 }", "unknown option 'volume_size'"),
        ("image.from_disk { file = FILE, name = 'a' }", "name 'a' is not allowed"),
        ("image.from_disk { file = FILE, name = 'abc', files = { ['/dev/xvda'] = FILE } }", "which is the root device"),
        ("snapshot 'snap-0a000000000000005':download { file = '/tmp' }", "/tmp is there and is no file"),
        ("snapshot 'snap-0a000000000000005':download { file = '/nowhere/x' }", "/nowhere/x.part.journal: No such file"),
    ]
    for recipe, said in mistakes:
        p = run(f'local FILE = "{disk.path}"\n{recipe}', URL, "--verbose")
        assert p.returncode in (1, 2) and said in p.stderr, (recipe, p.stderr)
        assert not re.search(r" ebs (Start|Put|Complete)", p.stderr), (recipe, p.stderr)
    assert disk.files() == ["disk.raw"], disk.files()


@test
def where_encryption_is_the_default_it_must_be_said():
    disk = Disk({0: 1})
    p = run(f'account {{ region = "eu-west-2" }}:set {{ encryption_by_default = true }}\n'
            f'snapshot.upload {{ file = "{disk.path}", region = "eu-west-2" }}', URL)
    assert "encryption by default is on in eu-west-2: AWS would encrypt" in p.stderr and "say key =" in p.stderr, p.stderr


if __name__ == "__main__":
    with served("--instant") as URL:
        main()
