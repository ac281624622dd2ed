/* ec2_facts.h - the resources that a request to EC2 or EBS is about, and what is known of them. */
#ifndef LUNAMI_CLOUD_EC2_FACTS_H
#define LUNAMI_CLOUD_EC2_FACTS_H

#include "cloud/access.h"

#define LNM_EC2_RESOURCES 64

/* One that a launch makes. */
struct lnm_ec2_volume {
    bool known, encrypted;
    int64_t gib; /* 0: not said */
    char type[16];
};

struct lnm_ec2_resource {
    char id[32];      /* "vol-0…", or "*": what is to be made */
    const char *type; /* "volume" */
    char arn[160];
    char owner[16]; /* once its facts were asked for */
    bool tagged;    /* is made with tags */
    struct lnm_ec2_volume volume;
};

struct lnm_ec2_resources {
    struct lnm_ec2_resource items[LNM_EC2_RESOURCES];
    size_t count;
};

/* Those that the request names by id, and those that it makes; "*" alone for what only reads. More
 * than fit are one "*": so only a policy about everything allows it. */
LNM_API void lnm_ec2_resources(struct lnm_ec2_resources *out, struct lnm_cloud_request *r);
/* What conditions may ask of a resource and of the request; they borrow from r, the resource and
 * text. Free facts and text. */
LNM_API void lnm_ec2_facts(struct lnm_buf *facts, struct lnm_buf *text, struct lnm_cloud_request *r,
                           struct lnm_ec2_resource *resource);

/* ---- between ec2_facts.c and ec2_launch.c -----------------------------------------------------
 */
/* One more, counted in any case; NULL when it does not fit. */
LNM_API struct lnm_ec2_resource *lnm_ec2_append(struct lnm_ec2_resources *out,
                                                const struct lnm_cloud_request *r, const char *type,
                                                bool owned, struct lnm_str id);
LNM_API void lnm_ec2_launch_volumes(struct lnm_ec2_resources *out,
                                    const struct lnm_cloud_request *r);

#endif
