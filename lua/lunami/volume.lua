--- Volumes: finding them and taking snapshots of them.
local check = require "lunami.check"
local core = require "lunami.core"
local err = require "lunami.err"
local key = require "lunami.key"
local noun = require "lunami.noun"
local snapshot = require "lunami.snapshot"
local task = require "lunami.task"

local M = {}

local class = noun.class {
  name = "volume", id_field = "volume_id", service = "ec2", action = "DescribeVolumes", list = "volumes",
}
M.class = class

function class.line(object)
  return ('volume "%s" (%s, %s, %s GiB, %s)'):format(object.id, object.state or "?",
    object.encrypted and "encrypted" or "not encrypted", tostring(object.size or "?"),
    object.availability_zone or object._session.region)
end

function class.methods.refresh(self)
  noun.self(class, "refresh", self)
  local answer = self._session:call("ec2", "DescribeVolumes", { volume_ids = { self.id } })
  rawset(self, "_record", answer.volumes[1])
  return self
end

--- Wait until it is available. {timeout = seconds}
function class.methods.wait(self, opts)
  noun.self(class, "wait", self)
  opts = check.options("volume.wait", opts, { timeout = { type = "number", help = "seconds" } })
  local operation, failure = core.wait(self._session.native, "volume", self.id, nil, opts.timeout)
  local ok = operation ~= nil
  if operation then ok, failure = task.await(operation) end
  if not ok then
    failure.what = "volume.wait"
    err.raise(failure)
  end
  return self:refresh()
end

--- CreateSnapshot. {description =, tags =}
function class.methods.snapshot(self, opts)
  noun.self(class, "snapshot", self)
  opts = check.options("volume.snapshot", opts, {
    description = { type = "string", help = "a line for people" },
    tags = { type = "table", help = "tags of the snapshot" },
  })
  local answer = self._session:call("ec2", "CreateSnapshot", { volume_id = self.id,
    description = opts.description, tag_specifications = noun.tag_specifications(opts.tags, "snapshot") })
  return snapshot.class.new(self._session, answer)
end

function class.methods.tag(self, tags)
  noun.self(class, "tag", self)
  snapshot.tag(self, "volume.tag", tags)
  return self:refresh()
end

local look_up = {
  id = { type = "string", help = "volume id" },
  tags = { type = "table", help = "tags that it must have" },
  state = { type = "string", help = "creating, available, in-use, error" },
  newest = { type = "boolean", help = "the newest of several" },
  region = { type = "string", help = "look there" },
}

local function list(get, what, opts)
  check.options(what, opts, look_up)
  local session = get():in_region(opts.region)
  local filters = noun.tag_filters({ status = opts.state, ["volume-id"] = opts.id }, opts.tags)
  local objects = {}
  local records = session:pages("ec2", "DescribeVolumes",
    { filters = noun.filters(filters), max_results = 1000 }, "volumes")
  for i, record in ipairs(records) do objects[i] = class.new(session, record) end
  return noun.newest_first(objects, "create_time")
end

local creation = {
  zone = { type = "string", required = true, help = "availability zone, us-east-1a" },
  size = { type = "number", help = "GiB" },
  snapshot = { type = "string|table", help = "a snapshot or its id" },
  type = { type = "string", help = "gp3, gp2, io1 …" },
  key = { type = "string|table", help = "KMS key; implies encrypted" },
  tags = { type = "table", help = "tags of the volume" },
  region = { type = "string", help = "make it there" },
}

local function create(get, opts)
  check.options("volume.create", opts, creation)
  local session = get():in_region(opts.region)
  if not opts.size and not opts.snapshot then err.usage("volume.create", "option 'size' or 'snapshot' is required") end
  local from = opts.snapshot
  local input = { availability_zone = opts.zone, size = opts.size, volume_type = opts.type,
    snapshot_id = type(from) == "table" and from.id or from,
    tag_specifications = noun.tag_specifications(opts.tags, "volume") }
  if opts.key == "default" then
    input.encrypted = true
  elseif opts.key then
    input.encrypted, input.kms_key_id = true, key.usable(session, opts.key, "volume.create").arn
  end
  return class.new(session, session:call("ec2", "CreateVolume", input))
end

--- The nouns volume and volumes of a session.
function M.nouns(get)
  local function find(_, which)
    local opts = type(which) == "string" and { id = which } or which
    if type(opts) ~= "table" then err.usage("volume", "an id or a table expected, got %s", type(which)) end
    return noun.one("volume", list(get, "volume", opts), opts, noun.describe(opts))
  end
  local volume = { create = function(opts) return create(get, opts) end }
  return setmetatable(volume, { __call = find }), function(opts) return list(get, "volumes", opts or {}) end
end

return M
