--- What a recipe has started and not yet waited for, and what is being waited for now.
--
-- A recipe ends when all that it started is finished: the host asks for that list; the progress line
-- shows the waits.
local M = {}

local pending, order, waits = {}, {}, {}

--- Remember an object that AWS is still making; settle(object) waits for it.
function M.add(object, settle)
  pending[object] = settle
  order[#order + 1] = object
  return object
end

function M.finished(object)
  pending[object] = nil
end

--- Objects that nobody has waited for, in the order in which they were started, with their settle.
function M.list()
  local list = {}
  for _, object in ipairs(order) do
    if pending[object] then list[#list + 1] = { object = object, settle = pending[object] } end
  end
  order = {}
  for i, entry in ipairs(list) do order[i] = entry.object end
  return list
end

function M.watch(operation, object)
  waits[operation] = object
end

function M.unwatch(operation)
  waits[operation] = nil
end

--- Waits under way: {id =, state =, progress = percent or -1}, sorted by id.
function M.waits()
  local list = {}
  for operation, object in pairs(waits) do
    local state, progress = operation:state()
    list[#list + 1] = { id = object.id, state = state, progress = progress }
  end
  table.sort(list, function(a, b) return a.id < b.id end)
  return list
end

return M
