--- KMS keys: finding them, and saying before anything is sent whether EBS can use one.
local check = require "lunami.check"
local core = require "lunami.core"
local err = require "lunami.err"
local noun = require "lunami.noun"

local M = {}

local class = noun.class {
  name = "key", id_field = "key_id", service = "kms", action = "DescribeKey", list = "key_metadata",
}
M.class = class
class.extra = { aliases = true, alias = true, region = true }

-- DescribeKey's answer is one struct, not a list: its row is read here.
local names
local index = class.__index
function class.__index(object, key)
  if not names then
    names = {}
    for _, member in ipairs(core.row("kms", "DescribeKey").output) do
      for _, field in ipairs(member.members or {}) do names[field.name] = true end
    end
  end
  if names[key] then return rawget(object, "_record")[key] end
  return index(object, key)
end

function class.line(object)
  return ('key "%s" (%s, %s, %s)'):format(rawget(object, "alias") or object.key_id,
    (object.key_state or "?"):lower(), object.key_id, object._session.region)
end

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
    return ("key %s is disabled; enable it first: aws kms enable-key --region %s --key-id %s"):format(
      called, region, record.key_id)
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
  if noun.is(class, name) then name = name.arn end
  local region = arn_region(name)
  if region and region ~= session.region then
    err.raise { code = "WrongRegion", what = what,
      message = ("key %s is in %s, but a key of %s is needed there"):format(name, region, session.region) }
  end
  local answer, failure = session:try("kms", "DescribeKey", { key_id = name })
  if answer then return answer.key_metadata end
  if failure.code == "NotFoundException" then
    failure = err.new { code = "NotFound", what = what, kind = "service", request_id = failure.request_id,
      cause = failure, message = ("there is no key %s in %s"):format(name, session.region)
        .. M.suggestion(session, name) }
  end
  failure.what = what or failure.what
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

--- The alias of a key ARN in this session, without "alias/…" guessing: nil when it has none, or when
-- listing aliases is not allowed.
function M.alias_of(session, arn)
  if not session.alias_by_id then
    local by_id = {}
    local answer = session:try("kms", "ListAliases", { limit = 100 })
    while answer do
      for _, alias in ipairs(answer.aliases or {}) do
        if alias.target_key_id then by_id[alias.target_key_id] = alias.alias_name end
      end
      answer = answer.truncated and answer.next_marker
        and session:try("kms", "ListAliases", { limit = 100, marker = answer.next_marker }) or nil
    end
    session.alias_by_id = by_id
  end
  return session.alias_by_id[arn:match("key/(.+)$") or arn]
end

--- The key that EBS shall use for new data in this session: its metadata, after every check that KMS
-- can answer.
function M.usable(session, name, what)
  local record = M.find(session, name, what)
  local shown = noun.is(class, name) and (rawget(name, "alias") or name.arn) or name
  local reason = M.unusable(record, shown, session.region)
  if reason then err.raise { code = "UnusableKey", what = what, message = reason } end
  return record
end

--- The nouns key and keys of a session (given by a function, so that the default one opens late).
function M.nouns(get)
  local key = {}
  local spec = { region = { type = "string", help = "look there" }, id = { type = "string",
    help = "key id, ARN, alias or alias ARN" } }
  local function find(_, which)
    local opts = type(which) == "string" and { id = which } or check.options("key", which, spec)
    if not opts.id then err.usage("key", "say which: key \"alias/golden\"") end
    local session = get():in_region(opts.region)
    local object = class.new(session, M.find(session, opts.id, "key"))
    rawset(object, "alias", opts.id:match("^alias/.+") or M.alias_of(session, object.arn))
    return object
  end
  local function list(opts)
    check.options("keys", opts, { region = spec.region })
    local session = get():in_region(opts and opts.region)
    local found = {}
    for _, alias in ipairs(session:pages("kms", "ListAliases", {}, "aliases")) do
      if alias.target_key_id then
        found[#found + 1] = find(nil, { id = alias.alias_name, region = session.region })
      end
    end
    return found
  end
  return setmetatable(key, { __call = find }), list
end

return M
