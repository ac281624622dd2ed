/* key_pairs.c - CreateKeyPair, ImportKeyPair, DescribeKeyPairs, DeleteKeyPair. The private half is
 * in CreateKeyPair's answer and nowhere else. */
#include "cloud/filter.h"
#include "cloud/network.h"
#include "cloud/ssh_key.h"

#include "base/date.h"
#include "base/text.h"

#define NAME_MAX_LEN 255
#define COLUMNS "id, name, type, fingerprint, public, created"

enum { ID, NAME, TYPE, FINGERPRINT, PUBLIC, CREATED };

bool lnm_key_pair_there(struct lnm_cloud_request *r, struct lnm_str name) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT 1 FROM key_pairs WHERE account = ?1 AND region = ?2 AND name = ?3", "tts",
        r->account, r->region, name);
    bool there = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return there;
}

int lnm_key_pair_not_found(struct lnm_cloud_request *r, struct lnm_str name) {
    return lnm_cloud_raise(r, 400, "InvalidKeyPair.NotFound",
                           "The key pair '%.255s' does not exist", name.ptr);
}

static int check_name(struct lnm_cloud_request *r, struct lnm_str name) {
    if (name.len > NAME_MAX_LEN) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "Value for parameter keyName is invalid. It must have at most 255 "
                               "characters.");
    }
    return lnm_key_pair_there(r, name)
               ? lnm_cloud_raise(r, 400, "InvalidKeyPair.Duplicate",
                                 "The keypair '%.255s' already exists.", name.ptr)
               : 0;
}

/* Keep the public half and answer with what both actions answer. */
static int keep(struct lnm_cloud_request *r, const struct lnm_ssh_key *k) {
    char id[32];
    struct lnm_str name = lnm_cloud_param(r, "key_name");
    lnm_store_id(id, "key-");
    if (lnm_store_exec(r->cloud,
                       "INSERT INTO key_pairs(id, account, region, name, type, fingerprint, public,"
                       " created) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7 || ' ' || ?4, ?8)",
                       "tttst"
                       "tsi",
                       id, r->account, r->region, name, k->ed25519 ? "ed25519" : "rsa",
                       k->fingerprint, lnm_buf_str(&k->line), r->now_us) < 0) {
        return lnm_cloud_internal(r);
    }
    lnm_record_set(&r->out, "key_name", name);
    lnm_record_setz(&r->out, "key_fingerprint", k->fingerprint);
    lnm_record_setz(&r->out, "key_pair_id", id);
    if (k->private.len > 0) {
        lnm_record_set(&r->out, "key_material", lnm_buf_str(&k->private));
    }
    if (lnm_tags_from_request(r, "key-pair", id) < 0) {
        return -1;
    }
    lnm_tags_show(r, id);
    return 0;
}

static int check_choice(struct lnm_cloud_request *r, const char *parameter, const char *wire,
                        const char *first, const char *second) {
    struct lnm_str given = lnm_cloud_param(r, parameter);
    return given.len == 0 || lnm_str_is(given, first) ||
                   (second != NULL && lnm_str_is(given, second))
               ? 0
               : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                 "Value ('%.60s') for parameter %s is invalid.", given.ptr, wire);
}

static int create(struct lnm_cloud_request *r) {
    struct lnm_ssh_key k;
    if (check_name(r, lnm_cloud_param(r, "key_name")) < 0 ||
        check_choice(r, "key_type", "keyType", "rsa", "ed25519") < 0 ||
        check_choice(r, "key_format", "keyFormat", "pem", NULL) < 0) {
        return -1;
    }
    if (lnm_ssh_key_make(&k, lnm_str_is(lnm_cloud_param(r, "key_type"), "ed25519")) < 0) {
        return lnm_cloud_raise(r, 500, "InternalError", "the key pair cannot be made");
    }
    int error = keep(r, &k);
    lnm_ssh_key_free(&k);
    return error;
}

static int import(struct lnm_cloud_request *r) {
    struct lnm_ssh_key k = {0};
    struct lnm_buf text = {.max = (size_t)64 << 10};
    if (check_name(r, lnm_cloud_param(r, "key_name")) < 0) {
        return -1;
    }
    bool good = lnm_text_unbase64(&text, lnm_cloud_param(r, "public_key_material")) == 0 &&
                lnm_ssh_key_read(&k, lnm_buf_str(&text)) == 0;
    lnm_buf_free(&text);
    if (!good) {
        return lnm_cloud_raise(r, 400, "InvalidKey.Format",
                               "Key is not in valid OpenSSH public key format");
    }
    int error = keep(r, &k);
    lnm_ssh_key_free(&k);
    return error;
}

/* ---- looking ----------------------------------------------------------------------------------
 */
struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
};

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct lnm_filter_column columns[] = {
        {"key-pair-id", ID}, {"key-name", NAME}, {"fingerprint", FINGERPRINT}, {NULL, 0}};
    struct row *w = arg;
    int found = lnm_filter_column(w->s, columns, name, pattern);
    return found >= 0 ? found
                      : lnm_tags_match(w->r->cloud, lnm_store_text(w->s, ID), name, pattern);
}

static void show(void *arg) {
    struct row *w = arg;
    struct lnm_record *out = &w->r->out;
    char date[LNM_DATE_MAX];
    lnm_date_iso(date, lnm_store_int(w->s, CREATED));
    lnm_record_item(out);
    lnm_record_setz(out, "key_pair_id", lnm_store_text(w->s, ID));
    lnm_record_setz(out, "key_name", lnm_store_text(w->s, NAME));
    lnm_record_setz(out, "key_type", lnm_store_text(w->s, TYPE));
    lnm_record_setz(out, "key_fingerprint", lnm_store_text(w->s, FINGERPRINT));
    lnm_record_setz(out, "create_time", date);
    if (lnm_record_get_bool(&w->r->in, 0, "include_public_key", false)) {
        lnm_record_setz(out, "public_key", lnm_store_text(w->s, PUBLIC));
    }
    lnm_tags_show(w->r, lnm_store_text(w->s, ID));
    lnm_record_close(out);
}

static bool is_named(void *arg) {
    struct row *w = arg;
    return lnm_filter_listed(w->r, "key_names", lnm_store_text(w->s, NAME));
}

/* Every name and id of the request must be there. */
static int check_listed(struct lnm_cloud_request *r) {
    static const struct lnm_filter_kind names = {
        "key_names", "SELECT 1 FROM key_pairs WHERE account = ?1 AND region = ?2 AND name = ?3",
        lnm_key_pair_not_found};
    static const struct lnm_filter_kind ids = {
        "key_pair_ids", "SELECT 1 FROM key_pairs WHERE account = ?1 AND region = ?2 AND id = ?3",
        lnm_key_pair_not_found};
    return lnm_filter_exist(r, &names) < 0 ? -1 : lnm_filter_exist(r, &ids);
}

static int describe(struct lnm_cloud_request *r) {
    struct lnm_cloud_page page = {.left = -1};
    struct row w = {.r = r};
    if (lnm_filter_check(r, matches, &w) < 0 || check_listed(r) < 0) {
        return -1;
    }
    w.s = lnm_store_query(r->cloud,
                          "SELECT " COLUMNS " FROM key_pairs WHERE account = ?1 AND region = ?2"
                          " ORDER BY name",
                          "tt", r->account, r->region);
    struct lnm_cloud_listing l = {.ids = "key_pair_ids",
                                  .list = "key_pairs",
                                  .matches = matches,
                                  .belongs = is_named,
                                  .show = show,
                                  .row = &w};
    return lnm_page_show(&page, r, w.s, &l);
}

/* One that is not there is deleted as well as any. */
static int delete_pair(struct lnm_cloud_request *r) {
    char id[32] = "";
    struct lnm_str name = lnm_cloud_param(r, "key_name"), by_id = lnm_cloud_param(r, "key_pair_id");
    if (name.len == 0 && by_id.len == 0) {
        return lnm_cloud_raise(r, 400, "MissingParameter",
                               "The request must contain the parameter KeyName or KeyPairId");
    }
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT id FROM key_pairs WHERE account = ?1 AND region = ?2"
                                      " AND (name = ?3 OR id = ?4)",
                                      "ttss", r->account, r->region, name, by_id);
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_take(id, sizeof id, lnm_store_text(s, 0));
        (void)sqlite3_reset(s);
    }
    lnm_record_set_bool(&r->out, "return", true);
    if (id[0] == '\0') {
        return 0;
    }
    lnm_record_setz(&r->out, "key_pair_id", id);
    return lnm_store_exec(r->cloud, "DELETE FROM key_pairs WHERE id = ?1", "t", id) < 0 ||
                   lnm_store_exec(r->cloud, "DELETE FROM tags WHERE resource = ?1", "t", id) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

const struct lnm_cloud_action lnm_cloud_key_pairs[] = {{"CreateKeyPair", create},
                                                       {"DeleteKeyPair", delete_pair},
                                                       {"DescribeKeyPairs", describe},
                                                       {"ImportKeyPair", import},
                                                       {NULL, NULL}};
