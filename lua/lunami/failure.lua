--- Why something failed late: AWS's own words are in several places, and often say little.
--
-- Gathered here: the image's StateReason, every snapshot's StateMessage, the state of the key that was
-- asked for, the permission that is likely missing, and the next step.
local find = require "lunami.find"
local key = require "lunami.key"
local noun = require "lunami.noun"

local M = {}

--- The state of a key, in words, when it explains a failure; else what is likely missing.
local function key_reason(session, arn)
  if not arn or arn == "default" then return nil end
  local answer, failure = session:try("kms", "DescribeKey", { key_id = arn })
  if not answer then
    return failure.code == "AccessDeniedException"
      and ("you may not even describe the key %s (kms:DescribeKey)"):format(arn) or nil
  end
  local reason = key.unusable(answer.key_metadata, arn, session.region)
  if reason then return reason end
  local owner = arn:match("^arn:[^:]*:kms:[^:]*:(%d+):")
  local whose = owner and owner ~= session:account() and (", and account %s must allow it to you in the key's policy "
    .. "or by a grant"):format(owner) or ""
  return ("the key %s is enabled: check that you may use it (kms:DescribeKey, kms:CreateGrant, kms:Decrypt, "
    .. "kms:GenerateDataKeyWithoutPlaintext, kms:ReEncrypt*)%s"):format(arn, whose)
end

local function keys_of(expect)
  local arns, seen = {}, {}
  local function add(arn)
    if arn and not seen[arn] then
      seen[arn] = true
      arns[#arns + 1] = arn
    end
  end
  for _, wanted in pairs(expect and expect.devices or {}) do add(wanted.key) end
  if expect then add(expect.key) end
  table.sort(arns)
  return arns
end

local function add_key_reasons(parts, object)
  for _, arn in ipairs(keys_of(noun.state(object).expect)) do
    parts[#parts + 1] = key_reason(object._session, arn)
  end
end

local function next_step(object)
  local class = object._class.name
  local how = { image = ":deregister { snapshots = true }", snapshot = ":delete()", volume = ":delete()",
    instance = ":terminate()" }
  return ("what failed stays until you remove it: %s \"%s\"%s"):format(class, object.id, how[class])
end

--- The failure of an image, with its snapshots' messages.
function M.image(object, failure)
  if failure.kind ~= "failed" then return failure end
  local parts, ids = { failure.message }, {}
  local record = find.record(object._class, object._session, object.id)
  for _, mapping in ipairs(record and record.block_device_mappings or {}) do
    if mapping.ebs and mapping.ebs.snapshot_id then ids[#ids + 1] = mapping.ebs.snapshot_id end
  end
  local snapshots = #ids > 0 and require("lunami.snapshot").records(object._session, ids) or {}
  for _, id in ipairs(ids) do
    local seen = snapshots[id]
    if seen and seen.state == "error" then
      parts[#parts + 1] = ("snapshot %s: %s"):format(id, seen.state_message or "error")
    end
  end
  add_key_reasons(parts, object)
  parts[#parts + 1] = next_step(object)
  failure.message = table.concat(parts, "; ")
  return failure
end

--- The failure of anything else. A volume with an unusable key simply vanishes.
function M.other(object, failure)
  local gone = failure.code == "Gone" or failure.code == "NotFound"
  if failure.kind ~= "failed" and not gone then return failure end
  local parts = { failure.message }
  if gone and object._class.name == "volume" then
    parts[1] = ("%s is gone: so AWS ends a volume that it cannot encrypt"):format(object.id)
  end
  add_key_reasons(parts, object)
  if not gone and object._class.name ~= "instance" then parts[#parts + 1] = next_step(object) end
  failure.message = table.concat(parts, "; ")
  return failure
end

return M
