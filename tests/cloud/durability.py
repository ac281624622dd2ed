#!/usr/bin/python3
"""What was acknowledged is there: after kill -9 in the middle of a load, and when the disk was full. TAP."""
import os
import resource
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time

from botocore.exceptions import ClientError
from lib.tap import client, error, main, test

LUNAMI = os.environ.get("LUNAMI_BIN", "build/lunami")


class Cloud:
    """A cloud that keeps its state in a folder."""

    def __init__(self, folder, prepare=None):
        self.process = subprocess.Popen([LUNAMI, "serve", "--port", "0", "--state", folder, "--empty"], stdout=subprocess.PIPE, text=True,
                                        preexec_fn=prepare)
        self.url = self.process.stdout.readline().split()[-1]

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(20)


def volumes(url):
    pages = client("ec2", url=url).get_paginator("describe_volumes").paginate(PaginationConfig={"PageSize": 500})
    return {v["VolumeId"] for page in pages for v in page["Volumes"]}


def is_whole(folder):
    database = sqlite3.connect(os.path.join(folder, "state.db"))
    found = database.execute("PRAGMA integrity_check").fetchone()[0]
    database.close()
    return found == "ok"


@test
def killed_in_the_middle_of_a_load():
    with tempfile.TemporaryDirectory() as folder:
        acknowledged, lock = set(), threading.Lock()
        for _ in range(3):
            cloud = Cloud(folder)

            def load(ec2):
                try:
                    while True:
                        made = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
                        with lock:
                            acknowledged.add(made)
                except Exception:  # the server is gone
                    pass

            threads = [threading.Thread(target=load, args=(client("ec2", url=cloud.url),)) for _ in range(6)]
            for t in threads:
                t.start()
            before = len(acknowledged)
            while len(acknowledged) < before + 60:
                time.sleep(0.01)
            cloud.end(signal.SIGKILL)
            for t in threads:
                t.join()
        assert is_whole(folder)
        cloud = Cloud(folder)
        missing = acknowledged - volumes(cloud.url)
        cloud.end()
        assert not missing and len(acknowledged) >= 180, missing


@test
def a_full_disk_is_said_and_nothing_is_lost():
    with tempfile.TemporaryDirectory() as folder:
        cloud = Cloud(folder, lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN))
        ec2, made = client("ec2", url=cloud.url), set()
        made.add(ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"])
        largest = max(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))
        limits = resource.prlimit(cloud.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(cloud.process.pid, resource.RLIMIT_FSIZE, (largest + 100000, limits[1]))
        full = None
        for _ in range(2000):
            try:
                made.add(ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"])
            except ClientError as e:
                full = e.response["Error"]
                break
        assert full and full["Code"] == "InternalError" and ("full" in full["Message"] or "disk I/O" in full["Message"]), full
        assert volumes(cloud.url) == made, "what failed left nothing"
        resource.prlimit(cloud.process.pid, resource.RLIMIT_FSIZE, limits)
        made.add(ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"])
        cloud.end(signal.SIGKILL)
        assert is_whole(folder)
        cloud = Cloud(folder)
        assert volumes(cloud.url) == made
        cloud.end()


@test
def page_tokens_survive_a_restart():
    with tempfile.TemporaryDirectory() as folder:
        cloud = Cloud(folder)
        ec2 = client("ec2", url=cloud.url)
        made = {ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"] for _ in range(12)}
        first = ec2.describe_volumes(MaxResults=5)
        cloud.end(signal.SIGKILL)
        cloud = Cloud(folder)
        ec2 = client("ec2", url=cloud.url)
        second = ec2.describe_volumes(MaxResults=1000, NextToken=first["NextToken"])
        assert len(first["Volumes"]) == 5 and {v["VolumeId"] for v in first["Volumes"] + second["Volumes"]} == made
        assert error(ec2.describe_volumes, MaxResults=5, NextToken="x")[0] == "InvalidPaginationToken"
        cloud.end()


main()
