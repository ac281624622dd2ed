/* record.c - class "lunami.record": a view into a decoded answer, its fields made when touched.
 *
 * A struct is a view, a list is a plain table made when it is asked for (so that ipairs works on
 * every Lua), a scalar is a Lua value of its type.  Looking never sends anything. */
#include "bind/bind.h"

#include "bind/value.h"
#include "bind/view.h"

#include <stdlib.h>

#define RECORD "lunami.record"

void lnm_view_clear(struct lnm_view *v) {
    struct lnm_shared_record *shared = v->shared;
    v->shared = NULL;
    if (shared != NULL && --shared->refs == 0) {
        lnm_record_free(&shared->record);
        free(shared);
    }
}

void lnm_view_set(struct lnm_view *v, struct lnm_shared_record *shared, uint32_t node) {
    shared->refs++;
    lnm_view_clear(v);
    v->shared = shared;
    v->node = node;
}

static int view_gc(lua_State *L) {
    lnm_view_clear(luaL_checkudata(L, 1, RECORD));
    return 0;
}

struct lnm_view *lnm_view_test(lua_State *L, int index) {
    void *v = lua_touserdata(L, index);
    if (v == NULL || lua_getmetatable(L, index) == 0) {
        return NULL;
    }
    luaL_getmetatable(L, RECORD);
    bool same = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
    return same ? v : NULL;
}

struct lnm_shared_record *lnm_bind_newrecord(lua_State *L) {
    struct lnm_view *v = lnm_bind_box(L, sizeof *v, RECORD);
    v->shared = calloc(1, sizeof *v->shared);
    if (v->shared == NULL) {
        luaL_error(L, "out of memory");
        return NULL;
    }
    v->shared->refs = 1;
    return v->shared;
}

static void push_view(lua_State *L, struct lnm_shared_record *shared, uint32_t node) {
    struct lnm_view *v = lnm_bind_box(L, sizeof *v, RECORD);
    lnm_view_set(v, shared, node);
}

/* Tags are lists of { key =, value = }: beside its items such a list has each value by its key. */
static bool is_tag(const struct lnm_type *item) {
    return item->kind == LNM_STRUCT && item->member_count == 2 &&
           strcmp(item->members[0].name, "key") == 0 && strcmp(item->members[1].name, "value") == 0;
}

static void set_tag(lua_State *L, const struct lnm_record *r, uint32_t item) {
    struct lnm_str key = lnm_record_get(r, item, "key"), value = lnm_record_get(r, item, "value");
    lua_pushlstring(L, key.len > 0 ? key.ptr : "", key.len);
    lua_pushlstring(L, value.len > 0 ? value.ptr : "", value.len);
    lua_rawset(L, -3);
}

static void push_list(lua_State *L, struct lnm_shared_record *s, uint32_t list) {
    const struct lnm_record *r = &s->record;
    bool tags = is_tag(lnm_record_member(r, list)->type->item->type);
    uint32_t len = r->nodes[list].len;
    lua_createtable(L, len < (1u << 20) ? (int)len : 0, 0);
    int n = 0;
    for (uint32_t i = lnm_record_first(r, list); i != 0; i = lnm_record_next(r, list, i)) {
        lnm_value_push(L, s, i, push_view);
        lua_rawseti(L, -2, ++n);
        if (tags) {
            set_tag(L, r, i);
        }
    }
}

static void push_map(lua_State *L, struct lnm_shared_record *s, uint32_t map) {
    const struct lnm_record *r = &s->record;
    lua_newtable(L);
    for (uint32_t k = lnm_record_first(r, map); k != 0;) {
        uint32_t v = lnm_record_next(r, map, k);
        struct lnm_str key = lnm_record_str(r, k);
        lua_pushlstring(L, key.ptr, key.len);
        lnm_value_push(L, s, v, push_view);
        lua_rawset(L, -3);
        k = lnm_record_next(r, map, v);
    }
}

void lnm_value_push(lua_State *L, struct lnm_shared_record *s, uint32_t node,
                    void (*push_struct)(lua_State *, struct lnm_shared_record *, uint32_t)) {
    const struct lnm_member *m = lnm_record_member(&s->record, node);
    luaL_checkstack(L, 6, "answer too deep");
    switch (m->type->kind) {
    case LNM_STRUCT:
        push_struct(L, s, node);
        break;
    case LNM_LIST:
        push_list(L, s, node);
        break;
    case LNM_MAP:
        push_map(L, s, node);
        break;
    default:
        lnm_value_push_scalar(L, m->type->kind, lnm_record_str(&s->record, node));
    }
}

bool lnm_view_get(lua_State *L, const struct lnm_view *v, const char *name) {
    uint32_t node = lnm_record_find(&v->shared->record, v->node, name);
    if (node != 0) {
        lnm_value_push(L, v->shared, node, push_view);
    }
    return node != 0;
}

/* view.name -> value or nil. [-0, +1, e] */
static int view_index(lua_State *L) {
    const struct lnm_view *v = luaL_checkudata(L, 1, RECORD);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : NULL;
    if (name == NULL || !lnm_view_get(L, v, name)) {
        lua_pushnil(L);
    }
    return 1;
}

/* core.fields(view) -> list of the names that were given. [-0, +1, e] */
static int l_fields(lua_State *L) {
    struct lnm_view *v = luaL_checkudata(L, 1, RECORD);
    const struct lnm_record *r = &v->shared->record;
    int n = 0;
    lua_newtable(L);
    for (uint32_t i = lnm_record_first(r, v->node); i != 0; i = lnm_record_next(r, v->node, i)) {
        lua_pushstring(L, lnm_record_member(r, i)->name);
        lua_rawseti(L, -2, ++n);
    }
    return 1;
}

/* A struct and all below it as plain tables. */
static void push_plain(lua_State *L, struct lnm_shared_record *s, uint32_t node) {
    const struct lnm_record *r = &s->record;
    luaL_checkstack(L, 6, "answer too deep");
    lua_newtable(L);
    for (uint32_t i = lnm_record_first(r, node); i != 0; i = lnm_record_next(r, node, i)) {
        const struct lnm_member *m = lnm_record_member(r, i);
        if (m->type->kind == LNM_STRUCT) {
            push_plain(L, s, i);
        } else {
            lnm_value_push(L, s, i, push_plain);
        }
        lua_setfield(L, -2, m->name);
    }
}

void lnm_view_push_plain(lua_State *L, const struct lnm_view *v) {
    push_plain(L, v->shared, v->node);
}

/* core.totable(view) -> table. [-0, +1, e] */
static int l_totable(lua_State *L) {
    lnm_view_push_plain(L, luaL_checkudata(L, 1, RECORD));
    return 1;
}

/* core.is_record(value) -> boolean. [-0, +1, e] */
static int l_is_record(lua_State *L) {
    lua_pushboolean(L, lnm_view_test(L, 1) != NULL);
    return 1;
}

static const luaL_Reg methods[] = {{NULL, NULL}};
static const luaL_Reg meta[] = {{"__gc", view_gc}, {"__index", view_index}, {NULL, NULL}};
static const luaL_Reg funcs[] = {
    {"fields", l_fields}, {"totable", l_totable}, {"is_record", l_is_record}, {NULL, NULL}};

void lnm_bind_open_record(lua_State *L) {
    lnm_bind_class(L, RECORD, methods, meta);
    lnm_setfuncs(L, funcs);
}
