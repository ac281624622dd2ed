--- KMS keys: finding and making them, and saying before anything is sent whether EBS can use one.
local check = require "lunami.check"
local core = require "lunami.core"
local create = require "lunami.create"
local err = require "lunami.err"
local noun = require "lunami.noun"
local started = require "lunami.started"
local verb = require "lunami.verb"

local M = {}

local class = noun.class {
  name = "key", id_field = "key_id", service = "kms", action = "DescribeKey", path = "key_metadata",
}
M.class = class

function class.line(object)
  return ('key "%s" (%s, %s, %s)'):format(noun.state(object).alias or object.key_id,
    (object.key_state or "?"):lower(), object.key_id, object.region)
end

class.fields.alias = { help = "the alias that it was found by, or one that it has",
  get = function(object) return noun.state(object).alias end }

-- What a person calls a key: what was asked for, and its id when that is something else.
local function told(name, record)
  return name == record.key_id and name or name .. " (" .. record.key_id .. ")"
end

--- Why EBS cannot use this key, with the remedy; nil when nothing is known against it.
function M.unusable(record, name, region)
  local called = told(name, record)
  if record.key_spec ~= nil and record.key_spec ~= "SYMMETRIC_DEFAULT" then
    return ("key %s is %s; EBS needs a symmetric key (SYMMETRIC_DEFAULT)"):format(called, record.key_spec)
  end
  if record.key_usage ~= nil and record.key_usage ~= "ENCRYPT_DECRYPT" then
    return ("key %s is for %s; EBS needs ENCRYPT_DECRYPT"):format(called, record.key_usage)
  end
  local state = record.key_state
  if state == "Disabled" then
    return ("key %s is disabled; enable it first: key \"%s\":enable() in %s"):format(called, record.key_id, region)
  elseif state == "PendingDeletion" then
    return ("key %s is pending deletion (%s); cancel that first, or name another key"):format(
      called, tostring(record.deletion_date or "date unknown"))
  elseif state ~= nil and state ~= "Enabled" then
    return ("key %s is in state %s; EBS needs an enabled key"):format(called, state)
  end
  return nil
end

local function arn_region(text)
  return text:match("^arn:[^:]*:kms:([^:]*):")
end

--- The key that `name` means in this session's account and region; raises when there is none.
function M.find(session, name, what)
  if class.is(name) then name = name.arn end
  local region = arn_region(name)
  if region and region ~= session.region then
    err.raise { code = "WrongRegion", what = what,
      message = ("key %s is in %s, but a key of %s is needed there"):format(name, region, session.region) }
  end
  local answer, failure = session:ask("kms", "DescribeKey", { key_id = name })
  if answer then return answer.key_metadata end
  if failure.code == "NotFoundException" then
    failure = err.new { code = "NotFound", what = what, kind = "service", request_id = failure.request_id,
      cause = failure, message = ("there is no key %s in %s"):format(name, session.region)
        .. M.suggestion(session, name) }
  end
  failure.what = what or failure.what
  failure.message = ("key %s: %s"):format(name, failure.message)
  error(failure, 0)
end

--- " (did you mean 'alias/golden'?)" when a near alias exists and may be listed; else "".
function M.suggestion(session, name)
  local operation = session:try("kms", "ListAliases", { limit = 100 })
  local known = {}
  for _, alias in ipairs(operation and operation.aliases or {}) do known[alias.alias_name] = true end
  local near = check.nearest(name, known)
  return near and near ~= name and " (did you mean '" .. near .. "'?)" or ""
end

--- The alias of a key ARN in this session: nil when it has none, or when listing aliases is not
-- allowed.
function M.alias_of(session, arn)
  if not session.alias_by_id then
    local by_id = {}
    local answer = session:ask("kms", "ListAliases", { limit = 100 })
    while answer do
      for _, alias in ipairs(answer.aliases or {}) do
        if alias.target_key_id then by_id[alias.target_key_id] = alias.alias_name end
      end
      answer = answer.truncated and answer.next_marker
        and session:ask("kms", "ListAliases", { limit = 100, marker = answer.next_marker }) or nil
    end
    session.alias_by_id = by_id
  end
  return session.alias_by_id[arn:match("key/(.+)$") or arn]
end

--- The key that EBS shall use for new data in this session: its metadata, after every check that KMS
-- can answer.
function M.usable(session, name, what)
  local record = M.find(session, name, what)
  local shown = class.is(name) and (name.alias or name.arn) or name
  local reason = M.unusable(record, shown, session.region)
  if reason then err.raise { code = "UnusableKey", what = what, message = reason } end
  return record
end

--- What `key = …` means in a request: kms_key_id's value (nil for "default"), after the checks.
function M.arn(session, name, what)
  if name == "default" then return nil end
  return M.usable(session, name, what).arn
end

-- ---- verbs ---------------------------------------------------------------------------------------

local function refreshed(self)
  local answer = self._session:call("kms", "DescribeKey", { key_id = self.arn })
  core.renew("key", self, answer.key_metadata)
  return self
end

verb.add(class, "refresh", { help = "read it again", returns = "itself", run = refreshed })

verb.add(class, "enable", {
  help = "allow its use again", action = "kms.EnableKey", no_members = true, returns = "itself",
  run = function(self)
    self._session:call("kms", "EnableKey", { key_id = self.key_id })
    return refreshed(self)
  end,
})

verb.add(class, "disable", {
  destroys = true,
  help = "forbid its use; what is attached to a running instance stays readable there", action = "kms.DisableKey",
  no_members = true, returns = "itself",
  run = function(self)
    self._session:call("kms", "DisableKey", { key_id = self.key_id })
    return refreshed(self)
  end,
})

verb.add(class, "grants", {
  help = "who else may use it, by grants", action = "kms.ListGrants", hide = { "key_id", "limit", "marker" },
  returns = "a list of { grant_id, grantee_principal, operations, … }",
  run = function(self, _, input)
    input.key_id = self.key_id
    return self._session:pages("kms", "ListGrants", input, "grants")
  end,
})

verb.add(class, "policy", {
  help = "its policy, JSON; with a text, replaces it", positional = "a policy document, JSON", returns = "the policy",
  destroys = "Another policy decides then who may use the key", reads = true,
  run = function(self, _, _, text)
    if text ~= nil then
      if type(text) ~= "string" then err.usage("key.policy", "a JSON text expected, got %s", type(text)) end
      self._session:call("kms", "PutKeyPolicy", { key_id = self.key_id, policy_name = "default", policy = text })
    end
    return self._session:call("kms", "GetKeyPolicy", { key_id = self.key_id, policy_name = "default" }).policy
  end,
})

verb.add(class, "tags", {
  help = "its tags", action = "kms.ListResourceTags", no_members = true, returns = "{ name = \"value\" }",
  run = function(self)
    local tags = {}
    for _, tag in ipairs(self._session:pages("kms", "ListResourceTags", { key_id = self.key_id }, "tags")) do
      tags[tag.tag_key] = tag.tag_value
    end
    return tags
  end,
})

verb.add(class, "tag", {
  help = "write tags; a name in use gets the new value", positional = "{ name = \"value\" }", positional_table = true,
  returns = "itself",
  run = function(self, _, _, tags)
    if type(tags) ~= "table" or next(tags) == nil then
      err.usage("key.tag", "a table of tags expected: { key = \"value\" }")
    end
    self._session:call("kms", "TagResource", { key_id = self.key_id,
      tags = noun.tag_list(tags, "tag_key", "tag_value") })
    return self
  end,
})

verb.add(class, "untag", {
  help = "take tags away", positional = "a name, or a list of names", positional_table = true, returns = "itself",
  run = function(self, _, _, names)
    if type(names) ~= "string" and type(names) ~= "table" then
      err.usage("key.untag", "names of tags expected: { \"team\" }")
    end
    self._session:call("kms", "UntagResource", { key_id = self.key_id,
      tag_keys = type(names) == "string" and { names } or names })
    return self
  end,
})

verb.add(class, "schedule_deletion", {
  destroys = true,
  help = "delete it for ever after a waiting time; what it encrypts is then lost",
  action = "kms.ScheduleKeyDeletion", hide = { "key_id" }, returns = "itself",
  run = function(self, _, input)
    input.key_id = self.key_id
    self._session:call("kms", "ScheduleKeyDeletion", input)
    return refreshed(self)
  end,
})

verb.add(class, "cancel_deletion", {
  help = "keep it after all; it is disabled then", action = "kms.CancelKeyDeletion", no_members = true,
  returns = "itself",
  run = function(self)
    self._session:call("kms", "CancelKeyDeletion", { key_id = self.key_id })
    return refreshed(self)
  end,
})

verb.later(class, { "usable" }, "lunami.usable")

-- ---- finding and making --------------------------------------------------------------------------

class.look_up = { id = { type = "string", help = "key id, ARN, alias or alias ARN" },
  region = { type = "string", help = "look there" } }

local function found(session, record, alias)
  local object = class.new(session, record)
  noun.state(object).alias = alias or M.alias_of(session, object.arn)
  return object
end

local function find(get, which)
  local opts = type(which) == "string" and { id = which } or check.options("key", which, class.look_up)
  if not opts.id then err.usage("key", "say which: key \"alias/golden\"") end
  local session = get():in_region(opts.region)
  return found(session, M.find(session, opts.id, "key"), opts.id:match("^alias/.+"))
end

-- Every key that has an alias: others are the account's own business, and there may be very many.
local function list(get, opts)
  check.options("keys", opts, { region = class.look_up.region })
  local session = get():in_region(opts and opts.region)
  local keys = {}
  noun.lists[keys] = class
  for _, alias in ipairs(session:pages("kms", "ListAliases", {}, "aliases")) do
    if alias.target_key_id then
      keys[#keys + 1] = found(session, M.find(session, alias.alias_name, "keys"), alias.alias_name)
    end
  end
  return keys
end

local words = {
  create = verb.word("key", "create", {
    help = "make a key, and an alias for it", action = "kms.CreateKey", hide = { "tags", "customer_master_key_spec" },
    options = { alias = { type = "string", help = "alias/… for the new key" }, tags = true, region = true },
    returns = "the key",
    run = function(get, opts, input)
      local session = get():in_region(opts.region)
      if opts.alias and not opts.alias:find("^alias/.") then
        err.usage("key.create", "alias '%s' must begin with alias/", opts.alias)
      end
      local answer = create.key(session, input, opts.tags)
      local object = class.new(session, answer.key_metadata)
      started.made(object)
      if opts.alias then
        session:call("kms", "CreateAlias", { alias_name = opts.alias, target_key_id = object.key_id })
        noun.state(object).alias = opts.alias
      end
      session.alias_by_id = nil
      return object
    end,
  }),
}

--- The nouns key and keys of a session (given by a function, so that the default one opens late).
function M.nouns(get)
  local word = { create = words.create(get) }
  for name, method in pairs(class.methods) do word[name] = method end
  return setmetatable(word, { __call = function(_, which) return find(get, which) end, class = class }),
    function(opts) return list(get, opts) end
end

return M
