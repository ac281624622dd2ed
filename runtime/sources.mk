# The one list of C files, layer by layer. The host, the rock and the tests are built from it;
# tests/lint/sources.sh compares it with the tree and with the rockspec.
BASE_C := runtime/base/buf.c \
	runtime/base/clock.c \
	runtime/base/date.c \
	runtime/base/err.c \
	runtime/base/escape.c \
	runtime/base/log.c \
	runtime/base/str.c \
	runtime/base/text.c \
	runtime/base/virtual.c \
	runtime/base/turn.c
AWS_C := runtime/aws/api.c \
	runtime/aws/api_ebs.c \
	runtime/aws/api_ec2.c \
	runtime/aws/api_ec2_account.c \
	runtime/aws/api_ec2_defaults.c \
	runtime/aws/api_ec2_image.c \
	runtime/aws/api_ec2_image_state.c \
	runtime/aws/api_ec2_instance.c \
	runtime/aws/api_ec2_instance_state.c \
	runtime/aws/api_ec2_shared.c \
	runtime/aws/api_ec2_snapshot.c \
	runtime/aws/api_ec2_snapshot_state.c \
	runtime/aws/api_ec2_volume.c \
	runtime/aws/api_kms.c \
	runtime/aws/api_kms_crypto.c \
	runtime/aws/api_kms_grant.c \
	runtime/aws/api_kms_material.c \
	runtime/aws/api_kms_tag.c \
	runtime/aws/api_sts.c \
	runtime/aws/api_types.c \
	runtime/aws/endpoint.c \
	runtime/aws/json_read.c \
	runtime/aws/json_write.c \
	runtime/aws/profile.c \
	runtime/aws/query_read.c \
	runtime/aws/query_write.c \
	runtime/aws/record.c \
	runtime/aws/record_named.c \
	runtime/aws/record_read.c \
	runtime/aws/rest_read.c \
	runtime/aws/rest_write.c \
	runtime/aws/retry.c \
	runtime/aws/retry_adaptive.c \
	runtime/aws/sigv4.c \
	runtime/aws/sigv4_canonical.c \
	runtime/aws/sigv4_hash.c \
	runtime/aws/throttle.c \
	runtime/aws/xml_read.c \
	runtime/aws/xml_write.c
NET_C := runtime/net/external.c \
	runtime/net/http.c \
	runtime/net/jump.c \
	runtime/net/loop.c \
	runtime/net/pool.c \
	runtime/net/timer.c \
	runtime/net/watch.c
CLIENT_C := runtime/client/again.c \
	runtime/client/answer.c \
	runtime/client/block_list.c \
	runtime/client/bucket.c \
	runtime/client/call.c \
	runtime/client/creds.c \
	runtime/client/disk.c \
	runtime/client/download.c \
	runtime/client/gate.c \
	runtime/client/hub.c \
	runtime/client/journal.c \
	runtime/client/judge.c \
	runtime/client/limits.c \
	runtime/client/overview.c \
	runtime/client/pace.c \
	runtime/client/progress.c \
	runtime/client/request.c \
	runtime/client/retry_settings.c \
	runtime/client/round.c \
	runtime/client/session.c \
	runtime/client/settings.c \
	runtime/client/slots.c \
	runtime/client/trace.c \
	runtime/client/transfer.c \
	runtime/client/transport.c \
	runtime/client/upload.c \
	runtime/client/wait_group.c
BIND_C := runtime/bind/context.c \
	runtime/bind/core.c \
	runtime/bind/hub.c \
	runtime/bind/input.c \
	runtime/bind/object.c \
	runtime/bind/op.c \
	runtime/bind/record.c \
	runtime/bind/rows.c \
	runtime/bind/session.c \
	runtime/bind/transfer.c \
	runtime/bind/util.c \
	runtime/bind/value.c
CLOUD_C := runtime/cloud/access.c \
	runtime/cloud/account.c \
	runtime/cloud/api_iam.c \
	runtime/cloud/api_iam_policy.c \
	runtime/cloud/attachments.c \
	runtime/cloud/auth.c \
	runtime/cloud/authorize.c \
	runtime/cloud/batch.c \
	runtime/cloud/block_seal.c \
	runtime/cloud/blocks.c \
	runtime/cloud/copier.c \
	runtime/cloud/data_keys.c \
	runtime/cloud/denial.c \
	runtime/cloud/ebs_defaults.c \
	runtime/cloud/ec2_facts.c \
	runtime/cloud/filter.c \
	runtime/cloud/furnish.c \
	runtime/cloud/furnish_data.c \
	runtime/cloud/gcm.c \
	runtime/cloud/iam.c \
	runtime/cloud/iam_policies.c \
	runtime/cloud/iam_providers.c \
	runtime/cloud/iam_roles.c \
	runtime/cloud/iam_users.c \
	runtime/cloud/holdings.c \
	runtime/cloud/image_copy.c \
	runtime/cloud/image_create.c \
	runtime/cloud/image_describe.c \
	runtime/cloud/image_states.c \
	runtime/cloud/images.c \
	runtime/cloud/instance_run.c \
	runtime/cloud/instance_states.c \
	runtime/cloud/instances.c \
	runtime/cloud/jwt.c \
	runtime/cloud/kms.c \
	runtime/cloud/kms_access.c \
	runtime/cloud/kms_aliases.c \
	runtime/cloud/kms_crypto.c \
	runtime/cloud/kms_data_keys.c \
	runtime/cloud/kms_grants.c \
	runtime/cloud/kms_keys.c \
	runtime/cloud/kms_material.c \
	runtime/cloud/kms_policies.c \
	runtime/cloud/kms_replicas.c \
	runtime/cloud/kms_rotation.c \
	runtime/cloud/kms_tags.c \
	runtime/cloud/lifecycle.c \
	runtime/cloud/map_cursor.c \
	runtime/cloud/map_litter.c \
	runtime/cloud/maps.c \
	runtime/cloud/marker.c \
	runtime/cloud/policy.c \
	runtime/cloud/policy_conditions.c \
	runtime/cloud/presigned.c \
	runtime/cloud/request.c \
	runtime/cloud/root_key.c \
	runtime/cloud/scan.c \
	runtime/cloud/schema.c \
	runtime/cloud/server.c \
	runtime/cloud/sharing.c \
	runtime/cloud/snapshot_copy.c \
	runtime/cloud/snapshot_sets.c \
	runtime/cloud/snapshots.c \
	runtime/cloud/store.c \
	runtime/cloud/sts.c \
	runtime/cloud/sts_roles.c \
	runtime/cloud/sts_web.c \
	runtime/cloud/tags.c \
	runtime/cloud/tls.c \
	runtime/cloud/tokens.c \
	runtime/cloud/volumes.c
HOST_C := runtime/host/editor.c \
	runtime/host/file.c \
	runtime/host/keys.c \
	runtime/host/main.c \
	runtime/host/modules.c \
	runtime/host/native.c \
	runtime/host/reader.c \
	runtime/host/signals.c
CORE_C := $(BASE_C) $(AWS_C) $(NET_C) $(CLIENT_C) $(BIND_C)
