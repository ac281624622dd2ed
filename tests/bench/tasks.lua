-- Whole calls from tasks: tasks.lua CONNECTIONS REQUESTS -> "REQUESTS_PER_S CPU_US_A_REQUEST".
local connections, requests = tonumber(arg[1]), tonumber(arg[2])
local each_one = requests // connections
local workers = {}
for i = 1, connections do workers[i] = i end
local core = require "lunami.core"
local began, cpu = core.monotonic(), os.clock()
each(workers, function()
  for _ = 1, each_one do
    call("ec2", "DescribeImages", { owners = { "self" } })
  end
end)
local done = each_one * connections
print(("%.0f %.2f"):format(done / (core.monotonic() - began), (os.clock() - cpu) / done * 1e6))
