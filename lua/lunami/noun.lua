--- Nouns: classes of native objects, and what their words share.
--
-- An object is a view of what AWS told (lunami.core); here are its worked-out fields, its verbs' place
-- and a side table for what a run remembers of it.
local check = require "lunami.check"
local core = require "lunami.core"
local err = require "lunami.err"

-- lists: what a look-up answered, with its class: an empty list tells what it is empty of. called: what a function
-- that is a word or a verb is called ("image.copy"), for help.
local M = { classes = {}, lists = setmetatable({}, { __mode = "k" }), called = setmetatable({}, { __mode = "k" }) }

--- Called with the class and each object that is made: the prompt remembers their ids for completion.
M.on_new = nil

local states = setmetatable({}, { __mode = "k" })

--- What this run remembers of an object: its place in the recipe, what is expected of it.
function M.state(object)
  local state = states[object]
  if not state then
    state = {}
    states[object] = state
  end
  return state
end

-- Raise for a name that is neither field nor verb, with the nearest that is.
local function unknown(class, key)
  local known = { id = true }
  for _, member in ipairs(class.row_fields()) do known[member.name] = true end
  for name in pairs(class.methods) do known[name] = true end
  for name in pairs(class.fields) do known[name] = true end
  local near = check.nearest(key, known)
  err.usage(class.name, "no field or verb '%s'%s", key, near and (" (did you mean '" .. near .. "'?)") or "")
end

--- A class. spec: name, id_field, service, action and path ("images") of the Describe call that shows it,
-- line(object) = how it prints. Verbs go into class.methods, worked-out fields into class.fields
-- ({ help =, get = function(object) }).
function M.class(spec)
  local class = spec
  class.methods, class.fields = {}, {}

  --- Members of what AWS tells of one, from the row.
  function class.row_fields()
    local members = core.row(class.service, class.action).output
    for part in class.path:gmatch("[^.]+") do
      for _, member in ipairs(members) do
        if member.name == part then
          members = member.members
          break
        end
      end
    end
    return members
  end

  local function fallback(object, key)
    if key == "_session" then return core.peer(object) end
    if key == "_class" then return class end
    local field = class.fields[key]
    if field then return field.get(object) end
    if type(key) == "string" then unknown(class, key) end
    return nil
  end

  core.class(class.name, class.id_field, class.path, class.methods, fallback, function(object)
    return class.line(object)
  end, class.service, class.action)

  function class.new(session, source)
    local object = core.object(class.name, session, source)
    if M.on_new then M.on_new(class, object) end
    return object
  end
  function class.is(value) return core.is(class.name, value) end

  class.fields.region = { help = "where it is", get = function(object) return object._session.region end }
  M.classes[class.name] = class
  return class
end

--- The class that a value is of, or nil.
function M.class_of(value)
  for _, class in pairs(M.classes) do
    if class.is(value) then return class end
  end
  return nil
end

local function article(class)
  return (class.name:find("^[aeiou]") and "an " or "a ") .. class.name
end
M.article = article

--- The object that a verb was called on; `image.copy {…}` instead of `x:copy {…}` is explained.
function M.self(class, verb, object)
  if not class.is(object) then
    err.usage(class.name .. "." .. verb, "call it on %s: x:%s { … }", article(class), verb)
  end
  return object
end

--- The id of an object of the class, or an id given as text.
function M.id(class, value, what)
  if class.is(value) then return value.id end
  if type(value) == "string" then return value end
  err.usage(what, "%s or its id expected, got %s", article(class), type(value))
end

--- Refuse to send an object into a session of another partition, which AWS never does.
function M.check_partition(what, object, session)
  if core.partition(object.region) ~= core.partition(session.region) then
    err.usage(what, "%s is in %s: AWS copies nothing from there to %s, which is another partition", object.id,
      object.region, session.region)
  end
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

--- {K = V} as AWS's list of tags.
function M.tag_list(tags, key_name, value_name)
  local list = {}
  for _, key in ipairs(check.sorted_keys(tags)) do
    list[#list + 1] = { [key_name or "key"] = key, [value_name or "value"] = tostring(tags[key]) }
  end
  return list
end

return M
