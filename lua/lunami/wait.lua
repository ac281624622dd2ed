--- Waiting for one object: until it is ready, then reading back and comparing what was made.
local core = require "lunami.core"
local err = require "lunami.err"
local noun = require "lunami.noun"
local started = require "lunami.started"
local task = require "lunami.task"
local verb = require "lunami.verb"

local M = {}

local function still(object, failure)
  failure.message = ("%s is not ready yet; AWS goes on with it. To go on waiting: %s \"%s\":wait()"):format(object.id,
    object._class.name, object.id)
  return failure
end

-- Wait by the hub; returns true, or nil and the error.
local function watch(object, state, timeout)
  local operation, failure = core.wait(object._session.native, object._class.name, object.id, state, timeout)
  if not operation then return nil, failure end
  return task.await(operation)
end

local function settle(object, state, timeout)
  local class, memory = object._class, noun.state(object)
  local wanted = state or memory.wanted
  local ok, failure = watch(object, wanted, timeout)
  if not ok then
    failure.what, failure.where = class.name .. ".wait", memory.where
    if failure.kind == "timeout" then
      failure = still(object, failure)
    elseif class.explain then
      failure = class.explain(object, failure)
    end
    started.finished(object)
    err.raise(failure)
  end
  memory.wanted = nil
  if wanted == "terminated" then
    started.gone(object)
  end
  object:refresh()
  if class.verify then class.verify(object) end
  started.finished(object)
  return object
end

--- Wait until the object is in `state` (its class's ready state when nil), read it again and compare it
-- with what was asked of it. Raises with all that AWS tells elsewhere.
function M.settle(object, state, timeout)
  if not (started.on_settled and noun.state(object).pending) then return settle(object, state, timeout) end
  local ok, failure = task.protect(settle, object, state, timeout)
  started.on_settled(object, not ok and err.wrap(failure) or nil)
  if not ok then error(failure, 0) end
  return object
end

--- Wait for a subject that is not ready yet; nothing when it is.
function M.ready(object)
  if noun.state(object).pending or object.state == "pending" then M.settle(object) end
  return object
end

--- Remember that the recipe must wait for the object before it ends; `state` as for settle.
function M.later(object, state)
  local memory = noun.state(object)
  memory.wanted, memory.where = state, memory.where or err.blame()
  return started.add(object, function() return M.settle(object) end)
end

--- What was just made: remembered as the run's own, and waited for at the end.
function M.made(object)
  return M.later(started.made(object))
end

--- The verbs wait and refresh of a class.
function M.add(class)
  verb.add(class, "wait", {
    help = "wait until it is ready, then read it again and compare it with what was asked",
    options = { timeout = true, state = { type = "string", help = "another state to wait for" } },
    returns = "itself",
    run = function(self, opts) return M.settle(self, opts.state, opts.timeout) end,
  })
  verb.add(class, "refresh", {
    help = "read it again", returns = "itself",
    run = function(self)
      local record = class.describe(self._session, self.id)
      if not record then
        err.raise { code = class.search.not_found, what = class.name .. ".refresh", message = self.id .. " is gone" }
      end
      core.renew(class.name, self, record)
      if class.load then class.load(self) end
      return self
    end,
  })
end

return M
