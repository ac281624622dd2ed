/* xml_reader.h - an XML answer's reader as its own files see it: xml_read.c (libxml2, and a
 * document from beginning to end), xml_place.c (where an element stands, and what becomes of it).
 */
#ifndef LUNAMI_AWS_XML_READER_H
#define LUNAMI_AWS_XML_READER_H

#include "aws/xml.h"

#include <libxml/parser.h>

#define LNM_XML_CACHE 512
#define LNM_XML_DEPTH 64

enum lnm_xml_mode { PLACE_NONE, PLACE_WRAPPER, PLACE_STRUCT, PLACE_LIST, PLACE_SCALAR, PLACE_SKIP };

struct lnm_xml_frame {
    enum lnm_xml_mode mode;
    const struct lnm_member *member; /* what this element is; NULL: nothing of the record */
    const struct lnm_type *type;     /* of struct and list places */
    const struct lnm_member *flat;   /* struct places: a flattened list that is open in it */
};

struct lnm_xml_member {
    const struct lnm_type *type;
    const xmlChar *name;
    const struct lnm_member *member;
};

struct lnm_xml_reader {
    xmlParserCtxtPtr parser;
    struct lnm_xml_limits limits;
    const struct lnm_operation *op;
    struct lnm_record *record;
    struct lnm_xml_frame stack[LNM_XML_DEPTH + 1];
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
    struct lnm_xml_member cache[LNM_XML_CACHE];
    int failed;
    struct lnm_err err;
};

/* The answer is unusable: `why` follows "the answer of DescribeImages". */
LNM_API void lnm_xml__stop(struct lnm_xml_reader *r, int code, const char *why);

/* SAX1 handlers; `arg` is the reader. */
LNM_API void lnm_xml__start(void *arg, const xmlChar *name, const xmlChar **attributes);
LNM_API void lnm_xml__end(void *arg, const xmlChar *name);
LNM_API void lnm_xml__text(void *arg, const xmlChar *bytes, int len);

#endif
