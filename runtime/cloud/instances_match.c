/* instances_match.c - the filters of DescribeInstances. */
#include "cloud/instances.h"
#include "cloud/network.h"

#include <stdio.h>

/* An instance has one interface: what is told of both is the same. */
static const char *of_instance(const char *name) {
    static const char *const same[][2] = {
        {"group-id", "instance.group-id"},
        {"group-name", "instance.group-name"},
        {"network-interface.addresses.private-ip-address", "private-ip-address"},
        {"network-interface.group-id", "instance.group-id"},
        {"network-interface.group-name", "instance.group-name"},
        {"network-interface.private-ip-address", "private-ip-address"},
        {"network-interface.vpc-id", "vpc-id"}};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        if (strcmp(same[i][0], name) == 0) {
            return same[i][1];
        }
    }
    return name;
}

/* Filters of what an instance's volumes and network hold. */
static int matches_elsewhere(struct lnm_instance_row *w, const char *name, struct lnm_str pattern) {
    static const struct {
        const char *filter, *sql; /* values that any may match */
    } others[] = {
        {"block-device-mapping.volume-id", "SELECT id FROM volumes WHERE instance = ?1"},
        {"block-device-mapping.device-name", "SELECT device FROM volumes WHERE instance = ?1"},
        {"block-device-mapping.status", "SELECT attach_state FROM volumes WHERE instance = ?1"},
        {"block-device-mapping.delete-on-termination",
         "SELECT iif(delete_on_termination, 'true', 'false') FROM volumes WHERE instance = ?1"},
        {"block-device-mapping.attach-time",
         "SELECT strftime('%Y-%m-%dT%H:%M:%S.000Z', attached / 1000000, 'unixepoch') FROM volumes"
         " WHERE instance = ?1"},
        {"vpc-id", "SELECT vpc FROM interfaces i JOIN subnets s ON s.id = i.subnet WHERE instance ="
                   " ?1"},
        {"network-interface.network-interface-id", "SELECT id FROM interfaces WHERE instance = ?1"},
        {"private-ip-address",
         "SELECT '172.31.' || (address >> 8) || '.' || (address & 255) FROM interfaces WHERE"
         " instance = ?1"},
        {"instance.group-id", "SELECT grp FROM interface_groups g JOIN interfaces i ON i.id ="
                              " g.interface WHERE instance = ?1"},
        {"instance.group-name",
         "SELECT name FROM interface_groups g JOIN interfaces i ON i.id = g.interface JOIN"
         " security_groups s ON s.id = g.grp WHERE instance = ?1"}};
    size_t i = 0, count = sizeof others / sizeof others[0];
    while (i < count && strcmp(others[i].filter, name) != 0) {
        i++;
    }
    if (i == count || w->s == NULL) {
        return i == count ? -1 : 1;
    }
    sqlite3_stmt *s = lnm_store_query(w->r->cloud, others[i].sql, "t", lnm_store_text(w->s, ID));
    int found = 0;
    while (s != NULL && found == 0 && sqlite3_step(s) == SQLITE_ROW) {
        found = lnm_filter_text(lnm_store_text(s, 0), pattern);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

/* What is no text of the row. */
static int matches_computed(struct lnm_instance_row *w, const char *name, struct lnm_str pattern) {
    static const struct {
        const char *filter, *value;
    } fixed[] = {
        {"hypervisor", "xen"}, {"metadata-options.state", "applied"}, {"root-device-type", "ebs"}};
    static const struct {
        const char *filter;
        int column;
        bool set; /* what the column's truth means */
    } flags[] = {{"ebs-optimized", EBS_OPTIMIZED, true},
                 {"ena-support", ENA, true},
                 {"source-dest-check", NO_SOURCE_CHECK, false}};
    char code[8];
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        if (strcmp(fixed[i].filter, name) == 0) {
            return lnm_filter_text(fixed[i].value, pattern);
        }
    }
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(flags[i].filter, name) == 0) {
            return lnm_filter_flag((lnm_store_int(w->s, flags[i].column) != 0) == flags[i].set,
                                   pattern);
        }
    }
    (void)snprintf(code, sizeof code, "%d", lnm_instance_code(lnm_store_text(w->s, STATE)));
    return strcmp(name, "instance-state-code") == 0 ? lnm_filter_text(code, pattern)
           : strcmp(name, "owner-id") == 0          ? lnm_filter_text(w->r->account, pattern)
           : strcmp(name, "launch-time") == 0
               ? lnm_filter_date(lnm_store_int(w->s, LAUNCHED), pattern)
           : strcmp(name, "monitoring-state") == 0
               ? lnm_filter_text(lnm_store_int(w->s, MONITORED) != 0 ? "enabled" : "disabled",
                                 pattern)
           : strcmp(name, "availability-zone-id") == 0
               ? lnm_zone_matches(lnm_store_text(w->s, ZONE), pattern)
               : lnm_tags_match(w->r->cloud, lnm_store_text(w->s, ID), name, pattern);
}

int lnm_instance_matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct lnm_filter_column columns[] = {
        {"instance-id", ID},
        {"image-id", IMAGE},
        {"instance-type", TYPE},
        {"instance-state-name", STATE},
        {"availability-zone", ZONE},
        {"root-device-name", ROOT},
        {"state-reason-code", REASON_CODE},
        {"state-reason-message", REASON},
        {"platform", PLATFORM},
        {"platform-details", PLATFORM_DETAILS},
        {"reason", TRANSITION},
        {"reservation-id", RESERVATION},
        {"launch-index", INDEX},
        {"key-name", KEY_NAME},
        {"client-token", TOKEN},
        {"architecture", ARCHITECTURE},
        {"virtualization-type", VIRTUALIZATION},
        {"iam-instance-profile.arn", PROFILE},
        {"subnet-id", SUBNET},
        {"network-interface.subnet-id", SUBNET},
        {"tenancy", TENANCY},
        {"usage-operation", USAGE},
        {"metadata-options.http-tokens", HTTP_TOKENS},
        {"metadata-options.http-protocol-ipv6", HTTP_IPV6},
        {"metadata-options.instance-metadata-tags", METADATA_TAGS},
        {"metadata-options.http-endpoint", HTTP_ENDPOINT},
        {"metadata-options.http-put-response-hop-"
         "limit",
         HTTP_HOPS},
        {NULL, 0}};
    struct lnm_instance_row *w = arg;
    int found = lnm_filter_column(w->s, columns, name, pattern);
    found = found >= 0 ? found : matches_elsewhere(w, of_instance(name), pattern);
    found =
        found >= 0 ? found : lnm_interface_matches(w->r, lnm_store_text(w->s, ID), name, pattern);
    if (found >= 0) {
        return found;
    }
    return matches_computed(w, name, pattern);
}
