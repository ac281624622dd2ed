/* xml_place.c - where an element of an answer stands: a stack of types beside libxml2's own.
 *
 * Element names come from the parser's dictionary, so one pointer stands for one name: which member
 * it is in which struct is looked up once and then remembered by the two pointers. */
#include "aws/xml_reader.h"

#define SPREAD UINT64_C(0x9e3779b97f4a7c15)

void lnm_xml__stop(struct lnm_xml_reader *r, int code, const char *why) {
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
    struct lnm_xml_member *first = &r->cache[mix >> 32 & (LNM_XML_CACHE - 2)], *e = first;
    if (e->type != type || e->name != name) {
        e++;
    }
    if (e->type != type || e->name != name) {
        *e = *first;
        e = first;
        *e =
            (struct lnm_xml_member){type, name, lnm_type_wire(type, lnm_str_z((const char *)name))};
    }
    return e->member;
}

/* A new place for a child that is `m`, opened in the record when it is a container. */
static void enter(struct lnm_xml_reader *r, struct lnm_xml_frame *f, const struct lnm_member *m) {
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

static void close_flat(struct lnm_xml_reader *r, struct lnm_xml_frame *f) {
    if (f->flat != NULL) {
        lnm_record_close(r->record);
        f->flat = NULL;
    }
}

static void child_of_struct(struct lnm_xml_reader *r, struct lnm_xml_frame *parent,
                            struct lnm_xml_frame *f, const xmlChar *name) {
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

static void root_element(struct lnm_xml_reader *r, struct lnm_xml_frame *f, const char *name) {
    r->saw_root = true;
    r->error_document = strcmp(name, "Response") == 0 || strcmp(name, "ErrorResponse") == 0 ||
                        strcmp(name, "Error") == 0;
    if (r->error_document) {
        f->mode = PLACE_NONE;
    } else if (!answers(r->op, name)) {
        lnm_xml__stop(r, LNM_EPARSE, "is not one to this request");
    } else if (r->op->service->protocol == LNM_PROTOCOL_QUERY) {
        f->mode = PLACE_WRAPPER;
    } else {
        *f = (struct lnm_xml_frame){.mode = PLACE_STRUCT, .type = r->op->output};
    }
}

static bool is_request_id(const char *name) {
    return strcmp(name, "requestId") == 0 || strcmp(name, "RequestId") == 0 ||
           strcmp(name, "RequestID") == 0;
}

/* Below <OpResponse> of the query protocol: the result's struct, or <ResponseMetadata>. */
static void wrapper_child(struct lnm_xml_reader *r, struct lnm_xml_frame *f, const char *name) {
    if (strcmp(name, r->result_name) == 0) {
        *f = (struct lnm_xml_frame){.mode = PLACE_STRUCT, .type = r->op->output};
    } else if (is_request_id(name)) {
        f->mode = PLACE_SKIP;
        field(r, r->request_id, sizeof r->request_id);
    } else {
        f->mode = strcmp(name, "ResponseMetadata") == 0 ? PLACE_WRAPPER : PLACE_SKIP;
    }
}

static void place(struct lnm_xml_reader *r, struct lnm_xml_frame *f, const xmlChar *name) {
    struct lnm_xml_frame *parent = &r->stack[r->depth - 1];
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

void lnm_xml__start(void *arg, const xmlChar *name, const xmlChar **attributes) {
    struct lnm_xml_reader *r = arg;
    (void)attributes;
    if (r->failed != 0) {
        return;
    }
    if (++r->nodes > r->limits.nodes) {
        lnm_xml__stop(r, LNM_ELIMIT, "has too many elements");
        return;
    }
    if (r->depth >= r->limits.depth) {
        lnm_xml__stop(r, LNM_ELIMIT, "is nested too deep");
        return;
    }
    r->scalar = NO_TEXT;
    r->error_field = NULL;
    struct lnm_xml_frame *f = &r->stack[++r->depth];
    *f = (struct lnm_xml_frame){.mode = PLACE_SKIP};
    place(r, f, name);
}

static void keep_field(struct lnm_xml_reader *r) {
    lnm_str_copy(r->error_field, r->error_field_size, lnm_buf_str(&r->text));
    r->error_field = NULL;
}

void lnm_xml__end(void *arg, const xmlChar *name) {
    struct lnm_xml_reader *r = arg;
    (void)name;
    if (r->failed != 0 || r->depth == 0) {
        return;
    }
    struct lnm_xml_frame *f = &r->stack[r->depth--];
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
        lnm_xml__stop(r, r->record->failed, "does not fit into memory's limit");
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

void lnm_xml__text(void *arg, const xmlChar *bytes, int len) {
    struct lnm_xml_reader *r = arg;
    struct lnm_str piece = {(const char *)bytes, (size_t)len};
    size_t total = 0;
    if (r->failed != 0) {
        return;
    }
    if (r->scalar != NO_TEXT) {
        total = take_scalar(r, piece);
    } else if (r->error_field != NULL) {
        lnm_buf_adds(&r->text, piece);
    }
    if (total > r->limits.text || r->text.failed != 0) {
        lnm_xml__stop(r, r->text.failed != 0 ? r->text.failed : LNM_ELIMIT,
                      "holds a value that is too long");
    }
}
