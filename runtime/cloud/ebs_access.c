/* ebs_access.c - the permissions that EBS needs of a caller, use by use. Source: "Permissions for
 * Amazon EBS encryption" and "Copy a snapshot" (EBS user guide); which of them are asked of the
 * source's key and which of the target's is deduced. */
#include "cloud/ebs_access.h"

#include "cloud/kms.h"

#define NEEDS 5

static const char *const needs[][NEEDS] = {
    [LNM_EBS_COPY_FROM] = {"Decrypt", "ReEncryptFrom", "DescribeKey", "CreateGrant"},
    [LNM_EBS_COPY_TO] = {"GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptTo",
                         "DescribeKey", "CreateGrant"},
    [LNM_EBS_VOLUME_FROM] = {"Decrypt", "CreateGrant"},
    [LNM_EBS_VOLUME_REENCRYPT_FROM] = {"Decrypt", "CreateGrant", "ReEncryptFrom"},
    [LNM_EBS_VOLUME_TO] = {"GenerateDataKeyWithoutPlaintext", "CreateGrant", "DescribeKey"},
    [LNM_EBS_VOLUME_REENCRYPT_TO] = {"GenerateDataKeyWithoutPlaintext", "CreateGrant",
                                     "DescribeKey", "ReEncryptTo"},
    [LNM_EBS_ATTACH] = {"CreateGrant", "Decrypt"},
    [LNM_EBS_SNAPSHOT] = {"DescribeKey", "Decrypt", "CreateGrant"},
    [LNM_EBS_BLOCKS] = {"Decrypt"},
    [LNM_EBS_SEE] = {"DescribeKey"},
};

/* The administrator may do all this with a key of his account, unless its policy says otherwise. */
static bool is_his_own(struct lnm_cloud_request *r, const struct lnm_cloud_key *k) {
    return r->administrator && r->session[0] == '\0' && strcmp(k->account, r->account) == 0 &&
           !lnm_key_has_policy(r->cloud, k);
}

bool lnm_ebs_permits(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                     enum lnm_ebs_use use) {
    bool all = true;
    if (is_his_own(r, k)) {
        return true;
    }
    for (size_t i = 0; i < NEEDS && needs[use][i] != NULL && all; i++) {
        all = lnm_key_allows(r, k, needs[use][i]);
    }
    return all;
}

bool lnm_ebs_permits_arn(struct lnm_cloud_request *r, const char *region, const char *arn,
                         enum lnm_ebs_use use) {
    struct lnm_cloud_key k;
    return lnm_key_resolve(r->cloud, &k, r->account, region, lnm_str_z(arn)) &&
           lnm_ebs_permits(r, &k, use);
}

/* A copy looks at the default key even where another one is given. */
static bool sees_default(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    return !lnm_key_default(r->cloud, &k, r->account, r->region) ||
           lnm_ebs_permits(r, &k, LNM_EBS_SEE);
}

static bool may_read(struct lnm_cloud_request *r, const struct lnm_ebs_wish *w,
                     const struct lnm_cloud_key *from, const struct lnm_cloud_key *to) {
    enum lnm_ebs_use use = w->copy                             ? LNM_EBS_COPY_FROM
                           : strcmp(w->from_key, to->arn) == 0 ? LNM_EBS_VOLUME_FROM
                                                               : LNM_EBS_VOLUME_REENCRYPT_FROM;
    return lnm_ebs_permits(r, from, use);
}

static bool may_write(struct lnm_cloud_request *r, const struct lnm_ebs_wish *w,
                      const struct lnm_cloud_key *to) {
    bool again = w->from_encrypted && strcmp(w->from_key, to->arn) != 0;
    return lnm_ebs_permits(r, to,
                           w->copy ? LNM_EBS_COPY_TO
                           : again ? LNM_EBS_VOLUME_REENCRYPT_TO
                                   : LNM_EBS_VOLUME_TO);
}

void lnm_ebs_doom(struct lnm_ebs_outcome *out, struct lnm_cloud_request *r,
                  const struct lnm_ebs_wish *w, const struct lnm_cloud_key *to) {
    struct lnm_cloud_key from;
    const char *region = w->from_region != NULL ? w->from_region : r->region;
    if (w->from_encrypted &&
        (!lnm_key_resolve(r->cloud, &from, r->account, region, lnm_str_z(w->from_key)) ||
         !lnm_key_usable(&from))) {
        out->doomed = true;
        return;
    }
    if (w->copy && !sees_default(r)) {
        out->denied = true;
        out->why = "Given key ID is not accessible. You must have DescribeKey permissions on the "
                   "default CMK";
    } else {
        out->denied = (w->from_encrypted && !may_read(r, w, &from, to)) || !may_write(r, w, to);
    }
    out->doomed = out->denied;
}
