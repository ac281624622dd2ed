--- Sessions: calls with one set of credentials, in any region.
local check = require "lunami.check"
local core = require "lunami.core"
local err = require "lunami.err"
local task = require "lunami.task"

local M = {}
local Session = {}
Session.__index = Session

local open = setmetatable({}, { __mode = "k" }) -- sessions of credentials of their own

local function wrap(native, root)
  local s = setmetatable({ native = native, region = native:region() }, Session)
  s.root = root or s
  s.asked, s.batches = {}, {} -- questions under way; see ask, and lunami.describe
  if not root then s.regions, s.cache, open[s] = {}, {}, true end
  return s
end

--- Before a long time without calls: STS is asked in the background whose the credentials are, so that those of
-- another account are known when they come.
function M.rest()
  for s in pairs(open) do s.native:ask_account() end
end

--- Open a session: {profile=, region=, endpoint_url=, access_key_id=, secret_access_key=,
-- session_token=}, each of which may be left to the environment and the shared files.
function M.open(opts)
  local native, failure = core.session(opts or {})
  if not native then err.raise(failure) end
  local session = wrap(native)
  if native:seeks_region() and session:ready() then session.region = native:region() end
  return session
end

function Session:__tostring()
  return tostring(self.native)
end

-- What AWS allows in a session's name.
local function session_name(name)
  return (name or "lunami"):gsub("[^%w+=,.@-]", "-"):sub(1, 64)
end

--- The session of a role, by this one's credentials: {role = ARN, external_id =, session_name =, duration =
-- seconds}. It is assumed here, so that a refusal is told where it is named, and again before it expires.
function Session:assume(opts)
  local native, failure = self.native:assume { role = opts.role, external_id = opts.external_id,
    session_name = session_name(opts.session_name), duration = opts.duration }
  if native then
    local session = wrap(native)
    local ready
    ready, failure = session:ready()
    if ready then return session end
  end
  failure.what = "session"
  err.raise(failure)
end

--- Wait until there are credentials; returns true, or nil and what went wrong.
function Session:ready()
  local operation, failure = core.ready(self.native)
  if not operation then return nil, failure end
  return task.await(operation)
end

--- A URL that makes one call for whoever has it, for so many seconds; raises.
function Session:presign(service, action, input, seconds)
  local url
  local ready, failure = self:ready()
  if ready then url, failure = core.presign(self.native, service, action, input, seconds) end
  if not url then err.raise(failure) end
  return url
end

--- The same credentials in another region.
function Session:in_region(region)
  if region == nil or region == self.region then return self end
  local known = self.root.regions
  if not known[region] then
    local native, failure = self.native:in_region(region)
    if not native then err.raise(failure) end
    known[region] = wrap(native, self.root)
  end
  return known[region]
end

--- One API call; returns the answer's record, or nil and the error object.
function Session:try(service, action, input)
  local operation, failure = core.start(self.native, service, action, input or {})
  local answer
  if operation then answer, failure = task.await(operation) end
  if answer then return answer end
  failure.operation = failure.operation or action
  failure.region = self.region
  if failure.status == 403 then require("lunami.denial").explain(self, failure) end
  return nil, err.new(failure)
end

--- A call that changes nothing: tasks that ask the same before the answer is there share one call.
function Session:ask(service, action, input)
  if not task.inside() then return self:try(service, action, input) end
  local question = service .. "." .. action .. check.canonical(input or {})
  local asked = self.asked[question]
  if not asked then
    asked = task.later(function()
      local answer, failure = self:try(service, action, input)
      self.asked[question] = nil
      return answer, failure
    end)
    self.asked[question] = asked
  end
  local answer, failure = task.result(asked)
  if answer then return answer end
  return nil, err.copy(failure)
end

--- One API call; returns the answer's record or raises.
function Session:call(service, action, input)
  local answer, failure = self:try(service, action, input)
  if not answer then error(failure, 0) end
  return answer
end

--- Call visit(items) with the items of `field` of each page of a Describe or List call, as they come.
function Session:each_page(service, action, input, field, visit)
  local seen, request = {}, {}
  for key, value in pairs(input) do request[key] = value end
  repeat
    local answer = self:call(service, action, request)
    visit(answer[field] or {})
    local token = service == "kms" and answer.next_marker or answer.next_token
    if token == "" then token = nil end
    if token and seen[token] then
      err.raise { code = "UnreadableAnswer", operation = action, message = "the same page was offered twice" }
    end
    if token then seen[token] = true end
    request[service == "kms" and "marker" or "next_token"] = token
  until not token
end

--- All of them as one list.
function Session:pages(service, action, input, field)
  local list = {}
  self:each_page(service, action, input, field, function(items)
    for _, item in ipairs(items) do list[#list + 1] = item end
  end)
  return list
end

--- Is its EC2 on this machine: a local cloud?
function Session:is_local()
  return self.native:is_local()
end

--- The account that the credentials belong to (asked once).
function Session:account()
  local cache = self.root.cache
  if not cache.account then
    local answer, failure = self:ask("sts", "GetCallerIdentity")
    if not answer then error(failure, 0) end
    cache.account = answer.account
  end
  return cache.account
end

return M
