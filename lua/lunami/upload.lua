--- Uploading disk images: their blocks into new snapshots, over the EBS direct APIs.
--
-- The blocks go in C (lunami.core); here is what is checked before, how a snapshot is begun and ended,
-- and how an upload that was cut off is found again: by its journal beside the file, in any run, or by the
-- run's own token.
local check = require "lunami.check"
local copy = require "lunami.copy"
local core = require "lunami.core"
local create = require "lunami.create"
local err = require "lunami.err"
local key = require "lunami.key"
local noun = require "lunami.noun"
local snapshot = require "lunami.snapshot"
local started = require "lunami.started"
local task = require "lunami.task"
local wait = require "lunami.wait"

local M = {}

local GIB = 2 ^ 30
local PATIENCE_MIN = 24 * 60 -- how long AWS keeps a pending snapshot that gets no more blocks

--- How many blocks may be under way: { parallel = } of a verb's options.
function M.check_parallel(what, opts)
  local n = opts.parallel
  if n and (n < 1 or n > 32 or n % 1 ~= 0) then
    err.usage(what, "option 'parallel' must be a whole number from 1 to 32")
  end
end

local function open(what, file)
  local disk, failure = core.disk(file)
  if disk then return disk end
  failure.what = what
  err.raise(failure)
end

-- The parent's record: a completed snapshot of this account or shared with it.
local function parent_of(what, session, value)
  if value == nil then return nil end
  if snapshot.class.is(value) then wait.ready(value) end
  local id = noun.id(snapshot.class, value, what)
  local record = snapshot.class.describe(session, id)
  if not record then
    err.raise { code = "InvalidSnapshot.NotFound", what = what,
      message = ("there is no snapshot %s in %s to begin from"):format(id, session.region) }
  end
  if record.state ~= "completed" then
    err.raise { code = "IncorrectState", what = what,
      message = ("%s is %s: nothing can begin from it"):format(id, record.state or "in an unknown state") }
  end
  return record
end

local function gib_of(what, opts, disk, parent)
  local least = math.max(math.ceil(disk.bytes / GIB), parent and parent.volume_size or 1)
  if opts.size and opts.size < least then
    err.usage(what, "size = %d GiB is too small: %s needs %d", opts.size, opts.file, least)
  end
  return opts.size or least
end

-- Encryption as it is asked of AWS, and as it shall be found: nothing falls back to a key in silence.
local function encryption(what, session, opts, parent, input)
  if parent then
    if opts.key ~= nil then
      err.usage(what, "a snapshot over a parent is encrypted as its parent %s is: leave key out, or upload without "
        .. "parent", parent.snapshot_id)
    end
    return { what = what, encrypted = parent.encrypted or false, key = parent.kms_key_id }
  end
  if opts.key == nil then
    copy.check_plain(session, what, opts.file)
    return { what = what, encrypted = false }
  end
  input.encrypted, input.kms_key_arn = true, key.arn(session, opts.key, what)
  return { what = what, encrypted = true, key = input.kms_key_arn or "default" }
end

-- The snapshot of an upload of the same file that was cut off, by its journal; nil when there is none.
local function interrupted(session, journal, id, disk)
  local found, of = (core.journal(journal) or ""):match("^upload (snap%-%x+) (.*)$")
  if of ~= id .. " " .. disk.fingerprint then return nil end
  local record = snapshot.class.describe(session, found)
  local usable = record and (record.state == "pending" or record.state == "completed")
  return usable and record or nil
end

local function object_of(session, record, expected)
  local object = snapshot.class.new(session, record)
  noun.state(object).expect = expected
  return started.made(object)
end

-- Begin the snapshot, or find the one that was begun: its object, and whether it is whole already.
local function begin(plan)
  local session, record = plan.session, interrupted(plan.session, plan.journal, plan.id, plan.disk)
  if record then
    return started.found(object_of(session, record, plan.expected)), record.state == "completed"
  end
  local answer = create.start_snapshot(plan.what, session, plan.input, plan.tags, plan.disk.fingerprint)
  local object = object_of(session, { snapshot_id = answer.snapshot_id, state = "pending",
    volume_size = answer.volume_size, description = answer.description, owner_id = answer.owner_id,
    encrypted = answer.kms_key_arn ~= nil, kms_key_id = answer.kms_key_arn, tags = plan.input.tags }, plan.expected)
  return object, answer.status == "completed"
end

local function failed(plan, object, failure)
  local goes_on = failure.code ~= "FileChanged" and failure.code ~= "InUse"
  failure.what = plan.what
  failure.message = ("%s into %s: %s%s"):format(plan.file, object.id, failure.message,
    goes_on and "; started again within a day it goes on where it stopped" or "")
  err.raise(failure)
end

-- Send the blocks; returns how many the snapshot has, and their checksum.
local function send(plan, object)
  local operation, failure = core.upload(plan.session.native, { file = plan.file, snapshot_id = object.id,
    parent_id = plan.input.parent_snapshot_id, journal = plan.journal, parallel = plan.parallel,
    name = ("upload %s %s %s"):format(object.id, plan.id, plan.disk.fingerprint) })
  local ok = operation and true
  if operation then ok, failure = task.await(operation) end
  if not ok then failed(plan, object, failure) end
  local progress = core.transferred(operation)
  return progress.blocks, progress.checksum
end

local function complete(plan, object, blocks, checksum)
  local input = { snapshot_id = object.id, changed_blocks_count = blocks }
  if blocks > 0 then
    input.checksum, input.checksum_algorithm, input.checksum_aggregation_method = checksum, "SHA256", "LINEAR"
  end
  local answer, failure = plan.session:try("ebs", "CompleteSnapshot", input)
  if not answer then
    failure.what = plan.what
    error(failure, 0)
  end
end

--- What an upload will send, after every check: { file =, session =, expected = … }.
function M.plan(what, session, opts, description)
  M.check_parallel(what, opts)
  local disk, parent = open(what, opts.file), parent_of(what, session, opts.parent)
  local input = { description = description, timeout = PATIENCE_MIN, volume_size = gib_of(what, opts, disk, parent),
    parent_snapshot_id = parent and parent.snapshot_id }
  local expected = encryption(what, session, opts, parent, input)
  local id = create.named_id(session, "StartSnapshot", { input, opts.tags })
  return { what = what, session = session, file = opts.file, disk = disk, input = input, tags = opts.tags, id = id,
    expected = expected, parallel = opts.parallel, journal = ("%s.upload-%s"):format(opts.file, id:sub(1, 12)) }
end

--- Carry a plan out; the snapshot is pending when this returns: AWS completes it in a moment.
function M.run(plan)
  local object, whole = begin(plan)
  if not whole then complete(plan, object, send(plan, object)) end
  os.remove(plan.journal)
  return wait.later(object)
end

-- ---- image.from_disk -----------------------------------------------------------------------------

-- The files by device, the root's first.
local function files_of(what, opts, root)
  local list = { { device = root, file = opts.file } }
  for _, device in ipairs(check.sorted_keys(opts.files or {})) do
    if device == root then err.usage(what, "files names %s, which is the root device: that is `file`", device) end
    list[#list + 1] = { device = device, file = opts.files[device] }
  end
  return list
end

-- The image that was made of the same files in the same way before, or nil; and the id to know it by.
local function made_before(session, opts, input, plans)
  local parts = { input, opts.tags }
  for i, plan in ipairs(plans) do parts[i + 2] = { plan.id, plan.disk.fingerprint } end
  local id = create.named_id(session, "RegisterImage", parts)
  local record = copy.check_name(session, opts.name, "image.from_disk", id)
  local object = record and noun.classes.image.new(session, record)
  return object and wait.made(started.found(object)), id
end

--- Upload a file for each device, then register them with `register(session, opts, input, what, id)`. Everything
-- is checked before the first block goes; one after the other, each is sent by many connections.
function M.image(session, opts, input, register)
  local what, plans, snapshots = "image.from_disk", {}, {}
  input.root_device_name = input.root_device_name or "/dev/xvda"
  for i, one in ipairs(files_of(what, opts, input.root_device_name)) do
    plans[i] = M.plan(what, session, { file = one.file, key = opts.key, tags = opts.tags, parallel = opts.parallel,
      size = i == 1 and opts.size or nil }, ("%s of %s"):format(one.device, opts.name))
    plans[i].device = one.device
  end
  local found, id = made_before(session, opts, input, plans)
  if found then return found end
  for _, plan in ipairs(plans) do snapshots[plan.device] = M.run(plan) end
  local ok, image = task.protect(register, session, { name = opts.name, tags = opts.tags, snapshots = snapshots },
    input, what, id)
  if not ok then
    image = err.wrap(image)
    image.message = ("%s; %s is uploaded: image.register { snapshot = \"%s\", … } goes on from there"):format(
      image.message, opts.file, snapshots[input.root_device_name].id)
    error(image, 0)
  end
  for _, object in pairs(snapshots) do noun.state(object).part = true end
  return image
end

return M
