--- Checks of options before anything is sent, with suggestions.
local err = require "lunami.err"

local M = {}

--- Keys of a table in a fixed order, so that the same mistake gives the same message.
function M.sorted_keys(t)
  local keys = {}
  for key in pairs(t) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  return keys
end

-- Edit distance with swaps of neighbours counted once; rows kept two deep.
local function distance(a, b)
  local before, last = {}, {}
  for j = 0, #b do last[j] = j end
  for i = 1, #a do
    local row = { [0] = i }
    for j = 1, #b do
      local same = a:byte(i) == b:byte(j)
      row[j] = math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same and 0 or 1))
      if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
        row[j] = math.min(row[j], before[j - 2] + 1)
      end
    end
    before, last = last, row
  end
  return last[#b]
end

--- The candidate (a key of `known`) nearest to `word`, or nil when none is near.
function M.nearest(word, known)
  if type(word) ~= "string" or #word > 60 then return nil end
  local best, best_distance = nil, math.max(1, math.floor(#word / 3)) + 1
  for _, candidate in ipairs(M.sorted_keys(known)) do
    if type(candidate) == "string" then
      local d = distance(word:lower(), candidate:lower())
      if d < best_distance then best, best_distance = candidate, d end
    end
  end
  return best
end

-- CopyImage's KmsKeyId, pasted from the API reference, is "key" here.
local wire_words = { KmsKeyId = "key", kms_key_id = "key", Encrypted = "key", encrypted = "key" }

local function unknown(what, key, spec)
  local wire = wire_words[key]
  if wire and spec[wire] then
    err.usage(what, "unknown option '%s' (write '%s': naming a key encrypts)", tostring(key), wire)
  end
  local snake = type(key) == "string" and key:gsub("(%l)(%u)", "%1_%2"):lower()
  local near = snake and spec[snake] and snake or M.nearest(key, spec)
  err.usage(what, "unknown option '%s'%s", tostring(key),
    near and (" (did you mean '" .. near .. "'?)") or "")
end

local function has_type(value, wanted)
  for kind in wanted:gmatch("[^|]+") do
    if type(value) == kind then return true end
  end
  return false
end

--- Check `opts` against `spec` ({name = {type = "string|table", required =, help =}}).
-- Returns opts (an empty table when nil). Raises, naming the first mistake in a fixed order.
function M.options(what, opts, spec)
  if opts == nil then opts = {} end
  if type(opts) ~= "table" then err.usage(what, "options table expected, got %s", type(opts)) end
  for _, key in ipairs(M.sorted_keys(opts)) do
    local field = spec[key]
    if not field then unknown(what, key, spec) end
    if not has_type(opts[key], field.type) then
      local wanted = field.type:gsub("|", " or "):gsub("userdata", "an object")
      err.usage(what, "option '%s' must be a %s, got %s", key, wanted, type(opts[key]))
    end
  end
  for _, key in ipairs(M.sorted_keys(spec)) do
    if spec[key].required and opts[key] == nil then
      err.usage(what, "option '%s' is required (%s)", key, spec[key].help)
    end
  end
  return opts
end

--- A table as text that is the same for the same contents.
function M.canonical(value)
  if type(value) ~= "table" then return ("%s:%s"):format(type(value), tostring(value)) end
  local parts = {}
  for _, key in ipairs(M.sorted_keys(value)) do
    parts[#parts + 1] = tostring(key) .. "=" .. M.canonical(value[key])
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

return M
