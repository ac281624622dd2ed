--- help(…): what a word, a verb, an option, an error or a value is, from the rows.
local check = require "lunami.check"
local codes = require "lunami.codes"
local core = require "lunami.core"
local err = require "lunami.err"
local examples = require "lunami.examples"
local lunami = require "lunami"
local noun = require "lunami.noun"
local own_words = require "lunami.host.prompt.words"
local rows = require "lunami.rows"
local show = require "lunami.show"
local text = require "lunami.text"
local verb = require "lunami.verb"
local words = require "lunami.words"

local M = {}

-- A page is written with these and shown when it is printed, as wide as the terminal is then.
local Page = {}
Page.__index = Page

local function page() return setmetatable({}, Page) end

function Page:title(words_) self[#self + 1] = { kind = "title", words_ } end
function Page:say(fmt, ...) self[#self + 1] = { kind = "text", select("#", ...) > 0 and fmt:format(...) or fmt } end
function Page:code(lines) self[#self + 1] = { kind = "code", lines } end
function Page:item(name, about) self[#self + 1] = { kind = "item", name, about } end
function Page:gap() self[#self + 1] = { kind = "gap" } end

local function sentence(words_)
  return words_:sub(1, 1):upper() .. words_:sub(2) .. (words_:find("[.?!]$") and "" or ".")
end

local function add_item(lines, block, how, names)
  local name = text.escape(block[1], how.ascii)
  local indent = names + 4
  local about = text.wrap(text.escape(block[2] or "", how.ascii), math.max((how.columns or 100) - indent, 20))
  local first = text.width(name) > names and "" or about[1]
  lines[#lines + 1] = "  " .. show.paint(how, "name", first == "" and name or text.pad(name, names)) ..
    (first ~= "" and "  " .. first or "")
  for i = first == "" and 1 or 2, #about do lines[#lines + 1] = (" "):rep(indent) .. about[i] end
end

local adders = {
  title = function(lines, block, how)
    lines[#lines + 1] = show.paint(how, "title", text.escape(block[1], how.ascii))
  end,
  text = function(lines, block, how)
    for _, one in ipairs(text.wrap(text.escape(block[1], how.ascii), how.columns or 100)) do lines[#lines + 1] = one end
  end,
  code = function(lines, block, how)
    for one in (block[1] .. "\n"):gmatch("([^\n]*)\n") do
      lines[#lines + 1] = "  " .. show.paint(how, "good", text.escape(one, how.ascii))
    end
  end,
  gap = function(lines) lines[#lines + 1] = "" end,
  item = add_item,
}

function Page.__show(self, how)
  local lines, names = {}, 0
  for _, block in ipairs(self) do
    if block.kind == "item" then names = math.max(names, text.width(block[1])) end
  end
  for _, block in ipairs(self) do adders[block.kind](lines, block, how, math.min(names, 26)) end
  return table.concat(lines, "\n")
end

function Page.__tostring(self) return Page.__show(self, {}) end

-- ---- pages -----------------------------------------------------------------------------------------

local function add_options(out, spec)
  local list = rows.options(spec)
  if #list == 0 then return end
  out:gap()
  for _, option in ipairs(list) do
    out:item(option.name, ("%s%s, %s"):format(option.required and "required, " or "", option.type, option.help))
  end
end

local function add_example(out, name)
  if not examples[name] then return end
  out:gap()
  out:code(examples[name])
end

local function title_of(row)
  local called = row.word and row.name or row.noun .. ":" .. row.verb
  if row.name == "account.set" then called = "account():set" end
  local table_ = next(verb.options(row)) ~= nil and " { … }" or row.positional and "(…)" or "()"
  return called .. table_
end

local function of_row(row)
  local out = page()
  out:title(title_of(row))
  local parts = { sentence(row.help) }
  if row.positional then parts[#parts + 1] = sentence("takes " .. row.positional) end
  if row.returns then parts[#parts + 1] = sentence("returns " .. row.returns) end
  if row.action then parts[#parts + 1] = ("Sends %s."):format(row.action:match("%.(%w+)$")) end
  if row.destroys then parts[#parts + 1] = "On a real account the prompt asks first." end
  out:say(table.concat(parts, " "))
  add_options(out, verb.options(row))
  add_example(out, row.name)
  return out
end

local function of_class(class)
  local name, out = class.name, page()
  local id = class.search and class.search.prefix .. "…" or "alias/…"
  out:title(('%s "%s", %s { … }, %ss { … }'):format(name, id, name, name))
  out:say("The first two find exactly one, the last lists. They are found by:")
  add_options(out, rows.look_up(class))
  out:gap()
  out:title "Verbs"
  for _, row in ipairs(rows.of(name)) do out:item(title_of(row):gsub(" { … }$", ""):gsub("%(.*%)$", ""), row.help) end
  local fields = {}
  for i, field in ipairs(rows.fields(class)) do fields[i] = field.name end
  out:gap()
  out:title "Fields"
  out:say(table.concat(fields, " "))
  add_example(out, name)
  return out
end

local function of_word(row)
  local out = page()
  out:title(row.call)
  out:say(sentence(row.help))
  for _, option in ipairs(row.options or {}) do out:item(option[1], ("%s, %s"):format(option[2], option[3])) end
  if row.example then
    out:gap()
    out:code(row.example)
  else
    add_example(out, row.name)
  end
  return out
end

local function of_code(row)
  local out = page()
  out:title(row[1])
  out:say(sentence(row[3]))
  return out
end

local function of_action(service, name)
  local row, out = core.row(service, name), page()
  out:title(("call(\"%s\", \"%s\", { … })"):format(service, name))
  out:say(sentence(row.help or "an action of AWS's"))
  out:gap()
  for _, member in ipairs(row.input) do
    out:item(member.name, ("%s%s%s"):format(member.required and "required, " or "", member.kind,
      member.help and member.help ~= "" and ", " .. member.help or ""))
  end
  return out
end

local function of_error(failure)
  local out = page()
  out:title(failure.code)
  out:say("%s", tostring(failure))
  for _, row in ipairs(codes.own) do
    if row[1] == failure.code and failure.kind ~= "service" then out:say(sentence(row[3])) end
  end
  if failure.kind == "service" then out:say("AWS said so: it is AWS's code and AWS's message.") end
  if failure.retryable then out:say("The same may succeed later.") end
  local row = failure.what and rows.named(failure.what)
  if row then
    out:gap()
    out:say("What it is said of: help \"%s\"; all that is known: trace().", row.name)
  end
  return out
end

local function overview()
  local out = page()
  out:title "Nouns"
  for _, name in ipairs(rows.NOUNS) do
    local verbs = {}
    for _, row in ipairs(rows.of(name)) do
      if not row.word then verbs[#verbs + 1] = row.verb end
    end
    out:item(("%s, %ss"):format(name, name), table.concat(verbs, " "))
  end
  for _, name in ipairs { "account", "session" } do out:item(name, rows.named(name).help) end
  out:gap()
  out:title "Words"
  for _, row in ipairs(words) do
    if row.name ~= "recipe" then out:item(row.name, row.help) end
  end
  out:gap()
  out:title "At the prompt"
  for _, row in ipairs(own_words) do out:item(row.call, row.help) end
  return out
end

-- ---- what is meant ---------------------------------------------------------------------------------

local function named_in(list, name)
  for _, row in ipairs(list) do
    if row.name == name or row[1] == name then return row end
  end
end

-- A verb's name alone: every noun that has it, and an option of that name.
local function of_verb(name)
  local out, found = page(), false
  for _, row in ipairs(verb.rows) do
    if row.verb == name and row.noun then
      out:item(title_of(row), row.help)
      found = true
    end
  end
  return found and out or nil
end

local function action_named(name)
  for _, service in ipairs(rows.SERVICES) do
    for _, action in ipairs(core.actions(service)) do
      if action == name then return service end
    end
  end
end

local function known_names()
  local known = {}
  for _, name in ipairs(lunami.words) do known[name] = true end
  for _, row in ipairs(verb.rows) do
    known[row.name] = true
    if row.verb then known[row.verb] = true end
  end
  for _, list in ipairs { words, own_words } do
    for _, row in ipairs(list) do known[row.name] = true end
  end
  for _, row in ipairs(codes.own) do known[row[1]] = true end
  return known
end

local function of_name(name)
  rows.load()
  local class = noun.classes[name] or noun.classes[(name:gsub("s$", ""))]
  if class then
    local out = of_class(class)
    if verb.words[name] then
      out:gap()
      out:say("As an option: %s.", verb.words[name].help)
    end
    return out
  end
  local row = rows.named((name:gsub(":", ".")))
  if row then return of_row(row) end
  local word = named_in(words, name) or named_in(own_words, name)
  if word then return of_word(word) end
  local code = named_in(codes.own, name)
  if code then return of_code(code) end
  local service = action_named(name)
  if service then return of_action(service, name) end
  local option = verb.words[name]
  local out = of_verb(name)
  if out or not option then return out end
  out = page()
  out:title(name)
  out:say(sentence(option.help))
  return out
end

local function name_of(topic)
  if noun.called[topic] then return noun.called[topic] end
  for _, name in ipairs(lunami.words) do
    if rawget(lunami, name) == topic then return name end
  end
end

--- The page about a topic; nil: the overview.
function M.of(topic, own)
  if topic == nil then return overview() end
  if err.is(topic) then return of_error(topic) end
  local class = noun.class_of(topic)
  if class then return of_class(class) end
  local meta = type(topic) == "table" and getmetatable(topic)
  if type(meta) == "table" and meta.class then return of_class(meta.class) end
  local name = type(topic) == "string" and topic or name_of(topic)
  for word, value in next, own do
    if rawequal(value, topic) then name = word end
  end
  local found = name and of_name(name)
  if found then return found end
  local near = type(topic) == "string" and check.nearest(topic, known_names())
  err.usage("help", "nothing is known of %s%s", type(topic) == "string" and "'" .. topic .. "'" or "a " .. type(topic),
    near and (" (did you mean '" .. near .. "'?)") or "; help() lists what there is")
end

return M
