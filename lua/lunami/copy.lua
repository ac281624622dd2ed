--- Copying an image: what is checked before, what is asked of AWS, what is compared afterwards.
--
-- Saying nothing about encryption means keep, and then Encrypted is not sent at all. Nothing falls
-- back to a default key in silence: where AWS would, key = … is asked for.
local err = require "lunami.err"
local key = require "lunami.key"
local noun = require "lunami.noun"

local M = {}

M.options = {
  name = { type = "string", required = true, help = "the copy's name, 3 to 128 characters" },
  description = { type = "string", help = "a line for people" },
  key = { type = "string|table", help = "KMS key of the copy's snapshots: alias, id, ARN, key object or \"default\"; "
    .. "without it every snapshot keeps its encryption" },
  region = { type = "string", help = "copy into this region" },
  tags = { type = "table", help = "tags of the copy and its snapshots" },
  copy_tags = { type = "boolean", help = "take over your own tags of the source" },
}

local WHAT = "image.copy"

local function encrypted_devices(image)
  local list = {}
  for _, device in ipairs(image.snapshots) do
    if device.encrypted then list[#list + 1] = device end
  end
  return list
end

-- Where AWS would take a default key unasked, the recipe must say what it wants.
local function check_silent_default(image, session, opts)
  local encrypted = encrypted_devices(image)
  if opts.key ~= nil or #encrypted == 0 then return end
  if session.region ~= image._session.region then
    err.usage(WHAT, "%s has encrypted snapshots (%s) and a key does not follow into another region: "
      .. "say key = \"alias/…\" of %s, or key = \"default\"", image.id, encrypted[1].device, session.region)
  end
  if image.owner_id and image.owner_id ~= session:account() then
    err.usage(WHAT, "%s belongs to account %s and has encrypted snapshots: your copy cannot be under its owner's "
      .. "key; say key = \"alias/…\", or key = \"default\"", image.id, image.owner_id)
  end
end

local function check_name(session, name)
  if #name < 3 or #name > 128 or name:find("[^%w%(%)%[%] %./%-'@_]") then
    err.usage(WHAT, "name '%s' is not allowed: 3 to 128 of letters, digits and ( ) [ ] space . / - ' @ _", name)
  end
  local taken = session:call("ec2", "DescribeImages", { owners = { "self" }, include_deprecated = true,
    include_disabled = true, filters = noun.filters { name = (name:gsub("[%*%?\\]", "\\%0")) } })
  local other = taken.images and taken.images[1]
  if other then
    err.raise { code = "InvalidAMIName.Duplicate", what = WHAT,
      message = ("name '%s' is already in use by your image %s in %s; choose another, or deregister that one"):format(
        name, other.image_id, session.region) }
  end
end

-- "aws", "aws-us-gov" …: an image never leaves its partition.
local function partition(region)
  local prefix = region:match("^us%-gov%-") or region:match("^cn%-") or region:match("^%a+%-iso%a?%-")
  return prefix or "aws"
end

local function check_partition(image, session)
  local from = image._session.region
  if partition(from) ~= partition(session.region) then
    err.usage(WHAT, "%s is in %s: AWS copies no image from there to %s, which is another partition", image.id, from,
      session.region)
  end
end

local function check_source(image)
  local state = image.state
  if state ~= "available" then
    err.raise { code = "InvalidAMIID.Unavailable", what = WHAT,
      message = ("%s is %s and cannot be copied"):format(image.id, state or "in an unknown state") }
  end
end

-- What the read-back compares with: one key for all, "some key", or each device's own.
local function expectation(image, session, opts, arn)
  local expect = { what = WHAT, region = session.region, source = image.id, key = opts.key and (arn or "default") }
  if not opts.key then
    expect.keep = {}
    for _, device in ipairs(image.snapshots) do
      expect.keep[device.device] = { encrypted = device.encrypted, key = device.key }
    end
  end
  return expect
end

--- Check everything that can be checked, then CopyImage. Returns the destination session, the answer
-- and what the read-back shall find.
function M.send(image, opts)
  local session = image._session:in_region(opts.region)
  check_source(image)
  check_partition(image, session)
  check_silent_default(image, session, opts)
  local arn
  if opts.key ~= nil and opts.key ~= "default" then arn = key.usable(session, opts.key, WHAT).arn end
  check_name(session, opts.name)
  local input = {
    name = opts.name, description = opts.description, source_image_id = image.id,
    source_region = image._session.region, kms_key_id = arn, copy_image_tags = opts.copy_tags,
    tag_specifications = noun.tag_specifications(opts.tags, "image", "snapshot"),
  }
  if opts.key ~= nil then input.encrypted = true end
  local answer, failure = session:try("ec2", "CopyImage", input)
  if not answer then
    failure.what = WHAT
    error(failure, 0)
  end
  return session, answer, expectation(image, session, opts, arn)
end

local function difference(device, expect)
  if expect.key == "default" then
    return not device.encrypted and "is not encrypted, though the default key was asked for" or nil
  end
  if expect.key then
    return device.key ~= expect.key and ("is under %s, not under %s"):format(device.key or "no key", expect.key) or nil
  end
  local before = expect.keep[device.device]
  if before and before.encrypted and device.key ~= before.key then
    return ("is under %s, not under %s as in %s"):format(device.key or "no key", before.key or "no key", expect.source)
  end
  return nil
end

--- Compare every snapshot of a finished copy with what was asked; a difference is an error.
function M.verify(image)
  local expect = rawget(image, "_expect")
  if not expect then return end
  local wrong = {}
  for _, device in ipairs(image.snapshots) do
    local why = difference(device, expect)
    if why then wrong[#wrong + 1] = ("%s (%s) %s"):format(device.snapshot, device.device, why) end
  end
  if #wrong > 0 then
    err.raise { code = "WrongKey", what = WHAT, where = rawget(image, "_where"),
      message = ("%s is there, but %s"):format(image.id, table.concat(wrong, "; ")) }
  end
end

-- The state of the key that was asked for, in words, when it explains the failure.
local function key_reason(session, arn)
  local answer = arn and arn ~= "default" and session:try("kms", "DescribeKey", { key_id = arn })
  return answer and key.unusable(answer.key_metadata, arn, session.region) or nil
end

--- A late failure with all that AWS tells elsewhere: the image's StateReason, each snapshot's
-- StateMessage, the key's state, and the next step.
function M.explain(image, failure, describe)
  if failure.kind == "timeout" then
    failure.message = ("%s is not available yet; AWS goes on with it. To go on waiting: image \"%s\":wait()"):format(
      image.id, image.id)
    return failure
  end
  if failure.kind ~= "failed" then return failure end
  local parts = { ("%s: %s"):format(image.id, failure.message) }
  local record = describe(image._session, image.id)
  local ids = {}
  for _, mapping in ipairs(record and record.block_device_mappings or {}) do
    if mapping.ebs and mapping.ebs.snapshot_id then ids[#ids + 1] = mapping.ebs.snapshot_id end
  end
  for id, seen in pairs(#ids > 0 and require("lunami.snapshot").describe(image._session, ids) or {}) do
    if seen.state == "error" then
      parts[#parts + 1] = ("snapshot %s: %s"):format(id, seen.state_message or "error")
    end
  end
  local expect = rawget(image, "_expect")
  local reason = expect and key_reason(image._session, expect.key)
  if reason then
    parts[#parts + 1] = reason
  elseif expect and expect.key then
    parts[#parts + 1] = ("the key %s seems usable: check that you may use it (kms:DescribeKey, kms:CreateGrant, "
      .. "kms:GenerateDataKeyWithoutPlaintext, kms:ReEncrypt*, kms:Decrypt)"):format(expect.key)
  end
  parts[#parts + 1] = ("the failed image stays until you deregister it: image \"%s\":deregister { snapshots = true }")
    :format(image.id)
  failure.message = table.concat(parts, "; ")
  return failure
end

return M
