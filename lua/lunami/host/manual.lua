--- lunami manual: the manual page, made of the rows that the program itself reads.
local check = require "lunami.check"
local commands = require "lunami.host.commands"
local prompt_words = require "lunami.host.prompt.words"
local rows = require "lunami.rows"
local text = require "lunami.text"
local words = require "lunami.words"

local M = {}

-- Text for mdoc: nothing of it is a request or an escape.
local function plain(said)
  said = said:gsub("\\", "\\e"):gsub("…", "..."):gsub("\n", " ")
  return (said:gsub("^([.'])", "\\&%1"):gsub("%-", "\\-"))
end

-- A sentence of a row as lines that are short and end where it ends.
local function sentence(said)
  said = said:sub(1, 1):upper() .. said:sub(2) .. (said:find("[.?!…]$") and "" or ".")
  local lines = text.wrap(said, 72)
  for i, line in ipairs(lines) do lines[i] = plain(line) end
  return table.concat(lines, "\n")
end

local function add(out, fmt, ...)
  out[#out + 1] = select("#", ...) > 0 and fmt:format(...) or fmt
end

local function add_item(out, tag, about)
  add(out, ".It %s", tag)
  add(out, "%s", sentence(about))
end

local function add_options(out, row)
  local options = commands.options(row)
  if next(options) == nil then return end
  if row.name == "eval" then return add(out, "It takes the options of\n.Cm run .") end
  add(out, ".Bl -tag -width Ds")
  for _, name in ipairs(check.sorted_keys(options)) do
    local value, help = commands.value_of(options[name])
    local shown = options[name].value and " Ar " .. (value or "value"):lower() or ""
    add_item(out, "Fl \\-" .. plain(name:sub(3)) .. shown, help)
  end
  add(out, ".El")
end

local function add_synopsis(out)
  for _, row in ipairs(commands.list) do
    add(out, ".Nm")
    add(out, "%s", plain((row.line:gsub("'", "\\(aq"))):gsub("\\e%(aq", "\\(aq"))
  end
end

local function add_commands(out)
  add(out, ".Sh COMMANDS")
  for _, row in ipairs(commands.list) do
    add(out, ".Ss %s", row.name == "prompt" and "Without a command" or plain(row.name))
    add(out, "%s", sentence(row.help))
    add_options(out, row)
  end
end

local function add_words(out, title, before, list)
  add(out, ".Sh %s", title)
  add(out, "%s", before)
  add(out, ".Bl -tag -width Ds")
  for _, row in ipairs(list) do
    add_item(out, "Li " .. plain((row.call or row.name):gsub('"', "\\(dq")):gsub("\\e%(dq", "\\(dq"), row.help)
  end
  add(out, ".El")
end

local function nouns()
  local list = {}
  for _, name in ipairs(rows.NOUNS) do
    local verbs = {}
    for _, row in ipairs(rows.of(name)) do verbs[#verbs + 1] = row.verb end
    list[#list + 1] = { call = ("%s, %ss"):format(name, name), help = "verbs: " .. table.concat(verbs, ", ") }
  end
  for _, row in ipairs(words) do list[#list + 1] = row end
  return list
end

local ENVIRONMENT = {
  { "AWS_PROFILE , AWS_REGION , AWS_ACCESS_KEY_ID , AWS_ENDPOINT_URL", "and the others of AWS's: credentials, region "
    .. "and endpoints, as for AWS's own tools" },
  { "NO_COLOR", "no colours" },
  { "XDG_STATE_HOME", "where the prompt's history is kept; ~/.local/state when it is not set" },
  { "LUNAMI_LUA_DIR", "the Lua library from this folder, for who changes it" },
}

local FILES = {
  { "~/.aws/config , ~/.aws/credentials", "profiles" },
  { "~/.local/state/lunami/history", "lines of the prompt, readable by their owner only, without what looks like a "
    .. "secret" },
}

local function page()
  local out = { ".\\\" Made by: lunami manual", ".Dd November 24, 2026", ".Dt LUNAMI 1", ".Os", ".Sh NAME",
    ".Nm lunami",
    ".Nd keep AWS machine images encrypted, in a few lines of Lua", ".Sh SYNOPSIS" }
  add_synopsis(out)
  add(out, ".Sh DESCRIPTION")
  add(out, ".Nm")
  add(out, "copies, encrypts, shares and retires AWS machine images (AMIs)\nby recipes in Lua.")
  add(out, "Without a command it opens a prompt; with")
  add(out, ".Fl \\-local")
  add(out, "everything works on a local cloud inside the program,\nfor which no account is needed.")
  add_commands(out)
  add_words(out, "RECIPES", "A recipe is Lua 5.4 with these words:", nouns())
  add_words(out, "THE PROMPT", "Expressions are printed, statements run, Tab completes.\n"
    .. "These words are the prompt's own:", prompt_words)
  add(out, ".Sh ENVIRONMENT\n.Bl -tag -width Ds")
  for _, row in ipairs(ENVIRONMENT) do add_item(out, "Ev " .. row[1], row[2]) end
  add(out, ".El\n.Sh FILES\n.Bl -tag -width Ds")
  for _, row in ipairs(FILES) do add_item(out, "Pa " .. row[1], row[2]) end
  add(out, ".El\n.Sh EXIT STATUS\n.Bl -tag -width Ds")
  for _, row in ipairs(commands.exit_statuses) do add_item(out, row[1], row[2]) end
  add(out, ".El\n.Sh EXAMPLES")
  add(out, "Encrypt an image of the local cloud while copying it, and print the copy:")
  add(out, ".Bd -literal -offset indent")
  add(out, "lunami eval --local \\(aqimage { name = \"golden-*\", newest = true }\n"
    .. "    :copy { name = \"golden-enc\", key = \"alias/golden\" }\\(aq")
  add(out, ".Ed\n.Pp\nLook around:\n.Dl lunami --local")
  return table.concat(out, "\n")
end

function M.command()
  print(page())
  return 0
end

return M
