--- The command line's first word, and what becomes of its mistakes.
local arguments = require "lunami.host.arguments"
local check = require "lunami.check"
local core = require "lunami.core"

local commands = { run = "lunami.host.run", serve = "lunami.host.serve", help = "lunami.host.help" }

local function version()
  print(require("lunami")._VERSION .. " (" .. _VERSION .. ")")
  return 0
end

local function dispatch(argv)
  local name = argv[1]
  if name == nil then
    io.stderr:write("lunami: which command? lunami help lists them\n")
    return 2
  end
  if name == "--help" or name == "-h" then name = "help" end
  if name == "version" or name == "--version" then return version() end
  if not commands[name] then
    local near = check.nearest(name, require("lunami.host.help").commands)
    arguments.fail("no command '%s'%s", name,
      near and " (did you mean '" .. near .. "'?)" or "; lunami help lists them")
  end
  return require(commands[name]).command(argv, 2)
end

--- Run the command; returns the exit status.
return function(argv)
  local ok, result = pcall(dispatch, argv)
  if ok then return result end
  local text = tostring(result)
  io.stderr:write("lunami: ", core.escape(text), "\n")
  return arguments.is_usage(result) and 2 or 1
end
