/* block_list.h - the blocks that a snapshot holds, in the order of their places, page by page: one
 * page is looked at while the next is under way. */
#ifndef LUNAMI_CLIENT_BLOCK_LIST_H
#define LUNAMI_CLIENT_BLOCK_LIST_H

#include "client/call.h"

struct lnm_block_list;

struct lnm_listed_block {
    int64_t block;
    struct lnm_str token; /* [borrowed until the list moves on] */
};

enum lnm_listed {
    LNM_LISTED_BLOCK, /* there is one */
    LNM_LISTED_LATER, /* its page is under way; changed() will be called */
    LNM_LISTED_END,   /* no more */
    LNM_LISTED_FAILED /* see lnm_block_list_error */
};

/* changed(arg) is called from lnm_loop_step when a page has come, or failed. */
LNM_API int lnm_block_list_new(struct lnm_block_list **out, struct lnm_session *session,
                               const char *snapshot_id, void (*changed)(void *arg), void *arg,
                               struct lnm_err *err);
LNM_API void lnm_block_list_free(struct lnm_block_list *l); /* NULL is fine */
/* The block at which the list stands. */
LNM_API enum lnm_listed lnm_block_list_peek(struct lnm_block_list *l, struct lnm_listed_block *out);
LNM_API void lnm_block_list_skip(struct lnm_block_list *l);
LNM_API const struct lnm_err *lnm_block_list_error(const struct lnm_block_list *l);
LNM_API int64_t lnm_block_list_gib(const struct lnm_block_list *l); /* the volume's; 0: not yet */

#endif
