-- Many copies side by side, each waited for: lunami run fleet.lua --n 1000.
recipe { summary = "Copy an image many times", args = { n = { help = "how many", type = "number", default = 100 } } }
local list = {}
for i = 1, arg.n do list[i] = i end
local golden = image "ami-0a000000000000001"
each(list, function(i) golden:copy { name = "fleet-" .. i }:wait() end)
