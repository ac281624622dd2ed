--- The globals of a recipe or of the prompt: its own words, lunami's, then Lua's; an unknown name is an error
-- with a suggestion. What it assigns stays in it.
local check = require "lunami.check"
local err = require "lunami.err"
local lunami = require "lunami"

local is_word = {}
for _, name in ipairs(lunami.words) do is_word[name] = true end

local function unknown(name, own)
  local known = {}
  for _, words in ipairs { own, is_word, _G } do
    for word in pairs(words) do known[word] = true end
  end
  local near = check.nearest(name, known)
  err.raise { kind = "usage", code = "UnknownName",
    message = ("unknown name '%s'%s"):format(name, near and " (did you mean '" .. near .. "'?)" or "") }
end

--- A new environment with the words of `own` beside lunami's; those of `optional` may be nil.
return function(own, optional)
  own.lunami = lunami
  return setmetatable({}, { __index = function(_, name)
    local value = own[name]
    if value == nil and is_word[name] then value = lunami[name] end
    if value == nil then value = _G[name] end
    if value == nil and type(name) == "string" and not (optional and optional[name]) then unknown(name, own) end
    return value
  end })
end
