--- Finding: a noun called with an id or a table finds exactly one; its plural lists.
local check = require "lunami.check"
local core = require "lunami.core"
local err = require "lunami.err"
local noun = require "lunami.noun"

local M = {}

--- What every EC2 noun can be looked up by; a class adds its own in class.search.options and says in
-- class.search.filters which of EC2's filters they are.
local common = {
  tags = { type = "table", help = "tags that it must have: { name = \"value\" }" },
  filters = { type = "table", help = "EC2's own filters: { [\"name\"] = \"value\" or a list }" },
  newest = { type = "boolean", help = "the newest of several" },
  region = { type = "string", help = "look there" },
}

--- The options of a look-up of this class.
function M.options(class)
  local search = class.search
  if not search.spec then
    local spec = { id = { type = "string", help = class.name .. " id" } }
    for name, option in pairs(common) do spec[name] = option end
    for name, option in pairs(search.options or {}) do spec[name] = option end
    search.spec = spec
  end
  return search.spec
end

local function request(class, opts)
  local search, filters = class.search, {}
  for name, value in pairs(opts.filters or {}) do filters[name] = value end
  for option, filter in pairs(search.filters or {}) do filters[filter] = opts[option] end
  for key, value in pairs(opts.tags or {}) do filters["tag:" .. key] = tostring(value) end
  if opts.id then filters[search.id_filter] = opts.id end
  local input = { filters = noun.filters(filters), max_results = search.page }
  if search.owners and (opts.owner or not opts.id) then input[search.owners] = { opts.owner or "self" } end
  if search.complete then search.complete(input, opts) end
  return input
end

-- Newest first, by the class's date; ties by id, so that the order never changes.
local function newest_first(objects, field)
  local when = {}
  for _, object in ipairs(objects) do when[object] = core.date(object[field] or "") or 0 end
  table.sort(objects, function(a, b)
    if when[a] ~= when[b] then return when[a] > when[b] end
    return a.id > b.id
  end)
  return objects
end

-- Call visit(record) for each that is described, a page in memory.
local function each_record(class, session, input, visit)
  local first, rest = class.path:match("^(%w+)%.?(.*)$")
  session:each_page(class.service, class.action, input, first, function(items)
    for _, item in ipairs(items) do
      if rest == "" then
        visit(item)
      else
        for _, record in ipairs(item[rest] or {}) do visit(record) end
      end
    end
  end)
end

--- All that match, newest first.
function M.list(class, session, what, opts)
  check.options(what, opts, M.options(class))
  local objects = {}
  noun.lists[objects] = class
  each_record(class, session, request(class, opts), function(record)
    objects[#objects + 1] = class.new(session, record)
  end)
  return newest_first(objects, class.search.date)
end

local PAGE = 1000

--- Call visit(object) for each that matches, in AWS's order, as the pages come; returns how many there were.
function M.each(class, session, what, opts, visit)
  check.options(what, opts, M.options(class))
  if type(visit) ~= "function" then err.usage(what, "a function expected after the table, got %s", type(visit)) end
  local input, count = request(class, opts), 0
  if not opts.id then input.max_results = PAGE end
  each_record(class, session, input, function(record)
    count = count + 1
    visit(class.new(session, record))
  end)
  return count
end

-- The one match, or the newest; else an error that lists what matched.
local function one(class, matches, opts, described)
  if #matches == 1 or (#matches > 1 and opts.newest) then return matches[1] end
  if #matches == 0 then
    err.raise { code = class.search.not_found, what = class.name, message = "nothing matches " .. described }
  end
  local shown = {}
  for i = 1, math.min(#matches, 5) do shown[i] = tostring(matches[i]) end
  if #matches > 5 then shown[6] = "and " .. #matches - 5 .. " more" end
  err.raise { code = "TooManyMatches", what = class.name,
    message = #matches .. " match " .. described .. ": " .. table.concat(shown, "; ")
      .. "; say more, or newest = true" }
end

local function check_id(class, id)
  local prefix = class.search.prefix
  if id:sub(1, #prefix) ~= prefix then
    err.usage(class.name, "'%s' is no %s id (%s…)%s", id, class.name, prefix,
      class.search.filters and class.search.filters.name
        and ("; to look up a name: %s { name = \"%s\" }"):format(class.name, id) or "")
  end
end

--- Exactly one, by id or by a table.
function M.one(class, get, which)
  local opts = type(which) == "string" and { id = which } or which
  if type(opts) ~= "table" then
    err.usage(class.name, "an id or a table expected, got %s", type(which))
  end
  check.options(class.name, opts, M.options(class))
  if opts.id then check_id(class, opts.id) end
  local session = get():in_region(opts.region)
  local matches = M.list(class, session, class.name, opts)
  if #matches == 0 and opts.id then
    err.raise { code = class.search.not_found, what = class.name,
      message = ("there is no %s %s in %s that you may see"):format(class.name, opts.id, session.region) }
  end
  local described = noun.describe(opts)
  if class.search.owners and not opts.owner and not opts.id then
    described = ("%s among your own %ss in %s"):format(described, class.name, session.region)
  end
  local found = one(class, matches, opts, described)
  if class.load then class.load(found) end
  return found
end

--- The one with this id in a session, or nil: for refreshing. Deprecated and disabled ones, too.
function M.record(class, session, id)
  local found
  each_record(class, session, request(class, { id = id }), function(record) found = found or record end)
  return found
end

--- The noun (a table of words that can be called) and its plural, for a session given by a function.
function M.nouns(class, get, words)
  local word = {}
  for name, make in pairs(words or {}) do word[name] = make(get) end
  for name, method in pairs(class.methods) do word[name] = word[name] or method end
  setmetatable(word, { __call = function(_, which) return M.one(class, get, which) end, class = class })
  local several = class.name .. "s"
  return word, function(opts, visit)
    opts = opts or {}
    if type(opts) ~= "table" then err.usage(several, "a table expected, got %s", type(opts)) end
    local session = get():in_region(opts.region)
    if visit == nil then return M.list(class, session, several, opts) end
    return M.each(class, session, several, opts, visit)
  end
end

return M
