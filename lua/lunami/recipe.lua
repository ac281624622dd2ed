--- A recipe's run: its head and arguments, its body, waiting for what it started, removing what was
-- scratch, and telling what is left.
local check = require "lunami.check"
local err = require "lunami.err"
local started = require "lunami.started"
local task = require "lunami.task"

local M = {}

local unpack = table.unpack or unpack -- luacheck: ignore

-- ---- the head ------------------------------------------------------------------------------------

local head_spec = {
  summary = { type = "string", required = true, help = "what it does, in one line" },
  args = { type = "table", help = "its arguments: { name = { help =, required =, default =, type = } }" },
}
local arg_spec = {
  help = { type = "string", required = true, help = "what it is, in one line" },
  required = { type = "boolean", help = "the recipe needs it" },
  default = { type = "string|number|boolean|table", help = "its value when it is not given" },
  type = { type = "string", help = "string (default), number, boolean or list" },
}

local function list_of(text)
  local list = {}
  for item in (text .. ","):gmatch("([^,]*),") do
    item = item:match("^%s*(.-)%s*$")
    if item ~= "" then list[#list + 1] = item end
  end
  return list
end

local booleans = { ["true"] = true, yes = true, on = true, ["1"] = true, [""] = true,
  ["false"] = false, no = false, off = false, ["0"] = false }

local readers = {
  string = function(text) return text end,
  number = function(text) return tonumber(text) end,
  boolean = function(text) return booleans[text:lower()] end,
  list = list_of,
}

local function check_head(head)
  check.options("recipe", head, head_spec)
  for _, name in ipairs(check.sorted_keys(head.args or {})) do
    local option = head.args[name]
    check.options("recipe: argument '" .. tostring(name) .. "'", option, arg_spec)
    if not readers[option.type or "string"] then
      err.usage("recipe", "argument '%s': no type '%s' (string, number, boolean or list)", name, option.type)
    end
  end
  return head
end

local function wrong(fmt, ...)
  err.raise { kind = "usage", code = "InvalidArgument", where = "", message = fmt:format(...) }
end

-- "--name value", "--name=value" and "name=value" of the command line, by name.
local function given_words(words, args)
  local given, i = {}, 1
  while words[i] do
    local word = words[i]
    local name, value = word:match("^%-%-([^=]+)=(.*)$")
    if not name then name, value = word:match("^([%w_%-]+)=(.*)$") end
    if not name then
      name = word:match("^%-%-([^=]+)$")
      if not name then
        wrong("unexpected argument '%s': write --name value", word)
      end
      local option = args[(name:gsub("%-", "_"))]
      if option and option.type == "boolean" then
        value = ""
      else
        i = i + 1
        value = words[i]
        if not value then
          wrong("--%s needs a value", name)
        end
      end
    end
    given[#given + 1] = { name = (name:gsub("%-", "_")), value = value }
    i = i + 1
  end
  return given
end

--- The command line's words as the head's arguments, checked. `into` is the recipe's `arg`.
function M.read_arguments(head, words, into)
  local args = head.args or {}
  for _, one in ipairs(given_words(words, args)) do
    local option = args[one.name]
    if not option then
      local near = check.nearest(one.name, args)
      wrong("unknown argument --%s%s", one.name, near and (" (did you mean --" .. near .. "?)") or "")
    end
    local value = readers[option.type or "string"](one.value)
    if value == nil then wrong("--%s must be a %s, got '%s'", one.name, option.type, one.value) end
    into[one.name] = value
  end
  for _, name in ipairs(check.sorted_keys(args)) do
    local option = args[name]
    if into[name] == nil then into[name] = option.default end
    if into[name] == nil and option.required then wrong("--%s is required: %s", name, option.help) end
  end
  return into
end

--- What --help shows of a recipe.
function M.help(path, head)
  if not head then
    return ("%s: it says nothing about itself; what follows its name becomes arg[1], arg[2] …"):format(path)
  end
  local lines = { head.summary, "", ("lunami run %s [--name value …]"):format(path) }
  for _, name in ipairs(check.sorted_keys(head.args or {})) do
    local option = head.args[name]
    local note = option.required and " (required)" or option.default ~= nil
      and (" (default: %s)"):format(type(option.default) == "table" and table.concat(option.default, ",")
        or tostring(option.default)) or ""
    local kind = option.type and option.type ~= "string" and " " .. option.type or ""
    lines[#lines + 1] = ("  --%-18s %s%s"):format(name .. kind, option.help, note)
  end
  return table.concat(lines, "\n")
end

--- The word `recipe` for a run: reads the command line's words into arg.
function M.word(words, arg)
  return function(head)
    check_head(head)
    for i = #arg, 1, -1 do arg[i] = nil end
    M.read_arguments(head, words, arg)
  end
end

--- The word `recipe` for --help: gives the head to `show` and ends the chunk there.
function M.help_word(show)
  return function(head)
    show(check_head(head))
    error(M, 0)
  end
end

-- ---- the run -------------------------------------------------------------------------------------

local function finish_all()
  local jobs = {}
  for i, entry in ipairs(started.list()) do jobs[i] = { key = i, fn = entry.settle, args = { entry.object } } end
  if #jobs > 0 then task.run(jobs, { keep_going = true }) end
end

-- fn as a task, then everything that it started.
local function run_body(fn, args)
  local ok, value = task.protect(fn, unpack(args))
  if not ok then error(value, 0) end
  finish_all()
  return value
end

-- What is scratch is removed; nothing is loaded for a run that made nothing.
local function clean()
  return #started.all_made() > 0 and require("lunami.scratch").clean() or {}
end

--- Called when the body is over and only tidying is left: the host's deadline is then behind it.
M.on_clean = nil

--- Run fn(...) as a recipe: when it is done, what it started is waited for; then, however it ended, what
-- is scratch is removed. Returns fn's value; or raises the error, its `left` listing what this run made
-- and what is still there.
function M.run(fn, ...)
  -- Outside a task nothing yields; inside one, pcall could not be waited through on every Lua.
  local guard = task.inside() and task.protect or pcall
  started.forget()
  local ok, value = guard(run_body, fn, { ... })
  if M.on_clean then M.on_clean() end
  local cleaned, uncleaned = guard(clean)
  local failure = not ok and err.wrap(value) or nil
  if not cleaned and not failure then failure = err.wrap(uncleaned) end
  if cleaned and #uncleaned > 0 and not failure then
    local first = uncleaned[1]
    failure = err.new { code = "NotRemoved", where = first.failure.where, cause = first.failure,
      message = ("scratch %s could not be removed: %s"):format(first.object.id, first.failure.message) }
  end
  if not failure then return value end
  failure.left = require("lunami.scratch").leftovers()
  error(failure, 0)
end

return M
