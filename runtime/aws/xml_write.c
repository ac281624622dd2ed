/* xml_write.c - answers and errors as EC2 and STS send them: the local cloud's side. */
#include "aws/xml.h"

static void escaped(struct lnm_buf *out, struct lnm_str s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        switch (c) {
        case '&':
            lnm_buf_addz(out, "&amp;");
            break;
        case '<':
            lnm_buf_addz(out, "&lt;");
            break;
        case '>':
            lnm_buf_addz(out, "&gt;");
            break;
        case '\r':
            lnm_buf_addz(out, "&#13;");
            break;
        default: /* other control characters have no place in XML 1.0 */
            lnm_buf_addc(out, (unsigned char)c < 0x20 && c != '\t' && c != '\n' ? '?' : c);
        }
    }
}

static void element(struct lnm_buf *out, const char *name, struct lnm_str text) {
    lnm_buf_addf(out, "<%s>", name);
    escaped(out, text);
    lnm_buf_addf(out, "</%s>", name);
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
        lnm_buf_addf(out, "<%s/>", name);
    } else {
        lnm_buf_addf(out, "<%s>", name);
        write_children(out, r, node);
        lnm_buf_addf(out, "</%s>", name);
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
