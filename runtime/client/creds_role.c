/* creds_role.c - temporary credentials of STS: a role that somebody assumes, and one that a web
 * identity token opens. */
#include "aws/record.h"
#include "base/clock.h"
#include "base/date.h"
#include "client/ask.h"
#include "client/call.h"
#include "client/provider.h"
#include "client/settings.h"

#include <stdio.h>
#include <stdlib.h>

#define TOKEN_MAX ((size_t)64 << 10)

struct assuming {
    struct lnm_identity *id;
    struct lnm_session *session;
    struct lnm_call *call;
    struct lnm_ask *ask;
};

/* ---- the answer --------------------------------------------------------------------------------
 */

/* "arn:aws:sts::111122223333:assumed-role/…": its fifth part. */
static struct lnm_str account_of(struct lnm_str arn) {
    struct lnm_str part = LNM_STR_NONE;
    for (int i = 0; i < 5; i++) {
        arn = lnm_str_cut(arn, ':', &part);
    }
    return part;
}

static void deliver(struct assuming *a, const struct lnm_record *answer) {
    uint32_t given = lnm_record_find(answer, 0, "credentials");
    uint32_t user = lnm_record_find(answer, 0, "assumed_role_user");
    struct lnm_err err;
    struct lnm_creds_text text = {.id = lnm_record_get(answer, given, "access_key_id"),
                                  .secret = lnm_record_get(answer, given, "secret_access_key"),
                                  .token = lnm_record_get(answer, given, "session_token"),
                                  .account = account_of(lnm_record_get(answer, user, "arn"))};
    if (given == 0 ||
        lnm_date_parse(&text.expiry_us, lnm_record_get(answer, given, "expiration")) < 0) {
        (void)lnm_fail(&err, LNM_EPARSE, "UnreadableAnswer", "the answer holds no credentials");
        lnm_identity__fetched(a->id, NULL, &err);
        return;
    }
    lnm_identity__fetched(a->id, &text, NULL);
}

static void on_answer(void *arg, struct lnm_call *call) {
    struct assuming *a = arg;
    const struct lnm_record *answer;
    struct lnm_record taken = {0};
    struct lnm_err err;
    if (lnm_call_result(call, &answer, &err) < 0 || lnm_call_take(call, &taken, &err) < 0) {
        lnm_identity__fetched(a->id, NULL, &err);
    } else {
        deliver(a, &taken);
    }
    lnm_record_cleanse(&taken);
}

static void end(void *state) {
    struct assuming *a = state;
    lnm_ask_end(a->ask);
    lnm_call_free(a->call);
    lnm_session_unref(a->session);
    free(a);
}

static struct assuming *new_state(void **state, struct lnm_identity *id) {
    struct assuming *a = calloc(1, sizeof *a);
    if (a != NULL) {
        a->id = id;
        *state = a;
    }
    return a;
}

/* ---- AssumeRole --------------------------------------------------------------------------------
 */

static void set_session_name(struct lnm_record *input, const char *given) {
    char name[40];
    (void)snprintf(name, sizeof name, "lunami-%lld", (long long)(lnm_now_us() / LNM_SECOND_US));
    lnm_record_setz(input, "role_session_name", given != NULL && given[0] != '\0' ? given : name);
}

static int send(struct assuming *a, const char *action, struct lnm_record *input,
                struct lnm_err *err) {
    lnm_record_close(input);
    int error = lnm_record_check(input, err);
    if (error == 0) {
        const struct lnm_operation *op = lnm_operation_find(&lnm_sts, lnm_str_z(action));
        error = lnm_call_start(&a->call, a->session, op, input, on_answer, a, err);
    }
    lnm_record_cleanse(input);
    return error;
}

static int assume(struct assuming *a, struct lnm_str mfa_code, struct lnm_err *err) {
    const struct lnm_role *role = lnm_identity__role(a->id);
    struct lnm_record input = {0};
    if (lnm_record_init(&input, lnm_operation_find(&lnm_sts, LNM_STR("AssumeRole"))->input, 0) <
        0) {
        return lnm_fail_nomem(err);
    }
    lnm_record_setz(&input, "role_arn", role->arn);
    set_session_name(&input, role->session_name);
    lnm_record_setz(&input, "external_id", role->external_id);
    if (role->duration_s > 0) {
        lnm_record_set_int(&input, "duration_seconds", role->duration_s);
    }
    if (mfa_code.len > 0) {
        lnm_record_setz(&input, "serial_number", role->mfa_serial);
        lnm_record_set(&input, "token_code", mfa_code);
    }
    return send(a, "AssumeRole", &input, err);
}

static void on_code(void *arg, struct lnm_str code) {
    struct assuming *a = arg;
    struct lnm_err err;
    int error = code.len > 0 ? assume(a, code, &err)
                             : lnm_fail(&err, LNM_ECREDS, "Credentials", "no MFA code was given");
    if (error < 0) {
        lnm_identity__fetched(a->id, NULL, &err);
        return;
    }
    lnm_ask_end(a->ask);
    a->ask = NULL;
}

static int ask_code(struct assuming *a, const char *serial, struct lnm_err *err) {
    char prompt[300];
    (void)snprintf(prompt, sizeof prompt, "MFA code of %s for %s: ", serial,
                   lnm_identity_source(a->id));
    int error = lnm_ask_start(&a->ask, lnm_identity__loop(a->id), prompt, on_code, a, err);
    return error == LNM_ENOTFOUND
               ? lnm_fail(err, LNM_ECREDS, "Credentials",
                          "it needs a code of MFA device %s, and there is no terminal to ask on: "
                          "use credentials that need none where nobody is present",
                          serial)
               : error;
}

static int begin_role(void **state, struct lnm_identity *id, struct lnm_err *err) {
    const char *serial = lnm_identity__role(id)->mfa_serial;
    struct assuming *a = new_state(state, id);
    if (a == NULL) {
        return lnm_fail_nomem(err);
    }
    a->session = lnm_session_ref(lnm_identity__base(id));
    return serial != NULL ? ask_code(a, serial, err) : assume(a, LNM_STR_NONE, err);
}

const struct lnm_provider lnm_provider_role = {.name = "role", .begin = begin_role, .end = end};

/* ---- AssumeRoleWithWebIdentity -----------------------------------------------------------------
 */

/* The profile's setting, or the environment's where no profile tells. */
static struct lnm_str setting(const struct lnm_profiles *p, const char *profile, const char *env,
                              const char *property) {
    return profile[0] == '\0' ? lnm_settings_env(env)
                              : lnm_profiles_get(p, "profile", profile, property, NULL);
}

static int read_token(struct lnm_buf *out, struct lnm_str file, struct lnm_err *err) {
    char given[1024], path[2048];
    (void)snprintf(given, sizeof given, "%.*s", (int)file.len, file.ptr);
    return lnm_settings_expand(path, sizeof path, given)
               ? lnm_settings_read(out, path, err)
               : lnm_fail(err, LNM_ECONFIG, "Configuration", "cannot tell where %s is", given);
}

static int open_with(struct assuming *a, const struct lnm_profiles *p, struct lnm_str token,
                     struct lnm_err *err) {
    const char *profile = lnm_identity__profile(a->id);
    const struct lnm_operation *op =
        lnm_operation_find(&lnm_sts, LNM_STR("AssumeRoleWithWebIdentity"));
    struct lnm_str name = setting(p, profile, "AWS_ROLE_SESSION_NAME", "role_session_name");
    char session_name[80];
    struct lnm_record input = {0};
    if (lnm_record_init(&input, op->input, 0) < 0) {
        return lnm_fail_nomem(err);
    }
    (void)snprintf(session_name, sizeof session_name, "%.*s", (int)name.len, name.ptr);
    lnm_record_set(&input, "role_arn", setting(p, profile, "AWS_ROLE_ARN", "role_arn"));
    set_session_name(&input, session_name);
    lnm_record_set(&input, "web_identity_token", token);
    return send(a, op->name, &input, err);
}

/* The token's file is read anew each time: whoever puts it there renews it. */
static int begin_web_identity(void **state, struct lnm_identity *id, struct lnm_err *err) {
    struct lnm_profiles *p = NULL;
    struct lnm_buf token;
    struct assuming *a = new_state(state, id);
    if (a == NULL) {
        return lnm_fail_nomem(err);
    }
    lnm_buf_init(&token, TOKEN_MAX);
    int error = lnm_session__with(&a->session, lnm_identity__root(id), lnm_identity__loop(id),
                                  lnm_identity__region(id), NULL, err);
    if (error == 0) {
        error = lnm_settings_load(&p, err);
    }
    if (error == 0) {
        error = read_token(&token,
                           setting(p, lnm_identity__profile(id), "AWS_WEB_IDENTITY_TOKEN_FILE",
                                   "web_identity_token_file"),
                           err);
    }
    if (error == 0) {
        error = open_with(a, p, lnm_str_trim(lnm_buf_str(&token)), err);
    }
    lnm_buf_cleanse(&token);
    lnm_profiles_free(p);
    return error;
}

const struct lnm_provider lnm_provider_web_identity = {
    .name = "web identity", .may_move = true, .begin = begin_web_identity, .end = end};
