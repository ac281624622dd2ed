/* fault_plan.c - a plan of faults: read from JSON, and asked for each request. */
#include "cloud/fault.h"

#include <jansson.h>
#include <stdlib.h>

#define RULES_MAX 1000
#define SECONDS_MAX 1e9

static const char *const kind_names[LNM_FAULT_KINDS] = {
    "",          "throttle",   "error",        "expired_token", "reset",  "truncate",
    "slow",      "latency",    "late",         "hang",          "refuse", "length",
    "repeat",    "html",       "skew",         "duplicate",     "lag",    "stale",
    "same_page", "empty_page", "expired_page", "stuck",         "fail"};
static const char *const index_names[] = {"all", "id", "filter", "tag", NULL};

const char *lnm_fault_name(enum lnm_fault_kind kind) {
    return kind_names[kind];
}

/* One rule being read. */
struct reader {
    struct lnm_fault_rule *rule;
    size_t number; /* from 1 */
    struct lnm_err *err;
};

static int wrong(const struct reader *d, const char *member, const char *expected) {
    return lnm_fail(d->err, LNM_EPARSE, "FaultPlan", "rule %zu: %.40s: %s", d->number, member,
                    expected);
}

static int read_text(const struct reader *d, const char *member, const json_t *v, char *to,
                     size_t size) {
    if (!json_is_string(v) || json_string_length(v) >= size ||
        strlen(json_string_value(v)) != json_string_length(v)) {
        return wrong(d, member, "a text is expected, not too long");
    }
    lnm_take(to, size, json_string_value(v));
    return 0;
}

static int read_count(const struct reader *d, const char *member, const json_t *v, int64_t least,
                      int64_t *to) {
    if (!json_is_integer(v) || json_integer_value(v) < least) {
        return wrong(d, member,
                     least > 0 ? "a whole number from 1 on is expected"
                               : "a whole number from 0 on is expected");
    }
    *to = json_integer_value(v);
    return 0;
}

/* Whether it may be negative is seen when the fault is known. */
static bool to_us(int64_t *out, const json_t *v) {
    double s = json_is_number(v) ? json_number_value(v) : SECONDS_MAX * 2;
    bool good = s >= -SECONDS_MAX && s <= SECONDS_MAX;
    *out = good ? (int64_t)(s * 1e6) : 0;
    return good;
}

static int read_seconds(const struct reader *d, const json_t *v) {
    return to_us(&d->rule->duration_us, v) ? 0 : wrong(d, "seconds", "a number is expected");
}

static int read_probability(const struct reader *d, const json_t *v) {
    d->rule->probability = json_is_number(v) ? json_number_value(v) : -1;
    return d->rule->probability >= 0 && d->rule->probability <= 1
               ? 0
               : wrong(d, "probability", "a number from 0 to 1 is expected");
}

static int read_status(const struct reader *d, const json_t *v) {
    int64_t status = json_is_integer(v) ? json_integer_value(v) : 0;
    d->rule->status = status >= 200 && status <= 599 ? (int)status : 0;
    return d->rule->status != 0 ? 0 : wrong(d, "status", "a number from 200 to 599 is expected");
}

static int read_kind(const struct reader *d, const json_t *v) {
    for (int k = 1; json_is_string(v) && k < LNM_FAULT_KINDS; k++) {
        if (strcmp(kind_names[k], json_string_value(v)) == 0) {
            d->rule->kind = (enum lnm_fault_kind)k;
            return 0;
        }
    }
    return wrong(d, "fault",
                 "one of throttle, error, expired_token, reset, truncate, slow, latency, late, "
                 "hang, refuse, length, repeat, html, skew, duplicate, lag, stale, same_page, "
                 "empty_page, expired_page, stuck, fail is expected");
}

static int read_index(const struct reader *d, const json_t *v) {
    for (int i = 0; json_is_string(v) && index_names[i] != NULL; i++) {
        if (strcmp(index_names[i], json_string_value(v)) == 0) {
            d->rule->index = (enum lnm_fault_index)i;
            return 0;
        }
    }
    return wrong(d, "index", "one of all, id, filter, tag is expected");
}

static int read_when(const struct reader *d, const json_t *v) {
    const char *when = json_is_string(v) ? json_string_value(v) : "";
    d->rule->after = strcmp(when, "after") == 0;
    return d->rule->after || strcmp(when, "before") == 0
               ? 0
               : wrong(d, "when", "before or after (the commit) is expected");
}

static int read_member(const struct reader *d, const char *name, const json_t *v) {
    struct lnm_fault_rule *r = d->rule;
    const struct {
        const char *name;
        char *to;
        size_t size;
    } texts[] = {
        {"service", r->service, sizeof r->service}, {"action", r->action, sizeof r->action},
        {"account", r->account, sizeof r->account}, {"region", r->region, sizeof r->region},
        {"code", r->code, sizeof r->code},          {"message", r->message, sizeof r->message}};
    const struct {
        const char *name;
        int64_t *to, least;
    } counts[] = {{"nth", &r->nth, 1},
                  {"every", &r->every, 1},
                  {"times", &r->times, 1},
                  {"bytes", &r->bytes, 0}};
    const struct {
        const char *name;
        int (*read)(const struct reader *d, const json_t *v);
    } others[] = {
        {"fault", read_kind},    {"seconds", read_seconds}, {"probability", read_probability},
        {"status", read_status}, {"index", read_index},     {"when", read_when}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(texts[i].name, name) == 0) {
            return read_text(d, name, v, texts[i].to, texts[i].size);
        }
    }
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (strcmp(counts[i].name, name) == 0) {
            return read_count(d, name, v, counts[i].least, counts[i].to);
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(others[i].name, name) == 0) {
            return others[i].read(d, v);
        }
    }
    return wrong(d, name, "there is no such member");
}

/* What depends on the fault, which may stand anywhere in the rule. */
static int check_rule(const struct reader *d) {
    struct lnm_fault_rule *r = d->rule;
    if (r->kind == LNM_FAULT_NONE) {
        return wrong(d, "fault", "it is missing");
    }
    if (r->kind != LNM_FAULT_SKEW && r->duration_us < 0) {
        return wrong(d, "seconds", "a number from 0 on is expected");
    }
    if (r->kind != LNM_FAULT_HTML && r->status != 0 && r->status < 400) {
        return wrong(d, "status", "a number from 400 to 599 is expected");
    }
    r->status = r->status != 0 ? r->status : r->kind == LNM_FAULT_HTML ? 502 : 500;
    return 0;
}

static int read_rule(const struct reader *d, json_t *v) {
    const char *name;
    json_t *member;
    int error = json_is_object(v) ? 0 : wrong(d, "rule", "an object is expected");
    *d->rule = (struct lnm_fault_rule){.probability = 1};
    lnm_take(d->rule->code, sizeof d->rule->code, "InternalError");
    lnm_take(d->rule->message, sizeof d->rule->message, "An internal error has occurred");
    json_object_foreach(v, name, member) {
        error = error < 0 ? error : read_member(d, name, member);
    }
    return error < 0 ? error : check_rule(d);
}

static int read_rules(struct lnm_fault_plan *out, const json_t *rules, struct lnm_err *err) {
    size_t count = json_array_size(rules);
    if (!json_is_array(rules) || count > RULES_MAX) {
        return lnm_fail(err, LNM_EPARSE, "FaultPlan", "rules: a list of at most %d is expected",
                        RULES_MAX);
    }
    out->rules = calloc(count > 0 ? count : 1, sizeof *out->rules);
    if (out->rules == NULL) {
        return lnm_fail_nomem(err);
    }
    int error = 0;
    for (; error == 0 && out->count < count; out->count++) {
        struct reader d = {&out->rules[out->count], out->count + 1, err};
        error = read_rule(&d, json_array_get(rules, out->count));
    }
    return error;
}

static int read_plan(struct lnm_fault_plan *out, json_t *plan, struct lnm_err *err) {
    const char *name;
    json_t *member;
    if (!json_is_object(plan)) {
        return lnm_fail(err, LNM_EPARSE, "FaultPlan", "an object is expected: {\"rules\": [...]}");
    }
    json_object_foreach(plan, name, member) {
        int error = 0;
        if (strcmp(name, "rules") == 0) {
            error = read_rules(out, member, err);
        } else if (strcmp(name, "seed") == 0 && json_is_integer(member)) {
            out->random = (uint64_t)json_integer_value(member);
        } else if (strcmp(name, "skew") != 0 || !to_us(&out->skew_us, member)) {
            error = lnm_fail(err, LNM_EPARSE, "FaultPlan",
                             "%.40s: only rules (a list), seed (a whole number) and skew (seconds) "
                             "are expected",
                             name);
        }
        if (error < 0) {
            return error;
        }
    }
    return 0;
}

int lnm_fault_plan_read(struct lnm_fault_plan *out, struct lnm_str json, struct lnm_err *err) {
    json_error_t problem;
    *out = (struct lnm_fault_plan){0};
    json_t *plan = json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES, &problem);
    if (plan == NULL) {
        return lnm_fail(err, LNM_EPARSE, "FaultPlan", "line %d: %.120s", problem.line,
                        problem.text);
    }
    int error = read_plan(out, plan, err);
    json_decref(plan);
    return error;
}

void lnm_fault_plan_free(struct lnm_fault_plan *plan) {
    free(plan->rules);
    *plan = (struct lnm_fault_plan){0};
}

/* ---- which rule -------------------------------------------------------------------------------
 */

static bool fits(const char *pattern, const char *text) {
    return pattern[0] == '\0' || lnm_str_glob(lnm_str_z(pattern), lnm_str_z(text));
}

/* A number from 0 to 1 of the plan's own sequence (SplitMix64, as in base/clock.c). */
static double draw(struct lnm_fault_plan *plan) {
    uint64_t z = plan->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

/* A page has another one before it when it is asked for by its token; only lists have pages, and
 * only what changes nothing can be stale. */
static bool can_meet(enum lnm_fault_kind kind, const struct lnm_cloud_request *r) {
    switch (kind) {
    case LNM_FAULT_SAME_PAGE:
    case LNM_FAULT_EXPIRED_PAGE:
        return lnm_record_get(&r->in, 0, "next_token").len > 0 ||
               lnm_record_get(&r->in, 0, "marker").len > 0;
    case LNM_FAULT_EMPTY_PAGE:
        return lnm_type_member(r->op->output, LNM_STR("next_token")) != NULL;
    case LNM_FAULT_STALE:
        return (r->op->flags & LNM_MUTATES) == 0;
    default:
        return true;
    }
}

static bool fires(struct lnm_fault_plan *plan, struct lnm_fault_rule *rule,
                  const struct lnm_cloud_request *r) {
    if (!can_meet(rule->kind, r) || !fits(rule->service, r->service->name) ||
        !fits(rule->action, r->op->name) || !fits(rule->account, r->account) ||
        !fits(rule->region, r->region)) {
        return false;
    }
    rule->met++;
    bool chosen = (rule->nth == 0 || rule->met == rule->nth) &&
                  (rule->every == 0 || rule->met % rule->every == 0) &&
                  (rule->times == 0 || rule->fired < rule->times) &&
                  (rule->probability >= 1 || draw(plan) < rule->probability);
    rule->fired += chosen ? 1 : 0;
    return chosen;
}

const struct lnm_fault_rule *lnm_fault_choose(struct lnm_fault_plan *plan,
                                              const struct lnm_cloud_request *r) {
    const struct lnm_fault_rule *found = NULL;
    for (size_t i = 0; plan != NULL && found == NULL && i < plan->count; i++) {
        found = fires(plan, &plan->rules[i], r) ? &plan->rules[i] : NULL;
    }
    return found;
}
