/* instance_options.c - what a launch says beyond its image, and where it is shown again. */
#include "cloud/filter.h"
#include "cloud/network.h"

#include "aws/endpoint.h"
#include "base/text.h"

#include <stdio.h>

#define USER_DATA_MAX 16384 /* bytes, before base64 */
#define HOPS_MAX 64

/* The instance profile's ARN, however it was named. */
static void read_profile(struct lnm_cloud_request *r, char out[256]) {
    uint32_t profile = lnm_record_find(&r->in, 0, "iam_instance_profile");
    struct lnm_str name = lnm_record_get(&r->in, profile, "name"),
                   arn = lnm_record_get(&r->in, profile, "arn");
    out[0] = '\0';
    if (profile != 0 && name.len > 0) {
        (void)snprintf(out, 256, "arn:%s:iam::%s:instance-profile/%.128s",
                       lnm_partition(lnm_str_z(r->region)), r->account, name.ptr);
    } else if (profile != 0 && arn.len > 0) {
        lnm_take(out, 256, arn.ptr);
    }
}

/* What a struct of the request says, "" when it says nothing. */
static struct lnm_str told(const struct lnm_cloud_request *r, const char *of, const char *name) {
    uint32_t node = lnm_record_find(&r->in, 0, of);
    struct lnm_str said = node != 0 ? lnm_record_get(&r->in, node, name) : LNM_STR_NONE;
    return said.len > 0 ? said : LNM_STR("");
}

/* An image that asks for version 2 of the metadata service is launched with it. */
static int keep_service(struct lnm_cloud_request *r, const char *id) {
    static const char *const names[] = {"http_tokens", "http_put_response_hop_limit",
                                        "http_endpoint", "http_protocol_ipv6",
                                        "instance_metadata_tags"};
    struct lnm_str said[5];
    for (size_t i = 0; i < 5; i++) {
        said[i] = told(r, "metadata_options", names[i]);
    }
    return lnm_store_exec(
        r->cloud,
        "WITH of(v2) AS (SELECT coalesce(imds, '') = 'v2.0' FROM images WHERE id = (SELECT image"
        " FROM instances WHERE id = ?1)) UPDATE instances SET http_tokens = coalesce(nullif(?2,"
        " ''), iif(v2, 'required', 'optional')), http_hops = coalesce(nullif(?3, ''), iif(v2, 2,"
        " 1)), http_endpoint = coalesce(nullif(?4, ''), 'enabled'), http_ipv6 ="
        " coalesce(nullif(?5, ''), 'disabled'), metadata_tags = coalesce(nullif(?6, ''),"
        " 'disabled') FROM of WHERE id = ?1",
        "tsssss", id, said[0], said[1], said[2], said[3], said[4]);
}

static int keep_options(struct lnm_cloud_request *r, const char *id, const char *reservation,
                        int64_t index) {
    char profile[256];
    uint32_t monitoring = lnm_record_find(&r->in, 0, "monitoring");
    struct lnm_str shutdown = lnm_cloud_param(r, "instance_initiated_shutdown_behavior");
    read_profile(r, profile);
    return lnm_store_exec(
        r->cloud,
        "UPDATE instances SET reservation = ?2, launch_index = ?3, key_name = ?4, user_data = ?5,"
        " shutdown = ?6, ebs_optimized = ?7, stop_protected = ?8, profile = nullif(?9, ''),"
        " monitored = ?10, tenancy = nullif(?11, ''), credits = nullif(?12, '') WHERE id = ?1",
        "ttisssiitiss", id, reservation, index, lnm_cloud_param(r, "key_name"),
        lnm_cloud_param(r, "user_data"), shutdown.len > 0 ? shutdown : LNM_STR("stop"),
        (int64_t)lnm_record_get_bool(&r->in, 0, "ebs_optimized", false),
        (int64_t)lnm_record_get_bool(&r->in, 0, "disable_api_stop", false), profile,
        (int64_t)(monitoring != 0 && lnm_record_get_bool(&r->in, monitoring, "enabled", false)),
        told(r, "placement", "tenancy"), told(r, "credit_specification", "cpu_credits"));
}

int lnm_launch_options_keep(struct lnm_cloud_request *r, const char *id, const char *reservation,
                            int64_t index) {
    return keep_options(r, id, reservation, index) < 0 || keep_service(r, id) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

/* ---- checks ------------------------------------------------------------------------------------
 */

/* There are no launch templates and no placement groups. */
static int check_named(struct lnm_cloud_request *r) {
    struct lnm_str id = told(r, "launch_template", "launch_template_id"),
                   name = told(r, "launch_template", "launch_template_name"),
                   group = told(r, "placement", "group_name");
    if (id.len > 0) {
        return lnm_cloud_raise(r, 400, "InvalidLaunchTemplateId.NotFound",
                               "The specified launch template, with template ID %.60s, does not "
                               "exist.",
                               id.ptr);
    }
    if (name.len > 0) {
        return lnm_cloud_raise(r, 400, "InvalidLaunchTemplateName.NotFoundException",
                               "The specified launch template, with template name %.128s, does "
                               "not exist.",
                               name.ptr);
    }
    return group.len == 0 ? 0
                          : lnm_cloud_raise(r, 400, "InvalidPlacementGroup.Unknown",
                                            "The Placement Group '%.128s' is unknown.", group.ptr);
}

static int check_credits(struct lnm_cloud_request *r) {
    struct lnm_str said = told(r, "credit_specification", "cpu_credits");
    return said.len == 0 || lnm_str_is(said, "standard") || lnm_str_is(said, "unlimited")
               ? 0
               : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                 "Value (%.60s) for parameter CpuCredits is invalid.", said.ptr);
}

static int check_hops(struct lnm_cloud_request *r) {
    struct lnm_str said = told(r, "metadata_options", "http_put_response_hop_limit");
    int64_t hops = 1;
    return said.len == 0 || (lnm_str_int64(&hops, said) == 0 && hops >= 1 && hops <= HOPS_MAX)
               ? 0
               : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                 "Value (%.60s) for parameter HttpPutResponseHopLimit is invalid. "
                                 "It must be from 1 to %d.",
                                 said.ptr, HOPS_MAX);
}

/* The key pair is there; the user data are base64 of at most 16 KiB. */
static int check_start(struct lnm_cloud_request *r) {
    struct lnm_str key = lnm_cloud_param(r, "key_name"), data = lnm_cloud_param(r, "user_data");
    struct lnm_buf plain = {.max = USER_DATA_MAX + 1};
    if (key.len > 0 && !lnm_key_pair_there(r, key)) {
        return lnm_key_pair_not_found(r, key);
    }
    bool good = data.len == 0 || lnm_text_unbase64(&plain, data) == 0;
    bool large = plain.failed != 0 || plain.len > USER_DATA_MAX;
    lnm_buf_free(&plain);
    if (large || !good) {
        return lnm_cloud_raise(r, 400,
                               large ? "InvalidParameterValue" : "InvalidUserData.Malformed",
                               large ? "User data is limited to 16384 bytes"
                                     : "Invalid BASE64 encoding of user data.");
    }
    return 0;
}

int lnm_launch_options_check(struct lnm_cloud_request *r) {
    return check_named(r) < 0 || check_credits(r) < 0 || check_hops(r) < 0 ? -1 : check_start(r);
}

/* ---- DescribeInstanceCreditSpecifications ------------------------------------------------------
 */

struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
};

enum { ID, CREDITS };

/* T2 is standard unless it says otherwise, the later families are unlimited. */
#define CREDITS_OF "coalesce(credits, iif(type LIKE 't2.%', 'standard', 'unlimited'))"
#define BURSTABLE "(type LIKE 't2.%' OR type LIKE 't3%.%' OR type LIKE 't4g.%')"

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    const struct row *w = arg;
    return strcmp(name, "instance-id") == 0 ? lnm_filter_text(lnm_store_text(w->s, ID), pattern)
                                            : -1;
}

static void show(void *arg) {
    const struct row *w = arg;
    lnm_record_item(&w->r->out);
    lnm_record_setz(&w->r->out, "instance_id", lnm_store_text(w->s, ID));
    lnm_record_setz(&w->r->out, "cpu_credits", lnm_store_text(w->s, CREDITS));
    lnm_record_close(&w->r->out);
}

static int not_burstable(struct lnm_cloud_request *r, struct lnm_str id) {
    struct lnm_cloud_instance i;
    return !lnm_instance_get(r, id, &i)
               ? lnm_instance_not_found(r, id)
               : lnm_cloud_raise(r, 400, "InvalidInstanceID",
                                 "The instance '%s' is not a burstable performance instance: its "
                                 "type is %s",
                                 i.id, i.type);
}

/* Without ids only those that are unlimited. */
static int describe(struct lnm_cloud_request *r) {
    static const struct lnm_filter_kind ids = {
        "instance_ids",
        "SELECT 1 FROM instances WHERE account = ?1 AND region = ?2 AND id = ?3 AND " BURSTABLE,
        not_burstable};
    struct lnm_cloud_page page;
    struct row w = {.r = r};
    if (lnm_filter_exist(r, &ids) < 0 || lnm_page_begin(&page, r, "instance_ids") < 0 ||
        lnm_filter_check(r, matches, &w) < 0) {
        return -1;
    }
    w.s = lnm_store_query(
        r->cloud,
        "SELECT id, " CREDITS_OF " FROM instances WHERE account = ?1 AND region ="
        " ?2 AND id > ?3 AND " BURSTABLE " AND (?4 OR " CREDITS_OF " = 'unlimited') ORDER BY id",
        "ttti", r->account, r->region, page.after, (int64_t)lnm_cloud_given(r, "instance_ids"));
    struct lnm_cloud_listing l = {.ids = "instance_ids",
                                  .list = "instance_credit_specifications",
                                  .matches = matches,
                                  .show = show,
                                  .row = &w};
    return lnm_page_show(&page, r, w.s, &l);
}

const struct lnm_cloud_action lnm_cloud_launch_options[] = {
    {"DescribeInstanceCreditSpecifications", describe}, {NULL, NULL}};
