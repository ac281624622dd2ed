--- Progress of what a run waits for: one line that moves on a terminal, a line now and then in a pipe.
-- A few waits are shown one by one; of many the sums, the rate, the time left and the slowest.
local core = require "lunami.core"
local native = require "lunami.host.native"
local text = require "lunami.text"

local M = {}

local REDRAW_S, PIPE_S = 0.2, 15
local FEW = 3
local terminal = native.isatty(2)
local shown, last_line, last_time, began = false, nil, nil, nil

local function percent(wait)
  return wait.progress >= 0 and (" %d%%"):format(wait.progress) or ""
end

local function each(waits)
  local parts = {}
  for i, wait in ipairs(waits.slowest) do
    parts[i] = ("%s %s%s"):format(wait.id, wait.state ~= "" and wait.state or "waiting", percent(wait))
  end
  table.sort(parts)
  return table.concat(parts, ", ")
end

local function slowest(waits)
  local parts = {}
  for i, wait in ipairs(waits.slowest) do parts[i] = wait.id .. percent(wait) end
  return "slowest " .. table.concat(parts, " ")
end

local function sums(waits, age)
  local ended = waits.ready + waits.failed
  local parts = { ("%s of %s ready"):format(text.number(waits.ready), text.number(waits.waiting + ended)) }
  if waits.failed > 0 then parts[#parts + 1] = text.number(waits.failed) .. " failed" end
  if waits.progress >= 0 then parts[#parts + 1] = ("%d%%"):format(waits.progress) end
  if ended > 0 and age >= 1 then parts[#parts + 1] = ("%.1f a minute"):format(ended * 60 / age) end
  if waits.left then parts[#parts + 1] = text.span(waits.left) .. " left" end
  parts[#parts + 1] = slowest(waits)
  return table.concat(parts, ", ")
end

--- What core.waits told in words, `age` seconds after it began, and that age.
function M.words(waits, age)
  local few = waits.waiting + waits.ready + waits.failed <= FEW
  return few and each(waits) or sums(waits, age), text.short_span(age)
end

local function clear()
  if shown then io.stderr:write("\r\27[K") end
  shown = false
end

local function draw_line(what, age)
  local columns = native.size(2) or 80
  io.stderr:write("\r\27[K", text.cut(core.escape(what .. "  " .. age), columns - 1, ""))
  shown = true
end

local function print_line(what, age)
  if what ~= last_line then io.stderr:write("waiting: ", core.escape(what), "  ", age, "\n") end
  last_line = what
end

--- Draw what is under way when it is time to; returns how long a step may wait before the next drawing, or nil.
function M.draw()
  if M.off then return nil end
  local now, every = core.monotonic(), terminal and REDRAW_S or PIPE_S
  local left = last_time and last_time + every - now or 0
  if left > 0 and began then return left end
  local waits = core.waits()
  if not waits then
    clear()
    began, last_time = nil, nil
    return nil
  end
  began, last_time = began or now, now
  local draw = terminal and draw_line or print_line
  draw(M.words(waits, now - began))
  return every
end

--- Take the line away before anything else is printed.
M.clear = clear

return M
