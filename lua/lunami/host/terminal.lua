--- What the terminal at a descriptor can show.
local core = require "lunami.core"
local native = require "lunami.host.native"

local M = {}

local utf8

--- Is text UTF-8 here?
function M.utf8()
  if utf8 == nil then utf8 = native.utf8() end
  return utf8
end

--- Has it a cursor that can be moved, and colours?
function M.clever(fd)
  local kind = os.getenv("TERM") or "dumb"
  return native.isatty(fd) and kind ~= "dumb" and kind ~= ""
end

--- How values are shown there: see lunami.show. Nothing is cut where people do not look.
function M.how(fd)
  local columns, rows = native.size(fd)
  local no_colour = os.getenv("NO_COLOR")
  local pipe = not native.isatty(fd)
  return {
    columns = not pipe and (columns or 80) or nil, rows = not pipe and (rows or 24) or nil,
    colour = M.clever(fd) and (no_colour == nil or no_colour == ""),
    ascii = not M.utf8(), now = core.now(),
  }
end

return M
