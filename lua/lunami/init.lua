--- lunami: AWS machine images, snapshots, volumes, instances and keys as Lua values.
--
-- The nouns of the module itself use a session that is opened from the environment and the shared
-- files when it is first needed; lunami.session {…} gives the same nouns for another one.
local check = require "lunami.check"
local core = require "lunami.core"
local create = require "lunami.create"
local err = require "lunami.err"
local noun = require "lunami.noun"
local recipe = require "lunami.recipe"
local session = require "lunami.session"
local task = require "lunami.task"
local verb = require "lunami.verb"

local M = { _VERSION = "lunami 0.1" }

--- The words of a recipe, besides those of Lua.
M.words = { "image", "images", "snapshot", "snapshots", "volume", "volumes", "instance", "instances", "key", "keys",
  "account", "session", "each", "all", "try", "scratch", "sleep", "call" }

-- Which module a noun is of: it is loaded when the noun is first named.
local modules = { image = "image", images = "image", snapshot = "snapshot", snapshots = "snapshot",
  volume = "volume", volumes = "volume", instance = "instance", instances = "instance", key = "key", keys = "key",
  account = "account" }

local function add_nouns(to, get)
  --- Any action of the rows: call("ec2", "DescribeRegions", {}) -> the answer's record.
  to.call = function(service, action, input) return get():call(service, action, input) end
  return setmetatable(to, { __index = function(_, name)
    local module = modules[name]
    if not module then return nil end
    local one, several = require("lunami." .. module).nouns(get)
    rawset(to, module, one)
    if several then
      rawset(to, module .. "s", several)
      noun.called[several] = module
    end
    return rawget(to, name)
  end })
end

local defaults, default = {}, nil

local function default_session()
  if not default then default = session.open(defaults) end
  return default
end

--- The session of the module's own nouns; opened now if it was not yet.
M.default_session = default_session

--- Settings of the default session, before it is first used: {profile=, region=, endpoint_url=, …}. The
-- endpoint and the time-outs are those of other sessions, too, unless they name their own.
function M.configure(opts)
  if default then err.usage("lunami.configure", "the default session is in use already") end
  defaults = opts
end

local session_row = {
  help = "the same nouns for another profile, role, account or region",
  options = {
    profile = { type = "string", help = "a profile of the shared files" },
    region = { type = "string", help = "us-east-1, us-gov-west-1 …" },
    role = { type = "string", help = "ARN of a role to assume" },
    external_id = { type = "string", help = "as agreed with the role's owner" },
    session_name = { type = "string", help = "what the role's session is called in logs (lunami)" },
    duration = { type = "number", help = "seconds that the role's credentials last, 900 to 43200" },
    endpoint_url = { type = "string", help = "for every service; else as the command line says" },
    connect_timeout = { type = "number", help = "seconds to reach a server; else AWS_DEFAULTS_MODE, else 10" },
    request_timeout = { type = "number", help = "seconds for one request from its beginning to its end; else 60" },
    access_key_id = { type = "string", help = "explicit credentials (become Lua strings: prefer a profile)" },
    secret_access_key = { type = "string", help = "with access_key_id" },
    session_token = { type = "string", help = "of temporary credentials" },
  },
  returns = "a table of the nouns, with region, account and call",
}

-- What makes a session of its own, not only another region of the caller's.
local own_settings = { "profile", "endpoint_url", "access_key_id", "connect_timeout", "request_timeout" }

-- Where the requests go, and how long they may take, holds for all sessions that do not say it themselves: with
-- --local or --endpoint-url no session talks to AWS by mistake.
local inherited = { "endpoint_url", "connect_timeout", "request_timeout", "buckets" }

local function open_with_defaults(opts)
  local all = {}
  for _, name in ipairs(inherited) do all[name] = defaults[name] end
  for name, value in pairs(opts) do all[name] = value end
  return session.open(all)
end

-- A role is assumed by the caller's own session, unless other credentials are named with it.
local function open_session(get, opts)
  local named = false
  for _, name in ipairs(own_settings) do named = named or opts[name] ~= nil end
  if not opts.role then
    for _, name in ipairs { "external_id", "session_name", "duration" } do
      if opts[name] then err.usage("session", "'%s' goes with a role", name) end
    end
    return (named or not opts.region) and open_with_defaults(opts) or get():in_region(opts.region)
  end
  local base = named and open_with_defaults(opts) or get():in_region(opts.region)
  return base:assume(opts):in_region(opts.region)
end

session_row.run = function(get, opts)
  local opened = open_session(get, opts)
  local function this() return opened end
  local nouns = add_nouns({ region = opened.region }, this)
  nouns.session = M.session_of(this)
  return nouns
end

M.session_of = verb.word("session", nil, session_row)

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

--- Mark something that this run made as temporary: it is removed at the run's end. Returns it.
function M.scratch(thing)
  return require("lunami.scratch").scratch(thing)
end

--- Run fn(...) as a recipe: what it started is waited for, what is scratch is removed. Returns its value.
M.run = recipe.run

--- Begin a run with a name ({id = "nightly-7"}) or without tags of lunami's ({tags = false}).
function M.begin(opts)
  create.begin(check.options("lunami.begin", opts, { id = { type = "string", help = "the run's name" },
    tags = { type = "boolean", help = "false: write no lunami:run and lunami:op tags" } }))
end

function M.sleep(seconds)
  if type(seconds) ~= "number" then err.usage("sleep", "a number of seconds expected, got %s", type(seconds)) end
  if seconds > 60 then session.rest() end
  local operation, failure = core.sleep(seconds)
  if not operation then err.raise(failure) end
  task.await(operation)
end

--- To drive lunami from another loop: a descriptor to wait on, how long at most, and a step.
M.pollfd, M.timeout = core.pollfd, core.timeout

add_nouns(M, default_session)
M.session = M.session_of(default_session)

return M
