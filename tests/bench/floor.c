/* floor.c - the least that a durable server in C can do: libmicrohttpd, SQLite, nothing between.
 *
 * floor PORT FILE. A POST whose body begins with "Action=Describe" reads one row by its key; any
 * other adds one row. Rows that come together are committed together (WAL, synchronous=FULL) by a
 * thread of their own, and answered when they are durable. No signature, no parsing. */
#include <microhttpd.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct post {
    char body[2048];
    size_t len;
    enum { READING, WAITING, DURABLE } stage;
    long long row;
    struct MHD_Connection *connection;
    struct post *next;
};

static sqlite3 *db;
static sqlite3_stmt *begin, *commit, *add, *get;
static long long rows = 1;
static struct post *waiting;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t some = PTHREAD_COND_INITIALIZER;

static void run(sqlite3_stmt *s) {
    while (sqlite3_step(s) == SQLITE_ROW) {
    }
    (void)sqlite3_reset(s);
}

static void insert(struct post *p) {
    p->row = ++rows;
    (void)sqlite3_bind_int64(add, 1, p->row);
    (void)sqlite3_bind_text(add, 2, p->body, (int)p->len, SQLITE_STATIC);
    run(add);
}

static void *committer(void *arg) {
    for (;;) {
        (void)pthread_mutex_lock(&lock);
        while (waiting == NULL) {
            (void)pthread_cond_wait(&some, &lock);
        }
        struct post *batch = waiting;
        waiting = NULL;
        (void)pthread_mutex_unlock(&lock);
        run(begin);
        for (struct post *p = batch; p != NULL; p = p->next) {
            insert(p);
        }
        run(commit);
        while (batch != NULL) {
            struct post *p = batch;
            batch = p->next;
            p->stage = DURABLE;
            MHD_resume_connection(p->connection);
        }
    }
    return arg;
}

static void wait_for_commit(struct post *p, struct MHD_Connection *connection) {
    p->connection = connection;
    p->stage = WAITING;
    MHD_suspend_connection(connection);
    (void)pthread_mutex_lock(&lock);
    p->next = waiting;
    waiting = p;
    (void)pthread_cond_signal(&some);
    (void)pthread_mutex_unlock(&lock);
}

static enum MHD_Result answer(struct MHD_Connection *connection, long long row) {
    char text[256];
    int len =
        snprintf(text, sizeof text,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Answer><requestId>1</requestId>"
                 "<volumeId>vol-%017llx</volumeId><size>8</size></Answer>",
                 row);
    struct MHD_Response *r =
        MHD_create_response_from_buffer((size_t)len, text, MHD_RESPMEM_MUST_COPY);
    (void)MHD_add_response_header(r, "Content-Type", "text/xml;charset=UTF-8");
    enum MHD_Result queued = MHD_queue_response(connection, 200, r);
    MHD_destroy_response(r);
    return queued;
}

static long long read_row(void) {
    (void)sqlite3_bind_int64(get, 1, 1 + rand() % rows);
    long long row = sqlite3_step(get) == SQLITE_ROW ? sqlite3_column_int64(get, 0) : 0;
    (void)sqlite3_reset(get);
    return row;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state) {
    struct post *p = *state;
    (void)arg, (void)url, (void)method, (void)version;
    if (p == NULL) {
        *state = calloc(1, sizeof *p);
        return *state != NULL ? MHD_YES : MHD_NO;
    }
    if (*size > 0) {
        size_t fits = sizeof p->body - p->len < *size ? sizeof p->body - p->len : *size;
        memcpy(p->body + p->len, data, fits);
        p->len += fits;
        *size = 0;
        return MHD_YES;
    }
    if (p->stage == READING && strncmp(p->body, "Action=Describe", 15) == 0) {
        return answer(connection, read_row());
    }
    if (p->stage == READING) {
        wait_for_commit(p, connection);
    }
    return p->stage == DURABLE ? answer(connection, p->row) : MHD_YES;
}

static void on_end(void *arg, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode how) {
    (void)arg, (void)connection, (void)how;
    free(*state);
    *state = NULL;
}

static int open_database(const char *path) {
    int failed = sqlite3_open(path, &db) ||
                 sqlite3_exec(db,
                              "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE"
                              " v(id INTEGER PRIMARY KEY, form TEXT); INSERT INTO v VALUES(1, '')",
                              NULL, NULL, NULL);
    return failed || sqlite3_prepare_v2(db, "BEGIN", -1, &begin, NULL) ||
           sqlite3_prepare_v2(db, "COMMIT", -1, &commit, NULL) ||
           sqlite3_prepare_v2(db, "INSERT INTO v VALUES(?1, ?2)", -1, &add, NULL) ||
           sqlite3_prepare_v2(db, "SELECT id, form FROM v WHERE id = ?1", -1, &get, NULL);
}

int main(int argc, char **argv) {
    pthread_t thread;
    if (argc != 3 || open_database(argv[2]) != 0 ||
        pthread_create(&thread, NULL, committer, NULL) != 0 ||
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME,
                         (uint16_t)atoi(argv[1]), NULL, NULL, on_request, NULL,
                         MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_END) == NULL) {
        (void)fprintf(stderr, "usage: floor PORT FILE: a free port, a new file\n");
        return 1;
    }
    for (;;) {
        (void)pause();
    }
}
