/* api_ec2_instance_state.c - rows of the EC2 actions on an instance's state. Source: the
 * ec2/2016-11-15 service model. */
#include "aws/api_types.h"

static const struct lnm_type instance_id_string_list_in = LNM_ITEMS("InstanceId", lnm_type_string);

static const struct lnm_member start_instances_in_members[] = {
    LNM_IN("additional_info", "AdditionalInfo", lnm_type_string, 0, "reserved"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("instance_ids", "InstanceId", instance_id_string_list_in, LNM_REQUIRED, "instances"),
};
static const struct lnm_type start_instances_in = LNM_FIELDS(start_instances_in_members);

static const struct lnm_member instance_state_change_out_members[] = {
    LNM_OUT("current_state", "currentState", lnm_ec2_instance_state_out),
    LNM_OUT("instance_id", "instanceId", lnm_type_string),
    LNM_OUT("previous_state", "previousState", lnm_ec2_instance_state_out),
};
static const struct lnm_type instance_state_change_out =
    LNM_FIELDS(instance_state_change_out_members);

static const struct lnm_type instance_state_change_list_out =
    LNM_ITEMS("item", instance_state_change_out);

static const struct lnm_member start_instances_out_members[] = {
    LNM_OUT("starting_instances", "instancesSet", instance_state_change_list_out),
};
static const struct lnm_type start_instances_out = LNM_FIELDS(start_instances_out_members);

static const struct lnm_member stop_instances_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("force", "Force", lnm_type_boolean, 0, "even if it does not answer"),
    LNM_IN("hibernate", "Hibernate", lnm_type_boolean, 0, "keep the memory"),
    LNM_IN("instance_ids", "InstanceId", instance_id_string_list_in, LNM_REQUIRED, "instances"),
    LNM_IN("skip_os_shutdown", "SkipOsShutdown", lnm_type_boolean, 0,
           "do not shut the system down first"),
};
static const struct lnm_type stop_instances_in = LNM_FIELDS(stop_instances_in_members);

static const struct lnm_member stop_instances_out_members[] = {
    LNM_OUT("stopping_instances", "instancesSet", instance_state_change_list_out),
};
static const struct lnm_type stop_instances_out = LNM_FIELDS(stop_instances_out_members);

const struct lnm_operation lnm_ec2_instance_state_operations[LNM_EC2_INSTANCE_STATE_COUNT] = {
    {"StartInstances", &lnm_ec2, &start_instances_in, &start_instances_out,
     LNM_MUTATES | LNM_REPEATABLE, "start stopped instances"},
    {"StopInstances", &lnm_ec2, &stop_instances_in, &stop_instances_out,
     LNM_MUTATES | LNM_REPEATABLE, "stop instances"},
};
