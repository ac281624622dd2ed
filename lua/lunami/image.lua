--- Images: finding them, copying them under a key, waiting, and reading back what was made.
local check = require "lunami.check"
local copy = require "lunami.copy"
local core = require "lunami.core"
local err = require "lunami.err"
local noun = require "lunami.noun"
local snapshot = require "lunami.snapshot"
local started = require "lunami.started"
local task = require "lunami.task"

local M = {}

local class = noun.class {
  name = "image", id_field = "image_id", service = "ec2", action = "DescribeImages", list = "images",
}
class.extra = { snapshots = true, region = true, encrypted = true }
M.class = class

-- Devices that are backed by a snapshot, as {device, snapshot, size, encrypted}.
local function devices(record)
  local list = {}
  for _, mapping in ipairs(record.block_device_mappings or {}) do
    local ebs = mapping.ebs
    if ebs then
      list[#list + 1] = { device = mapping.device_name, snapshot = ebs.snapshot_id, size = ebs.volume_size,
        encrypted = ebs.encrypted or false }
    end
  end
  return list
end

-- "encrypted", "not encrypted" or "partly encrypted".
local function encryption(record)
  local encrypted, list = 0, devices(record)
  for _, device in ipairs(list) do
    if device.encrypted then encrypted = encrypted + 1 end
  end
  if encrypted == 0 then return "not encrypted" end
  return encrypted == #list and "encrypted" or "partly encrypted"
end

function class.line(object)
  return ('image "%s" (%s, %s, %s, %s)'):format(object.id, object.name or "no name", object.state or "?",
    encryption(object._record), object._session.region)
end

local index = class.__index
function class.__index(object, field)
  if field == "region" then return rawget(object, "_session").region end
  if field == "encrypted" then return encryption(rawget(object, "_record")) == "encrypted" end
  if field == "snapshots" then return rawget(object, "_snapshots") or devices(rawget(object, "_record")) end
  return index(object, field)
end

-- Take over a record and, from DescribeSnapshots, what it does not tell: each snapshot's key and progress.
local function load(object, record)
  local list, ids = devices(record), {}
  for _, device in ipairs(list) do ids[#ids + 1] = device.snapshot end
  local found = #ids > 0 and snapshot.describe(object._session, ids) or {}
  for _, device in ipairs(list) do
    local seen = device.snapshot and found[device.snapshot]
    if seen then
      device.encrypted, device.key = seen.encrypted or false, seen.kms_key_id
      device.size, device.state, device.progress = seen.volume_size, seen.state, seen.progress
      device.status_message = seen.state_message
    end
  end
  rawset(object, "_record", record)
  rawset(object, "_snapshots", list)
  return object
end

local function describe(session, id)
  local list = session:pages("ec2", "DescribeImages", { filters = { { name = "image-id", values = { id } } },
    include_deprecated = true, include_disabled = true }, "images")
  return list[1]
end

--- Read its fields and its snapshots again.
function class.methods.refresh(self)
  noun.self(class, "refresh", self)
  local record = describe(self._session, self.id)
  if not record then
    err.raise { code = "InvalidAMIID.NotFound", what = "image.refresh", message = self.id .. " is gone" }
  end
  return load(self, record)
end

-- Wait, read back, compare. Failures are explained with what AWS tells elsewhere.
local function settle(self, timeout)
  local operation, failure = core.wait(self._session.native, "image", self.id, nil, timeout)
  local ok = operation ~= nil
  if operation then
    started.watch(operation, self)
    ok, failure = task.await(operation)
    started.unwatch(operation)
  end
  if not ok then
    failure.what, failure.where = "image.wait", rawget(self, "_where")
    err.raise(copy.explain(self, failure, describe))
  end
  self:refresh()
  copy.verify(self)
  started.finished(self)
  return self
end

--- Wait until it is available, then read back what was made. {timeout = seconds, default 24 h}
function class.methods.wait(self, opts)
  noun.self(class, "wait", self)
  opts = check.options("image.wait", opts, { timeout = { type = "number", help = "seconds" } })
  return settle(self, opts.timeout)
end

--- CopyImage: see lunami.copy for the options and what is checked.
function class.methods.copy(self, opts)
  noun.self(class, "copy", self)
  check.options("image.copy", opts, copy.options)
  if self.state == "pending" then settle(self) end
  local session, answer, expect = copy.send(self, opts)
  local object = class.new(session, answer)
  rawset(object, "_expect", expect)
  rawset(object, "_where", err.blame())
  rawset(object, "_record", { image_id = answer.image_id, name = opts.name, state = "pending" })
  return started.add(object, settle)
end

function class.methods.tag(self, tags)
  noun.self(class, "tag", self)
  snapshot.tag(self, "image.tag", tags)
  return self:refresh()
end

--- DeregisterImage. {snapshots = true} deletes those that no other image uses, too.
function class.methods.deregister(self, opts)
  noun.self(class, "deregister", self)
  opts = check.options("image.deregister", opts,
    { snapshots = { type = "boolean", help = "delete its snapshots too" } })
  self._session:call("ec2", "DeregisterImage", { image_id = self.id,
    delete_associated_snapshots = opts.snapshots or nil })
end

local look_up = {
  id = { type = "string", help = "image id" },
  name = { type = "string", help = "its name; * and ? match" },
  owner = { type = "string", help = "self (default), amazon, aws-marketplace or an account id" },
  tags = { type = "table", help = "tags that it must have" },
  state = { type = "string", help = "available, pending or failed" },
  architecture = { type = "string", help = "x86_64, arm64 …" },
  newest = { type = "boolean", help = "the newest of several" },
  region = { type = "string", help = "look there" },
}

local function list(get, what, opts)
  check.options(what, opts, look_up)
  local session = get():in_region(opts.region)
  local filters = noun.tag_filters({ name = opts.name, state = opts.state, architecture = opts.architecture,
    ["image-id"] = opts.id }, opts.tags)
  local input = { filters = noun.filters(filters) }
  if not opts.id then
    input.owners = { opts.owner or "self" }
  elseif opts.owner then
    input.owners = { opts.owner }
  end
  local objects = {}
  for i, record in ipairs(session:pages("ec2", "DescribeImages", input, "images")) do
    objects[i] = class.new(session, record)
  end
  return noun.newest_first(objects, "creation_date")
end

local function find(get, which)
  local opts = type(which) == "string" and { id = which } or which
  if type(opts) ~= "table" then err.usage("image", "an id or a table expected, got %s", type(which)) end
  local described = noun.describe(opts)
  if opts.id and not opts.id:find("^ami%-") then
    err.usage("image", "'%s' is no image id (ami-…); to look up a name: image { name = \"%s\" }", opts.id, opts.id)
  end
  local matches = list(get, "image", opts)
  if #matches == 0 and opts.id then
    err.raise { code = "InvalidAMIID.NotFound", what = "image",
      message = ("there is no image %s in %s that you may see"):format(opts.id, get():in_region(opts.region).region) }
  end
  if not opts.owner and not opts.id then
    described = described .. " among your own images in " .. get():in_region(opts.region).region
  end
  local found = noun.one("image", matches, opts, described)
  return load(found, found._record)
end

local registration = {
  name = { type = "string", required = true, help = "3 to 128 characters" },
  snapshot = { type = "string|table", required = true, help = "the root snapshot or its id" },
  architecture = { type = "string", help = "x86_64 (default) or arm64" },
  description = { type = "string", help = "a line for people" },
  device = { type = "string", help = "root device name, /dev/xvda" },
  tags = { type = "table", help = "tags of the image" },
  region = { type = "string", help = "make it there" },
}

--- RegisterImage from a root snapshot, with what a modern image needs (HVM, ENA).
local function register(get, opts)
  check.options("image.register", opts, registration)
  local session = get():in_region(opts.region)
  local root = opts.device or "/dev/xvda"
  local from = type(opts.snapshot) == "table" and opts.snapshot.id or opts.snapshot
  local answer = session:call("ec2", "RegisterImage", {
    name = opts.name, description = opts.description, architecture = opts.architecture or "x86_64",
    virtualization_type = "hvm", ena_support = true, root_device_name = root,
    block_device_mappings = { { device_name = root, ebs = { snapshot_id = from } } },
    tag_specifications = noun.tag_specifications(opts.tags, "image"),
  })
  local object = class.new(session, { image_id = answer.image_id, name = opts.name, state = "pending" })
  rawset(object, "_where", err.blame())
  return started.add(object, settle)
end

--- The nouns image and images of a session.
function M.nouns(get)
  local image = { register = function(opts) return register(get, opts) end, copy = class.methods.copy }
  return setmetatable(image, { __call = function(_, which) return find(get, which) end }),
    function(opts) return list(get, "images", opts or {}) end
end

return M
