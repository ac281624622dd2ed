#!/usr/bin/python3
"""Filters: every one that AWS's model names is taken, and what an answer shows is found by it. TAP."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from botocore import xform_name  # noqa: E402
from tap import ONE, client, main, query, refused, test, tests  # noqa: E402

ec2 = client("ec2")
SNAPSHOT = "snap-0a000000000000003"
LISTS = {"DescribeAvailabilityZones": "AvailabilityZones", "DescribeImages": "Images", "DescribeInstanceStatus": "InstanceStatuses",
         "DescribeInstances": "Reservations", "DescribeRegions": "Regions", "DescribeSnapshots": "Snapshots", "DescribeTags": "Tags",
         "DescribeVolumes": "Volumes"}


def names_of(action):
    """The names in the model's words on Filter: <code>name</code> - what it means."""
    model = ec2.meta.service_model.operation_model(action).input_shape.members["Filters"].documentation
    found = re.findall(r"<li>\s*<p>\s*<code>([a-z0-9.:&;<>-]+)</code>", model)
    return [n.replace("&lt;key&gt;", "any").replace("<key>", "any") for n in found if n != "tag" and not n.startswith("tag:")] + [
        "tag:any"] * ("tag" in found or any(n.startswith("tag:") for n in found))


def every(action):
    def check():
        names = names_of(action)
        assert len(names) > 2, names
        for name in names:
            told = getattr(ec2, xform_name(action))(Filters=[{"Name": name, "Values": ["nothing is like this"]}])[LISTS[action]]
            assert told == [], (name, told)
        refused("InvalidParameterValue", getattr(ec2, xform_name(action)), Filters=[{"Name": names[0] + "x", "Values": ["x"]}])
    check.__doc__ = f"{action}: every filter of the model is taken"
    return check


tests += [every(action) for action in LISTS]


@test
def what_instances_show():
    """DescribeInstances, DescribeInstanceStatus: by what they show"""
    told = ec2.run_instances(ImageId="ami-0a000000000000002", MinCount=1, MaxCount=1, InstanceType="t3.micro")["Instances"][0]
    assert query("DescribeInstances", **{"InstanceId.1": told["InstanceId"]})["reservationSet"][0]["instancesSet"][0]["usageOperation"] == "RunInstances"
    box = ec2.describe_instances(InstanceIds=[told["InstanceId"]])["Reservations"][0]["Instances"][0]
    values = {"instance-state-code": "16", "owner-id": ONE, "launch-time": "20??-*T*Z", "hypervisor": "xen", "root-device-type": "ebs",
              "monitoring-state": "disabled", "ebs-optimized": "false", "ena-support": "true", "source-dest-check": "true",
              "vpc-id": box["VpcId"], "network-interface.vpc-id": box["VpcId"], "network-interface.subnet-id": box["SubnetId"],
              "private-ip-address": box["PrivateIpAddress"], "network-interface.addresses.private-ip-address": box["PrivateIpAddress"],
              "network-interface.group-id": box["SecurityGroups"][0]["GroupId"], "instance.group-name": box["SecurityGroups"][0]["GroupName"],
              "block-device-mapping.attach-time": "20??-*", "metadata-options.state": "applied", "metadata-options.http-tokens": "optional",
              "private-dns-name": box["PrivateDnsName"], "dns-name": box["PublicDnsName"], "ip-address": box["PublicIpAddress"],
              "network-interface.association.public-ip": box["PublicIpAddress"], "platform-details": box["PlatformDetails"],
              "usage-operation": "RunInstances"}
    mine = {"Name": "instance-id", "Values": [box["InstanceId"]]}
    for name, value in values.items():
        for given, count in ((value, 1), ("not " + value, 0)):
            assert len(ec2.describe_instances(Filters=[mine, {"Name": name, "Values": [given]}])["Reservations"]) == count, (name, given)
    for name, value in (("instance-state-code", "16"), ("attached-ebs-status.status", "ok")):
        found = ec2.describe_instance_status(Filters=[{"Name": name, "Values": [value]}])["InstanceStatuses"]
        assert box["InstanceId"] in [s["InstanceId"] for s in found], name
    ec2.terminate_instances(InstanceIds=[box["InstanceId"]])


@test
def copies_by_their_kind():
    """DescribeSnapshots: transfer-type"""
    plain, timed = (query("CopySnapshot", SourceSnapshotId=SNAPSHOT, SourceRegion="us-east-1", **kw)["snapshotId"]
                    for kw in ({}, {"CompletionDurationMinutes": 15}))
    for kind, one in (("standard", plain), ("time-based", timed)):
        found = [s["SnapshotId"] for s in ec2.describe_snapshots(Filters=[{"Name": "transfer-type", "Values": [kind]}])["Snapshots"]]
        assert one in found and SNAPSHOT not in found


if __name__ == "__main__":
    main()
