--- Creating calls without a client token whose outcome is unknown: the connection broke, or the service
-- failed, after the request was sent. What was made is found by the operation's tag; what was not is sent again.
--
-- An image's name is unique among one's own, so that its call can be sent again at once: if it was carried
-- out, the name is taken. Snapshots have only their tag, which may be seen late: it is looked for
-- until what was made must be visible, and only then the call is sent again.
local core = require "lunami.core"
local noun = require "lunami.noun"
local task = require "lunami.task"

local M = {}

local images = { action = "DescribeImages", field = "images", named = true, input = { owners = { "self" },
  include_deprecated = true, include_disabled = true } }
local snapshots = { action = "DescribeSnapshots", field = "snapshots", input = { owner_ids = { "self" },
  max_results = 1000 } }
local rows = { CopySnapshot = snapshots, CreateSnapshot = snapshots, CreateImage = images, RegisterImage = images }
local TRIES = 3 -- as many as a call with a token has

-- What the operation made, as Describe shows it: it has the fields of the action's own answer.
local function made(session, row, id)
  local input = { filters = noun.filters { ["tag:lunami:op"] = id } }
  for name, value in pairs(row.input) do input[name] = value end
  local answer, failure = session:try("ec2", row.action, input)
  if not answer then return nil, failure end
  return answer[row.field] and answer[row.field][1]
end

-- Look, and look again at growing distances, until what was made must be visible.
local function look(session, row, id)
  local settle = core.settle()
  local pause, waited = settle / 64, 0
  while true do
    local found, failure = made(session, row, id)
    if found or failure or waited >= settle then return found, failure end
    task.await(core.sleep(pause))
    waited, pause = waited + pause, math.min(pause * 2, settle - waited)
  end
end

--- After a call of this action failed with `failure`: the answer after all, or nil and the failure. The
-- call is sent again with the same input, which holds the tag of the operation `id`.
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
    answer, problem = session:try("ec2", action, input)
    if answer then return answer end
    if problem.code == "InvalidAMIName.Duplicate" then return look(session, row, id) or nil, problem end
    failure = problem
  end
  return nil, failure
end

return M
