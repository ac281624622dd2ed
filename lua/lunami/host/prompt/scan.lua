--- The Lua before the cursor, read loosely: where in it the cursor stands and what the expression there is.
--
-- Nothing is run and no metamethod is called: what an expression is follows from the rows and from raw tables.
local noun = require "lunami.noun"
local rows = require "lunami.rows"

local M = {}

-- ---- tokens ----------------------------------------------------------------------------------------

local function string_end(text, from, quote)
  local at = from + 1
  while at <= #text do
    local c = text:sub(at, at)
    if c == "\\" then
      at = at + 1
    elseif c == quote or c == "\n" then
      return at, c == quote
    end
    at = at + 1
  end
  return #text, false
end

local function long_end(text, from, level)
  local _, close = text:find("]" .. level .. "]", from, true)
  return close or #text, close ~= nil
end

-- The token at `from`: kind, its last byte, whether it is whole.
local function token_at(text, from)
  local c = text:sub(from, from)
  if c == '"' or c == "'" then
    local last, whole = string_end(text, from, c)
    return "string", last, whole
  end
  local level = text:match("^%-%-%[(=*)%[", from)
  if level then return "comment", long_end(text, from, level) end
  if text:find("^%-%-", from) then
    local last = text:find("\n", from, true)
    return "comment", last or #text, last ~= nil
  end
  level = text:match("^%[(=*)%[", from)
  if level then
    local last, whole = long_end(text, from, level)
    return "string", last, whole
  end
  local _, last = text:find("^[%a_][%w_]*", from)
  if last then return "name", last, true end
  _, last = text:find("^%d[%w.]*", from)
  if last then return "number", last, true end
  return "operator", from, true
end

--- The tokens of a text: { kind =, text =, from =, whole = }.
function M.tokens(text)
  local list, at = {}, 1
  while true do
    at = text:find("%S", at)
    if not at then return list end
    local kind, last, whole = token_at(text, at)
    if kind ~= "comment" or not whole then
      list[#list + 1] = { kind = kind, text = text:sub(at, last), from = at, whole = whole }
    end
    at = last + 1
  end
end

-- ---- what an expression is -------------------------------------------------------------------------

-- { class = } an object; { class =, list = true }; { noun =, several = } a noun that can be called; { row = } a verb or
-- a word; { raw = } a Lua value.
local KEYWORDS = {}
for word in ([[and break do else elseif end for function goto if in local not or repeat return then until
  while]]):gmatch("%S+") do KEYWORDS[word] = true end
M.KEYWORDS = KEYWORDS

local function of_value(value)
  local class = type(value) == "userdata" and noun.class_of(value)
  if class then return { class = class } end
  return value ~= nil and { raw = value } or nil
end

-- A name by itself: a noun, a word with a row, or what stands raw in the tables of names.
local function of_name(name, scopes)
  rows.load()
  if rawget(scopes[1], name) ~= nil then return of_value(rawget(scopes[1], name)) end
  local singular = name:match("^(.*)s$")
  if noun.classes[name] then return { noun = noun.classes[name] } end
  if singular and noun.classes[singular] then return { noun = noun.classes[singular], several = true } end
  local row = rows.named(name)
  if row then return { row = row } end
  for i = 2, #scopes do
    local value = rawget(scopes[i], name)
    if value ~= nil then return of_value(value) end
  end
end

local function member(value, name, operator)
  if not value then return nil end
  local class = value.class and not value.list and value.class or (operator == "." and not value.several and value.noun)
  if class then
    local row = rows.named(class.name .. "." .. name)
    return row and { row = row } or nil
  end
  if operator == "." and type(value.raw) == "table" then return of_value(rawget(value.raw, name)) end
end

local function called(value)
  if not value then return nil end
  if value.noun then return { class = value.noun, list = value.several } end
  local name = value.row and rows.returned(value.row)
  return name and { class = noun.classes[name] } or nil
end

local CLOSING = { ["}"] = "{", [")"] = "(", ["]"] = "[" }

local function step(state, token, scopes)
  local frames = state.frames
  local top = frames[#frames]
  if token.kind == "name" and not KEYWORDS[token.text] then
    if state.operator then
      state.value, state.operator = member(state.value, token.text, state.operator), nil
    else
      state.value, state.name = of_name(token.text, scopes), token.text
    end
  elseif token.kind == "string" then
    state.value = called(state.value)
  elseif token.text == "." or token.text == ":" then
    state.operator = token.text
  elseif token.text == "{" or token.text == "(" or token.text == "[" then
    local callee = state.value
    if token.text == "{" and not callee and top and top.open == "(" then callee = top.callee end
    frames[#frames + 1] = { open = token.text, callee = callee, given = {}, parent = top }
    state.value = nil
  elseif CLOSING[token.text] then
    if top then frames[#frames] = nil end
    state.value = token.text ~= "]" and top and called(top.callee) or nil
  elseif token.text == "=" and top and top.open == "{" and state.name then
    top.key, top.given[state.name], state.value = state.name, true, nil
  else
    if (token.text == "," or token.text == ";") and top then top.key = nil end
    state.value = nil
  end
  if token.kind ~= "name" then state.name = nil end
end

--- Where the cursor stands at the end of text. scopes: tables of names, the first the user's own. Returns
-- { prefix =, kind = "string", "member", "key" or "name", value =, operator =, frame = the innermost bracket, with its
-- parent, the one around it }, or nil inside a comment.
function M.context(text, scopes)
  local tokens = M.tokens(text)
  local last = tokens[#tokens]
  local state, found = { frames = {} }, { prefix = "", kind = "name" }
  local partial = last and (not last.whole or (last.kind == "name" and last.from + #last.text == #text + 1))
  if partial then
    tokens[#tokens] = nil
    found.prefix = last.kind == "string" and last.text:sub(2) or last.text
    if last.kind == "comment" then return nil end
    if last.kind == "string" then found.kind = "string" end
  end
  for _, token in ipairs(tokens) do step(state, token, scopes) end
  found.frame, found.value, found.operator = state.frames[#state.frames], state.value, state.operator
  if found.kind ~= "string" then
    local before = tokens[#tokens]
    local opening = before and found.frame and found.frame.open == "{"
      and (before.text == "{" or before.text == "," or before.text == ";")
    found.kind = state.operator and "member" or opening and "key" or "name"
  end
  return found
end

return M
