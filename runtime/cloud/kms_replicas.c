/* kms_replicas.c - multi-Region keys: the same id and material in several regions. Source: the KMS
 * developer guide on multi-Region keys and the kms/2014-11-01 model. */
#include "cloud/kms.h"
#include "cloud/kms_material.h"

#include "aws/endpoint.h"

#include <stdio.h>

bool lnm_key_has_replicas(struct lnm_cloud *c, const struct lnm_cloud_key *k) {
    sqlite3_stmt *s = lnm_store_query(
        c,
        "SELECT 1 FROM keys WHERE account = ?1 AND id = ?2 AND multi_region = 1 AND region <> ?3",
        "ttt", k->account, k->id, k->region);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    (void)sqlite3_reset(s);
    return found;
}

static void show_place(struct lnm_record *out, const struct lnm_cloud_key *k, const char *region) {
    struct lnm_cloud_key there;
    lnm_key_name(&there, k->id, k->account, region);
    lnm_record_setz(out, "arn", there.arn);
    lnm_record_setz(out, "region", region);
    lnm_record_close(out);
}

void lnm_key_show_replicas(struct lnm_cloud_request *r, const struct lnm_cloud_key *k) {
    struct lnm_record *out = &r->out;
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT region FROM keys WHERE account = ?1 AND id = ?2 AND region <> ?3 ORDER BY region",
        "ttt", k->account, k->id, k->primary_region);
    lnm_record_enter(out, "multi_region_configuration");
    lnm_record_setz(out, "multi_region_key_type", lnm_key_is_replica(k) ? "REPLICA" : "PRIMARY");
    lnm_record_enter(out, "primary_key");
    show_place(out, k, k->primary_region);
    lnm_record_enter(out, "replica_keys");
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_record_item(out);
        show_place(out, k, lnm_store_text(s, 0));
    }
    (void)sqlite3_reset(s);
    lnm_record_close(out);
    lnm_record_close(out);
}

/* The primary key of a request, and the other region that it names. */
static int find_primary(struct lnm_cloud_request *r, struct lnm_cloud_key *k, const char *param,
                        char region[64]) {
    struct lnm_str name = lnm_cloud_param(r, param);
    if (lnm_key_changeable(r, k, "key_id", false) < 0 || lnm_key_check_state(r, k) < 0) {
        return -1;
    }
    if (!k->multi_region || lnm_key_is_replica(k)) {
        return lnm_cloud_raise(r, 400, "UnsupportedOperationException",
                               "%s is not a multi-Region primary key.", k->arn);
    }
    if (name.len == 0 || name.len >= 64) {
        return lnm_kms_invalid(r, "(its length)", param, "have length between 1 and 32");
    }
    (void)snprintf(region, 64, "%.*s", (int)name.len, name.ptr);
    return strcmp(lnm_partition(name), lnm_partition(lnm_str_z(r->region))) == 0
               ? 0
               : lnm_cloud_raise(r, 400, "ValidationException",
                                 "%s is not a region of this partition", region);
}

static int show_replica(struct lnm_cloud_request *r, struct lnm_cloud_key *k) {
    struct lnm_buf policy = {0};
    uint32_t tags = lnm_record_find(&r->in, 0, "tags");
    lnm_take(k->state, sizeof k->state, "Creating"); /* as KMS answers; it is ready at once */
    lnm_key_show(r, k, "replica_key_metadata");
    lnm_key_policy(&policy, r->cloud, k);
    lnm_record_set(&r->out, "replica_policy", lnm_buf_str(&policy));
    lnm_record_enter(&r->out, "replica_tags");
    for (uint32_t t = tags != 0 ? lnm_record_first(&r->in, tags) : 0; t != 0;
         t = lnm_record_next(&r->in, tags, t)) {
        lnm_record_item(&r->out);
        lnm_record_copy(&r->out, &r->in, t);
        lnm_record_close(&r->out);
    }
    lnm_record_close(&r->out);
    lnm_buf_free(&policy);
    return 0;
}

static int replicate_key(struct lnm_cloud_request *r) {
    struct lnm_cloud_key primary, k, other;
    char region[64];
    if (find_primary(r, &primary, "replica_region", region) < 0) {
        return -1;
    }
    if (lnm_key_resolve(r->cloud, &other, primary.account, region, lnm_str_z(primary.id))) {
        return lnm_cloud_raise(r, 400, "AlreadyExistsException", "%s already exists.", other.arn);
    }
    k = primary;
    k.description[0] = '\0';
    if (lnm_key_create(r->cloud, &k, primary.account, region, r->now_us) < 0 ||
        lnm_kms_material_share(r->cloud, &primary, region) < 0) {
        return lnm_cloud_internal(r);
    }
    return lnm_key_describe(r, &k) < 0 ||
                   (lnm_cloud_given(r, "policy") && lnm_policy_keep(r, &k) < 0) ||
                   lnm_kms_tags_keep(r, &k) < 0
               ? -1
               : show_replica(r, &k);
}

static int update_primary(struct lnm_cloud_request *r) {
    struct lnm_cloud_key primary, other;
    char region[64];
    if (find_primary(r, &primary, "primary_region", region) < 0) {
        return -1;
    }
    if (!lnm_key_resolve(r->cloud, &other, primary.account, region, lnm_str_z(primary.id))) {
        lnm_key_name(&other, primary.id, primary.account, region);
        return lnm_cloud_raise(r, 400, "NotFoundException", "Key '%s' does not exist", other.arn);
    }
    /* its rotation goes with it */
    int error = lnm_store_exec(
        r->cloud,
        "UPDATE keys SET (rotation_days, rotation_next) = (SELECT rotation_days, rotation_next FROM"
        " keys WHERE account = ?1 AND id = ?2 AND region = ?3) WHERE account = ?1 AND id = ?2 AND"
        " region = ?4",
        "tttt", primary.account, primary.id, primary.region, region);
    error = error < 0 || strcmp(primary.region, region) == 0
                ? error
                : lnm_store_exec(r->cloud,
                                 "UPDATE keys SET rotation_days = NULL, rotation_next = NULL WHERE"
                                 " account = ?1 AND id = ?2 AND region = ?3",
                                 "ttt", primary.account, primary.id, primary.region);
    error =
        error < 0
            ? error
            : lnm_store_exec(r->cloud,
                             "UPDATE keys SET primary_region = ?3 WHERE account = ?1 AND id = ?2",
                             "ttt", primary.account, primary.id, region);
    return error < 0 ? lnm_cloud_internal(r) : 0;
}

const struct lnm_cloud_action lnm_cloud_kms_replicas[] = {
    {"ReplicateKey", replicate_key}, {"UpdatePrimaryRegion", update_primary}, {NULL, NULL}};
