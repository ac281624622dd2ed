--- The question before something that cannot be undone on a real account: once for a line.
local err = require "lunami.err"
local native = require "lunami.host.native"
local progress = require "lunami.host.progress"
local task = require "lunami.task"

local M = {}

-- What was typed ahead is no answer. The task that asks drives the loop itself: everything else goes on.
local function ask(session, question)
  local before, over, answer = task.before_step, false, nil
  progress.clear()
  session.reader:drop()
  local began, failure = session.reader:begin(question)
  if not began then err.raise(failure) end
  task.before_step = nil
  task.drive(function()
    while not over and session.reader:ready() do
      local event, line = session.reader:take()
      answer = line
      over = event == "line" or event == "end"
      if event == nil then break end
    end
    return over or native.signal() ~= nil
  end)
  task.before_step = before
  if session.reader:active() then session.reader:abandon() end
  return answer ~= nil and answer:lower():find("^%s*y") ~= nil
end

local function declined(row, message)
  err.raise { code = "Declined", kind = "canceled", what = row.name, message = message }
end

--- What verb.guard is at the prompt.
function M.guard(session)
  return function(row, object)
    local on = object._session
    if on:is_local() or session.yes or session.answered then return end
    if not session.edits then
      declined(row, "it cannot be undone, and nobody can be asked here: lunami --yes does not ask")
    end
    session.answered = ask(session, ("%s: %s in account %s. It cannot be undone: go on? [y/N] "):format(row.name,
      tostring(object), on:account()))
    if not session.answered then declined(row, "not done") end
  end
end

return M
