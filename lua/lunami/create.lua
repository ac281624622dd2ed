--- Calls that make something: each has an operation id, written as a tag in the same call and sent as
-- the client token where the API has one, so that what a run made can be found again.
--
-- The id is a hash of the run, the action, the account and region and the request, with a counter
-- among identical requests only: the order of a recipe's lines does not change it. A copy of an image
-- has a name, which tells it from every other: its id holds no run, so that the same copy asked for
-- again, in any run, is found.
local check = require "lunami.check"
local core = require "lunami.core"
local noun = require "lunami.noun"

local M = {}

local run, counts, tagging = nil, {}, true

--- Begin a run: {id = a name of the caller's, or a random one; tags = false: write no tags of ours}.
function M.begin(opts)
  run, counts, tagging = opts.id or core.random(), {}, opts.tags ~= false
end

--- The run's name.
function M.run()
  if not run then run = core.random() end
  return run
end

--- The id of a request that its own name tells from all others, whatever the run.
function M.named_id(session, action, request)
  local text = table.concat({ action, session:account(), session.region, check.canonical(request) }, "|")
  return core.sha256(text):sub(1, 32)
end

local function operation_id(session, action, request)
  local text = table.concat({ M.run(), action, session:account(), session.region, check.canonical(request) }, "|")
  counts[text] = (counts[text] or 0) + 1
  return core.sha256(text .. "|" .. counts[text]):sub(1, 32)
end

local function with_ours(tags, id)
  local all = {}
  for key, value in pairs(tags or {}) do all[key] = value end
  if tagging then all["lunami:run"], all["lunami:op"] = M.run(), id end
  return all
end

-- Which actions have a token; asked of the row once.
local has_token = {}
local function token_of(service, action)
  if has_token[action] == nil then
    has_token[action] = false
    for _, member in ipairs(core.row(service, action).input) do
      if member.name == "client_token" then has_token[action] = true end
    end
  end
  return has_token[action]
end

-- A named id is the same for ever, and AWS would answer a token that it knows with what it made then, though
-- that be gone: the token holds the run, and what is replaced.
local function token(id, named, after)
  return named and core.sha256(table.concat({ id, M.run(), after or "" }, "|")):sub(1, 32) or id
end

--- Send a creating EC2 action with the recipe's tags and ours on the resource types given. Its id is made
-- here unless a named one is given; `after` is the id of what it replaces. Returns the answer, or nil and
-- the error.
function M.try(session, action, input, tags, kinds, named, after)
  local id = named or operation_id(session, action, { input, tags })
  local all = with_ours(tags, id)
  if next(all) ~= nil then
    local list, specifications = noun.tag_list(all), {}
    for i, kind in ipairs(kinds) do specifications[i] = { resource_type = kind, tags = list } end
    input.tag_specifications = specifications
  end
  if token_of("ec2", action) then input.client_token = token(id, named, after) end
  local answer, failure = session:try("ec2", action, input)
  if answer or not failure.unknown or not tagging then return answer, failure end
  return require("lunami.unknown").settle(session, action, input, id, failure)
end

--- The same; raises, blaming the verb `what`.
function M.call(what, session, action, input, tags, kinds, id, after)
  local answer, failure = M.try(session, action, input, tags, kinds, id, after)
  if answer then return answer end
  failure.what = what
  error(failure, 0)
end

--- StartSnapshot, whose tags are spelt otherwise; `contents` tells the disk image from others under its name.
function M.start_snapshot(what, session, input, tags, contents)
  local id = operation_id(session, "StartSnapshot", { input, tags, contents })
  local all = with_ours(tags, id)
  input.tags = next(all) ~= nil and noun.tag_list(all) or nil
  input.client_token = id
  local answer, failure = session:try("ebs", "StartSnapshot", input)
  if answer then return answer end
  failure.what = what
  error(failure, 0)
end

--- CreateKey, whose tags are spelt otherwise; raises.
function M.key(session, input, tags)
  local id = operation_id(session, "CreateKey", { input, tags })
  local all = with_ours(tags, id)
  input.tags = next(all) ~= nil and noun.tag_list(all, "tag_key", "tag_value") or nil
  local answer, failure = session:try("kms", "CreateKey", input)
  if not answer and failure.unknown and tagging then
    answer, failure = require("lunami.unknown").settle(session, "CreateKey", input, id, failure)
  end
  if not answer then error(failure, 0) end
  return answer
end

return M
