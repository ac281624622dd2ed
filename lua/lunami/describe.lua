--- What a Describe action shows for values of one filter. Tasks that ask the same kind of question before
-- the loop goes on share one call: a thousand copies that end together are read back with five.
local noun = require "lunami.noun"
local task = require "lunami.task"

local M = {}

local BATCH, PAGE = 200, 1000 -- values that a filter may hold; items on a page

-- A question: the action, the list in its answer, the filter, the field that the filter is about, and what
-- else the request says.
M.images = { action = "DescribeImages", list = "images", filter = "image-id", field = "image_id",
  input = { include_deprecated = true, include_disabled = true } }
M.own_images_by_name = { action = "DescribeImages", list = "images", filter = "name", field = "name",
  input = { owners = { "self" }, include_deprecated = true, include_disabled = true } }
M.snapshots = { action = "DescribeSnapshots", list = "snapshots", filter = "snapshot-id", field = "snapshot_id",
  input = {} }
M.volumes = { action = "DescribeVolumes", list = "volumes", filter = "volume-id", field = "volume_id", input = {} }

-- Filters know wildcards; what is asked for here is meant as it stands.
local function literal(value) return (value:gsub("[%*%?\\]", "\\%0")) end

local function request(question, values)
  local input = { max_results = PAGE, filters = noun.filters { [question.filter] = values } }
  for name, value in pairs(question.input) do input[name] = value end
  return input
end

local function fetch(session, question, values)
  local found = {}
  for start = 1, #values, BATCH do
    local some = {}
    for i = start, math.min(start + BATCH - 1, #values) do some[#some + 1] = literal(values[i]) end
    session:each_page("ec2", question.action, request(question, some), question.list, function(items)
      for _, item in ipairs(items) do
        local value = item[question.field]
        found[value] = found[value] or {}
        found[value][#found[value] + 1] = item
      end
    end)
  end
  return found
end

local function batch_of(session, question)
  local batch = session.batches[question]
  if not batch then
    batch = { values = {}, known = {} }
    batch.task = task.later(function()
      session.batches[question] = nil
      return fetch(session, question, batch.values)
    end)
    session.batches[question] = batch
  end
  return batch
end

--- The records for each of the values, as { [value] = { record … } }; what is not there has no entry. By
-- filter, so that a vanished id fails nothing.
function M.records(session, question, values)
  if #values == 0 then return {} end
  if not task.inside() then return fetch(session, question, values) end
  local batch = batch_of(session, question)
  for _, value in ipairs(values) do
    if not batch.known[value] then
      batch.known[value] = true
      batch.values[#batch.values + 1] = value
    end
  end
  return task.result(batch.task)
end

--- The record for one value, or nil.
function M.record(session, question, value)
  return (M.records(session, question, { value })[value] or {})[1]
end

return M
