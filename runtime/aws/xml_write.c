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

/* Those that something stands for. */
static const bool special[256] = {1, 1, 1, 1, 1, 1, 1, 1, 1,         0,         0,        1,
                                  1, 1, 1, 1, 1, 1, 1, 1, 1,         1,         1,        1,
                                  1, 1, 1, 1, 1, 1, 1, 1, ['&'] = 1, ['<'] = 1, ['>'] = 1};

#define EACH(byte) ((byte)*UINT64_C(0x0101010101010101))

/* The high bit of each byte that is zero, and maybe of some above it. */
static uint64_t zeros(uint64_t eight) {
    return (eight - EACH(1)) & ~eight & EACH(0x80);
}

/* Is none of these eight a control character, '&', '<' or '>' (which differ in one bit)? */
static bool are_plain(uint64_t eight) {
    uint64_t control = (eight - EACH(0x20)) & ~eight & EACH(0x80);
    return (control | zeros(eight ^ EACH('&')) | zeros((eight & EACH(0xfd)) ^ EACH('<'))) == 0;
}

/* How many bytes from the start can be copied as they are: nearly always all. */
static size_t plain(struct lnm_str s) {
    size_t n = 0;
    uint64_t eight;
    while (s.len - n >= sizeof eight && (memcpy(&eight, s.ptr + n, 8), are_plain(eight))) {
        n += sizeof eight;
    }
    while (n < s.len && !special[(unsigned char)s.ptr[n]]) {
        n++;
    }
    return n;
}

static void escaped(struct lnm_buf *out, struct lnm_str s) {
    for (;;) {
        size_t n = plain(s);
        lnm_buf_adds(out, (struct lnm_str){s.ptr, n});
        if (n == s.len) {
            return;
        }
        lnm_buf_addz(out, instead(s.ptr[n]));
        s = (struct lnm_str){s.ptr + n + 1, s.len - n - 1};
    }
}

static char *put(char *at, const char *bytes, size_t len) {
    memcpy(at, bytes, len);
    return at + len;
}

/* "<name>", "</name>", "<name/>" */
static void tag(struct lnm_buf *out, struct lnm_str before, struct lnm_str name,
                struct lnm_str after) {
    if (lnm_buf_reserve(out, name.len + 3) == 0) {
        char *at = put(out->ptr + out->len, before.ptr, before.len);
        at = put(put(at, name.ptr, name.len), after.ptr, after.len);
        *at = '\0';
        out->len = (size_t)(at - out->ptr);
    }
}

/* An answer is little else than these: the room is asked for once. */
static void element(struct lnm_buf *out, const char *wire, struct lnm_str text) {
    struct lnm_str name = lnm_str_z(wire);
    if (plain(text) < text.len || lnm_buf_reserve(out, 2 * name.len + text.len + 5) < 0) {
        tag(out, LNM_STR("<"), name, LNM_STR(">"));
        escaped(out, text);
        tag(out, LNM_STR("</"), name, LNM_STR(">"));
        return;
    }
    char *at = put(out->ptr + out->len, "<", 1);
    at = put(put(at, name.ptr, name.len), ">", 1);
    at = put(put(at, text.ptr, text.len), "</", 2);
    at = put(put(at, name.ptr, name.len), ">", 1);
    *at = '\0';
    out->len = (size_t)(at - out->ptr);
}

/* The nodes are in document order: children follow their parent, up to its end. */
static void write_node(struct lnm_buf *out, const struct lnm_record *r, uint32_t node,
                       const char *wire);

static bool is_nested(const struct lnm_member *m) {
    return m->type->kind == LNM_STRUCT || m->type->kind == LNM_LIST;
}

static void write_children(struct lnm_buf *out, const struct lnm_record *r, uint32_t node) {
    for (uint32_t i = node + 1; i < r->nodes[node].end; i = r->nodes[i].end) {
        const struct lnm_node *n = &r->nodes[i];
        if (is_nested(n->member)) {
            write_node(out, r, i, n->member->wire);
        } else {
            element(out, n->member->wire, (struct lnm_str){r->text + n->text, n->len});
        }
    }
}

static void write_node(struct lnm_buf *out, const struct lnm_record *r, uint32_t node,
                       const char *wire) {
    const struct lnm_node *n = &r->nodes[node];
    const struct lnm_member *m = n->member;
    struct lnm_str name;
    if (m->type->kind == LNM_LIST && (m->flags & LNM_FLATTENED) != 0) {
        for (uint32_t i = node + 1; i < n->end; i = r->nodes[i].end) {
            write_node(out, r, i, wire);
        }
    } else if (!is_nested(m)) { /* an item of a list that is flattened */
        element(out, wire, (struct lnm_str){r->text + n->text, n->len});
    } else if (name = lnm_str_z(wire), n->end == node + 1) {
        tag(out, LNM_STR("<"), name, LNM_STR("/>"));
    } else {
        tag(out, LNM_STR("<"), name, LNM_STR(">"));
        write_children(out, r, node);
        tag(out, LNM_STR("</"), name, LNM_STR(">"));
    }
}

static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

static void add_all(struct lnm_buf *out, const char *const *texts) {
    for (; *texts != NULL; texts++) {
        lnm_buf_addz(out, *texts);
    }
}

int lnm_xml_write(struct lnm_buf *out, const struct lnm_operation *op,
                  const struct lnm_record *output, const char *request_id, struct lnm_err *err) {
    int error = lnm_record_check(output, err);
    if (error < 0) {
        return error;
    }
    (void)lnm_buf_reserve(out, 512 + 2 * (size_t)output->text_len + 32 * (size_t)output->count);
    add_all(out, (const char *[]){head, "<", op->name, "Response xmlns=\"", op->service->xmlns,
                                  "\">", NULL});
    if (op->service->protocol == LNM_PROTOCOL_QUERY) {
        add_all(out, (const char *[]){"<", op->name, "Result>", NULL});
        write_children(out, output, 0);
        add_all(out, (const char *[]){"</", op->name, "Result><ResponseMetadata>", NULL});
        element(out, "RequestId", lnm_str_z(request_id));
        lnm_buf_addz(out, "</ResponseMetadata>");
    } else {
        element(out, "requestId", lnm_str_z(request_id));
        if (op->output->member_count == 0) {
            element(out, "return", LNM_STR("true"));
        }
        write_children(out, output, 0);
    }
    add_all(out, (const char *[]){"</", op->name, "Response>", NULL});
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
