/* rows.c - the operation rows as Lua tables: for checks, help and completion. */
#include "bind/bind.h"

const struct lnm_operation *lnm_bind_checkoperation(lua_State *L, int index) {
    size_t service_len, name_len;
    const char *service = luaL_checklstring(L, index, &service_len);
    const char *name = luaL_checklstring(L, index + 1, &name_len);
    const struct lnm_service *s = lnm_service_find((struct lnm_str){service, service_len});
    luaL_argcheck(L, s != NULL, index, "unknown service");
    const struct lnm_operation *op = lnm_operation_find(s, (struct lnm_str){name, name_len});
    luaL_argcheck(L, op != NULL, index + 1, "unknown action");
    return op;
}

static const char *const kinds[] = {"string", "integer", "number", "boolean", "timestamp",
                                    "blob",   "list",    "struct", "map"};

static void set_string(lua_State *L, const char *field, const char *value) {
    if (value != NULL) {
        lua_pushstring(L, value);
        lua_setfield(L, -2, field);
    }
}

static void push_members(lua_State *L, const struct lnm_type *type, int depth);

static void push_member(lua_State *L, const struct lnm_member *m, int depth) {
    const struct lnm_type *inner = m->type->kind == LNM_LIST ? m->type->item->type : m->type;
    lua_createtable(L, 0, 6);
    set_string(L, "name", m->name);
    set_string(L, "wire", m->wire);
    set_string(L, "kind", kinds[m->type->kind]);
    set_string(L, "help", m->help);
    set_string(L, "allowed", m->allowed);
    lua_pushboolean(L, (m->flags & LNM_REQUIRED) != 0);
    lua_setfield(L, -2, "required");
    if (m->type->kind == LNM_LIST) {
        set_string(L, "item", kinds[inner->kind]);
    }
    if (inner->kind == LNM_STRUCT && depth < 8) {
        push_members(L, inner, depth + 1);
        lua_setfield(L, -2, "members");
    }
}

static void push_members(lua_State *L, const struct lnm_type *type, int depth) {
    luaL_checkstack(L, 8, "row too deep");
    lua_createtable(L, (int)type->member_count, 0);
    for (size_t i = 0; i < type->member_count; i++) {
        push_member(L, &type->members[i], depth);
        lua_rawseti(L, -2, (int)i + 1);
    }
}

/* core.row(service, action) -> {name=, help=, mutates=, paged=, input={...}, output={...}}, where a
 * member is {name=, wire=, kind=, required=, help=, allowed=, item=, members=}. [-0, +1, e] */
static int l_row(lua_State *L) {
    const struct lnm_operation *op = lnm_bind_checkoperation(L, 1);
    lua_createtable(L, 0, 6);
    set_string(L, "name", op->name);
    set_string(L, "help", op->help);
    lua_pushboolean(L, (op->flags & LNM_MUTATES) != 0);
    lua_setfield(L, -2, "mutates");
    lua_pushboolean(L, (op->flags & LNM_PAGED) != 0);
    lua_setfield(L, -2, "paged");
    push_members(L, op->input, 0);
    lua_setfield(L, -2, "input");
    push_members(L, op->output, 0);
    lua_setfield(L, -2, "output");
    return 1;
}

/* core.actions(service) -> list of names. [-0, +1, e] */
static int l_actions(lua_State *L) {
    size_t len;
    const char *name = luaL_checklstring(L, 1, &len);
    const struct lnm_service *s = lnm_service_find((struct lnm_str){name, len});
    luaL_argcheck(L, s != NULL, 1, "unknown service");
    const struct lnm_operation *op;
    lua_newtable(L);
    for (size_t i = 0; (op = lnm_operation_nth(s, i)) != NULL; i++) {
        lua_pushstring(L, op->name);
        lua_rawseti(L, -2, (int)i + 1);
    }
    return 1;
}

static const luaL_Reg funcs[] = {{"row", l_row}, {"actions", l_actions}, {NULL, NULL}};

void lnm_bind_open_rows(lua_State *L) {
    lnm_setfuncs(L, funcs);
}
