-- Every image, one by one as the pages come: prints how many, and the process's CPU seconds and peak memory.
local count = images({}, function(one) assert(one.image_id) end)
local peak
for line in io.lines "/proc/self/status" do peak = peak or line:match "VmHWM:%s+(%d+)" end
print(count, os.clock(), peak)
