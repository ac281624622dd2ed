--- lunami help: the commands and their options, from the rows that read them.
local check = require "lunami.check"
local commands = require "lunami.host.commands"

local M = {}

local function overview()
  local lines = { "lunami: keep AWS machine images encrypted, in a few lines of Lua", "" }
  for _, row in ipairs(commands.list) do
    lines[#lines + 1] = ("  lunami %-38s %s"):format(row.line, row.help)
  end
  lines[#lines + 1] = ""
  lines[#lines + 1] = "Try: lunami run --local scripts/3-encrypt.lua"
  lines[#lines + 1] = ""
  lines[#lines + 1] = "Exit status:"
  for _, row in ipairs(commands.exit_statuses) do lines[#lines + 1] = ("  %-4s %s"):format(row[1], row[2]) end
  return table.concat(lines, "\n")
end

local function command_help(row)
  local lines = { "lunami " .. row.line, "", row.help, "" }
  local options = commands.options(row)
  for _, option in ipairs(check.sorted_keys(options)) do
    lines[#lines + 1] = ("  %-15s %s"):format(option, options[option].help)
  end
  return table.concat(lines, "\n")
end

--- Print the overview or a command's options; returns the exit status.
function M.command(argv, from)
  local name = argv[from]
  if name == nil then
    print(overview())
  elseif commands.by_name[name] then
    print(command_help(commands.by_name[name]))
  else
    local near = check.nearest(name, commands.by_name)
    io.stderr:write("lunami: no command '", name, "'", near and " (did you mean '" .. near .. "'?)" or "", "\n")
    return 2
  end
  return 0
end

return M
