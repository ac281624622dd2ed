/* input.c - a Lua table as the request's record, checked against the operation's row. Only raw
 * access: nothing of the caller's is run on the way. */
#include "bind/bind.h"

#include "base/text.h"

#include <stdio.h>

#define MEMBERS_MAX 256
#define PATH_MAX_BYTES 160

/* Where a value stands. It is written out only for an error. */
struct path {
    const struct path *outer; /* NULL: the request itself, which has no name */
    const char *name;
};

static int convert(lua_State *L, struct lnm_record *r, const struct lnm_member *m,
                   const struct path *path, struct lnm_err *err);

static const char *const kind_words[] = {"string", "integer", "number", "boolean", "string",
                                         "string", "list",    "table",  "table"};

static const char *write_path(char out[PATH_MAX_BYTES], const struct path *path) {
    out[0] = '\0';
    if (path->outer != NULL) {
        size_t len = strlen(write_path(out, path->outer));
        (void)snprintf(out + len, PATH_MAX_BYTES - len, "%s%s", len > 0 ? "." : "", path->name);
    }
    return out;
}

static int wrong(const struct path *path, const char *how, struct lnm_err *err) {
    char text[PATH_MAX_BYTES];
    return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "'%s' %s", write_path(text, path), how);
}

static int wrong_type(lua_State *L, const struct lnm_member *m, const struct path *path,
                      struct lnm_err *err) {
    char how[64];
    (void)snprintf(how, sizeof how, "must be a %s, got %s", kind_words[m->type->kind],
                   luaL_typename(L, -1));
    return wrong(path, how, err);
}

static int convert_list(lua_State *L, struct lnm_record *r, const struct lnm_member *m,
                        const struct path *path, struct lnm_err *err) {
    if (lua_type(L, -1) != LUA_TTABLE) {
        return wrong_type(L, m, path, err);
    }
    size_t n = lua_rawlen(L, -1);
    if (n > 100000) {
        char text[PATH_MAX_BYTES];
        return lnm_fail(err, LNM_ELIMIT, "TooLarge", "'%s' has more than 100000 items",
                        write_path(text, path));
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

static int unknown_field(const char *key, const struct path *path, struct lnm_err *err) {
    char text[PATH_MAX_BYTES];
    struct path field = {path, key != NULL ? key : "(not a name)"};
    return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "unknown field '%s'",
                    write_path(text, &field));
}

/* A table's order changes: the row's is kept, so that equal requests are equal to the byte. */
static void insert(const struct lnm_member **list, size_t count, const struct lnm_member *m) {
    for (; count > 0 && list[count - 1] > m; count--) {
        list[count] = list[count - 1];
    }
    list[count] = m;
}

/* The members of `type` that the table on top of the stack gives, in the row's order; how many, or
 * an error. */
static int given(lua_State *L, const struct lnm_member **out, const struct lnm_type *type,
                 const struct path *path, struct lnm_err *err) {
    int n = 0;
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        size_t len = 0;
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tolstring(L, -2, &len) : NULL;
        const struct lnm_member *m =
            key != NULL ? lnm_type_member(type, (struct lnm_str){key, len}) : NULL;
        if (m == NULL || n == MEMBERS_MAX) {
            return unknown_field(key, path, err);
        }
        insert(out, (size_t)n++, m);
    }
    return n;
}

/* The table is on top of the stack. */
static int convert_fields(lua_State *L, struct lnm_record *r, const struct lnm_type *type,
                          const struct path *path, struct lnm_err *err) {
    const struct lnm_member *members[MEMBERS_MAX];
    luaL_checkstack(L, 8, "request too deep");
    int n = given(L, members, type, path, err), error = n < 0 ? n : 0;
    for (int i = 0; i < n && error == 0; i++) {
        struct path field = {path, members[i]->name};
        lua_pushstring(L, members[i]->name);
        lua_rawget(L, -2);
        error = convert(L, r, members[i], &field, err);
        lua_pop(L, 1);
    }
    return error;
}

static int convert_struct(lua_State *L, struct lnm_record *r, const struct lnm_member *m,
                          const struct path *path, struct lnm_err *err) {
    if (lua_type(L, -1) != LUA_TTABLE) {
        return wrong_type(L, m, path, err);
    }
    lnm_record_open(r, m);
    int error = convert_fields(L, r, m->type, path, err);
    lnm_record_close(r);
    return error;
}

static int convert_map(lua_State *L, struct lnm_record *r, const struct lnm_member *m,
                       const struct path *path, struct lnm_err *err) {
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
            return wrong(path, "needs string keys", err);
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
                          const struct path *path, struct lnm_err *err) {
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
        return wrong(path, "must be a whole number", err);
    }
    lnm_record_int(r, m, lnm_isinteger(L, -1) ? (int64_t)lua_tointeger(L, -1) : (int64_t)v);
    return 0;
}

static int convert_text(lua_State *L, struct lnm_record *r, const struct lnm_member *m,
                        const struct path *path, struct lnm_err *err) {
    size_t len;
    if (lua_type(L, -1) != LUA_TSTRING) {
        return wrong_type(L, m, path, err);
    }
    const char *text = lua_tolstring(L, -1, &len);
    lnm_record_text(r, m, (struct lnm_str){text, len});
    return 0;
}

static int convert(lua_State *L, struct lnm_record *r, const struct lnm_member *m,
                   const struct path *path, struct lnm_err *err) {
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

int lnm_bind_input(struct lnm_record *out, lua_State *L, int index, const struct lnm_type *type,
                   struct lnm_err *err) {
    static const struct path request = {NULL, ""};
    if (lnm_record_begin(out, type, (size_t)8 << 20) < 0) {
        return lnm_fail_nomem(err);
    }
    int top = lua_gettop(L);
    lua_pushvalue(L, index);
    int error = convert_fields(L, out, type, &request, err);
    lua_settop(L, top);
    lnm_record_close(out);
    return error < 0 ? error : lnm_record_check(out, err);
}
