--- What `lunami run --json` says on standard output: an object a line, as things happen; the last one is the result or
-- the error. docs/prompt.md lists the events and their fields, which stay.
local core = require "lunami.core"
local json = require "lunami.host.json"
local progress = require "lunami.host.progress"
local result = require "lunami.host.result"
local scratch = require "lunami.scratch"
local started = require "lunami.started"

local M = {}

local EVERY_S = 1

local function emit(name, event)
  event.event = name
  progress.clear()
  io.stdout:write(json.encode(event), "\n")
  io.stdout:flush()
end

local function emit_object(name, object, more)
  more = more or {}
  more.kind, more.id, more.region = object._class.name, object.id, object.region
  emit(name, more)
end

--- What an earlier run had made and this one takes over.
function M.found(object) emit_object("found", object) end

--- It is ready, or AWS said that it failed; that nobody waits any longer is neither.
function M.settled(object, failure)
  if not failure then
    local state = object.state -- an instance's has a code, too
    return emit_object("ready", object, { state = core.is_record(state) and state.name or state })
  end
  if failure.kind == "timeout" or failure.kind == "canceled" then return end
  emit_object("failed", object, { code = failure.code, message = failure.message })
end

-- A number below zero is AWS telling nothing.
local function known(number) return number and number >= 0 and number or nil end

local function waits_of(waits)
  local slowest = {}
  for i, wait in ipairs(waits.slowest) do
    slowest[i] = { id = wait.id, state = wait.state ~= "" and wait.state or nil, progress = known(wait.progress),
      left = wait.left }
  end
  return { waiting = waits.waiting, ready = waits.ready, failed = waits.failed, progress = known(waits.progress),
    left = waits.left, slowest = slowest }
end

local function transfers_of(transfers)
  local list = {}
  for i, one in ipairs(transfers) do
    list[i] = { id = one.id, sends = one.sends, bytes = one.bytes, total = one.total > 0 and one.total or nil,
      rate = one.rate, left = one.left }
  end
  return list
end

local last_time

--- Tell how far the waits and transfers are when it is time to; returns how long a step may wait before the next time,
-- or nil.
function M.progress()
  if progress.off then return nil end
  local now = core.monotonic()
  local left = last_time and last_time + EVERY_S - now or 0
  if left > 0 then return left end
  local waits, transfers = core.waits(), core.transfers()
  if not waits and not transfers then return nil end
  last_time = now
  local event = waits and waits_of(waits) or {}
  event.transfers = transfers and transfers_of(transfers)
  emit("progress", event)
  return EVERY_S
end

--- The last event of a run that went well.
function M.result(value)
  result.prepare(value, math.huge)
  emit("result", { result = value })
end

--- The last events of a run that did not: what goes on, what is left behind, the error.
function M.failure(failure)
  for _, entry in ipairs(started.list()) do emit_object("unfinished", entry.object) end
  if failure.left then
    for _, object in ipairs(scratch.left()) do emit_object("left", object) end
  end
  emit("error", { error = failure })
end

return M
