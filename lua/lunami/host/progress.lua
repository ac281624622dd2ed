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

local function of_waits(waits, age)
  local few = waits.waiting + waits.ready + waits.failed <= FEW
  return few and each(waits) or sums(waits, age)
end

local function transfer(one)
  local total = one.total > 0 and " of " .. text.bytes(one.total) or ""
  local left = one.left and (", %s left"):format(text.span(one.left)) or ""
  return ("%s %s %s%s, %s/s%s"):format(one.id, one.sends and "sent" or "fetched", text.bytes(one.bytes), total,
    text.bytes(one.rate), left)
end

-- Those that have run for long enough to tell how fast they are.
local function add_transfers(parts, transfers)
  for _, one in ipairs(transfers) do
    if one.rate > 0 then parts[#parts + 1] = transfer(one) end
  end
  local more = #parts - FEW
  for i = #parts, FEW + 1, -1 do parts[i] = nil end
  if more > 0 then parts[FEW + 1] = ("%d more disks"):format(more) end
end

--- What is under way in words, `age` seconds after it began; nil when there is nothing to tell.
function M.words(age)
  local waits, parts = core.waits(), {}
  add_transfers(parts, core.transfers() or {})
  if waits then parts[#parts + 1] = of_waits(waits, age) end
  return parts[1] and table.concat(parts, "; ")
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
  local what = M.words(began and now - began or 0)
  if not what then
    clear()
    began, last_time = nil, nil
    return core.transfers() and REDRAW_S or nil
  end
  began, last_time = began or now, now
  local draw = terminal and draw_line or print_line
  draw(what, text.short_span(now - began))
  return every
end

--- Take the line away before anything else is printed.
M.clear = clear

return M
