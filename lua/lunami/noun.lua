--- What all nouns share: objects that show a record's fields, and finding exactly one.
local check = require "lunami.check"
local core = require "lunami.core"
local err = require "lunami.err"

local M = {}

-- Names of the fields that an answer's items can have, from the operation's row.
local function field_names(service, action, list)
  local names = {}
  for _, member in ipairs(core.row(service, action).output) do
    if member.name == list then
      for _, field in ipairs(member.members or {}) do names[field.name] = true end
    end
  end
  return names
end

--- A class of objects. spec: name ("image"), id_field ("image_id"), service, action and list of the
-- Describe call that shows it. Methods are put into the table that is returned.
function M.class(spec)
  local class = { noun = spec.name, id_field = spec.id_field, methods = {} }
  local names
  function class.__index(object, key)
    local method = class.methods[key]
    if method ~= nil then return method end
    if key == "id" then key = spec.id_field end
    local value = rawget(object, "_record")[key]
    if value ~= nil then return value end
    names = names or field_names(spec.service, spec.action, spec.list)
    if names[key] or type(key) ~= "string" then return nil end
    local known = {}
    for name in pairs(names) do known[name] = true end
    for name in pairs(class.methods) do known[name] = true end
    for name in pairs(class.extra or {}) do known[name] = true end
    if known[key] then return nil end
    local near = check.nearest(key, known)
    err.usage(spec.name, "no field or verb '%s'%s", key, near and (" (did you mean '" .. near .. "'?)") or "")
  end
  function class.__tostring(object)
    return class.line(object)
  end
  function class.new(session, record)
    return setmetatable({ _session = session, _record = record }, class)
  end
  return class
end

--- Is value an object of this class?
function M.is(class, value)
  return type(value) == "table" and getmetatable(value) == class
end

--- The object that a verb was called on; `image.copy {…}` instead of `x:copy {…}` is explained.
function M.self(class, verb, object)
  if not M.is(class, object) then
    err.usage(class.noun .. "." .. verb, "call it on %s: x:%s { … }",
      class.noun == "image" and "an image" or "a " .. class.noun, verb)
  end
  return object
end

--- The one match, or the newest; else an error that lists what matched.
function M.one(what, matches, opts, describe)
  if #matches == 1 or (#matches > 1 and opts.newest) then return matches[1] end
  if #matches == 0 then
    err.raise { code = "NotFound", what = what, message = "nothing matches " .. describe }
  end
  local shown = {}
  for i = 1, math.min(#matches, 5) do shown[i] = tostring(matches[i]) end
  if #matches > 5 then shown[6] = "and " .. #matches - 5 .. " more" end
  err.raise { code = "TooManyMatches", what = what,
    message = #matches .. " match " .. describe .. ": " .. table.concat(shown, "; ")
      .. "; say more, or newest = true" }
end

--- { name = …, owner = … } as words for messages.
function M.describe(opts)
  local words = {}
  for _, key in ipairs(check.sorted_keys(opts)) do
    local value = opts[key]
    words[#words + 1] = key .. " = " .. (type(value) == "string" and '"' .. value .. '"' or tostring(value))
  end
  return #words > 0 and "{ " .. table.concat(words, ", ") .. " }" or "{}"
end

--- EC2 filters from a table name -> value or list.
function M.filters(values)
  local list = {}
  for _, name in ipairs(check.sorted_keys(values)) do
    local value = values[name]
    list[#list + 1] = { name = name, values = type(value) == "table" and value or { tostring(value) } }
  end
  return list
end

--- Tag filters ("tag:K" = value) of an options table's `tags`.
function M.tag_filters(filters, tags)
  for key, value in pairs(tags or {}) do filters["tag:" .. key] = tostring(value) end
  return filters
end

--- {K = V} as EC2's tag specifications for the resource types given.
function M.tag_specifications(tags, ...)
  if not tags or next(tags) == nil then return nil end
  local list = {}
  for _, key in ipairs(check.sorted_keys(tags)) do
    list[#list + 1] = { key = key, value = tostring(tags[key]) }
  end
  local specifications = {}
  for i, kind in ipairs { ... } do specifications[i] = { resource_type = kind, tags = list } end
  return specifications
end

--- Objects sorted by a date field, newest first.
function M.newest_first(objects, field)
  local when = {}
  for _, object in ipairs(objects) do when[object] = core.date(object[field] or "") or 0 end
  table.sort(objects, function(a, b)
    if when[a] ~= when[b] then return when[a] > when[b] end
    return a.id > b.id
  end)
  return objects
end

return M
