--- Scratch: what a recipe needs only while it runs is removed at its end, however it ends.
--
-- Only what the run itself made can be scratch: nothing else is ever deleted.
local core = require "lunami.core"
local err = require "lunami.err"
local noun = require "lunami.noun"
local started = require "lunami.started"
local task = require "lunami.task"
local wait = require "lunami.wait"

local M = {}

--- Mark something that this run made as temporary; returns it.
function M.scratch(object)
  local class = noun.class_of(object)
  if not class then
    err.usage("scratch", "something that this recipe made is expected, got %s", type(object))
  end
  if not noun.state(object).made then
    err.usage("scratch", "%s was not made by this recipe: only what it made is ever removed", object.id)
  end
  noun.state(object).scratch = true
  return object
end

local removers = {
  instance = function(object)
    object:terminate()
    wait.settle(object, "terminated")
  end,
  image = function(object) object:deregister { snapshots = true } end,
  snapshot = function(object) object:delete() end,
  volume = function(object)
    wait.settle(object, "available") -- its instance has just ended
    object:delete()
  end,
  key = function(object) object:schedule_deletion { pending_window_in_days = 7 } end,
}

-- What holds others goes first: an instance its volumes, an image its snapshots.
local ORDER = { "instance", "image", "snapshot", "volume", "key" }

local function gone(failure)
  local code = err.is(failure) and failure.code or ""
  return code:find("NotFound") ~= nil or code == "Gone"
end

local function remove(object)
  local ok, failure = task.protect(removers[object._class.name], object)
  if ok or gone(failure) then
    started.gone(object)
    return nil
  end
  return failure
end

--- Remove all that is scratch, in the right order, side by side within a kind. Returns a list of
-- { object =, failure = } of what could not be removed.
function M.clean()
  local left = {}
  for _, kind in ipairs(ORDER) do
    local jobs = {}
    for _, object in ipairs(started.all_made()) do
      if noun.state(object).scratch and object._class.name == kind then
        jobs[#jobs + 1] = { key = #jobs + 1, args = {}, fn = function()
          local failure = remove(object)
          if failure then left[#left + 1] = { object = object, failure = err.wrap(failure) } end
        end }
      end
    end
    if #jobs > 0 then task.run(jobs, { keep_going = true }) end
  end
  return left
end

--- What is there after a run went wrong: what it made and did not remove.
function M.left()
  local list = {}
  for _, object in ipairs(started.all_made()) do
    local state = noun.state(object)
    if not state.part and not state.found then list[#list + 1] = object end
  end
  return list
end

--- The same, a line each.
function M.leftovers()
  local lines = M.left()
  for i, object in ipairs(lines) do lines[i] = core.escape(tostring(object)) end
  return lines
end

return M
