/* waits N [seed]: what it costs to wait for N image copies of one region, and how late their ends
 * are noticed, on a clock that jumps.
 *
 * The copies begin together; how long each takes is lognormal, median 8 minutes (95 % within 18); a
 * call takes 150 ms; a snapshot's progress is told in whole percents and is up to 8 % wrong. Prints
 * "calls an image, mean delay s, 99th percentile s, client CPU us an image, bytes an image". */
#include "../unit/stub.h"

#include "base/clock.h"
#include "client/hub_internal.h"

#include <malloc.h>
#include <math.h>
#include <sys/resource.h>

#define SECOND 1e6
#define LATENCY_US 150000

struct image {
    struct lnm_wait *wait;
    double ready_us, noticed_us;
};

static int64_t now_us = 1000 * 1000000;
static int done;

static int64_t mono(void *arg) {
    (void)arg;
    return __atomic_load_n(&now_us, __ATOMIC_SEQ_CST);
}

static int64_t wall(void *arg) {
    return INT64_C(1764000000000000) + mono(arg);
}

static void on_done(void *arg, struct lnm_wait *w) {
    (void)w;
    ((struct image *)arg)->noticed_us = (double)now_us;
    done++;
}

/* ---- the cloud --------------------------------------------------------------------------------
 */
static struct image *images;
static double begun_us;

static double normal(void) {
    double a = (rand() + 1.0) / (RAND_MAX + 2.0), b = rand() / (double)RAND_MAX;
    return sqrt(-2 * log(a)) * cos(2 * M_PI * b);
}

static int percent(const struct image *i, double at) {
    double share = (at - begun_us) / (i->ready_us - begun_us);
    double told = share * (1 + 0.08 * normal() * (1 - share));
    return (int)floor(100 * fmax(0, fmin(0.99, told)));
}

static void say_image(struct lnm_buf *out, int n, bool ready) {
    lnm_buf_addf(out,
                 "<item><imageId>ami-%08d</imageId><imageState>%s</imageState><blockDeviceMapping>"
                 "<item><deviceName>/dev/xvda</deviceName><ebs><snapshotId>snap-%08d</snapshotId>"
                 "</ebs></item></blockDeviceMapping></item>",
                 n, ready ? "available" : "pending", n);
}

static void say_snapshot(struct lnm_buf *out, int n, bool ready, double at) {
    lnm_buf_addf(out,
                 "<item><snapshotId>snap-%08d</snapshotId><status>%s</status><progress>%d%%"
                 "</progress><volumeSize>8</volumeSize></item>",
                 n, ready ? "completed" : "pending", ready ? 100 : percent(&images[n], at));
}

static int answer(struct stub *s, const char *body, struct lnm_buf *out) {
    (void)s;
    bool of_images = strstr(body, "Action=DescribeImages") != NULL;
    double at = (double)mono(NULL) + LATENCY_US / 2.0;
    lnm_buf_addz(out, of_images ? "<DescribeImagesResponse><imagesSet>"
                                : "<DescribeSnapshotsResponse><snapshotSet>");
    const char *prefix = of_images ? "=ami-" : "=snap-";
    for (const char *p = body; (p = strstr(p, prefix)) != NULL; p++) {
        int n = atoi(p + strlen(prefix));
        bool ready = images[n].ready_us <= at;
        if (of_images) {
            say_image(out, n, ready);
        } else {
            say_snapshot(out, n, ready, at);
        }
    }
    lnm_buf_addz(out, of_images ? "</imagesSet></DescribeImagesResponse>"
                                : "</snapshotSet></DescribeSnapshotsResponse>");
    return 200;
}

/* ---- the run ----------------------------------------------------------------------------------
 */
static bool asks(const struct lnm_hub *hub) {
    bool asked = false;
    for (size_t i = 0; i < LNM_HUB_GROUPS; i++) {
        asked = asked || (hub->groups[i] != NULL && hub->groups[i]->call != NULL);
    }
    return asked;
}

/* While a call is under way time stands still; it took 150 ms when its answer is there. */
static void run(struct lnm_loop *loop, const struct lnm_hub *hub, int n) {
    struct lnm_err err;
    while (done < n) {
        bool asked = asks(hub);
        if (asked) {
            (void)__atomic_add_fetch(&now_us, LATENCY_US, __ATOMIC_SEQ_CST);
        }
        while (asked && lnm_loop_step(loop, 1000, &err) == 0) {
        }
        if (!asked && lnm_loop_step(loop, 0, &err) == 0) {
            int ms = lnm_loop_timeout_ms(loop);
            (void)__atomic_add_fetch(&now_us, 1000 * (ms > 0 ? ms : 1), __ATOMIC_SEQ_CST);
        }
    }
}

static double cpu_us(void) {
    struct rusage u;
    (void)getrusage(RUSAGE_THREAD, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * SECOND +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void report(const struct lnm_hub *hub, int n, double cpu, double bytes) {
    double *late = calloc((size_t)n, sizeof *late), sum = 0;
    for (int i = 0; i < n; i++) {
        late[i] = (images[i].noticed_us - images[i].ready_us) / SECOND;
        sum += late[i];
    }
    qsort(late, (size_t)n, sizeof *late, by_size);
    printf("%.3f %.2f %.1f %.0f %.0f\n", (double)lnm_hub_calls(hub) / n, sum / n,
           late[(int)(0.99 * n)], cpu / n, bytes / n);
    free(late);
}

int main(int argc, char **argv) {
    static const struct lnm_clock clock = {wall, mono, NULL};
    int n = argc > 1 ? atoi(argv[1]) : 1000;
    struct stub stub;
    struct lnm_loop *loop;
    struct lnm_hub *hub;
    struct lnm_session *session;
    struct lnm_err err;
    srand(argc > 2 ? (unsigned)atoi(argv[2]) : 1);
    images = calloc((size_t)n, sizeof *images);
    lnm_clock_set(&clock);
    begun_us = (double)now_us;
    for (int i = 0; i < n; i++) {
        images[i].ready_us = begun_us + 480 * SECOND * exp(0.5 * normal());
    }
    stub_start(&stub, answer, NULL);
    struct lnm_session_options o = {.region = "us-east-1",
                                    .endpoint_url = stub.url,
                                    .access_key_id = "AKIDEXAMPLE",
                                    .secret_access_key = "secret"};
    if (lnm_loop_new(&loop, &err) < 0 || lnm_hub_new(&hub, loop, &err) < 0 ||
        lnm_session_new(&session, loop, &o, &err) < 0) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    size_t heap = mallinfo2().uordblks;
    for (int i = 0; i < n; i++) {
        char id[32];
        (void)snprintf(id, sizeof id, "ami-%08d", i);
        struct lnm_wait_options w = {.kind = LNM_WAIT_IMAGE, .id = id};
        if (lnm_wait_start(&images[i].wait, hub, session, &w, on_done, &images[i], &err) < 0) {
            return 1;
        }
    }
    double bytes = (double)(mallinfo2().uordblks - heap), before = cpu_us();
    run(loop, hub, n);
    report(hub, n, cpu_us() - before, bytes);
    for (int i = 0; i < n; i++) {
        lnm_wait_free(images[i].wait);
    }
    lnm_hub_free(hub);
    lnm_session_unref(session);
    lnm_loop_free(loop);
    stub_stop(&stub);
    free(images);
    return 0;
}
