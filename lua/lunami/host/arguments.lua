--- The command line: options of a command as rows, read into a table.
local check = require "lunami.check"

local M = {}

local Usage = {}
Usage.__index = Usage
function Usage.__tostring(e) return e.message end

--- Raise a mistake of the command line (exit status 2).
function M.fail(fmt, ...)
  error(setmetatable({ message = fmt:format(...) }, Usage), 0)
end

function M.is_usage(value)
  return getmetatable(value) == Usage
end

local units = { s = 1, m = 60, h = 3600, d = 86400 }

local readers = {
  string = function(_, value) return value end,
  number = function(name, value)
    return tonumber(value) or M.fail("%s needs a number, got '%s'", name, value)
  end,
  duration = function(name, value)
    local amount, unit = value:match("^(%d+%.?%d*)([smhd]?)$")
    if not amount then M.fail("%s needs a time such as 90s, 30m or 24h, got '%s'", name, value) end
    return tonumber(amount) * units[unit ~= "" and unit or "s"]
  end,
}

--- Read argv from index `from`. rows: {["--name"] = {key =, value = nil|"string"|"number"|"duration"}}.
-- Options end at the first argument that is none, or at "--". Returns options and the index after them.
function M.read(argv, from, rows)
  local options, i = {}, from
  while argv[i] and argv[i]:sub(1, 1) == "-" and argv[i] ~= "-" do
    if argv[i] == "--" then return options, i + 1 end
    local name, inline = argv[i]:match("^(%-%-[^=]+)=(.*)$")
    name = name or argv[i]
    local row = rows[name]
    if not row then
      local near = check.nearest(name, rows)
      M.fail("unknown option '%s'%s", name, near and " (did you mean '" .. near .. "'?)" or "")
    end
    if not row.value then
      if inline then M.fail("%s takes no value", name) end
      options[row.key] = true
    else
      local value = inline
      if not value then
        i = i + 1
        value = argv[i] or M.fail("%s needs a value", name)
      end
      options[row.key] = readers[row.value](name, value)
    end
    i = i + 1
  end
  return options, i
end

return M
