/* transfer.c - uploads and downloads of disk images, as Lua starts and watches them. */
#include "bind/op.h"

#include "client/disk.h"
#include "client/journal.h"

static lua_Number number_field(lua_State *L, int index, const char *name, lua_Number most) {
    lua_getfield(L, index, name);
    lua_Number n = luaL_optnumber(L, -1, 0);
    luaL_argcheck(L, n >= 0 && n <= most, index, "a number is out of range");
    lua_pop(L, 1);
    return n;
}

/* {file=, snapshot_id=, parent_id=, journal=, name=, parallel=, expected_bytes=} at index 2; its
 * strings stay on the stack. */
static int start(lua_State *L, lnm_transfer_starter *starter) {
    struct lnm_session *s = lnm_bind_checksession(L, 1);
    luaL_checktype(L, 2, LUA_TTABLE);
    struct lnm_transfer_options o = {
        .file = lnm_bind_field(L, 2, "file"),
        .snapshot_id = lnm_bind_field(L, 2, "snapshot_id"),
        .parent_id = lnm_bind_field(L, 2, "parent_id"),
        .journal = lnm_bind_field(L, 2, "journal"),
        .name = lnm_bind_field(L, 2, "name"),
        .parallel = (unsigned)number_field(L, 2, "parallel", LNM_TRANSFER_PARALLEL_MAX),
        .expected_bytes = (int64_t)number_field(L, 2, "expected_bytes", 1e15),
    };
    luaL_argcheck(L, o.file != NULL && o.snapshot_id != NULL && o.journal != NULL && o.name != NULL,
                  2, "file, snapshot_id, journal and name expected");
    return lnm_op_transfer(L, starter, s, &o);
}

/* core.upload(session, {...}) -> op | nil, err. [-0, +1|2, e] */
static int l_upload(lua_State *L) {
    return start(L, lnm_upload_start);
}

/* core.download(session, {...}) -> op | nil, err. [-0, +1|2, e] */
static int l_download(lua_State *L) {
    return start(L, lnm_download_start);
}

static void set_number(lua_State *L, const char *field, int64_t value) {
    lua_pushnumber(L, (lua_Number)value);
    lua_setfield(L, -2, field);
}

/* {id=, sends=, blocks=, resumed=, bytes=, total= (0: unknown), rate= (bytes a second), left=
 * (seconds, or nil), checksum=} */
static void push_progress(lua_State *L, const struct lnm_transfer *t) {
    struct lnm_transfer_progress p;
    lnm_transfer_progress(&p, t);
    lua_createtable(L, 0, 9);
    lua_pushstring(L, lnm_transfer_snapshot(t));
    lua_setfield(L, -2, "id");
    lua_pushboolean(L, lnm_transfer_sends(t));
    lua_setfield(L, -2, "sends");
    set_number(L, "blocks", p.blocks);
    set_number(L, "resumed", p.resumed);
    set_number(L, "bytes", p.bytes);
    set_number(L, "total", p.total);
    set_number(L, "rate", p.bytes_per_second);
    if (p.left_us >= 0) {
        lua_pushnumber(L, (lua_Number)p.left_us / 1e6);
        lua_setfield(L, -2, "left");
    }
    lua_pushstring(L, p.checksum);
    lua_setfield(L, -2, "checksum");
}

/* core.transferred(op) -> how far a transfer is. [-0, +1, e] */
static int l_transferred(lua_State *L) {
    push_progress(L, lnm_op_checktransfer(L, 1));
    return 1;
}

/* core.transfers() -> list of those under way, or nil when there are none. [-0, +1, e] */
static int l_transfers(lua_State *L) {
    const struct lnm_context *c = lnm_bind_context(L);
    const struct lnm_transfer *t;
    const struct lnm_op *op = lnm_op_transferring(c, NULL, &t);
    if (op == NULL) {
        lua_pushnil(L);
        return 1;
    }
    lua_newtable(L);
    for (int i = 1; op != NULL; i++, op = lnm_op_transferring(c, op, &t)) {
        push_progress(L, t); /* making a table collects garbage, but no operation that is pending */
        lua_rawseti(L, -2, i);
    }
    return 1;
}

/* core.disk(path) -> {bytes=, fingerprint=} | nil, err. [-0, +1|2, e] */
static int l_disk(lua_State *L) {
    struct lnm_disk disk;
    struct lnm_err err;
    char fingerprint[120];
    if (lnm_disk_open(&disk, luaL_checkstring(L, 1), &err) < 0) {
        return lnm_bind_failure(L, &err);
    }
    lnm_disk_fingerprint(fingerprint, sizeof fingerprint, &disk);
    lnm_disk_close(&disk);
    lua_createtable(L, 0, 2);
    set_number(L, "bytes", disk.bytes);
    lua_pushstring(L, fingerprint);
    lua_setfield(L, -2, "fingerprint");
    return 1;
}

/* core.journal(path) -> name of the transfer whose journal it is, or nil. [-0, +1, e] */
static int l_journal(lua_State *L) {
    char name[LNM_JOURNAL_NAME_MAX + 1];
    if (lnm_journal_name(name, luaL_checkstring(L, 1)) < 0) {
        lua_pushnil(L);
    } else {
        lua_pushstring(L, name);
    }
    return 1;
}

static const luaL_Reg funcs[] = {{"upload", l_upload},
                                 {"download", l_download},
                                 {"transferred", l_transferred},
                                 {"transfers", l_transfers},
                                 {"disk", l_disk},
                                 {"journal", l_journal},
                                 {NULL, NULL}};

void lnm_bind_open_transfer(lua_State *L) {
    lnm_setfuncs(L, funcs);
}
