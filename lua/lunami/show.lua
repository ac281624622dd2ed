--- Values as text for people: aligned tables, cards of images, ages. Never sends anything.
local core = require "lunami.core"

local M = {}

-- Columns that a text takes on a terminal: UTF-8 sequences count one.
local function width(text)
  local _, continuation = text:gsub("[\128-\191]", "")
  return #text - continuation
end

--- Rows of cells as lines of aligned columns under a header.
function M.table(header, rows)
  local widths, lines = {}, {}
  local all = { header }
  for i, row in ipairs(rows) do
    all[i + 1] = {}
    for c = 1, #header do all[i + 1][c] = core.escape(tostring(row[c] == nil and "-" or row[c])) end
  end
  for _, row in ipairs(all) do
    for c, cell in ipairs(row) do widths[c] = math.max(widths[c] or 0, width(cell)) end
  end
  for i, row in ipairs(all) do
    local cells = {}
    for c, cell in ipairs(row) do
      cells[c] = c == #row and cell or cell .. (" "):rep(widths[c] - width(cell))
    end
    lines[i] = (table.concat(cells, "  "):gsub("%s+$", ""))
  end
  return table.concat(lines, "\n")
end

--- An image with its state and, for each snapshot, device, size, encryption, key alias and ARN.
-- alias_of(arn) may be nil.
function M.image(image, alias_of)
  local rows = {}
  for i, device in ipairs(image.snapshots) do
    local alias = device.key and alias_of and alias_of(device.key)
    rows[i] = { device.device, device.snapshot, device.size and device.size .. " GiB",
      device.encrypted and "yes" or "no", alias or (device.key and "(no alias)"), device.key }
  end
  local name = core.escape(image.name or "(no name)")
  local head = ("%s  %s  %s  %s"):format(image.id, name, image.state or "?", image.region)
  return head .. "\n" .. M.table({ "DEVICE", "SNAPSHOT", "SIZE", "ENCRYPTED", "KEY", "KEY ARN" }, rows)
end

--- A list of images, one a line, with a count.
function M.images(list)
  local rows = {}
  for i, image in ipairs(list) do
    rows[i] = { image.id, image.name or "(no name)", image.state, #image.snapshots, image.encrypted and "yes" or "no",
      (image.creation_date or ""):sub(1, 10), image.region }
  end
  local header = { "IMAGE", "NAME", "STATE", "SNAPSHOTS", "ENCRYPTED", "CREATED", "REGION" }
  return M.table(header, rows) .. "\n" .. #list .. " images"
end

return M
