--- Sharing images and snapshots with other accounts: refused before anything is changed where AWS
-- forbids it, and complete where it does not: launch permission, volume permissions, a grant on the key.
local check = require "lunami.check"
local core = require "lunami.core"
local err = require "lunami.err"
local unknown = require "lunami.unknown"
local verb = require "lunami.verb"
local wait = require "lunami.wait"

local M = {}

local options = {
  accounts = { type = "table", help = "account ids" },
  grant = { type = "boolean", help = "false: do not let them use the customer keys (default: a grant on each)" },
}
local image_options = {
  organizations = { type = "table", help = "ARNs of organizations (to launch; their snapshots cannot be shared so)" },
  units = { type = "table", help = "ARNs of organizational units" },
  snapshots = { type = "boolean", help = "false: to launch only, not to copy (default: its snapshots, too)" },
}
local public = { type = "boolean", help = "with everybody: unencrypted ones only" }

-- What another account needs of a key to read a snapshot and to make its own encrypted one.
local OPERATIONS = { "DescribeKey", "Decrypt", "CreateGrant", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom",
  "ReEncryptTo", "RetireGrant" }

local function accounts_of(what, opts, positional)
  local list = {}
  if positional ~= nil then list[1] = positional end
  for _, id in ipairs(opts.accounts or {}) do list[#list + 1] = id end
  for _, id in ipairs(list) do
    if type(id) ~= "string" or not id:find("^%d%d%d%d%d%d%d%d%d%d%d%d$") then
      err.usage(what, "'%s' is no account id (12 digits, as text)", tostring(id))
    end
  end
  return list
end

-- Every key behind the snapshots ({ snapshot =, key = }), each once, with its metadata.
local function keys_of(what, session, snapshots)
  local found, order = {}, {}
  for _, snapshot in ipairs(snapshots) do
    local arn = snapshot.key
    if arn and not found[arn] then
      local answer, failure = session:try("kms", "DescribeKey", { key_id = arn })
      if not answer then
        failure.what = what
        error(failure, 0)
      end
      found[arn] = { arn = arn, record = answer.key_metadata, snapshot = snapshot.snapshot }
      order[#order + 1] = found[arn]
    end
  end
  return order
end

-- What AWS forbids, said before anything is changed.
local function refuse(what, self, snapshots, keys, opts)
  if opts.public and #keys > 0 then
    err.raise { code = "OperationNotPermitted", what = what,
      message = ("%s has encrypted snapshots (%s): AWS shares nothing encrypted with everybody; name accounts"):format(
        self.id, keys[1].snapshot) }
  end
  for _, snapshot in ipairs(snapshots) do
    if snapshot.encrypted and not snapshot.key then
      err.raise { code = "OperationNotPermitted", what = what,
        message = ("the key of %s is not known: read the snapshot first"):format(snapshot.snapshot) }
    end
  end
  for _, one in ipairs(keys) do
    if one.record.key_manager == "AWS" then
      err.raise { code = "OperationNotPermitted", what = what,
        message = ("%s is under the default key aws/ebs, which AWS lets no other account use: copy %s under a key of "
          .. "your own first: :copy { key = \"alias/…\" }"):format(one.snapshot, self.id) }
    end
  end
end

local function root_arn(session, account)
  return ("arn:%s:iam::%s:root"):format(core.partition(session.region), account)
end

-- The name makes a repeat the same grant.
local function grant_name(account) return "lunami-share-" .. account end

local function grant(what, session, keys, accounts)
  for _, one in ipairs(keys) do
    for _, account in ipairs(accounts) do
      local wanted = { key_id = one.arn, name = grant_name(account),
        grantee_principal = root_arn(session, account), operations = OPERATIONS }
      local given, failure = session:try("kms", "CreateGrant", wanted)
      if not given then given, failure = unknown.settle(session, "CreateGrant", wanted, wanted.name, failure) end
      if not given then
        failure.what = what
        failure.message = ("%s; nothing is shared yet. Let account %s use %s by its policy and say grant = false")
          :format(failure.message, account, one.arn)
        error(failure, 0)
      end
    end
  end
end

local function revoke(session, keys, accounts)
  for _, one in ipairs(keys) do
    for _, entry in ipairs(session:pages("kms", "ListGrants", { key_id = one.arn }, "grants")) do
      for _, account in ipairs(accounts) do
        if entry.name == grant_name(account) then
          session:call("kms", "RevokeGrant", { key_id = one.arn, grant_id = entry.grant_id })
        end
      end
    end
  end
end

local function permissions(accounts, everybody)
  local list = {}
  for _, account in ipairs(accounts) do list[#list + 1] = { user_id = account } end
  if everybody then list[#list + 1] = { group = "all" } end
  return list
end

local function volume_permission(session, id, how, accounts, everybody)
  session:call("ec2", "ModifySnapshotAttribute", { snapshot_id = id, attribute = "createVolumePermission",
    create_volume_permission = { [how] = permissions(accounts, everybody) } })
end

local function launch_permission(self, how, accounts, opts)
  local list = permissions(accounts, opts.public)
  for _, arn in ipairs(opts.organizations or {}) do list[#list + 1] = { organization_arn = arn } end
  for _, arn in ipairs(opts.units or {}) do list[#list + 1] = { organizational_unit_arn = arn } end
  self._session:call("ec2", "ModifyImageAttribute", { image_id = self.id, launch_permission = { [how] = list } })
end

local function somebody(what, accounts, opts)
  if #accounts == 0 and not opts.public and not opts.organizations and not opts.units then
    err.usage(what, "with whom? %s { accounts = { \"…\" } }", what:match("%.(.*)$"))
  end
end

local function share_image(self, opts, _, positional)
  local what, session = "image.share", self._session
  local accounts = accounts_of(what, opts, positional)
  somebody(what, accounts, opts)
  wait.ready(self)
  local keys = keys_of(what, session, self.snapshots)
  refuse(what, self, self.snapshots, keys, opts)
  if opts.grant ~= false then grant(what, session, keys, accounts) end
  if opts.snapshots ~= false and (#accounts > 0 or opts.public) then
    for _, device in ipairs(self.snapshots) do
      volume_permission(session, device.snapshot, "add", accounts, opts.public)
    end
  end
  launch_permission(self, "add", accounts, opts)
  return self
end

local function unshare_image(self, opts, _, positional)
  local what, session = "image.unshare", self._session
  local accounts = accounts_of(what, opts, positional)
  somebody(what, accounts, opts)
  launch_permission(self, "remove", accounts, opts)
  if #accounts > 0 or opts.public then
    for _, device in ipairs(self.snapshots) do
      volume_permission(session, device.snapshot, "remove", accounts, opts.public)
    end
  end
  if opts.grant ~= false then revoke(session, keys_of(what, session, self.snapshots), accounts) end
  return self
end

local function as_device(self)
  return { { snapshot = self.id, encrypted = self.encrypted, key = self.kms_key_id } }
end

local function share_snapshot(self, opts, _, positional)
  local what = "snapshot.share"
  local accounts = accounts_of(what, opts, positional)
  somebody(what, accounts, opts)
  wait.ready(self)
  local keys = keys_of(what, self._session, as_device(self))
  refuse(what, self, as_device(self), keys, opts)
  if opts.grant ~= false then grant(what, self._session, keys, accounts) end
  volume_permission(self._session, self.id, "add", accounts, opts.public)
  return self
end

local function unshare_snapshot(self, opts, _, positional)
  local what = "snapshot.unshare"
  local accounts = accounts_of(what, opts, positional)
  somebody(what, accounts, opts)
  volume_permission(self._session, self.id, "remove", accounts, opts.public)
  if opts.grant ~= false then
    revoke(self._session, keys_of(what, self._session, as_device(self)), accounts)
  end
  return self
end

local function with(more)
  local all = { public = public }
  for _, name in ipairs(check.sorted_keys(options)) do all[name] = options[name] end
  for name, option in pairs(more) do all[name] = option end
  return all
end

local function add_image(class)
  verb.add(class, "share", {
    help = "let other accounts launch and copy it: launch permission, its snapshots, and a grant on each customer key",
    positional = "an account id", options = with(image_options), returns = "itself", run = share_image,
  })
  verb.add(class, "unshare", {
    help = "take all that back", destroys = "Others cannot use it then",
    positional = "an account id", options = with(image_options), returns = "itself", run = unshare_image,
  })
end

local function add_snapshot(class)
  verb.add(class, "share", {
    help = "let other accounts make volumes and copies of it, and use its customer key",
    positional = "an account id", options = with {}, returns = "itself", run = share_snapshot,
  })
  verb.add(class, "unshare", {
    help = "take that back", destroys = "Others cannot use it then",
    positional = "an account id", options = with {}, returns = "itself", run = unshare_snapshot,
  })
end

--- The verbs share and unshare of images and of snapshots.
function M.add(class)
  (class.name == "image" and add_image or add_snapshot)(class)
end

return M
