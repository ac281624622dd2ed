/* creds_container.c - the role of an ECS task, an EKS pod, or whatever serves such credentials. */
#include "client/creds_container.h"

#include "aws/endpoint.h"
#include "base/date.h"
#include "client/provider.h"
#include "client/settings.h"
#include "client/whisper.h"

#include <stdlib.h>

#define TOKEN_FILE_MAX ((size_t)64 << 10)

struct container {
    struct lnm_identity *id;
    struct lnm_whisper whisper;
};

static int check_full(struct lnm_str url, struct lnm_err *err) {
    static const char *const addresses[] = {"http://169.254.170.2", "http://169.254.170.23",
                                            "http://[fd00:ec2::23]"};
    struct lnm_buf host = {0};
    bool ok = lnm_endpoint_is_loopback(url);
    int error = lnm_endpoint_host(&host, url, err);
    lnm_buf_free(&host);
    if (error < 0) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration",
                        "AWS_CONTAINER_CREDENTIALS_FULL_URI is no URL: URI did not specify a host");
    }
    ok = ok || lnm_str_starts(url, LNM_STR("https://"));
    for (size_t i = 0; !ok && i < sizeof addresses / sizeof addresses[0]; i++) {
        struct lnm_str known = lnm_str_z(addresses[i]);
        ok = lnm_str_starts(url, known) &&
             (url.len == known.len || strchr(":/?", url.ptr[known.len]) != NULL);
    }
    return ok ? 0
              : lnm_fail(err, LNM_ECONFIG, "Configuration",
                         "AWS_CONTAINER_CREDENTIALS_FULL_URI is plain HTTP, and not to this "
                         "machine, 169.254.170.2, 169.254.170.23 or [fd00:ec2::23]: use https");
}

int lnm_container_url(struct lnm_buf *out, struct lnm_err *err) {
    struct lnm_str relative = lnm_settings_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    struct lnm_str full = lnm_settings_env("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (relative.len > 0 && relative.ptr[0] != '/') {
        return lnm_fail(err, LNM_ECONFIG, "Configuration",
                        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI begins with '/'");
    }
    if (relative.len > 0) {
        lnm_buf_addz(out, "http://169.254.170.2");
        lnm_buf_adds(out, relative);
        return lnm_buf_check(out, err);
    }
    if (full.len == 0) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration",
                        "No environment variables were set to configure ECS provider: set "
                        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI");
    }
    int error = check_full(full, err);
    lnm_buf_adds(out, full);
    return error < 0 ? error : lnm_buf_check(out, err);
}

/* The token's file is read anew each time: it is replaced before what is in it expires. */
static int authorize(struct lnm_whisper *w, struct lnm_err *err) {
    char path[1024];
    struct lnm_str file = lnm_settings_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    struct lnm_str token = lnm_settings_env("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    struct lnm_buf text;
    int error = 0;
    lnm_buf_init(&text, TOKEN_FILE_MAX);
    if (file.len > 0) {
        (void)lnm_settings_expand(path, sizeof path, file.ptr);
        error = lnm_settings_read(&text, path, err);
        token = lnm_str_trim(lnm_buf_str(&text));
    }
    if (error == 0 && token.len > 0) {
        error = lnm_whisper_header(w, "Authorization", token, err);
    }
    lnm_buf_cleanse(&text);
    return error;
}

static void on_answer(void *arg, int status, struct lnm_str body, const struct lnm_err *why) {
    struct container *c = arg;
    struct lnm_creds_text text;
    struct lnm_err err;
    int error;
    if (why != NULL) {
        lnm_identity__fetched(c->id, NULL, why);
        return;
    }
    error = status == 200 ? lnm_creds_text_read(&text, LNM_CREDS_METADATA, body, &err)
                          : lnm_whisper_refused(status, &err);
    lnm_identity__fetched(c->id, error < 0 ? NULL : &text, &err);
}

static void end(void *state) {
    struct container *c = state;
    lnm_whisper_end(&c->whisper);
    free(c);
}

static int begin(void **state, struct lnm_identity *id, struct lnm_err *err) {
    struct lnm_buf url = {0};
    struct container *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return lnm_fail_nomem(err);
    }
    *state = c;
    c->id = id;
    c->whisper = (struct lnm_whisper){.loop = lnm_identity__loop(id),
                                      .pool = lnm_identity__root(id)->pool,
                                      .attempts = 3,
                                      .dead_ends = 3,
                                      .pause_us = LNM_SECOND_US,
                                      .timeout_ms = 2000,
                                      .done = on_answer,
                                      .arg = c};
    int error = lnm_container_url(&url, err);
    error = error < 0 ? error : authorize(&c->whisper, err);
    if (error == 0) {
        error = lnm_whisper_header(&c->whisper, "Accept", LNM_STR("application/json"), err);
    }
    if (error == 0) {
        error = lnm_whisper_start(&c->whisper, "GET", url.ptr, LNM_STR_NONE, err);
    }
    lnm_buf_free(&url);
    return error;
}

const struct lnm_provider lnm_provider_container = {
    .name = "the container's credentials", .may_move = true, .begin = begin, .end = end};
