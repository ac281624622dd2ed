/* api_iam_alias.c - rows of IAM's aliases of accounts. Source: the iam/2010-05-08 service model. */
#include "aws/api_iam.h"

#include "aws/api_types.h"

static const struct lnm_type text_list = LNM_ITEMS("member", lnm_type_string);

static const struct lnm_member alias_in_members[] = {
    LNM_IN("account_alias", "AccountAlias", lnm_type_string, LNM_REQUIRED, "alias of the account"),
};
static const struct lnm_type alias_in = LNM_FIELDS(alias_in_members);

static const struct lnm_member list_in_members[] = {
    LNM_IN("marker", "Marker", lnm_type_string, 0, "where the page begins"),
    LNM_IN("max_items", "MaxItems", lnm_type_integer, 0, "most of a page"),
};
static const struct lnm_type list_in = LNM_FIELDS(list_in_members);

static const struct lnm_member list_out_members[] = {
    LNM_OUT("account_aliases", "AccountAliases", text_list),
    LNM_OUT("is_truncated", "IsTruncated", lnm_type_boolean),
    LNM_OUT("marker", "Marker", lnm_type_string),
};
static const struct lnm_type list_out = LNM_FIELDS(list_out_members);

const struct lnm_operation lnm_iam_alias_operations[LNM_IAM_ALIAS_COUNT] = {
    {"CreateAccountAlias", &lnm_iam, &alias_in, &lnm_type_nothing, LNM_MUTATES,
     "give the account an alias, instead of the one it has"},
    {"DeleteAccountAlias", &lnm_iam, &alias_in, &lnm_type_nothing, LNM_MUTATES,
     "take the account's alias away"},
    {"ListAccountAliases", &lnm_iam, &list_in, &list_out, LNM_PAGED,
     "list the account's one alias"},
};
