/* creds_text.h - credentials as programs, metadata services and IAM Identity Center tell them: JSON
 * texts, read in place. All results point into the text that was read. */
#ifndef LUNAMI_AWS_CREDS_TEXT_H
#define LUNAMI_AWS_CREDS_TEXT_H

#include "base/buf.h"

struct lnm_creds_text {
    struct lnm_str id, secret, token; /* token: empty when they are not temporary */
    struct lnm_str account;           /* empty: not told */
    int64_t expiry_us;                /* 0: never */
};

enum lnm_creds_dialect {
    LNM_CREDS_PROCESS,  /* {"Version": 1, "AccessKeyId": …, "SessionToken": …} */
    LNM_CREDS_METADATA, /* containers and instances: "Token"; instances say "Code": "Success" */
    LNM_CREDS_SSO       /* GetRoleCredentials: {"roleCredentials": {…, "expiration": ms}} */
};

/* Source: SDKs reference, "Process credential provider", "Container", "IMDS", "IAM Identity Center
 * credential provider". LNM_EPARSE says what is wrong, never what was in it. */
LNM_API int lnm_creds_text_read(struct lnm_creds_text *out, enum lnm_creds_dialect dialect,
                                struct lnm_str text, struct lnm_err *err);

/* The file that `aws sso login` writes, and what CreateToken of SSO OIDC answers. */
struct lnm_sso_token {
    struct lnm_str access_token, refresh_token, client_id, client_secret;
    struct lnm_str region, start_url, registration_expires; /* kept as they are */
    int64_t expires_us;
    int64_t registration_us; /* until when the client may refresh; 0: not registered */
};

/* 40 hexadecimal digits and ".json" of a session's name or a start URL. */
LNM_API void lnm_sso_cache_name(char out[46], struct lnm_str key);
LNM_API int lnm_sso_token_read(struct lnm_sso_token *out, struct lnm_str text, struct lnm_err *err);
/* Append the file's text. */
LNM_API void lnm_sso_token_write(struct lnm_buf *out, const struct lnm_sso_token *token);
/* Append the body of CreateToken that asks for a new access token. */
LNM_API void lnm_sso_refresh_write(struct lnm_buf *out, const struct lnm_sso_token *token);
/* Its answer into *token: the access token, when it expires, perhaps another refresh token. */
LNM_API int lnm_sso_refresh_read(struct lnm_sso_token *token, struct lnm_str text, int64_t now_us,
                                 struct lnm_err *err);

#endif
