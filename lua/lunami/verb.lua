--- Verbs: each is a row that says which action it sends and what may be said in its table.
--
-- The members of the action's request come from the operation's row, under AWS's own names in
-- snake_case; a verb adds its own words (key, tags, region), shorter names for members (type for
-- instance_type), and leaves out what it fills in itself. The reference is made from the same rows.
local check = require "lunami.check"
local core = require "lunami.core"
local err = require "lunami.err"
local noun = require "lunami.noun"

local M = { rows = {} }

--- Called with the row and the object before a verb whose row says `destroys`: may raise. The prompt asks here.
M.guard = nil

local lua_types = { string = "string", timestamp = "string", blob = "string", integer = "number",
  number = "number", boolean = "boolean", list = "table", struct = "table", map = "table" }

-- Never said in a recipe: lunami sends them itself, or (dry_run) they make no sense in a verb.
local own = { dry_run = true, client_token = true, tag_specifications = true, encrypted = true, kms_key_id = true,
  filters = true, max_results = true, next_token = true, presigned_url = true }

--- Words that mean the same in every verb that has them.
M.words = {
  key = { type = "string|userdata",
    help = "KMS key: alias, id, ARN, a key object or \"default\"; naming one encrypts" },
  region = { type = "string", help = "where; this session's region when not given" },
  tags = { type = "table", help = "tags of what is made: { name = \"value\" }" },
  timeout = { type = "number", help = "seconds; 24 hours when not given" },
}

local function split(action)
  return action:match("^(%w+)%.(%w+)$")
end

--- A member of an action's row as an option; members: of the table that it is, or that is an item of it.
function M.option(member)
  return { type = lua_types[member.kind], help = member.help, required = member.required, allowed = member.allowed,
    members = member.members, list = member.kind == "list", member = member.name }
end

-- Members of the row, minus the hidden, with the short names beside.
local function row_options(row)
  local spec, hidden = {}, {}
  for _, name in ipairs(row.hide or {}) do hidden[name] = true end
  local service, action = split(row.action)
  for _, member in ipairs(core.row(service, action).input) do
    if not own[member.name] and not hidden[member.name] then
      spec[member.name] = M.option(member)
    end
  end
  for short, name in pairs(row.short or {}) do
    local member = spec[name]
    spec[short] = { type = member.type, help = member.help, required = member.required, allowed = member.allowed,
      members = member.members, list = member.list, member = name }
    spec[name] = { type = member.type, help = member.help, member = name, long = short }
  end
  return spec
end

--- The options of a verb: {name = {type =, help =, required =, member = …}}; made when first needed.
function M.options(row)
  if not row.spec then
    local spec = row.action and not row.no_members and row_options(row) or {}
    for name, option in pairs(row.options or {}) do
      spec[name] = option == true and M.words[name] or option
    end
    row.spec = spec
  end
  return row.spec
end

-- What of the options goes into the request as it is.
local function request(row, opts, spec)
  local input = {}
  for name, value in pairs(opts) do
    local member = spec[name] and spec[name].member
    if member then
      if input[member] ~= nil then err.usage(row.name, "'%s' says the same as '%s': give one", name, member) end
      input[member] = value
    end
  end
  return input
end

-- A long name given satisfies the short one's "required".
local function fill_short(opts, spec)
  local filled
  for name, option in pairs(spec) do
    if option.long and opts[name] ~= nil and opts[option.long] == nil then
      filled = filled or {}
      filled[name] = option.long
    end
  end
  if not filled then return opts end
  local copy = {}
  for name, value in pairs(opts) do copy[filled[name] or name] = value end
  return copy
end

--- Check a verb's table; returns the options and the request's members among them.
function M.check(row, opts)
  local spec = M.options(row)
  if type(opts) == "table" then opts = fill_short(opts, spec) end
  opts = check.options(row.name, opts, spec)
  return opts, request(row, opts, spec)
end

-- The positional argument of verbs that take one, then the table.
local function arguments(row, ...)
  local first, second = ...
  if not row.positional then return nil, first, select("#", ...) end
  if second == nil and type(first) == "table" and not row.positional_table then return nil, first, 1 end
  return first, second, select("#", ...) - 1
end

local function run(row, self, ...)
  local positional, opts, count = arguments(row, ...)
  if count > 1 then err.usage(row.name, "one table of options expected; more was given") end
  local checked, input = M.check(row, opts)
  if row.destroys and M.guard and not (row.reads and positional == nil) then M.guard(row, self) end
  return row.run(self, checked, input, positional)
end

--- Add a verb to a class. row: help, run(self, opts, input, positional), and as far as they apply
-- action ("ec2.CopyImage"), hide, short, options, positional (what it is, in words), returns, destroys (true: it cannot
-- be undone; or what it does to others in words), reads (without its argument it only reads). Examples are in
-- lunami.examples.
function M.add(class, name, row)
  row.verb, row.noun, row.name = name, class.name, class.name .. "." .. name
  M.rows[#M.rows + 1] = row
  class.methods[name] = function(self, ...)
    noun.self(class, name, self)
    return run(row, self, ...)
  end
  noun.called[class.methods[name]] = row.name
end

local waiting = {} -- modules whose verbs nobody has called yet

--- Verbs of a class that a module of their own defines, by its function add(class): it is loaded when one of
-- them is first called, so that a short run does not pay for what it does not use.
function M.later(class, names, module)
  local function load()
    if waiting[load] then
      waiting[load] = nil
      require(module).add(class)
    end
  end
  waiting[load] = true
  for _, name in ipairs(names) do
    class.methods[name] = function(...)
      load()
      return class.methods[name](...)
    end
    noun.called[class.methods[name]] = class.name .. "." .. name
  end
end

--- Load all that is left: for the reference.
function M.load_all()
  for load in pairs(waiting) do load() end
end

--- A word of a session that is called without an object: image.register, volume.create. run(get, …).
function M.word(owner, name, row)
  row.verb, row.noun, row.name, row.word = name, owner, name and owner .. "." .. name or owner, true
  M.rows[#M.rows + 1] = row
  return function(get)
    local function word(...) return run(row, get, ...) end
    noun.called[word] = row.name
    return word
  end
end

return M
