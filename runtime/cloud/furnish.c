/* furnish.c - what a new local cloud holds: a small account to try everything on.
 *
 * The ids are fixed and easy to tell from AWS's, so that documents and tests can name them. */
#include "cloud/access.h"
#include "cloud/furnish.h"
#include "cloud/images.h"
#include "cloud/network.h"

#include "base/clock.h"

#include <stdio.h>

#define DAY_US (INT64_C(86400) * 1000000)

struct furnished_device {
    const char *device, *snapshot;
    int64_t size;
    const char *key; /* alias, or NULL: not encrypted */
};

struct furnished_image {
    const char *id, *name, *description;
    int64_t age_days;
    struct furnished_device devices[3];
};

static const struct furnished_image images[] = {
    {"ami-0a000000000000001",
     "golden-2026-10",
     "golden image of October",
     30,
     {{"/dev/xvda", "snap-0a000000000000001", 8, NULL},
      {"/dev/sdf", "snap-0a000000000000002", 20, NULL}}},
    {"ami-0a000000000000002",
     "golden-2026-11",
     "golden image of November",
     2,
     {{"/dev/xvda", "snap-0a000000000000003", 8, NULL},
      {"/dev/sdf", "snap-0a000000000000004", 20, NULL}}},
    {"ami-0a000000000000003",
     "web-encrypted",
     "root volume under alias/one",
     10,
     {{"/dev/xvda", "snap-0a000000000000005", 8, "alias/one"}}},
    {"ami-0a000000000000004",
     "mixed",
     "plain root, encrypted data",
     20,
     {{"/dev/xvda", "snap-0a000000000000006", 8, NULL},
      {"/dev/sdf", "snap-0a000000000000007", 10, "alias/two"}}},
    {"ami-0a000000000000005",
     "box-default-key",
     "root volume under the default key",
     5,
     {{"/dev/xvda", "snap-0a000000000000008", 8, "alias/aws/ebs"}}},
    {"ami-0a000000000000006",
     "three-disks",
     "nothing encrypted yet",
     15,
     {{"/dev/xvda", "snap-0a000000000000009", 8, NULL},
      {"/dev/sdf", "snap-0a00000000000000a", 10, NULL},
      {"/dev/sdg", "snap-0a00000000000000b", 10, NULL}}},
    {"ami-0a000000000000011",
     "nightly-1",
     "",
     5,
     {{"/dev/xvda", "snap-0a000000000000011", 8, NULL}}},
    {"ami-0a000000000000012",
     "nightly-2",
     "",
     4,
     {{"/dev/xvda", "snap-0a000000000000012", 8, NULL}}},
    {"ami-0a000000000000013",
     "nightly-3",
     "",
     3,
     {{"/dev/xvda", "snap-0a000000000000013", 8, NULL}}},
    {"ami-0a000000000000014",
     "nightly-4",
     "",
     2,
     {{"/dev/xvda", "snap-0a000000000000014", 8, NULL}}},
    {"ami-0a000000000000015",
     "nightly-5",
     "",
     1,
     {{"/dev/xvda", "snap-0a000000000000015", 8, NULL}}},
};

#define PARTNER "000000000002"

/* Who may assume a role: a list of accounts. */
struct furnished_role {
    const char *account, *name, *id, *trust;
};

#define TRUST(principals, more)                                                                    \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"     \
    "[" principals "]},\"Action\":\"sts:AssumeRole\"" more "}]}"

static const struct furnished_role roles[] = {
    {LNM_CLOUD_ACCOUNT, "images", "AROALOCALIMAGES000001",
     TRUST("\"" LNM_CLOUD_ACCOUNT "\",\"" PARTNER "\"", "")},
    {PARTNER, "partner", "AROALOCALPARTNER00001", TRUST("\"" LNM_CLOUD_ACCOUNT "\"", "")},
    {PARTNER, "audited", "AROALOCALAUDITED00001",
     TRUST("\"" LNM_CLOUD_ACCOUNT "\"", ",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":"
                                        "\"lunami-audit\"}}")},
};

static const char *const regions[] = {"us-east-1", "eu-west-1", "us-gov-west-1", "us-gov-east-1"};

static int make_key(struct lnm_cloud *c, const char *region, const char *alias, const char *state,
                    const char *spec, const char *usage, int n, int64_t now) {
    struct lnm_cloud_key k = {.manager = "CUSTOMER"};
    (void)snprintf(k.id, sizeof k.id, "00000000-0000-4000-8000-0000000000%02d", n);
    (void)snprintf(k.state, sizeof k.state, "%s", state);
    (void)snprintf(k.spec, sizeof k.spec, "%s", spec);
    (void)snprintf(k.usage, sizeof k.usage, "%s", usage);
    (void)snprintf(k.description, sizeof k.description, "furnished key %s", alias);
    int error = lnm_key_create(c, &k, LNM_CLOUD_ACCOUNT, region, now - 90 * DAY_US);
    return error < 0 ? error : lnm_key_alias(c, &k, alias, now - 90 * DAY_US);
}

static int make_keys(struct lnm_cloud *c, const char *region, int64_t now) {
    static const struct {
        const char *alias, *state, *spec, *usage;
    } keys[] = {{"alias/one", "Enabled", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"},
                {"alias/two", "Enabled", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"},
                {"alias/three", "Enabled", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"},
                {"alias/golden", "Enabled", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"},
                {"alias/retired", "Disabled", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"},
                {"alias/signing", "Enabled", "RSA_2048", "SIGN_VERIFY"}};
    int error = 0;
    for (size_t i = 0; error == 0 && i < sizeof keys / sizeof keys[0]; i++) {
        error = make_key(c, region, keys[i].alias, keys[i].state, keys[i].spec, keys[i].usage,
                         (int)i + 1, now);
    }
    return error;
}

/* Keys of the other account: a copy of what is shared with it is put under one of these. */
static int make_partner_keys(struct lnm_cloud *c, const char *region, int64_t now) {
    static const char *const aliases[] = {"alias/partner", "alias/golden"};
    int error = 0;
    for (int i = 0; error == 0 && i < 2; i++) {
        struct lnm_cloud_key k = {.manager = "CUSTOMER",
                                  .state = "Enabled",
                                  .spec = "SYMMETRIC_DEFAULT",
                                  .usage = "ENCRYPT_DECRYPT"};
        (void)snprintf(k.id, sizeof k.id, "00000000-0000-4000-8000-0000000002%02d", i + 1);
        (void)snprintf(k.description, sizeof k.description, "furnished key %s", aliases[i]);
        error = lnm_key_create(c, &k, PARTNER, region, now - 90 * DAY_US);
        error = error < 0 ? error : lnm_key_alias(c, &k, aliases[i], now - 90 * DAY_US);
    }
    return error;
}

static int make_roles(struct lnm_cloud *c, int64_t now) {
    int error = 0;
    char owner[LNM_IDENTITY_MAX];
    for (size_t i = 0; error == 0 && i < sizeof roles / sizeof roles[0]; i++) {
        (void)snprintf(owner, sizeof owner, "role/%s", roles[i].name);
        error = lnm_store_exec(
            c, "INSERT INTO roles(account, name, id, trust, created) VALUES(?1, ?2, ?3, ?4, ?5)",
            "tttti", roles[i].account, roles[i].name, roles[i].id, roles[i].trust,
            now - 90 * DAY_US);
        error = error < 0
                    ? error
                    : lnm_access_attach(c, roles[i].account, owner, LNM_STR("AdministratorAccess"));
    }
    return error;
}

static int make_device(struct lnm_cloud *c, const struct furnished_image *f, int position,
                       int64_t created) {
    const struct furnished_device *d = &f->devices[position];
    struct lnm_cloud_key k;
    struct lnm_cloud_snapshot s = {.size = d->size, .started_us = created, .due_us = created};
    struct lnm_cloud_device device = {
        .type = "gp3", .size = d->size, .delete_on_termination = true};
    (void)snprintf(s.id, sizeof s.id, "%s", d->snapshot);
    (void)snprintf(s.volume, sizeof s.volume, "vol-%s", d->snapshot + 5);
    (void)snprintf(s.description, sizeof s.description, "%s of %s", d->device, f->name);
    if (d->key != NULL &&
        lnm_key_resolve(c, &k, LNM_CLOUD_ACCOUNT, "us-east-1", lnm_str_z(d->key))) {
        s.encrypted = true;
        (void)snprintf(s.key_arn, sizeof s.key_arn, "%s", k.arn);
        lnm_store_uuid(s.data_key);
    }
    (void)snprintf(device.device, sizeof device.device, "%s", d->device);
    (void)snprintf(device.snapshot, sizeof device.snapshot, "%s", d->snapshot);
    device.encrypted = s.encrypted;
    int error = lnm_furnish_data(c, &s);
    error = error < 0 ? error : lnm_snapshot_insert(c, LNM_CLOUD_ACCOUNT, "us-east-1", &s);
    return error < 0 ? error : lnm_image_add_device(c, f->id, position, &device);
}

static int make_image(struct lnm_cloud *c, const struct furnished_image *f, int64_t now) {
    struct lnm_cloud_image i = {.architecture = "x86_64",
                                .virtualization = "hvm",
                                .root_device = "/dev/xvda",
                                .boot_mode = "uefi-preferred",
                                .state = "pending",
                                .ena = true,
                                .created_us = now - f->age_days * DAY_US};
    (void)snprintf(i.id, sizeof i.id, "%s", f->id);
    (void)snprintf(i.name, sizeof i.name, "%s", f->name);
    (void)snprintf(i.description, sizeof i.description, "%s", f->description);
    int error = lnm_image_insert(c, LNM_CLOUD_ACCOUNT, "us-east-1", &i);
    for (int d = 0; error == 0 && d < 3 && f->devices[d].device != NULL; d++) {
        error = make_device(c, f, d, i.created_us);
    }
    return error;
}

/* A running instance whose root volume is encrypted under alias/one. */
static int make_instance(struct lnm_cloud *c, int64_t now) {
    struct lnm_cloud_key k;
    static const char id[] = "i-0a000000000000001", volume[] = "vol-0a000000000000101";
    if (!lnm_key_resolve(c, &k, LNM_CLOUD_ACCOUNT, "us-east-1", LNM_STR("alias/one"))) {
        return -1;
    }
    int error =
        lnm_store_exec(c,
                       "INSERT INTO instances(id, account, region, image, type, state, zone,"
                       " launched, root_device) VALUES(?1, ?2, 'us-east-1',"
                       " 'ami-0a000000000000003', 't3.micro', 'running', 'us-east-1a', ?3,"
                       " '/dev/xvda')",
                       "tti", id, LNM_CLOUD_ACCOUNT, now - DAY_US);
    return error < 0
               ? error
               : lnm_store_exec(
                     c,
                     "INSERT INTO volumes(id, account, region, zone, state, size, type, snapshot, "
                     "encrypted,"
                     " key_arn, created, due, doomed, instance, device, attached, attach_state,"
                     " delete_on_termination, data_key, map) SELECT ?1, ?2, 'us-east-1',"
                     " 'us-east-1a', 'in-use', 8, 'gp3', id, 1, ?3, ?4, ?4, 0, ?5, '/dev/xvda',"
                     " ?4, 'attached', 1, data_key, map FROM snapshots WHERE id ="
                     " 'snap-0a000000000000005'",
                     "tttit", volume, LNM_CLOUD_ACCOUNT, k.arn, now - DAY_US, id);
}

/* Its network is that of a launch which says nothing. */
static int make_interface(struct lnm_cloud *c, int64_t now) {
    struct lnm_cloud_request r = {
        .cloud = c, .account = LNM_CLOUD_ACCOUNT, .region = "us-east-1", .now_us = now - DAY_US};
    struct lnm_cloud_interface i;
    return lnm_interface_read(&r, "us-east-1a", &i) < 0
               ? -1
               : lnm_interface_insert(&r, &i, "i-0a000000000000001");
}

int lnm_cloud_furnish(struct lnm_cloud *c, struct lnm_err *err) {
    int64_t now = lnm_now_us();
    int error = lnm_store_exec(c, "BEGIN IMMEDIATE", "");
    for (size_t r = 0; error == 0 && r < sizeof regions / sizeof regions[0]; r++) {
        error = make_keys(c, regions[r], now);
        error = error < 0 ? error : make_partner_keys(c, regions[r], now);
    }
    error = error < 0 ? error : make_roles(c, now);
    for (size_t i = 0; error == 0 && i < sizeof images / sizeof images[0]; i++) {
        error = make_image(c, &images[i], now);
    }
    error = error < 0 ? error : make_instance(c, now);
    error = error < 0 ? error : make_interface(c, now);
    error = error < 0 ? error : lnm_lifecycle_settle(c, now);
    error = error < 0 ? error : lnm_store_exec(c, "COMMIT", "");
    return error == 0 ? 0
                      : lnm_fail(err, LNM_EIO, "LocalCloud",
                                 "the local cloud cannot be furnished: %s", sqlite3_errmsg(c->db));
}
