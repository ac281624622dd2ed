--- The question before something that cannot be undone on a real account: once for a line.
local core = require "lunami.core"
local err = require "lunami.err"
local native = require "lunami.host.native"
local progress = require "lunami.host.progress"
local task = require "lunami.task"

local M = {}

local function declined(row, message)
  err.raise { code = "Declined", kind = "canceled", what = row.name, message = message }
end

--- What verb.guard is at the prompt: the task waits until the foreground has asked.
function M.guard(session)
  return function(row, object)
    local on = object._session
    if on:is_local() or session.yes then return end
    local why = row.destroys == true and "It cannot be undone" or row.destroys
    if not session.edits then
      declined(row, why .. ", and nobody can be asked here: lunami --yes does not ask")
    elseif not session.foreground then
      declined(row, why .. ", and nobody is asked in the background: lunami --yes does not ask")
    end
    local account = on:account()
    if session.answer == nil then
      session.question = session.question or { gate = task.gate(), text = ("%s: %s in account %s. %s: go on? [y/N] ")
        :format(row.name, core.escape(tostring(object)), account, why) }
      task.join(session.question.gate)
    end
    if not session.answer then declined(row, "not done") end
  end
end

-- The line that is typed as the answer, or nil; what was typed ahead is none.
local function answer(session, question)
  local over, line = false, nil
  session.reader:drop()
  local began, failure = session.reader:begin(question)
  if not began then err.raise(failure) end
  task.drive(function()
    while not over and session.reader:ready() do
      local event
      event, line = session.reader:take()
      over = event == "line" or event == "end"
      if event == nil then break end
    end
    return over or native.signal() ~= nil
  end)
  if session.reader:active() then session.reader:abandon() end
  return line
end

--- Ask what a task of the line wants to know; everything else goes on meanwhile.
function M.ask(session)
  local question, before = session.question, task.before_step
  progress.clear()
  task.before_step = nil
  local line = answer(session, question.text)
  task.before_step = before
  session.answer = line ~= nil and line:lower():find("^%s*y") ~= nil
  session.question = nil
  if not native.signal() then task.open(question.gate) end
end

return M
