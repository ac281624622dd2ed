--- lunami: AWS machine images, snapshots, volumes and keys as Lua values.
--
-- The nouns of the module itself use a session that is opened from the environment and the shared
-- files when it is first needed; lunami.session {…} gives the same nouns for another one.
local check = require "lunami.check"
local core = require "lunami.core"
local err = require "lunami.err"
local image = require "lunami.image"
local key = require "lunami.key"
local session = require "lunami.session"
local snapshot = require "lunami.snapshot"
local task = require "lunami.task"
local volume = require "lunami.volume"

local M = { _VERSION = "lunami 0.1" }

local function add_nouns(to, get)
  to.image, to.images = image.nouns(get)
  to.snapshot, to.snapshots = snapshot.nouns(get)
  to.volume, to.volumes = volume.nouns(get)
  to.key, to.keys = key.nouns(get)
  return to
end

local defaults, default = {}, nil

local function default_session()
  if not default then default = session.open(defaults) end
  return default
end

--- Settings of the default session, before it is first used: {profile=, region=, endpoint_url=, …}.
function M.configure(opts)
  if default then err.usage("lunami.configure", "the default session is in use already") end
  defaults = opts
end

local session_options = {
  profile = { type = "string", help = "a profile of the shared files" },
  region = { type = "string", help = "us-east-1, us-gov-west-1 …" },
  endpoint_url = { type = "string", help = "for every service" },
  access_key_id = { type = "string", help = "explicit credentials (become Lua strings: prefer a profile)" },
  secret_access_key = { type = "string", help = "with access_key_id" },
  session_token = { type = "string", help = "of temporary credentials" },
}

--- The nouns for another profile, region or endpoint: local gov = lunami.session { region = "us-gov-west-1" }.
function M.session(opts)
  check.options("session", opts, session_options)
  local opened = session.open(opts)
  return add_nouns({
    call = function(...) return opened:call(...) end,
    account = function() return opened:account() end,
    region = opened.region,
  }, function() return opened end)
end

--- Any action of the rows: call("ec2", "DescribeRegions", {}) -> the answer's record.
function M.call(service, action, input)
  return default_session():call(service, action, input)
end

--- The account number that the default session's credentials belong to.
function M.account()
  return default_session():account()
end

local run_options = {
  at_once = { type = "number", help = "how many side by side" },
  keep_going = { type = "boolean", help = "a failure does not cancel the others" },
}

--- Run fn(item, index) for every item of a list as tasks side by side; returns their first results in
-- the list's order. The first failure cancels the rest unless keep_going.
function M.each(list, fn, opts)
  if type(list) ~= "table" then err.usage("each", "a list expected, got %s", type(list)) end
  if type(fn) ~= "function" then err.usage("each", "a function expected, got %s", type(fn)) end
  local jobs = {}
  for i, item in ipairs(list) do jobs[i] = { key = i, fn = fn, args = { item, i } } end
  return task.run(jobs, check.options("each", opts, run_options))
end

--- Run the functions of a table as tasks side by side; returns their results by the same keys.
function M.all(functions, opts)
  if type(functions) ~= "table" then err.usage("all", "a table of functions expected, got %s", type(functions)) end
  local jobs = {}
  for _, name in ipairs(check.sorted_keys(functions)) do
    if type(functions[name]) ~= "function" then
      err.usage("all", "'%s' must be a function, got %s", tostring(name), type(functions[name]))
    end
    jobs[#jobs + 1] = { key = name, fn = functions[name], args = {} }
  end
  return task.run(jobs, check.options("all", opts, run_options))
end

--- fn(...)'s first result, or nil and the error object.
function M.try(fn, ...)
  local ok, value = task.protect(fn, ...)
  if ok then return value end
  return nil, err.wrap(value)
end

--- pcall that can be waited through on every Lua.
M.pcall = task.protect

function M.sleep(seconds)
  local operation, failure = core.sleep(seconds)
  if not operation then err.raise(failure) end
  task.await(operation)
end

--- To drive lunami from another loop: a descriptor to wait on, how long at most, and a step.
M.pollfd, M.timeout = core.pollfd, core.timeout

return add_nouns(M, default_session)
