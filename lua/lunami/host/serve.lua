--- lunami serve: the local cloud for any AWS client, until a signal comes.
local arguments = require "lunami.host.arguments"
local local_cloud = require "lunami.host.cloud"
local native = require "lunami.host.native"

local M = {}

M.rows = local_cloud.with {
  ["--port"] = { key = "port", value = "number", help = "N: listen there (default: any free port)" },
  ["--memory"] = { key = "memory", help = "keep everything in memory (the default)" },
  ["--tls"] = { key = "tls", value = "string",
    help = "FILE: speak https; a throwaway CA's certificate is written there, for AWS_CA_BUNDLE" },
  ["--verbose"] = { key = "verbose", help = "a line for each request" },
}

function M.command(argv, from)
  native.note_signals() -- one that comes early is no mistake
  local options, at = arguments.read(argv, from, M.rows)
  if argv[at] then arguments.fail("unexpected argument '%s'", argv[at]) end
  if options.memory and options.state then arguments.fail("--memory and --state exclude each other") end
  if options.port and (options.port < 0 or options.port > 65535 or options.port % 1 ~= 0) then
    arguments.fail("--port needs a whole number from 0 to 65535")
  end
  local_cloud.check(options)
  native.log(options.verbose and 2 or 1)
  local cloud, why = local_cloud.open(options, "jumps")
  if not cloud then
    io.stderr:write("lunami: ", why, "\n")
    return 1
  end
  print("lunami: serving on " .. cloud:url())
  if options.tls then print("lunami: trust it by AWS_CA_BUNDLE=" .. options.tls) end
  print("lunami: sign as AWS_ACCESS_KEY_ID=" .. native.local_key_id .. " AWS_SECRET_ACCESS_KEY="
    .. native.local_secret .. "; stop with Ctrl-C")
  io.stdout:flush()
  native.pause()
  cloud:stop()
  return 0
end

return M
