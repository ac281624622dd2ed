/* iam_alias.c - the alias of an account: one, and no two accounts share it. */
#include "cloud/iam.h"

#include <ctype.h>

#define ALIAS_LEAST 3
#define ALIAS_MOST 63

/* [a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9] */
static bool is_alias(struct lnm_str s) {
    bool good = s.len >= ALIAS_LEAST && s.len <= ALIAS_MOST;
    for (size_t i = 0; good && i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        bool inside = i > 0 && i + 1 < s.len;
        good = islower(c) != 0 || isdigit(c) != 0 || (c == '-' && inside && s.ptr[i + 1] != '-');
    }
    return good;
}

static int read_alias(struct lnm_str *out, struct lnm_cloud_request *r) {
    *out = lnm_cloud_param(r, "account_alias");
    return is_alias(*out)
               ? 0
               : lnm_cloud_raise(r, 400, "ValidationError",
                                 "1 validation error detected: Value at 'accountAlias' failed to "
                                 "satisfy constraint: Member must satisfy regular expression "
                                 "pattern: ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$");
}

static bool is_taken(struct lnm_cloud_request *r, struct lnm_str alias) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT 1 FROM account_aliases WHERE alias = ?1 AND account <> ?2", "st", alias,
        r->account);
    bool taken = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    (void)sqlite3_reset(s);
    return taken;
}

static int create_alias(struct lnm_cloud_request *r) {
    struct lnm_str alias;
    if (read_alias(&alias, r) < 0) {
        return -1;
    }
    if (is_taken(r, alias)) {
        return lnm_cloud_raise(r, 409, "EntityAlreadyExists",
                               "The account alias %.*s already exists.", (int)alias.len, alias.ptr);
    }
    return lnm_store_exec(r->cloud,
                          "INSERT OR REPLACE INTO account_aliases(account, alias) VALUES(?1, ?2)",
                          "ts", r->account, alias) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int delete_alias(struct lnm_cloud_request *r) {
    struct lnm_str alias;
    if (read_alias(&alias, r) < 0) {
        return -1;
    }
    if (lnm_store_exec(r->cloud, "DELETE FROM account_aliases WHERE account = ?1 AND alias = ?2",
                       "ts", r->account, alias) < 0) {
        return lnm_cloud_internal(r);
    }
    return sqlite3_changes(r->cloud->db) > 0
               ? 0
               : lnm_cloud_raise(r, 404, "NoSuchEntity", "The account alias %.*s cannot be found.",
                                 (int)alias.len, alias.ptr);
}

static void show_row(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    lnm_record_add(&r->out, lnm_str_z(lnm_store_text(s, 0)));
}

static int list_aliases(struct lnm_cloud_request *r) {
    return lnm_iam_page(r,
                        lnm_store_query(r->cloud,
                                        "SELECT alias FROM account_aliases WHERE account = ?1 AND"
                                        " alias > ?2 ORDER BY alias",
                                        "ts", r->account, lnm_iam_marker(r)),
                        "account_aliases", show_row);
}

const struct lnm_cloud_action lnm_cloud_iam_alias[] = {{"CreateAccountAlias", create_alias},
                                                       {"DeleteAccountAlias", delete_alias},
                                                       {"ListAccountAliases", list_aliases},
                                                       {NULL, NULL}};
