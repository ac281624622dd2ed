/* interfaces_show.c - network interfaces in answers; DescribeNetworkInterfaces. */
#include "cloud/filter.h"
#include "cloud/network.h"

#include "base/date.h"

#include <stdio.h>

#define SELECT                                                                                     \
    "SELECT i.id, i.subnet, s.vpc, s.zone, i.address, i.instance, coalesce(i.description, ''),"    \
    " i.attached, i.public, i.account, n.state, coalesce(n.no_source_check, 0) FROM"               \
    " interfaces i JOIN subnets s ON s.id = i.subnet LEFT JOIN instances n ON n.id ="              \
    " i.instance WHERE "

enum {
    ID,
    SUBNET,
    VPC,
    ZONE,
    ADDRESS,
    INSTANCE,
    DESCRIPTION,
    ATTACHED,
    PUBLIC,
    OWNER,
    STATE,
    UNCHECKED
};

/* What DNS calls an address: "ip-172-31-0-4.ec2.internal". The first region has names of its own.
 */
static void write_name(char out[128], const struct lnm_cloud_request *r, const char *address,
                       bool is_public) {
    char dashed[16];
    bool first = strcmp(r->region, "us-east-1") == 0;
    const char *region = first ? "" : r->region, *zone = !first      ? ".compute"
                                                         : is_public ? "compute-1"
                                                                     : "ec2";
    lnm_take(dashed, sizeof dashed, address);
    for (char *dot = strchr(dashed, '.'); dot != NULL; dot = strchr(dot, '.')) {
        *dot = '-';
    }
    (void)snprintf(out, 128, "%s-%s.%s%s.%s", is_public ? "ec2" : "ip", dashed, region, zone,
                   is_public ? "amazonaws.com" : "internal");
}

static void show_groups(struct lnm_cloud_request *r, const char *interface, const char *name) {
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT g.id, g.name FROM interface_groups i JOIN"
                                      " security_groups g ON g.id = i.grp WHERE i.interface = ?1"
                                      " ORDER BY g.name",
                                      "t", interface);
    lnm_record_enter(&r->out, name);
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_record_item(&r->out);
        lnm_record_setz(&r->out, "group_id", lnm_store_text(s, 0));
        lnm_record_setz(&r->out, "group_name", lnm_store_text(s, 1));
        lnm_record_close(&r->out);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    lnm_record_close(&r->out);
}

void lnm_interface_show_groups(struct lnm_cloud_request *r, const char *instance,
                               const char *name) {
    char id[32] = "";
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT id FROM interfaces WHERE instance = ?1", "t", instance);
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_take(id, sizeof id, lnm_store_text(s, 0));
        (void)sqlite3_reset(s);
    }
    show_groups(r, id, name);
}

struct addresses {
    char private[16], private_name[128], public[16], public_name[128];
    bool is_public;
};

/* The public ones are of a range that nobody routes, and go when the instance does not run. */
static void read_addresses(struct lnm_cloud_request *r, sqlite3_stmt *s, struct addresses *a) {
    int64_t address = lnm_store_int(s, ADDRESS);
    const char *state = lnm_store_text(s, STATE);
    lnm_interface_address(a->private, address);
    (void)snprintf(a->public, sizeof a->public, "198.18.%d.%d", (int)(address >> 8) & 255,
                   (int)address & 255);
    write_name(a->private_name, r, a->private, false);
    write_name(a->public_name, r, a->public, true);
    a->is_public = lnm_store_int(s, PUBLIC) != 0 &&
                   (strcmp(state, "running") == 0 || strcmp(state, "pending") == 0);
}

static void show_association(struct lnm_record *out, const struct addresses *a) {
    if (a->is_public) {
        lnm_record_enter(out, "association");
        lnm_record_setz(out, "ip_owner_id", "amazon");
        lnm_record_setz(out, "public_dns_name", a->public_name);
        lnm_record_setz(out, "public_ip", a->public);
        lnm_record_close(out);
    }
}

/* What an interface is, in an instance and by itself. */
static void show_interface(struct lnm_cloud_request *r, sqlite3_stmt *s,
                           const struct addresses *a) {
    struct lnm_record *out = &r->out;
    const char *id = lnm_store_text(s, ID);
    int64_t address = lnm_store_int(s, ADDRESS);
    char text[64], date[LNM_DATE_MAX];
    lnm_record_setz(out, "network_interface_id", id);
    lnm_record_setz(out, "subnet_id", lnm_store_text(s, SUBNET));
    lnm_record_setz(out, "vpc_id", lnm_store_text(s, VPC));
    lnm_record_setz(out, "owner_id", lnm_store_text(s, OWNER));
    lnm_record_setz(out, "description", lnm_store_text(s, DESCRIPTION));
    lnm_record_setz(out, "status", "in-use");
    lnm_record_setz(out, "interface_type", "interface");
    lnm_record_setz(out, "private_ip_address", a->private);
    lnm_record_setz(out, "private_dns_name", a->private_name);
    lnm_record_set_bool(out, "source_dest_check", lnm_store_int(s, UNCHECKED) == 0);
    (void)snprintf(text, sizeof text, "02:%.2s:%.2s:00:%02x:%02x", id + 5, id + 7,
                   (unsigned)(address >> 8) & 255, (unsigned)address & 255);
    lnm_record_setz(out, "mac_address", text);
    show_association(out, a);
    show_groups(r, id, "groups");
    lnm_date_iso(date, lnm_store_int(s, ATTACHED));
    (void)snprintf(text, sizeof text, "eni-attach-%.20s", id + 4);
    lnm_record_enter(out, "attachment");
    lnm_record_setz(out, "attachment_id", text);
    lnm_record_setz(out, "attach_time", date);
    lnm_record_set_bool(out, "delete_on_termination", true);
    lnm_record_set_int(out, "device_index", 0);
    lnm_record_setz(out, "status", "attached");
}

static void show_of_instance(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    struct lnm_record *out = &r->out;
    struct addresses a;
    read_addresses(r, s, &a);
    lnm_record_setz(out, "subnet_id", lnm_store_text(s, SUBNET));
    lnm_record_setz(out, "vpc_id", lnm_store_text(s, VPC));
    lnm_record_setz(out, "private_ip_address", a.private);
    lnm_record_setz(out, "private_dns_name", a.private_name);
    lnm_record_setz(out, "public_ip_address", a.is_public ? a.public : NULL);
    lnm_record_setz(out, "public_dns_name", a.is_public ? a.public_name : "");
    lnm_record_enter(out, "network_interfaces");
    lnm_record_item(out);
    show_interface(r, s, &a);
    lnm_record_close(out);
    lnm_record_enter(out, "private_ip_addresses");
    lnm_record_item(out);
    lnm_record_set_bool(out, "primary", true);
    lnm_record_setz(out, "private_dns_name", a.private_name);
    lnm_record_setz(out, "private_ip_address", a.private);
    lnm_record_close(out);
    lnm_record_close(out);
    lnm_record_close(out);
    lnm_record_close(out);
    show_groups(r, lnm_store_text(s, ID), "security_groups");
}

void lnm_interface_show(struct lnm_cloud_request *r, const char *instance) {
    sqlite3_stmt *s = lnm_store_query(r->cloud, SELECT "i.instance = ?1", "t", instance);
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        show_of_instance(r, s);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
}

int lnm_interface_matches(struct lnm_cloud_request *r, const char *instance, const char *filter,
                          struct lnm_str pattern) {
    enum { PRIVATE_NAME, PUBLIC_NAME, PUBLIC_ADDRESS };
    static const struct {
        const char *filter;
        int value;
    } filters[] = {{"dns-name", PUBLIC_NAME},
                   {"ip-address", PUBLIC_ADDRESS},
                   {"network-interface.addresses.association.public-dns-name", PUBLIC_NAME},
                   {"network-interface.addresses.association.public-ip", PUBLIC_ADDRESS},
                   {"network-interface.addresses.private-dns-name", PRIVATE_NAME},
                   {"network-interface.association.public-dns-name", PUBLIC_NAME},
                   {"network-interface.association.public-ip", PUBLIC_ADDRESS},
                   {"network-interface.private-dns-name", PRIVATE_NAME},
                   {"private-dns-name", PRIVATE_NAME}};
    size_t i = 0, count = sizeof filters / sizeof filters[0];
    struct addresses a = {.is_public = false};
    while (i < count && strcmp(filters[i].filter, filter) != 0) {
        i++;
    }
    if (i == count) {
        return -1;
    }
    sqlite3_stmt *s = lnm_store_query(r->cloud, SELECT "i.instance = ?1", "t", instance);
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        read_addresses(r, s, &a);
    }
    (void)sqlite3_reset(s);
    return lnm_filter_text(filters[i].value == PRIVATE_NAME  ? a.private_name
                           : !a.is_public                    ? ""
                           : filters[i].value == PUBLIC_NAME ? a.public_name
                                                             : a.public,
                           pattern);
}

struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
};

static int group_matches(struct row *w, struct lnm_str pattern) {
    int found = 0;
    sqlite3_stmt *s =
        lnm_store_query(w->r->cloud, "SELECT grp FROM interface_groups WHERE interface = ?1", "t",
                        lnm_store_text(w->s, ID));
    while (s != NULL && found == 0 && sqlite3_step(s) == SQLITE_ROW) {
        found = lnm_filter_text(lnm_store_text(s, 0), pattern);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct lnm_filter_column columns[] = {{"network-interface-id", ID},
                                                       {"subnet-id", SUBNET},
                                                       {"vpc-id", VPC},
                                                       {"availability-zone", ZONE},
                                                       {"attachment.instance-id", INSTANCE},
                                                       {"description", DESCRIPTION},
                                                       {"owner-id", OWNER},
                                                       {NULL, 0}};
    struct row *w = arg;
    char address[16];
    if (strcmp(name, "group-id") == 0) {
        return w->s == NULL ? 1 : group_matches(w, pattern);
    }
    if (strcmp(name, "private-ip-address") == 0 ||
        strcmp(name, "addresses.private-ip-address") == 0) {
        lnm_interface_address(address, lnm_store_int(w->s, ADDRESS));
        return lnm_filter_text(address, pattern);
    }
    if (strcmp(name, "status") == 0) {
        return lnm_filter_text("in-use", pattern);
    }
    int found = lnm_filter_column(w->s, columns, name, pattern);
    return found >= 0 ? found
                      : lnm_tags_match(w->r->cloud, lnm_store_text(w->s, ID), name, pattern);
}

static void show(void *arg) {
    struct row *w = arg;
    struct lnm_record *out = &w->r->out;
    struct addresses a;
    read_addresses(w->r, w->s, &a);
    lnm_record_item(out);
    show_interface(w->r, w->s, &a);
    lnm_record_setz(out, "instance_id", lnm_store_text(w->s, INSTANCE));
    lnm_record_setz(out, "instance_owner_id", lnm_store_text(w->s, OWNER));
    lnm_record_close(out);
    lnm_record_setz(out, "availability_zone", lnm_store_text(w->s, ZONE));
    lnm_record_set_bool(out, "requester_managed", false);
    lnm_tags_show_as(w->r, lnm_store_text(w->s, ID), "tag_set");
    lnm_record_close(out);
}

static int not_found(struct lnm_cloud_request *r, struct lnm_str id) {
    return lnm_cloud_raise(r, 400, "InvalidNetworkInterfaceID.NotFound",
                           "The networkInterface ID '%.60s' does not exist", id.ptr);
}

static int describe(struct lnm_cloud_request *r) {
    static const struct lnm_filter_kind ids = {
        "network_interface_ids",
        "SELECT 1 FROM interfaces WHERE account = ?1 AND region = ?2 AND id = ?3", not_found};
    struct lnm_cloud_page page;
    struct row w = {.r = r};
    if (lnm_filter_exist(r, &ids) < 0 || lnm_page_begin(&page, r, "network_interface_ids") < 0 ||
        lnm_filter_check(r, matches, &w) < 0) {
        return -1;
    }
    w.s = lnm_store_query(r->cloud,
                          SELECT "i.account = ?1 AND i.region = ?2 AND i.id > ?3 ORDER BY i.id",
                          "ttt", r->account, r->region, page.after);
    struct lnm_cloud_listing l = {.ids = "network_interface_ids",
                                  .list = "network_interfaces",
                                  .matches = matches,
                                  .show = show,
                                  .row = &w};
    return lnm_page_show(&page, r, w.s, &l);
}

const struct lnm_cloud_action lnm_cloud_interfaces[] = {{"DescribeNetworkInterfaces", describe},
                                                        {NULL, NULL}};
