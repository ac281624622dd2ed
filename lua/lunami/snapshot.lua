--- Snapshots: finding, copying under a key, sharing, making volumes of them.
local create = require "lunami.create"
local describe = require "lunami.describe"
local err = require "lunami.err"
local expect = require "lunami.expect"
local find = require "lunami.find"
local key = require "lunami.key"
local noun = require "lunami.noun"
local started = require "lunami.started"
local tag = require "lunami.tag"
local verb = require "lunami.verb"
local wait = require "lunami.wait"

local M = {}

local class = noun.class {
  name = "snapshot", id_field = "snapshot_id", service = "ec2", action = "DescribeSnapshots", path = "snapshots",
}
M.class = class
class.verify = expect.one
function class.explain(...) return require("lunami.failure").other(...) end

class.search = {
  prefix = "snap-", id_filter = "snapshot-id", owners = "owner_ids", date = "start_time", page = 1000,
  not_found = "InvalidSnapshot.NotFound", filters = { state = "status", volume = "volume-id" },
  options = {
    owner = { type = "string", help = "self (default), amazon or an account id" },
    state = { type = "string", help = "pending, completed or error" },
    volume = { type = "string", help = "id of the volume that it was taken of" },
  },
}

class.fields.key = { help = "ARN of its KMS key", get = function(object) return object.kms_key_id end }
class.fields.status_message = { help = "what AWS says of its failure",
  get = function(object) return object.state_message end }
class.fields.size = { help = "GiB", get = function(object) return object.volume_size end }

function class.line(object)
  local state = object.state or "?"
  if state == "pending" and object.progress and object.progress ~= "" then
    state = state .. " " .. object.progress
  end
  return ('snapshot "%s" (%s, %s, %s GiB, %s)'):format(object.id, state,
    object.encrypted and "encrypted" or "not encrypted", tostring(object.volume_size or "?"), object.region)
end

function class.describe(session, id) return describe.record(session, describe.snapshots, id) end

--- Records of the snapshots with these ids, by id; a vanished one is missing.
function M.records(session, ids)
  local found, shown = {}, describe.records(session, describe.snapshots, ids)
  for _, id in ipairs(ids) do found[id] = shown[id] and shown[id][1] end
  return found
end

--- Send CopySnapshot with its presigned URL; raises, blaming `what`. from = { id =, encrypted =, region =
-- session of the source }; arn: the key, or nil with encrypt for the default key.
function M.send_copy(what, session, from, options, tags)
  local input = {}
  for name, value in pairs(options) do input[name] = value end
  input.source_snapshot_id, input.source_region = from.id, from.session.region
  if from.encrypted or from.session.region ~= session.region then
    local url = from.session:presign("ec2", "CopySnapshot", { source_region = from.session.region,
      source_snapshot_id = from.id, destination_region = session.region, encrypted = input.encrypted,
      kms_key_id = input.kms_key_id }, 3600)
    input.presigned_url, input.destination_region = url, session.region
  end
  local answer = create.call(what, session, "CopySnapshot", input, tags, { "snapshot" })
  return class.new(session, { snapshot_id = answer.snapshot_id, state = "pending",
    description = options.description })
end

--- Wait for a snapshot that is to be used; raises when it cannot be.
local function ready(self)
  if self.state == "pending" then wait.settle(self, "completed") end
  if self.state ~= "completed" then
    err.raise { code = "IncorrectState", what = "snapshot", message = ("%s is %s%s: it cannot be used"):format(self.id,
      self.state or "in an unknown state", self.state_message and " (" .. self.state_message .. ")" or "") }
  end
end

M.ready = ready

verb.add(class, "copy", {
  help = "copy it, here or into another region; encrypted with the key that is named",
  action = "ec2.CopySnapshot", hide = { "source_region", "source_snapshot_id", "destination_region" },
  options = { key = true, region = true, tags = true }, returns = "the copy",
  run = function(self, opts, input)
    ready(self)
    local session = self._session:in_region(opts.region)
    noun.check_partition("snapshot.copy", self, session)
    if opts.key == nil and self.encrypted then
      err.usage("snapshot.copy", "%s is encrypted and AWS would put its copy under the default key unasked: say key = "
        .. "\"%s\", another key, or \"default\"", self.id, self.kms_key_id or "alias/…")
    end
    if opts.key ~= nil then
      input.encrypted, input.kms_key_id = true, key.arn(session, opts.key, "snapshot.copy")
    end
    local from = { id = self.id, encrypted = self.encrypted, session = self._session }
    local copy = M.send_copy("snapshot.copy", session, from, input, opts.tags)
    noun.state(copy).expect = { what = "snapshot.copy", encrypted = opts.key ~= nil,
      key = opts.key ~= nil and (input.kms_key_id or "default") or nil }
    return wait.made(copy)
  end,
})

verb.add(class, "volume", {
  help = "make a volume of it", action = "ec2.CreateVolume", hide = { "snapshot_id" },
  short = { zone = "availability_zone", type = "volume_type" }, options = { key = true, tags = true },
  returns = "the volume",
  run = function(self, opts, input)
    ready(self)
    input.snapshot_id = self.id
    return require("lunami.volume").make(self._session, "snapshot.volume", opts, input)
  end,
})

verb.add(class, "delete", {
  destroys = true,
  help = "delete it; refused by AWS while an image uses it", action = "ec2.DeleteSnapshot", no_members = true,
  run = function(self)
    self._session:call("ec2", "DeleteSnapshot", { snapshot_id = self.id })
    started.gone(self)
  end,
})

verb.later(class, { "share", "unshare" }, "lunami.share")
verb.later(class, { "download", "diff", "storage" }, "lunami.download")
tag.add(class)
wait.add(class)

local words = {
  create = verb.word("snapshot", "create", {
    help = "take a snapshot of a volume", action = "ec2.CreateSnapshot", hide = { "volume_id" },
    options = { tags = true, region = true,
      volume = { type = "string|userdata", required = true, help = "the volume, or its id" } },
    returns = "the snapshot",
    run = function(get, opts, input)
      local volume = require("lunami.volume").class
      local session = volume.is(opts.volume) and opts.volume._session or get():in_region(opts.region)
      return M.take(session, "snapshot.create", noun.id(volume, opts.volume, "snapshot.create"), input, opts.tags)
    end,
  }),
}

words.upload = verb.word("snapshot", "upload", {
  help = "make a snapshot of a raw disk image: holes and zeros are not sent, and one that was cut off goes on where it "
    .. "stopped", action = "ebs.StartSnapshot",
  hide = { "kms_key_arn", "parent_snapshot_id", "timeout", "volume_size" },
  options = { key = true, region = true, tags = true,
    file = { type = "string", required = true, help = "the disk image: a file, or a block device" },
    parallel = { type = "number", help = "blocks under way side by side, 1 to 32; 16 when not given" },
    parent = { type = "string|userdata", help = "an earlier snapshot: only blocks that differ from it are sent" },
    size = { type = "number", help = "GiB of its volumes; as the file needs when not given" } },
  returns = "the snapshot",
  run = function(get, opts)
    local upload = require "lunami.upload"
    return upload.run(upload.plan("snapshot.upload", get():in_region(opts.region), opts, opts.description))
  end,
})

--- CreateSnapshot of a volume.
function M.take(session, what, volume_id, input, tags)
  input.volume_id = volume_id
  return wait.made(class.new(session, create.call(what, session, "CreateSnapshot", input, tags, { "snapshot" })))
end

--- The nouns snapshot and snapshots of a session.
function M.nouns(get) return find.nouns(class, get, words) end

return M
