#!/usr/bin/python3
"""Compare the operation rows with the service models that botocore carries.

The rows are printed by tests/unit/dump_rows.c, built here from the row files alone. For each side
of each action every member must have the model's name in snake_case, wire name, kind and required
mark, and every member of the model must have its row, unless it is left out below by name.
"""
import os
import subprocess
import sys
import tempfile

import botocore
import botocore.session
from botocore import xform_name

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KINDS = {"string": "string", "character": "string", "integer": "integer", "long": "integer",
         "float": "float", "double": "float", "boolean": "boolean", "timestamp": "timestamp",
         "blob": "blob", "list": "list", "structure": "struct", "map": "map"}

# Enumerations of so many words are not listed in the rows, nor those of OPEN, which other actions narrow.
MANY = 30
OPEN = ("attribute", "instance_type", "resource_type")

# The newest model that the rows were compared with; what later ones add is not asked for.
KNOWN = (1, 43)

# Members of the models that have no row on purpose: networking, placement on special hardware and
# what only other AWS services use. A name stands for all below it.
PLACEMENT = """
    placement.affinity placement.group_id placement.host_id
    placement.host_resource_group_arn placement.partition_number placement.spread_domain
""".split()
INTERFACE = """
    association.carrier_ip association.customer_owned_ip attachment.ena_queue_count
    attachment.ena_srd_specification connection_tracking_configuration ipv4_prefixes ipv6_addresses
    ipv6_prefixes operator
""".split()
INSTANCE = PLACEMENT + ["network_interfaces[]." + name for name in INTERFACE + [
    "attachment.network_card_index", "private_ip_addresses[].association"]] + """
    capacity_block_id capacity_reservation_id capacity_reservation_specification cpu_options
    current_instance_boot_mode elastic_gpu_associations elastic_inference_accelerator_associations
    enclave_options hibernation_options instance_lifecycle ipv6_address kernel_id licenses
    maintenance_options network_performance_options operator
    outpost_arn private_dns_name_options product_codes ramdisk_id secondary_interfaces
    spot_instance_request_id sriov_net_support tpm_support usage_operation_update_time
    block_device_mappings[].ebs.associated_resource block_device_mappings[].ebs.ebs_card_index
    block_device_mappings[].ebs.operator block_device_mappings[].ebs.volume_owner_id
""".split()
IAM = ["password_last_used", "role_last_used", "tags"]
LEFT_OUT = {
    "ec2 CreateVolume in": ["operator"],
    "ec2 CreateVolume out": ["operator"],
    "ec2 DescribeVolumes in": ["include_managed_resources"],
    "ec2 DescribeVolumes out": ["volumes[].operator"],
    "ec2 DescribeInstances in": ["include_managed_resources"],
    "ec2 DescribeInstances out": ["reservations[].instances[]." + name for name in INSTANCE],
    "ec2 RunInstances out": ["instances[]." + name for name in INSTANCE],
    "ec2 RunInstances in": PLACEMENT + """
        additional_info capacity_reservation_specification cpu_options elastic_gpu_specification elastic_inference_accelerators
        enable_primary_ipv6 enclave_options hibernation_options instance_market_options
        ipv6_address_count ipv6_addresses kernel_id license_specifications maintenance_options
        network_performance_options operator private_dns_name_options ramdisk_id secondary_interfaces
    """.split() + ["network_interfaces[]." + name for name in """
        associate_carrier_ip_address connection_tracking_specification ena_queue_count
        ena_srd_specification interface_type ipv4_prefix_count ipv4_prefixes ipv6_address_count
        ipv6_addresses ipv6_prefix_count ipv6_prefixes network_card_index primary_ipv6
        private_ip_addresses secondary_private_ip_address_count
    """.split()],
    "ec2 DescribeAvailabilityZones out": [
        "availability_zones[]." + name for name in ("geography", "group_long_name",
                                                    "sub_geography")],
    "ec2 DescribeRegions out": ["regions[].geography"],
    "ec2 DescribeVolumesModifications out": ["volumes_modifications[].operator"],
    "ec2 ModifyVolume out": ["volume_modification.operator"],
    "ec2 DescribeInstanceAttribute out": [
        "block_device_mappings[].ebs." + name for name in (
            "associated_resource", "ebs_card_index", "operator", "volume_owner_id")],
    "ec2 DescribeInstanceStatus in": ["include_managed_resources"],
    "ec2 DescribeInstanceStatus out": ["instance_statuses[].operator"],
    "ec2 AuthorizeSecurityGroupEgress out": ["security_group_rules[].security_group_rule_arn"],
    "ec2 AuthorizeSecurityGroupIngress out": ["security_group_rules[].security_group_rule_arn"],
    "ec2 DescribeSecurityGroupRules out": ["security_group_rules[].security_group_rule_arn"],
    "ec2 RevokeSecurityGroupEgress out": ["revoked_security_group_rules"],
    "ec2 RevokeSecurityGroupIngress out": ["revoked_security_group_rules"],
    "ec2 DescribeInstanceTypes in": ["include_unsupported_in_region"],
    "ec2 DescribeInstanceTypes out": ["instance_types[]." + name for name in """
        auto_recovery_supported dedicated_hosts_supported ebs_info.attachment_limit_type
        ebs_info.ebs_cards ebs_info.ebs_optimized_info ebs_info.maximum_ebs_attachments
        ebs_info.maximum_ebs_cards fpga_info gpu_info inference_accelerator_info
        instance_storage_info media_accelerator_info network_info.bandwidth_weightings
        network_info.connection_tracking_configuration network_info.default_network_card_index
        network_info.efa_info network_info.efa_supported network_info.ena_srd_supported
        network_info.encryption_in_transit_supported network_info.flexible_ena_queues_support
        network_info.ipv4_addresses_per_secondary_interface network_info.maximum_network_cards
        network_info.maximum_secondary_network_interfaces network_info.network_cards
        network_info.secondary_network_supported neuron_info nitro_enclaves_support
        nitro_tpm_info nitro_tpm_support phc_support placement_group_info
        processor_info.manufacturer processor_info.supported_features
        processor_info.sustained_clock_speed_in_ghz reboot_migration_support supported_in_region
        v_cpu_info.valid_cores v_cpu_info.valid_threads_per_core
    """.split()],
    "ec2 DescribeNetworkInterfaces in": ["include_managed_resources"],
    "ec2 DescribeNetworkInterfaces out": ["network_interfaces[]." + name for name in INTERFACE + """
        associated_subnets association.allocation_id association.association_id availability_zone_id
        deny_all_igw_traffic ipv6_address ipv6_native outpost_arn private_ip_addresses
        public_dns_name public_ip_dns_name_options requester_id
    """.split()],
    "ec2 DescribeSubnets out": ["subnets[]." + name for name in """
        block_public_access_states customer_owned_ipv4_pool enable_dns64 enable_lni_at_device_index
        ipv6_cidr_block_association_set ipv6_native map_customer_owned_ip_on_launch outpost_arn
        private_dns_name_options_on_launch type
    """.split()],
    "ec2 DescribeVpcs out": ["vpcs[]." + name for name in (
        "block_public_access_states", "cidr_block_association_set[].cidr_block_state.status_message",
        "encryption_control", "ipv6_cidr_block_association_set")],
    "sts AssumeRole in": ["provided_contexts"],
    "iam CreateUser in": ["tags"],
    "iam CreateUser out": ["user." + name for name in IAM],
    "iam GetUser out": ["user." + name for name in IAM],
    "iam ListUsers out": ["users[]." + name for name in IAM],
    "iam CreateRole in": ["tags"],
    "iam CreatePolicy in": ["tags"],
    "iam CreatePolicy out": ["policy.tags"],
    "iam GetPolicy out": ["policy.tags"],
    "iam ListPolicies in": ["policy_usage_filter"],
    "iam ListPolicies out": ["policies[].tags"],
    "iam CreateRole out": ["role." + name for name in IAM],
    "iam GetRole out": ["role." + name for name in IAM],
    "iam ListRoles out": ["roles[]." + name for name in IAM],
    "iam CreateOpenIDConnectProvider in": ["tags"],
    "iam CreateOpenIDConnectProvider out": ["tags"],
    "iam GetOpenIDConnectProvider out": ["tags"],
    "kms Decrypt in": ["dry_run_modifiers", "recipient"],
    "kms Decrypt out": ["ciphertext_for_recipient"],
    "kms GenerateDataKey in": ["recipient"],
    "kms GenerateDataKey out": ["ciphertext_for_recipient"],
    "kms GenerateRandom in": ["recipient"],
    "kms GenerateRandom out": ["ciphertext_for_recipient"],
    "kms ReEncrypt in": ["dry_run_modifiers"],
}

# Required in one model and not in another (newer ones offer availability_zone_id beside it).
EITHER = {("ec2 CreateVolume in", "availability_zone"),
          ("ec2 CreateSnapshots in", "instance_specification.instance_id"),
          ("kms GetKeyPolicy in", "policy_name"), ("kms PutKeyPolicy in", "policy_name"),
          ("iam CreateOpenIDConnectProvider in", "thumbprint_list"),
          ("kms Decrypt in", "ciphertext_blob"), ("kms ReEncrypt in", "ciphertext_blob")}

# Actions younger than some model that this may run with.
YOUNGER = {"DisableImage", "EnableImage", "DisableImageDeregistrationProtection",
           "EnableImageDeregistrationProtection", "RotateKeyOnDemand"}

# Members younger than some model that this may run with, as the newest known model has them.
NEWER = """
kms GetKeyRotationStatus out
    key_id KeyId string
    next_rotation_date NextRotationDate timestamp
    on_demand_rotation_start_date OnDemandRotationStartDate timestamp
    rotation_period_in_days RotationPeriodInDays integer
ebs StartSnapshot out
    sse_type SseType string
ec2 CopyImage,CopySnapshot in
    destination_availability_zone DestinationAvailabilityZone string
ec2 CopyImage in
    destination_availability_zone_id DestinationAvailabilityZoneId string
    snapshot_copy_completion_duration_minutes SnapshotCopyCompletionDurationMinutes integer
ec2 CopyImage,RegisterImage in
    tag_specifications TagSpecification list
    tag_specifications[] item struct
    tag_specifications[].resource_type ResourceType string
    tag_specifications[].tags Tag list
    tag_specifications[].tags[] item struct
    tag_specifications[].tags[].key Key string
    tag_specifications[].tags[].value Value string
ec2 CreateImage,RegisterImage,RunInstances in
    block_device_mappings[].ebs.availability_zone AvailabilityZone string
    block_device_mappings[].ebs.availability_zone_id AvailabilityZoneId string
    block_device_mappings[].ebs.ebs_card_index EbsCardIndex integer
    block_device_mappings[].ebs.volume_initialization_rate VolumeInitializationRate integer
ec2 CreateImage in
    snapshot_location SnapshotLocation string
ec2 DeregisterImage in
    delete_associated_snapshots DeleteAssociatedSnapshots boolean
ec2 DeregisterImage out
    delete_snapshot_results deleteSnapshotResultSet list
    delete_snapshot_results[] item struct
    delete_snapshot_results[].return_code returnCode string
    delete_snapshot_results[].snapshot_id snapshotId string
    return return boolean
ec2 DescribeImages in
    include_disabled IncludeDisabled boolean
    max_results MaxResults integer
    next_token NextToken string
ec2 DescribeImages out
    images[].block_device_mappings[].ebs.availability_zone availabilityZone string
    images[].block_device_mappings[].ebs.availability_zone_id AvailabilityZoneId string
    images[].block_device_mappings[].ebs.ebs_card_index EbsCardIndex integer
    images[].block_device_mappings[].ebs.volume_initialization_rate VolumeInitializationRate integer
    images[].deregistration_protection deregistrationProtection string
    images[].free_tier_eligible freeTierEligible boolean
    images[].image_allowed imageAllowed boolean
    images[].last_launched_time lastLaunchedTime string
    images[].source_image_id sourceImageId string
    images[].source_image_region sourceImageRegion string
    images[].source_instance_id sourceInstanceId string
    next_token nextToken string
ec2 ModifyImageAttribute in
    imds_support ImdsSupport struct
    imds_support.value Value string
ec2 CopySnapshot in
    completion_duration_minutes CompletionDurationMinutes integer
ec2 CreateSnapshot in
    location Location string
ec2 CreateSnapshot out
    availability_zone availabilityZone string
    completion_duration_minutes completionDurationMinutes integer
    completion_time completionTime timestamp
    full_snapshot_size_in_bytes fullSnapshotSizeInBytes integer
    transfer_type transferType string
ec2 CreateSnapshot,CreateVolume,GetEbsEncryptionByDefault out
    sse_type sseType string
ec2 DescribeSnapshots out
    snapshots[].availability_zone availabilityZone string
    snapshots[].completion_duration_minutes completionDurationMinutes integer
    snapshots[].completion_time completionTime timestamp
    snapshots[].full_snapshot_size_in_bytes fullSnapshotSizeInBytes integer
    snapshots[].sse_type sseType string
    snapshots[].transfer_type transferType string
ec2 AttachVolume in
    ebs_card_index EbsCardIndex integer
ec2 AttachVolume,DetachVolume out
    associated_resource associatedResource string
    ebs_card_index ebsCardIndex integer
    instance_owning_service instanceOwningService string
ec2 CreateVolume in
    availability_zone_id AvailabilityZoneId string
    volume_initialization_rate VolumeInitializationRate integer
ec2 CreateVolume out
    attachments[].associated_resource associatedResource string
    attachments[].ebs_card_index ebsCardIndex integer
    attachments[].instance_owning_service instanceOwningService string
    availability_zone_id availabilityZoneId string
    source_volume_id sourceVolumeId string
    volume_initialization_rate volumeInitializationRate integer
ec2 RunInstances in
    placement.availability_zone_id AvailabilityZoneId string
ec2 RunInstances out
    instances[].placement.availability_zone_id availabilityZoneId string
ec2 DescribeInstances out
    reservations[].instances[].placement.availability_zone_id availabilityZoneId string
ec2 DescribeInstanceStatus out
    instance_statuses[].availability_zone_id availabilityZoneId string
ec2 DescribeVolumes out
    volumes[].attachments[].associated_resource associatedResource string
    volumes[].attachments[].ebs_card_index ebsCardIndex integer
    volumes[].attachments[].instance_owning_service instanceOwningService string
    volumes[].availability_zone_id availabilityZoneId string
    volumes[].source_volume_id sourceVolumeId string
    volumes[].sse_type sseType string
    volumes[].volume_initialization_rate volumeInitializationRate integer
ec2 TerminateInstances in
    force Force boolean
    skip_os_shutdown SkipOsShutdown boolean
ec2 DescribeImageAttribute out
    block_device_mappings[].ebs.availability_zone availabilityZone string
    block_device_mappings[].ebs.availability_zone_id AvailabilityZoneId string
    block_device_mappings[].ebs.ebs_card_index EbsCardIndex integer
    block_device_mappings[].ebs.volume_initialization_rate VolumeInitializationRate integer
    deregistration_protection deregistrationProtection struct
    deregistration_protection.value value string
ec2 CreateSnapshots in
    location Location string
ec2 CreateSnapshots out
    snapshots[].availability_zone availabilityZone string
    snapshots[].sse_type sseType string
ec2 StopInstances in
    skip_os_shutdown SkipOsShutdown boolean
ec2 DescribeInstanceStatus out
    instance_statuses[].attached_ebs_status attachedEbsStatus struct
    instance_statuses[].attached_ebs_status.details details list
    instance_statuses[].attached_ebs_status.details[] item struct
    instance_statuses[].attached_ebs_status.details[].impaired_since impairedSince timestamp
    instance_statuses[].attached_ebs_status.details[].name name string
    instance_statuses[].attached_ebs_status.details[].status status string
    instance_statuses[].attached_ebs_status.status status string
ec2 DeleteKeyPair out
    key_pair_id keyPairId string
    return return boolean
ec2 DeleteSecurityGroup out
    group_id groupId string
    return return boolean
ec2 CreateSecurityGroup out
    security_group_arn securityGroupArn string
ec2 DescribeSecurityGroups out
    security_groups[].security_group_arn securityGroupArn string
kms CreateGrant,RetireGrant,RevokeGrant in
kms CreateGrant,RetireGrant,RevokeGrant,Encrypt,Decrypt,ReEncrypt in
    dry_run DryRun boolean
kms GenerateDataKey,GenerateDataKeyWithoutPlaintext in
    dry_run DryRun boolean
kms Decrypt,GenerateDataKey,GenerateDataKeyWithoutPlaintext out
    key_material_id KeyMaterialId string
kms ReEncrypt out
    destination_key_material_id DestinationKeyMaterialId string
    source_key_material_id SourceKeyMaterialId string
kms EnableKeyRotation in
    rotation_period_in_days RotationPeriodInDays integer
kms ReplicateKey out
    replica_key_metadata.current_key_material_id CurrentKeyMaterialId string
    replica_key_metadata.key_agreement_algorithms KeyAgreementAlgorithms list
    replica_key_metadata.key_agreement_algorithms[] member string
kms GetKeyPolicy out
    policy_name PolicyName string
kms CreateKey,DescribeKey out
    key_metadata.current_key_material_id CurrentKeyMaterialId string
    key_metadata.key_agreement_algorithms KeyAgreementAlgorithms list
    key_metadata.key_agreement_algorithms[] member string
"""


def dump_rows():
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "dump_rows")
        rows = os.path.join(ROOT, "runtime", "aws")
        sources = [os.path.join(rows, f) for f in sorted(os.listdir(rows)) if f.startswith("api") and f.endswith(".c")]
        subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-D_GNU_SOURCE",
                        "-I" + os.path.join(ROOT, "runtime"),
                        os.path.join(ROOT, "tests", "unit", "dump_rows.c"), *sources,
                        "-o", program], check=True)
        return subprocess.run([program], check=True, stdout=subprocess.PIPE,
                              universal_newlines=True).stdout


class Member(tuple):
    """(wire, kind, required, place), and the words that it may be."""
    def __new__(cls, values, words):
        member = super().__new__(cls, values)
        member.words = set(words.split("|")) if words != "-" else set()
        return member


def parse(text):
    """{"service action in|out": {path: (wire, kind, required, place)}}, and for a side "route" of
    REST actions {"route": (method, path, status)}"""
    sides = {}
    for line in text.splitlines():
        if line.split(" ")[2] == "route":
            service, action, side, *route = line.split(" ")
            sides["%s %s %s" % (service, action, side)] = {"route": tuple(route)}
            continue
        service, action, side, path, wire, kind, required, place, words = line.split(" ")
        members = sides.setdefault("%s %s %s" % (service, action, side), {})
        if path in members:
            raise SystemExit("twice: " + line)
        members[path] = Member((wire, kind, required == "required", place), words)
    return sides


def wire_name(protocol, side, name, shape):
    """What a struct's member is called on the wire."""
    s = shape.serialization
    if protocol in ("json", "rest-json"):
        return s.get("name", name)
    if protocol == "ec2" and side == "in":
        if "queryName" in s:
            return s["queryName"]
        given = s.get("name")
        return given[0].upper() + given[1:] if given else name
    return s.get("name", name)


def item_name(protocol, shape):
    given = shape.member.serialization.get("name")
    return given or ("item" if protocol == "ec2" else "member")


def place(shape, name, member):
    """Where a member of a request or an answer stands."""
    payload = shape.serialization.get("payload") == name
    return "payload" if payload else member.serialization.get("location", "body")


def walk(members, protocol, side, path, shape):
    """Add what the model says below `shape` to members."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            below = (path + "." if path else "") + xform_name(name)
            members[below] = Member((wire_name(protocol, side, name, member), KINDS[member.type_name],
                                     side == "in" and name in shape.required_members,
                                     place(shape, name, member)),
                                    "|".join(getattr(member, "enum", ())) or "-")
            walk(members, protocol, side, below, member)
    elif shape.type_name == "list":
        members[path + "[]"] = (item_name(protocol, shape), KINDS[shape.member.type_name], False,
                                "body")
        walk(members, protocol, side, path + "[]", shape.member)
    elif shape.type_name == "map":
        members[path + "{}"] = ("value", KINDS[shape.value.type_name], False, "body")
        walk(members, protocol, side, path + "{}", shape.value)


def modelled(model, action, side):
    operation = model.operation_model(action)
    if side == "route":
        http = operation.http
        return {"route": (http["method"], http["requestUri"], str(http.get("responseCode", 200)))}
    shape = operation.input_shape if side == "in" else operation.output_shape
    members = {".": ("-", "struct", False, "body")}
    if shape is not None:
        walk(members, model.metadata["protocol"], side, "", shape)
    return members


def younger():
    """{(side, path): (wire, kind, False, "body")} of NEWER; a side is "service action in|out"."""
    members, sides = {}, []
    for line in NEWER.strip().splitlines():
        words = line.split()
        if not line.startswith(" "):
            sides = ["%s %s %s" % (words[0], action, words[2]) for action in words[1].split(",")]
        else:
            members.update({(side, words[0]): (words[1], words[2], False, "body") for side in sides})
    return members


def left_out(side, path):
    return any(path == name or path.startswith((name + ".", name + "["))
               for name in LEFT_OUT.get(side, ()))


def differences(side, rows, model, newer):
    complete = tuple(int(n) for n in botocore.__version__.split(".")[:2]) <= KNOWN
    for path in sorted(rows.keys() | model.keys()):
        expected = model.get(path) or newer.get((side, path))
        row = rows.get(path)
        if expected is None:
            yield "%s: not in the model" % path
        elif row is None:
            if complete and not left_out(side, path):
                yield "%s: no row, the model has %s %s" % (path, *expected[:2])
        elif (row[:2] + row[3:] != expected[:2] + expected[3:] or
              (row[2] != expected[2] and (side, path) not in EITHER)):
            yield "%s: row %s, model %s" % (path, row, expected)


def wrong_words(side, rows, model):
    """Requests' members that may be a few words: those of the newest known model, all that older ones have."""
    version = tuple(int(n) for n in botocore.__version__.split(".")[:2])
    for path, row in sorted(rows.items()):
        words = getattr(model.get(path), "words", set())
        if not side.endswith(" in") or len(words) > MANY or path.split(".")[-1] in OPEN:
            continue
        if version <= KNOWN and words - row.words:
            yield "%s: words %s are missing" % (path, sorted(words - row.words))
        if version >= KNOWN and path in model and row.words - words:
            yield "%s: words %s are not in the model" % (path, sorted(row.words - words))


def main():
    session = botocore.session.Session()
    newer = younger()
    sides = parse(dump_rows())
    failed = 0
    print("# botocore " + botocore.__version__)
    for n, (side, rows) in enumerate(sides.items(), 1):
        service, action, direction = side.split(" ")
        service_model = session.get_service_model(service)
        if action in YOUNGER and action not in service_model.operation_names:
            print("ok %d - %s: younger than this model" % (n, side))
            continue
        model = modelled(service_model, action, direction)
        found = [*differences(side, rows, model, newer), *wrong_words(side, rows, model)]
        print("%s %d - %s: %d members" % ("not ok" if found else "ok", n, side, len(rows)))
        for line in found:
            print("#   " + line)
        failed += bool(found)
    lost = sorted(key for key in newer if key[1] not in sides.get(key[0], {}))
    for n, (side, path) in enumerate(lost, len(sides) + 1):
        print("not ok %d - %s: no row for %s" % (n, side, path))
    print("1..%d" % (len(sides) + len(lost)))
    return 1 if failed or lost else 0


if __name__ == "__main__":
    sys.exit(main())
