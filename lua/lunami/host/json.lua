--- Values as JSON: objects of AWS with their type, their fields as AWS tells them and those that lunami works out.
local check = require "lunami.check"
local core = require "lunami.core"
local err = require "lunami.err"
local noun = require "lunami.noun"

local M = {}

local DEEPEST = 64

local ERROR_FIELDS = { "code", "kind", "message", "what", "operation", "request_id", "status", "retryable", "where" }

local SHORT = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function escape(c) return SHORT[c] or ("\\u%04x"):format(c:byte()) end

-- Bytes that are no UTF-8 become the replacement character.
local function string_of(text)
  if not utf8.len(text) then
    text = text:gsub("[\128-\255]+", function(run) return utf8.len(run) and run or "\u{FFFD}" end)
  end
  return '"' .. text:gsub('[%c"\\]', escape) .. '"'
end

local function number_of(n)
  if math.type(n) == "integer" then return tostring(n) end
  if n ~= n or n == math.huge or n == -math.huge then return "null" end
  return n == math.floor(n) and math.abs(n) < 2 ^ 53 and ("%d"):format(n) or ("%.17g"):format(n)
end

-- Tags, a list of { key =, value = }, by name.
local function tags_of(list)
  local tags = {}
  for _, tag in ipairs(list) do tags[tag.key or tag.tag_key] = tag.value or tag.tag_value end
  return tags
end

-- What AWS told of an object and what lunami works out, by the names of the reference.
local function of_object(class, object)
  local plain = core.told(class.name, object)
  if plain.tags then plain.tags = tags_of(plain.tags) end
  for name, field in pairs(class.fields) do plain[name] = field.get(object) end
  plain.type, plain.id = class.name, object.id
  return plain
end

local function of_error(failure)
  local plain = {}
  for _, name in ipairs(ERROR_FIELDS) do plain[name] = failure[name] end
  return plain
end

-- A table without surprises: what a value shows as JSON, or nil for one that is none.
local function plain_of(value)
  local class = noun.class_of(value)
  if class then return of_object(class, value) end
  if core.is_record(value) then return core.totable(value) end
  if err.is(value) then return of_error(value) end
  if type(value) ~= "table" then return nil end
  local meta = getmetatable(value)
  return type(meta) == "table" and meta.__plain and meta.__plain(value) or value
end

local encode

local function list_of(list, depth)
  local items = {}
  for i = 1, #list do items[i] = encode(list[i], depth) end
  return "[" .. table.concat(items, ",") .. "]"
end

local function map_of(map, depth)
  local items = {}
  for _, key in ipairs(check.sorted_keys(map)) do
    if type(map[key]) ~= "function" then
      items[#items + 1] = string_of(tostring(key)) .. ":" .. encode(map[key], depth)
    end
  end
  return "{" .. table.concat(items, ",") .. "}"
end

local function table_of(value, depth)
  if depth > DEEPEST then
    err.raise { code = "TooLarge", where = "", message = "the result is nested too deep for JSON" }
  end
  if #value > 0 or next(value) == nil then return list_of(value, depth + 1) end
  return map_of(value, depth + 1)
end

function encode(value, depth)
  local kind = type(value)
  if value == nil then return "null" end
  if kind == "boolean" then return tostring(value) end
  if kind == "number" then return number_of(value) end
  if kind == "string" then return string_of(value) end
  local plain = plain_of(value)
  return plain and table_of(plain, depth) or string_of(tostring(value))
end

--- The value as JSON text, keys in order: an empty table is a list.
function M.encode(value) return encode(value, 0) end

return M
