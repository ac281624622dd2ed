/* policy.c - deciding by a policy document. Source: the IAM user guide's grammar of JSON policies
 * and evaluation logic, and the KMS developer guide on key policies. */
#include "cloud/policy.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum answer { NO, YES, NOT_UNDERSTOOD };

/* '*' and '?' as in policies; letters in any case, as in action names. */
static bool like(const char *pattern, const char *text) {
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

/* A value or a list of values: does any of them match? */
static bool any(const json_t *value, const char *text,
                bool matches(const char *pattern, const char *text)) {
    size_t i;
    json_t *one;
    if (json_is_string(value)) {
        return matches(json_string_value(value), text);
    }
    json_array_foreach(value, i, one) {
        if (json_is_string(one) && matches(json_string_value(one), text)) {
            return true;
        }
    }
    return false;
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

/* arn:aws:sts::A:assumed-role/R/S is a session of arn:aws:iam::A:role/R. */
static bool session_of(const char *role, const char *principal) {
    const char *name = strstr(role, ":role/"), *session = strstr(principal, ":assumed-role/");
    if (name == NULL || session == NULL) {
        return false;
    }
    size_t len = strlen(name + 6);
    return strncmp(name + 6, session + 14, len) == 0 && session[14 + len] == '/';
}

bool lnm_policy_names(const char *principal, const struct lnm_policy_question *q) {
    if (strcmp(principal, "*") == 0 || strcmp(principal, q->account) == 0) {
        return true;
    }
    const char *account = account_of(principal);
    if (account == NULL || strncmp(account, q->account, 12) != 0) {
        return false;
    }
    return q->principal == NULL || strcmp(account + 12, ":root") == 0 ||
           strcmp(principal, q->principal) == 0 || session_of(principal, q->principal);
}

static enum answer names_caller(const json_t *statement, const struct lnm_policy_question *q) {
    const json_t *principal = json_object_get(statement, "Principal");
    if (json_is_string(principal)) {
        return lnm_policy_names(json_string_value(principal), q) ? YES : NO;
    }
    if (!json_is_object(principal)) {
        return NOT_UNDERSTOOD; /* NotPrincipal */
    }
    const json_t *aws = json_object_get(principal, "AWS");
    size_t i;
    json_t *one;
    if (json_is_string(aws)) {
        return lnm_policy_names(json_string_value(aws), q) ? YES : NO;
    }
    json_array_foreach(aws, i, one) {
        if (json_is_string(one) && lnm_policy_names(json_string_value(one), q)) {
            return YES;
        }
    }
    return NO;
}

/* ---- conditions -------------------------------------------------------------------------------
 */

/* The value that a condition key has here, or NULL: not understood. */
static const char *key_value(const char *key, const struct lnm_policy_question *q) {
    if (strcasecmp(key, "kms:GrantIsForAWSResource") == 0) {
        return q->via[0] != '\0' ? "true" : "false";
    }
    if (strcasecmp(key, "kms:CallerAccount") == 0 || strcasecmp(key, "aws:PrincipalAccount") == 0) {
        return q->account;
    }
    return strcasecmp(key, "kms:ViaService") == 0 ? q->via : NULL;
}

static bool equal(const char *pattern, const char *text) {
    return strcmp(pattern, text) == 0;
}

static bool equal_bool(const json_t *value, const char *text) {
    return json_is_boolean(value) ? json_is_true(value) == (strcmp(text, "true") == 0)
                                  : any(value, text, like);
}

static enum answer holds(const char *operator, const char * key, const json_t *value,
                         const struct lnm_policy_question *q) {
    const char *here = key_value(key, q);
    if (here == NULL) {
        return NOT_UNDERSTOOD;
    }
    if (strcmp(operator, "Bool") == 0) {
        return equal_bool(value, here) ? YES : NO;
    }
    if (strcmp(operator, "StringEquals") == 0) {
        return any(value, here, equal) ? YES : NO;
    }
    if (strcmp(operator, "StringLike") == 0) {
        return any(value, here, like) ? YES : NO;
    }
    return NOT_UNDERSTOOD;
}

static enum answer conditions_hold(const json_t *statement, const struct lnm_policy_question *q) {
    const char *operator, * key;
    json_t *tests, *value;
    enum answer all = YES;
    json_object_foreach(json_object_get(statement, "Condition"), operator, tests) {
        json_object_foreach(tests, key, value) {
            enum answer one = holds(operator, key, value, q);
            if (one == NO) {
                return NO;
            }
            all = one == NOT_UNDERSTOOD ? one : all;
        }
    }
    return all;
}

/* ---- statements -------------------------------------------------------------------------------
 */

static enum answer about_action(const json_t *statement, const char *action) {
    const json_t *actions = json_object_get(statement, "Action");
    return actions == NULL ? NOT_UNDERSTOOD : any(actions, action, like) ? YES : NO; /* NotAction */
}

static enum lnm_policy_effect statement_effect(const json_t *statement,
                                               const struct lnm_policy_question *q) {
    const json_t *effect = json_object_get(statement, "Effect");
    enum answer parts[] = {about_action(statement, q->action), names_caller(statement, q),
                           conditions_hold(statement, q)};
    bool deny = json_is_string(effect) && strcmp(json_string_value(effect), "Deny") == 0;
    for (size_t i = 0; i < 3; i++) {
        if (parts[i] == NO || (parts[i] == NOT_UNDERSTOOD && !deny)) {
            return LNM_POLICY_SILENT;
        }
    }
    return deny ? LNM_POLICY_DENIES : LNM_POLICY_ALLOWS;
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

static bool statement_valid(const json_t *statement) {
    const json_t *effect = json_object_get(statement, "Effect");
    return json_is_string(effect) &&
           (strcmp(json_string_value(effect), "Allow") == 0 ||
            strcmp(json_string_value(effect), "Deny") == 0) &&
           (json_object_get(statement, "Action") != NULL ||
            json_object_get(statement, "NotAction") != NULL) &&
           (json_object_get(statement, "Principal") != NULL ||
            json_object_get(statement, "NotPrincipal") != NULL);
}

bool lnm_policy_valid(struct lnm_str document) {
    json_t *root, *one, *list = statements(&root, document);
    bool valid = list != NULL && json_array_size(list) > 0;
    size_t i;
    json_array_foreach(list, i, one) {
        valid = valid && statement_valid(one);
    }
    json_decref(root);
    return valid;
}

enum lnm_policy_effect lnm_policy_decide(struct lnm_str document,
                                         const struct lnm_policy_question *q) {
    json_t *root, *one, *list = statements(&root, document);
    enum lnm_policy_effect effect = LNM_POLICY_SILENT;
    size_t i;
    json_array_foreach(list, i, one) {
        enum lnm_policy_effect said = statement_effect(one, q);
        effect = said > effect ? said : effect; /* a Deny outweighs every Allow */
    }
    json_decref(root);
    return effect;
}
