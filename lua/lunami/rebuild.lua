--- An image under several keys: CopyImage takes one key for all, so each snapshot is copied under its
-- own and the image is registered anew, with everything that RegisterImage can carry.
local check = require "lunami.check"
local copy = require "lunami.copy"
local create = require "lunami.create"
local err = require "lunami.err"
local key = require "lunami.key"
local noun = require "lunami.noun"
local snapshot = require "lunami.snapshot"
local started = require "lunami.started"
local task = require "lunami.task"
local wait = require "lunami.wait"

local M = {}

local WHAT = "image.copy"

local function refuse(image, what)
  err.raise { code = "CannotRebuild", what = WHAT,
    message = ("%s has %s, which RegisterImage cannot carry over, so its copy would lose that. Go by way of an "
      .. "instance: launch it with keys = …, then instance:create_image { name = … }"):format(image.id, what) }
end

-- What a registered image would silently lack.
local function check_carriable(image, session)
  if image.product_codes and #image.product_codes > 0 then
    refuse(image, "product codes (" .. image.product_codes[1].product_code_id .. ")")
  end
  if image.platform and image.platform ~= "" then refuse(image, "the platform " .. image.platform) end
  if image.platform_details and image.platform_details ~= "Linux/UNIX" then
    refuse(image, "the platform " .. image.platform_details)
  end
  if image.usage_operation and image.usage_operation ~= "RunInstances" then
    refuse(image, "the billing code " .. image.usage_operation)
  end
  if image.root_device_type and image.root_device_type ~= "ebs" then
    refuse(image, "an instance-store root")
  end
  if image.kernel_id and image.region ~= session.region then
    refuse(image, "a kernel of its region (" .. image.kernel_id .. ")")
  end
end

-- The key of each device: all that are encrypted must be named, and nothing else may be.
local function keys_by_device(image, session, opts)
  local keys, known = {}, {}
  for _, device in ipairs(image.snapshots) do
    known[device.device] = true
    local name = opts.keys[device.device] or opts.key
    if name == nil and device.encrypted then
      err.usage(WHAT, "keys names no key for %s, which is encrypted: AWS would take the default key unasked",
        device.device)
    end
    if name ~= nil then
      local arn = key.arn(session, name, WHAT)
      keys[device.device] = { arn = arn }
    end
  end
  for _, device in ipairs(check.sorted_keys(opts.keys)) do
    if not known[device] then
      local near = check.nearest(device, known)
      err.usage(WHAT, "%s has no device '%s'%s", image.id, tostring(device),
        near and " (did you mean '" .. near .. "'?)" or "")
    end
  end
  return keys
end

local function send_one(image, session, device, wanted, opts)
  local options = { description = ("Copied for %s from %s of %s"):format(opts.name, device.snapshot, image.id) }
  if wanted then options.encrypted, options.kms_key_id = true, wanted.arn end
  local from = { id = device.snapshot, encrypted = device.encrypted, session = image._session }
  local made = started.made(snapshot.send_copy(WHAT, session, from, options, opts.tags))
  noun.state(made).expect = { what = WHAT, encrypted = wanted ~= nil, key = wanted and (wanted.arn or "default") }
  return made
end

-- All are asked for, then all are waited for: a request is never given up half-way. When one fails, the
-- others are of no use and are removed.
local function copy_all(image, session, keys, opts)
  local sends, waits, made = {}, {}, {}
  for i, device in ipairs(image.snapshots) do
    local name = device.device
    sends[i] = { key = name, args = {}, fn = function()
      made[name] = send_one(image, session, device, keys[name], opts)
    end }
    waits[i] = { key = name, args = {}, fn = function() wait.settle(made[name], "completed") end }
  end
  local ok, failure = task.protect(task.run, sends, { keep_going = true })
  if ok then ok, failure = task.protect(task.run, waits, {}) end
  if not ok then
    M.discard(made)
    error(failure, 0)
  end
  return made
end

--- Remove the copies of snapshots that no image has come to use.
function M.discard(made)
  for _, device in ipairs(check.sorted_keys(made)) do
    task.protect(made[device].delete, made[device])
  end
end

local CARRIED = { "architecture", "boot_mode", "ena_support", "imds_support", "kernel_id", "ramdisk_id",
  "root_device_name", "sriov_net_support", "tpm_support", "virtualization_type" }
local DEVICE_CARRIED = { "delete_on_termination", "iops", "throughput", "volume_size", "volume_type" }

local function mappings(image, made)
  local list = {}
  for i, mapping in ipairs(image.block_device_mappings or {}) do
    local ebs
    if mapping.ebs then
      ebs = {}
      for _, name in ipairs(DEVICE_CARRIED) do ebs[name] = mapping.ebs[name] end
      local copied = made[mapping.device_name]
      if copied then
        ebs.snapshot_id = copied.id
      else
        ebs.encrypted = mapping.ebs.encrypted
      end
    end
    list[i] = { device_name = mapping.device_name, ebs = ebs, virtual_name = mapping.virtual_name,
      no_device = mapping.no_device }
  end
  return list
end

-- DescribeImages does not tell the UEFI variables.
local function uefi_data(image)
  if not (image.boot_mode or ""):find("uefi") then return nil end
  local answer = image._session:try("ec2", "DescribeImageAttribute", { image_id = image.id, attribute = "uefiData" })
  local data = answer and answer.uefi_data and answer.uefi_data.value
  return data ~= "" and data or nil
end

local function register(image, session, made, opts, input, id)
  local request = { name = opts.name, description = input.description or image.description,
    block_device_mappings = mappings(image, made), uefi_data = uefi_data(image) }
  if request.description == "" then request.description = nil end
  for _, name in ipairs(CARRIED) do request[name] = image[name] end
  return create.call(WHAT, session, "RegisterImage", request, opts.tags, { "image" }, id)
end

-- copy_image_tags, which RegisterImage has not: one's own tags of the source, under those that are given.
local function with_source_tags(image, opts, wanted)
  if not wanted then return opts end
  local all, tags = {}, {}
  for name, value in pairs(opts) do all[name] = value end
  for _, tag in ipairs(image.tags or {}) do
    if not tag.key:find("^aws:") and not tag.key:find("^lunami:") then tags[tag.key] = tag.value end
  end
  for name, value in pairs(opts.tags or {}) do tags[name] = value end
  all.tags = tags
  return all
end

--- image:copy { keys = … }.
function M.run(image, opts, input)
  local session = image._session:in_region(opts.region)
  for _, name in ipairs { "destination_outpost_arn", "destination_availability_zone",
    "destination_availability_zone_id", "snapshot_copy_completion_duration_minutes" } do
    if opts[name] ~= nil then err.usage(WHAT, "'%s' does not go with keys", name) end
  end
  copy.check_source(image, session)
  check_carriable(image, session)
  local keys = keys_by_device(image, session, opts)
  local devices, wanted = {}, {}
  for _, device in ipairs(image.snapshots) do
    local one = keys[device.device]
    devices[device.device] = { encrypted = one ~= nil, key = one and (one.arn or "default") or nil }
    wanted[device.device] = one and (one.arn or "default") or "none"
  end
  local expected = { what = WHAT, source = image.id, devices = devices }
  local id = create.named_id(session, "CopySnapshot", { image.id, image.region, wanted, input, opts.tags })
  local found = copy.earlier(session, opts.name, id, expected)
  if found then return found end
  opts = with_source_tags(image, opts, input.copy_image_tags)
  local made = copy_all(image, session, keys, opts)
  local ok, answer = task.protect(register, image, session, made, opts, input, id)
  if not ok then
    M.discard(made)
    error(answer, 0)
  end
  for _, one in pairs(made) do noun.state(one).part = true end
  return copy.started(session, answer.image_id, opts.name, expected)
end

return M
