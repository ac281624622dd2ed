--- The line of progress above the line that is typed.
local core = require "lunami.core"
local jobs = require "lunami.host.prompt.jobs"
local show = require "lunami.show"
local started = require "lunami.started"
local text = require "lunami.text"

local M = {}

local WIDTH = 16

local function gauge(percent, how)
  local full = math.floor(percent * WIDTH / 100 + 0.5)
  local on, off = how.ascii and "#" or "█", how.ascii and "." or "░"
  return on:rep(full) .. off:rep(WIDTH - full)
end

-- What is known of all that is under way: its mean progress, the first by name, how many more.
local function summary(waits, running)
  local total, known = 0, 0
  for _, wait in ipairs(waits) do
    if wait.progress >= 0 then total, known = total + wait.progress, known + 1 end
  end
  local first = waits[1] and ("%s %s"):format(waits[1].id, waits[1].state ~= "" and waits[1].state or "waiting")
    or running[1].what
  local more = math.max(#waits, #running) - 1
  return first .. (more > 0 and (" and %d more"):format(more) or ""), known > 0 and total / known or nil
end

--- The line's text for now, or nil when nothing is under way.
function M.text(how)
  local running = jobs.unfinished()
  if #running == 0 then return nil end
  local what, percent = summary(started.waits(), running)
  local age = text.span(core.monotonic() - running[1].began)
  local line = percent and ("%s %3d%%  %s  %s"):format(gauge(percent, how), percent, text.escape(what, how.ascii), age)
    or ("%s  %s"):format(text.escape(what, how.ascii), age)
  return show.paint(how, "busy", text.cut(line, math.max((how.columns or 80) - 1, 1), how.ascii and "..." or "…"))
end

return M
