/* cloud.h - the local cloud: EC2, EBS, KMS and STS on loopback, inside this process. */
#ifndef LUNAMI_CLOUD_CLOUD_H
#define LUNAMI_CLOUD_CLOUD_H

#include "base/err.h"

struct lnm_cloud;

/* What moves the cloud's time. */
enum lnm_cloud_time {
    LNM_TIME_REAL,
    LNM_TIME_SHARED, /* virtual, with the clients of this process (base/virtual.h) */
    LNM_TIME_JUMPS   /* virtual, for clients outside: each request that finds nothing else in flight
                        sees the next thing done that somebody waits for */
};

struct lnm_cloud_options {
    int port;              /* 0: any free one */
    const char *state_dir; /* NULL: in memory */
    bool empty;            /* do not furnish the first account */
    const char *tls_ca;    /* speak https by a throwaway CA, whose certificate (PEM) goes to this
                              file; NULL: http */
    double speed;          /* lifecycles run this many times faster than real time; 0 means 1 */
    bool instant;          /* lifecycles end as soon as they begin */
    bool as_aws;           /* they last as long as on AWS, else seconds */
    enum lnm_cloud_time time;
    bool seeded; /* ids and all else that is random follow from the seed */
    uint64_t seed;
    const char *switches; /* "name=value,…": answers where AWS's texts disagree (switches.h) */
    const char *limits; /* throttle buckets and quotas: "documented", a JSON file, or NULL: none */
    const char *faults; /* file with a plan of faults, or NULL */
    const char *log;    /* file to which a line is written for each request, or NULL */
};

/* Binds 127.0.0.1 only and serves from its own threads until freed. LNM_EIO: port taken, or the
 * folder is in use by another process (said by name). */
LNM_API int lnm_cloud_start(struct lnm_cloud **out, const struct lnm_cloud_options *options,
                            struct lnm_err *err);
LNM_API void lnm_cloud_stop(struct lnm_cloud *cloud); /* NULL is fine */
LNM_API const char *
lnm_cloud_url(const struct lnm_cloud *cloud); /* "http://127.0.0.1:PORT"; https with TLS */

/* The account that a furnished cloud starts with, and the secret of every LOCAL key id. */
#define LNM_CLOUD_ACCOUNT "000000000001"
#define LNM_CLOUD_KEY_ID "LOCAL" LNM_CLOUD_ACCOUNT
#define LNM_CLOUD_SECRET "local"

#endif
