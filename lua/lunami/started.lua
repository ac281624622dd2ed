--- What a run has made and started: what it must still wait for, and what is to be removed at its end.
local noun = require "lunami.noun"

local M = {}

local pending, made = {}, {}
local by_id = {} -- id -> set of the objects that are waited for under it

--- Remember that AWS is still at work on an object; settle(object) waits for it.
function M.add(object, settle)
  local state = noun.state(object)
  if not state.listed then pending[#pending + 1] = object end
  state.pending, state.listed = settle, true
  by_id[object.id] = by_id[object.id] or {}
  by_id[object.id][object] = true
  return object
end

function M.finished(object)
  noun.state(object).pending = nil
  local same = by_id[object.id]
  if same then
    same[object] = nil
    if next(same) == nil then by_id[object.id] = nil end
  end
end

--- The objects under this id that are still waited for: several may stand for the same thing.
function M.under(id)
  local list = {}
  for object in pairs(by_id[id] or {}) do list[#list + 1] = object end
  return list
end

--- Objects that nobody has waited for, in the order in which they were started, with their settle.
function M.list()
  local list, left = {}, {}
  for _, object in ipairs(pending) do
    local state = noun.state(object)
    if state.pending then
      list[#list + 1] = { object = object, settle = state.pending }
      left[#left + 1] = object
    else
      state.listed = nil
    end
  end
  pending = left
  return list
end

--- Called with what an earlier run had made and this one takes over.
M.on_found = nil

--- Called with what was waited for: it is ready, or its failure.
M.on_settled = nil

--- Remember that an earlier run made an object.
function M.found(object)
  noun.state(object).found = true
  if M.on_found then M.on_found(object) end
  return object
end

--- Remember that this run made an object.
function M.made(object)
  noun.state(object).made = true
  made[#made + 1] = object
  return object
end

--- It is gone: removed by the recipe, or by AWS.
function M.gone(object)
  local state = noun.state(object)
  state.gone, state.scratch = true, nil
  M.finished(object)
end

--- All that this run made and that is not known to be gone, in the order in which it was made.
function M.all_made()
  local list = {}
  for _, object in ipairs(made) do
    if not noun.state(object).gone then list[#list + 1] = object end
  end
  return list
end

--- Another run begins.
function M.forget()
  pending, made, by_id = {}, {}, {}
end

return M
