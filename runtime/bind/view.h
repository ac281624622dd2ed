/* view.h - one struct of a shared record: what records and objects are made of. */
#ifndef LUNAMI_BIND_VIEW_H
#define LUNAMI_BIND_VIEW_H

#include "bind/bind.h"

struct lnm_view {
    struct lnm_shared_record *shared; /* NULL: cleared */
    uint32_t node;
};

/* The view at `index`, or NULL when it is none. [-0, +0, -] */
LNM_API struct lnm_view *lnm_view_test(lua_State *L, int index);
LNM_API void lnm_view_set(struct lnm_view *v, struct lnm_shared_record *shared, uint32_t node);
LNM_API void lnm_view_clear(struct lnm_view *v);
/* All that it shows as plain tables. [-0, +1, e] */
LNM_API void lnm_view_push_plain(lua_State *L, const struct lnm_view *v);
/* The value of a field, or false (nothing pushed) when it has none. [-0, +0|1, e] */
LNM_API bool lnm_view_get(lua_State *L, const struct lnm_view *v, const char *name);

#endif
