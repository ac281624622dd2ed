--- Account settings of a region: encryption by default and the default EBS key, read and set.
local err = require "lunami.err"
local key = require "lunami.key"
local verb = require "lunami.verb"

local M = {}

local Account = {}

function Account:__tostring()
  return ("account %s in %s: encryption by default is %s, default key %s"):format(self.id, self.region,
    self.encryption_by_default and "on" or "off", self.default_key)
end

--- What it is as a plain table, for JSON.
function Account:__plain()
  local plain = { type = "account" }
  for name, value in pairs(rawget(self, "_read")) do plain[name] = value end
  return plain
end

local fields = { id = true, region = true, encryption_by_default = true, default_key = true }

function Account.__index(self, name)
  if Account.methods[name] then return Account.methods[name] end
  if fields[name] then return rawget(self, "_read")[name] end
  err.usage("account", "no field or verb '%s' (it has id, region, encryption_by_default, default_key and set)",
    tostring(name))
end

function Account.__newindex(_, name)
  err.usage("account", "write account():set { %s = … }", tostring(name))
end

-- The managed key may be answered as its alias: its ARN is what snapshots show.
local function default_arn(session)
  local told = session:call("ec2", "GetEbsDefaultKmsKeyId").kms_key_id
  local answer = session:try("kms", "DescribeKey", { key_id = told })
  return answer and answer.key_metadata.arn or told
end

local function read(session)
  return {
    id = session:account(), region = session.region, default_key = default_arn(session),
    encryption_by_default = session:call("ec2", "GetEbsEncryptionByDefault").ebs_encryption_by_default or false,
  }
end

local set_row = {
  help = "change what is named; the answer is read back",
  options = {
    encryption_by_default = { type = "boolean", help = "encrypt every new volume and snapshot copy" },
    default_key = { type = "string|userdata", help = "the key that is taken then; \"aws/ebs\" for the managed one" },
  },
  returns = "itself",
}

local function set_key(session, wanted)
  if wanted == "aws/ebs" or wanted == "default" or wanted == "alias/aws/ebs" then
    session:call("ec2", "ResetEbsDefaultKmsKeyId")
    return nil
  end
  local arn = key.usable(session, wanted, "account.set").arn
  session:call("ec2", "ModifyEbsDefaultKmsKeyId", { kms_key_id = arn })
  return arn
end

local function set(self, opts)
  local session, arn = rawget(self, "_session"), nil
  -- The key first: a default that cannot be used would be worse than none.
  if opts.default_key ~= nil then arn = set_key(session, opts.default_key) end
  if opts.encryption_by_default ~= nil then
    session:call("ec2", (opts.encryption_by_default and "Enable" or "Disable") .. "EbsEncryptionByDefault")
    session.encrypts_by_default = nil
  end
  local now = read(session)
  rawset(self, "_read", now)
  if opts.encryption_by_default ~= nil and now.encryption_by_default ~= opts.encryption_by_default then
    err.raise { code = "NotSet", what = "account.set", message = "encryption by default was set and is not as asked" }
  end
  if arn and now.default_key ~= arn then
    err.raise { code = "NotSet", what = "account.set",
      message = ("the default key is %s, not %s"):format(now.default_key, arn) }
  end
  return self
end

Account.methods = {}
set_row.verb, set_row.noun, set_row.name = "set", "account", "account.set"
verb.rows[#verb.rows + 1] = set_row

function Account.methods.set(self, opts)
  return set(self, (verb.check(set_row, opts)))
end

local word = verb.word("account", nil, {
  help = "the account and its EBS settings in a region: id, region, encryption_by_default, default_key",
  options = { region = true }, returns = "the account, with set { … }",
  run = function(get, opts)
    local session = get():in_region(opts.region)
    return setmetatable({ _session = session, _read = read(session) }, Account)
  end,
})

--- Is it one of ours?
function M.is(value)
  return type(value) == "table" and getmetatable(value) == Account
end

--- The word account of a session.
function M.nouns(get) return word(get) end

return M
