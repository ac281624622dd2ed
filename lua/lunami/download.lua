--- Disk images out of snapshots, and what snapshots hold: download, diff, storage, export_disk.
local core = require "lunami.core"
local err = require "lunami.err"
local noun = require "lunami.noun"
local snapshot = require "lunami.snapshot"
local task = require "lunami.task"
local text = require "lunami.text"
local upload = require "lunami.upload"
local verb = require "lunami.verb"

local M = {}

local BLOCK = 524288

-- ---- download ------------------------------------------------------------------------------------

--- Fetch a completed snapshot into a file; returns the file's name.
function M.fetch(what, object, file, parallel)
  snapshot.ready(object)
  local operation, failure = core.download(object._session.native, { file = file, snapshot_id = object.id,
    journal = file .. ".part.journal", name = ("download %s %s"):format(object.id, object.region), parallel = parallel,
    expected_bytes = object.full_snapshot_size_in_bytes })
  local ok = operation and true
  if operation then ok, failure = task.await(operation) end
  if ok then return file end
  failure.what = what
  if failure.kind ~= "canceled" then
    failure.message = ("%s into %s: %s"):format(object.id, file, failure.message)
  end
  err.raise(failure)
end

local download = {
  help = "fetch it into a file: a sparse raw disk image, verified; one that was cut off goes on where it stopped",
  action = "ebs.GetSnapshotBlock", no_members = true, returns = "the file's name",
  options = { file = { type = "string", required = true, help = "the file to make; it is there when all of it is" },
    parallel = { type = "number", help = "blocks under way side by side, 1 to 32; 16 when not given" } },
  run = function(self, opts)
    upload.check_parallel("snapshot.download", opts)
    return M.fetch("snapshot.download", self, opts.file, opts.parallel)
  end,
}

-- "/dev/sda1" as part of a file's name.
local function file_of(dir, image, device)
  return ("%s/%s-%s.raw"):format(dir:gsub("/+$", ""), image.id, (device:gsub("^/dev/", ""):gsub("[^%w%.%-]", "-")))
end

--- One file a device, one after the other: each is fetched by many connections.
function M.export(image, opts)
  local what, files = "image.export_disk", {}
  upload.check_parallel(what, opts)
  for _, device in ipairs(image.snapshots) do
    local record = snapshot.class.describe(image._session, device.snapshot)
    if not record then
      err.raise { code = "InvalidSnapshot.NotFound", what = what,
        message = ("%s (%s) of %s is not to be seen: is it shared with you?"):format(device.snapshot, device.device,
          image.id) }
    end
    local object = snapshot.class.new(image._session, record)
    files[device.device] = M.fetch(what, object, file_of(opts.dir, image, device.device), opts.parallel)
  end
  return files
end

-- ---- diff ----------------------------------------------------------------------------------------

-- Call visit(index) for each block in which `second` is not as `first`.
local function each_change(first, second, visit)
  second._session:each_page("ebs", "ListChangedBlocks", { first_snapshot_id = first.id, second_snapshot_id = second.id,
    max_results = 10000 }, "changed_blocks", function(items)
    for _, item in ipairs(items) do visit(item.block_index) end
  end)
end

local Difference = {}
Difference.__index = Difference

function Difference:__tostring()
  return ("%s differs from %s in %s (%s)"):format(self.id, self.from, text.count(self.blocks, "block"),
    text.bytes(self.bytes))
end

local diff = {
  help = "what differs from an earlier snapshot of the same disk", action = "ebs.ListChangedBlocks", no_members = true,
  positional = "the other snapshot, or its id", positional_table = true, returns = "{ blocks =, bytes =, from = }",
  run = function(self, _, _, other)
    snapshot.ready(self)
    local first = { id = noun.id(snapshot.class, other, "snapshot.diff") }
    if snapshot.class.is(other) then snapshot.ready(other) end
    local blocks = 0
    each_change(first, self, function() blocks = blocks + 1 end)
    return setmetatable({ id = self.id, from = first.id, blocks = blocks, bytes = blocks * BLOCK }, Difference)
  end,
}

-- ---- storage -------------------------------------------------------------------------------------

local Storage = {}
Storage.__index = Storage

function Storage:__tostring()
  local since = self.added < self.full and (", %s of it new since %s"):format(text.bytes(self.added), self.before) or ""
  local lines = { ("%s holds %s%s: %s"):format(self.id, text.bytes(self.full), since, text.gib_months(self.added)) }
  for _, one in ipairs(self.snapshots or {}) do lines[#lines + 1] = ("  %s %s"):format(one.device, tostring(one)) end
  return table.concat(lines, "\n")
end

local function full_bytes(object)
  if object.full_snapshot_size_in_bytes then return object.full_snapshot_size_in_bytes end
  local blocks = 0
  object._session:each_page("ebs", "ListSnapshotBlocks", { snapshot_id = object.id, max_results = 10000 }, "blocks",
    function(items) blocks = blocks + #items end)
  return blocks * BLOCK
end

-- The snapshots of the same volume that were begun last before and first after this one.
local function neighbours(object)
  local before, after
  local volume = object.volume_id
  if not volume or volume == "" or volume == "vol-ffffffff" then return nil, nil end
  local list = object._session:pages("ec2", "DescribeSnapshots", { owner_ids = { object.owner_id }, max_results = 1000,
    filters = noun.filters { ["volume-id"] = volume, status = "completed", encrypted = tostring(object.encrypted) } },
    "snapshots")
  local at = object.start_time -- times are all spelt alike: as text they are in their order
  for _, record in ipairs(list) do
    local when = record.start_time
    local same = record.snapshot_id ~= object.id and record.kms_key_id == object.kms_key_id
    if same and when < at and (not before or when > before.start_time) then before = record end
    if same and when > at and (not after or when < after.start_time) then after = record end
  end
  return before, after
end

--- What a snapshot holds and what of it only it holds, in bytes.
function M.storage(object)
  snapshot.ready(object)
  local before, after = neighbours(object)
  local full = full_bytes(object)
  local result = { id = object.id, full = full, added = full, alone = full, before = before and before.snapshot_id,
    after = after and after.snapshot_id }
  local own, added, alone = {}, 0, 0
  if before then
    each_change({ id = before.snapshot_id }, object, function(index)
      own[index], added = true, added + 1
    end)
    result.added = math.min(added * BLOCK, full)
    result.alone = result.added
  end
  if after then
    each_change(object, { id = after.snapshot_id, _session = object._session }, function(index)
      if not before or own[index] then alone = alone + 1 end
    end)
    result.alone = math.min(alone * BLOCK, result.added)
  end
  result.gib_months = result.added / 2 ^ 30
  return setmetatable(result, Storage)
end

local STORAGE = "{ full = bytes, added = bytes since the snapshot before it, alone = bytes that go with it, "
  .. "gib_months = what each month costs }"

local storage = {
  help = "what it holds, and what of that no other snapshot of its volume does", no_members = true, returns = STORAGE,
  action = "ebs.ListChangedBlocks",
  run = function(self) return M.storage(self) end,
}

--- The same of all snapshots of an image, each counted once.
function M.image_storage(image)
  local sum = setmetatable({ id = image.id, full = 0, added = 0, alone = 0, snapshots = {} }, Storage)
  for _, device in ipairs(image.snapshots) do
    local record = snapshot.class.describe(image._session, device.snapshot)
    if record then
      local one = M.storage(snapshot.class.new(image._session, record))
      one.device = device.device
      sum.snapshots[#sum.snapshots + 1] = one
      sum.full, sum.added, sum.alone = sum.full + one.full, sum.added + one.added, sum.alone + one.alone
      sum.before = sum.before or one.before
    end
  end
  sum.gib_months = sum.added / 2 ^ 30
  return sum
end

--- The verbs of snapshots.
function M.add(class)
  verb.add(class, "download", download)
  verb.add(class, "diff", diff)
  verb.add(class, "storage", storage)
end

return M
