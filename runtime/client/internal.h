/* internal.h - the session as its own layer sees it. */
#ifndef LUNAMI_CLIENT_INTERNAL_H
#define LUNAMI_CLIENT_INTERNAL_H

#include "aws/retry.h"
#include "aws/xml.h"
#include "base/date.h"
#include "client/identity.h"
#include "client/retry_settings.h"
#include "client/session.h"
#include "net/lane.h"
#include "net/pool.h"

#define LNM_SESSION_READERS 64

/* Where one service of a session is reached. */
struct lnm_place {
    const struct lnm_service *service; /* NULL: not asked for yet */
    char *url, *host;                  /* url without its final slash */
    struct lnm_str signing_region;
    bool custom, loopback;
};

/* Memory that every signature needs, kept between them; emptied after each. */
struct lnm_workspace {
    struct lnm_buf lines, url, authorization, scratch;
    int64_t second; /* that `date` is of */
    char date[LNM_DATE_MAX];
};

/* What sessions of the same credentials share, whatever their region. */
struct lnm_session_root {
    size_t refs;
    struct lnm_identity *identity; /* NULL: only unsigned requests */
    struct lnm_pool *pool;         /* connections: those of one credential set are no other's */
    char *profile;
    char *custom_url[LNM_SERVICE_COUNT]; /* in the order of lnm_services; NULL: none */
    bool fips, dualstack, legacy_sts;
    bool seeks_region;   /* nothing says one, and the credentials are the instance's */
    char region[64];     /* then the instance's, once it is known */
    char account[16];    /* that the credentials belong to, now and later; "": not known yet */
    struct lnm_hub *hub; /* whose limits are kept; NULL: none are. [borrowed] */
    struct lnm_retry_settings retry;
    struct lnm_retry_quota quota;
    int64_t skew_us; /* server's clock minus ours, once learnt */
    bool skew_known;
    int64_t clock_ahead_us; /* the same as the first answer told it, whatever is made of it */
    bool clock_seen;
    struct lnm_workspace work;
    struct lnm_xml_reader *readers[LNM_SESSION_READERS]; /* idle ones */
    size_t reader_count;
    struct lnm_call *idle_calls; /* ended ones, whose memory the next calls have; see call.c */
    size_t idle_call_count;
};

struct lnm_session {
    size_t refs;
    struct lnm_session_root *root;
    struct lnm_loop *loop;
    char *region;
    struct lnm_place places[LNM_SERVICE_COUNT];
    struct lnm_lane lane;      /* its calls' share of libcurl's room */
    struct lnm_limits *limits; /* see limits.h; NULL: not looked for yet. [borrowed] */
    bool limits_by_account;
};

/* A session in `region` with the settings of `root` and these credentials (referenced; NULL: none,
 * for unsigned requests). */
LNM_API int lnm_session__with(struct lnm_session **out, const struct lnm_session_root *root,
                              struct lnm_loop *loop, const char *region, struct lnm_creds *creds,
                              struct lnm_err *err);
/* Gives a new session its identity, by its options and settings. */
LNM_API int lnm_session__identify(struct lnm_session *s, const struct lnm_profiles *p,
                                  const struct lnm_session_options *o, struct lnm_err *err);
LNM_API void lnm_session__hold(struct lnm_session_root *root);
LNM_API void lnm_session__drop(struct lnm_session_root *root);

LNM_API void lnm_session__free_calls(struct lnm_session_root *root); /* the idle ones */

/* The service's place, worked out once. [borrowed] */
LNM_API int lnm_session__place(const struct lnm_place **out, struct lnm_session *s,
                               const struct lnm_service *service, struct lnm_err *err);
LNM_API int lnm_session__take_reader(struct lnm_xml_reader **out, struct lnm_session *s,
                                     struct lnm_err *err);
LNM_API void lnm_session__give_reader(struct lnm_session *s, struct lnm_xml_reader *r);

#endif
