--- Creating calls without a client token whose outcome is unknown: the connection broke, or the service
-- failed, after the request was sent. What was made is found by the operation's tag; what was not is sent again.
--
-- An image's name is unique among one's own, so that its call can be sent again at once: if it was carried
-- out, the name is taken. So can a grant's: KMS answers the same name and parameters with the grant that there
-- is. Snapshots and keys have only their tag, which may be seen late: it is looked for until what was made
-- must be visible, and only then the call is sent again.
local core = require "lunami.core"
local noun = require "lunami.noun"
local task = require "lunami.task"

local M = {}

local TRIES = 3 -- as many as a call with a token has
local KEYS = 200 -- with more it stays unknown: that would be as many calls

-- Finders: (session, id, seen) to what the operation `id` made, with the fields of the action's own answer; or
-- nil, and what is true if that cannot be told. `seen` is the same table for all looks.

local function by_filter(action, field, input)
  return function(session, id)
    local request = { filters = noun.filters { ["tag:lunami:op"] = id } }
    for name, value in pairs(input) do request[name] = value end
    local answer, failure = session:try("ec2", action, request)
    if not answer then return nil, failure end
    return answer[field] and answer[field][1]
  end
end

local function bears(session, key, id)
  local answer, failure = session:try("kms", "ListResourceTags", { key_id = key, limit = 50 })
  for _, tag in ipairs(answer and answer.tags or {}) do
    if tag.tag_key == "lunami:op" and tag.tag_value == id then return true end
  end
  return false, failure
end

-- KMS has no filters: the tags of each key are read, once.
local function find_key(session, id, seen)
  local answer, failure = session:try("kms", "ListKeys", { limit = KEYS })
  if not answer or answer.truncated then return nil, failure or answer end
  for _, key in ipairs(answer.keys or {}) do
    if not seen[key.key_id] then
      local ours, problem = bears(session, key.key_id, id)
      if problem then return nil, problem end
      if ours then return session:try("kms", "DescribeKey", { key_id = key.key_id }) end
      seen[key.key_id] = true
    end
  end
end

local find_image = by_filter("DescribeImages", "images", { owners = { "self" }, include_deprecated = true,
  include_disabled = true })
local find_snapshot = by_filter("DescribeSnapshots", "snapshots", { owner_ids = { "self" }, max_results = 1000 })
local rows = {
  CopySnapshot = { service = "ec2", find = find_snapshot },
  CreateSnapshot = { service = "ec2", find = find_snapshot },
  CreateImage = { service = "ec2", find = find_image, named = true },
  RegisterImage = { service = "ec2", find = find_image, named = true },
  CreateKey = { service = "kms", find = find_key },
  CreateGrant = { service = "kms", named = true },
}

-- Look, and look again at growing distances, until what was made must be visible.
local function look(session, row, id)
  local settle, seen = core.settle(), {}
  local pause, waited = settle / 64, 0
  while true do
    local found, failure = row.find(session, id, seen)
    if found or failure or waited >= settle then return found, failure end
    task.await(core.sleep(pause))
    waited, pause = waited + pause, math.min(pause * 2, settle - waited)
  end
end

--- After a call of this action failed with `failure`: the answer after all, or nil and the failure. The
-- call is sent again with the same input, which holds the tag of the operation `id` (a grant: its name).
function M.settle(session, action, input, id, failure)
  local row = rows[action]
  local tries = 1
  while row and failure.unknown and tries < TRIES do
    local answer, problem
    if not row.named then
      answer, problem = look(session, row, id)
      if answer or problem then return answer, problem and failure end
    end
    tries = tries + 1
    answer, problem = session:try(row.service, action, input)
    if answer then return answer end
    if problem.code == "InvalidAMIName.Duplicate" then return look(session, row, id) or nil, problem end
    failure = problem
  end
  return nil, failure
end

return M
