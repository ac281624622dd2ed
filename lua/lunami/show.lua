--- Values as text for people: one line, a card, an aligned table, a tree. Never sends anything.
--
-- How it is shown is a table: columns and rows of the terminal (nil: nothing is cut), colour, ascii (nothing but
-- ASCII is shown), now (seconds since the epoch), cards (lists up to so long are shown as cards).
local cards = require "lunami.cards"
local check = require "lunami.check"
local core = require "lunami.core"
local noun = require "lunami.noun"
local text = require "lunami.text"

local M = {}

local COLOURS = { good = "32", busy = "33", bad = "31", dim = "2", title = "1", name = "36" }

--- The text in a colour of ours, when there are colours.
function M.paint(how, colour, words)
  if not how.colour or not colour then return words end
  return ("\27[%sm%s\27[0m"):format(COLOURS[colour], words)
end

local function mark(how) return how.ascii and "..." or "…" end

-- A cell as escaped text and its colour; nil and false show as "-".
local function cell_of(how, value)
  local words, colour = value, nil
  if type(value) == "table" then words, colour = value.text, value.colour end
  if words == nil or words == false or words == "" then return "-", "dim" end
  return text.escape(tostring(words), how.ascii), colour
end

-- Take from the wide column what the others leave too little room for; others are cut only at the line's end.
local function fit(how, widths, wide)
  local total = 2 * (#widths - 1)
  for _, width in ipairs(widths) do total = total + width end
  local over = how.columns and total - how.columns or 0
  if over > 0 and wide then widths[wide] = math.max(widths[wide] - over, math.min(widths[wide], 8)) end
end

-- One line: cells cut to their widths, the whole cut to the terminal, then coloured.
local function line(how, cells, widths)
  local parts, room = {}, how.columns or math.huge
  for c, cell in ipairs(cells) do
    local width = math.min(widths[c], room)
    if width < 1 then break end
    local words = text.cut(cell.words, width, mark(how))
    if c < #cells then words = text.pad(words, width) end
    parts[c] = M.paint(how, cell.colour, words)
    room = room - width - 2
  end
  return (table.concat(parts, "  "):gsub("%s+$", ""))
end

-- Columns that say nothing in any row are left out, except the first two.
local function used_columns(grid, count)
  local used = {}
  for c = 1, count do
    local says = c <= 2
    for i = 2, #grid do says = says or grid[i][c].words ~= "-" end
    if says then used[#used + 1] = c end
  end
  return used
end

--- Rows of cells as lines of aligned columns under a header; column `wide` gives way when it is narrow.
function M.table(header, rows, how, wide)
  how = how or {}
  local grid = { {} }
  for c, title in ipairs(header) do grid[1][c] = { words = title, colour = "dim" } end
  for i, row in ipairs(rows) do
    grid[i + 1] = {}
    for c = 1, #header do
      local words, colour = cell_of(how, row[c])
      grid[i + 1][c] = { words = words, colour = colour or (c == 1 and "name" or nil) }
    end
  end
  local used, widths, lines, wide_at = used_columns(grid, #header), {}, {}, nil
  for at, c in ipairs(used) do
    widths[at] = 0
    for _, row in ipairs(grid) do widths[at] = math.max(widths[at], text.width(row[c].words)) end
    if c == wide then wide_at = at end
  end
  fit(how, widths, wide_at)
  for i, row in ipairs(grid) do
    local cells = {}
    for at, c in ipairs(used) do cells[at] = row[c] end
    lines[i] = line(how, cells, widths)
  end
  return table.concat(lines, "\n")
end

local function head(class, object, how)
  local parts = { M.paint(how, "name", (cell_of(how, object.id))) }
  local told = { cards.classes[class.name].head(object) }
  for i = 1, 4 do
    if told[i] then
      local words, colour = cell_of(how, told[i])
      parts[#parts + 1] = M.paint(how, colour, words)
    end
  end
  return table.concat(parts, "  ")
end

--- An object with all that is known of it.
function M.card(object, how)
  how = how or {}
  local class = noun.class_of(object)
  local spec = cards.classes[class.name]
  local lines = { head(class, object, how) }
  for _, row in ipairs(spec.card) do
    local value = row[2](object, how)
    if value then
      local words, colour = cell_of(how, value)
      if how.columns then words = text.cut(words, math.max(how.columns - 15, 10), mark(how)) end
      lines[#lines + 1] = "  " .. M.paint(how, "dim", text.pad(row[1], 12)) .. " " .. M.paint(how, colour, words)
    end
  end
  local devices = spec.devices and spec.devices.rows(object) or {}
  if #devices > 0 then lines[#lines + 1] = M.table(spec.devices.header, devices, how, spec.devices.wide) end
  return table.concat(lines, "\n")
end

local function columns_of(class, list, how)
  local columns = {}
  for _, column in ipairs(cards.classes[class.name].columns) do
    local says = not column.varies
    for i = 2, #list do says = says or column[2](list[i], how) ~= column[2](list[1], how) end
    if says then columns[#columns + 1] = column end
  end
  return columns
end

--- A list of objects of one class, one a line, cut to the terminal's height, with a count.
function M.list(class, list, how)
  how = how or {}
  local header, rows, wide = {}, {}, nil
  local columns = columns_of(class, list, how)
  for c, column in ipairs(columns) do
    header[c] = column[1]
    if column.wide then wide = c end
  end
  local most = how.rows and math.max(how.rows - 4, 5) or #list
  for i = 1, math.min(#list, most) do
    rows[i] = {}
    for c, column in ipairs(columns) do rows[i][c] = column[2](list[i], how) end
  end
  local counted = text.count(#list, class.name)
  if #rows < #list then
    counted = ("%s %s more; %s in all: show(_) prints them"):format(mark(how), text.count(#list - #rows, ""):sub(1, -3),
      counted)
  end
  if #list == 0 then return "no " .. class.name .. "s" end
  return M.table(header, rows, how, wide) .. "\n" .. M.paint(how, "dim", counted)
end

-- ---- other values ----------------------------------------------------------------------------------

local TREE_DEPTH, TREE_ITEMS = 6, 200

local function quoted(words, how)
  return '"' .. text.escape(words:gsub('[\\"]', "\\%0"), how.ascii) .. '"'
end

local function key_text(key, how)
  if type(key) == "string" and key:find("^[%a_][%w_]*$") then return key end
  return "[" .. (type(key) == "string" and quoted(key, how) or tostring(key)) .. "]"
end

local function plain(value)
  return type(value) == "table" and getmetatable(value) == nil
end

local tree

local function tree_items(value, how, depth)
  local items, count = {}, #value
  for i = 1, math.min(count, TREE_ITEMS) do items[i] = tree(value[i], how, depth) end
  for _, key in ipairs(check.sorted_keys(value)) do
    local positional = type(key) == "number" and key >= 1 and key <= count and key % 1 == 0
    if not positional then
      if #items >= TREE_ITEMS then break end
      items[#items + 1] = key_text(key, how) .. " = " .. tree(value[key], how, depth)
    end
  end
  return items
end

-- As Lua would write it: on one line when it is short, else indented.
function tree(value, how, depth)
  if core.is_record(value) then value = core.totable(value) end
  if type(value) == "string" then return quoted(value, how) end
  if not plain(value) then return text.escape(tostring(value), how.ascii) end
  if next(value) == nil then return "{}" end
  if depth > TREE_DEPTH then return "{ " .. mark(how) .. " }" end
  local items = tree_items(value, how, depth + 1)
  local short = "{ " .. table.concat(items, ", ") .. " }"
  if #short + 2 * depth <= (how.columns or 80) - 10 and not short:find("\n") then return short end
  local indent = ("  "):rep(depth)
  return "{\n" .. indent .. "  " .. table.concat(items, ",\n" .. indent .. "  ") .. "\n" .. indent .. "}"
end

-- The class that all items of a list are of, or nil.
local function class_of_list(value)
  if not plain(value) then return nil end
  local class = noun.class_of(value[1]) or (next(value) == nil and noun.lists[value])
  if not class then return nil end
  for key, item in pairs(value) do
    if type(key) ~= "number" or not class.is(item) then return nil end
  end
  return class
end

local function lines_of(words, how)
  local lines = {}
  for one in (words .. "\n"):gmatch("([^\n]*)\n") do lines[#lines + 1] = text.escape(one, how.ascii) end
  return table.concat(lines, "\n")
end

-- A list or a table whose items are all things: as cards, one after the other.
local function as_cards(value, how)
  local shown, count = {}, 0
  for _, key in ipairs(check.sorted_keys(value)) do
    if not noun.class_of(value[key]) then return nil end
    count = count + 1
    shown[count] = M.card(value[key], how)
  end
  return count > 0 and count <= (how.cards or 0) and table.concat(shown, "\n") or nil
end

--- A value alone: an object's card, a list's table, text as it is, anything else as a tree; nil for nil. What has
-- a metatable with __show(value, how) shows itself.
function M.value(value, how)
  how = how or {}
  if value == nil then return nil end
  local meta = type(value) == "table" and getmetatable(value)
  if type(meta) == "table" and meta.__show then return meta.__show(value, how) end
  if noun.class_of(value) then return M.card(value, how) end
  if type(value) == "string" then return lines_of(value, how) end
  local class = class_of_list(value)
  local shown = plain(value) and as_cards(value, how)
  if shown then return shown end
  if class then return M.list(class, value, how) end
  if plain(value) or core.is_record(value) then return tree(value, how, 0) end
  return lines_of(tostring(value), how)
end

return M
