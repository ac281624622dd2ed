/* xml_write.c - answers and errors as EC2 and STS send them: the local cloud's side. */
#include "aws/xml.h"

/* What stands for a character that has no place in XML text; NULL: itself. */
static const char *instead(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r':
        return "&#13;";
    default: /* other control characters are not allowed in XML 1.0 */
        return (unsigned char)c < 0x20 && c != '\t' && c != '\n' ? "?" : NULL;
    }
}

/* Runs of plain characters are copied whole: this writes most of an answer's bytes. */
static void escaped(struct lnm_buf *out, struct lnm_str s) {
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        const char *text = instead(s.ptr[i]);
        if (text != NULL) {
            lnm_buf_add(out, s.ptr + from, i - from);
            lnm_buf_addz(out, text);
            from = i + 1;
        }
    }
    if (from < s.len) {
        lnm_buf_add(out, s.ptr + from, s.len - from);
    }
}

/* "<name>", "</name>", "<name/>" */
static void tag(struct lnm_buf *out, const char *before, const char *name, const char *after) {
    lnm_buf_addz(out, before);
    lnm_buf_addz(out, name);
    lnm_buf_addz(out, after);
}

static char *put(char *at, const char *bytes, size_t len) {
    memcpy(at, bytes, len);
    return at + len;
}

/* An answer is little else than these: the room is asked for once, text is copied as it is when
 * nothing in it must be written otherwise. */
static void element(struct lnm_buf *out, const char *name, struct lnm_str text) {
    size_t len = strlen(name), plain = 0;
    while (plain < text.len && instead(text.ptr[plain]) == NULL) {
        plain++;
    }
    if (plain < text.len || lnm_buf_reserve(out, 2 * len + text.len + 5) < 0) {
        tag(out, "<", name, ">");
        escaped(out, text);
        tag(out, "</", name, ">");
        return;
    }
    char *at = put(out->ptr + out->len, "<", 1);
    at = put(put(at, name, len), ">", 1);
    at = put(put(at, text.ptr, text.len), "</", 2);
    at = put(put(at, name, len), ">", 1);
    *at = '\0';
    out->len = (size_t)(at - out->ptr);
}

static void write_node(struct lnm_buf *out, const struct lnm_record *r, uint32_t node,
                       const char *name);

static void write_children(struct lnm_buf *out, const struct lnm_record *r, uint32_t node) {
    for (uint32_t i = lnm_record_first(r, node); i != 0; i = lnm_record_next(r, node, i)) {
        write_node(out, r, i, lnm_record_member(r, i)->wire);
    }
}

static void write_node(struct lnm_buf *out, const struct lnm_record *r, uint32_t node,
                       const char *name) {
    const struct lnm_member *m = lnm_record_member(r, node);
    enum lnm_kind kind = m->type->kind;
    if (kind == LNM_LIST && (m->flags & LNM_FLATTENED) != 0) {
        for (uint32_t i = lnm_record_first(r, node); i != 0; i = lnm_record_next(r, node, i)) {
            write_node(out, r, i, name);
        }
    } else if (kind != LNM_STRUCT && kind != LNM_LIST) {
        element(out, name, lnm_record_str(r, node));
    } else if (lnm_record_first(r, node) == 0) {
        tag(out, "<", name, "/>");
    } else {
        tag(out, "<", name, ">");
        write_children(out, r, node);
        tag(out, "</", name, ">");
    }
}

static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

int lnm_xml_write(struct lnm_buf *out, const struct lnm_operation *op,
                  const struct lnm_record *output, const char *request_id, struct lnm_err *err) {
    int error = lnm_record_check(output, err);
    if (error < 0) {
        return error;
    }
    lnm_buf_addf(out, "%s<%sResponse xmlns=\"%s\">", head, op->name, op->service->xmlns);
    if (op->service->protocol == LNM_PROTOCOL_QUERY) {
        lnm_buf_addf(out, "<%sResult>", op->name);
        write_children(out, output, 0);
        lnm_buf_addf(out, "</%sResult><ResponseMetadata>", op->name);
        element(out, "RequestId", lnm_str_z(request_id));
        lnm_buf_addz(out, "</ResponseMetadata>");
    } else {
        element(out, "requestId", lnm_str_z(request_id));
        if (op->output->member_count == 0) {
            element(out, "return", LNM_STR("true"));
        }
        write_children(out, output, 0);
    }
    lnm_buf_addf(out, "</%sResponse>", op->name);
    return lnm_buf_check(out, err);
}

int lnm_xml_write_error(struct lnm_buf *out, const struct lnm_service *service,
                        const struct lnm_service_error *e, const char *request_id,
                        struct lnm_err *err) {
    bool query = service->protocol == LNM_PROTOCOL_QUERY;
    if (query) {
        lnm_buf_addf(out, "<ErrorResponse xmlns=\"%s\"><Error>", service->xmlns);
        element(out, "Type", e->status < 500 ? LNM_STR("Sender") : LNM_STR("Receiver"));
    } else {
        lnm_buf_addf(out, "%s<Response><Errors><Error>", head);
    }
    element(out, "Code", lnm_str_z(e->code));
    element(out, "Message", lnm_str_z(e->message));
    lnm_buf_addz(out, query ? "</Error>" : "</Error></Errors>");
    element(out, query ? "RequestId" : "RequestID", lnm_str_z(request_id));
    lnm_buf_addz(out, query ? "</ErrorResponse>" : "</Response>");
    return lnm_buf_check(out, err);
}
