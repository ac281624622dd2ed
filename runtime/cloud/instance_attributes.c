/* instance_attributes.c - DescribeInstanceAttribute, ModifyInstanceAttribute: one at a time. */
#include "cloud/capacity.h"
#include "cloud/network.h"

#include "base/text.h"

/* How an attribute is kept, told and changed. */
struct attribute {
    const char *name, *member;
    const char *select, *update; /* NULL: not here */
    enum { TEXT, FLAG, MISSING } kind;
    bool stopped; /* it changes only while the instance is stopped */
};

#define SELECT(column) "SELECT " column " FROM instances WHERE id = ?1"
#define UPDATE(column) "UPDATE instances SET " column " = ?2 WHERE id = ?1"
static const struct attribute attributes[] = {
    {"disableApiStop", "disable_api_stop", SELECT("stop_protected"), UPDATE("stop_protected"), FLAG,
     false},
    {"disableApiTermination", "disable_api_termination", SELECT("protected"), UPDATE("protected"),
     FLAG, false},
    {"ebsOptimized", "ebs_optimized", SELECT("ebs_optimized"), UPDATE("ebs_optimized"), FLAG, true},
    {"enaSupport", "ena_support",
     "SELECT ena FROM images WHERE id = (SELECT image FROM instances WHERE id = ?1)", NULL, FLAG,
     true},
    {"instanceInitiatedShutdownBehavior", "instance_initiated_shutdown_behavior",
     SELECT("coalesce(shutdown, 'stop')"), UPDATE("shutdown"), TEXT, false},
    {"instanceType", "instance_type", SELECT("type"), UPDATE("type"), TEXT, true},
    {"kernel", "kernel_id", NULL, NULL, MISSING, true},
    {"ramdisk", "ramdisk_id", NULL, NULL, MISSING, true},
    {"rootDeviceName", "root_device_name", SELECT("root_device"), NULL, TEXT, false},
    {"sourceDestCheck", "source_dest_check", SELECT("coalesce(no_source_check, 0) = 0"),
     "UPDATE instances SET no_source_check = 1 - ?2 WHERE id = ?1", FLAG, false},
    {"sriovNetSupport", "sriov_net_support", NULL, NULL, MISSING, true},
    {"userData", "user_data", SELECT("user_data"), UPDATE("user_data"), TEXT, true}};
#define ATTRIBUTES (sizeof attributes / sizeof attributes[0])

static const struct attribute *find_attribute(struct lnm_str name) {
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        if (lnm_str_is(name, attributes[i].name)) {
            return &attributes[i];
        }
    }
    return NULL;
}

static int find_instance(struct lnm_cloud_request *r, struct lnm_cloud_instance *out) {
    struct lnm_str id = lnm_cloud_param(r, "instance_id");
    return lnm_instance_get(r, id, out) ? 0 : lnm_instance_not_found(r, id);
}

/* ---- telling -----------------------------------------------------------------------------------
 */
static void show_value(struct lnm_cloud_request *r, const struct attribute *a, const char *id) {
    lnm_record_enter(&r->out, a->member);
    sqlite3_stmt *s = a->select != NULL ? lnm_store_query(r->cloud, a->select, "t", id) : NULL;
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        if (a->kind == FLAG) {
            lnm_record_set_bool(&r->out, "value", lnm_store_int(s, 0) != 0);
        } else if (lnm_store_text(s, 0)[0] != '\0') {
            lnm_record_setz(&r->out, "value", lnm_store_text(s, 0));
        }
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    lnm_record_close(&r->out);
}

static int describe(struct lnm_cloud_request *r) {
    struct lnm_cloud_instance i;
    struct lnm_str wanted = lnm_cloud_param(r, "attribute");
    const struct attribute *a = find_attribute(wanted);
    if (find_instance(r, &i) < 0) {
        return -1;
    }
    lnm_record_setz(&r->out, "instance_id", i.id);
    if (a != NULL) {
        show_value(r, a, i.id);
    } else if (lnm_str_is(wanted, "blockDeviceMapping")) {
        lnm_instance_show_volumes(r, i.id);
    } else if (lnm_str_is(wanted, "groupSet")) {
        lnm_interface_show_groups(r, i.id, "groups");
    } else if (lnm_str_is(wanted, "productCodes")) {
        lnm_record_enter(&r->out, "product_codes");
        lnm_record_close(&r->out);
    } else {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "Value (%.60s) for parameter attribute is invalid. Unknown "
                               "attribute.",
                               wanted.ptr);
    }
    return 0;
}

/* ---- changing ----------------------------------------------------------------------------------
 */

/* What the request changes: the attribute, or one of the lists; and to what. */
struct change {
    const struct attribute *attribute;
    struct lnm_str value;
    bool devices, groups;
    int count;
};

static const char *member_of(const struct attribute *a) {
    return strcmp(a->member, "kernel_id") == 0    ? "kernel"
           : strcmp(a->member, "ramdisk_id") == 0 ? "ramdisk"
                                                  : a->member;
}

static void read_change(struct lnm_cloud_request *r, struct change *c) {
    struct lnm_str name = lnm_cloud_param(r, "attribute");
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        const char *member = member_of(&attributes[i]);
        uint32_t node =
            strcmp(member, "root_device_name") != 0 ? lnm_record_find(&r->in, 0, member) : 0;
        if (node != 0) {
            c->attribute = &attributes[i];
            c->value = lnm_record_get(&r->in, node, "value");
            c->count++;
        }
    }
    c->devices = lnm_cloud_given(r, "block_device_mappings");
    c->groups = lnm_cloud_given(r, "groups");
    c->count += (c->devices ? 1 : 0) + (c->groups ? 1 : 0);
    if (name.len > 0 && c->count == 0) { /* the older form */
        c->attribute = find_attribute(name);
        c->value = lnm_cloud_param(r, "value");
        c->count = 1;
    }
}

static int check_change(struct lnm_cloud_request *r, const struct lnm_cloud_instance *i,
                        const struct change *c) {
    if (c->count != 1) {
        return lnm_cloud_raise(r, 400, "InvalidParameterCombination",
                               c->count == 0 ? "No attributes specified."
                                             : "Fields for multiple attribute types specified");
    }
    if (c->devices || c->groups) {
        return 0;
    }
    if (c->attribute == NULL || c->attribute->update == NULL) {
        struct lnm_str name = lnm_cloud_param(r, "attribute");
        return lnm_cloud_raise(r, 400,
                               c->attribute == NULL ? "InvalidParameterValue" : "Unsupported",
                               "The attribute %.60s cannot be changed",
                               c->attribute != NULL ? c->attribute->name : name.ptr);
    }
    return !c->attribute->stopped || strcmp(i->state, "stopped") == 0
               ? 0
               : lnm_cloud_raise(r, 400, "IncorrectInstanceState",
                                 "The instance '%s' is not in the 'stopped' state.", i->id);
}

static int bad_value(struct lnm_cloud_request *r, const struct change *c) {
    return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                           "Value (%.60s) for parameter %s is invalid.",
                           c->value.len > 0 ? c->value.ptr : "", c->attribute->name);
}

/* A type, and one that can hold what is attached. */
static int check_type(struct lnm_cloud_request *r, const char *id, const struct change *c) {
    char type[32];
    struct lnm_str family, size = lnm_str_cut(c->value, '.', &family);
    if (family.len == 0 || size.len == 0 || c->value.len >= sizeof type) {
        return bad_value(r, c);
    }
    lnm_take(type, sizeof type, c->value.ptr);
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT 1 FROM volumes WHERE instance = ?1 AND encrypted <> 0 LIMIT 1", "t", id);
    bool encrypted = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    (void)sqlite3_reset(s);
    return encrypted ? lnm_capacity_encrypts(r, type) : 0;
}

static int check_value(struct lnm_cloud_request *r, const char *id, const struct change *c) {
    struct lnm_buf plain = {.max = 16385};
    if (c->attribute->kind == FLAG) {
        return lnm_str_ieq(c->value, LNM_STR("true")) || lnm_str_ieq(c->value, LNM_STR("false"))
                   ? 0
                   : bad_value(r, c);
    }
    if (strcmp(c->attribute->name, "instanceType") == 0) {
        return check_type(r, id, c);
    }
    if (strcmp(c->attribute->name, "userData") == 0) {
        bool good = c->value.len == 0 || lnm_text_unbase64(&plain, c->value) == 0;
        good = good && plain.failed == 0;
        lnm_buf_free(&plain);
        return good ? 0 : bad_value(r, c);
    }
    return lnm_str_is(c->value, "stop") || lnm_str_is(c->value, "terminate") ? 0 : bad_value(r, c);
}

static int set_value(struct lnm_cloud_request *r, const char *id, const struct change *c) {
    if (check_value(r, id, c) < 0) {
        return -1;
    }
    int error = c->attribute->kind == FLAG
                    ? lnm_store_exec(r->cloud, c->attribute->update, "ti", id,
                                     (int64_t)lnm_str_ieq(c->value, LNM_STR("true")))
                    : lnm_store_exec(r->cloud, c->attribute->update, "ts", id, c->value);
    return error < 0 ? lnm_cloud_internal(r) : 0;
}

/* Whether the volume of a device goes with the instance. */
static int set_device(struct lnm_cloud_request *r, const char *id, uint32_t mapping) {
    char device[64] = "", volume[32] = "";
    struct lnm_str given = lnm_record_get(&r->in, mapping, "device_name");
    uint32_t ebs = lnm_record_find(&r->in, mapping, "ebs");
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT device, id FROM volumes WHERE instance = ?1 AND device = ?2", "ts", id,
        given);
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_take(device, sizeof device, lnm_store_text(s, 0));
        lnm_take(volume, sizeof volume, lnm_store_text(s, 1));
        (void)sqlite3_reset(s);
    }
    if (device[0] == '\0' || ebs == 0) {
        return lnm_cloud_raise(r, 400, "InvalidInstanceAttributeValue",
                               "No device is currently mapped at %.60s", given.ptr);
    }
    struct lnm_str said = lnm_record_get(&r->in, ebs, "volume_id");
    if (said.len > 0 && !lnm_str_is(said, volume)) {
        return lnm_cloud_raise(r, 400, "InvalidInstanceAttributeValue",
                               "The volume at %s is %s, not %.60s", device, volume, said.ptr);
    }
    return lnm_store_exec(
               r->cloud, "UPDATE volumes SET delete_on_termination = ?2 WHERE id = ?1", "ti",
               volume,
               (int64_t)lnm_record_get_bool(&r->in, ebs, "delete_on_termination", false)) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int set_devices(struct lnm_cloud_request *r, const char *id) {
    uint32_t list = lnm_record_find(&r->in, 0, "block_device_mappings");
    for (uint32_t m = lnm_record_first(&r->in, list); m != 0;
         m = lnm_record_next(&r->in, list, m)) {
        if (set_device(r, id, m) < 0) {
            return -1;
        }
    }
    return 0;
}

static int modify(struct lnm_cloud_request *r) {
    struct lnm_cloud_instance i;
    struct change c = {0};
    if (find_instance(r, &i) < 0) {
        return -1;
    }
    read_change(r, &c);
    if (check_change(r, &i, &c) < 0) {
        return -1;
    }
    return c.devices  ? set_devices(r, i.id)
           : c.groups ? lnm_interface_regroup(r, i.id, "groups")
                      : set_value(r, i.id, &c);
}

const struct lnm_cloud_action lnm_cloud_instance_attributes[] = {
    {"DescribeInstanceAttribute", describe}, {"ModifyInstanceAttribute", modify}, {NULL, NULL}};
