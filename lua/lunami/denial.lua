--- Refusals whose reason AWS has encoded: decoded where sts:DecodeAuthorizationMessage is allowed, else how to
-- have it decoded.
local M = {}

local PATTERN = "%s*Encoded authorization failure message: [%w%-_%+/=]+"

local function decoded(session, encoded)
  local answer = session:try("sts", "DecodeAuthorizationMessage", { encoded_message = encoded })
  local text = answer and answer.decoded_message
  if not text then return nil end
  local why = text:find('"explicitDeny"%s*:%s*true') and "a policy denies" or "no policy allows"
  local action = text:match('"action"%s*:%s*"([^"]*)"') or "it"
  local resource = text:match('"resource"%s*:%s*"([^"]*)"')
  return ("%s %s%s"):format(why, action, resource and resource ~= "" and " on " .. resource or "")
end

--- Make the encoded part of a failure's message readable, or say what that needs. The message may hold only
-- its beginning, or be cut before it.
function M.explain(session, failure)
  local encoded = failure.encoded_message
  if not encoded then return failure end
  local reason = " " .. (decoded(session, encoded)
    or "the reason is encoded: a role that has sts:DecodeAuthorizationMessage can read it")
  local message, count = failure.message:gsub(PATTERN, function() return reason end)
  failure.message = count > 0 and message or message .. reason
  return failure
end

return M
