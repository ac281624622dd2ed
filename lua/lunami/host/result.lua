--- The result of a recipe or of a line at the prompt, printed.
local noun = require "lunami.noun"

local M = {}

-- Cards of so few things are read to the end; more of them are a table.
local CARDS = 3
local LOOKED_AT = 100

local function key_of(object, class)
  if class == "image" then
    for _, device in ipairs(object.snapshots) do
      if device.key then return device.key end
    end
    return nil
  end
  if class == "snapshot" or class == "volume" then return object.kms_key_id end
  return class == "key" and object.arn or nil
end

-- Read what the card of an object shows and its look-up did not tell: snapshots' keys, aliases of keys.
local function prepare(object, alone)
  local class = noun.class_of(object)
  if alone and class.name == "image" and not noun.state(object).snapshots then class.load(object) end
  local key = key_of(object, class.name)
  if key then require("lunami.key").alias_of(object._session, key) end
end

--- Before a value is printed, which sends nothing, read what is missing of the few things in it.
function M.prepare(value, cards)
  if noun.class_of(value) then return prepare(value, true) end
  if type(value) ~= "table" or getmetatable(value) ~= nil then return end
  local count = 0
  for _ in pairs(value) do count = count + 1 end
  local seen = 0
  for _, item in pairs(value) do
    seen = seen + 1
    if seen > LOOKED_AT then break end
    if noun.class_of(item) then prepare(item, count <= cards) end
  end
end

--- Print a recipe's value. Many have none: what prints is loaded for those that do.
function M.print(value)
  if value == nil then return end
  M.prepare(value, CARDS)
  local how = require("lunami.host.terminal").how(1)
  how.cards, how.rows = CARDS, nil
  local shown = require("lunami.show").value(value, how)
  if shown then print(shown) end
end

--- Print a recipe's value as one JSON document; null when it has none.
function M.print_json(value)
  M.prepare(value, math.huge)
  print(require("lunami.host.json").encode(value))
end

--- Print the error that ended a recipe as JSON: { "error": { … } }.
function M.print_json_error(failure)
  print(require("lunami.host.json").encode { error = failure })
end

return M
