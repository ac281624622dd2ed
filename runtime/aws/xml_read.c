/* xml_read.c - an XML answer as a record: a whole document where it is, or pieces as they come.
 *
 * libxml2's SAX1 interface is the one that resolves no namespaces: no answer needs them, and they
 * cost an eighth of the parsing. */
#include "aws/xml_reader.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <libxml/parserInternals.h>

#define BYTES_A_NODE 40 /* of an answer: tags, name and value */

static void on_dtd(void *arg, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
    (void)name, (void)external, (void)system;
    lnm_xml__stop(arg, LNM_EPARSE, "carries a document type definition, which no answer may");
}

static void on_entity(void *arg, const xmlChar *name, int type, const xmlChar *public_id,
                      const xmlChar *system_id, xmlChar *content) {
    (void)name, (void)type, (void)public_id, (void)system_id, (void)content;
    lnm_xml__stop(arg, LNM_EPARSE, "declares an entity, which no answer may");
}

static int make_parser(struct lnm_xml_reader *r) {
    xmlSAXHandler sax;
    memset(&sax, 0, sizeof sax);
    sax.initialized = 1; /* not XML_SAX2_MAGIC */
    sax.startElement = lnm_xml__start;
    sax.endElement = lnm_xml__end;
    sax.characters = lnm_xml__text;
    sax.ignorableWhitespace =
        lnm_xml__text; /* the same: it is not asked whether it can be ignored */
    sax.cdataBlock = lnm_xml__text;
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
    r->limits.depth = given.depth != 0 && given.depth < LNM_XML_DEPTH ? given.depth : LNM_XML_DEPTH;
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
        lnm_xml__stop(r, LNM_ELIMIT, "is too large");
    }
    if (r->failed == 0 && len > 0 && xmlParseChunk(r->parser, bytes, (int)len, 0) != 0) {
        lnm_xml__stop(r, LNM_EPARSE, "is not well-formed XML");
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
        lnm_xml__stop(r, LNM_EPARSE, "ends too early or is not well-formed XML");
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
        lnm_xml__stop(r, LNM_ELIMIT, "is too large");
    }
    bool well =
        r->failed == 0 && memchr(text.ptr, '\0', text.len) == NULL && parse_in_place(r, text.ptr);
    return conclude(r, well, is_error, e, request_id, err);
}
