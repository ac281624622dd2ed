#!/usr/bin/python3
"""A served cloud in virtual time: hours pass between the requests of a client that is not in them. TAP."""
import datetime
import time

from lib.faulty import told
from lib.tap import Folder, client, main, served, test


def started(ec2, name="copy", source="ami-0a000000000000002"):
    return ec2.copy_image(Name=name, SourceImageId=source, SourceRegion="us-east-1", Encrypted=True)["ImageId"]


@test
def a_copy_takes_minutes_of_the_cloud_and_none_of_ours():
    with served("--virtual") as url:
        ec2, begun = client("ec2", url=url), time.monotonic()
        image = started(ec2)
        for step in range(10):
            if ec2.describe_images(ImageIds=[image])["Images"][0]["State"] == "available":
                break
        snapshots = ec2.describe_snapshots(OwnerIds=["self"], Filters=[{"Name": "description", "Values": ["*" + image + "*"]}])
        assert 2 <= step + 2 <= 4, step  # its two snapshots end one after the other
        assert time.monotonic() - begun < 5, "nobody waited"
        assert all(s["State"] == "completed" for s in snapshots["Snapshots"])


@test
def waiters_of_boto3_end():
    with served("--virtual") as url:
        ec2 = client("ec2", url=url)
        image = started(ec2)
        ec2.get_waiter("image_available").wait(ImageIds=[image], WaiterConfig={"Delay": 0.01, "MaxAttempts": 10})


@test
def progress_rises():
    with served("--virtual") as url:
        ec2 = client("ec2", url=url)
        image = started(ec2, "three", "ami-0a000000000000006")
        for expected in (["100%", "91%", "91%"], ["100%"] * 3):
            snapshots = ec2.describe_snapshots(OwnerIds=["self"], Filters=[{"Name": "description", "Values": ["*" + image + "*"]}])
            assert sorted(s["Progress"] for s in snapshots["Snapshots"]) == sorted(expected), (image, snapshots)


@test
def a_day_may_be_waited_for_nothing_but_work():
    """A key that waits for its deletion does not vanish while one looks."""
    with served("--virtual") as url:
        kms = client("kms", url=url)
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        for _ in range(3):
            assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"


@test
def temporary_credentials_expire_with_the_clouds_time():
    with served("--virtual") as url:
        role = client("sts", url=url).assume_role(RoleArn="arn:aws:iam::000000000001:role/images", RoleSessionName="test",
                                                  DurationSeconds=900)["Credentials"]
        given = {"aws_access_key_id": role["AccessKeyId"], "aws_secret_access_key": role["SecretAccessKey"],
                 "aws_session_token": role["SessionToken"]}
        mine = client("ec2", url=url, **given)
        volume = mine.create_volume(AvailabilityZone="us-east-1a", Size=2000)["VolumeId"]
        mine.get_waiter("volume_available").wait(VolumeIds=[volume], WaiterConfig={"Delay": 0.01})
        mine.create_snapshot(VolumeId=volume)
        try:
            mine.describe_volumes()  # hours later
            raise AssertionError("expected an expired token")
        except mine.exceptions.ClientError as e:
            assert e.response["Error"]["Code"] == "RequestExpired", e


@test
def a_seed_gives_the_same_ids_and_times():
    seen = []
    for _ in range(2):
        with served("--virtual", "--seed", "4") as url:
            ec2 = client("ec2", url=url)
            image = started(ec2)
            found = ec2.describe_images(ImageIds=[image])["Images"][0]
            seen.append((image, found["CreationDate"], found["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]))
    assert seen[0] == seen[1], seen
    assert seen[0][1].startswith("2026-01-01T00:0"), seen


def now(url):
    """The cloud's time, moved by a second."""
    return datetime.datetime.fromisoformat(told(url, "time", {"advance": 1})[1].strip().replace("Z", "+00:00")).timestamp()


@test
def a_folder_goes_on_at_its_own_time():
    """killed or stopped, with a seed and without; what was under way ends when it is due"""
    for options in (("--virtual",), ("--virtual", "--seed", "3")):
        folder = Folder(*options)
        url = folder.start()
        begun = now(url)
        assert told(url, "time", {"advance": 864000})[0] == 200
        image = started(client("ec2", url=url))
        keys = {client("kms", url=url).create_key()["KeyMetadata"]["KeyId"]}
        folder.kill()
        url = folder.start()
        keys.add(client("kms", url=url).create_key()["KeyMetadata"]["KeyId"])
        assert len(keys) == 2
        second = now(url)
        assert 864000 < second - begun < 864000 + 3600, second - begun  # requests jump to what is due
        ec2 = client("ec2", url=url)
        for _ in range(4):
            state = ec2.describe_images(ImageIds=[image])["Images"][0]["State"]
        assert state == "available"
        assert told(url, "time", {"advance": 864000})[0] == 200  # and nothing is changed any more
        third = now(url)
        folder.process.terminate()
        folder.process.wait(10)
        folder.process.stdout.close()
        url = folder.start()
        assert third <= now(url) - 1 < third + 60
        folder.kill()


@test
def a_folder_of_long_ago_begins_now():
    folder = Folder("--virtual")
    client("ec2", url=folder.start()).create_volume(AvailabilityZone="us-east-1a", Size=1)
    folder.kill()
    folder.ask("UPDATE clock SET now = ?", 1700000000 * 1000000)
    assert abs(now(folder.start()) - time.time()) < 3600
    folder.kill()


@test
def as_long_as_on_aws_in_real_time():
    with served("--pace", "aws") as url:
        ec2 = client("ec2", url=url)
        image = started(ec2)
        time.sleep(0.05)
        assert ec2.describe_images(ImageIds=[image])["Images"][0]["State"] == "pending"
        assert datetime.datetime.now(datetime.timezone.utc).year >= 2024


main()
