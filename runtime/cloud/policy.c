/* policy.c - deciding by a policy document. Source: the IAM user guide's grammar of JSON policies
 * and evaluation logic, and the KMS developer guide on key policies. */
#include "cloud/policy.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

bool lnm_policy_like(const char *pattern, const char *text) {
    const char *star = NULL, *resume = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            resume = text;
        } else if (*pattern == '?' || strncasecmp(pattern, text, 1) == 0) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*') {
        pattern++;
    }
    return *pattern == '\0';
}

/* ---- principals -------------------------------------------------------------------------------
 */

/* The 12 digits of an ARN's account, or NULL. */
static const char *account_of(const char *arn) {
    for (int colon = 0; colon < 4; colon++) {
        arn = arn == NULL ? NULL : strchr(arn, ':');
        arn = arn == NULL ? NULL : arn + 1;
    }
    return arn != NULL && strlen(arn) > 13 && arn[12] == ':' ? arn : NULL;
}

/* arn:P:sts::A:assumed-role/R/S is a session of arn:P:iam::A:role/R. */
void lnm_policy_identity(char out[256], const char *principal) {
    const char *role = strstr(principal, ":assumed-role/"), *account = account_of(principal);
    const char *session = role != NULL ? strrchr(role, '/') : NULL;
    const char *service = strstr(principal, ":sts:");
    if (session != NULL && account != NULL && service != NULL && session > role + 14) {
        (void)snprintf(out, 256, "%.*s:iam::%.12s:role/%.*s", (int)(service - principal), principal,
                       account, (int)(session - role - 14), role + 14);
    } else {
        (void)snprintf(out, 256, "%s", principal);
    }
}

/* Roles are known here by their names: paths do not count. */
static bool same_identity(const char *named, const char *principal) {
    char identity[256];
    lnm_policy_identity(identity, principal);
    if (strcmp(named, principal) == 0 || strcmp(named, identity) == 0) {
        return true;
    }
    const char *role = strstr(named, ":role/"), *name = strrchr(named, '/');
    size_t head = role != NULL ? (size_t)(role - named) + strlen(":role/") : 0;
    return role != NULL && strncmp(named, identity, head) == 0 &&
           strcmp(name + 1, identity + head) == 0;
}

enum lnm_policy_named lnm_policy_names(const char *principal, const struct lnm_policy_question *q) {
    if (strcmp(principal, "*") == 0) {
        return LNM_NAMES_CALLER;
    }
    if (strcmp(principal, q->account) == 0) {
        return LNM_NAMES_ACCOUNT;
    }
    const char *account = account_of(principal);
    if (account == NULL || strncmp(account, q->account, 12) != 0) {
        return LNM_NAMES_OTHERS;
    }
    if (strcmp(account + 12, ":root") == 0) {
        return LNM_NAMES_ACCOUNT;
    }
    return q->principal == NULL || same_identity(principal, q->principal) ? LNM_NAMES_CALLER
                                                                          : LNM_NAMES_OTHERS;
}

static enum lnm_policy_named names(const char *principal, const struct lnm_policy_question *q) {
    if (!q->federated) {
        return lnm_policy_names(principal, q);
    }
    return strcmp(principal, q->principal) == 0 ? LNM_NAMES_CALLER : LNM_NAMES_OTHERS;
}

/* Whom the value of (Not)Principal names: the nearest of those in it. */
static enum lnm_policy_named named_by(const json_t *value, const struct lnm_policy_question *q) {
    enum lnm_policy_named nearest = LNM_NAMES_OTHERS;
    const json_t *one;
    size_t i;
    if (json_is_string(value)) {
        return q->federated ? LNM_NAMES_OTHERS : names(json_string_value(value), q);
    }
    value = json_object_get(value, q->federated ? "Federated" : "AWS");
    if (json_is_string(value)) {
        return names(json_string_value(value), q);
    }
    json_array_foreach(value, i, one) {
        enum lnm_policy_named named =
            json_is_string(one) ? names(json_string_value(one), q) : LNM_NAMES_OTHERS;
        nearest = named > nearest ? named : nearest;
    }
    return nearest;
}

/* Whom a statement is about; without principals, whoever has the policy. */
static enum lnm_policy_named about_whom(const json_t *statement,
                                        const struct lnm_policy_question *q) {
    const json_t *principal = json_object_get(statement, "Principal");
    const json_t *except = json_object_get(statement, "NotPrincipal");
    if (except != NULL) {
        return named_by(except, q) == LNM_NAMES_OTHERS ? LNM_NAMES_CALLER : LNM_NAMES_OTHERS;
    }
    return principal != NULL ? named_by(principal, q) : LNM_NAMES_CALLER;
}

/* ---- statements -------------------------------------------------------------------------------
 */

/* A pattern or a list of patterns: does any of them match? Variables are not understood. */
static enum lnm_policy_answer any(const json_t *value, const char *text) {
    enum lnm_policy_answer answer = LNM_ANSWER_NO;
    const json_t *one;
    size_t i, n = json_is_string(value) ? 1 : json_array_size(value);
    for (i = 0; i < n && answer != LNM_ANSWER_YES; i++) {
        one = json_is_string(value) ? value : json_array_get(value, i);
        if (json_is_string(one) && strstr(json_string_value(one), "${") != NULL) {
            answer = LNM_NOT_UNDERSTOOD;
        } else if (json_is_string(one) && lnm_policy_like(json_string_value(one), text)) {
            answer = LNM_ANSWER_YES;
        }
    }
    return answer;
}

/* Is the text among what `element` says, or not among what `except` says? */
static enum lnm_policy_answer about(const json_t *statement, const char *element,
                                    const char *except, const char *text) {
    const json_t *value = json_object_get(statement, element);
    const json_t *others = json_object_get(statement, except);
    if (others != NULL) {
        enum lnm_policy_answer among = any(others, text);
        return among == LNM_ANSWER_YES  ? LNM_ANSWER_NO
               : among == LNM_ANSWER_NO ? LNM_ANSWER_YES
                                        : among;
    }
    return any(value, text);
}

static enum lnm_policy_answer about_resource(const json_t *statement,
                                             const struct lnm_policy_question *q) {
    return q->resource != NULL ? about(statement, "Resource", "NotResource", q->resource)
                               : LNM_ANSWER_YES;
}

/* A Deny that is about somebody does not deny the account, when it is the account that asks. */
static enum lnm_policy_effect statement_effect(const json_t *statement,
                                               const struct lnm_policy_question *asked) {
    const json_t *effect = json_object_get(statement, "Effect");
    bool deny = json_is_string(effect) && strcmp(json_string_value(effect), "Deny") == 0;
    struct lnm_policy_question nobody = *asked, *q = &nobody;
    if (deny && asked->principal == NULL) {
        nobody.principal = "";
    }
    enum lnm_policy_named whom = about_whom(statement, q);
    enum lnm_policy_answer parts[] = {
        whom == LNM_NAMES_OTHERS ? LNM_ANSWER_NO : LNM_ANSWER_YES,
        about(statement, "Action", "NotAction", q->action), about_resource(statement, q),
        lnm_policy_conditions(json_object_get(statement, "Condition"), q)};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i] == LNM_ANSWER_NO || (parts[i] == LNM_NOT_UNDERSTOOD && !deny)) {
            return LNM_POLICY_SILENT;
        }
    }
    return deny                        ? LNM_POLICY_DENIES
           : whom == LNM_NAMES_ACCOUNT ? LNM_POLICY_DELEGATES
                                       : LNM_POLICY_ALLOWS;
}

/* The statements as an array (a single one stands alone), or NULL; *root is to be released. */
static json_t *statements(json_t **root, struct lnm_str document) {
    json_error_t ignored;
    *root = json_loadb(document.ptr, document.len, JSON_REJECT_DUPLICATES, &ignored);
    json_t *list = json_object_get(*root, "Statement");
    if (json_is_object(list)) {
        json_t *one = json_pack("[O]", list);
        if (one != NULL && json_object_set_new(*root, "Statement", one) == 0) {
            list = one;
        }
    }
    return json_is_array(list) ? list : NULL;
}

/* Exactly one of an element and its opposite. */
static bool has(const json_t *statement, const char *element, const char *except) {
    return (json_object_get(statement, element) != NULL) !=
           (json_object_get(statement, except) != NULL);
}

static bool statement_valid(const json_t *statement, bool of_resource) {
    const json_t *effect = json_object_get(statement, "Effect");
    bool principal = has(statement, "Principal", "NotPrincipal");
    return json_is_string(effect) &&
           (strcmp(json_string_value(effect), "Allow") == 0 ||
            strcmp(json_string_value(effect), "Deny") == 0) &&
           has(statement, "Action", "NotAction") && principal == of_resource &&
           (of_resource || has(statement, "Resource", "NotResource"));
}

bool lnm_policy_valid(struct lnm_str document, bool of_resource) {
    json_t *root, *one, *list = statements(&root, document);
    bool valid = list != NULL && json_array_size(list) > 0;
    size_t i;
    json_array_foreach(list, i, one) {
        valid = valid && statement_valid(one, of_resource);
    }
    json_decref(root);
    return valid;
}

struct lnm_policy {
    json_t *root, *statements;
};

struct lnm_policy *lnm_policy_read(struct lnm_str document) {
    struct lnm_policy *p = malloc(sizeof *p);
    if (p != NULL) {
        p->statements = statements(&p->root, document);
    }
    return p;
}

void lnm_policy_free(struct lnm_policy *p) {
    if (p != NULL) {
        json_decref(p->root);
        free(p);
    }
}

enum lnm_policy_effect lnm_policy_effect(const struct lnm_policy *p,
                                         const struct lnm_policy_question *q) {
    json_t *one;
    enum lnm_policy_effect effect = LNM_POLICY_SILENT;
    size_t i;
    json_array_foreach(p != NULL ? p->statements : NULL, i, one) {
        enum lnm_policy_effect said = statement_effect(one, q);
        effect = said > effect ? said : effect;
    }
    return effect;
}

enum lnm_policy_effect lnm_policy_decide(struct lnm_str document,
                                         const struct lnm_policy_question *q) {
    struct lnm_policy *p = lnm_policy_read(document);
    enum lnm_policy_effect effect = lnm_policy_effect(p, q);
    lnm_policy_free(p);
    return effect;
}
