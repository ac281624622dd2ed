/* api_types.c - the scalar types. */
#include "aws/api_types.h"

const struct lnm_type lnm_type_string = {.kind = LNM_STRING};
const struct lnm_type lnm_type_integer = {.kind = LNM_INTEGER};
const struct lnm_type lnm_type_float = {.kind = LNM_FLOAT};
const struct lnm_type lnm_type_boolean = {.kind = LNM_BOOLEAN};
const struct lnm_type lnm_type_timestamp = {.kind = LNM_TIMESTAMP};
const struct lnm_type lnm_type_blob = {.kind = LNM_BLOB};
const struct lnm_type lnm_type_nothing = {.kind = LNM_STRUCT};
