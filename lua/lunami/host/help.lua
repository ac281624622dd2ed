--- lunami help: the commands and their options, from the rows that read them.
local check = require "lunami.check"

local M = {}

M.commands = {
  run = { line = "run [options] recipe.lua [arguments]", help = "run a recipe" },
  serve = { line = "serve [options]", help = "offer the local cloud to any AWS client on loopback" },
  help = { line = "help [command]", help = "this text, or a command's options" },
  version = { line = "version", help = "what this program is" },
}

local order = { "run", "serve", "help", "version" }

M.exit_statuses = {
  { "0", "done" },
  { "1", "failed: AWS or a resource said no" },
  { "2", "the recipe or the command line is wrong" },
  { "75", "not finished in the time given; the work goes on, and how to continue is said" },
  { "130", "ended by SIGINT (Ctrl-C)" },
  { "143", "ended by SIGTERM or SIGHUP" },
}

local function overview()
  local lines = { "lunami: keep AWS machine images encrypted, in a few lines of Lua", "" }
  for _, name in ipairs(order) do
    lines[#lines + 1] = ("  lunami %-38s %s"):format(M.commands[name].line, M.commands[name].help)
  end
  lines[#lines + 1] = ""
  lines[#lines + 1] = "Try: lunami run --local scripts/3-encrypt.lua"
  lines[#lines + 1] = ""
  lines[#lines + 1] = "Exit status:"
  for _, row in ipairs(M.exit_statuses) do lines[#lines + 1] = ("  %-4s %s"):format(row[1], row[2]) end
  return table.concat(lines, "\n")
end

local function command_help(name)
  local lines = { "lunami " .. M.commands[name].line, "", M.commands[name].help, "" }
  if name == "run" or name == "serve" then
    local rows = require("lunami.host." .. name).rows
    for _, option in ipairs(check.sorted_keys(rows)) do
      lines[#lines + 1] = ("  %-15s %s"):format(option, rows[option].help)
    end
  end
  return table.concat(lines, "\n")
end

--- Print the overview or a command's options; returns the exit status.
function M.command(argv, from)
  local name = argv[from]
  if name == nil then
    print(overview())
  elseif M.commands[name] then
    print(command_help(name))
  else
    local near = check.nearest(name, M.commands)
    io.stderr:write("lunami: no command '", name, "'", near and " (did you mean '" .. near .. "'?)" or "", "\n")
    return 2
  end
  return 0
end

return M
