--- Running a chunk in the foreground: until it ends or Ctrl-C cancels it.
local core = require "lunami.core"
local err = require "lunami.err"
local jobs = require "lunami.host.prompt.jobs"
local native = require "lunami.host.native"
local progress = require "lunami.host.progress"
local reader = require "lunami.host.reader"
local result = require "lunami.host.result"
local show = require "lunami.show"
local task = require "lunami.task"

local M = {}

local INTERRUPT = {}

-- Between the loop's steps: a signal ends the wait, what is waited for is drawn.
local function before_step()
  if native.signal() then error(INTERRUPT, 0) end
  jobs.report()
  return progress.draw()
end

-- Ctrl-C, or the end of the terminal: the task unwinds, for as long as that takes or until it is asked again.
local function interrupt(session, one)
  if native.signal() ~= "INT" then session.signal = native.signal() end
  reader.handled()
  task.cancel(one)
  pcall(task.drive, function() return one.done end)
  if native.signal() then reader.handled() end
  session.reader:drop()
  session.interrupted, session.canceled_at = true, core.monotonic()
end

-- Drive the loop until the task is done, asking meanwhile what its verbs want to have confirmed.
local function attend(session, one)
  repeat
    task.drive(function() return one.done or session.question ~= nil end)
    if session.question then require("lunami.host.prompt.confirm").ask(session) end
    if native.signal() then error(INTERRUPT, 0) end
  until one.done
end

--- Run fn as a task; returns true and its values, or false and the failure (nil: it was interrupted).
function M.run(session, fn)
  local one = task.spawn(fn)
  task.before_step = before_step
  session.foreground, session.answer, session.question = one, nil, nil
  local ok, failure = pcall(attend, session, one)
  session.foreground = nil
  progress.clear()
  if native.signal() then
    interrupt(session, one)
    progress.clear()
    return false, nil
  end
  if not ok then
    task.cancel(one)
    return false, err.wrap(failure)
  end
  if one.ok then return true, one.values end
  return false, err.wrap(one.error)
end

-- The chunk, and reading what its values' printing needs, in one task: all of it can be interrupted.
local function body(chunk)
  return function()
    local values = table.pack(xpcall(chunk.fn, function(thrown)
      local failure = err.wrap(thrown)
      failure.traceback = failure.traceback or debug.traceback("", 2)
      return failure
    end))
    if not values[1] then error(values[2], 0) end
    for i = 2, values.n do result.prepare(values[i], 0) end
    return table.unpack(values, 2, values.n)
  end
end

local function print_values(session, values)
  if values[1] ~= nil then session.last = values[1] end
  for i = 1, values.n do
    local shown = show.value(values[i], session.how())
    if values[i] == nil then shown = "nil" end
    if shown then session:say(shown) end
  end
end

local function explain_local(session, names)
  if not names or session.told_local then return end
  session.told_local = true
  session:note(("local: it would end with its line; here %s is kept for the session"):format(names))
end

--- Run a chunk that was read and print what it gives; returns nil, or the failure.
function M.evaluate(session, chunk)
  local ok, values = M.run(session, body(chunk))
  jobs.adopt()
  if ok then
    explain_local(session, chunk.names)
    print_values(session, values)
    return nil
  end
  local failure = values
  if not failure then
    session:note(#jobs.unfinished() > 0 and "canceled; jobs() lists what goes on in the background" or "canceled")
    return nil
  end
  session:complain(failure, chunk.text)
  return failure
end

return M
