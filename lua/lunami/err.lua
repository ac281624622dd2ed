--- Error objects: made, blamed on the recipe's own line, and printed as one line.
--
-- Fields: code, message, kind, operation, request_id, status, retryable, where, what, cause.
-- kind is "usage" (the recipe is wrong), "service" (AWS said no), "failed" (a resource ended badly),
-- "timeout", "canceled", "network" or "other".
local core = require "lunami.core"

local M = {}
local Error = {}
Error.__index = Error

local ours = debug.getinfo(1, "S").source:match("^(.*/)") or "@lunami/"

--- Is this a function of lunami itself?
function M.is_ours(info)
  return info.source:sub(1, #ours) == ours
end

--- What blame says when no frame of the caller is left, as after `return image {…}:copy {…}` in a task:
-- the task scheduler sets it.
M.fallback = function() return "" end

--- "recipe.lua:12: " for a line of debug.getinfo's answer with "S".
function M.place(info, line)
  return (info.source:match("^@(.*)$") or info.short_src) .. ":" .. line .. ": "
end

--- "recipe.lua:12: " of the first frame that is not lunami's own, or the fallback's answer.
-- A fixed level breaks on wrappers and tail calls; walking does not.
function M.blame()
  for level = 2, 80 do
    local frame = debug.getinfo(level, "Sl")
    if not frame then break end
    if frame.currentline > 0 and frame.source:sub(1, #ours) ~= ours then
      return M.place(frame, frame.currentline)
    end
  end
  return M.fallback()
end

local function details(e)
  local list = {}
  if e.kind == "service" then list[#list + 1] = e.code end
  if e.request_id then list[#list + 1] = "request " .. e.request_id end
  return #list > 0 and " (" .. table.concat(list, ", ") .. ")" or ""
end

function Error:__tostring()
  local what = self.what or self.operation
  local text = (what and what .. ": " or "") .. (self.message or self.code or "failed") .. details(self)
  if self.started_at and self.started_at ~= "" and self.started_at ~= self.where then
    text = text .. " [in the task started at " .. self.started_at:gsub(": $", "") .. "]"
  end
  for _, other in ipairs(self.also or {}) do
    text = text .. "; also: " .. tostring(other):gsub("\n", " ")
  end
  return (self.where or "") .. core.escape(text)
end

--- Is this one of ours?
function M.is(value)
  return type(value) == "table" and getmetatable(value) == Error
end

--- Make an error object of a table of fields; the place is that of the caller's recipe.
function M.new(fields)
  fields.code = fields.code or "Failed"
  fields.kind = fields.kind or "other"
  fields.where = fields.where or M.blame()
  return setmetatable(fields, Error)
end

function M.raise(fields)
  error(M.new(fields), 0)
end

--- Raise a mistake of the recipe: what is the verb ("image.copy"), then a format.
function M.usage(what, fmt, ...)
  local message = select("#", ...) > 0 and fmt:format(...) or fmt
  M.raise { kind = "usage", code = "InvalidArgument", what = what, message = message }
end

--- The same error for one more who is told it, at its own place.
function M.copy(failure)
  local copy = {}
  for name, value in pairs(failure) do copy[name] = value end
  copy.where = M.blame()
  return setmetatable(copy, Error)
end

--- Any value that was thrown as an error object.
function M.wrap(value)
  if M.is(value) then return value end
  return M.new { kind = "lua", code = "LuaError", message = tostring(value), where = "" }
end

return M
