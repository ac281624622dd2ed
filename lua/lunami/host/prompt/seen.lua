--- Ids and names that this session has seen: what completion knows of the account. Nothing is asked for.
local noun = require "lunami.noun"

local M = {}

local MOST = 50000 -- of one kind: a prompt that is open for weeks does not grow for ever
local ids, names, counts = {}, {}, {}
local sessions = setmetatable({}, { __mode = "k" }) -- those of the objects: they know aliases of keys

local function note(into, kind, value)
  if type(value) ~= "string" or value == "" then return end
  into[kind] = into[kind] or {}
  if into[kind][value] or (counts[kind] or 0) > MOST then return end
  into[kind][value] = true
  counts[kind] = (counts[kind] or 0) + 1
end

--- Remember each object from here on.
function M.begin()
  noun.on_new = function(class, object)
    sessions[object._session] = true
    if class.name == "key" then return end
    note(ids, class.name, object.id)
    if class.name == "image" then note(names, "image", object.name) end
  end
end

local function list(set)
  local all = {}
  for value in pairs(set or {}) do all[#all + 1] = value end
  return all
end

--- Ids of a class; of keys the aliases that were read.
function M.ids(kind)
  if kind ~= "key" then return list(ids[kind]) end
  local aliases = {}
  for session in pairs(sessions) do
    for _, alias in pairs(session.alias_by_id or {}) do aliases[alias] = true end
  end
  return list(aliases)
end

--- Names of a class.
function M.names(kind)
  return list(names[kind])
end

return M
