--- What a copy shall be when it is done, and the comparison with what it is.
--
-- expect = { what =, source =, devices = { [device] = { encrypted =, key = ARN | "default" | nil } } };
-- a device's key nil: any, so long as it is encrypted as said.
local err = require "lunami.err"
local noun = require "lunami.noun"

local M = {}

--- Why a thing { encrypted =, key = } is not what was wanted; nil when it is.
function M.difference(is, wanted, source)
  if not wanted then return nil end
  if wanted.encrypted and not is.encrypted then return "is not encrypted, though that was asked for" end
  if not wanted.encrypted and is.encrypted then
    return ("is encrypted under %s, though it was to stay as it was (encryption by default?)"):format(is.key or "a key")
  end
  if wanted.key and wanted.key ~= "default" and is.key ~= wanted.key then
    return ("is under %s, not under %s%s"):format(is.key or "no key", wanted.key, source or "")
  end
  return nil
end

--- Raise when an image's snapshots are not what its state says they shall be.
function M.image(image)
  local expect = noun.state(image).expect
  if not expect then return end
  local wrong = {}
  for _, device in ipairs(image.snapshots) do
    local why = M.difference(device, expect.devices[device.device], expect.keep and " as in " .. expect.source or nil)
    if why then wrong[#wrong + 1] = ("%s (%s) %s"):format(device.snapshot, device.device, why) end
  end
  if #wrong > 0 then
    err.raise { code = "WrongKey", what = expect.what, where = noun.state(image).where,
      message = ("%s is there, but %s"):format(image.id, table.concat(wrong, "; ")) }
  end
end

--- The same for one snapshot or volume ({ encrypted =, kms_key_id = }).
function M.one(object)
  local expect = noun.state(object).expect
  if not expect then return end
  local why = M.difference({ encrypted = object.encrypted, key = object.kms_key_id }, expect)
  if why then
    err.raise { code = "WrongKey", what = expect.what, where = noun.state(object).where,
      message = ("%s is there, but %s"):format(object.id, why) }
  end
end

--- Devices of an image as they are: what a copy that keeps everything shall have.
function M.kept(image)
  local devices = {}
  for _, device in ipairs(image.snapshots) do
    devices[device.device] = { encrypted = device.encrypted, key = device.key }
  end
  return devices
end

--- Every device of an image under one key.
function M.under(image, key)
  local devices = {}
  for _, device in ipairs(image.snapshots) do devices[device.device] = { encrypted = true, key = key } end
  return devices
end

return M
