-- What the specs share: a session on the served local cloud, in an account of its own for each file.
local core = require "lunami.core"
local lunami = require "lunami"

-- The served local cloud is instant.
core.pace(0.005, 0.05)

local M = {}

local url = assert(os.getenv "LUNAMI_URL", "LUNAMI_URL names the served local cloud")

--- How a session of the furnished account is opened, in a region.
function M.settings(region, account)
  return { endpoint_url = url, region = region or "us-east-1",
    access_key_id = "LOCAL" .. (account or "000000000001"), secret_access_key = "local" }
end

--- The nouns for it.
function M.session(region, account)
  return lunami.session(M.settings(region, account))
end

-- The collector as often as it can: what nobody holds is gone at once.
if os.getenv "LUNAMI_GC" == "stress" then
  collectgarbage("setpause", 10)
  collectgarbage("setstepmul", 1000)
end

local count = 0

--- A name that no other test of any run uses.
function M.name(prefix)
  count = count + 1
  return ("%s-%s-%d-%d"):format(prefix, tostring({}):match("0x(%x+)") or "t", os.time(), count)
end

--- The error that fn raises.
function M.failure(fn, ...)
  local ok, err = lunami.pcall(fn, ...)
  assert(not ok, "expected an error")
  return err
end

return M
