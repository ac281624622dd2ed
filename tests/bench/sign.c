/* sign.c - signatures a second with a cached day key: sign N BODYFILE -> "SIGS_PER_S
 * AUTHORIZATION". */
#include "aws/sigv4.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_s(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    static char body[1 << 16];
    FILE *f = argc > 2 ? fopen(argv[2], "rb") : NULL;
    if (f == NULL) {
        (void)fprintf(stderr, "usage: sign N BODYFILE\n");
        return 2;
    }
    struct lnm_str form = {body, fread(body, 1, sizeof body, f)};
    (void)fclose(f);
    long n = strtol(argv[1], NULL, 10);
    char hash[65];
    struct lnm_signing_key key;
    struct lnm_buf out = {0}, scratch = {0};
    struct lnm_err err;
    struct lnm_header headers[] = {
        {LNM_STR("Content-Type"), LNM_STR("application/x-www-form-urlencoded; charset=utf-8")},
        {LNM_STR("Host"), LNM_STR("ec2.us-east-1.amazonaws.com")},
        {LNM_STR("X-Amz-Date"), LNM_STR("20260801T120000Z")}};
    struct lnm_signing_params p = {.method = LNM_STR("POST"),
                                   .path = LNM_STR("/"),
                                   .headers = headers,
                                   .header_count = 3,
                                   .payload_hash = {hash, 64},
                                   .region = LNM_STR("us-east-1"),
                                   .service = LNM_STR("ec2"),
                                   .amz_date = "20260801T120000Z"};
    lnm_sigv4_signing_key(&key, LNM_STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), "20260801",
                          p.region, p.service);
    double start = now_s();
    for (long i = 0; i < n; i++) {
        lnm_buf_reset(&out);
        lnm_sigv4_hash(hash, form);
        if (lnm_sigv4_authorization(&out, &scratch, &p, LNM_STR("AKIDEXAMPLE"), &key, &err) < 0) {
            return 1;
        }
    }
    (void)printf("%.0f %s\n", (double)n / (now_s() - start), lnm_buf_str(&out).ptr);
    lnm_buf_free(&out);
    lnm_buf_free(&scratch);
    return 0;
}
