--- Volumes: making, attaching, snapshots of them.
local create = require "lunami.create"
local describe = require "lunami.describe"
local err = require "lunami.err"
local expect = require "lunami.expect"
local find = require "lunami.find"
local key = require "lunami.key"
local noun = require "lunami.noun"
local snapshot = require "lunami.snapshot"
local started = require "lunami.started"
local tag = require "lunami.tag"
local verb = require "lunami.verb"
local wait = require "lunami.wait"

local M = {}

local class = noun.class {
  name = "volume", id_field = "volume_id", service = "ec2", action = "DescribeVolumes", path = "volumes",
}
M.class = class
class.verify = expect.one
function class.explain(...) return require("lunami.failure").other(...) end

class.search = {
  prefix = "vol-", id_filter = "volume-id", date = "create_time", page = 1000, not_found = "InvalidVolume.NotFound",
  filters = { state = "status", zone = "availability-zone", snapshot = "snapshot-id",
    instance = "attachment.instance-id" },
  options = {
    state = { type = "string", help = "creating, available, in-use or error" },
    zone = { type = "string", help = "availability zone" },
    snapshot = { type = "string", help = "id of the snapshot that it was made of" },
    instance = { type = "string", help = "id of the instance that it is attached to" },
  },
}

class.fields.zone = { help = "availability zone", get = function(object) return object.availability_zone end }
class.fields.type = { help = "gp3, io2 …", get = function(object) return object.volume_type end }
class.fields.key = { help = "ARN of its KMS key", get = function(object) return object.kms_key_id end }
class.fields.instance = { help = "id of the instance that it is attached to", get = function(object)
  local attachment = (object.attachments or {})[1]
  return attachment and attachment.instance_id
end }
class.fields.device = { help = "device name that it is attached as", get = function(object)
  local attachment = (object.attachments or {})[1]
  return attachment and attachment.device
end }

function class.line(object)
  return ('volume "%s" (%s, %s, %s GiB, %s)'):format(object.id, object.state or "?",
    object.encrypted and "encrypted" or "not encrypted", tostring(object.size or "?"), object.zone or object.region)
end

function class.describe(session, id) return describe.record(session, describe.volumes, id) end

--- CreateVolume; for volume.create and snapshot:volume.
function M.make(session, what, opts, input)
  if (input.availability_zone ~= nil) == (input.availability_zone_id ~= nil) then
    err.usage(what, "option 'zone' or 'availability_zone_id' is required, and one of them only")
  end
  if opts.key ~= nil then
    input.encrypted, input.kms_key_id = true, key.arn(session, opts.key, what)
  end
  local volume = class.new(session, create.call(what, session, "CreateVolume", input, opts.tags, { "volume" }))
  if opts.key ~= nil then
    noun.state(volume).expect = { what = what, encrypted = true, key = input.kms_key_id or "default" }
  end
  return wait.made(volume)
end

-- Another object may stand for the same volume, and wait for it to be attached.
local function settled(self)
  for _, object in ipairs(started.under(self.id)) do wait.settle(object) end
end

--- Attach a volume to an instance; both wait until they can.
function M.attach(what, volume, instance, device, options)
  settled(volume)
  settled(instance)
  local input = options or {}
  input.volume_id, input.instance_id, input.device = volume.id, instance.id, device
  local answer, problem = volume._session:try("ec2", "AttachVolume", input)
  if not answer then
    problem.what = what
    error(problem, 0)
  end
  noun.state(volume).attached_to = instance.id
  return wait.later(volume, "attached")
end

--- Volumes that were being attached to an instance that ends need not be waited for.
function M.forget_attachments(instance)
  for _, entry in ipairs(started.list()) do
    if noun.state(entry.object).attached_to == instance.id then started.finished(entry.object) end
  end
end

local function detach(what, self, input)
  settled(self)
  input.volume_id = self.id
  local answer, problem = self._session:try("ec2", "DetachVolume", input)
  if not answer then
    problem.what = what
    error(problem, 0)
  end
  return wait.later(self, "available")
end
M.detach = detach

verb.add(class, "attach", {
  help = "attach it to an instance", action = "ec2.AttachVolume", hide = { "instance_id", "volume_id" },
  options = { instance = { type = "string|userdata", required = true, help = "the instance, or its id" } },
  returns = "itself",
  run = function(self, opts, input)
    local instances = require "lunami.instance"
    local instance = opts.instance
    if type(instance) == "string" then
      instance = find.one(instances.class, function() return self._session end, instance)
    end
    local device = input.device
    return M.attach("volume.attach", self, instance, device, input)
  end,
})

verb.add(class, "detach", {
  help = "take it from its instance", action = "ec2.DetachVolume", hide = { "volume_id" }, returns = "itself",
  run = function(self, _, input) return detach("volume.detach", self, input) end,
})

verb.add(class, "snapshot", {
  help = "take a snapshot of it", action = "ec2.CreateSnapshot", hide = { "volume_id" }, options = { tags = true },
  returns = "the snapshot",
  run = function(self, opts, input)
    settled(self)
    return snapshot.take(self._session, "volume.snapshot", self.id, input, opts.tags)
  end,
})

verb.add(class, "delete", {
  destroys = true,
  help = "delete it", action = "ec2.DeleteVolume", no_members = true,
  run = function(self)
    for _, object in ipairs(started.under(self.id)) do wait.settle(object, "available") end
    self._session:call("ec2", "DeleteVolume", { volume_id = self.id })
    started.gone(self)
  end,
})

tag.add(class)
wait.add(class)

local words = {
  create = verb.word("volume", "create", {
    help = "make a volume, empty or of a snapshot", action = "ec2.CreateVolume", hide = { "snapshot_id" },
    short = { zone = "availability_zone", type = "volume_type" },
    options = { key = true, tags = true, region = true,
      snapshot = { type = "string|userdata", help = "a snapshot, or its id" } },
    returns = "the volume",
    run = function(get, opts, input)
      if not opts.size and not opts.snapshot then
        err.usage("volume.create", "option 'size' or 'snapshot' is required")
      end
      if opts.snapshot then
        if snapshot.class.is(opts.snapshot) then settled(opts.snapshot) end
        input.snapshot_id = noun.id(snapshot.class, opts.snapshot, "volume.create")
      end
      return M.make(get():in_region(opts.region), "volume.create", opts, input)
    end,
  }),
}

--- The nouns volume and volumes of a session.
function M.nouns(get) return find.nouns(class, get, words) end

return M
