--- trace(): all that is known of the last error.
local core = require "lunami.core"

local M = {}

local FIELDS = { "code", "kind", "what", "operation", "region", "status", "request_id", "retryable", "where",
  "started_at" }

local function add(lines, failure, indent)
  for _, name in ipairs(FIELDS) do
    local value = failure[name]
    if value ~= nil and value ~= "" then
      lines[#lines + 1] = ("%s%-11s %s"):format(indent, name, core.escape(tostring(value)))
    end
  end
  if type(failure.cause) == "table" then
    lines[#lines + 1] = indent .. "cause       " .. tostring(failure.cause)
    add(lines, failure.cause, indent .. "  ")
  end
end

--- The text for an error, or for none.
function M.of(failure)
  if not failure then return "no error yet" end
  local lines = { tostring(failure) }
  add(lines, failure, "  ")
  for line in (failure.traceback or ""):gmatch("[^\n]+") do
    lines[#lines + 1] = "  " .. core.escape((line:gsub("\t", "  ")))
  end
  return table.concat(lines, "\n")
end

return M
