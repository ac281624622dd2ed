/* object.c - images, snapshots, volumes, instances and keys as native values: a view of what AWS
 * told, its session, and the verbs of its class.
 *
 * Looking at a field never sends anything.  Fields are those of the class's row: a method comes
 * first, then the field, then nil for a field that AWS did not give; any other name is asked of the
 * class's `fallback` in Lua, which works it out or raises with a suggestion. */
#include "bind/view.h"

#include <stdlib.h>

#define KIND "lunami.kind"

struct kind {
    const struct lnm_type *type; /* what a Describe call tells of one */
    char metatable[48], name[32], id_field[48];
};

/* ---- classes ----------------------------------------------------------------------------------
 */

static struct kind *kind_of(lua_State *L, const char *name) {
    lua_pushfstring(L, KIND ".%s", name);
    lua_rawget(L, LUA_REGISTRYINDEX);
    struct kind *k = lua_touserdata(L, -1);
    lua_pop(L, 1); /* the registry keeps it */
    if (k == NULL) {
        luaL_error(L, "no class '%s'", name);
    }
    return k;
}

static struct lnm_view *check_object(lua_State *L, int index, const struct kind *k) {
    return luaL_checkudata(L, index, k->metatable);
}

static const struct kind *upvalue_kind(lua_State *L) {
    return lua_touserdata(L, lua_upvalueindex(1));
}

static int object_gc(lua_State *L) {
    lnm_view_clear(check_object(L, 1, upvalue_kind(L)));
    return 0;
}

/* object[name]; upvalues: kind, methods, fallback. [-0, +1, e] */
static int object_index(lua_State *L) {
    const struct kind *k = upvalue_kind(L);
    const struct lnm_view *v = check_object(L, 1, k);
    size_t len = 0;
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &len) : NULL;
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(2));
    if (!lua_isnil(L, -1)) {
        return 1;
    }
    if (name != NULL && strcmp(name, "id") == 0) {
        name = k->id_field;
        len = strlen(name);
    }
    if (name != NULL && lnm_view_get(L, v, name)) {
        return 1;
    }
    if (name != NULL && lnm_type_member(k->type, (struct lnm_str){name, len}) != NULL) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushvalue(L, lua_upvalueindex(3));
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_call(L, 2, 1);
    return 1;
}

static int object_newindex(lua_State *L) {
    return luaL_error(L, "the fields of %s tell what AWS said: they cannot be set",
                      upvalue_kind(L)->name);
}

static struct lnm_str id_of(const struct lnm_view *v, const struct kind *k) {
    return lnm_record_get(&v->shared->record, v->node, k->id_field);
}

/* Two objects are the same thing when their ids and sessions are. [-0, +1, -] */
static int object_eq(lua_State *L) {
    const struct kind *k = upvalue_kind(L);
    const struct lnm_view *a = check_object(L, 1, k), *b = check_object(L, 2, k);
    struct lnm_str left = id_of(a, k), right = id_of(b, k);
    lnm_bind_getpeer(L, 1);
    lnm_bind_getpeer(L, 2);
    lua_pushboolean(L, lua_rawequal(L, -1, -2) && left.len == right.len &&
                           memcmp(left.ptr, right.ptr, left.len) == 0);
    return 1;
}

static const struct lnm_type *item_type(lua_State *L, const struct lnm_type *type,
                                        struct lnm_str path) {
    struct lnm_str name;
    while (path.len > 0) {
        path = lnm_str_cut(path, '.', &name);
        const struct lnm_member *m = lnm_type_member(type, name);
        if (m == NULL) {
            luaL_error(L, "the row has no such member");
            return NULL;
        }
        type = m->type->kind == LNM_LIST ? m->type->item->type : m->type;
    }
    return type;
}

static void take(lua_State *L, char *to, size_t size, const char *text) {
    if (strlen(text) >= size) {
        luaL_error(L, "'%s' is too long", text);
    }
    memcpy(to, text, strlen(text) + 1);
}

/* A metamethod on the metatable at the top, its first upvalue the kind at `kind`. */
static void set_meta(lua_State *L, const char *name, lua_CFunction fn, int kind) {
    lua_pushvalue(L, kind);
    lua_pushcclosure(L, fn, 1);
    lua_setfield(L, -2, name);
}

/* core.class(name, id_field, path, methods, fallback, tostring, service, action): what path of the
 * action's answer holds becomes a class. [-0, +0, e] */
static int l_class(lua_State *L) {
    const char *name = luaL_checkstring(L, 1), *id_field = luaL_checkstring(L, 2);
    const char *path = luaL_checkstring(L, 3);
    luaL_checktype(L, 4, LUA_TTABLE);
    luaL_checktype(L, 5, LUA_TFUNCTION);
    luaL_checktype(L, 6, LUA_TFUNCTION);
    const struct lnm_operation *op = lnm_bind_checkoperation(L, 7);
    struct kind *k = lua_newuserdata(L, sizeof *k);
    int kind = lua_gettop(L);
    memset(k, 0, sizeof *k);
    k->type = item_type(L, op->output, lnm_str_z(path));
    take(L, k->name, sizeof k->name, name);
    take(L, k->id_field, sizeof k->id_field, id_field);
    take(L, k->metatable, sizeof k->metatable, lua_pushfstring(L, "lunami.%s", name));
    lua_pushfstring(L, KIND ".%s", name);
    lua_pushvalue(L, kind);
    lua_rawset(L, LUA_REGISTRYINDEX);
    (void)luaL_newmetatable(L, k->metatable);
    lua_pushvalue(L, kind);
    lua_pushvalue(L, 4);
    lua_pushvalue(L, 5);
    lua_pushcclosure(L, object_index, 3);
    lua_setfield(L, -2, "__index");
    set_meta(L, "__newindex", object_newindex, kind);
    set_meta(L, "__gc", object_gc, kind);
    set_meta(L, "__eq", object_eq, kind);
    lua_pushvalue(L, 6);
    lua_setfield(L, -2, "__tostring");
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__name");
    lua_pushliteral(L, "locked");
    lua_setfield(L, -2, "__metatable");
    return 0;
}

/* ---- objects ----------------------------------------------------------------------------------
 */

/* Make v show a record view, or what a table says of it. */
static void show(lua_State *L, struct lnm_view *v, int source, const struct kind *k) {
    const struct lnm_view *from = lnm_view_test(L, source);
    if (from != NULL) {
        lnm_view_set(v, from->shared, from->node);
        return;
    }
    struct lnm_err err;
    luaL_checktype(L, source, LUA_TTABLE);
    struct lnm_shared_record *shared = lnm_bind_newrecord(L);
    if (lnm_bind_input(&shared->record, L, source, k->type, &err) < 0) {
        luaL_error(L, "%s: %s", k->name, err.message);
    }
    lnm_view_set(v, shared, 0);
    lua_pop(L, 1);
}

/* core.object(class, peer, record|table) -> object; peer is its session. [-0, +1, e] */
static int l_object(lua_State *L) {
    const struct kind *k = kind_of(L, luaL_checkstring(L, 1));
    luaL_checktype(L, 2, LUA_TTABLE);
    struct lnm_view *v = lnm_bind_box(L, sizeof *v, k->metatable);
    int object = lua_gettop(L);
    show(L, v, 3, k);
    lua_pushvalue(L, 2);
    lnm_bind_setpeer(L, object);
    lua_settop(L, object);
    return 1;
}

/* core.renew(class, object, record|table): what AWS tells now. [-0, +0, e] */
static int l_renew(lua_State *L) {
    const struct kind *k = kind_of(L, luaL_checkstring(L, 1));
    show(L, check_object(L, 2, k), 3, k);
    return 0;
}

/* core.is(class, value) -> boolean. [-0, +1, e] */
static int l_is(lua_State *L) {
    const struct kind *k = kind_of(L, luaL_checkstring(L, 1));
    bool same = false;
    if (lua_touserdata(L, 2) != NULL && lua_getmetatable(L, 2) != 0) {
        luaL_getmetatable(L, k->metatable);
        same = lua_rawequal(L, -1, -2) != 0;
    }
    lua_pushboolean(L, same);
    return 1;
}

/* core.told(class, object) -> what AWS told of it, as plain tables. [-0, +1, e] */
static int l_told(lua_State *L) {
    const struct kind *k = kind_of(L, luaL_checkstring(L, 1));
    lnm_view_push_plain(L, check_object(L, 2, k));
    return 1;
}

/* core.peer(object) -> the session that it was found or made with. [-0, +1, e] */
static int l_peer(lua_State *L) {
    luaL_checktype(L, 1, LUA_TUSERDATA);
    lnm_bind_getpeer(L, 1);
    return 1;
}

static const luaL_Reg funcs[] = {{"class", l_class}, {"object", l_object}, {"renew", l_renew},
                                 {"is", l_is},       {"peer", l_peer},     {"told", l_told},
                                 {NULL, NULL}};

void lnm_bind_open_object(lua_State *L) {
    lnm_setfuncs(L, funcs);
}
