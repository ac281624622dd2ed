--- Text for people: how wide it is on a terminal, cut to a width, ages and sizes as one says them.
local core = require "lunami.core"

local M = {}

-- First and last code points that take two columns (East Asian wide, emoji), and those that take none.
local WIDE = { { 0x1100, 0x115f }, { 0x2e80, 0x303e }, { 0x3041, 0xa4cf }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff },
  { 0xfe30, 0xfe6f }, { 0xff00, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff },
  { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd } }
local NONE = { { 0x300, 0x36f }, { 0x200b, 0x200d }, { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f } }

local function within(ranges, point)
  for _, range in ipairs(ranges) do
    if point >= range[1] and point <= range[2] then return true end
  end
  return false
end

-- The code point of a UTF-8 sequence; escaped text holds only valid ones.
local function decode(sequence)
  local first = sequence:byte()
  local point = first < 0x80 and first or first < 0xe0 and first % 0x20 or first < 0xf0 and first % 0x10 or first % 8
  for i = 2, #sequence do point = point * 64 + sequence:byte(i) % 64 end
  return point
end

local SEQUENCE = "[%z\1-\127\192-\255][\128-\191]*"

local function columns(sequence)
  if #sequence == 1 then return 1 end
  local point = decode(sequence)
  return within(NONE, point) and 0 or within(WIDE, point) and 2 or 1
end

--- Columns that a text takes; colours (ESC [ … m) take none.
function M.width(text)
  text = text:gsub("\27%[[%d;]*m", "")
  if not text:find("[\128-\255]") then return #text end
  local total = 0
  for sequence in text:gmatch(SEQUENCE) do total = total + columns(sequence) end
  return total
end

--- At most `most` columns of a text without colours; what is cut off leaves `mark` ("…") behind.
function M.cut(text, most, mark)
  if M.width(text) <= most then return text end
  local room, used, parts = most - M.width(mark), 0, {}
  if room < 0 then return "" end
  for sequence in text:gmatch(SEQUENCE) do
    used = used + columns(sequence)
    if used > room then break end
    parts[#parts + 1] = sequence
  end
  return table.concat(parts) .. mark
end

--- A text as lines of at most `most` columns, broken at blanks.
function M.wrap(text, most)
  local lines, line = {}, ""
  for word in text:gmatch("%S+") do
    local longer = line == "" and word or line .. " " .. word
    if M.width(longer) > most and line ~= "" then
      lines[#lines + 1], line = line, word
    else
      line = longer
    end
  end
  lines[#lines + 1] = line
  return lines
end

--- The text and blanks up to a width.
function M.pad(text, width)
  return text .. (" "):rep(width - M.width(text))
end

--- Text from outside, safe for a terminal; where it shows ASCII only, the rest by its code point.
function M.escape(text, ascii)
  text = core.escape(text)
  if not ascii or not text:find("[\128-\255]") then return text end
  return (text:gsub("[\192-\255][\128-\191]*", function(sequence) return ("\\u{%X}"):format(decode(sequence)) end))
end

local SPANS = { { 86400 * 365, "year" }, { 86400 * 30, "month" }, { 86400, "day" }, { 3600, "hour" }, { 60, "minute" },
  { 1, "second" } }

--- "3 days", "1 hour": the largest unit that fits twice, or once when it is alone.
function M.span(seconds)
  seconds = math.floor(seconds + 0.5)
  for _, one in ipairs(SPANS) do
    local count = math.floor(seconds / one[1])
    if count >= 2 or (count == 1 and one[1] <= 3600) or one[1] == 1 then
      return ("%d %s%s"):format(count, one[2], count == 1 and "" or "s")
    end
  end
end

local SHORT = { year = "y", month = "mo", day = "d", hour = "h", minute = "m", second = "s" }

--- "3d", "1h": for columns.
function M.short_span(seconds)
  local count, unit = M.span(seconds):match("^(%d+) (%a-)s?$")
  return count .. SHORT[unit]
end

--- Seconds since the epoch of what AWS tells of a moment (text, or KMS's number); nil for neither.
function M.moment(value)
  if value == nil then return nil end
  return tonumber(value) or core.date(tostring(value))
end

--- "3 days ago", "in 2 hours" of a moment.
function M.age(value, now)
  local at = M.moment(value)
  if not at then return nil end
  if at > now + 1 then return "in " .. M.span(at - now) end
  return now - at < 2 and "just now" or M.span(now - at) .. " ago"
end

--- The same for a column.
function M.short_age(value, now)
  local at = M.moment(value)
  if not at then return nil end
  return at > now + 1 and "in " .. M.short_span(at - now) or M.short_span(math.max(now - at, 0))
end

--- GiB as AWS counts them: "8 GiB", "1.5 TiB".
function M.size(gib)
  if gib == nil then return nil end
  if gib < 1024 then return ("%d GiB"):format(gib) end
  return (("%.1f"):format(gib / 1024):gsub("%.0$", "")) .. " TiB"
end

local UNITS = { "bytes", "KiB", "MiB", "GiB", "TiB" }

--- "512 KiB", "1.2 GiB" of bytes.
function M.bytes(n)
  local unit = 1
  while n >= 1024 and unit < #UNITS do
    n, unit = n / 1024, unit + 1
  end
  return ((n < 10 and "%.1f" or "%.0f"):format(n):gsub("%.0$", "")) .. " " .. UNITS[unit]
end

--- "1.5 GiB-months each month" of bytes that are kept.
function M.gib_months(bytes)
  return ("%.3g GiB-months each month"):format(bytes / 2 ^ 30)
end

--- "12,345".
function M.number(n)
  return (("%d"):format(n):reverse():gsub("(%d%d%d)", "%1,"):reverse():gsub("^,", ""))
end

--- "1 image", "3 images", "12,345 images".
function M.count(n, word)
  return M.number(n) .. " " .. word .. (n == 1 and "" or "s")
end

return M
