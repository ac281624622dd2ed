/* policy_conditions.c - the conditions of policies: what is known of a request, and the operators.
 * Source: the IAM user guide on condition operators and on keys with several values. */
#include "cloud/policy.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define TEXT_MAX 1024

/* Keys that can be decided here. One that ends in ':' or '/' goes on with a pair's key. A key of
 * this list without a fact is absent from the request; any other is not understood. */
static const char *const known[] = {
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalTag/",
    "aws:RequestTag/",
    "aws:RequestedRegion",
    "aws:ResourceTag/",
    "aws:SecureTransport",
    "aws:TagKeys",
    "aws:ViaAWSService",
    "aws:username",
    "ec2:CreateAction",
    "ec2:Encrypted",
    "ec2:Owner",
    "ec2:Region",
    "ec2:ResourceTag/",
    "ec2:VolumeSize",
    "ec2:VolumeType",
    "kms:CallerAccount",
    "kms:EncryptionContext:",
    "kms:EncryptionContextKeys",
    "kms:GrantConstraintType",
    "kms:GrantIsForAWSResource",
    "kms:GrantOperations",
    "kms:GranteePrincipal",
    "kms:KeySpec",
    "kms:KeyUsage",
    "kms:MultiRegion",
    "kms:RequestAlias",
    "kms:ViaService",
    "sts:ExternalId",
    "sts:RoleSessionName",
    "sts:SourceIdentity",
    "sts:TransitiveTagKeys",
};

void lnm_policy_fact_add(struct lnm_buf *facts, const char *key, struct lnm_str suffix,
                         struct lnm_str value) {
    struct lnm_policy_fact fact = {key, suffix, value};
    lnm_buf_add(facts, &fact, sizeof fact);
}

static bool is_known(const char *key) {
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t len = strlen(known[i]);
        bool open = known[i][len - 1] == ':' || known[i][len - 1] == '/';
        if (strncasecmp(key, known[i], len) == 0 && (open || key[len] == '\0')) {
            return true;
        }
    }
    return false;
}

/* What follows from the question itself; false: not a key of that kind, or absent. */
static bool derived(char text[TEXT_MAX], const char *key, const struct lnm_policy_question *q) {
    bool via = q->via != NULL;
    const char *value = NULL;
    if (strcasecmp(key, "kms:CallerAccount") == 0 || strcasecmp(key, "aws:PrincipalAccount") == 0) {
        value = q->account;
    } else if (strcasecmp(key, "kms:ViaService") == 0) {
        value = q->via;
    } else if (strcasecmp(key, "kms:GrantIsForAWSResource") == 0) {
        value = strstr(q->action, "Grant") == NULL ? NULL : via ? "true" : "false";
    } else if (strcasecmp(key, "aws:ViaAWSService") == 0) {
        value = via ? "true" : "false";
    } else if (strcasecmp(key, "aws:SecureTransport") == 0) {
        value = "true"; /* loopback counts as such, or no policy of AWS would do here */
    } else if (strcasecmp(key, "aws:RequestedRegion") == 0 || strcasecmp(key, "ec2:Region") == 0) {
        value = q->region;
    } else if (strcasecmp(key, "aws:PrincipalArn") == 0) {
        lnm_policy_identity(text, q->principal);
        return true;
    } else if (strcasecmp(key, "aws:username") == 0 && strstr(q->principal, ":user/") != NULL) {
        value = strrchr(q->principal, '/') + 1;
    }
    (void)snprintf(text, TEXT_MAX, "%s", value != NULL ? value : "");
    return value != NULL;
}

/* ---- operators --------------------------------------------------------------------------------
 */

static bool equal(const char *wanted, const char *text) {
    return strcmp(wanted, text) == 0;
}

static bool equal_any_case(const char *wanted, const char *text) {
    return strcasecmp(wanted, text) == 0;
}

static bool like(const char *pattern, const char *text) {
    return lnm_str_glob(lnm_str_z(pattern), lnm_str_z(text));
}

static bool numbers(double *a, double *b, const char *wanted, const char *text) {
    char *end, *end2;
    *a = strtod(text, &end);
    *b = strtod(wanted, &end2);
    return end != text && *end == '\0' && end2 != wanted && *end2 == '\0';
}

static bool number_equal(const char *wanted, const char *text) {
    double a, b;
    return numbers(&a, &b, wanted, text) && a >= b && a <= b;
}

static bool number_less(const char *wanted, const char *text) {
    double a, b;
    return numbers(&a, &b, wanted, text) && a < b;
}

static bool number_at_most(const char *wanted, const char *text) {
    double a, b;
    return numbers(&a, &b, wanted, text) && a <= b;
}

static bool number_greater(const char *wanted, const char *text) {
    double a, b;
    return numbers(&a, &b, wanted, text) && a > b;
}

static bool number_at_least(const char *wanted, const char *text) {
    double a, b;
    return numbers(&a, &b, wanted, text) && a >= b;
}

struct operator{
    const char *name;
    bool (*matches)(const char *wanted, const char *text);
    bool negated;
};

static const struct operator operators[] = {
    {"ArnEquals", like, false},
    {"ArnLike", like, false},
    {"ArnNotEquals", like, true},
    {"ArnNotLike", like, true},
    {"Bool", equal_any_case, false},
    {"NumericEquals", number_equal, false},
    {"NumericGreaterThan", number_greater, false},
    {"NumericGreaterThanEquals", number_at_least, false},
    {"NumericLessThan", number_less, false},
    {"NumericLessThanEquals", number_at_most, false},
    {"NumericNotEquals", number_equal, true},
    {"StringEquals", equal, false},
    {"StringEqualsIgnoreCase", equal_any_case, false},
    {"StringLike", like, false},
    {"StringNotEquals", equal, true},
    {"StringNotEqualsIgnoreCase", equal_any_case, true},
    {"StringNotLike", like, true},
};

/* A test of a condition: "ForAllValues:StringLikeIfExists" taken apart. */
struct test {
    const struct operator* op;
    bool every, if_exists, is_null;
};

static bool read_test(struct test *t, const char *name) {
    size_t len;
    memset(t, 0, sizeof *t);
    if (strncmp(name, "ForAllValues:", 13) == 0) {
        t->every = true;
        name += 13;
    } else if (strncmp(name, "ForAnyValue:", 12) == 0) {
        name += 12;
    }
    len = strlen(name);
    if (len > 8 && strcmp(name + len - 8, "IfExists") == 0) {
        t->if_exists = true;
        len -= 8;
    }
    t->is_null = len == 4 && strncmp(name, "Null", 4) == 0;
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (strlen(operators[i].name) == len && strncmp(operators[i].name, name, len) == 0) {
            t->op = &operators[i];
        }
    }
    return t->op != NULL || t->is_null;
}

/* A condition's value as text: JSON's true and 7 are as good as "true" and "7". */
static const char *text_of(const json_t *value, char number[32]) {
    if (json_is_boolean(value)) {
        return json_is_true(value) ? "true" : "false";
    }
    if (json_is_integer(value)) {
        (void)snprintf(number, 32, "%lld", (long long)json_integer_value(value));
        return number;
    }
    return json_is_string(value) ? json_string_value(value) : "";
}

static bool passes(const struct test *t, const json_t *wanted, const char *text) {
    char number[32];
    bool matched = false;
    size_t n = json_is_array(wanted) ? json_array_size(wanted) : 1;
    for (size_t i = 0; i < n && !matched; i++) {
        const json_t *one = json_is_array(wanted) ? json_array_get(wanted, i) : wanted;
        matched = t->op->matches(text_of(one, number), text);
    }
    return matched != t->op->negated;
}

/* ---- conditions -------------------------------------------------------------------------------
 */

/* What the request's values of one key came to. */
struct tally {
    size_t count, passed;
};

static void count(struct tally *tally, const struct test *t, const json_t *wanted,
                  const char *text) {
    tally->count++;
    tally->passed += !t->is_null && passes(t, wanted, text) ? 1 : 0;
}

static bool fact_is(const struct lnm_policy_fact *f, const char *key) {
    size_t len = strlen(f->key);
    return strncasecmp(f->key, key, len) == 0 && lnm_str_ieq(f->suffix, lnm_str_z(key + len));
}

/* False: a value is too long to be looked at. */
static bool count_facts(struct tally *tally, const struct test *t, const char *key,
                        const json_t *wanted, const struct lnm_buf *facts) {
    char text[TEXT_MAX];
    const struct lnm_policy_fact *f = facts != NULL ? (const void *)facts->ptr : NULL;
    for (size_t n = f != NULL ? facts->len / sizeof *f : 0; n > 0; n--, f++) {
        if (!fact_is(f, key)) {
            continue;
        }
        if (f->value.len >= sizeof text) {
            return false;
        }
        (void)snprintf(text, sizeof text, "%.*s", (int)f->value.len, f->value.ptr);
        count(tally, t, wanted, text);
    }
    return facts == NULL || facts->failed == 0;
}

static bool about_principal(const char *key) {
    return strcasecmp(key, "aws:PrincipalArn") == 0 || strcasecmp(key, "aws:username") == 0 ||
           strncasecmp(key, "aws:PrincipalTag/", strlen("aws:PrincipalTag/")) == 0;
}

static enum lnm_policy_answer holds(const char *name, const char *key, const json_t *wanted,
                                    const struct lnm_policy_question *q) {
    char text[TEXT_MAX], number[32];
    struct test t;
    struct tally tally = {0};
    if (!read_test(&t, name)) {
        return LNM_NOT_UNDERSTOOD;
    }
    if (about_principal(key) && (q->principal == NULL || q->principal[0] == '\0')) {
        return q->principal == NULL ? LNM_ANSWER_YES : LNM_ANSWER_NO; /* anybody may be the one */
    }
    if (derived(text, key, q)) {
        count(&tally, &t, wanted, text);
    }
    if (!count_facts(&tally, &t, key, wanted, q->facts) ||
        !count_facts(&tally, &t, key, wanted, q->of_principal) ||
        (tally.count == 0 && !is_known(key))) {
        return LNM_NOT_UNDERSTOOD;
    }
    bool good;
    if (t.is_null) {
        good = (tally.count == 0) == equal_any_case("true", text_of(wanted, number));
    } else if (tally.count == 0) {
        good = t.if_exists || t.every || t.op->negated;
    } else {
        good = t.every ? tally.passed == tally.count : tally.passed > 0;
    }
    return good ? LNM_ANSWER_YES : LNM_ANSWER_NO;
}

enum lnm_policy_answer lnm_policy_conditions(const struct json_t *condition,
                                             const struct lnm_policy_question *q) {
    const char *name, *key;
    json_t *tests, *wanted;
    enum lnm_policy_answer all = LNM_ANSWER_YES;
    /* jansson's iteration takes what it could change */
    json_object_foreach((json_t *)(uintptr_t)condition, name, tests) {
        json_object_foreach(tests, key, wanted) {
            enum lnm_policy_answer one = holds(name, key, wanted, q);
            if (one == LNM_ANSWER_NO) {
                return LNM_ANSWER_NO;
            }
            all = one == LNM_NOT_UNDERSTOOD ? one : all;
        }
    }
    return all;
}
