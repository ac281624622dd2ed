--- Tab: what can stand at the cursor, from the rows, from raw tables and from what was seen. Sends nothing and calls
-- no metamethod.
local lunami = require "lunami"
local noun = require "lunami.noun"
local rows = require "lunami.rows"
local scan = require "lunami.host.prompt.scan"
local seen = require "lunami.host.prompt.seen"
local text = require "lunami.text"
local verb = require "lunami.verb"

local M = {}

local function add_keys(to, names)
  for name in next, names do
    if type(name) == "string" and name:find("^[%a_][%w_]*$") then to[#to + 1] = name end
  end
  return to
end

local function spec_of_callee(callee)
  if callee.noun then return rows.look_up(callee.noun) end
  return callee.row and verb.options(callee.row) or nil
end

local option_of

-- What can be said in the table of a frame: { name = option }.
local function spec_of(frame)
  if frame.callee then return spec_of_callee(frame.callee) end
  local option, is_list = option_of(frame)
  return option and not is_list and rows.inside(option) or nil
end

-- The option whose value the table of a frame is, and whether that is a list of which it is no item; nil for none.
function option_of(frame)
  local parent = frame.parent
  if frame.open ~= "{" or not parent or parent.open ~= "{" then return nil end
  if parent.key then
    local spec = spec_of(parent)
    local option = spec and spec[parent.key]
    return option, option and option.list
  end
  local option, is_list = option_of(parent)
  return is_list and option or nil
end

-- ---- candidates ------------------------------------------------------------------------------------

local function names(scopes)
  local list = {}
  for _, scope in ipairs(scopes) do add_keys(list, scope) end
  for _, word in ipairs(lunami.words) do list[#list + 1] = word end
  add_keys(list, scan.KEYWORDS)
  return list
end

local function verbs_of(class)
  local list = {}
  for _, row in ipairs(rows.of(class.name)) do
    if not row.word then list[#list + 1] = row.verb end
  end
  return list
end

local function members(value, operator)
  local list = {}
  if not value then return list end
  if value.class and not value.list then
    list = verbs_of(value.class)
    if operator == "." then
      list = {}
      for _, field in ipairs(rows.fields(value.class)) do list[#list + 1] = field.name end
    end
  elseif value.noun and not value.several and operator == "." then
    for _, row in ipairs(rows.of(value.noun.name)) do list[#list + 1] = row.verb end
  elseif type(value.raw) == "table" then
    add_keys(list, value.raw)
  elseif type(value.raw) == "string" and operator == ":" then
    add_keys(list, string)
  end
  return list
end

local function keys(frame)
  local list, spec = {}, spec_of(frame)
  for name, option in pairs(spec or {}) do
    if not option.long and not frame.given[name] then list[#list + 1] = name end
  end
  return list, spec ~= nil
end

-- What the value of an option may be, of a callee's table.
local function option_values(frame)
  local spec = spec_of(frame)
  local option = spec and frame.key and spec[frame.key]
  if not option then return {} end
  local values = rows.values(option)
  if values then return values end
  if frame.key == "region" then return require "lunami.host.regions" end
  if frame.key == "key" or frame.key == "default_key" then
    local list = seen.ids "key"
    list[#list + 1] = "default"
    return list
  end
  local looked_up = frame.callee and frame.callee.noun
  if looked_up and frame.key == "name" then return seen.names(looked_up.name) end
  if looked_up and frame.key == "id" then return seen.ids(looked_up.name) end
  return noun.classes[frame.key] and seen.ids(frame.key) or {}
end

local function any_id()
  local list = {}
  for _, name in ipairs(rows.NOUNS) do
    for _, id in ipairs(seen.ids(name)) do list[#list + 1] = id end
  end
  return list
end

local function strings(found)
  if found.value and found.value.noun then return seen.ids(found.value.noun.name) end
  local frame = found.frame
  if frame and frame.open == "(" and frame.callee and frame.callee.noun then return seen.ids(frame.callee.noun.name) end
  if frame and frame.open == "{" and frame.key then
    local list = option_values(frame)
    if #list > 0 or spec_of(frame) then return list end
  end
  return found.prefix ~= "" and any_id() or {}
end

local function candidates(found, scopes)
  if found.kind == "string" then return strings(found) end
  if found.kind == "member" then return members(found.value, found.operator) end
  if found.kind == "key" then
    local list, known = keys(found.frame)
    if known then return list end
  end
  return found.prefix ~= "" and names(scopes) or {}
end

-- ---- the answer ------------------------------------------------------------------------------------

-- What begins as prefix, how far all of it is the same, and whether it is but one: the least and the greatest tell,
-- without sorting.
local function matching(list, prefix)
  local matches, least, greatest, length = {}, nil, nil, #prefix
  for _, one in ipairs(list) do
    if one:sub(1, length) == prefix then
      matches[#matches + 1] = one
      if not least or one < least then least = one end
      if not greatest or one > greatest then greatest = one end
    end
  end
  if not least then return matches, "", false end
  local same = length
  while same < #least and least:byte(same + 1) == greatest:byte(same + 1) do same = same + 1 end
  return matches, least:sub(1, same), least == greatest
end

-- What follows a word that is the only one.
local function after(found)
  if found.kind == "string" then return '"' end
  return found.kind == "key" and found.frame and spec_of(found.frame) and " = " or ""
end

-- Sorted, each once.
local function distinct(matches)
  local list = {}
  table.sort(matches)
  for _, one in ipairs(matches) do
    if one ~= list[#list] then list[#list + 1] = one end
  end
  return list
end

--- What to insert at the end of `before`, and the choices to list when that is not all: a list of words.
function M.at(before, env, words)
  local scopes = { env, words, _G }
  local found = scan.context(before, scopes)
  if not found then return "", {} end
  local matches, same, one = matching(candidates(found, scopes), found.prefix)
  local insert = same:sub(#found.prefix + 1)
  if insert:find("%c") then return "", {} end -- nothing that a key could not type
  if one then return insert .. after(found), {} end
  return insert, insert == "" and distinct(matches) or {}
end

local MOST = 120

--- Words in columns, as wide as the terminal.
function M.columns(choices, how)
  local width, shown = 0, math.min(#choices, MOST)
  for i = 1, shown do width = math.max(width, text.width(choices[i]) + 2) end
  local across = math.max((how.columns or 80) // width, 1)
  local down, lines = (shown + across - 1) // across, {}
  for row = 1, down do
    local parts = {}
    for column = 0, across - 1 do
      local one = choices[column * down + row]
      if one and column * down + row <= shown then parts[#parts + 1] = text.pad(text.escape(one, how.ascii), width) end
    end
    lines[row] = (table.concat(parts):gsub(" +$", ""))
  end
  if shown < #choices then lines[#lines + 1] = ("and %s more"):format(text.number(#choices - shown)) end
  return table.concat(lines, "\n")
end

return M
