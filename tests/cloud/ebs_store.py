#!/usr/bin/python3
"""The block store of the local cloud in its state folder: encrypted, proved, counted, whole after kill -9. TAP."""
import base64
import contextlib
import glob
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "lib"))
from tap import ONE, client, error, main, refused, test  # noqa: E402
from botocore.auth import SigV4Auth  # noqa: E402
from botocore.awsrequest import AWSRequest  # noqa: E402
from botocore.credentials import Credentials  # noqa: E402
from botocore.httpsession import URLLib3Session  # noqa: E402

BLOCK = 524288
BINARY = os.environ.get("LUNAMI_BIN", "build/lunami")
PATTERN = b"the quick brown fox jumps over the lazy dog; "


class Cloud:
    """A local cloud on a state folder, which can be killed and begun again."""

    def __init__(self, folder, *options):
        self.folder, self.options = folder, ("--instant", *options)
        self.begin()

    def begin(self):
        self.process = subprocess.Popen([BINARY, "serve", "--port", "0", "--state", self.folder, *self.options], stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        self.ebs, self.ec2, self.kms = (client(s, url=self.url) for s in ("ebs", "ec2", "kms"))

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(20)
        self.process.stdout.close()

    def again(self, how=signal.SIGKILL):
        self.end(how)
        self.begin()

    def local(self, method, path, body=b""):
        """(status, body) of what only the local cloud has."""
        request = AWSRequest(method, f"{self.url}/_lunami/{path}", data=body)
        SigV4Auth(Credentials("LOCAL" + ONE, "local"), "ebs", "us-east-1").add_auth(request)
        answer = URLLib3Session().send(request.prepare())
        return answer.status_code, answer.content

    def storage(self):
        status, body = self.local("GET", "storage")
        assert status == 200, body
        told = json.loads(body)
        return told["TotalBlocks"], {s["SnapshotId"]: (s["FullBlocks"], s["OwnBlocks"]) for s in told["Snapshots"]}

    def rows(self, sql, *args):
        """Of a copy of the database, which its process keeps to itself."""
        with tempfile.TemporaryDirectory() as folder:
            for name in ("state.db-wal", "state.db"):
                if os.path.exists(f"{self.folder}/{name}"):
                    shutil.copyfile(f"{self.folder}/{name}", f"{folder}/{name}")
            with contextlib.closing(sqlite3.connect(folder + "/state.db")) as db:
                return db.execute(sql, args).fetchall()

    def slots(self, snapshot):
        """index -> slot of a snapshot whose map has one layer."""
        return dict(self.rows("SELECT idx, slot FROM blocks JOIN snapshots USING(map) WHERE snapshots.id = ?", snapshot))

    def stored(self, slot):
        with open(self.folder + "/blocks", "rb") as file:
            file.seek(slot * BLOCK)
            return file.read(BLOCK)

    def settled(self, snapshot):
        while True:
            shown = self.ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]
            if shown["State"] != "pending":
                return shown
            time.sleep(0.01)

    def idle(self):
        """What is to be reclaimed was."""
        for _ in range(1000):
            if self.rows("SELECT (SELECT count(*) FROM litter) + (SELECT count(*) FROM freed) + (SELECT count(*) FROM copies)")[0][0] == 0:
                break
            time.sleep(0.01)
        next_slot, used, spare, claimed = self.rows(
            "SELECT next, (SELECT count(*) FROM blocks), (SELECT count(*) FROM spare), (SELECT count(*) FROM claims) FROM slots")[0]
        assert next_slot == used + spare + claimed, (next_slot, used, spare, claimed)
        return used


@contextlib.contextmanager
def cloud(*options):
    with tempfile.TemporaryDirectory() as folder:
        served = Cloud(folder, *options)
        try:
            yield served
        finally:
            served.end()


def data(seed):
    return (PATTERN + str(seed).encode() + b" ").ljust(64, b".") * (BLOCK // 64)


def put(c, snapshot, index, seed):
    raw = data(seed)
    c.ebs.put_snapshot_block(SnapshotId=snapshot, BlockIndex=index, BlockData=raw, DataLength=BLOCK, ChecksumAlgorithm="SHA256",
                             Checksum=base64.b64encode(hashlib.sha256(raw).digest()).decode())


def upload(c, blocks, **options):
    snapshot = c.ebs.start_snapshot(VolumeSize=1, **options)["SnapshotId"]
    for index, seed in blocks.items():
        put(c, snapshot, index, seed)
    c.ebs.complete_snapshot(SnapshotId=snapshot, ChangedBlocksCount=len(blocks))
    assert c.settled(snapshot)["State"] == "completed"
    return snapshot


def copy(c, snapshot, key=None):
    options = {"Encrypted": True, "KmsKeyId": key} if key else {}
    return c.ec2.copy_snapshot(SourceSnapshotId=snapshot, SourceRegion="us-east-1", **options)["SnapshotId"]


def block(c, snapshot, index):
    token = {b["BlockIndex"]: b["BlockToken"] for b in c.ebs.list_snapshot_blocks(SnapshotId=snapshot)["Blocks"]}[index]
    return c.ebs.get_snapshot_block(SnapshotId=snapshot, BlockIndex=index, BlockToken=token)["BlockData"].read()


def same(c, snapshot, blocks):
    listed = c.ebs.list_snapshot_blocks(SnapshotId=snapshot)["Blocks"]
    assert [b["BlockIndex"] for b in listed] == sorted(blocks), (len(listed), len(blocks))
    for b in listed:
        got = c.ebs.get_snapshot_block(SnapshotId=snapshot, BlockIndex=b["BlockIndex"], BlockToken=b["BlockToken"])["BlockData"].read()
        assert got == data(blocks[b["BlockIndex"]]), b["BlockIndex"]


def found(folder, what):
    """Is it in any file of the folder? Read in parts that overlap."""
    for name in glob.glob(folder + "/**", recursive=True):
        if os.path.isfile(name):
            with open(name, "rb") as file:
                if what in file.read():
                    return True
    return False


def used_bytes(folder):
    return os.stat(folder + "/blocks").st_blocks * 512


@test
def plaintext_is_in_the_folder_only_when_not_encrypted():
    with cloud() as c:
        secret = upload(c, {0: "a", 1: "b"}, Encrypted=True, KmsKeyArn=c.kms.describe_key(KeyId="alias/one")["KeyMetadata"]["Arn"])
        again = copy(c, secret, "alias/two")
        assert c.settled(again)["State"] == "completed"
        volume = c.ec2.create_volume(SnapshotId=again, AvailabilityZone="us-east-1a")["VolumeId"]
        assert c.ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["State"] == "available"
        assert c.local("PUT", f"volumes/{volume}/blocks/5", data("c"))[0] == 200
        for what in (PATTERN, hashlib.sha256(data("a")).digest()):
            assert not found(c.folder, what)
        plain = upload(c, {0: "a"})
        assert found(c.folder, PATTERN)
        same(c, secret, {0: "a", 1: "b"})
        same(c, again, {0: "a", 1: "b"})
        same(c, plain, {0: "a"})
        assert oct(os.stat(c.folder + "/blocks").st_mode)[-3:] == "600"


@test
def a_copy_under_another_key_differs_in_every_block():
    blocks = {i: i % 3 for i in range(40)}  # by the copier's thread
    with cloud() as c:
        one = upload(c, blocks)
        two = copy(c, one, "alias/one")
        assert c.settled(two)["State"] == "completed"
        three, four = copy(c, two, "alias/two"), copy(c, two, "alias/one")
        assert c.settled(three)["State"] == c.settled(four)["State"] == "completed"
        a, b, d = (c.slots(s) for s in (one, two, three))
        assert sorted(a) == sorted(b) == sorted(d) == sorted(blocks)
        assert c.slots(four) == b  # the same key: the same blocks
        texts = [c.stored(s) for m in (a, b, d) for s in m.values()]
        assert len(set(texts[40:])) == 80 and not set(texts[:40]) & set(texts[40:])
        same(c, three, blocks)
        same(c, four, blocks)
        ids = [c.settled(s)["DataEncryptionKeyId"] for s in (two, three, four)]
        assert ids[0] == ids[2] != ids[1]


@test
def a_changed_bit_is_reported_and_never_returned():
    with cloud() as c:
        for options in ({}, {"Encrypted": True}):
            sid = upload(c, {0: "x", 1: "y"}, **options)
            slots = c.slots(sid)
            with open(c.folder + "/blocks", "r+b", buffering=0) as file:
                for _ in range(12):
                    bit = random.randrange(BLOCK * 8)
                    good = c.stored(slots[1])
                    bad = bytearray(good)
                    bad[bit // 8] ^= 1 << bit % 8
                    file.seek(slots[1] * BLOCK)
                    file.write(bad)
                    code, text, status = error(block, c=c, snapshot=sid, index=1)
                    assert (code, status) == ("InternalServerException", 500) and "damaged" in text, (code, text)
                    file.seek(slots[1] * BLOCK)
                    file.write(good)
                assert block(c, sid, 1) == data("y")
                file.seek(slots[1] * BLOCK)
                file.write(c.stored(slots[0]))  # another block of the same lineage in its place
            refused("InternalServerException", block, c=c, snapshot=sid, index=1)
            assert block(c, sid, 0) == data("x")
            assert c.settled(copy(c, sid, "alias/two"))["State"] == "error"


@test
def what_is_attached_stays_readable_when_its_key_is_disabled():
    with cloud() as c:
        key = c.kms.create_key()["KeyMetadata"]["Arn"]
        sid = upload(c, {0: "root"}, Encrypted=True, KmsKeyArn=key)
        image = c.ec2.register_image(Name="attached", RootDeviceName="/dev/xvda", Architecture="x86_64", VirtualizationType="hvm",
                                     BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": sid}}])["ImageId"]
        box = c.ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
        shown = c.ec2.describe_instances(InstanceIds=[box])["Reservations"][0]["Instances"][0]
        assert shown["State"]["Name"] == "running"
        root = shown["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
        other = c.ec2.create_volume(SnapshotId=sid, AvailabilityZone="us-east-1a")["VolumeId"]
        assert c.ec2.describe_volumes(VolumeIds=[other])["Volumes"][0]["State"] == "available"
        c.kms.disable_key(KeyId=key)
        assert c.local("GET", f"volumes/{root}/blocks/0") == (200, data("root"))
        assert c.local("PUT", f"volumes/{root}/blocks/1", data("new"))[0] == 200
        assert c.local("GET", f"volumes/{root}/blocks/1") == (200, data("new"))
        assert c.local("GET", f"volumes/{other}/blocks/0")[0] == 400
        refused("ValidationException", block, c=c, snapshot=sid, index=0)
        assert c.settled(copy(c, sid, "alias/one"))["State"] == "error"
        c.ec2.stop_instances(InstanceIds=[box])
        c.ec2.describe_instances(InstanceIds=[box])
        assert c.local("GET", f"volumes/{root}/blocks/0")[0] == 400
        c.kms.enable_key(KeyId=key)
        assert c.local("GET", f"volumes/{root}/blocks/1") == (200, data("new"))


@test
def the_door_to_a_volume():
    with cloud() as c:
        volume = c.ec2.create_volume(Size=1, AvailabilityZone="us-east-1a")["VolumeId"]
        c.ec2.describe_volumes(VolumeIds=[volume])
        assert c.local("GET", f"volumes/{volume}/blocks/7") == (200, bytes(BLOCK))
        assert c.local("PUT", f"volumes/{volume}/blocks/7", data(7))[0] == 200
        first = c.ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
        assert c.local("PUT", f"volumes/{volume}/blocks/7", data(8))[0] == 200
        assert c.local("PUT", f"volumes/{volume}/blocks/8", data(9))[0] == 200
        second = c.ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
        assert c.settled(first)["State"] == c.settled(second)["State"] == "completed"
        same(c, first, {7: 7})
        same(c, second, {7: 8, 8: 9})
        changed = c.ebs.list_changed_blocks(FirstSnapshotId=first, SecondSnapshotId=second)["ChangedBlocks"]
        assert [b["BlockIndex"] for b in changed] == [7, 8]
        for path, body, status in ((f"volumes/{volume}/blocks/2048", data(1), 400), (f"volumes/{volume}/blocks/0", b"short", 400),
                                   ("volumes/vol-0123/blocks/0", data(1), 404), ("nothing", b"", 400)):
            assert c.local("PUT", path, body)[0] == status, path
        box = c.ec2.describe_instances()["Reservations"][0]["Instances"][0]
        assert c.local("GET", f"volumes/{box['BlockDeviceMappings'][0]['Ebs']['VolumeId']}/blocks/0")[0] == 200


@test
def storage_is_counted_as_it_is_billed():
    with cloud("--empty") as c:
        key = c.kms.create_key()["KeyMetadata"]["Arn"]
        other = c.kms.create_key()["KeyMetadata"]["Arn"]
        one = upload(c, {i: i for i in range(6)}, Encrypted=True, KmsKeyArn=key)
        assert c.storage() == (6, {one: (6, 6)})
        two = upload(c, {0: "n", 9: "n"}, ParentSnapshotId=one)  # one block changed, one added
        assert c.storage() == (8, {one: (6, 1), two: (7, 2)})
        three = copy(c, two, key)
        assert c.storage() == (8, {one: (6, 1), two: (7, 0), three: (7, 0)})
        four = copy(c, two, other)
        assert c.settled(four)["State"] == "completed"
        assert c.storage() == (15, {one: (6, 1), two: (7, 0), three: (7, 0), four: (7, 7)})
        assert c.idle() == 15
        c.ec2.delete_snapshot(SnapshotId=one)
        c.ec2.delete_snapshot(SnapshotId=three)
        assert c.storage() == (14, {two: (7, 7), four: (7, 7)})
        assert c.idle() == 14
        c.ec2.delete_snapshot(SnapshotId=two)
        c.ec2.delete_snapshot(SnapshotId=four)
        assert c.storage() == (0, {}) and c.idle() == 0
        assert c.rows("SELECT (SELECT count(*) FROM maps) + (SELECT count(*) FROM data_keys)") == [(0,)]
        assert used_bytes(c.folder) < BLOCK, used_bytes(c.folder)  # the file system has it back
        slots = c.rows("SELECT next FROM slots")
        upload(c, {i: i for i in range(15)})
        assert c.rows("SELECT next FROM slots") == slots  # and slots are used again


@test
def killed_while_blocks_come_in():
    blocks = {i: i for i in range(24)}
    with cloud("--empty") as c:
        key = c.kms.create_key()["KeyMetadata"]["Arn"]
        for round_ in range(5):
            snapshot = c.ebs.start_snapshot(VolumeSize=1, Encrypted=True, KmsKeyArn=key)["SnapshotId"]
            sent, stop = set(), threading.Event()

            def send(part):
                mine = client("ebs", url=c.url)
                for i in part:
                    try:
                        raw = data(i)
                        mine.put_snapshot_block(SnapshotId=snapshot, BlockIndex=i, BlockData=raw, DataLength=BLOCK, ChecksumAlgorithm="SHA256",
                                                Checksum=base64.b64encode(hashlib.sha256(raw).digest()).decode())
                        sent.add(i)
                    except Exception:  # the server was killed
                        return

            threads = [threading.Thread(target=send, args=(range(n, 24, 3),)) for n in range(3)]
            for t in threads:
                t.start()
            time.sleep(0.05 + 0.05 * round_)
            c.end(signal.SIGKILL)
            for t in threads:
                t.join()
            c.begin()
            for i in set(blocks) - sent:  # what was answered is there; the upload goes on
                put(c, snapshot, i, i)
            c.ebs.complete_snapshot(SnapshotId=snapshot, ChangedBlocksCount=24)
            assert c.settled(snapshot)["State"] == "completed"
            same(c, snapshot, blocks)
            assert c.idle() == 24, "what a killed process had begun is counted"
            c.ec2.delete_snapshot(SnapshotId=snapshot)
        assert c.idle() == 0


@test
def killed_while_a_copy_runs():
    blocks = {i: i for i in range(200)}
    with cloud("--empty") as c:
        keys = [c.kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
        source = upload(c, blocks, Encrypted=True, KmsKeyArn=keys[0])
        under_way = 0
        for round_ in range(6):
            target = copy(c, source, keys[1])
            time.sleep(0.02 * round_)
            c.end(signal.SIGKILL)
            under_way += c.rows("SELECT count(*) FROM copies")[0][0]
            c.begin()
            assert c.settled(target)["State"] == "completed"
            assert c.idle() == 400
            if round_ % 3 == 0:
                same(c, target, blocks)
            c.ec2.delete_snapshot(SnapshotId=target)
            if round_ % 2 == 1:
                c.again()  # while it is reclaimed
        assert under_way > 0, "no copy was killed"
        target = copy(c, source, keys[1])
        c.ec2.delete_snapshot(SnapshotId=target)  # while it runs: it goes when it is complete
        while target in [s["SnapshotId"] for s in c.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]]:
            time.sleep(0.01)
        assert c.idle() == 200
        same(c, source, blocks)


main()
