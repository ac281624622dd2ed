/* instance_types.c - DescribeInstanceTypes, DescribeInstanceTypeOfferings: those that images are
 * built on. RunInstances takes any name of a family and a size. */
#include "cloud/capacity.h"
#include "cloud/filter.h"
#include "cloud/network.h"

#include <stdio.h>
#include <stdlib.h>

struct type {
    const char *name, *architecture;
    int cpus, memory_mib;
    bool nitro, burstable, free_tier;
};

/* In the order of their names: pages go on after the last one shown. */
static const struct type types[] = {{"c5.2xlarge", "x86_64", 8, 16384, true, false, false},
                                    {"c5.large", "x86_64", 2, 4096, true, false, false},
                                    {"c5.xlarge", "x86_64", 4, 8192, true, false, false},
                                    {"c6g.large", "arm64", 2, 4096, true, false, false},
                                    {"c6i.large", "x86_64", 2, 4096, true, false, false},
                                    {"m5.2xlarge", "x86_64", 8, 32768, true, false, false},
                                    {"m5.large", "x86_64", 2, 8192, true, false, false},
                                    {"m5.xlarge", "x86_64", 4, 16384, true, false, false},
                                    {"m6g.large", "arm64", 2, 8192, true, false, false},
                                    {"m6i.large", "x86_64", 2, 8192, true, false, false},
                                    {"r5.large", "x86_64", 2, 16384, true, false, false},
                                    {"t2.micro", "x86_64", 1, 1024, false, true, true},
                                    {"t2.small", "x86_64", 1, 2048, false, true, false},
                                    {"t3.large", "x86_64", 2, 8192, true, true, false},
                                    {"t3.medium", "x86_64", 2, 4096, true, true, false},
                                    {"t3.micro", "x86_64", 2, 1024, true, true, false},
                                    {"t3.nano", "x86_64", 2, 512, true, true, false},
                                    {"t3.small", "x86_64", 2, 2048, true, true, false},
                                    {"t4g.micro", "arm64", 2, 1024, true, true, false},
                                    {"t4g.small", "arm64", 2, 2048, true, true, false}};
#define TYPES (sizeof types / sizeof types[0])

int lnm_instance_type_cpus(const char *type) {
    const char *size = strchr(type, '.');
    long count = size != NULL ? strtol(size + 1, NULL, 10) : 0;
    for (size_t t = 0; t < TYPES; t++) {
        if (strcmp(types[t].name, type) == 0) {
            return types[t].cpus;
        }
    }
    /* "2xlarge" has twice what "xlarge" has; what is smaller has two */
    return size == NULL || strstr(size, "xlarge") == NULL ? 2
           : count > 0 && count <= 512                    ? 4 * (int)count
                                                          : 4;
}

struct offer {
    struct lnm_cloud_request *r;
    const struct type *type; /* NULL while the filters are checked */
    const char *kind, *location;
};

static int word_matches(const char *word, struct lnm_str pattern) {
    return lnm_filter_text(word, pattern);
}

static int type_matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct type none = {.name = "", .architecture = ""};
    struct offer *o = arg;
    const struct type *t = o->type != NULL ? o->type : &none;
    char number[24];
    if (strcmp(name, "vcpu-info.default-vcpus") == 0 ||
        strcmp(name, "memory-info.size-in-mib") == 0) {
        (void)snprintf(number, sizeof number, "%d", name[0] == 'v' ? t->cpus : t->memory_mib);
        return o->type == NULL || word_matches(number, pattern);
    }
    return strcmp(name, "instance-type") == 0 ? word_matches(t->name, pattern)
           : strcmp(name, "processor-info.supported-architecture") == 0
               ? word_matches(t->architecture, pattern)
           : strcmp(name, "current-generation") == 0
               ? word_matches(t->nitro ? "true" : "false", pattern) || o->type == NULL
           : strcmp(name, "hypervisor") == 0
               ? word_matches(t->nitro ? "nitro" : "xen", pattern) || o->type == NULL
           : strcmp(name, "bare-metal") == 0 ? word_matches("false", pattern)
           : strcmp(name, "free-tier-eligible") == 0
               ? word_matches(t->free_tier ? "true" : "false", pattern) || o->type == NULL
           : strcmp(name, "burstable-performance-supported") == 0
               ? word_matches(t->burstable ? "true" : "false", pattern) || o->type == NULL
               : -1;
}

static void show_words(struct lnm_record *out, const char *list, const char *first,
                       const char *second) {
    lnm_record_enter(out, list);
    lnm_record_add(out, lnm_str_z(first));
    if (second != NULL) {
        lnm_record_add(out, lnm_str_z(second));
    }
    lnm_record_close(out);
}

static void show_hardware(struct lnm_record *out, const struct type *t) {
    lnm_record_enter(out, "processor_info");
    show_words(out, "supported_architectures", t->architecture, NULL);
    lnm_record_close(out);
    lnm_record_enter(out, "v_cpu_info");
    lnm_record_set_int(out, "default_v_cpus", t->cpus);
    lnm_record_set_int(out, "default_cores", t->cpus > 1 ? t->cpus / 2 : 1);
    lnm_record_set_int(out, "default_threads_per_core", t->cpus > 1 ? 2 : 1);
    lnm_record_close(out);
    lnm_record_enter(out, "memory_info");
    lnm_record_set_int(out, "size_in_mi_b", t->memory_mib);
    lnm_record_close(out);
    lnm_record_enter(out, "ebs_info");
    lnm_record_setz(out, "ebs_optimized_support", t->nitro ? "default" : "unsupported");
    lnm_record_setz(out, "encryption_support", "supported");
    lnm_record_setz(out, "nvme_support", t->nitro ? "required" : "unsupported");
    lnm_record_close(out);
    lnm_record_enter(out, "network_info");
    lnm_record_set_int(out, "maximum_network_interfaces", 2);
    lnm_record_set_int(out, "ipv4_addresses_per_interface", 2);
    lnm_record_set_bool(out, "ipv6_supported", true);
    lnm_record_setz(out, "ena_support", t->nitro ? "required" : "unsupported");
    lnm_record_close(out);
}

static void show_type(void *arg) {
    struct offer *o = arg;
    const struct type *t = o->type;
    struct lnm_record *out = &o->r->out;
    lnm_record_item(out);
    lnm_record_setz(out, "instance_type", t->name);
    lnm_record_set_bool(out, "current_generation", t->nitro);
    lnm_record_set_bool(out, "free_tier_eligible", t->free_tier);
    show_words(out, "supported_usage_classes", "on-demand", "spot");
    show_words(out, "supported_root_device_types", "ebs", NULL);
    show_words(out, "supported_virtualization_types", "hvm", NULL);
    show_words(out, "supported_boot_modes", "legacy-bios", t->nitro ? "uefi" : NULL);
    lnm_record_set_bool(out, "bare_metal", false);
    lnm_record_setz(out, "hypervisor", t->nitro ? "nitro" : "xen");
    lnm_record_set_bool(out, "instance_storage_supported", false);
    lnm_record_set_bool(out, "hibernation_supported", false);
    lnm_record_set_bool(out, "burstable_performance_supported", t->burstable);
    show_hardware(out, t);
    lnm_record_close(out);
}

static int check_types(struct lnm_cloud_request *r) {
    uint32_t list = lnm_record_find(&r->in, 0, "instance_types");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        size_t t = 0;
        while (t < TYPES && !lnm_str_is(lnm_record_str(&r->in, i), types[t].name)) {
            t++;
        }
        if (t == TYPES) {
            return lnm_cloud_raise(r, 400, "InvalidInstanceType",
                                   "The following supplied instance types do not exist: [%.60s]",
                                   lnm_record_str(&r->in, i).ptr);
        }
    }
    return 0;
}

static int describe_types(struct lnm_cloud_request *r) {
    struct lnm_cloud_page page;
    struct offer o = {.r = r};
    if (check_types(r) < 0 || lnm_page_begin(&page, r, "instance_types") < 0 ||
        lnm_filter_check(r, type_matches, &o) < 0) {
        return -1;
    }
    struct lnm_cloud_listing l = {
        .ids = "instance_types", .matches = type_matches, .show = show_type, .row = &o};
    bool more = true;
    lnm_record_enter(&r->out, "instance_types");
    for (size_t t = 0; t < TYPES && more; t++) {
        o.type = &types[t];
        more = strcmp(types[t].name, page.after) <= 0 || lnm_page_one(&page, r, types[t].name, &l);
    }
    lnm_record_close(&r->out);
    lnm_page_end(&page, r);
    return 0;
}

static int offer_matches(void *arg, const char *name, struct lnm_str pattern) {
    struct offer *o = arg;
    return strcmp(name, "instance-type") == 0
               ? word_matches(o->type != NULL ? o->type->name : "", pattern)
           : strcmp(name, "location") == 0
               ? word_matches(o->location != NULL ? o->location : "", pattern)
               : -1;
}

static void show_offer(void *arg) {
    struct offer *o = arg;
    struct lnm_record *out = &o->r->out;
    lnm_record_item(out);
    lnm_record_setz(out, "instance_type", o->type->name);
    lnm_record_setz(out, "location_type", o->kind);
    lnm_record_setz(out, "location", o->location);
    lnm_record_close(out);
}

/* Every type everywhere: what is offered in a location, as the page allows. */
static bool show_offers(struct offer *o, struct lnm_cloud_page *page, const char *location) {
    struct lnm_cloud_listing l = {
        .ids = "", .matches = offer_matches, .show = show_offer, .row = o};
    bool more = true;
    o->location = location;
    for (size_t t = 0; t < TYPES && more; t++) {
        char at[160];
        (void)snprintf(at, sizeof at, "%s %s", location, types[t].name);
        o->type = &types[t];
        more = strcmp(at, page->after) <= 0 || lnm_page_one(page, o->r, at, &l);
    }
    return more;
}

static int describe_offerings(struct lnm_cloud_request *r) {
    struct lnm_str kind = lnm_cloud_param(r, "location_type");
    bool zones = lnm_str_is(kind, "availability-zone"),
         ids = lnm_str_is(kind, "availability-zone-id");
    struct lnm_cloud_page page;
    struct offer o = {.r = r, .kind = kind.len > 0 ? kind.ptr : "region"};
    if (kind.len > 0 && !zones && !ids && !lnm_str_is(kind, "region")) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "Value (%.60s) for parameter locationType is invalid.", kind.ptr);
    }
    if (lnm_page_begin(&page, r, "") < 0 || lnm_filter_check(r, offer_matches, &o) < 0) {
        return -1;
    }
    lnm_record_enter(&r->out, "instance_type_offerings");
    bool more = zones || ids || show_offers(&o, &page, r->region);
    for (char letter = 'a'; more && (zones || ids) && letter <= 'c'; letter++) {
        char zone[80], id[32];
        (void)snprintf(zone, sizeof zone, "%s%c", r->region, letter);
        lnm_zone_id(id, zone);
        more = show_offers(&o, &page, ids ? id : zone);
    }
    lnm_record_close(&r->out);
    lnm_page_end(&page, r);
    return 0;
}

const struct lnm_cloud_action lnm_cloud_instance_types[] = {
    {"DescribeInstanceTypeOfferings", describe_offerings},
    {"DescribeInstanceTypes", describe_types},
    {NULL, NULL}};
