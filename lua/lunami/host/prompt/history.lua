--- The lines of earlier sessions, in a file that only its owner may read. What looks like a secret, or begins with
-- a blank, is not kept.
local file = require "lunami.host.file"

local M = {}

local KEPT, TOO_MANY = 1000, 2000

-- Words beside which secrets stand, and how AWS's look.
local SECRETS = { "secret", "password", "passwd", "token", "access_key", "credential", "private", "A[KS]IA%w%w%w%w%w%w",
  "%-%-%-%-%-BEGIN" }

--- May this line be kept on disk?
function M.harmless(line)
  if line:find("^%s") then return false end
  local lower = line:lower()
  for _, pattern in ipairs(SECRETS) do
    if lower:find(pattern) or line:find(pattern) then return false end
  end
  -- Long runs of one alphabet that are no id or ARN of AWS's: keys, hashes, encoded bytes.
  for run in line:gmatch("[%w+/=]+") do
    if #run >= 32 and not run:find("^%x+$") then return false end
  end
  return true
end

--- Where it is: $XDG_STATE_HOME/lunami/history, or nil without a home.
function M.path()
  local state, home = os.getenv("XDG_STATE_HOME"), os.getenv("HOME")
  if state and state:sub(1, 1) == "/" then return state .. "/lunami/history" end
  return home and home ~= "" and home .. "/.local/state/lunami/history" or nil
end

--- The lines that were kept, oldest first; a file grown too long is cut.
function M.load(path)
  local lines, from = {}, path and io.open(path, "rb")
  if not from then return lines end
  for line in from:lines() do
    if not line:find("[%z\1-\31]") then lines[#lines + 1] = line end
  end
  from:close()
  local count = #lines
  if count > KEPT then lines = table.move(lines, count - KEPT + 1, count, 1, {}) end
  if count > TOO_MANY then file.write(path, table.concat(lines, "\n") .. "\n") end
  return lines
end

--- Keep a line. A file that cannot be written is not worth a word at each line.
function M.add(path, line)
  if path and line ~= "" and M.harmless(line) then file.append(path, line .. "\n") end
end

return M
