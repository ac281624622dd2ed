/* util.c - small services of the core to the Lua library: escaping, dates, the clock. */
#include "bind/bind.h"

#include "aws/sigv4_hash.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/text.h"
#include "client/call.h"

#include <stdio.h>

#define BYTES "lunami.bytes"

/* Growing bytes in a box: a Lua error while they are held cannot leak them. */
struct bytes {
    struct lnm_buf buf;
};

static int bytes_gc(lua_State *L) {
    struct bytes *b = luaL_checkudata(L, 1, BYTES);
    lnm_buf_cleanse(&b->buf);
    return 0;
}

static struct lnm_buf *push_bytes(lua_State *L) {
    struct bytes *b = lnm_bind_box(L, sizeof *b, BYTES);
    return &b->buf;
}

/* core.escape(text) -> text that a terminal may see. [-0, +1, e] */
static int l_escape(lua_State *L) {
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);
    struct lnm_buf *b = push_bytes(L);
    lnm_text_escape(b, (struct lnm_str){text, len});
    if (b->failed != 0) {
        return luaL_error(L, "text too long to print");
    }
    lua_pushlstring(L, b->ptr != NULL ? b->ptr : "", b->len);
    lnm_buf_free(b);
    return 1;
}

/* core.now() -> seconds since the epoch, with a fraction. [-0, +1, e] */
static int l_now(lua_State *L) {
    lua_pushnumber(L, (lua_Number)lnm_now_us() / 1e6);
    return 1;
}

/* core.monotonic() -> seconds that never go back. [-0, +1, e] */
static int l_monotonic(lua_State *L) {
    lua_pushnumber(L, (lua_Number)lnm_mono_us() / 1e6);
    return 1;
}

/* core.date(text) -> seconds since the epoch, or nil when it is no date. [-0, +1, e] */
static int l_date(lua_State *L) {
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);
    int64_t us;
    if (lnm_date_parse(&us, (struct lnm_str){text, len}) < 0) {
        lua_pushnil(L);
    } else {
        lua_pushnumber(L, (lua_Number)us / 1e6);
    }
    return 1;
}

/* core.sha256(text) -> 64 hexadecimal digits. [-0, +1, e] */
static int l_sha256(lua_State *L) {
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);
    unsigned char hash[32];
    char hex[65];
    lnm_sha256(hash, (struct lnm_str){text, len});
    lnm_hex32(hex, hash);
    lua_pushstring(L, hex);
    return 1;
}

/* core.random() -> 16 hexadecimal digits that no other process has. [-0, +1, e] */
static int l_random(lua_State *L) {
    char hex[24];
    (void)snprintf(hex, sizeof hex, "%016llx", (unsigned long long)lnm_random_u64());
    lua_pushstring(L, hex);
    return 1;
}

/* core.presign(session, service, action, input, seconds) -> url | nil, err. [-0, +1|2, e] */
static int l_presign(lua_State *L) {
    struct lnm_session *s = lnm_bind_checksession(L, 1);
    const struct lnm_operation *op = lnm_bind_checkoperation(L, 2);
    luaL_checktype(L, 4, LUA_TTABLE);
    lua_Integer seconds = luaL_optinteger(L, 5, 3600);
    luaL_argcheck(L, seconds > 0 && seconds <= 604800, 5, "seconds out of range");
    struct lnm_err err;
    struct lnm_record *input = &lnm_bind_context(L)->input;
    struct lnm_buf *b = push_bytes(L);
    int error = lnm_bind_input(input, L, 4, op->input, &err);
    error = error < 0 ? error : lnm_call_presign(b, s, op, input, (unsigned)seconds, &err);
    lnm_record_clear(input);
    if (error < 0) {
        return lnm_bind_failure(L, &err);
    }
    lua_pushlstring(L, b->ptr, b->len);
    lnm_buf_cleanse(b);
    return 1;
}

static const luaL_Reg methods[] = {{NULL, NULL}};
static const luaL_Reg meta[] = {{"__gc", bytes_gc}, {NULL, NULL}};
static const luaL_Reg funcs[] = {
    {"escape", l_escape},   {"now", l_now},       {"monotonic", l_monotonic}, {"date", l_date},
    {"presign", l_presign}, {"sha256", l_sha256}, {"random", l_random},       {NULL, NULL}};

void lnm_bind_open_util(lua_State *L) {
    lnm_bind_class(L, BYTES, methods, meta);
    lnm_setfuncs(L, funcs);
}
