/* record.h - one request or answer as a compact block: an array of 24-byte nodes in document order
 * and one run of text.  No pointers between nodes, no allocation per value, nothing of Lua.
 *
 * Built in order (open, text, close), read by index.  Node 0 is the root; so index 0 also means
 * "not there" wherever a child is looked up.  A struct's children may come in any order, and a
 * member that was not given has no node.  A map's children are key, value, key, value ... */
#ifndef LUNAMI_AWS_RECORD_H
#define LUNAMI_AWS_RECORD_H

#include "base/buf.h"
#include "aws/type.h"

#define LNM_RECORD_DEPTH 64

struct lnm_node {
    const struct lnm_member *member; /* what this node is; the root's: see lnm_record_member */
    uint32_t text; /* scalars: offset of the value in lnm_record.text (NUL-ended there) */
    uint32_t len;  /* scalars: bytes; lists: how many items; structs: how many members given */
    uint32_t end;  /* index of the first node that is no descendant (scalars: own index + 1);
                      while it is open: the node that it was opened in */
};

struct lnm_record {
    struct lnm_node *nodes;
    uint32_t count, node_cap;
    char *text;
    uint32_t text_len, text_cap;
    struct lnm_member root; /* stands for the root node */
    uint32_t open, depth;   /* while building: the innermost open node, and how many are open */
    size_t max_bytes;       /* nodes + text; 0: LNM_BUF_DEFAULT_MAX */
    int failed;             /* sticky: 0 or a negative enum lnm_code */
};

/* Start a record whose root is a struct of `type`; the root is open afterwards.  A zeroed struct is
 * a valid empty record for all the functions of this paragraph. */
LNM_API int lnm_record_init(struct lnm_record *r, const struct lnm_type *type, size_t max_bytes);
/* The same in the memory that the record has, whatever is in it. */
LNM_API int lnm_record_begin(struct lnm_record *r, const struct lnm_type *type, size_t max_bytes);
/* Overwrites the texts and keeps the memory for lnm_record_begin, if it is not much. */
LNM_API void lnm_record_clear(struct lnm_record *r);
LNM_API void lnm_record_free(struct lnm_record *r);
LNM_API void lnm_record_cleanse(struct lnm_record *r); /* overwrites the texts, then frees */
/* Room for so many more nodes, and bytes of texts with their NULs: growing costs, and leaves copies
 * behind. */
LNM_API void lnm_record_reserve(struct lnm_record *r, size_t nodes, size_t bytes);
/* Give back memory that growing left unused: call once when building is over. */
LNM_API void lnm_record_shrink(struct lnm_record *r);

/* --- building: errors are sticky, checked once by lnm_record_check ------------------------------
 */
LNM_API void lnm_record_open(struct lnm_record *r, const struct lnm_member *m);
LNM_API void lnm_record_close(struct lnm_record *r);
LNM_API void lnm_record_text(struct lnm_record *r, const struct lnm_member *m,
                             struct lnm_str value);
/* More of the text that was added last. */
LNM_API void lnm_record_more(struct lnm_record *r, struct lnm_str value);
LNM_API void lnm_record_int(struct lnm_record *r, const struct lnm_member *m, int64_t value);
LNM_API void lnm_record_bool(struct lnm_record *r, const struct lnm_member *m, bool value);
/* By name, in the struct that is open (an unknown name: sticky LNM_EINVAL). */
LNM_API void lnm_record_set(struct lnm_record *r, const char *name, struct lnm_str value);
LNM_API void lnm_record_setz(struct lnm_record *r, const char *name,
                             const char *value); /* NULL: skip */
LNM_API void lnm_record_set_int(struct lnm_record *r, const char *name, int64_t value);
LNM_API void lnm_record_set_bool(struct lnm_record *r, const char *name, bool value);
LNM_API void lnm_record_enter(struct lnm_record *r,
                              const char *name);    /* open member; close as usual */
LNM_API void lnm_record_item(struct lnm_record *r); /* open an item of the open list */
LNM_API void lnm_record_add(struct lnm_record *r,
                            struct lnm_str value); /* scalar item of the open list */
/* Copy the children of src's node `from` into the struct that is open here, by name; what has no
 * member of that name is left out. */
LNM_API void lnm_record_copy(struct lnm_record *r, const struct lnm_record *src, uint32_t from);
LNM_API int lnm_record_check(const struct lnm_record *r, struct lnm_err *err);

/* --- reading ------------------------------------------------------------------------------------
 */
LNM_API const struct lnm_member *lnm_record_member(const struct lnm_record *r, uint32_t node);
/* First child, or 0; next sibling inside `parent`, or 0. */
LNM_API uint32_t lnm_record_first(const struct lnm_record *r, uint32_t parent);
LNM_API uint32_t lnm_record_next(const struct lnm_record *r, uint32_t parent, uint32_t child);
LNM_API uint32_t lnm_record_find(const struct lnm_record *r, uint32_t parent, const char *name);
/* A path of member names and 1-based list indexes:
 * "images.1.block_device_mappings.1.ebs.encrypted". */
LNM_API uint32_t lnm_record_at(const struct lnm_record *r, uint32_t from, const char *path);
LNM_API struct lnm_str lnm_record_str(const struct lnm_record *r,
                                      uint32_t node); /* node 0: empty */
/* Child `name` of `parent`; empty, fallback, or fallback when it is not there. */
LNM_API struct lnm_str lnm_record_get(const struct lnm_record *r, uint32_t parent,
                                      const char *name);
LNM_API int64_t lnm_record_get_int(const struct lnm_record *r, uint32_t parent, const char *name,
                                   int64_t fallback);
LNM_API bool lnm_record_get_bool(const struct lnm_record *r, uint32_t parent, const char *name,
                                 bool fallback);

/* The member of struct `t` with this recipe name / wire name, or NULL. */
LNM_API const struct lnm_member *lnm_type_member(const struct lnm_type *t, struct lnm_str name);
/* The same of a name that ends: quicker when it is a literal. */
LNM_API const struct lnm_member *lnm_type_named(const struct lnm_type *t, const char *name);
LNM_API const struct lnm_member *lnm_type_wire(const struct lnm_type *t, struct lnm_str wire);

#endif
