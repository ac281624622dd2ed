--- How a run ends: its exit status, and what is said on standard error of a failure and of what is left.
local err = require "lunami.err"
local native = require "lunami.host.native"
local progress = require "lunami.host.progress"
local started = require "lunami.started"

local M = {}

M.EXIT = { done = 0, failed = 1, wrong = 2, unfinished = 75, INT = 130, TERM = 143, HUP = 143 }

--- The error that a signal is.
function M.interrupted(signal)
  return err.new { code = "Interrupted", kind = "signal", signal = signal, where = "", message = "interrupted" }
end

-- What the recipe's end leaves to be known about: what it made, and how to go on.
local function report_left(failure)
  for _, entry in ipairs(started.list()) do
    local class = entry.object._class.name
    io.stderr:write(("lunami: %s goes on at AWS; to wait for it: lunami run with %s \"%s\":wait()\n"):format(
      entry.object.id, class, entry.object.id))
  end
  for _, line in ipairs(failure.left or {}) do io.stderr:write("lunami: left behind: ", line, "\n") end
end

--- The exit status of a failure.
function M.status_of(failure)
  if failure.kind == "signal" then return M.EXIT[failure.signal] end
  if failure.kind == "unfinished" or failure.kind == "timeout" then return M.EXIT.unfinished end
  if failure.kind == "usage" or failure.kind == "lua" then return M.EXIT.wrong end
  return M.EXIT.failed
end

--- Print a failure and what it leaves; returns the exit status.
function M.failure(failure, traceback)
  progress.clear()
  local signal = native.signal()
  if signal and failure.kind ~= "signal" then
    failure = M.interrupted(signal)
  end
  local text = tostring(failure)
  if failure.where == "" and failure.kind ~= "lua" then text = "lunami: " .. text:gsub("^lunami: ", "") end
  io.stderr:write(text, "\n")
  if traceback and failure.traceback then io.stderr:write(failure.traceback, "\n") end
  report_left(failure)
  return M.status_of(failure)
end

return M
