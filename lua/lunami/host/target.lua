--- What a command works on: an account by profile and region, or a local cloud inside this process. The options
-- that say so, which run, eval and the prompt share.
local arguments = require "lunami.host.arguments"
local core = require "lunami.core"
local err = require "lunami.err"
local local_cloud = require "lunami.host.cloud"
local lunami = require "lunami"
local native = require "lunami.host.native"
local progress = require "lunami.host.progress"

local M = {}

local rows = local_cloud.with {
  ["--local"] = { key = "is_local", help = "work on a local cloud inside this process" },
  ["--profile"] = { key = "profile", value = "string", of = "profile", help = "NAME: a profile of the shared files" },
  ["--region"] = { key = "region", value = "string", of = "region", help = "NAME: a region, us-gov-west-1 …" },
  ["--endpoint-url"] = { key = "endpoint_url", value = "string", help = "URL: for every service" },
  ["--connect-timeout"] = { key = "connect_timeout", value = "duration",
    help = "TIME: to reach a server (default: 10s, or by AWS_DEFAULTS_MODE)" },
  ["--request-timeout"] = { key = "request_timeout", value = "duration",
    help = "TIME: for one request, from its beginning to its end (default: 60s)" },
  ["--trace"] = { key = "trace", value = "string", of = "file",
    help = "FILE: append a line of JSON there for each request" },
  ["--traceback"] = { key = "traceback", help = "show the Lua traceback of an error" },
  ["--verbose"] = { key = "verbose", help = "say more on standard error" },
}

--- These rows and a command's own.
function M.with(own)
  local all = {}
  for name, row in pairs(rows) do all[name] = row end
  for name, row in pairs(own) do all[name] = row end
  return all
end

--- Refuse options that do not go together, before anything is opened.
function M.check(options)
  local given = local_cloud.given(options)
  if given and not options.is_local then arguments.fail("%s goes with --local", given) end
  local_cloud.check(options)
  native.log(options.verbose and 2 or 1)
  if options.trace then
    local opened, why = native.trace(options.trace)
    if not opened then arguments.fail("%s", why) end
  end
end

-- Open the local cloud and point the default session at it.
local function use_local(options)
  local cloud, why = local_cloud.open(options, "shared")
  if not cloud then err.raise { code = "LocalCloud", where = "", message = why } end
  lunami.configure { endpoint_url = cloud:url(), access_key_id = native.local_key_id,
    secret_access_key = native.local_secret, region = options.region or "us-east-1",
    buckets = options.limits ~= nil }
  if options.virtual then
    progress.off = true -- there is nothing to watch
  else
    core.pace(options.instant and 0.02 or 0.5, options.instant and 0.1 or 2)
  end
  return cloud
end

--- Point the default session at what the options name; returns the local cloud, to be stopped, or nil.
function M.open(options)
  if options.is_local then return use_local(options) end
  lunami.configure { profile = options.profile, region = options.region, endpoint_url = options.endpoint_url,
    connect_timeout = options.connect_timeout, request_timeout = options.request_timeout }
  return nil
end

return M
