/* input.c - a Lua table as the request's record, checked against the operation's row. */
#include "bind/bind.h"

#include "base/text.h"

#include <stdio.h>

#define INPUT "lunami.input"

/* A record that is being filled from Lua lives in its own box: any conversion may throw. */
struct input {
    struct lnm_record record;
};

static int input_gc(lua_State *L) {
    struct input *in = luaL_checkudata(L, 1, INPUT);
    lnm_record_free(&in->record);
    return 0;
}

static int convert(lua_State *L, struct lnm_record *r, const struct lnm_member *m, const char *path,
                   struct lnm_err *err);

static const char *const kind_words[] = {"string", "integer", "number", "boolean", "string",
                                         "string", "list",    "table",  "table"};

static int wrong_type(lua_State *L, const struct lnm_member *m, const char *path,
                      struct lnm_err *err) {
    return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "'%s' must be a %s, got %s", path,
                    kind_words[m->type->kind], luaL_typename(L, -1));
}

static int convert_list(lua_State *L, struct lnm_record *r, const struct lnm_member *m,
                        const char *path, struct lnm_err *err) {
    if (lua_type(L, -1) != LUA_TTABLE) {
        return wrong_type(L, m, path, err);
    }
    size_t n = lua_rawlen(L, -1);
    if (n > 100000) {
        return lnm_fail(err, LNM_ELIMIT, "TooLarge", "'%s' has more than 100000 items", path);
    }
    lnm_record_open(r, m);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, (int)i);
        int error = convert(L, r, m->type->item, path, err);
        lua_pop(L, 1);
        if (error < 0) {
            return error;
        }
    }
    lnm_record_close(r);
    return 0;
}

static int convert_fields(lua_State *L, struct lnm_record *r, const struct lnm_type *type,
                          const char *path, struct lnm_err *err) {
    int table = lua_gettop(L);
    for (size_t i = 0; i < type->member_count; i++) {
        const struct lnm_member *m = &type->members[i];
        char sub[160];
        int error = 0;
        lua_getfield(L, table, m->name);
        if (!lua_isnil(L, -1)) {
            (void)snprintf(sub, sizeof sub, "%s%s%s", path, path[0] != '\0' ? "." : "", m->name);
            error = convert(L, r, m, sub, err);
        }
        lua_pop(L, 1);
        if (error < 0) {
            return error;
        }
    }
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        size_t len = 0;
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tolstring(L, -2, &len) : NULL;
        if (key == NULL || lnm_type_member(type, (struct lnm_str){key, len}) == NULL) {
            return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "unknown field '%s%s%s'", path,
                            path[0] != '\0' ? "." : "", key != NULL ? key : "(not a name)");
        }
    }
    return 0;
}

static int convert_struct(lua_State *L, struct lnm_record *r, const struct lnm_member *m,
                          const char *path, struct lnm_err *err) {
    if (lua_type(L, -1) != LUA_TTABLE) {
        return wrong_type(L, m, path, err);
    }
    luaL_checkstack(L, 8, "request too deep");
    lnm_record_open(r, m);
    int error = convert_fields(L, r, m->type, path, err);
    lnm_record_close(r);
    return error;
}

static int convert_map(lua_State *L, struct lnm_record *r, const struct lnm_member *m,
                       const char *path, struct lnm_err *err) {
    static const struct lnm_type key_type = {.kind = LNM_STRING};
    static const struct lnm_member key_member = {.name = "key", .wire = "key", .type = &key_type};
    if (lua_type(L, -1) != LUA_TTABLE) {
        return wrong_type(L, m, path, err);
    }
    luaL_checkstack(L, 8, "request too deep");
    lnm_record_open(r, m);
    int error = 0;
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING) {
            return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "'%s' needs string keys", path);
        }
        lnm_record_text(r, &key_member, lnm_str_z(lua_tostring(L, -2)));
        if ((error = convert(L, r, m->type->item, path, err)) < 0) {
            return error;
        }
    }
    lnm_record_close(r);
    return 0;
}

static int convert_number(lua_State *L, struct lnm_record *r, const struct lnm_member *m,
                          const char *path, struct lnm_err *err) {
    if (lua_type(L, -1) != LUA_TNUMBER) {
        return wrong_type(L, m, path, err);
    }
    lua_Number v = lua_tonumber(L, -1);
    if (m->type->kind == LNM_FLOAT) {
        char text[32];
        int n = snprintf(text, sizeof text, "%.17g", (double)v);
        lnm_record_text(r, m, (struct lnm_str){text, (size_t)n});
        return 0;
    }
    bool whole = lnm_isinteger(L, -1) || (v >= -9007199254740992.0 && v <= 9007199254740992.0 &&
                                          (lua_Number)(int64_t)v == v);
    if (!whole) {
        return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "'%s' must be a whole number", path);
    }
    lnm_record_int(r, m, lnm_isinteger(L, -1) ? (int64_t)lua_tointeger(L, -1) : (int64_t)v);
    return 0;
}

static int convert_text(lua_State *L, struct lnm_record *r, const struct lnm_member *m,
                        const char *path, struct lnm_err *err) {
    size_t len;
    if (lua_type(L, -1) != LUA_TSTRING) {
        return wrong_type(L, m, path, err);
    }
    const char *text = lua_tolstring(L, -1, &len);
    lnm_record_text(r, m, (struct lnm_str){text, len});
    return 0;
}

static int convert(lua_State *L, struct lnm_record *r, const struct lnm_member *m, const char *path,
                   struct lnm_err *err) {
    switch (m->type->kind) {
    case LNM_STRUCT:
        return convert_struct(L, r, m, path, err);
    case LNM_LIST:
        return convert_list(L, r, m, path, err);
    case LNM_MAP:
        return convert_map(L, r, m, path, err);
    case LNM_INTEGER:
    case LNM_FLOAT:
        return convert_number(L, r, m, path, err);
    case LNM_BOOLEAN:
        if (!lua_isboolean(L, -1)) {
            return wrong_type(L, m, path, err);
        }
        lnm_record_bool(r, m, lua_toboolean(L, -1) != 0);
        return 0;
    default:
        return convert_text(L, r, m, path, err);
    }
}

struct lnm_record *lnm_bind_input(lua_State *L, int index, const struct lnm_type *type,
                                  struct lnm_err *err) {
    index = lnm_absindex(L, index);
    struct input *in = lnm_bind_box(L, sizeof *in, INPUT);
    if (lnm_record_init(&in->record, type, (size_t)8 << 20) < 0) {
        (void)lnm_fail_nomem(err);
        return NULL;
    }
    lua_pushvalue(L, index);
    int error = convert_fields(L, &in->record, type, "", err);
    lua_pop(L, 1);
    if (error < 0) {
        return NULL;
    }
    lnm_record_close(&in->record);
    return lnm_record_check(&in->record, err) < 0 ? NULL : &in->record;
}

static const luaL_Reg methods[] = {{NULL, NULL}};
static const luaL_Reg meta[] = {{"__gc", input_gc}, {NULL, NULL}};

void lnm_bind_open_input(lua_State *L) {
    lnm_bind_class(L, INPUT, methods, meta);
}
