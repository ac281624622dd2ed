/* decode.c - DescribeImages answers into records: decode FILE REPS -> "SECONDS_PER_PARSE
 * PEAK_RSS_KB COUNT"; with a third argument also the record's bytes a byte of XML. */
#include "aws/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define CHUNK ((size_t)16 << 10)

static double now_s(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int parse(struct lnm_xml_reader *reader, const struct lnm_operation *op, const char *xml,
                 size_t len, struct lnm_record *record) {
    bool is_error;
    struct lnm_service_error e;
    struct lnm_str id;
    struct lnm_err err;
    int error = lnm_xml_reader_begin(reader, op, record, &err);
    for (size_t at = 0; error == 0 && at < len; at += CHUNK) {
        error = lnm_xml_reader_feed(reader, xml + at, len - at < CHUNK ? len - at : CHUNK, &err);
    }
    return error < 0 ? error : lnm_xml_reader_end(reader, &is_error, &e, &id, &err);
}

int main(int argc, char **argv) {
    FILE *f = argc > 2 ? fopen(argv[1], "rb") : NULL;
    if (f == NULL) {
        (void)fprintf(stderr, "usage: decode FILE REPS [x]\n");
        return 2;
    }
    (void)fseek(f, 0, SEEK_END);
    size_t len = (size_t)ftell(f);
    rewind(f);
    char *xml = malloc(len);
    if (xml == NULL || fread(xml, 1, len, f) != len) {
        return 1;
    }
    (void)fclose(f);
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("DescribeImages"));
    struct lnm_xml_reader *reader;
    struct lnm_record record = {0};
    struct lnm_err err;
    double best = 1e9;
    size_t bytes = 0, count = 0;
    if (lnm_xml_reader_new(&reader, NULL, &err) < 0) {
        return 1;
    }
    for (long rep = strtol(argv[2], NULL, 10); rep > 0; rep--) {
        double start = now_s();
        if (parse(reader, op, xml, len, &record) < 0) {
            return 1;
        }
        double took = now_s() - start;
        best = took < best ? took : best;
        bytes = record.count * sizeof *record.nodes + record.text_len;
        count = record.nodes[lnm_record_find(&record, 0, "images")].len;
        lnm_record_free(&record);
    }
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf("%.9f %ld %zu", best, usage.ru_maxrss, count);
    if (argc > 3) {
        (void)printf(" %.3f", (double)bytes / (double)len);
    }
    (void)printf("\n");
    lnm_xml_reader_free(reader);
    free(xml);
    return 0;
}
