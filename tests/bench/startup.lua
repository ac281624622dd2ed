-- The start-up contender: one signed DescribeImages of one's own images.
local list = images {}
print(#list, list[1].id, list[1].snapshots[1].encrypted)
