--- Instances: attaching volumes, starting and stopping, images of them.
local check = require "lunami.check"
local create = require "lunami.create"
local err = require "lunami.err"
local find = require "lunami.find"
local key = require "lunami.key"
local noun = require "lunami.noun"
local tag = require "lunami.tag"
local verb = require "lunami.verb"
local volume = require "lunami.volume"
local wait = require "lunami.wait"

local M = {}

local class = noun.class {
  name = "instance", id_field = "instance_id", service = "ec2", action = "DescribeInstances",
  path = "reservations.instances",
}
M.class = class
function class.explain(...) return require("lunami.failure").other(...) end

class.search = {
  prefix = "i-", id_filter = "instance-id", date = "launch_time", page = 1000, not_found = "InvalidInstanceID.NotFound",
  filters = { state = "instance-state-name", image = "image-id", type = "instance-type", zone = "availability-zone" },
  options = {
    state = { type = "string", help = "pending, running, stopping, stopped, shutting-down or terminated" },
    image = { type = "string", help = "id of its image" },
    type = { type = "string", help = "t3.micro …" },
    zone = { type = "string", help = "availability zone" },
  },
}

local function state_name(object) return object.state and object.state.name end

class.fields.zone = { help = "availability zone",
  get = function(object) return object.placement and object.placement.availability_zone end }
class.fields.type = { help = "t3.micro …", get = function(object) return object.instance_type end }
class.fields.volumes = { help = "list of { device, volume, status, delete_on_termination }", get = function(object)
  local list = {}
  for i, mapping in ipairs(object.block_device_mappings or {}) do
    local ebs = mapping.ebs or {}
    list[i] = { device = mapping.device_name, volume = ebs.volume_id, status = ebs.status,
      delete_on_termination = ebs.delete_on_termination }
  end
  return list
end }

function class.line(object)
  return ('instance "%s" (%s, %s, %s)'):format(object.id, object.instance_type or "?", state_name(object) or "?",
    object.zone or object.region)
end

function class.describe(session, id) return find.record(class, session, id) end

local function settled(self)
  if noun.state(self).pending or state_name(self) == "pending" then wait.settle(self) end
end

--- RunInstances; each device's key by `keys`, the same for all by `key`.
function M.launch(what, image, opts, input)
  local session, mappings, devices = image._session, input.block_device_mappings, {}
  if opts.key ~= nil or opts.keys ~= nil then
    mappings = {}
    local known = {}
    for _, device in ipairs(image.snapshots) do
      known[device.device] = true
      local name = opts.keys and opts.keys[device.device] or opts.key
      if name ~= nil then
        local arn = key.arn(session, name, what)
        mappings[#mappings + 1] = { device_name = device.device, ebs = { encrypted = true, kms_key_id = arn } }
        devices[device.device] = { encrypted = true, key = arn or "default" }
      end
    end
    for _, device in ipairs(check.sorted_keys(opts.keys or {})) do
      if not known[device] then err.usage(what, "%s has no device '%s'", image.id, tostring(device)) end
    end
  end
  input.image_id, input.min_count, input.max_count = image.id, 1, 1
  input.instance_type = input.instance_type or "t3.micro"
  input.block_device_mappings = mappings
  local answer = create.call(what, session, "RunInstances", input, opts.tags, { "instance", "volume" })
  local instance = class.new(session, answer.instances[1])
  if next(devices) ~= nil then noun.state(instance).expect = { what = what, devices = devices } end
  return wait.made(instance)
end

-- The volumes of an instance, by id, after they are attached.
local function attached_volumes(self)
  for _, mapping in ipairs(self.volumes) do
    if mapping.status ~= "attached" and mapping.volume then
      local one = volume.class.new(self._session, { volume_id = mapping.volume, state = "in-use" })
      wait.settle(one, "attached")
    end
  end
  local by_id = {}
  local records = self._session:pages("ec2", "DescribeVolumes",
    { filters = { { name = "attachment.instance-id", values = { self.id } } }, max_results = 1000 }, "volumes")
  for _, record in ipairs(records) do by_id[record.volume_id] = record end
  return by_id
end

-- A launch with keys is compared like a copy: the volumes are there when it runs.
function class.verify(self)
  local expect = noun.state(self).expect
  if not expect or state_name(self) ~= "running" then return end
  local difference = require("lunami.expect").difference
  local by_id, wrong = attached_volumes(self), {}
  for _, mapping in ipairs(self.volumes) do
    local record = by_id[mapping.volume]
    local why = record and difference({ encrypted = record.encrypted, key = record.kms_key_id },
      expect.devices[mapping.device])
    if why then wrong[#wrong + 1] = ("%s (%s) %s"):format(mapping.volume, mapping.device, why) end
  end
  if #wrong > 0 then
    err.raise { code = "WrongKey", what = expect.what, where = noun.state(self).where,
      message = ("%s runs, but %s"):format(self.id, table.concat(wrong, "; ")) }
  end
end

verb.add(class, "create_image", {
  help = "make an image of it: each snapshot under its volume's own key", action = "ec2.CreateImage",
  hide = { "instance_id" }, options = { tags = true }, returns = "the image",
  run = function(self, opts, input)
    local what, copy = "instance.create_image", require "lunami.copy"
    settled(self)
    self:refresh()
    local state = state_name(self)
    if state ~= "running" and state ~= "stopped" then
      err.raise { code = "IncorrectInstanceState", what = what,
        message = ("%s is %s: an image can be made of a running or stopped instance"):format(self.id,
          state or "unknown") }
    end
    copy.check_name(self._session, opts.name, what)
    local devices, volumes = {}, attached_volumes(self)
    for _, mapping in ipairs(self.volumes) do
      local record = volumes[mapping.volume]
      if record then devices[mapping.device] = { encrypted = record.encrypted or false, key = record.kms_key_id } end
    end
    input.instance_id = self.id
    local answer = create.call(what, self._session, "CreateImage", input, opts.tags, { "image", "snapshot" })
    return copy.started(self._session, answer.image_id, opts.name,
      { what = what, source = self.id, keep = true, devices = devices })
  end,
})

verb.add(class, "attach", {
  help = "attach a volume; it is waited for", positional = "device name, /dev/sdf", positional_table = true,
  options = { volume = { type = "string|userdata", help = "the volume, or its id" },
    device = { type = "string", help = "device name, /dev/sdf" } },
  returns = "itself",
})

-- attach("/dev/sdf", volume) and attach { device =, volume = } mean the same.
function class.methods.attach(self, device, what)
  noun.self(class, "attach", self)
  if type(device) == "table" then
    local opts = check.options("instance.attach", device, M.attach_options)
    device, what = opts.device, opts.volume
  end
  if type(device) ~= "string" then
    err.usage("instance.attach", "a device name expected, got %s: attach(\"/dev/sdf\", volume)", type(device))
  end
  local one = what
  if type(one) == "string" then one = find.one(volume.class, function() return self._session end, one) end
  if not volume.class.is(one) then
    err.usage("instance.attach", "a volume or its id expected, got %s", type(what))
  end
  volume.attach("instance.attach", one, self, device)
  return self
end

M.attach_options = {
  volume = { type = "string|userdata", required = true, help = "the volume, or its id" },
  device = { type = "string", required = true, help = "device name, /dev/sdf" },
}

verb.add(class, "detach", {
  help = "detach the volume of a device", positional = "device name, /dev/sdf", returns = "the volume",
  run = function(self, _, _, device)
    self:refresh()
    for _, mapping in ipairs(self.volumes) do
      if mapping.device == device or mapping.volume == device then
        local one = find.one(volume.class, function() return self._session end, mapping.volume)
        return volume.detach("instance.detach", one, {})
      end
    end
    err.raise { code = "InvalidAttachment.NotFound", what = "instance.detach",
      message = ("%s has nothing attached as %s"):format(self.id, tostring(device)) }
  end,
})

local function change(name, action, wanted, help)
  verb.add(class, name, {
    help = help, action = "ec2." .. action, hide = { "instance_ids" }, returns = "itself",
    destroys = name == "terminate",
    run = function(self, _, input)
      if name == "terminate" then
        volume.forget_attachments(self)
      else
        settled(self)
      end
      input.instance_ids = { self.id }
      self._session:call("ec2", action, input)
      noun.state(self).expect = nil
      return wait.later(self, wanted)
    end,
  })
end

change("stop", "StopInstances", "stopped", "stop it; :wait() waits until it has stopped")
change("start", "StartInstances", "running", "start it again")
change("terminate", "TerminateInstances", "terminated",
  "end it; volumes that are marked so (delete_on_termination) go with it")

tag.add(class)
wait.add(class)

--- The nouns instance and instances of a session.
function M.nouns(get) return find.nouns(class, get) end

return M
