/* op.c - class "lunami.op": one call, wait, timer or transfer, or credentials that are waited for,
 * as Lua sees it.
 *
 * While it is pending the registry holds it, so that a call that changes something is never
 * cancelled by the garbage collector; when it is done it goes to the context's ready queue, from
 * which core.next hands it to the scheduler. */
#include "bind/op.h"

#include "client/ready.h"

#include <math.h>

#define OP "lunami.op"

struct lnm_op {
    struct lnm_context *context; /* NULL: detached */
    struct lnm_call *call;
    struct lnm_wait *wait;
    struct lnm_timer *timer;
    struct lnm_transfer *transfer;
    struct lnm_ready *ready;
    struct lnm_op *prev, *next;             /* context.all */
    struct lnm_op *ready_prev, *ready_next; /* context.ready */
    int anchor;                             /* luaL_ref in the registry while pending or ready */
    lua_Integer waiter;                     /* the scheduler's number of who waits; 0: nobody */
    bool done, queued, closed;
};

static void link_op(struct lnm_op *op, struct lnm_context *c) {
    op->context = c;
    op->next = c->all;
    if (c->all != NULL) {
        c->all->prev = op;
    }
    c->all = op;
}

static void unqueue(struct lnm_op *op) {
    struct lnm_context *c = op->context;
    *(op->ready_prev != NULL ? &op->ready_prev->ready_next : &c->ready_first) = op->ready_next;
    *(op->ready_next != NULL ? &op->ready_next->ready_prev : &c->ready_last) = op->ready_prev;
    op->queued = false;
}

static void unlink_op(struct lnm_op *op) {
    if (op->context == NULL) {
        return;
    }
    if (op->queued) {
        unqueue(op);
    }
    *(op->prev != NULL ? &op->prev->next : &op->context->all) = op->next;
    if (op->next != NULL) {
        op->next->prev = op->prev;
    }
    op->context = NULL;
}

static void release(struct lnm_op *op) {
    lnm_call_free(op->call);
    lnm_wait_free(op->wait);
    if (op->transfer != NULL) {
        op->context->transfers--;
        lnm_transfer_free(op->transfer);
    }
    lnm_ready_free(op->ready);
    if (!op->done) {
        lnm_timer_cancel(op->timer); /* one that has fired frees itself */
    }
    op->call = NULL;
    op->wait = NULL;
    op->transfer = NULL;
    op->ready = NULL;
    op->timer = NULL;
    op->closed = true;
}

void lnm_op_detach_all(struct lnm_context *c) {
    while (c->all != NULL) {
        struct lnm_op *op = c->all;
        release(op);
        unlink_op(op);
    }
}

/* Called by the loop: only mark and queue, never enter Lua. */
static void became_ready(struct lnm_op *op) {
    struct lnm_context *c = op->context;
    op->done = true;
    if (c == NULL || op->queued) {
        return;
    }
    op->queued = true;
    op->ready_prev = c->ready_last;
    op->ready_next = NULL;
    *(c->ready_last != NULL ? &c->ready_last->ready_next : &c->ready_first) = op;
    c->ready_last = op;
}

static void call_done(void *arg, struct lnm_call *call) {
    (void)call;
    became_ready(arg);
}

static void wait_done(void *arg, struct lnm_wait *wait) {
    (void)wait;
    became_ready(arg);
}

static void transfer_done(void *arg, struct lnm_transfer *t) {
    (void)t;
    became_ready(arg);
}

static void timer_done(void *arg) {
    became_ready(arg);
}

/* A pending operation on top of the stack, anchored in the registry. [-0, +1, e] */
static struct lnm_op *new_op(lua_State *L) {
    struct lnm_context *c = lnm_bind_context(L);
    struct lnm_op *op = lnm_bind_box(L, sizeof *op, OP);
    op->anchor = LUA_NOREF;
    lua_pushvalue(L, -1);
    op->anchor = luaL_ref(L, LUA_REGISTRYINDEX);
    link_op(op, c);
    return op;
}

static void unanchor(lua_State *L, struct lnm_op *op) {
    luaL_unref(L, LUA_REGISTRYINDEX, op->anchor);
    op->anchor = LUA_NOREF;
}

static int start_failed(lua_State *L, struct lnm_op *op, const struct lnm_err *err) {
    op->done = true;
    unanchor(L, op);
    return lnm_bind_failure(L, err);
}

/* core.start(session, service, action, input) -> op | nil, err. [-0, +1|2, e] */
static int l_start(lua_State *L) {
    struct lnm_session *s = lnm_bind_checksession(L, 1);
    const struct lnm_operation *operation = lnm_bind_checkoperation(L, 2);
    luaL_checktype(L, 4, LUA_TTABLE);
    struct lnm_err err;
    struct lnm_op *op = new_op(L);
    struct lnm_record *input = &op->context->input;
    int error = lnm_bind_input(input, L, 4, operation->input, &err);
    error = error < 0 ? error : lnm_call_start(&op->call, s, operation, input, call_done, op, &err);
    lnm_record_clear(input);
    return error < 0 ? start_failed(L, op, &err) : 1;
}

static enum lnm_wait_kind check_kind(lua_State *L, int index) {
    static const char *const kinds[] = {"image", "snapshot", "volume", "instance", NULL};
    return (enum lnm_wait_kind)luaL_checkoption(L, index, NULL, kinds);
}

/* core.wait(session, kind, id, state|nil, seconds|nil) -> op | nil, err. [-0, +1|2, e] */
static int l_wait(lua_State *L) {
    struct lnm_session *s = lnm_bind_checksession(L, 1);
    lua_Number seconds = luaL_optnumber(L, 5, 0);
    luaL_argcheck(L, seconds >= 0 && seconds <= 1e9, 5, "seconds out of range");
    struct lnm_wait_options o = {.kind = check_kind(L, 2),
                                 .id = luaL_checkstring(L, 3),
                                 .state = luaL_optstring(L, 4, NULL),
                                 .deadline_us = (int64_t)(seconds * 1e6)};
    struct lnm_err err;
    struct lnm_op *op = new_op(L);
    if (lnm_wait_start(&op->wait, op->context->hub, s, &o, wait_done, op, &err) < 0) {
        return start_failed(L, op, &err);
    }
    return 1;
}

/* core.sleep(seconds) -> op | nil, err. [-0, +1|2, e] */
static int l_sleep(lua_State *L) {
    lua_Number seconds = luaL_checknumber(L, 1);
    luaL_argcheck(L, seconds >= 0 && seconds <= 1e9, 1, "seconds out of range");
    struct lnm_err err;
    struct lnm_op *op = new_op(L);
    if (lnm_timer_start(&op->timer, op->context->loop, (int64_t)(seconds * 1e6), timer_done, op,
                        &err) < 0) {
        return start_failed(L, op, &err);
    }
    return 1;
}

int lnm_op_transfer(lua_State *L, lnm_transfer_starter *start, struct lnm_session *s,
                    const struct lnm_transfer_options *options) {
    struct lnm_err err;
    struct lnm_op *op = new_op(L);
    if (start(&op->transfer, s, options, transfer_done, op, &err) < 0) {
        return start_failed(L, op, &err);
    }
    op->context->transfers++;
    return 1;
}

const struct lnm_transfer *lnm_op_checktransfer(lua_State *L, int index) {
    struct lnm_op *op = luaL_checkudata(L, index, OP);
    luaL_argcheck(L, op->transfer != NULL, index, "a transfer expected");
    return op->transfer;
}

const struct lnm_op *lnm_op_transferring(const struct lnm_context *c, const struct lnm_op *op,
                                         const struct lnm_transfer **out) {
    op = c->transfers == 0 ? NULL : op != NULL ? op->next : c->all;
    while (op != NULL && (op->transfer == NULL || op->done)) {
        op = op->next;
    }
    *out = op != NULL ? op->transfer : NULL;
    return op;
}

/* core.ready(session) -> op that ends when the session has credentials | nil, err. [-0, +1|2, e] */
static int l_ready(lua_State *L) {
    struct lnm_session *s = lnm_bind_checksession(L, 1);
    struct lnm_err err;
    struct lnm_op *op = new_op(L);
    if (lnm_ready_start(&op->ready, s, timer_done, op, &err) < 0) {
        return start_failed(L, op, &err);
    }
    return 1;
}

/* core.next() -> an operation that has become ready and who waits for it (0: nobody), or nil.
 * [-0, +1|2, e] */
static int l_next(lua_State *L) {
    struct lnm_context *c = lnm_bind_context(L);
    struct lnm_op *op = c->ready_first;
    if (op == NULL) {
        lua_pushnil(L);
        return 1;
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, op->anchor);
    unqueue(op);
    unanchor(L, op);
    lua_pushinteger(L, op->waiter);
    return 2;
}

static struct lnm_op *check(lua_State *L) {
    return luaL_checkudata(L, 1, OP);
}

/* op:done() -> boolean. [-0, +1, e] */
static int op_done(lua_State *L) {
    lua_pushboolean(L, check(L)->done);
    return 1;
}

/* op:park(number) -> false when it is done, else true: core.next will tell the number with it. A
 * number, for a table of operations would grow and shrink with each of them. [-0, +1, e] */
static int op_park(lua_State *L) {
    struct lnm_op *op = check(L);
    op->waiter = luaL_checkinteger(L, 2);
    lua_pushboolean(L, !op->done);
    return 1;
}

static int call_result(lua_State *L, struct lnm_op *op) {
    struct lnm_err err;
    const struct lnm_record *answer;
    if (lnm_call_result(op->call, &answer, &err) < 0) {
        int pushed = lnm_bind_failure(L, &err);
        if (lnm_call_encoded(op->call) != NULL) {
            lua_pushstring(L, lnm_call_encoded(op->call));
            lua_setfield(L, -2, "encoded_message");
        }
        return pushed;
    }
    struct lnm_shared_record *shared = lnm_bind_newrecord(L);
    return lnm_call_take(op->call, &shared->record, &err) < 0 ? lnm_bind_failure(L, &err) : 1;
}

/* How one that is no call has ended. */
static int outcome(const struct lnm_op *op, struct lnm_err *err) {
    return op->wait != NULL       ? lnm_wait_result(op->wait, err)
           : op->transfer != NULL ? lnm_transfer_result(op->transfer, err)
           : op->ready != NULL    ? lnm_ready_result(op->ready, err)
                                  : 0;
}

/* op:result() -> record (a call) or true (the others) | nil, err; once, but of a transfer.
 * [-0, +1|2, e] */
static int op_result(lua_State *L) {
    struct lnm_op *op = check(L);
    struct lnm_err err;
    if (op->closed || !op->done) {
        (void)lnm_fail(&err, LNM_ECANCELED, "Canceled", op->closed ? "canceled" : "still pending");
        return lnm_bind_failure(L, &err);
    }
    int pushed = 1;
    if (op->call != NULL) {
        pushed = call_result(L, op);
    } else if (outcome(op, &err) < 0) {
        pushed = lnm_bind_failure(L, &err);
    } else {
        lua_pushboolean(L, 1);
    }
    if (op->transfer == NULL) {
        release(op); /* now, not when the collector comes: it does not know how much that is, and
                        with it goes a hold on the session's secrets */
    }
    return pushed;
}

/* op:close(), __gc, __close: cancels what is pending; harmless the second time. [-0, +0, -] */
static int op_close(lua_State *L) {
    struct lnm_op *op = check(L);
    release(op);
    unlink_op(op);
    unanchor(L, op);
    return 0;
}

/* core.step(seconds|nil) -> how much happened | nil, err; nil waits for something. [-0, +1|2, e] */
static int l_step(lua_State *L) {
    struct lnm_context *c = lnm_bind_context(L);
    lua_Number seconds = luaL_optnumber(L, 1, -1);
    struct lnm_err err;
    /* rounded up: a step that does not wait for what is left would be repeated for nothing */
    int timeout = seconds < 0 ? -1 : seconds > 1e6 ? 1000000000 : (int)ceil(seconds * 1000);
    int n = lnm_loop_step(c->loop, c->ready_first != NULL ? 0 : timeout, &err);
    if (n < 0) {
        return lnm_bind_failure(L, &err);
    }
    lua_pushinteger(L, n);
    return 1;
}

/* core.pollfd() -> descriptor to wait on in another loop | nil, err. [-0, +1|2, e] */
static int l_pollfd(lua_State *L) {
    struct lnm_err err;
    int fd = lnm_loop_pollfd(lnm_bind_context(L)->loop, &err);
    if (fd < 0) {
        return lnm_bind_failure(L, &err);
    }
    lua_pushinteger(L, fd);
    return 1;
}

/* core.timeout() -> seconds until a step is due, or nil for never. [-0, +1, e] */
static int l_timeout(lua_State *L) {
    struct lnm_context *c = lnm_bind_context(L);
    int ms = c->ready_first != NULL ? 0 : lnm_loop_timeout_ms(c->loop);
    if (ms < 0) {
        lua_pushnil(L);
    } else {
        lua_pushnumber(L, ms / 1000.0);
    }
    return 1;
}

/* core.pending() -> transfers, timers and waits under way. [-0, +1, e] */
static int l_pending(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)lnm_loop_pending(lnm_bind_context(L)->loop));
    return 1;
}

static const luaL_Reg methods[] = {
    {"done", op_done}, {"park", op_park}, {"result", op_result}, {"close", op_close}, {NULL, NULL}};
static const luaL_Reg meta[] = {{"__gc", op_close}, {"__close", op_close}, {NULL, NULL}};
static const luaL_Reg funcs[] = {
    {"start", l_start},     {"ready", l_ready}, {"wait", l_wait},     {"sleep", l_sleep},
    {"next", l_next},       {"step", l_step},   {"pollfd", l_pollfd}, {"timeout", l_timeout},
    {"pending", l_pending}, {NULL, NULL}};

void lnm_bind_open_op(lua_State *L) {
    lnm_bind_class(L, OP, methods, meta);
    lnm_setfuncs(L, funcs);
}
