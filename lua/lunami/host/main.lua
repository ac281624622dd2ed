--- The command line's first word, and what becomes of its mistakes.
local arguments = require "lunami.host.arguments"
local check = require "lunami.check"
local commands = require "lunami.host.commands"
local core = require "lunami.core"
local native = require "lunami.host.native"

local also = { ["--help"] = "help", ["-h"] = "help", ["--version"] = "version" }

local function dispatch(argv)
  local name = argv[1]
  if name == nil or (name:sub(1, 2) == "--" and not also[name]) then -- options only: the prompt's
    return require(commands.by_name.prompt.module).command(argv, 1)
  end
  local row = commands.by_name[also[name] or name]
  if not row then
    local near = check.nearest(name, commands.by_name)
    arguments.fail("no command '%s'%s", name,
      near and " (did you mean '" .. near .. "'?)" or "; lunami help lists them")
  end
  if argv[2] == "--help" or argv[2] == "-h" then return require("lunami.host.help").command({ row.name }, 1) end
  return require(row.module).command(argv, 2)
end

--- Run the command; returns the exit status.
return function(argv)
  local ok, result = pcall(dispatch, argv)
  if ok then return result end
  local text = tostring(result)
  io.stderr:write("lunami: ", core.escape(text), "\n")
  local signal = native.signal()
  if signal then return require("lunami.host.report").EXIT[signal] end
  return arguments.is_usage(result) and 2 or 1
end
