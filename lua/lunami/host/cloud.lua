--- The local cloud's own options, which every command that opens one shares, and its opening.
local arguments = require "lunami.host.arguments"
local native = require "lunami.host.native"

local M = {}

M.rows = {
  ["--state"] = { key = "state", value = "string", of = "folder",
    help = "DIR: keep the local cloud there, across restarts" },
  ["--empty"] = { key = "empty", help = "start the local cloud without its furnished account" },
  ["--speed"] = { key = "speed", value = "number", help = "X: the local cloud's lifecycles run X times faster" },
  ["--instant"] = { key = "instant", help = "its lifecycles end as soon as they begin" },
  ["--virtual"] = { key = "virtual",
    help = "its time jumps when nothing else is under way: hours pass in milliseconds" },
  ["--pace"] = { key = "pace", value = "string",
    help = "aws|quick: lifecycles last as long as on AWS (the default with --virtual), or seconds" },
  ["--limits"] = { key = "limits", value = "string", of = "file",
    help = "documented|FILE: AWS's throttle buckets and quotas, or those of a JSON file (default: none)" },
  ["--switch"] = { key = "switches", value = "string",
    help = "NAME=VALUE[,…]: another answer where AWS's texts disagree (docs/local-cloud.md)" },
  ["--seed"] = { key = "seed", value = "number", help = "N: ids and all else that is random follow from it" },
  ["--faults"] = { key = "faults", value = "string", of = "file",
    help = "FILE: what shall go wrong, a plan in JSON" },
  ["--log"] = { key = "log", value = "string", of = "file",
    help = "FILE: append a line of JSON there for each request" },
}

--- The rows by the names that a command does not define itself.
function M.with(rows)
  for name, row in pairs(M.rows) do rows[name] = rows[name] or row end
  return rows
end

--- The option among these that was given, or nil.
function M.given(options)
  for name, row in pairs(M.rows) do
    if options[row.key] ~= nil then return name end
  end
end

function M.check(options)
  if options.speed and options.speed <= 0 then arguments.fail("--speed needs a number above 0") end
  if options.instant and (options.speed or options.virtual or options.pace) then
    arguments.fail("--instant goes with none of --speed, --virtual and --pace")
  end
  if options.pace and options.pace ~= "aws" and options.pace ~= "quick" then
    arguments.fail("--pace is aws or quick, not '%s'", options.pace)
  end
  if options.seed and (options.seed < 0 or options.seed % 1 ~= 0 or options.seed > 2 ^ 53) then
    arguments.fail("--seed needs a whole number from 0 on")
  end
end

--- Start it. time: what virtual time is to its clients, "shared" in this process or "jumps" outside.
function M.open(options, time)
  return native.cloud { port = options.port, state = options.state, tls = options.tls, empty = options.empty,
    limits = options.limits, switches = options.switches,
    speed = options.speed, instant = options.instant, time = options.virtual and time or "real",
    pace = options.pace or (options.virtual and "aws" or "quick"),
    faults = options.faults, log = options.log, seed = options.seed and math.tointeger(options.seed) }
end

return M
