/* api_kms_crypto.c - rows of the KMS actions that encrypt and decrypt. Source: the kms/2014-11-01
 * service model. */
#include "aws/api_types.h"

static const struct lnm_member decrypt_in_members[] = {
    LNM_IN("ciphertext_blob", "CiphertextBlob", lnm_type_blob, 0, "what KMS encrypted"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_WORDS("encryption_algorithm", "EncryptionAlgorithm", 0, "SYMMETRIC_DEFAULT",
              "SYMMETRIC_DEFAULT|RSAES_OAEP_SHA_1|RSAES_OAEP_SHA_256|SM2PKE"),
    LNM_IN("encryption_context", "EncryptionContext", lnm_kms_encryption_context, 0,
           "pairs that are bound to the ciphertext, not secret"),
    LNM_IN("grant_tokens", "GrantTokens", lnm_kms_grant_token_list, 0,
           "tokens of grants that are still spreading"),
    LNM_IN("key_id", "KeyId", lnm_type_string, 0, "key id, ARN, alias or alias ARN"),
};
static const struct lnm_type decrypt_in = LNM_FIELDS(decrypt_in_members);

static const struct lnm_member decrypt_out_members[] = {
    LNM_OUT("encryption_algorithm", "EncryptionAlgorithm", lnm_type_string),
    LNM_OUT("key_id", "KeyId", lnm_type_string),
    LNM_OUT("key_material_id", "KeyMaterialId", lnm_type_string),
    LNM_OUT_SECRET("plaintext", "Plaintext", lnm_type_blob),
};
static const struct lnm_type decrypt_out = LNM_FIELDS(decrypt_out_members);

static const struct lnm_member encrypt_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_WORDS("encryption_algorithm", "EncryptionAlgorithm", 0, "SYMMETRIC_DEFAULT",
              "SYMMETRIC_DEFAULT|RSAES_OAEP_SHA_1|RSAES_OAEP_SHA_256|SM2PKE"),
    LNM_IN("encryption_context", "EncryptionContext", lnm_kms_encryption_context, 0,
           "pairs that are bound to the ciphertext, not secret"),
    LNM_IN("grant_tokens", "GrantTokens", lnm_kms_grant_token_list, 0,
           "tokens of grants that are still spreading"),
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id, ARN, alias or alias ARN"),
    LNM_IN("plaintext", "Plaintext", lnm_type_blob, LNM_REQUIRED | LNM_SECRET,
           "what to encrypt, 4096 bytes at most"),
};
static const struct lnm_type encrypt_in = LNM_FIELDS(encrypt_in_members);

static const struct lnm_member encrypt_out_members[] = {
    LNM_OUT("ciphertext_blob", "CiphertextBlob", lnm_type_blob),
    LNM_OUT("encryption_algorithm", "EncryptionAlgorithm", lnm_type_string),
    LNM_OUT("key_id", "KeyId", lnm_type_string),
};
static const struct lnm_type encrypt_out = LNM_FIELDS(encrypt_out_members);

static const struct lnm_member generate_data_key_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("encryption_context", "EncryptionContext", lnm_kms_encryption_context, 0,
           "pairs that are bound to the ciphertext, not secret"),
    LNM_IN("grant_tokens", "GrantTokens", lnm_kms_grant_token_list, 0,
           "tokens of grants that are still spreading"),
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id, ARN, alias or alias ARN"),
    LNM_WORDS("key_spec", "KeySpec", 0, "AES_256 or AES_128", "AES_256|AES_128"),
    LNM_IN("number_of_bytes", "NumberOfBytes", lnm_type_integer, 0, "length, 1 to 1024"),
};
static const struct lnm_type generate_data_key_in = LNM_FIELDS(generate_data_key_in_members);

static const struct lnm_member generate_data_key_out_members[] = {
    LNM_OUT("ciphertext_blob", "CiphertextBlob", lnm_type_blob),
    LNM_OUT("key_id", "KeyId", lnm_type_string),
    LNM_OUT("key_material_id", "KeyMaterialId", lnm_type_string),
    LNM_OUT_SECRET("plaintext", "Plaintext", lnm_type_blob),
};
static const struct lnm_type generate_data_key_out = LNM_FIELDS(generate_data_key_out_members);

static const struct lnm_member generate_data_key_without_plaintext_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("encryption_context", "EncryptionContext", lnm_kms_encryption_context, 0,
           "pairs that are bound to the ciphertext, not secret"),
    LNM_IN("grant_tokens", "GrantTokens", lnm_kms_grant_token_list, 0,
           "tokens of grants that are still spreading"),
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id, ARN, alias or alias ARN"),
    LNM_WORDS("key_spec", "KeySpec", 0, "AES_256 or AES_128", "AES_256|AES_128"),
    LNM_IN("number_of_bytes", "NumberOfBytes", lnm_type_integer, 0, "length, 1 to 1024"),
};
static const struct lnm_type generate_data_key_without_plaintext_in =
    LNM_FIELDS(generate_data_key_without_plaintext_in_members);

static const struct lnm_member generate_data_key_without_plaintext_out_members[] = {
    LNM_OUT("ciphertext_blob", "CiphertextBlob", lnm_type_blob),
    LNM_OUT("key_id", "KeyId", lnm_type_string),
    LNM_OUT("key_material_id", "KeyMaterialId", lnm_type_string),
};
static const struct lnm_type generate_data_key_without_plaintext_out =
    LNM_FIELDS(generate_data_key_without_plaintext_out_members);

static const struct lnm_member generate_random_in_members[] = {
    LNM_IN("custom_key_store_id", "CustomKeyStoreId", lnm_type_string, 0,
           "custom key store to take them from"),
    LNM_IN("number_of_bytes", "NumberOfBytes", lnm_type_integer, 0, "length, 1 to 1024"),
};
static const struct lnm_type generate_random_in = LNM_FIELDS(generate_random_in_members);

static const struct lnm_member generate_random_out_members[] = {
    LNM_OUT_SECRET("plaintext", "Plaintext", lnm_type_blob),
};
static const struct lnm_type generate_random_out = LNM_FIELDS(generate_random_out_members);

static const struct lnm_member re_encrypt_in_members[] = {
    LNM_IN("ciphertext_blob", "CiphertextBlob", lnm_type_blob, 0, "what KMS encrypted"),
    LNM_WORDS("destination_encryption_algorithm", "DestinationEncryptionAlgorithm", 0,
              "SYMMETRIC_DEFAULT", "SYMMETRIC_DEFAULT|RSAES_OAEP_SHA_1|RSAES_OAEP_SHA_256|SM2PKE"),
    LNM_IN("destination_encryption_context", "DestinationEncryptionContext",
           lnm_kms_encryption_context, 0, "pairs to bind to the new ciphertext"),
    LNM_IN("destination_key_id", "DestinationKeyId", lnm_type_string, LNM_REQUIRED,
           "key to encrypt under"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("grant_tokens", "GrantTokens", lnm_kms_grant_token_list, 0,
           "tokens of grants that are still spreading"),
    LNM_WORDS("source_encryption_algorithm", "SourceEncryptionAlgorithm", 0, "SYMMETRIC_DEFAULT",
              "SYMMETRIC_DEFAULT|RSAES_OAEP_SHA_1|RSAES_OAEP_SHA_256|SM2PKE"),
    LNM_IN("source_encryption_context", "SourceEncryptionContext", lnm_kms_encryption_context, 0,
           "pairs that it was encrypted with"),
    LNM_IN("source_key_id", "SourceKeyId", lnm_type_string, 0, "key that it is encrypted under"),
};
static const struct lnm_type re_encrypt_in = LNM_FIELDS(re_encrypt_in_members);

static const struct lnm_member re_encrypt_out_members[] = {
    LNM_OUT("ciphertext_blob", "CiphertextBlob", lnm_type_blob),
    LNM_OUT("destination_encryption_algorithm", "DestinationEncryptionAlgorithm", lnm_type_string),
    LNM_OUT("destination_key_material_id", "DestinationKeyMaterialId", lnm_type_string),
    LNM_OUT("key_id", "KeyId", lnm_type_string),
    LNM_OUT("source_encryption_algorithm", "SourceEncryptionAlgorithm", lnm_type_string),
    LNM_OUT("source_key_id", "SourceKeyId", lnm_type_string),
    LNM_OUT("source_key_material_id", "SourceKeyMaterialId", lnm_type_string),
};
static const struct lnm_type re_encrypt_out = LNM_FIELDS(re_encrypt_out_members);

const struct lnm_operation lnm_kms_crypto_operations[LNM_KMS_CRYPTO_COUNT] = {
    {"Decrypt", &lnm_kms, &decrypt_in, &decrypt_out, 0, "decrypt what was encrypted under a key"},
    {"Encrypt", &lnm_kms, &encrypt_in, &encrypt_out, 0, "encrypt a few bytes under a key"},
    {"GenerateDataKey", &lnm_kms, &generate_data_key_in, &generate_data_key_out, 0,
     "a new data key, in plain and encrypted"},
    {"GenerateDataKeyWithoutPlaintext", &lnm_kms, &generate_data_key_without_plaintext_in,
     &generate_data_key_without_plaintext_out, 0, "a new data key, encrypted only"},
    {"GenerateRandom", &lnm_kms, &generate_random_in, &generate_random_out, 0, "random bytes"},
    {"ReEncrypt", &lnm_kms, &re_encrypt_in, &re_encrypt_out, 0,
     "decrypt under one key, encrypt under another"},
};
