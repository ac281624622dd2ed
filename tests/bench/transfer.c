/* transfer.c - blocks of a disk image over HTTP: lunami's upload and download, and plain libcurl
 * moving the same bytes with the same checksums.
 *
 *     transfer serve BLOCKS                       a server of blocks: prints its URL
 *     transfer (lunami|curl) (up|down) URL FILE BLOCKS   -> "BYTES_PER_SECOND PEAK_KB"
 */
#include "aws/sigv4_hash.h"
#include "base/text.h"
#include "client/disk.h"
#include "client/transfer.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PARALLEL 16

static void die(const char *what) {
    (void)fprintf(stderr, "transfer: %s\n", what);
    exit(1);
}

static void digest_text(char out[48], const char *bytes) {
    unsigned char digest[32];
    struct lnm_buf b = {0};
    lnm_sha256(digest, (struct lnm_str){bytes, LNM_BLOCK_BYTES});
    lnm_text_base64(&b, digest, 32);
    (void)snprintf(out, 48, "%s", lnm_buf_str(&b).ptr);
    lnm_buf_free(&b);
}

/* ---- the server: takes what comes, and gives the same block for each
 * -----------------------------
 */
static struct {
    int blocks;
    char block[LNM_BLOCK_BYTES], digest[48];
    struct lnm_buf list;
} server;

static enum MHD_Result reply(struct MHD_Connection *c, unsigned status, struct lnm_str body,
                             const char *digest) {
    struct MHD_Response *r = MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.ptr,
                                                             MHD_RESPMEM_PERSISTENT);
    if (digest != NULL) {
        (void)MHD_add_response_header(r, "x-amz-Checksum", digest);
    }
    enum MHD_Result result = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return result;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *len, void **state) {
    static int begun;
    (void)arg, (void)version, (void)data;
    if (*state == NULL) {
        *state = &begun;
        return MHD_YES;
    }
    if (*len > 0) {
        *len = 0;
        return MHD_YES;
    }
    if (strcmp(method, "PUT") == 0) {
        return reply(c, 201, LNM_STR(""),
                     MHD_lookup_connection_value(c, MHD_HEADER_KIND, "x-amz-Checksum"));
    }
    if (strstr(url, "/blocks/") != NULL) {
        return reply(c, 200, (struct lnm_str){server.block, LNM_BLOCK_BYTES}, server.digest);
    }
    return reply(c, 200, lnm_buf_str(&server.list), NULL);
}

static int serve(int blocks) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (size_t i = 0; i < LNM_BLOCK_BYTES; i++) {
        server.block[i] = (char)(i * 2654435761u >> 13);
    }
    digest_text(server.digest, server.block);
    lnm_buf_addf(&server.list, "{\"BlockSize\":%d,\"VolumeSize\":%d,\"Blocks\":[", LNM_BLOCK_BYTES,
                 blocks / 2048 + 1);
    for (int i = 0; i < blocks; i++) {
        lnm_buf_addf(&server.list, "%s{\"BlockIndex\":%d,\"BlockToken\":\"AAAA\"}",
                     i > 0 ? "," : "", i);
    }
    lnm_buf_addz(&server.list, "]}");
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, NULL, MHD_OPTION_SOCK_ADDR, &at,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)256 << 10, MHD_OPTION_END);
    if (d == NULL) {
        die("cannot listen");
    }
    (void)printf("http://127.0.0.1:%d\n", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
    (void)fflush(stdout);
    (void)pause();
    return 0;
}

/* ---- lunami -------------------------------------------------------------------------------------
 */
static bool over;

static void on_done(void *arg, struct lnm_transfer *t) {
    (void)arg, (void)t;
    over = true;
}

static int64_t lunami(bool up, const char *url, const char *file) {
    struct lnm_loop *loop;
    struct lnm_session *session;
    struct lnm_transfer *t;
    struct lnm_transfer_progress p;
    struct lnm_err err = {0};
    struct lnm_session_options so = {.region = "us-east-1",
                                     .endpoint_url = url,
                                     .access_key_id = "AKIDEXAMPLE",
                                     .secret_access_key = "secret"};
    char journal[300];
    (void)snprintf(journal, sizeof journal, "%s.journal", file);
    struct lnm_transfer_options o = {.file = file,
                                     .snapshot_id = "snap-1",
                                     .journal = journal,
                                     .name = "bench",
                                     .parallel = PARALLEL};
    if (lnm_loop_new(&loop, &err) < 0 || lnm_session_new(&session, loop, &so, &err) < 0 ||
        (up ? lnm_upload_start : lnm_download_start)(&t, session, &o, on_done, NULL, &err) < 0) {
        die(err.message);
    }
    while (!over) {
        (void)lnm_loop_step(loop, -1, &err);
    }
    if (lnm_transfer_result(t, &err) < 0) {
        die(err.message);
    }
    lnm_transfer_progress(&p, t);
    lnm_transfer_free(t);
    lnm_session_unref(session);
    lnm_loop_free(loop);
    return p.blocks * LNM_BLOCK_BYTES;
}

/* ---- plain libcurl
 * --------------------------------------------------------------------------------
 */
struct work {
    CURL *easy;
    struct curl_slist *headers;
    char *data, url[200], told[64];
    size_t got;
    int64_t block;
};

static size_t on_body(char *bytes, size_t size, size_t count, void *arg) {
    struct work *w = arg;
    size_t n = size * count;
    if (w->got + n <= LNM_BLOCK_BYTES) {
        memcpy(w->data + w->got, bytes, n);
    }
    w->got += n;
    return n;
}

static void begin(struct work *w, CURLM *multi, bool up, const char *url, int fd, int64_t block) {
    char digest[48], line[80];
    curl_easy_reset(w->easy);
    curl_slist_free_all(w->headers);
    w->headers = NULL;
    w->block = block;
    w->got = 0;
    (void)snprintf(w->url, sizeof w->url, "%s/snapshots/snap-1/blocks/%lld", url, (long long)block);
    (void)curl_easy_setopt(w->easy, CURLOPT_URL, w->url);
    (void)curl_easy_setopt(w->easy, CURLOPT_PRIVATE, w);
    (void)curl_easy_setopt(w->easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(w->easy, CURLOPT_WRITEDATA, w);
    (void)curl_easy_setopt(w->easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(w->easy, CURLOPT_BUFFERSIZE, 128L << 10);
    if (up) {
        if (pread(fd, w->data, LNM_BLOCK_BYTES, block * LNM_BLOCK_BYTES) != LNM_BLOCK_BYTES) {
            die("short read");
        }
        digest_text(digest, w->data);
        (void)snprintf(line, sizeof line, "x-amz-Checksum: %s", digest);
        w->headers = curl_slist_append(NULL, line);
        w->headers = curl_slist_append(w->headers, "Expect:");
        (void)curl_easy_setopt(w->easy, CURLOPT_HTTPHEADER, w->headers);
        (void)curl_easy_setopt(w->easy, CURLOPT_CUSTOMREQUEST, "PUT");
        (void)curl_easy_setopt(w->easy, CURLOPT_POSTFIELDSIZE, (long)LNM_BLOCK_BYTES);
        (void)curl_easy_setopt(w->easy, CURLOPT_POSTFIELDS, w->data);
        (void)curl_easy_setopt(w->easy, CURLOPT_UPLOAD_BUFFERSIZE, 128L << 10);
    }
    (void)curl_multi_add_handle(multi, w->easy);
}

static void take(const struct work *w, int fd) {
    char digest[48];
    struct curl_header *h;
    digest_text(digest, w->data);
    if (w->got != LNM_BLOCK_BYTES ||
        curl_easy_header(w->easy, "x-amz-Checksum", 0, CURLH_HEADER, -1, &h) != CURLHE_OK ||
        strcmp(h->value, digest) != 0 ||
        pwrite(fd, w->data, LNM_BLOCK_BYTES, w->block * LNM_BLOCK_BYTES) != LNM_BLOCK_BYTES) {
        die("a block came damaged");
    }
}

static int64_t plain(bool up, const char *url, const char *file, int64_t blocks) {
    static struct work works[PARALLEL];
    CURLM *multi = curl_multi_init();
    int fd = open(file, up ? O_RDONLY : O_RDWR | O_CREAT | O_TRUNC, 0600);
    int64_t next = 0, done = 0;
    if (fd < 0) {
        die(file);
    }
    for (int i = 0; i < PARALLEL && next < blocks; i++) {
        works[i].easy = curl_easy_init();
        works[i].data = malloc(LNM_BLOCK_BYTES);
        begin(&works[i], multi, up, url, fd, next++);
    }
    while (done < blocks) {
        int running, left;
        CURLMsg *m;
        (void)curl_multi_perform(multi, &running);
        while ((m = curl_multi_info_read(multi, &left)) != NULL) {
            struct work *w;
            (void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &w);
            if (m->data.result != CURLE_OK) {
                die(curl_easy_strerror(m->data.result));
            }
            if (!up) {
                take(w, fd);
            }
            done++;
            (void)curl_multi_remove_handle(multi, w->easy);
            if (next < blocks) {
                begin(w, multi, up, url, fd, next++);
            }
        }
        (void)curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    if (!up) {
        (void)fsync(fd);
    }
    (void)close(fd);
    return blocks * LNM_BLOCK_BYTES;
}

static double now_s(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "serve") == 0) {
        return serve(atoi(argv[2]));
    }
    if (argc != 6) {
        die("usage: transfer serve BLOCKS | transfer (lunami|curl) (up|down) URL FILE BLOCKS");
    }
    bool up = strcmp(argv[2], "up") == 0;
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    double start = now_s();
    int64_t bytes = strcmp(argv[1], "lunami") == 0 ? lunami(up, argv[3], argv[4])
                                                   : plain(up, argv[3], argv[4], atoll(argv[5]));
    double took = now_s() - start;
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf("%.0f %ld\n", (double)bytes / took, usage.ru_maxrss);
    return 0;
}
