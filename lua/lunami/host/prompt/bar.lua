--- The line of progress above the line that is typed.
local core = require "lunami.core"
local jobs = require "lunami.host.prompt.jobs"
local progress = require "lunami.host.progress"
local show = require "lunami.show"
local text = require "lunami.text"

local M = {}

local WIDTH = 16

local function gauge(percent, how)
  local full = math.floor(percent * WIDTH / 100 + 0.5)
  local on, off = how.ascii and "#" or "█", how.ascii and "." or "░"
  return on:rep(full) .. off:rep(WIDTH - full)
end

--- The line's text for now, or nil when nothing is under way.
function M.text(how)
  local running = jobs.unfinished()
  if #running == 0 then return nil end
  local waits, age = core.waits(), core.monotonic() - running[1].began
  local what, since = running[1].what, text.short_span(age)
  what = progress.words(age) or what
  local line = text.escape(what, how.ascii) .. "  " .. since
  if waits and waits.progress >= 0 then line = gauge(waits.progress, how) .. "  " .. line end
  return show.paint(how, "busy", text.cut(line, math.max((how.columns or 80) - 1, 1), how.ascii and "..." or "…"))
end

return M
