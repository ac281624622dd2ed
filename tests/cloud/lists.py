#!/usr/bin/python3
"""What a Describe finds through an index is what it finds by looking at everything: ids, tags, names, pages, accounts. TAP."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from tap import client, main, refused, served, test  # noqa: E402

IMAGE, TWO = "ami-0a000000000000002", "000000000002"


def fill(url):
    """Two accounts' resources made in turn, each second one tagged: what belongs to others lies between."""
    one, two = client("ec2", url=url), client("ec2", account=TWO, url=url)
    one.modify_image_attribute(ImageId=IMAGE, LaunchPermission={"Add": [{"UserId": TWO}]})
    made = {"volume": [], "snapshot": [], "instance": [], "image": []}
    for n in range(8):
        for c in (two, one):
            tags = [{"Key": "role", "Value": "web"}, {"Key": "n", "Value": str(n)}][:n % 2 * 2]
            v = c.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
            s = c.create_snapshot(VolumeId=v)["SnapshotId"]
            i = c.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
            m = c.register_image(Name=f"list-{n}", RootDeviceName="/dev/xvda", BlockDeviceMappings=[
                {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": s}}])["ImageId"]
            if tags:
                c.create_tags(Resources=[v, s, i, m], Tags=tags)
        for kind, x in zip(("volume", "snapshot", "instance", "image"), (v, s, i, m)):
            made[kind].append(x)
    return one, two, made


def lists(c):
    """How each kind is asked for: a function of filters and other members that gives the ids."""
    def of(call, items, key, **always):
        def ids(filters=(), **kw):
            got = call(Filters=[{"Name": n, "Values": v} for n, v in filters], **always, **kw)
            return [x[key] for x in items(got)]
        return ids
    return {"volume": (of(c.describe_volumes, lambda a: a["Volumes"], "VolumeId"), "VolumeIds"),
            "snapshot": (of(c.describe_snapshots, lambda a: a["Snapshots"], "SnapshotId", OwnerIds=["self"]), "SnapshotIds"),
            "instance": (of(c.describe_instances, lambda a: [i for r in a["Reservations"] for i in r["Instances"]], "InstanceId"),
                         "InstanceIds"),
            "image": (of(c.describe_images, lambda a: a["Images"], "ImageId", Owners=["self"]), "ImageIds")}


@test
def keys_tags_are_none_of_ec2s():
    """DescribeTags passes over the tags of many KMS keys, which are by ARNs"""
    with served("--instant") as url:
        one, kms = client("ec2", url=url), client("kms", url=url)
        for n in range(70):
            kms.create_key(Tags=[{"TagKey": "role", "TagValue": "web"}, {"TagKey": "n", "TagValue": str(n)}])
        volume = one.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
        before = one.describe_tags()["Tags"]
        one.create_tags(Resources=[IMAGE, volume], Tags=[{"Key": "role", "Value": "web"}])
        ours = [{"ResourceId": IMAGE, "ResourceType": "image"}, {"ResourceId": volume, "ResourceType": "volume"}]
        assert one.describe_tags(Filters=[{"Name": "tag:role", "Values": ["web"]}])["Tags"] == [
            {"Key": "role", "Value": "web", **x} for x in ours]
        assert len(one.describe_tags()["Tags"]) == len(before) + 2
        pages = one.get_paginator("describe_tags").paginate(PaginationConfig={"PageSize": 5})
        assert len([t for page in pages for t in page["Tags"]]) == len(before) + 2


@test
def by_index_and_by_pattern():
    """Volumes, snapshots, instances, images: by ids, by a filter of ids, by a tag, in the order of ids, one's own only"""
    with served("--instant") as url:
        one, _, made = fill(url)
        for kind, (ids, member) in lists(one).items():
            mine, tagged = made[kind], made[kind][1::2]
            everything = ids()
            assert everything == sorted(everything) and set(mine) <= set(everything), kind
            assert ids([("tag:role", ["web"])]) == tagged == ids([("tag:role", ["we*"])]), kind
            assert ids([("tag:n", ["7", "3", "5", "none"])]) == [mine[3], mine[5], mine[7]], kind
            assert ids([("tag:role", ["web"]), ("tag:n", ["5"])]) == [mine[5]], kind
            some = [mine[6], mine[1], mine[4]]
            assert ids(**{member: some}) == sorted(some) == ids([(f"{kind}-id", some)]), kind
            assert ids([("tag:role", ["web"])], **{member: some}) == [mine[1]], kind
            assert ids([(f"{kind}-id", some[:1] * 2)]) == some[:1], kind
            assert ids([(f"{kind}-id", [mine[2][:-2] + "*"])]) == [x for x in everything if x.startswith(mine[2][:-2])], kind


@test
def not_another_accounts():
    """Ids of another account's are not found, nor its tags; what is missing is told whatever else is asked for"""
    with served("--instant") as url:
        _, two, made = fill(url)
        codes = {"volume": "InvalidVolume.NotFound", "instance": "InvalidInstanceID.NotFound", "image": "InvalidAMIID.NotFound"}
        for kind, (ids, member) in lists(two).items():
            theirs = made[kind]
            assert not set(ids()) & set(theirs), kind
            assert ids([(f"{kind}-id", theirs)]) == [], kind
            assert len(ids([("tag:role", ["web"])])) == 4, kind
            if kind in codes:
                refused(codes[kind], lambda f=ids, m=member, t=theirs, own=ids()[0]: f(**{m: [own, t[2]]}))
        attached = lists(two)["volume"][0]([("attachment.instance-id", made["instance"])])
        assert attached == []


@test
def volumes_of_instances():
    """Volumes by attachment.instance-id, exact and by a pattern"""
    with served("--instant") as url:
        one, _, made = fill(url)
        ids, _ = lists(one)["volume"]
        boxes = made["instance"][2:4]
        on = sorted(v["VolumeId"] for v in one.describe_volumes()["Volumes"]
                    if any(a["InstanceId"] in boxes for a in v["Attachments"]))
        assert len(on) > 1 and ids([("attachment.instance-id", boxes)]) == on
        assert ids([("attachment.instance-id", [b[:-1] + "?" for b in boxes])]) == on


@test
def pages_of_tags():
    """DescribeTags: page after page what one answer has, across resources and other accounts' tags; by resource, by a tag"""
    with served("--instant") as url:
        one, two, made = fill(url)
        for c in (one, two):
            whole = c.describe_tags()["Tags"]
            assert len(whole) == 4 * 4 * 2
            assert whole == sorted(whole, key=lambda t: (t["ResourceId"], t["Key"]))
            for size in (5, 7):
                pages = list(c.get_paginator("describe_tags").paginate(PaginationConfig={"PageSize": size}))
                assert [t for p in pages for t in p["Tags"]] == whole
                assert all(len(p["Tags"]) == size for p in pages[:-1])
        assert {t["ResourceId"] for t in one.describe_tags()["Tags"]} == {x for k in made.values() for x in k[1::2]}
        v, i = made["volume"][5], made["instance"][7]

        def told(name, *values):
            return [(t["ResourceId"], t["Key"]) for t in one.describe_tags(Filters=[{"Name": name, "Values": list(values)}])["Tags"]]
        assert told("resource-id", v, i, v) == sorted([(v, "n"), (v, "role"), (i, "n"), (i, "role")])
        assert told("tag:n", "5") == sorted((made[k][5], "n") for k in made)
        assert told("tag:n", "5") == told("tag:n", "5*")


if __name__ == "__main__":
    main()
