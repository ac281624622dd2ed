/* ssh_key.h - SSH keys as EC2 makes, takes and fingerprints them: RSA of 2048 bits and Ed25519.
 * Source: EC2 user guide, "Verify the fingerprint"; RFC 4253 6.6, RFC 8709, OpenSSH's PROTOCOL.key.
 */
#ifndef LUNAMI_CLOUD_SSH_KEY_H
#define LUNAMI_CLOUD_SSH_KEY_H

#include "base/buf.h"

struct lnm_ssh_key {
    bool ed25519;
    char fingerprint[64];
    struct lnm_buf line;    /* "ssh-rsa AAAA…", without a comment */
    struct lnm_buf private; /* what ssh reads: PKCS#1 (RSA) or OpenSSH's own (Ed25519); none when
                               the key was read. [secret] */
};

/* A new key. 0 or LNM_ENOMEM. */
LNM_API int lnm_ssh_key_make(struct lnm_ssh_key *out, bool ed25519);
/* The public key in text: OpenSSH's line, RFC 4716, PEM, or base64 of its DER. 0 or LNM_EPARSE. */
LNM_API int lnm_ssh_key_read(struct lnm_ssh_key *out, struct lnm_str text);
LNM_API void lnm_ssh_key_free(struct lnm_ssh_key *k);

#endif
