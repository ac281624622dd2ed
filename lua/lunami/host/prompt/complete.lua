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

-- What can be said in the table of a callee: { name = option }.
local function spec_of(callee)
  if not callee then return nil end
  if callee.noun then return rows.look_up(callee.noun) end
  return callee.row and verb.options(callee.row) or nil
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
  local list, spec = {}, spec_of(frame.callee)
  for name, option in pairs(spec or {}) do
    if not option.long and not frame.given[name] then list[#list + 1] = name end
  end
  return list, spec ~= nil
end

-- What the value of an option may be, of a callee's table.
local function option_values(frame)
  local spec = spec_of(frame.callee)
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
  if frame.key == "name" and frame.callee.noun then return seen.names(frame.callee.noun.name) end
  if frame.key == "id" and frame.callee.noun then return seen.ids(frame.callee.noun.name) end
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
    if #list > 0 or spec_of(frame.callee) then return list end
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

local function common_prefix(list)
  local first, last = list[1], list[#list] -- sorted: what these two share, all share
  local length = 0
  while length < #first and first:byte(length + 1) == last:byte(length + 1) do length = length + 1 end
  return first:sub(1, length)
end

-- What follows a word that is the only one.
local function after(found)
  if found.kind == "string" then return '"' end
  return found.kind == "key" and found.frame and spec_of(found.frame.callee) and " = " or ""
end

local function matching(list, prefix)
  local unique, matches = {}, {}
  for _, one in ipairs(list) do
    if one:sub(1, #prefix) == prefix and not unique[one] and not one:find("%c") then
      unique[one] = true
      matches[#matches + 1] = one
    end
  end
  table.sort(matches)
  return matches
end

--- What to insert at the end of `before`, and the choices to list when that is not all: a list of words.
function M.at(before, env, words)
  local scopes = { env, words, _G }
  local found = scan.context(before, scopes)
  if not found then return "", {} end
  local matches = matching(candidates(found, scopes), found.prefix)
  if #matches == 0 then return "", {} end
  if #matches == 1 then return matches[1]:sub(#found.prefix + 1) .. after(found), {} end
  local insert = common_prefix(matches):sub(#found.prefix + 1)
  return insert, insert == "" and matches or {}
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
