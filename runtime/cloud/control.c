/* control.c - requests to the cloud itself. */
#include "cloud/control.h"
#include "cloud/fault.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/virtual.h"

#include <jansson.h>

static int set_faults(struct lnm_cloud *c, struct lnm_str body, struct lnm_buf *out) {
    struct lnm_fault_plan plan;
    struct lnm_err err = {0};
    int status = 200;
    if (lnm_fault_plan_read(&plan, body, &err) < 0) {
        lnm_buf_addf(out, "%s\n", err.message);
        status = 400;
    } else if (lnm_fault_set(c, &plan) < 0) {
        lnm_buf_addz(out, "the plan cannot be kept\n");
        status = 500;
    } else {
        lnm_buf_addf(out, "%zu rules\n", c->faults != NULL ? c->faults->count : 0);
    }
    lnm_fault_plan_free(&plan);
    return status;
}

static int advance(const struct lnm_cloud *c, struct lnm_str body, struct lnm_buf *out) {
    char date[LNM_DATE_MAX];
    json_t *wish = json_loadb(body.ptr, body.len, 0, NULL);
    double seconds = json_number_value(json_object_get(wish, "advance"));
    json_decref(wish);
    if (c->time == LNM_TIME_REAL || !(seconds > 0 && seconds <= 1e9)) {
        lnm_buf_addz(out, c->time == LNM_TIME_REAL
                              ? "only virtual time can be moved: start with --virtual\n"
                              : "{\"advance\": seconds} is expected\n");
        return 400;
    }
    lnm_virtual_move(lnm_now_us() + (int64_t)(seconds * 1e6));
    lnm_date_iso(date, lnm_now_us());
    lnm_buf_addf(out, "%s\n", date);
    return 200;
}

int lnm_control(struct lnm_cloud *c, const char *method, const char *path, struct lnm_str body,
                struct lnm_buf *out) {
    const char *what = path + sizeof LNM_CONTROL_PREFIX - 1;
    bool post = strcmp(method, "POST") == 0, delete = strcmp(method, "DELETE") == 0;
    if (strcmp(what, "faults") == 0 && (post || delete)) {
        return set_faults(c, delete ? LNM_STR("{}") : body, out);
    }
    if (strcmp(what, "time") == 0 && post) {
        return advance(c, body, out);
    }
    lnm_buf_addz(out, "POST or DELETE /_lunami/faults, POST /_lunami/time\n");
    return 404;
}
