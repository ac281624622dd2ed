/* schema.c - the tables of the cloud's state, and how an older file becomes a newer one. */
#include "cloud/schema.h"

#include <stdio.h>

/* Each text takes a file from one version to the next; a new file gets what they all come to
 * (tools/schema.c). What has been released is never changed here, only added to. */
static const char *const migrations[] = {
    "CREATE TABLE images(id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name "
    "TEXT,"
    " description TEXT, state TEXT NOT NULL, reason TEXT, architecture TEXT, virtualization TEXT,"
    " root_device TEXT, ena INT, boot_mode TEXT, created INT, source_image TEXT, source_region "
    "TEXT,"
    " source_instance TEXT) WITHOUT ROWID;"
    "CREATE INDEX images_of ON images(account, region, id);"
    "CREATE INDEX images_named ON images(account, region, name);"
    "CREATE INDEX images_pending ON images(account, region) WHERE state = 'pending';"
    "CREATE TABLE devices(image TEXT NOT NULL, position INT NOT NULL, device TEXT, snapshot TEXT,"
    " size INT, type TEXT, iops INT, throughput INT, delete_on_termination INT,"
    " PRIMARY KEY(image, position)) WITHOUT ROWID;"
    "CREATE INDEX devices_of ON devices(snapshot);"
    "CREATE TABLE snapshots(id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, "
    "volume TEXT,"
    " description TEXT, state TEXT NOT NULL, message TEXT, started INT, due INT, doomed INT, size "
    "INT,"
    " encrypted INT, key_arn TEXT, data_key TEXT) WITHOUT ROWID;"
    "CREATE INDEX snapshots_of ON snapshots(account, region, id);"
    "CREATE INDEX snapshots_pending ON snapshots(account, region, due) WHERE state = 'pending';"
    "CREATE TABLE volumes(id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, zone "
    "TEXT,"
    " state TEXT NOT NULL, size INT, type TEXT, iops INT, throughput INT, snapshot TEXT, encrypted "
    "INT,"
    " key_arn TEXT, created INT, due INT, doomed INT, instance TEXT, device TEXT) WITHOUT ROWID;"
    "CREATE INDEX volumes_of ON volumes(account, region, id);"
    "CREATE INDEX volumes_pending ON volumes(account, region, due) WHERE state = 'creating';"
    "CREATE TABLE instances(id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, "
    "image TEXT,"
    " type TEXT, state TEXT, zone TEXT, launched INT, root_device TEXT) WITHOUT ROWID;"
    "CREATE INDEX instances_of ON instances(account, region, id);"
    "CREATE TABLE keys(id TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, description "
    "TEXT,"
    " state TEXT, usage TEXT, spec TEXT, manager TEXT, multi_region INT, created INT, deletion INT,"
    " PRIMARY KEY(account, region, id)) WITHOUT ROWID;"
    "CREATE TABLE aliases(account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, key "
    "TEXT,"
    " created INT, PRIMARY KEY(account, region, name)) WITHOUT ROWID;"
    "CREATE TABLE tags(resource TEXT NOT NULL, key TEXT NOT NULL, value TEXT,"
    " PRIMARY KEY(resource, key)) WITHOUT ROWID;"
    "CREATE TABLE tokens(account TEXT NOT NULL, region TEXT NOT NULL, action TEXT NOT NULL,"
    " token TEXT NOT NULL, request TEXT, resource TEXT, PRIMARY KEY(account, region, action, "
    "token))"
    " WITHOUT ROWID;",

    "ALTER TABLE images ADD COLUMN deprecation INT;"
    "ALTER TABLE images ADD COLUMN protection TEXT;"
    "ALTER TABLE images ADD COLUMN tpm TEXT;"
    "ALTER TABLE images ADD COLUMN imds TEXT;"
    "ALTER TABLE images ADD COLUMN sriov TEXT;"
    "ALTER TABLE images ADD COLUMN uefi_data TEXT;"
    "ALTER TABLE images ADD COLUMN platform TEXT;"
    "ALTER TABLE images ADD COLUMN usage_operation TEXT;"
    "ALTER TABLE images ADD COLUMN product_code TEXT;"
    "ALTER TABLE images ADD COLUMN launched INT;"
    "ALTER TABLE instances ADD COLUMN due INT;"
    "ALTER TABLE instances ADD COLUMN doomed INT;"
    "ALTER TABLE instances ADD COLUMN reason_code TEXT;"
    "ALTER TABLE instances ADD COLUMN reason TEXT;"
    "ALTER TABLE instances ADD COLUMN protected INT;"
    "ALTER TABLE instances ADD COLUMN token TEXT;"
    "CREATE INDEX instances_due ON instances(account, region, due) WHERE due IS NOT NULL;"
    "ALTER TABLE volumes ADD COLUMN attached INT;"
    "ALTER TABLE volumes ADD COLUMN attach_state TEXT;"
    "ALTER TABLE volumes ADD COLUMN attach_due INT;"
    "ALTER TABLE volumes ADD COLUMN delete_on_termination INT;"
    "ALTER TABLE devices ADD COLUMN encrypted INT;"
    "CREATE INDEX volumes_attaching ON volumes(account, region, attach_due) WHERE attach_due IS"
    " NOT NULL;"
    "CREATE INDEX volumes_on ON volumes(instance) WHERE instance IS NOT NULL;"
    "UPDATE volumes SET attach_state = 'attached', attached = created, delete_on_termination = 1"
    " WHERE instance IS NOT NULL;"
    /* who else may launch an image or make volumes of a snapshot: an account, or 'all' */
    "CREATE TABLE permissions(resource TEXT NOT NULL, grantee TEXT NOT NULL,"
    " PRIMARY KEY(resource, grantee)) WITHOUT ROWID;"
    "CREATE INDEX permissions_of ON permissions(grantee);"
    /* encryption by default and its key, as given */
    "CREATE TABLE defaults(account TEXT NOT NULL, region TEXT NOT NULL, encrypt INT, key TEXT,"
    " PRIMARY KEY(account, region)) WITHOUT ROWID;"
    "CREATE TABLE grants(id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL,"
    " key TEXT NOT NULL, grantee TEXT NOT NULL, retiring TEXT, operations TEXT NOT NULL,"
    " constraints TEXT, name TEXT, token TEXT NOT NULL, issuer TEXT, created INT) WITHOUT ROWID;"
    "CREATE INDEX grants_of ON grants(account, region, key, id);"
    "CREATE TABLE policies(account TEXT NOT NULL, region TEXT NOT NULL, key TEXT NOT NULL,"
    " policy TEXT NOT NULL, PRIMARY KEY(account, region, key)) WITHOUT ROWID;"
    /* roles of an account: trust is the policy that says who may assume it */
    "CREATE TABLE roles(account TEXT NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL, trust TEXT,"
    " external_id TEXT, PRIMARY KEY(account, name)) WITHOUT ROWID;"
    "CREATE TABLE credentials(id TEXT PRIMARY KEY, secret TEXT NOT NULL, token TEXT NOT NULL,"
    " account TEXT NOT NULL, arn TEXT NOT NULL, user_id TEXT NOT NULL, expires INT NOT NULL)"
    " WITHOUT ROWID;",

    /* what keys encrypt with, wrapped by the root key, whose proof is beside */
    "CREATE TABLE materials(account TEXT NOT NULL, region TEXT NOT NULL, key TEXT NOT NULL,"
    " position INT NOT NULL, id TEXT NOT NULL, created INT, wrapped BLOB NOT NULL,"
    " PRIMARY KEY(account, region, key, position)) WITHOUT ROWID;"
    "CREATE INDEX materials_named ON materials(id);"
    "CREATE TABLE root_proof(proof BLOB NOT NULL);"
    "CREATE INDEX keys_going ON keys(deletion) WHERE state = 'PendingDeletion';",

    /* what is due next, whatever account it is of */
    "CREATE INDEX snapshots_due ON snapshots(due) WHERE state = 'pending' AND due IS NOT"
    " NULL;"
    "DROP INDEX volumes_pending;"
    "CREATE INDEX volumes_due ON volumes(due) WHERE state = 'creating' AND due IS NOT NULL;"
    "DROP INDEX volumes_attaching;"
    "CREATE INDEX volumes_attach_due ON volumes(attach_due) WHERE attach_due IS NOT NULL;"
    "DROP INDEX instances_due;"
    "CREATE INDEX instances_changing ON instances(due) WHERE due IS NOT NULL AND"
    " state <> 'terminated';"
    "CREATE INDEX instances_going ON instances(due) WHERE state = 'terminated' AND due IS NOT"
    " NULL;",

    /* users and roles ("user/NAME", "role/NAME"), and what they may; managed: of AWS, attached */
    "CREATE TABLE users(account TEXT NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL, path TEXT NOT"
    " NULL, created INT, PRIMARY KEY(account, name)) WITHOUT ROWID;"
    "CREATE TABLE access_keys(id TEXT PRIMARY KEY, account TEXT NOT NULL, user TEXT NOT NULL,"
    " secret TEXT NOT NULL, status TEXT NOT NULL, created INT) WITHOUT ROWID;"
    "CREATE INDEX access_keys_of ON access_keys(account, user, id);"
    "CREATE TABLE identity_policies(account TEXT NOT NULL, owner TEXT NOT NULL, managed INT NOT"
    " NULL, name TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY(account, owner, managed, name))"
    " WITHOUT ROWID;"
    "CREATE TABLE oidc_providers(account TEXT NOT NULL, url TEXT NOT NULL, clients TEXT NOT NULL,"
    " created INT, PRIMARY KEY(account, url)) WITHOUT ROWID;"
    "ALTER TABLE roles ADD COLUMN path TEXT NOT NULL DEFAULT '/';"
    "ALTER TABLE roles ADD COLUMN description TEXT;"
    "ALTER TABLE roles ADD COLUMN max_duration INT NOT NULL DEFAULT 43200;"
    "ALTER TABLE roles ADD COLUMN created INT NOT NULL DEFAULT 0;"
    "ALTER TABLE credentials ADD COLUMN policy TEXT;"
    "ALTER TABLE credentials ADD COLUMN source_identity TEXT;"
    "INSERT INTO identity_policies SELECT account, 'role/' || name, 1, 'AdministratorAccess',"
    " '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",'"
    " || '\"Resource\":\"*\"}]}' FROM roles;"
    "ALTER TABLE keys ADD COLUMN rotation_days INT;"
    "ALTER TABLE keys ADD COLUMN rotation_next INT;"
    "CREATE INDEX keys_rotating ON keys(rotation_next) WHERE rotation_next IS NOT NULL;"
    /* of a multi-Region key: where its primary is, and how long it waits for its replicas */
    "ALTER TABLE keys ADD COLUMN primary_region TEXT;"
    "ALTER TABLE keys ADD COLUMN window_days INT;"
    "UPDATE keys SET primary_region = region WHERE multi_region = 1;",
    /* What volumes and snapshots hold: see blocks.h and maps.h. A map of NULL holds nothing. */
    "CREATE TABLE maps(id INTEGER PRIMARY KEY AUTOINCREMENT, parent INT, data_key TEXT NOT NULL,"
    " full INT NOT NULL);"
    "CREATE INDEX maps_over ON maps(parent) WHERE parent IS NOT NULL;"
    "CREATE INDEX maps_under ON maps(data_key);"
    "CREATE TABLE blocks(map INT NOT NULL, idx INT NOT NULL, slot INT NOT NULL, seal BLOB NOT"
    " NULL, PRIMARY KEY(map, idx)) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX blocks_in ON blocks(slot);"
    "CREATE TABLE slots(next INT NOT NULL);"
    "INSERT INTO slots VALUES(0);"
    "CREATE TABLE freed(slot INTEGER PRIMARY KEY);"
    "CREATE TABLE spare(slot INTEGER PRIMARY KEY);"
    "CREATE TABLE claims(slot INTEGER PRIMARY KEY);"
    "CREATE TABLE litter(map INTEGER PRIMARY KEY, next INT NOT NULL DEFAULT 0);"
    "CREATE TABLE copies(id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, source INT"
    " NOT NULL, target INT NOT NULL, next INT NOT NULL);"
    "CREATE INDEX copies_of ON copies(source);"
    "CREATE UNIQUE INDEX copies_to ON copies(target);"
    "CREATE TABLE data_keys(id TEXT PRIMARY KEY, key_arn TEXT NOT NULL, wrapped BLOB NOT NULL)"
    " WITHOUT ROWID;"
    "ALTER TABLE snapshots ADD COLUMN map INT;"
    "CREATE INDEX snapshots_on ON snapshots(map) WHERE map IS NOT NULL;"
    "ALTER TABLE volumes ADD COLUMN map INT;"
    "ALTER TABLE volumes ADD COLUMN data_key TEXT;"
    "CREATE INDEX volumes_over ON volumes(map) WHERE map IS NOT NULL;"
    /* a snapshot that is being uploaded: minutes without a block until it is given up, what the
     * client tells of its progress, and which blocks were written */
    "ALTER TABLE snapshots ADD COLUMN timeout INT;"
    "ALTER TABLE snapshots ADD COLUMN progress INT;"
    "CREATE TABLE written(snapshot TEXT NOT NULL, idx INT NOT NULL, PRIMARY KEY(snapshot, idx))"
    " WITHOUT ROWID;",

    "CREATE INDEX tags_by ON tags(key, value, resource);",

    /* what a role's external id asks is a condition of its trust */
    "UPDATE roles SET trust = json_set(trust, '$.Statement[0].Condition', json_object("
    "'StringEquals', json_object('sts:ExternalId', external_id))), external_id = NULL"
    " WHERE external_id IS NOT NULL;",
    /* volumes of before they had data keys */
    "UPDATE volumes SET data_key = lower(hex(randomblob(16))) WHERE encrypted <> 0;"
    /* what is written from outside has a time of its own */
    "DROP INDEX snapshots_due;"
    "CREATE INDEX snapshots_due ON snapshots(due) WHERE state = 'pending' AND due IS NOT NULL AND"
    " timeout IS NULL;"
    "CREATE INDEX snapshots_written ON snapshots(due) WHERE state = 'pending' AND timeout IS NOT"
    " NULL;"
    "CREATE TABLE token_secret(secret BLOB NOT NULL);",

    /* what is around an instance */
    "CREATE TABLE key_pairs(id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL,"
    " name TEXT NOT NULL, type TEXT, fingerprint TEXT, public TEXT, created INT) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX key_pairs_named ON key_pairs(account, region, name);"
    "CREATE TABLE vpcs(id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE INDEX vpcs_of ON vpcs(account, region, id);"
    "CREATE TABLE subnets(id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL,"
    " vpc TEXT NOT NULL, zone TEXT NOT NULL, zone_id TEXT, block INT) WITHOUT ROWID;"
    "CREATE INDEX subnets_of ON subnets(account, region, id);"
    "CREATE TABLE security_groups(id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL,"
    " vpc TEXT NOT NULL, name TEXT NOT NULL, description TEXT) WITHOUT ROWID;"
    "CREATE INDEX security_groups_of ON security_groups(account, region, id);"
    "CREATE UNIQUE INDEX security_groups_named ON security_groups(account, region, name);"
    /* kind: ipv4, ipv6, prefix, group; ports -1: all of them */
    "CREATE TABLE rules(id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL,"
    " grp TEXT NOT NULL, egress INT, protocol TEXT, from_port INT, to_port INT, kind TEXT,"
    " peer TEXT, peer_account TEXT, description TEXT) WITHOUT ROWID;"
    "CREATE INDEX rules_in ON rules(grp, egress);"
    "CREATE INDEX rules_of ON rules(account, region, id);"
    "CREATE INDEX rules_about ON rules(peer) WHERE kind = 'group';"
    /* address: within the VPC's range */
    "CREATE TABLE interfaces(id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL,"
    " subnet TEXT NOT NULL, address INT NOT NULL, public INT, instance TEXT, description TEXT,"
    " attached INT) WITHOUT ROWID;"
    "CREATE INDEX interfaces_of ON interfaces(account, region, id);"
    "CREATE UNIQUE INDEX interfaces_at ON interfaces(subnet, address);"
    "CREATE INDEX interfaces_on ON interfaces(instance);"
    "CREATE TABLE interface_groups(interface TEXT NOT NULL, grp TEXT NOT NULL,"
    " PRIMARY KEY(interface, grp)) WITHOUT ROWID;"
    "CREATE INDEX interface_groups_of ON interface_groups(grp);"
    "ALTER TABLE instances ADD COLUMN reservation TEXT;"
    "ALTER TABLE instances ADD COLUMN launch_index INT;"
    "ALTER TABLE instances ADD COLUMN key_name TEXT;"
    "ALTER TABLE instances ADD COLUMN user_data TEXT;"
    "ALTER TABLE instances ADD COLUMN shutdown TEXT;"
    "ALTER TABLE instances ADD COLUMN ebs_optimized INT;"
    "ALTER TABLE instances ADD COLUMN stop_protected INT;"
    "ALTER TABLE instances ADD COLUMN no_source_check INT;"
    "ALTER TABLE instances ADD COLUMN profile TEXT;"
    "ALTER TABLE instances ADD COLUMN monitored INT;",

    "CREATE TABLE modifications(volume TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT"
    " NULL, state TEXT, from_size INT, to_size INT, from_type TEXT, to_type TEXT, from_iops INT,"
    " to_iops INT, from_throughput INT, to_throughput INT, started INT, done INT, due INT)"
    " WITHOUT ROWID;"
    "CREATE INDEX modifications_of ON modifications(account, region, volume);"
    "CREATE INDEX modifications_due ON modifications(due) WHERE due IS NOT NULL;"
    "CREATE TRIGGER volumes_gone AFTER DELETE ON volumes BEGIN DELETE FROM modifications WHERE"
    " volume = old.id; END;"
    /* when the status checks of a running instance pass */
    "ALTER TABLE instances ADD COLUMN ok_at INT;"
    "CREATE INDEX instances_checked ON instances(ok_at) WHERE ok_at IS NOT NULL;"
    /* until when an image is protected whose protection was disabled */
    "ALTER TABLE images ADD COLUMN protected_until INT;",

    /* images that were deregistered: until when they are shown, and answered with nothing */
    "CREATE TABLE deregistered(id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL,"
    " shown INT NOT NULL, forgotten INT NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX deregistered_forgotten ON deregistered(forgotten);",

    "CREATE TABLE account_aliases(account TEXT PRIMARY KEY, alias TEXT UNIQUE) WITHOUT ROWID;",
    /* what is deleted before it is there, and what takes a while to go */
    "ALTER TABLE snapshots ADD COLUMN deleted INT;"
    "CREATE INDEX volumes_going ON volumes(due) WHERE state = 'deleting' AND due IS NOT NULL;"
    /* of a copy: the minutes that it was given or 0, KiB a second that it takes; of all: their end
     */
    "ALTER TABLE snapshots ADD COLUMN minutes INT;"
    "ALTER TABLE snapshots ADD COLUMN rate INT;"
    "ALTER TABLE snapshots ADD COLUMN completed INT;"
    "ALTER TABLE volumes ADD COLUMN multi_attach INT;"
    "ALTER TABLE volumes ADD COLUMN initialization_rate INT;",

    /* what a launch said, and is shown again */
    "ALTER TABLE instances ADD COLUMN tenancy TEXT;"
    "ALTER TABLE instances ADD COLUMN credits TEXT;"
    "ALTER TABLE instances ADD COLUMN http_tokens TEXT;"
    "ALTER TABLE instances ADD COLUMN http_hops INT;"
    "ALTER TABLE instances ADD COLUMN http_endpoint TEXT;"
    "ALTER TABLE instances ADD COLUMN http_ipv6 TEXT;"
    "ALTER TABLE instances ADD COLUMN metadata_tags TEXT;"
    /* who changed its state, and when */
    "ALTER TABLE instances ADD COLUMN transition TEXT;",

    /* until when volumes that are being made were looked at: those that were due by then and are
     * there are available, which is not written into each */
    "CREATE TABLE settled(until INT NOT NULL); INSERT INTO settled VALUES(0);",

    /* the virtual time that has been reached */
    "CREATE TABLE clock(id INTEGER PRIMARY KEY CHECK(id = 1), now INT NOT NULL);",

    /* an account's own policies, and what a session is tagged with */
    "CREATE TABLE managed_policies(account TEXT NOT NULL, name TEXT NOT NULL, arn TEXT NOT NULL, "
    "id TEXT NOT"
    " NULL, path TEXT NOT NULL, description TEXT, document TEXT NOT NULL, created INT, PRIMARY"
    " KEY(account, name)) WITHOUT ROWID;"
    "CREATE INDEX managed_policies_by ON managed_policies(account, arn);"
    "CREATE INDEX identity_policies_by ON identity_policies(account, name);"
    "ALTER TABLE credentials ADD COLUMN tags BLOB;",

    /* what others pay for in an image; it cannot be copied to another account */
    "ALTER TABLE images ADD COLUMN billing TEXT;",
};

#define VERSION ((int64_t)(sizeof migrations / sizeof migrations[0]))

int64_t lnm_schema_newest(void) {
    return VERSION;
}

int64_t lnm_schema_version(struct lnm_cloud *c) {
    sqlite3_stmt *s = NULL;
    int64_t version = -1;
    if (sqlite3_prepare_v2(c->db, "PRAGMA user_version", -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW) {
        version = sqlite3_column_int64(s, 0);
    }
    (void)sqlite3_finalize(s);
    return version;
}

static bool run(struct lnm_cloud *c, const char *sql) {
    return sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* One step in one transaction: a process that dies in it leaves the older version. */
static bool step(struct lnm_cloud *c, int64_t from) {
    char version[48];
    (void)snprintf(version, sizeof version, "PRAGMA user_version = %lld", (long long)from + 1);
    return run(c, "BEGIN IMMEDIATE") && run(c, migrations[from]) && run(c, version) &&
           run(c, "COMMIT");
}

int lnm_schema_migrate_to(struct lnm_cloud *c, int64_t to, struct lnm_err *err) {
    int64_t version = lnm_schema_version(c);
    if (version > VERSION || version < 0) {
        return lnm_fail(
            err, LNM_EIO, "LocalCloud",
            "the folder was written by a newer lunami (schema %lld, this one knows %lld)",
            (long long)version, (long long)VERSION);
    }
    for (; version < to; version++) {
        if (!step(c, version)) {
            return lnm_fail(err, LNM_EIO, "LocalCloud",
                            "the local cloud's state cannot be brought to schema %lld: %s",
                            (long long)version + 1, sqlite3_errmsg(c->db));
        }
    }
    return 0;
}
