/* sigv4.h - AWS Signature Version 4.
 *
 * Pure: reads its arguments, appends to buffers, does no I/O and never looks at the clock.  Each
 * stage carries SigV4's own name and can be called alone: by the tests, and by the local cloud's
 * verifier. Source: "Create a signed AWS API request" (IAM user guide). */
#ifndef LUNAMI_AWS_SIGV4_H
#define LUNAMI_AWS_SIGV4_H

#include "base/buf.h"

struct lnm_header {
    struct lnm_str name, value;
};

struct lnm_signing_params {
    struct lnm_str method;
    struct lnm_str path;              /* as on the wire; empty means "/" */
    struct lnm_str query;             /* as on the wire, without '?'; may be empty */
    const struct lnm_header *headers; /* those to sign, any order, any case; must hold host and,
                                         for the header form, x-amz-date */
    size_t header_count;
    struct lnm_str payload_hash; /* 64 hex digits, or "UNSIGNED-PAYLOAD" */
    struct lnm_str region, service;
    char amz_date[17];       /* "20150830T123600Z" */
    bool normalize_path;     /* remove dot segments and double slashes (all services but S3) */
    bool double_encode_path; /* percent-encode the path once more (all services but S3) */
};

/* hex(SHA-256(bytes)) with a NUL. */
LNM_API void lnm_sigv4_hash(char out[65], struct lnm_str bytes);

/* --- the stages, in calling order --------------------------------------------------------------
 */
LNM_API int lnm_sigv4_canonical_request(struct lnm_buf *out, const struct lnm_signing_params *p,
                                        struct lnm_err *err);
/* "a;b;c": lower-case names, sorted. */
LNM_API int lnm_sigv4_signed_headers(struct lnm_buf *out, const struct lnm_signing_params *p,
                                     struct lnm_err *err);
/* "20150830/us-east-1/service/aws4_request" */
LNM_API void lnm_sigv4_credential_scope(struct lnm_buf *out, const struct lnm_signing_params *p);
LNM_API int lnm_sigv4_string_to_sign(struct lnm_buf *out, const struct lnm_signing_params *p,
                                     struct lnm_str canonical_request, struct lnm_err *err);

/* The signing key of one day, region and service: HMAC midstates, so that a signature costs two
 * compressions less and never touches the secret.  Holds key material: cleanse after use. */
struct lnm_signing_key {
    unsigned char key[32];
    uint32_t inner[8], outer[8]; /* SHA-256 states after the ipad and opad blocks */
    char date[9];                /* "20150830": what it is good for */
};
LNM_API void lnm_sigv4_signing_key(struct lnm_signing_key *out, struct lnm_str secret_key,
                                   const char *date8, struct lnm_str region,
                                   struct lnm_str service);
LNM_API void lnm_sigv4_signing_key_cleanse(struct lnm_signing_key *key);
LNM_API void lnm_sigv4_signature(char out[65], const struct lnm_signing_key *key,
                                 struct lnm_str string_to_sign);

/* The stages together; nothing is allocated but what `scratch` must grow. */
LNM_API int lnm_sigv4_sign(char signature[65], struct lnm_buf *scratch,
                           const struct lnm_signing_params *p, const struct lnm_signing_key *key,
                           struct lnm_err *err);

/* --- the two forms ------------------------------------------------------------------------------
 */
/* Append the Authorization header's value. Allocates only what `out` and `scratch` must grow;
 * both can be kept and reset between calls, then nothing is allocated. */
LNM_API int lnm_sigv4_authorization(struct lnm_buf *out, struct lnm_buf *scratch,
                                    const struct lnm_signing_params *p,
                                    struct lnm_str access_key_id, const struct lnm_signing_key *key,
                                    struct lnm_err *err);
/* Append the whole presigned query string: p->query, then X-Amz-Algorithm ... X-Amz-Signature. The
 * token, when not empty, is part of what is signed. */
LNM_API int lnm_sigv4_presign(struct lnm_buf *out, struct lnm_buf *scratch,
                              const struct lnm_signing_params *p, struct lnm_str access_key_id,
                              struct lnm_str session_token, unsigned expires_s,
                              const struct lnm_signing_key *key, struct lnm_err *err);

#endif
