/* xml_read.c - an XML answer as a record, streamed: libxml2's SAX parser drives a stack of types.
 *
 * Element names come from the parser's dictionary, so one pointer stands for one name: which member
 * it is in which struct is looked up once and then remembered by the two pointers. The SAX1
 * interface is the one that resolves no namespaces: no answer needs them, and they cost an eighth
 * of the parsing. */
#include "aws/xml.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#define CACHE_SIZE 512
#define SPREAD UINT64_C(0x9e3779b97f4a7c15)
#define BYTES_A_NODE 40 /* of an answer: tags, name and value */
#define DEPTH_MAX 64

enum mode { PLACE_NONE, PLACE_WRAPPER, PLACE_STRUCT, PLACE_LIST, PLACE_SCALAR, PLACE_SKIP };

struct frame {
    enum mode mode;
    const struct lnm_member *member; /* what this element is; NULL: nothing of the record */
    const struct lnm_type *type;     /* of struct and list places */
    const struct lnm_member *flat;   /* struct places: a flattened list that is open in it */
};

struct cache_entry {
    const struct lnm_type *type;
    const xmlChar *name;
    const struct lnm_member *member;
};

struct lnm_xml_reader {
    xmlParserCtxtPtr parser;
    struct lnm_xml_limits limits;
    const struct lnm_operation *op;
    struct lnm_record *record;
    struct frame stack[DEPTH_MAX + 1];
    unsigned depth;
    size_t bytes, nodes;
    enum { NO_TEXT, FIRST_TEXT, MORE_TEXT } scalar; /* the record's, whose element is open */
    struct lnm_buf text;                            /* of what goes to error_field */
    bool error_document, saw_root;
    char *error_field; /* where the text of an error document's element goes */
    size_t error_field_size;
    struct lnm_service_error error;
    char request_id[80];
    char result_name[96]; /* "AssumeRoleResult" */
    struct cache_entry cache[CACHE_SIZE];
    int failed;
    struct lnm_err err;
};

static void stop(struct lnm_xml_reader *r, int code, const char *why) {
    if (r->failed == 0) {
        r->failed = lnm_fail(&r->err, code, code == LNM_ELIMIT ? "TooLarge" : "UnreadableAnswer",
                             "the answer of %s %s", r->op->name, why);
        xmlStopParser(r->parser);
    }
}

/* Pairs of places: a newcomer moves the other one of its pair aside. */
static const struct lnm_member *member_of(struct lnm_xml_reader *r, const struct lnm_type *type,
                                          const xmlChar *name) {
    uint64_t mix = ((uint64_t)(uintptr_t)type * 31 + (uint64_t)(uintptr_t)name) * SPREAD;
    struct cache_entry *first = &r->cache[mix >> 32 & (CACHE_SIZE - 2)], *e = first;
    if (e->type != type || e->name != name) {
        e++;
    }
    if (e->type != type || e->name != name) {
        *e = *first;
        e = first;
        *e = (struct cache_entry){type, name, lnm_type_wire(type, lnm_str_z((const char *)name))};
    }
    return e->member;
}

/* A new place for a child that is `m`, opened in the record when it is a container. */
static void enter(struct lnm_xml_reader *r, struct frame *f, const struct lnm_member *m) {
    f->member = m;
    f->type = m->type;
    if (m->type->kind == LNM_STRUCT) {
        f->mode = PLACE_STRUCT;
        lnm_record_open(r->record, m);
    } else if (m->type->kind == LNM_LIST) {
        f->mode = PLACE_LIST;
        lnm_record_open(r->record, m);
    } else {
        f->mode = m->type->kind == LNM_MAP ? PLACE_SKIP : PLACE_SCALAR;
        r->scalar = f->mode == PLACE_SCALAR ? FIRST_TEXT : NO_TEXT;
    }
}

static void close_flat(struct lnm_xml_reader *r, struct frame *f) {
    if (f->flat != NULL) {
        lnm_record_close(r->record);
        f->flat = NULL;
    }
}

static void child_of_struct(struct lnm_xml_reader *r, struct frame *parent, struct frame *f,
                            const xmlChar *name) {
    const struct lnm_member *m = member_of(r, parent->type, name);
    if (parent->flat != NULL && parent->flat != m) {
        close_flat(r, parent);
    }
    if (m == NULL) {
        f->mode = PLACE_SKIP;
        return;
    }
    if (m->type->kind == LNM_LIST && (m->flags & LNM_FLATTENED) != 0) {
        if (parent->flat == NULL) {
            lnm_record_open(r->record, m);
            parent->flat = m;
        }
        m = m->type->item;
    }
    enter(r, f, m);
}

static void field(struct lnm_xml_reader *r, char *to, size_t size) {
    r->error_field = to;
    r->error_field_size = size;
    lnm_buf_reset(&r->text);
}

/* An error document has few names, the same in both protocols wherever they stand. */
static void error_element(struct lnm_xml_reader *r, const char *name) {
    if (strcmp(name, "Code") == 0) {
        field(r, r->error.code, sizeof r->error.code);
    } else if (strcmp(name, "Message") == 0) {
        field(r, r->error.message, sizeof r->error.message);
    } else if (strcmp(name, "RequestID") == 0 || strcmp(name, "RequestId") == 0) {
        field(r, r->request_id, sizeof r->request_id);
    }
}

/* <OpResponse>: a proxy's page is no answer, nor is that to another request. */
static bool answers(const struct lnm_operation *op, const char *name) {
    size_t len = strlen(op->name);
    return strncmp(name, op->name, len) == 0 && strcmp(name + len, "Response") == 0;
}

static void root_element(struct lnm_xml_reader *r, struct frame *f, const char *name) {
    r->saw_root = true;
    r->error_document = strcmp(name, "Response") == 0 || strcmp(name, "ErrorResponse") == 0 ||
                        strcmp(name, "Error") == 0;
    if (r->error_document) {
        f->mode = PLACE_NONE;
    } else if (!answers(r->op, name)) {
        stop(r, LNM_EPARSE, "is not one to this request");
    } else if (r->op->service->protocol == LNM_PROTOCOL_QUERY) {
        f->mode = PLACE_WRAPPER;
    } else {
        *f = (struct frame){.mode = PLACE_STRUCT, .type = r->op->output};
    }
}

static bool is_request_id(const char *name) {
    return strcmp(name, "requestId") == 0 || strcmp(name, "RequestId") == 0 ||
           strcmp(name, "RequestID") == 0;
}

/* Below <OpResponse> of the query protocol: the result's struct, or <ResponseMetadata>. */
static void wrapper_child(struct lnm_xml_reader *r, struct frame *f, const char *name) {
    if (strcmp(name, r->result_name) == 0) {
        *f = (struct frame){.mode = PLACE_STRUCT, .type = r->op->output};
    } else if (is_request_id(name)) {
        f->mode = PLACE_SKIP;
        field(r, r->request_id, sizeof r->request_id);
    } else {
        f->mode = strcmp(name, "ResponseMetadata") == 0 ? PLACE_WRAPPER : PLACE_SKIP;
    }
}

static void place(struct lnm_xml_reader *r, struct frame *f, const xmlChar *name) {
    struct frame *parent = &r->stack[r->depth - 1];
    const char *z = (const char *)name;
    if (r->depth == 1) {
        root_element(r, f, z);
    } else if (r->error_document) {
        f->mode = PLACE_NONE;
        error_element(r, z);
    } else if (parent->mode == PLACE_WRAPPER) {
        wrapper_child(r, f, z);
    } else if (parent->mode == PLACE_STRUCT && r->depth == 2 && is_request_id(z)) {
        f->mode = PLACE_SKIP;
        field(r, r->request_id, sizeof r->request_id);
    } else if (parent->mode == PLACE_STRUCT) {
        child_of_struct(r, parent, f, name);
    } else if (parent->mode == PLACE_LIST) {
        enter(r, f, parent->type->item);
    } else {
        f->mode = PLACE_SKIP;
    }
}

static void on_start(void *arg, const xmlChar *name, const xmlChar **attributes) {
    struct lnm_xml_reader *r = arg;
    (void)attributes;
    if (r->failed != 0) {
        return;
    }
    if (++r->nodes > r->limits.nodes) {
        stop(r, LNM_ELIMIT, "has too many elements");
        return;
    }
    if (r->depth >= r->limits.depth) {
        stop(r, LNM_ELIMIT, "is nested too deep");
        return;
    }
    r->scalar = NO_TEXT;
    r->error_field = NULL;
    struct frame *f = &r->stack[++r->depth];
    *f = (struct frame){.mode = PLACE_SKIP};
    place(r, f, name);
}

static void keep_field(struct lnm_xml_reader *r) {
    lnm_str_copy(r->error_field, r->error_field_size, lnm_buf_str(&r->text));
    r->error_field = NULL;
}

static void on_end(void *arg, const xmlChar *name) {
    struct lnm_xml_reader *r = arg;
    (void)name;
    if (r->failed != 0 || r->depth == 0) {
        return;
    }
    struct frame *f = &r->stack[r->depth--];
    if (r->error_field != NULL) {
        keep_field(r);
    } else if (f->mode == PLACE_SCALAR && r->scalar != MORE_TEXT) { /* an empty one */
        lnm_record_text(r->record, f->member, LNM_STR_NONE);
    } else if (f->mode == PLACE_STRUCT || f->mode == PLACE_LIST) {
        close_flat(r, f);
        if (f->member != NULL) {
            lnm_record_close(r->record);
        }
    }
    r->scalar = NO_TEXT;
    if (r->record->failed != 0) {
        stop(r, r->record->failed, "does not fit into memory's limit");
    }
}

/* Most texts come as one piece. */
static size_t take_scalar(struct lnm_xml_reader *r, struct lnm_str piece) {
    struct lnm_record *record = r->record;
    if (r->scalar == FIRST_TEXT) {
        lnm_record_text(record, r->stack[r->depth].member, piece);
        r->scalar = MORE_TEXT;
    } else {
        lnm_record_more(record, piece);
    }
    return record->failed == 0 ? record->nodes[record->count - 1].len : 0;
}

static void on_text(void *arg, const xmlChar *bytes, int len) {
    struct lnm_xml_reader *r = arg;
    struct lnm_str piece = {(const char *)bytes, (size_t)len};
    size_t long_ = 0;
    if (r->failed != 0) {
        return;
    }
    if (r->scalar != NO_TEXT) {
        long_ = take_scalar(r, piece);
    } else if (r->error_field != NULL) {
        lnm_buf_adds(&r->text, piece);
    }
    if (long_ > r->limits.text || r->text.failed != 0) {
        stop(r, r->text.failed != 0 ? r->text.failed : LNM_ELIMIT,
             "holds a value that is too long");
    }
}

static void on_dtd(void *arg, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
    (void)name, (void)external, (void)system;
    stop(arg, LNM_EPARSE, "carries a document type definition, which no answer may");
}

static void on_entity(void *arg, const xmlChar *name, int type, const xmlChar *public_id,
                      const xmlChar *system_id, xmlChar *content) {
    (void)name, (void)type, (void)public_id, (void)system_id, (void)content;
    stop(arg, LNM_EPARSE, "declares an entity, which no answer may");
}

static int make_parser(struct lnm_xml_reader *r) {
    xmlSAXHandler sax;
    memset(&sax, 0, sizeof sax);
    sax.initialized = 1; /* not XML_SAX2_MAGIC */
    sax.startElement = on_start;
    sax.endElement = on_end;
    sax.characters = on_text;
    sax.ignorableWhitespace = on_text; /* the same: it is not asked whether it can be ignored */
    sax.cdataBlock = on_text;
    sax.internalSubset = on_dtd;
    sax.externalSubset = on_dtd;
    sax.entityDecl = on_entity;
    r->parser = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
    if (r->parser == NULL) {
        return LNM_ENOMEM;
    }
    (void)xmlCtxtUseOptions(r->parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    return 0;
}

static size_t or_default(size_t given, size_t fallback) {
    return given != 0 ? given : fallback;
}

int lnm_xml_reader_new(struct lnm_xml_reader **out, const struct lnm_xml_limits *limits,
                       struct lnm_err *err) {
    struct lnm_xml_limits given = limits != NULL ? *limits : (struct lnm_xml_limits){0};
    struct lnm_xml_reader *r = calloc(1, sizeof *r);
    if (r == NULL) {
        return lnm_fail_nomem(err);
    }
    r->limits.bytes = or_default(given.bytes, (size_t)256 << 20);
    r->limits.nodes = or_default(given.nodes, 8000000);
    r->limits.text = or_default(given.text, (size_t)1 << 20);
    r->limits.depth = given.depth != 0 && given.depth < DEPTH_MAX ? given.depth : DEPTH_MAX;
    lnm_buf_init(&r->text, r->limits.text);
    if (make_parser(r) < 0) {
        lnm_xml_reader_free(r);
        return lnm_fail_nomem(err);
    }
    *out = r;
    return 0;
}

void lnm_xml_reader_free(struct lnm_xml_reader *r) {
    if (r != NULL) {
        xmlFreeParserCtxt(r->parser);
        lnm_buf_free(&r->text);
        free(r);
    }
}

/* Room for the answer at once when its length is known: no text of a document is longer than it,
 * and few take a third of it. */
static int begin_record(struct lnm_record *record, const struct lnm_operation *op, size_t len,
                        size_t max_bytes, struct lnm_err *err) {
    bool keys = (op->flags & LNM_TELLS_KEYS) != 0; /* then growing may leave no copies */
    *record = (struct lnm_record){.max_bytes = max_bytes};
    if (len > 0 && len <= max_bytes) {
        lnm_record_reserve(record, len / BYTES_A_NODE, keys ? len : len / 3);
    }
    if (record->failed == 0) {
        (void)lnm_record_begin(record, op->output, max_bytes);
    }
    return lnm_record_check(record, err);
}

/* `len` bytes come, if it is not 0. */
static int forget_last(struct lnm_xml_reader *r, const struct lnm_operation *op,
                       struct lnm_record *record, size_t len, struct lnm_err *err) {
    r->op = op;
    r->record = record;
    r->depth = 0;
    r->bytes = r->nodes = 0;
    r->scalar = NO_TEXT;
    r->error_document = r->saw_root = false;
    r->error_field = NULL;
    memset(&r->error, 0, sizeof r->error);
    r->request_id[0] = '\0';
    r->failed = 0;
    lnm_buf_reset(&r->text);
    if (op->service->protocol == LNM_PROTOCOL_QUERY) {
        (void)snprintf(r->result_name, sizeof r->result_name, "%sResult", op->name);
    }
    return begin_record(record, op, len, r->limits.bytes, err);
}

int lnm_xml_reader_begin(struct lnm_xml_reader *r, const struct lnm_operation *op,
                         struct lnm_record *record, struct lnm_err *err) {
    int error = forget_last(r, op, record, 0, err);
    return error < 0 || xmlCtxtResetPush(r->parser, NULL, 0, NULL, NULL) == 0 ? error
                                                                              : lnm_fail_nomem(err);
}

int lnm_xml_reader_feed(struct lnm_xml_reader *r, const char *bytes, size_t len,
                        struct lnm_err *err) {
    r->bytes += len;
    if (r->bytes > r->limits.bytes || len > INT_MAX) {
        stop(r, LNM_ELIMIT, "is too large");
    }
    if (r->failed == 0 && len > 0 && xmlParseChunk(r->parser, bytes, (int)len, 0) != 0) {
        stop(r, LNM_EPARSE, "is not well-formed XML");
    }
    if (r->failed != 0 && err != NULL) {
        *err = r->err;
    }
    return r->failed;
}

/* The whole document has been parsed, well or not. */
static int conclude(struct lnm_xml_reader *r, bool well, bool *is_error,
                    struct lnm_service_error *e, struct lnm_str *request_id, struct lnm_err *err) {
    if (r->failed == 0 && (!well || !r->saw_root || r->depth != 0)) {
        stop(r, LNM_EPARSE, "ends too early or is not well-formed XML");
    }
    if (r->failed != 0) {
        if (err != NULL) {
            *err = r->err;
        }
        return r->failed;
    }
    lnm_record_close(r->record);
    *is_error = r->error_document;
    *request_id = lnm_str_z(r->request_id);
    if (r->error_document) {
        *e = r->error;
        (void)snprintf(e->request_id, sizeof e->request_id, "%s", r->request_id);
    }
    return lnm_record_check(r->record, err);
}

int lnm_xml_reader_end(struct lnm_xml_reader *r, bool *is_error, struct lnm_service_error *e,
                       struct lnm_str *request_id, struct lnm_err *err) {
    bool well = r->failed == 0 && xmlParseChunk(r->parser, "", 0, 1) == 0;
    return conclude(r, well, is_error, e, request_id, err);
}

/* libxml2 reads where the bytes are: an input without a buffer of its own. */
static bool parse_in_place(struct lnm_xml_reader *r, const char *text) {
    xmlCtxtReset(r->parser);
    xmlParserInputPtr input = xmlNewStringInputStream(r->parser, (const xmlChar *)text);
    bool well =
        input != NULL && inputPush(r->parser, input) >= 0 && xmlParseDocument(r->parser) == 0;
    xmlCtxtReset(r->parser); /* the bytes are the caller's again */
    return well;
}

int lnm_xml_reader_whole(struct lnm_xml_reader *r, const struct lnm_operation *op,
                         struct lnm_record *record, struct lnm_str text, bool *is_error,
                         struct lnm_service_error *e, struct lnm_str *request_id,
                         struct lnm_err *err) {
    int error = forget_last(r, op, record, text.len, err);
    if (error < 0) {
        return error;
    }
    if (text.len > r->limits.bytes || text.len > INT_MAX) {
        stop(r, LNM_ELIMIT, "is too large");
    }
    bool well =
        r->failed == 0 && memchr(text.ptr, '\0', text.len) == NULL && parse_in_place(r, text.ptr);
    return conclude(r, well, is_error, e, request_id, err);
}
