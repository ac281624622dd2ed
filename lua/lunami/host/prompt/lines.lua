--- What is typed as Lua: whole or not yet, expression or statement.
local M = {}

M.NAME = "prompt"

local function compile(text, env)
  return load(text, "=" .. M.NAME, "t", env)
end

-- A local would end with its line: at the prompt the name is kept. Returns the text without "local" and the names.
local function keep_locals(text)
  local name = text:match("^%s*local%s+function%s+([%a_][%w_]*)")
  if name then return (text:gsub("local%s+", "", 1)), name end
  local names = text:match("^%s*local%s+([%a_][%w_%s,]*)=[^=]")
  if names then return (text:gsub("local%s+", "", 1)), (names:gsub("%s+$", "")) end
  return text, nil
end

--- A chunk of what was typed: function, and the names of locals that are kept. Or nil and "incomplete"; or nil,
-- "wrong" and the message.
function M.compile(text, env)
  text = text:gsub("^%s*=", "", 1)
  local chunk, message = compile("return " .. text, env)
  if chunk then return chunk end
  local kept, names = keep_locals(text)
  local statement, problem = compile(kept, env)
  if statement then return statement, names end
  if problem:find("<eof>'?$") or message:find("<eof>'?$") then return nil, "incomplete" end
  return nil, "wrong", problem
end

--- A message without the place that everybody knows: only a line of several is named.
function M.without_place(message, text)
  local several = text:find("\n.*%S") ~= nil
  return (message:gsub("^" .. M.NAME .. ":(%d+): ", several and "line %1: " or ""))
end

return M
