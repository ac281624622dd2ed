--- Images: finding them, copying, launching, sharing, retiring them.
local check = require "lunami.check"
local copy = require "lunami.copy"
local core = require "lunami.core"
local create = require "lunami.create"
local describe = require "lunami.describe"
local err = require "lunami.err"
local expect = require "lunami.expect"
local find = require "lunami.find"
local noun = require "lunami.noun"
local snapshot = require "lunami.snapshot"
local started = require "lunami.started"
local tag = require "lunami.tag"
local verb = require "lunami.verb"
local wait = require "lunami.wait"

local M = {}

local class = noun.class {
  name = "image", id_field = "image_id", service = "ec2", action = "DescribeImages", path = "images",
}
M.class = class
class.verify = expect.image
function class.explain(...) return require("lunami.failure").image(...) end

class.search = {
  prefix = "ami-", id_filter = "image-id", owners = "owners", date = "creation_date",
  not_found = "InvalidAMIID.NotFound",
  filters = { name = "name", state = "state", architecture = "architecture" },
  options = {
    name = { type = "string", help = "its name; * and ? match" },
    owner = { type = "string", help = "self (default), amazon, aws-marketplace or an account id" },
    state = { type = "string", help = "available, pending, failed or disabled" },
    architecture = { type = "string", help = "x86_64, arm64 …" },
    deprecated = { type = "boolean", help = "other accounts' deprecated ones, too" },
  },
  complete = function(input, opts)
    input.include_deprecated = opts.id ~= nil or opts.deprecated or nil
    input.include_disabled = opts.id ~= nil or opts.state == "disabled" or nil
  end,
}

-- Devices that are backed by a snapshot, as {device, snapshot, size, encrypted}.
local function devices(object)
  local list = {}
  for _, mapping in ipairs(object.block_device_mappings or {}) do
    local ebs = mapping.ebs
    if ebs and ebs.snapshot_id then
      list[#list + 1] = { device = mapping.device_name, snapshot = ebs.snapshot_id, size = ebs.volume_size,
        encrypted = ebs.encrypted or false }
    end
  end
  return list
end

-- "encrypted", "not encrypted" or "partly encrypted".
local function encryption(object)
  local encrypted, list = 0, devices(object)
  for _, device in ipairs(list) do
    if device.encrypted then encrypted = encrypted + 1 end
  end
  if encrypted == 0 then return "not encrypted" end
  return encrypted == #list and "encrypted" or "partly encrypted"
end

class.fields.encrypted = { help = "whether every snapshot is",
  get = function(object) return encryption(object) == "encrypted" end }
class.fields.snapshots = {
  help = "list of { device, snapshot, size, encrypted, key, state, progress, status_message } of its devices",
  get = function(object) return noun.state(object).snapshots or devices(object) end }

function class.line(object)
  return ('image "%s" (%s, %s, %s, %s)'):format(object.id, object.name or "no name", object.state or "?",
    encryption(object), object.region)
end

--- Take over from DescribeSnapshots what DescribeImages does not tell: each snapshot's key and progress.
function class.load(object)
  local list, ids = devices(object), {}
  for _, device in ipairs(list) do ids[#ids + 1] = device.snapshot end
  local found = #ids > 0 and snapshot.records(object._session, ids) or {}
  for _, device in ipairs(list) do
    local seen = found[device.snapshot]
    if seen then
      device.encrypted, device.key = seen.encrypted or false, seen.kms_key_id
      device.size, device.state, device.progress = seen.volume_size, seen.state, seen.progress
      device.status_message = seen.state_message
    end
  end
  noun.state(object).snapshots = list
  return object
end

function class.describe(session, id) return describe.record(session, describe.images, id) end

-- What a list shows has not its snapshots' keys yet.
local function loaded(self)
  wait.ready(self)
  if not noun.state(self).snapshots then class.load(self) end
  return self
end

verb.add(class, "copy", {
  help = "copy it, here or into another region: keeping each snapshot's encryption, encrypted under one key, or "
    .. "with a key for each device", action = "ec2.CopyImage", hide = { "source_image_id", "source_region" },
  options = { key = true, region = true, tags = true,
    keys = { type = "table", help = "a key for each device: { [\"/dev/xvda\"] = \"alias/one\" }; others take `key`" } },
  returns = "the copy",
  run = function(self, opts, input)
    loaded(self)
    return (opts.keys and require "lunami.rebuild" or copy).run(self, opts, input)
  end,
})

verb.add(class, "launch", {
  help = "start an instance of it", action = "ec2.RunInstances", hide = { "image_id", "max_count", "min_count" },
  short = { type = "instance_type" },
  options = { key = true, tags = true, keys = { type = "table", help = "a KMS key for each device" },
    zone = { type = "string", help = "availability zone" } },
  returns = "the instance",
  run = function(self, opts, input)
    loaded(self)
    if opts.zone then
      input.placement = input.placement or {}
      input.placement.availability_zone = opts.zone
    end
    return require("lunami.instance").launch("image.launch", self, opts, input)
  end,
})

verb.later(class, { "share", "unshare" }, "lunami.share")
tag.add(class)
wait.add(class)

-- "2027-01-31T00:00:00Z" of a date, or of a time from now such as "90d".
local function moment(text)
  local amount, unit = text:match("^(%d+)([hdw])$")
  if not amount then
    if text:find("^%d%d%d%d%-%d%d%-%d%d$") then text = text .. "T00:00:00Z" end
    return core.date(text) and text or nil
  end
  local seconds = tonumber(amount) * ({ h = 3600, d = 86400, w = 604800 })[unit]
  return os.date("!%Y-%m-%dT%H:%M:00Z", os.time() + seconds)
end

verb.add(class, "deprecate", {
  help = "mark it as outdated from a date on; others no longer find it",
  positional = "a date, \"90d\", or false to undo", returns = "itself",
  run = function(self, _, _, at)
    loaded(self)
    if at == false then
      self._session:call("ec2", "DisableImageDeprecation", { image_id = self.id })
      return self:refresh()
    end
    local when = type(at) == "string" and moment(at)
    if not when then err.usage("image.deprecate", "a date (2027-01-31) or a time from now (90d) expected") end
    self._session:call("ec2", "EnableImageDeprecation", { image_id = self.id, deprecate_at = when })
    return self:refresh()
  end,
})

verb.add(class, "protect", {
  help = "refuse its deregistration until that is undone", positional = "false to undo",
  action = "ec2.EnableImageDeregistrationProtection", hide = { "image_id" }, returns = "itself",
  run = function(self, _, input, on)
    loaded(self)
    input.image_id = self.id
    if on == false then input.with_cooldown = nil end
    self._session:call("ec2", (on == false and "Disable" or "Enable") .. "ImageDeregistrationProtection", input)
    return self:refresh()
  end,
})

local function switch(name, action, help, destroys)
  verb.add(class, name, { help = help, action = "ec2." .. action, no_members = true, returns = "itself",
    destroys = destroys, run = function(self)
      loaded(self)
      self._session:call("ec2", action, { image_id = self.id })
      return self:refresh()
    end })
end

switch("disable", "DisableImage",
  "nobody can launch or copy it, and its launch permissions are gone; enable undoes the first", true)
switch("enable", "EnableImage", "allow its use again")

-- Snapshots that AWS could not delete with their image are told, not forgotten.
local function check_deleted(self, answer)
  local left = {}
  for _, result in ipairs(answer.delete_snapshot_results or {}) do
    local code = result.return_code
    if code ~= "success" and code ~= "skipped" then left[#left + 1] = result.snapshot_id .. " (" .. code .. ")" end
  end
  if #left > 0 then
    err.raise { code = "SnapshotsLeft", what = "image.deregister",
      message = ("%s is deregistered, but these snapshots stay: %s"):format(self.id, table.concat(left, ", ")) }
  end
end

verb.add(class, "deregister", {
  destroys = true,
  help = "remove it; instances of it run on", action = "ec2.DeregisterImage", no_members = true,
  options = { snapshots = { type = "boolean", help = "its snapshots, too, except those that another image uses" } },
  run = function(self, opts)
    local answer = self._session:call("ec2", "DeregisterImage", { image_id = self.id,
      delete_associated_snapshots = opts.snapshots or nil })
    started.gone(self)
    check_deleted(self, answer)
  end,
})

verb.add(class, "export_disk", {
  help = "fetch the disk of each of its devices into a file", action = "ebs.GetSnapshotBlock", no_members = true,
  options = { dir = { type = "string", required = true, help = "the folder, which must be there" },
    parallel = { type = "number", help = "blocks under way side by side, 1 to 32; 16 when not given" } },
  returns = "{ [device] = file }",
  run = function(self, opts) return require("lunami.download").export(loaded(self), opts) end,
})

verb.add(class, "storage", {
  help = "what its snapshots hold, and what of that no other snapshot of their volumes does", no_members = true,
  action = "ebs.ListChangedBlocks",
  returns = "{ full = bytes, added = bytes since the snapshots before, alone = bytes that go with it, gib_months = "
    .. "what each month costs, snapshots = { … } }",
  run = function(self) return require("lunami.download").image_storage(loaded(self)) end,
})

-- ---- register ------------------------------------------------------------------------------------

local function snapshot_id(value, what)
  if snapshot.class.is(value) then wait.ready(value) end
  return noun.id(snapshot.class, value, what)
end

-- { ["/dev/xvda"] = snapshot, ["/dev/sdf"] = { snapshot =, type = … } } as mappings, root first.
local function mappings_of(snapshots, root, what)
  local list = {}
  local order = check.sorted_keys(snapshots)
  table.sort(order, function(a, b)
    if (a == root) ~= (b == root) then return a == root end
    return a < b
  end)
  for i, device in ipairs(order) do
    list[i] = { device_name = device, ebs = { snapshot_id = snapshot_id(snapshots[device], what) } }
  end
  return list
end

-- With what a modern image needs where nothing is said: HVM, ENA, 64 bits.
local function register(session, opts, input, what, id)
  input.root_device_name = input.root_device_name or "/dev/xvda"
  local root = input.root_device_name
  if opts.snapshot then
    input.block_device_mappings = { { device_name = root, ebs = { snapshot_id = snapshot_id(opts.snapshot, what) } } }
  elseif opts.snapshots then
    if opts.snapshots[root] == nil then err.usage(what, "snapshots names none for the root device %s", root) end
    input.block_device_mappings = mappings_of(opts.snapshots, root, what)
  elseif not input.block_device_mappings then
    err.usage(what, "option 'snapshot', 'snapshots' or 'block_device_mappings' is required")
  end
  input.architecture = input.architecture or "x86_64"
  input.virtualization_type = input.virtualization_type or "hvm"
  if input.ena_support == nil and input.virtualization_type == "hvm" then input.ena_support = true end
  local answer = create.call(what, session, "RegisterImage", input, opts.tags, { "image" }, id)
  return copy.started(session, answer.image_id, opts.name)
end

local words = {
  register = verb.word("image", "register", {
    help = "make an image of snapshots", action = "ec2.RegisterImage", short = { device = "root_device_name" },
    options = { tags = true, region = true,
      snapshot = { type = "string|userdata", help = "the root snapshot, or its id" },
      snapshots = { type = "table", help = "a snapshot for each device: { [\"/dev/xvda\"] = snapshot }" } },
    returns = "the image",
    run = function(get, opts, input)
      local session = get():in_region(opts.region)
      copy.check_name(session, opts.name, "image.register")
      return register(session, opts, input, "image.register")
    end,
  }),
  from_disk = verb.word("image", "from_disk", {
    help = "make an image of a raw disk image: upload it, then register it", action = "ec2.RegisterImage",
    hide = { "block_device_mappings", "image_location" }, short = { device = "root_device_name" },
    options = { key = true, tags = true, region = true,
      file = { type = "string", required = true, help = "the root device's disk image" },
      files = { type = "table", help = "those of more devices: { [\"/dev/sdf\"] = \"data.raw\" }" },
      parallel = { type = "number", help = "blocks under way side by side, 1 to 32; 16 when not given" },
      size = { type = "number", help = "GiB of the root volume; as the file needs when not given" } },
    returns = "the image",
    run = function(get, opts, input)
      return require("lunami.upload").image(get():in_region(opts.region), opts, input, register)
    end,
  }),
}

--- The nouns image and images of a session.
function M.nouns(get) return find.nouns(class, get, words) end

return M
