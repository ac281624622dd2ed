/* transfer.c - slots, what goes wrong with them, and progress. */
#include "client/transfer_internal.h"

#include "aws/retry.h"
#include "aws/sigv4_hash.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

#define TRIES_MAX 8 /* of a block, beside the attempts of each call */
#define RATE_US (5 * LNM_SECOND_US)

static void end(struct lnm_transfer *t, int result);

/* ---- one block --------------------------------------------------------------------------------
 */

static double random01(void) {
    return (double)(lnm_random_u64() >> 11) / 9007199254740992.0;
}

static void free_slot(struct lnm_slot *slot) {
    slot->block = -1;
    slot->tries = 0;
    slot->transfer->busy--;
}

static void fail_transfer(struct lnm_slot *slot, const struct lnm_err *err) {
    struct lnm_transfer *t = slot->transfer;
    t->err = *err;
    end(t, err->code);
}

static void send(struct lnm_slot *slot) {
    struct lnm_err err;
    if (slot->transfer->kind->send(slot, &err) < 0) {
        fail_transfer(slot, &err);
    }
}

static void on_retry(void *arg) {
    struct lnm_slot *slot = arg;
    slot->timer = NULL;
    send(slot);
}

/* Fewer side by side when the service says that it is too much; one more after a good round. */
static void adapt(struct lnm_transfer *t, bool throttled) {
    if (throttled) {
        t->window = t->window > 1 ? t->window / 2 : 1;
        t->good = 0;
    } else if (++t->good >= t->window && t->window < t->parallel) {
        t->window++;
        t->good = 0;
    }
}

static void try_again(struct lnm_slot *slot, const struct lnm_err *err) {
    struct lnm_transfer *t = slot->transfer;
    struct lnm_err why;
    bool throttled = lnm_retry_classify(err->status, lnm_str_z(err->name)) == LNM_RETRY_THROTTLE;
    if (!err->retryable || ++slot->tries >= TRIES_MAX) {
        fail_transfer(slot, err);
        return;
    }
    adapt(t, throttled);
    lnm_log(LNM_LOG_INFO, "block %lld of %s: %s; again soon", (long long)slot->block,
            t->snapshot_id, err->name);
    int64_t delay = lnm_retry_delay_us(slot->tries, random01());
    if (lnm_timer_start(&slot->timer, lnm_session_loop(t->session), delay, on_retry, slot, &why) <
        0) {
        fail_transfer(slot, &why);
    }
}

static void on_call(void *arg, struct lnm_call *call) {
    struct lnm_slot *slot = arg;
    struct lnm_transfer *t = slot->transfer;
    const struct lnm_record *answer;
    struct lnm_err err = {0};
    int result = lnm_call_result(call, &answer, &err);
    if (result == 0) {
        result = t->kind->answered(slot, answer, &err);
    }
    lnm_call_free(call);
    slot->call = NULL;
    if (result < 0) {
        try_again(slot, &err);
    } else if (result > 0) {
        send(slot);
    } else {
        free_slot(slot);
        adapt(t, false);
        lnm_transfer__pump(t);
    }
}

int lnm_slot__start(struct lnm_slot *slot, const struct lnm_operation *op,
                    const struct lnm_record *input, struct lnm_err *err) {
    return lnm_call_start_raw(&slot->call, slot->transfer->session, op, input, &slot->payload,
                              on_call, slot, err);
}

int lnm_slot__get(struct lnm_slot *slot, const char *snapshot_id, char *to, struct lnm_err *err) {
    const struct lnm_operation *op = lnm_operation_find(&lnm_ebs, LNM_STR("GetSnapshotBlock"));
    struct lnm_record in = {0};
    slot->payload = (struct lnm_payload){.in = to, .in_max = LNM_BLOCK_BYTES};
    (void)lnm_record_init(&in, op->input, 0);
    lnm_record_setz(&in, "snapshot_id", snapshot_id);
    lnm_record_set_int(&in, "block_index", slot->block);
    lnm_record_setz(&in, "block_token", slot->token);
    lnm_record_close(&in);
    int error = lnm_slot__start(slot, op, &in, err);
    lnm_record_free(&in);
    return error;
}

void lnm_digest_text(char out[48], const unsigned char digest[32]) {
    struct lnm_buf text = {0};
    lnm_text_base64(&text, digest, 32);
    (void)snprintf(out, 48, "%s", lnm_buf_str(&text).ptr);
    lnm_buf_free(&text);
}

int lnm_slot__check_received(struct lnm_slot *slot, const char *data,
                             const struct lnm_record *answer, unsigned char digest[32],
                             struct lnm_err *err) {
    char text[48];
    lnm_sha256(digest, (struct lnm_str){data, slot->payload.in_len});
    lnm_digest_text(text, digest);
    if (slot->payload.in_len == LNM_BLOCK_BYTES &&
        lnm_str_is(lnm_record_get(answer, 0, "checksum"), text)) {
        return 0;
    }
    (void)lnm_fail(err, LNM_EPARSE, "CorruptBlock",
                   "block %lld of %s came damaged: %zu bytes, and their checksum is not the one "
                   "that the service told",
                   (long long)slot->block, slot->transfer->snapshot_id, slot->payload.in_len);
    err->retryable = true;
    return LNM_EPARSE;
}

/* ---- the whole --------------------------------------------------------------------------------
 */

static struct lnm_slot *find_free(struct lnm_transfer *t) {
    for (size_t i = 0; i < t->parallel; i++) {
        if (t->slots[i].block < 0) {
            return &t->slots[i];
        }
    }
    return NULL;
}

static void on_pump(void *arg) {
    struct lnm_transfer *t = arg;
    t->pump = NULL;
    lnm_transfer__pump(t);
}

static int pump_soon(struct lnm_transfer *t, struct lnm_err *err) {
    return t->pump != NULL
               ? 0
               : lnm_timer_start(&t->pump, lnm_session_loop(t->session), 0, on_pump, t, err);
}

/* Load one more block: false when no more can be done now. */
static bool load_one(struct lnm_transfer *t) {
    struct lnm_slot *slot = find_free(t);
    switch (t->kind->next(t, slot, &t->err)) {
    case LNM_NEXT_BLOCK:
        t->busy++;
        send(slot);
        return !t->done;
    case LNM_NEXT_YIELD:
        if (pump_soon(t, &t->err) < 0) {
            end(t, t->err.code);
        }
        return false;
    case LNM_NEXT_LATER:
        return false;
    case LNM_NEXT_END:
        t->exhausted = true;
        return false;
    case LNM_NEXT_FAILED:
    default:
        end(t, t->err.code);
        return false;
    }
}

void lnm_transfer__pump(void *transfer) {
    struct lnm_transfer *t = transfer;
    while (!t->done && !t->exhausted && t->busy < t->window && load_one(t)) {
    }
    if (!t->done && t->exhausted && t->busy == 0) {
        end(t, t->kind->complete(t, &t->err));
    }
}

static void stop(struct lnm_transfer *t, bool finished) {
    lnm_timer_cancel(t->pump);
    t->pump = NULL;
    for (size_t i = 0; t->slots != NULL && i < t->parallel; i++) {
        lnm_call_free(t->slots[i].call);
        lnm_timer_cancel(t->slots[i].timer);
        t->slots[i].call = NULL;
        t->slots[i].timer = NULL;
    }
    if (!t->released) {
        t->released = true;
        t->kind->release(t, finished);
        lnm_journal_close(&t->journal, finished && !t->kind->sends);
    }
    free(t->memory);
    t->memory = NULL;
}

static void end(struct lnm_transfer *t, int result) {
    t->done = true;
    t->result = result;
    stop(t, result == 0);
    t->on_done(t->arg, t);
}

int lnm_transfer__begin(struct lnm_transfer *t, const struct lnm_transfer_kind *kind,
                        struct lnm_session *session, const struct lnm_transfer_options *options,
                        lnm_transfer_fn *done, void *arg, struct lnm_err *err) {
    unsigned parallel = options->parallel > 0 ? options->parallel : LNM_TRANSFER_PARALLEL;
    t->kind = kind;
    t->session = lnm_session_ref(session);
    t->on_done = done;
    t->arg = arg;
    t->journal.fd = -1;
    t->parallel = t->window =
        parallel < LNM_TRANSFER_PARALLEL_MAX ? parallel : LNM_TRANSFER_PARALLEL_MAX;
    t->rate_time_us = lnm_mono_us();
    t->progress.left_us = -1;
    (void)snprintf(t->snapshot_id, sizeof t->snapshot_id, "%s", options->snapshot_id);
    t->slots = calloc(t->parallel, sizeof *t->slots);
    t->memory = malloc(t->parallel * (size_t)LNM_BLOCK_BYTES);
    if (t->slots == NULL || t->memory == NULL) {
        return lnm_fail_nomem(err);
    }
    for (size_t i = 0; i < t->parallel; i++) {
        t->slots[i].transfer = t;
        t->slots[i].data = t->memory + i * LNM_BLOCK_BYTES;
        t->slots[i].block = -1;
    }
    return pump_soon(t, err);
}

void lnm_transfer_free(struct lnm_transfer *t) {
    if (t == NULL) {
        return;
    }
    stop(t, false);
    free(t->slots);
    lnm_session_unref(t->session);
    free(t);
}

/* ---- progress ---------------------------------------------------------------------------------
 */

void lnm_transfer__count(struct lnm_transfer *t, int64_t bytes) {
    struct lnm_transfer_progress *p = &t->progress;
    int64_t now = lnm_mono_us(), passed = now - t->rate_time_us;
    p->bytes += bytes;
    if (passed >= RATE_US || (p->bytes_per_second == 0 && passed >= LNM_SECOND_US / 5)) {
        p->bytes_per_second = (p->bytes - t->rate_bytes) * LNM_SECOND_US / passed;
        t->rate_time_us = now;
        t->rate_bytes = p->bytes;
    }
}

void lnm_transfer_progress(struct lnm_transfer_progress *out, const struct lnm_transfer *t) {
    *out = t->progress;
    if (out->total > 0 && out->total < out->bytes) {
        out->total = out->bytes; /* it was only about right */
    }
    if (out->total > 0 && out->bytes_per_second > 0) {
        out->left_us = (int64_t)((double)(out->total - out->bytes) / (double)out->bytes_per_second *
                                 (double)LNM_SECOND_US);
    }
}

const char *lnm_transfer_snapshot(const struct lnm_transfer *t) {
    return t->snapshot_id;
}

bool lnm_transfer_sends(const struct lnm_transfer *t) {
    return t->kind->sends;
}

int lnm_transfer_result(const struct lnm_transfer *t, struct lnm_err *err) {
    if (!t->done) {
        return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "the transfer is still under way");
    }
    if (t->result < 0 && err != NULL) {
        *err = t->err;
    }
    return t->result;
}
