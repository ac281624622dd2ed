-- Write docs/reference.md and the editor's annotations from the rows that the program itself reads.
-- usage: lua5.4 tools/reference.lua (reference | annotations) > FILE
local check = require "lunami.check"
local codes = require "lunami.codes"
local core = require "lunami.core"
local examples = require "lunami.examples"
local noun = require "lunami.noun"
local rows = require "lunami.rows"
local verb = require "lunami.verb"
local words = require "lunami.words"
require "lunami"
rows.load()

local out = {}
local function say(fmt, ...) out[#out + 1] = select("#", ...) > 0 and fmt:format(...) or fmt end

local NOUNS = rows.NOUNS

local function cell(text) return (text:gsub("|", "\\|")) end

local function say_options(spec)
  local list = rows.options(spec)
  if #list == 0 then return end
  say "| option | type | |"
  say "|---|---|---|"
  for _, one in ipairs(list) do
    say("| `%s`%s | %s | %s%s |", one.name, one.also and " (`" .. one.also .. "`)" or "", one.type, cell(one.help),
      one.required and " **required**" or "")
  end
  say ""
end

local function say_example(name)
  say("```lua\n%s\n```\n", assert(examples[name], "no example of " .. name))
end

local function say_verb(row, title)
  say("### %s\n", title)
  local help = row.help:sub(1, 1):upper() .. row.help:sub(2)
  local parts = { help .. "." }
  if row.action then parts[#parts + 1] = ("Sends %s."):format(row.action:match("%.(%w+)$")) end
  if row.positional then parts[#parts + 1] = ("Takes %s."):format(row.positional) end
  if row.returns then parts[#parts + 1] = ("Returns %s."):format(row.returns) end
  say("%s\n", table.concat(parts, " "))
  say_options(verb.options(row))
  say_example(row.name)
end

local function say_noun(name)
  local class = noun.classes[name]
  say("## %s\n", name)
  say("`%s \"%s\"` or `%s { … }` finds exactly one; `%ss { … }` lists%s.\n", name,
    class.search and class.search.prefix .. "…" or "alias/…", name, name,
    class.search and (", newest first; `%ss({ … }, fn)` calls fn for each as the pages come"):format(name) or "")
  say_options(rows.look_up(class))
  say_example(name)
  say_example(name .. "s")
  local plain, helped = {}, {}
  for _, field in ipairs(rows.fields(class)) do
    if field.help == "" then
      plain[#plain + 1] = "`" .. field.name .. "`"
    else
      helped[#helped + 1] = ("* `%s`: %s"):format(field.name, field.help)
    end
  end
  say("Fields, as %s tells them: %s; and\n", class.action, table.concat(plain, " "))
  say("%s\n", table.concat(helped, "\n"))
  for _, row in ipairs(rows.of(name)) do
    say_verb(row, row.word and row.name .. " { … }" or name .. ":" .. row.verb)
  end
end

local function actions()
  local list = {}
  for _, service in ipairs(rows.SERVICES) do
    local names = {}
    for _, name in ipairs(core.actions(service)) do names[#names + 1] = name end
    list[#list + 1] = ("* %s: %s"):format(service, table.concat(names, " "))
  end
  return table.concat(list, "\n")
end

local function reference()
  say [[# Reference

Made by `make reference` from the rows that lunami itself reads; do not edit it. Every example runs as it stands on a
furnished local cloud: `lunami run --local example.lua`.

Options are AWS's own, in snake_case; a shorter name has AWS's beside it in brackets. `key = …` takes an alias, a
key id, an ARN, a key object or `"default"`, and is looked up where the thing is made. A verb returns as soon as AWS has
accepted the work; a verb whose subject is not ready yet waits until it is; a recipe ends when all that it started is
done.
]]
  for _, name in ipairs(NOUNS) do say_noun(name) end
  say "## account\n"
  for _, row in ipairs(rows.of "account") do say_verb(row, row.word and "account { … }" or "account():" .. row.verb) end
  say "## session\n"
  for _, row in ipairs(rows.of "session") do say_verb(row, "session { … }") end
  say "## Other words\n"
  for _, word in ipairs(words) do
    say("### %s\n\n`%s`: %s.\n", word.name, word.call, word.help)
    for _, option in ipairs(word.options or {}) do say("* `%s` (%s): %s", option[1], option[2], option[3]) end
    if word.options then say "" end
    say_example(word.name)
  end
  say("## Actions\n\n`call` knows these, with all their members:\n\n%s\n", actions())
  say [[## Errors

An error is an object with `code`, `kind`, `message`, `operation`, `request_id`, `status`, `retryable`, `where` and
`cause`; as text it is one line that begins with the recipe's own. AWS's errors keep AWS's code (`kind` is "service";
"failed" when something ended badly after AWS had accepted it); lunami's own are:

| code | kind | |
|---|---|---|]]
  for _, row in ipairs(codes.own) do say("| `%s` | %s | %s |", row[1], row[2], row[3]) end
  say("\nThese of AWS's lunami raises itself, before AWS would: `%s`.", table.concat(codes.early, "` `"))
end

-- ---- annotations for LuaLS ------------------------------------------------------------------------

local lua_kinds = { string = "string", timestamp = "string", blob = "string", integer = "integer", number = "number",
  boolean = "boolean", list = "table", struct = "table", map = "table<string, string>" }

local function luals_type(kind)
  return (kind:gsub("userdata", "lunami.key|lunami.volume|lunami.instance|lunami.snapshot"):gsub("table", "table"))
end

local function options_class(name, spec)
  say("---@class %s", name)
  for _, option in ipairs(check.sorted_keys(spec)) do
    local one = spec[option]
    say("---@field %s%s %s %s", option, one.required and "" or "?", luals_type(one.type), one.help or "")
  end
  say ""
end

local function result_type(row)
  local name = rows.returned(row)
  return name and "lunami." .. name or row.returns and "any" or nil
end

local function annotate_verb(row)
  local options = ("lunami.%s_options"):format(row.name:gsub("%.", "_"))
  local takes = next(verb.options(row)) ~= nil
  if takes then options_class(options, verb.options(row)) end
  say("---%s", row.help)
  local parameters = {}
  if row.positional then
    say("---@param what? any %s", row.positional)
    parameters[#parameters + 1] = "what"
  end
  if takes then
    say("---@param options? %s", options)
    parameters[#parameters + 1] = "options"
  end
  local result = result_type(row)
  if result then say("---@return %s", result) end
  local owner = row.word and (row.noun == "account" or row.noun == "session") and ("function " .. row.noun)
    or (row.word and "function %s.%s" or "function lunami_%s:%s"):format(row.noun, row.verb)
  say("%s(%s) end\n", owner, table.concat(parameters, ", "))
end

local function annotate_noun(name)
  local class = noun.classes[name]
  say("---@class lunami.%s", name)
  for _, member in ipairs(class.row_fields()) do
    if not class.fields[member.name] then say("---@field %s? %s", member.name, lua_kinds[member.kind]) end
  end
  for _, field in ipairs(check.sorted_keys(class.fields)) do
    say("---@field %s any %s", field, class.fields[field].help)
  end
  say("---@field id string")
  say("local lunami_%s = {}\n", name)
  options_class("lunami.find_" .. name, rows.look_up(class))
  say("---@class lunami.%s_word\n---@overload fun(which: string|lunami.find_%s): lunami.%s", name, name, name)
  say("%s = {}\n", name)
  say("---@param which? lunami.find_%s\n---@return lunami.%s[]\nfunction %ss(which) end\n", name, name, name)
  for _, row in ipairs(rows.of(name)) do annotate_verb(row) end
end

local function annotations()
  say "---@meta"
  say "-- The words of a recipe for the Lua language server, made by `make reference`; do not edit it."
  say "-- In .luarc.json: { \"workspace.library\": [\"path/to/lunami/docs/luals\"] }\n"
  for _, name in ipairs(NOUNS) do annotate_noun(name) end
  for _, row in ipairs(verb.rows) do
    if row.name == "account" or row.name == "session" then annotate_verb(row) end
  end
  for _, word in ipairs(words) do
    local parameters = word.name == "recipe" and "head" or word.name == "call" and "service, action, input"
      or word.name == "each" and "list, fn, options" or word.name == "all" and "functions, options"
      or word.name == "try" and "fn, ..." or word.name == "sleep" and "seconds" or "thing"
    say("---%s\nfunction %s(%s) end\n", word.help, word.name, parameters)
  end
end

local makers = { reference = reference, annotations = annotations }
assert(makers[arg[1]], "usage: lua5.4 tools/reference.lua reference|annotations")()
io.write(table.concat(out, "\n"), "\n")
