--- lunami version.
local M = {}

function M.command()
  print(require("lunami")._VERSION .. " (" .. _VERSION .. ")")
  return 0
end

return M
