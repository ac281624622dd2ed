--- Progress of what a run waits for: one line that moves on a terminal, a line now and then in a pipe.
local core = require "lunami.core"
local native = require "lunami.host.native"
local started = require "lunami.started"

local M = {}

local REDRAW_S, PIPE_S = 0.2, 15
local terminal = native.isatty(2)
local shown, last_line, last_time, began = false, nil, nil, nil

local function text(waits, now)
  local parts = {}
  for i = 1, math.min(#waits, 3) do
    local wait = waits[i]
    local percent = wait.progress >= 0 and (" %d%%"):format(wait.progress) or ""
    parts[i] = ("%s %s%s"):format(wait.id, wait.state ~= "" and wait.state or "waiting", percent)
  end
  if #waits > 3 then parts[4] = ("and %d more"):format(#waits - 3) end
  return table.concat(parts, ", "), ("%d s"):format(math.floor(now - began))
end

local function clear()
  if shown then io.stderr:write("\r\27[K") end
  shown = false
end

--- Draw what is under way; returns how long a step may wait before the next drawing, or nil.
function M.draw()
  local waits = started.waits()
  if #waits == 0 then
    clear()
    began = nil
    return nil
  end
  local now = core.monotonic()
  began = began or now
  local what, age = text(waits, now)
  if terminal then
    local line = what .. "  " .. age
    local columns = native.size(2) or 80
    io.stderr:write("\r\27[K", core.escape(line):sub(1, math.max(columns - 1, 0)))
    shown = true
    return REDRAW_S
  end
  if last_line ~= what and (last_time == nil or now - last_time >= PIPE_S or not last_line) then
    io.stderr:write("waiting: ", core.escape(what), "  ", age, "\n")
    last_line, last_time = what, now
  end
  return PIPE_S
end

--- Take the line away before anything else is printed.
M.clear = clear

return M
