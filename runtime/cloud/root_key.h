/* root_key.h - the key that wraps every other secret of the local cloud's state.
 *
 * 32 random bytes in DIR/root.key (mode 0600), made with the state and never again; in memory only
 * when the state is. The state holds a proof of it, so that another one is noticed at start. */
#ifndef LUNAMI_CLOUD_ROOT_KEY_H
#define LUNAMI_CLOUD_ROOT_KEY_H

#include "cloud/internal.h"

struct lnm_root_key; /* a locked page, wiped at the end */

/* The key of the state that is open in c; dir NULL: in memory. *fresh: the state had none before.
 * LNM_EIO names the file and what to do when it is missing, damaged or another state's. */
LNM_API int lnm_root_key_open(struct lnm_root_key **out, bool *fresh, struct lnm_cloud *c,
                              const char *dir, struct lnm_err *err);
LNM_API void lnm_root_key_close(struct lnm_root_key *k); /* NULL is fine */
/* lnm_gcm_seal and lnm_gcm_open under it; about: what the text is, bound to it. */
LNM_API int lnm_root_key_wrap(struct lnm_buf *out, const struct lnm_root_key *k,
                              struct lnm_str plain, struct lnm_str about);
LNM_API int lnm_root_key_unwrap(struct lnm_buf *out, const struct lnm_root_key *k,
                                struct lnm_str sealed, struct lnm_str about);

#endif
