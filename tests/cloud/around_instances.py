#!/usr/bin/python3
"""What is around an instance: key pairs that ssh can use, security groups, the default VPC, interfaces. TAP."""
import base64
import hashlib
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/lib")
from tap import Skip, TWO, client, main, query, refused, test  # noqa: E402

ec2, other = client("ec2"), client("ec2", account=TWO)
IMAGE, NONE = "ami-0a000000000000002", "0b00000000000000f"


def launch(**kw):
    return ec2.run_instances(**{"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro", **kw})["Instances"][0]


def see(instance):
    return ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]


def group(name, **kw):
    return ec2.create_security_group(GroupName=name, Description="of a test", **kw)["GroupId"]


def permissions(group_id, side="IpPermissions"):
    return ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0][side]


def openssl(*arguments, text):
    return subprocess.run(["openssl", *arguments], input=text, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=True).stdout


def blob(line):
    return base64.b64decode(line.split()[1])


@test
def rsa_key_pairs():
    """CreateKeyPair: an RSA key that OpenSSL reads; its fingerprint is SHA-1 of the private key, its public half is its own"""
    made = ec2.create_key_pair(KeyName="rsa", TagSpecifications=[{"ResourceType": "key-pair", "Tags": [{"Key": "a", "Value": "b"}]}])
    assert made["KeyMaterial"].startswith("-----BEGIN RSA PRIVATE KEY-----") and made["KeyPairId"].startswith("key-0")
    der = openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", text=made["KeyMaterial"].encode())
    assert made["KeyFingerprint"].replace(":", "") == hashlib.sha1(der).hexdigest()
    shown = ec2.describe_key_pairs(KeyNames=["rsa"], IncludePublicKey=True)["KeyPairs"][0]
    assert shown["KeyType"] == "rsa" and shown["PublicKey"].endswith(" rsa") and shown["Tags"] == [{"Key": "a", "Value": "b"}]
    modulus = openssl("rsa", "-noout", "-modulus", text=made["KeyMaterial"].encode()).decode().strip().split("=")[1]
    assert blob(shown["PublicKey"])[-256:].hex().upper() == modulus
    assert "PublicKey" not in ec2.describe_key_pairs(KeyNames=["rsa"])["KeyPairs"][0]


@test
def ed25519_key_pairs():
    """CreateKeyPair: an Ed25519 key in OpenSSH's own file, whose public half and fingerprint are those shown"""
    made = ec2.create_key_pair(KeyName="ed", KeyType="ed25519")
    lines = made["KeyMaterial"].split("\n")
    assert lines[0] == "-----BEGIN OPENSSH PRIVATE KEY-----" and lines[-1] == "-----END OPENSSH PRIVATE KEY-----"
    body = base64.b64decode("".join(lines[1:-1]))
    public = blob(ec2.describe_key_pairs(KeyNames=["ed"], IncludePublicKey=True)["KeyPairs"][0]["PublicKey"])
    assert body.startswith(b"openssh-key-v1\0") and body.count(public) == 2
    seed = body[body.rindex(public) + len(public) + 4:][:32]
    # OpenSSL makes the same public half of the private one
    der = bytes.fromhex("302e020100300506032b657004220420") + seed
    assert openssl("pkey", "-inform", "DER", "-pubout", "-outform", "DER", text=der)[-32:] == public[-32:]
    assert made["KeyFingerprint"] == base64.b64encode(hashlib.sha256(public).digest()).decode()
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(made["KeyMaterial"] + "\n")
        file.flush()
        os.chmod(file.name, 0o600)
        try:
            said = subprocess.run(["ssh-keygen", "-y", "-f", file.name], stdout=subprocess.PIPE, check=True, text=True).stdout
        except FileNotFoundError as lacking:
            raise Skip("needs ssh-keygen") from lacking
    assert blob(said) == public


@test
def imported_key_pairs():
    """ImportKeyPair: OpenSSH's line, RFC 4716, PEM and base64 DER of one key are the same key, with an MD5 fingerprint"""
    private = openssl("genrsa", "2048", text=b"")
    der = openssl("rsa", "-pubout", "-outform", "DER", text=private)
    plain = base64.b64encode(der)
    ec2.import_key_pair(KeyName="der", PublicKeyMaterial=plain)
    line = ec2.describe_key_pairs(KeyNames=["der"], IncludePublicKey=True)["KeyPairs"][0]
    assert line["KeyFingerprint"].replace(":", "") == hashlib.md5(der).hexdigest(), line
    text = line["PublicKey"].split()[1]
    forms = {"line": f"ssh-rsa {text} somebody@somewhere", "pem": openssl("rsa", "-pubout", text=private).decode(),
             "rfc4716": f'---- BEGIN SSH2 PUBLIC KEY ----\nComment: "x"\n{text[:70]}\n{text[70:]}\n---- END SSH2 PUBLIC KEY ----\n'}
    for name, form in forms.items():
        got = ec2.import_key_pair(KeyName=name, PublicKeyMaterial=form.encode())
        assert got["KeyFingerprint"] == line["KeyFingerprint"], name
    ed = ec2.describe_key_pairs(KeyNames=["ed"], IncludePublicKey=True)["KeyPairs"][0]
    again = ec2.import_key_pair(KeyName="ed-again", PublicKeyMaterial=ed["PublicKey"].encode())
    assert again["KeyFingerprint"] == ed["KeyFingerprint"]


@test
def key_pair_errors():
    """InvalidKeyPair.Duplicate, .NotFound, InvalidKey.Format, and what is deleted twice"""
    refused("InvalidKeyPair.Duplicate", ec2.create_key_pair, KeyName="rsa")
    refused("InvalidKeyPair.Duplicate", ec2.import_key_pair, KeyName="rsa", PublicKeyMaterial=b"x")
    refused("InvalidKeyPair.NotFound", ec2.describe_key_pairs, KeyNames=["none"])
    refused("InvalidKeyPair.NotFound", other.describe_key_pairs, KeyNames=["rsa"])
    refused("InvalidKeyPair.NotFound", launch, KeyName="none")
    for bad in b"x", b"ssh-rsa AAAA", b"ssh-dss AAAAB3NzaC1kc3M=", b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==":
        refused("InvalidKey.Format", ec2.import_key_pair, KeyName="bad", PublicKeyMaterial=bad)
    refused("InvalidParameterValue", ec2.create_key_pair, KeyName="x", KeyType="dsa")
    refused("InvalidParameterValue", ec2.create_key_pair, KeyName="x", KeyFormat="ppk")
    refused("InvalidParameterValue", ec2.create_key_pair, KeyName="n" * 256)
    refused("MissingParameter", ec2.delete_key_pair)
    for _ in range(2):
        ec2.delete_key_pair(KeyName="pem")
    assert {k["KeyName"] for k in ec2.describe_key_pairs(Filters=[{"Name": "key-name", "Values": ["p*", "r*"]}])["KeyPairs"]} == {
        "rsa", "rfc4716"}


@test
def default_network():
    """The default VPC: one in each region, a subnet in each zone, a group that lets its own in and all out"""
    vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]
    assert vpc["CidrBlock"] == "172.31.0.0/16" and vpc["IsDefault"] and vpc["OwnerId"] == "000000000001"
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
    assert {s["AvailabilityZone"]: s["CidrBlock"] for s in subnets} == {
        "us-east-1a": "172.31.0.0/20", "us-east-1b": "172.31.16.0/20", "us-east-1c": "172.31.32.0/20"}
    zones = {z["ZoneName"]: z["ZoneId"] for z in ec2.describe_availability_zones()["AvailabilityZones"]}
    assert all(zones[s["AvailabilityZone"]] == s["AvailabilityZoneId"] for s in subnets) and zones["us-east-1a"] == "use1-az1"
    own = ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"][0]
    assert own["VpcId"] == vpc["VpcId"] and own["IpPermissions"] == [{
        "IpProtocol": "-1", "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [],
        "UserIdGroupPairs": [{"GroupId": own["GroupId"], "UserId": "000000000001"}]}]
    assert own["IpPermissionsEgress"][0]["IpRanges"] == [{"CidrIp": "0.0.0.0/0"}]
    far = client("ec2", region="ap-northeast-1").describe_vpcs()["Vpcs"]
    assert len(far) == 1 and far[0]["VpcId"] != vpc["VpcId"] != other.describe_vpcs()["Vpcs"][0]["VpcId"]
    attributes = {a["AttributeName"]: a["AttributeValues"][0]["AttributeValue"]
                  for a in ec2.describe_account_attributes(AttributeNames=["default-vpc", "supported-platforms"])["AccountAttributes"]}
    assert attributes == {"default-vpc": vpc["VpcId"], "supported-platforms": "VPC"}
    refused("InvalidVpcID.NotFound", ec2.describe_vpcs, VpcIds=["vpc-" + NONE])
    refused("InvalidSubnetID.NotFound", ec2.describe_subnets, SubnetIds=["subnet-" + NONE])


@test
def group_rules():
    """Authorize and Revoke: by range, IPv6 range, group and id; the same rule twice is a duplicate"""
    one, two = group("one"), group("two")
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "ours"}],
           "Ipv6Ranges": [{"CidrIpv6": "::/0"}], "UserIdGroupPairs": [{"GroupId": two}]}
    added = ec2.authorize_security_group_ingress(GroupId=one, IpPermissions=[ssh])
    assert added["Return"] and len(added["SecurityGroupRules"]) == 3
    got = permissions(one)
    assert len(got) == 1 and got[0]["IpRanges"] == ssh["IpRanges"] and got[0]["UserIdGroupPairs"][0]["GroupId"] == two
    assert "already exists" in refused("InvalidPermission.Duplicate", ec2.authorize_security_group_ingress, GroupId=one,
                                       IpProtocol="6", FromPort=22, ToPort=22, CidrIp="10.0.0.0/8")
    refused("DependencyViolation", ec2.delete_security_group, GroupId=two)
    ec2.revoke_security_group_ingress(GroupId=one, SecurityGroupRuleIds=[
        r["SecurityGroupRuleId"] for r in added["SecurityGroupRules"] if "ReferencedGroupInfo" in r])
    ec2.revoke_security_group_ingress(GroupName="one", IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="10.0.0.0/8")
    rest = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [one]}])["SecurityGroupRules"]
    assert {(r["IsEgress"], r.get("CidrIpv4"), r.get("CidrIpv6")) for r in rest} == {
        (True, "0.0.0.0/0", None), (False, None, "::/0")}
    refused("InvalidPermission.NotFound", ec2.revoke_security_group_ingress, GroupId=one, IpProtocol="tcp", FromPort=22, ToPort=22,
            CidrIp="10.0.0.0/8")
    ec2.revoke_security_group_egress(GroupId=one, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    ec2.authorize_security_group_egress(GroupId=one, IpPermissions=[
        {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    assert [(p["IpProtocol"], p["FromPort"], p["ToPort"]) for p in permissions(one, "IpPermissionsEgress")] == [("icmp", 8, -1)]
    found = ec2.describe_security_groups(Filters=[{"Name": "ip-permission.ipv6-cidr", "Values": ["::/0"]}])["SecurityGroups"]
    assert [g["GroupId"] for g in found] == [one]
    ec2.get_waiter("security_group_exists").wait(GroupIds=[one])


@test
def group_errors():
    """InvalidGroup.*, InvalidParameterValue, MissingParameter, CannotDelete of groups and rules"""
    made = group("errors")
    refused("InvalidGroup.Duplicate", group, name="errors")
    refused("InvalidParameterValue", group, name="sg-like-an-id")
    refused("InvalidVpcID.NotFound", group, name="x", VpcId="vpc-" + NONE)
    refused("InvalidGroup.NotFound", ec2.describe_security_groups, GroupIds=["sg-" + NONE])
    refused("InvalidGroup.NotFound", ec2.describe_security_groups, GroupNames=["none"])
    refused("InvalidGroup.NotFound", other.describe_security_groups, GroupIds=[made])
    refused("InvalidGroup.NotFound", launch, SecurityGroupIds=["sg-" + NONE])
    refused("InvalidGroup.NotFound", ec2.delete_security_group, GroupId="sg-" + NONE)
    refused("MissingParameter", ec2.delete_security_group)
    refused("CannotDelete", ec2.delete_security_group, GroupName="default")
    one = {"GroupId": made, "IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "CidrIp": "0.0.0.0/0"}
    for change in {"CidrIp": "10.0.0.0"}, {"CidrIp": "10.0.0.0/33"}, {"FromPort": 3}, {"ToPort": 65536}, {"IpProtocol": "tpc"}:
        refused("InvalidParameterValue", ec2.authorize_security_group_ingress, **{**one, **change})
    refused("MissingParameter", ec2.authorize_security_group_ingress, GroupId=made)
    refused("MissingParameter", ec2.authorize_security_group_ingress, IpProtocol="tcp", CidrIp="0.0.0.0/0")
    refused("InvalidSecurityGroupRuleId.NotFound", ec2.revoke_security_group_ingress, GroupId=made,
            SecurityGroupRuleIds=["sgr-" + NONE])
    ec2.delete_security_group(GroupId=made)
    refused("InvalidGroup.NotFound", ec2.describe_security_groups, GroupIds=[made])


@test
def launches():
    """RunInstances: key, groups, subnet, user data, interface are shown, and go when the instance ends"""
    key, own = ec2.create_key_pair(KeyName="launch")["KeyName"], group("launch")
    subnet = ec2.describe_subnets(Filters=[{"Name": "availability-zone", "Values": ["us-east-1b"]}])["Subnets"][0]
    made = launch(KeyName=key, SecurityGroupIds=[own], SubnetId=subnet["SubnetId"], PrivateIpAddress="172.31.16.77",
                  Monitoring={"Enabled": True}, IamInstanceProfile={"Name": "box"}, UserData="#!/bin/sh\ntrue\n")
    got = see(made["InstanceId"])
    assert (got["KeyName"], got["SubnetId"], got["VpcId"]) == (key, subnet["SubnetId"], subnet["VpcId"])
    assert got["Placement"]["AvailabilityZone"] == "us-east-1b" and got["PrivateIpAddress"] == "172.31.16.77"
    assert got["PrivateDnsName"] == "ip-172-31-16-77.ec2.internal" and got["PublicDnsName"].endswith("compute-1.amazonaws.com")
    assert got["SecurityGroups"] == [{"GroupId": own, "GroupName": "launch"}] and got["Monitoring"]["State"] == "enabled"
    assert got["IamInstanceProfile"]["Arn"] == "arn:aws:iam::000000000001:instance-profile/box" and got["Architecture"] == "x86_64"
    interface = ec2.describe_network_interfaces(Filters=[
        {"Name": "attachment.instance-id", "Values": [made["InstanceId"]]}])["NetworkInterfaces"][0]
    assert interface["NetworkInterfaceId"] == got["NetworkInterfaces"][0]["NetworkInterfaceId"]
    assert interface["Groups"] == got["SecurityGroups"] and interface["Attachment"]["InstanceId"] == made["InstanceId"]
    refused("InvalidIPAddress.InUse", launch, SubnetId=subnet["SubnetId"], PrivateIpAddress="172.31.16.77")
    refused("InvalidParameterValue", launch, SubnetId=subnet["SubnetId"], PrivateIpAddress="172.31.0.77")
    refused("DependencyViolation", ec2.delete_security_group, GroupId=own)
    for name, value in ("key-name", key), ("subnet-id", subnet["SubnetId"]), ("instance.group-id", own), (
            "private-ip-address", "172.31.16.7?"):
        found = ec2.describe_instances(Filters=[{"Name": name, "Values": [value]}])["Reservations"]
        assert made["InstanceId"] in [i["InstanceId"] for r in found for i in r["Instances"]], name
    ec2.terminate_instances(InstanceIds=[made["InstanceId"]])
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[made["InstanceId"]])
    assert "PrivateIpAddress" not in see(made["InstanceId"])
    ec2.delete_security_group(GroupId=own)


@test
def interfaces_of_a_launch():
    """RunInstances: NetworkInterface stands for subnet and groups, and cannot be given beside them"""
    own = group("interface")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    made = launch(NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet, "Groups": [own], "AssociatePublicIpAddress": False}])
    got = see(made["InstanceId"])
    assert got["SubnetId"] == subnet and got["SecurityGroups"][0]["GroupId"] == own and "PublicIpAddress" not in got
    for beside in {"SubnetId": subnet}, {"SecurityGroupIds": [own]}:
        refused("InvalidParameterCombination", launch, NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet}], **beside)
    refused("InvalidNetworkInterfaceID.NotFound", launch,
            NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": "eni-" + NONE}])
    refused("InvalidNetworkInterfaceID.NotFound", ec2.describe_network_interfaces, NetworkInterfaceIds=["eni-" + NONE])
    refused("InvalidSubnetID.NotFound", launch, SubnetId="subnet-" + NONE)
    far = ec2.describe_subnets(Filters=[{"Name": "availability-zone", "Values": ["us-east-1c"]}])["Subnets"][0]["SubnetId"]
    refused("InvalidParameterCombination", launch, SubnetId=far, Placement={"AvailabilityZone": "us-east-1a"})
    refused("InvalidUserData.Malformed", query, action="RunInstances", ImageId=IMAGE, MinCount=1, MaxCount=1, UserData="no base64!")
    refused("InvalidParameterValue", launch, UserData="x" * 16385)
    refused("InvalidParameterValue", launch, InstanceInitiatedShutdownBehavior="hibernate")


@test
def reservations():
    """Instances launched together are of one reservation, numbered; each has an address of its own"""
    run = ec2.run_instances(ImageId=IMAGE, MinCount=3, MaxCount=3, InstanceType="t3.micro")
    assert [i["AmiLaunchIndex"] for i in run["Instances"]] == [0, 1, 2]
    assert len({i["PrivateIpAddress"] for i in run["Instances"]}) == 3
    found = ec2.describe_instances(Filters=[{"Name": "reservation-id", "Values": [run["ReservationId"]]}])["Reservations"]
    assert [r["ReservationId"] for r in found] == [run["ReservationId"]]
    seen = [r["ReservationId"] for r in ec2.describe_instances()["Reservations"]]
    assert len(seen) == len(set(seen)) > 1, "each once"
    assert {i["InstanceId"] for i in found[0]["Instances"]} == {i["InstanceId"] for i in run["Instances"]}


@test
def instance_types():
    """DescribeInstanceTypes and DescribeInstanceTypeOfferings: by filter, page and place"""
    got = ec2.describe_instance_types(InstanceTypes=["t3.micro"])["InstanceTypes"][0]
    assert got["MemoryInfo"]["SizeInMiB"] == 1024 and got["ProcessorInfo"]["SupportedArchitectures"] == ["x86_64"]
    assert got["VCpuInfo"]["DefaultVCpus"] == 2 and got["EbsInfo"]["EncryptionSupport"] == "supported"
    refused("InvalidInstanceType", ec2.describe_instance_types, InstanceTypes=["t9.huge"])
    arm = [t["InstanceType"] for page in ec2.get_paginator("describe_instance_types").paginate(
        Filters=[{"Name": "processor-info.supported-architecture", "Values": ["arm64"]}], MaxResults=5)
        for t in page["InstanceTypes"]]
    assert "t4g.micro" in arm and "t3.micro" not in arm
    zones = ec2.get_paginator("describe_instance_type_offerings").paginate(
        LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": ["t3.*"]}], PaginationConfig={"PageSize": 5})
    seen = [(o["Location"], o["InstanceType"]) for page in zones for o in page["InstanceTypeOfferings"]]
    assert len(seen) == len(set(seen)) == 15 and ("us-east-1c", "t3.micro") in seen


@test
def tags_around():
    """Tags of key pairs, groups, VPCs, subnets and interfaces, by CreateTags and in DescribeTags"""
    ids = [ec2.describe_key_pairs()["KeyPairs"][0]["KeyPairId"], group("tagged"), ec2.describe_vpcs()["Vpcs"][0]["VpcId"],
           ec2.describe_subnets()["Subnets"][0]["SubnetId"],
           ec2.describe_network_interfaces()["NetworkInterfaces"][0]["NetworkInterfaceId"]]
    ec2.create_tags(Resources=ids, Tags=[{"Key": "around", "Value": "yes"}])
    got = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["around"]}])["Tags"]
    assert {t["ResourceId"]: t["ResourceType"] for t in got} == dict(
        zip(ids, ("key-pair", "security-group", "vpc", "subnet", "network-interface")))
    yes = [{"Name": "tag:around", "Values": ["yes"]}]
    assert ec2.describe_network_interfaces(Filters=yes)["NetworkInterfaces"][0]["TagSet"] == [{"Key": "around", "Value": "yes"}]
    assert len(ec2.describe_subnets(Filters=yes)["Subnets"]) == len(ec2.describe_vpcs(Filters=yes)["Vpcs"]) == 1


@test
def options_of_a_launch():
    """RunInstances: metadata options, tenancy and CPU credits are shown where AWS shows them; what is not there is refused"""
    def run(**kw):
        return ec2.run_instances(**{"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro", **kw})["Instances"][0]

    def service(told):
        return {k: told["MetadataOptions"][k] for k in ("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "InstanceMetadataTags")}
    plain = run()
    assert service(plain) == {"HttpTokens": "optional", "HttpPutResponseHopLimit": 1, "HttpEndpoint": "enabled", "InstanceMetadataTags": "disabled"}
    assert plain["Placement"]["Tenancy"] == "default" and plain["MetadataOptions"]["State"] == "applied"
    said = {"HttpTokens": "required", "HttpPutResponseHopLimit": 3, "HttpEndpoint": "disabled", "InstanceMetadataTags": "enabled"}
    told = run(MetadataOptions=said, Placement={"Tenancy": "dedicated"}, CreditSpecification={"CpuCredits": "standard"})
    shown = ec2.describe_instances(InstanceIds=[told["InstanceId"]])["Reservations"][0]["Instances"][0]
    for i in told, shown:
        assert service(i) == said and i["Placement"]["Tenancy"] == "dedicated"
    found = ec2.describe_instances(Filters=[{"Name": "tenancy", "Values": ["dedicated"]}, {"Name": "metadata-options.http-tokens", "Values": ["required"]}])
    assert [i["InstanceId"] for r in found["Reservations"] for i in r["Instances"]] == [told["InstanceId"]]
    other, old = run(InstanceType="m5.large"), run(InstanceType="t2.micro")
    asked = {i["InstanceId"]: w for i, w in ((plain, "unlimited"), (told, "standard"), (old, "standard"))}
    got = ec2.describe_instance_credit_specifications(InstanceIds=list(asked))["InstanceCreditSpecifications"]
    assert {c["InstanceId"]: c["CpuCredits"] for c in got} == asked
    whole = ec2.describe_instance_credit_specifications()["InstanceCreditSpecifications"]
    assert {c["CpuCredits"] for c in whole} == {"unlimited"} and plain["InstanceId"] in [c["InstanceId"] for c in whole]
    refused("InvalidInstanceID", ec2.describe_instance_credit_specifications, InstanceIds=[other["InstanceId"]])
    refused("InvalidInstanceID.NotFound", ec2.describe_instance_credit_specifications, InstanceIds=["i-0b00000000000000f"])
    for code, kw in (("InvalidLaunchTemplateId.NotFound", {"LaunchTemplate": {"LaunchTemplateId": "lt-0b00000000000000f"}}),
                     ("InvalidLaunchTemplateName.NotFoundException", {"LaunchTemplate": {"LaunchTemplateName": "none"}}),
                     ("InvalidPlacementGroup.Unknown", {"Placement": {"GroupName": "none"}}),
                     ("InvalidParameterValue", {"Placement": {"Tenancy": "shared"}}),
                     ("InvalidParameterValue", {"MetadataOptions": {"HttpTokens": "no"}}),
                     ("InvalidParameterValue", {"MetadataOptions": {"HttpPutResponseHopLimit": 65}}),
                     ("InvalidParameterValue", {"CreditSpecification": {"CpuCredits": "many"}})):
        refused(code, run, **kw)
    ec2.terminate_instances(InstanceIds=[i["InstanceId"] for i in (plain, told, other, old)])


@test
def images_that_ask_for_tokens():
    """An image with ImdsSupport v2.0 is launched with HttpTokens required and two hops, unless the launch says otherwise"""
    image = ec2.copy_image(Name="with tokens", SourceImageId=IMAGE, SourceRegion="us-east-1")["ImageId"]
    query("ModifyImageAttribute", **{"ImageId": image, "ImdsSupport.Value": "v2.0"})
    for kw, wanted in (({}, ("required", 2)), ({"MetadataOptions": {"HttpTokens": "optional"}}, ("optional", 2))):
        got = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, **kw)["Instances"][0]
        assert (got["MetadataOptions"]["HttpTokens"], got["MetadataOptions"]["HttpPutResponseHopLimit"]) == wanted
        ec2.terminate_instances(InstanceIds=[got["InstanceId"]])
    ec2.deregister_image(ImageId=image)

main()
