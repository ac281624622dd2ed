--- Snapshots: finding them, waiting for them, and reading an image's own.
local check = require "lunami.check"
local core = require "lunami.core"
local err = require "lunami.err"
local noun = require "lunami.noun"
local task = require "lunami.task"

local M = {}

local class = noun.class {
  name = "snapshot", id_field = "snapshot_id", service = "ec2", action = "DescribeSnapshots", list = "snapshots",
}
M.class = class

function class.line(object)
  local state = object.state or "?"
  if state == "pending" and object.progress then state = state .. " " .. object.progress end
  return ('snapshot "%s" (%s, %s, %s GiB, %s)'):format(object.id, state,
    object.encrypted and "encrypted" or "not encrypted", tostring(object.volume_size or "?"), object._session.region)
end

--- Records of the snapshots with these ids, by id. By filter, so that a vanished one fails nothing.
function M.describe(session, ids)
  local found = {}
  for start = 1, #ids, 200 do
    local some = {}
    for i = start, math.min(start + 199, #ids) do some[#some + 1] = ids[i] end
    local list = session:pages("ec2", "DescribeSnapshots",
      { filters = { { name = "snapshot-id", values = some } }, max_results = 1000 }, "snapshots")
    for _, record in ipairs(list) do found[record.snapshot_id] = record end
  end
  return found
end

function class.methods.refresh(self)
  noun.self(class, "refresh", self)
  local found = M.describe(self._session, { self.id })
  if not found[self.id] then
    err.raise { code = "InvalidSnapshot.NotFound", what = "snapshot.refresh", message = self.id .. " is gone" }
  end
  rawset(self, "_record", found[self.id])
  return self
end

--- Wait until it is completed. {timeout = seconds}
function class.methods.wait(self, opts)
  noun.self(class, "wait", self)
  opts = check.options("snapshot.wait", opts, { timeout = { type = "number", help = "seconds" } })
  local operation, failure = core.wait(self._session.native, "snapshot", self.id, nil, opts.timeout)
  local ok = operation ~= nil
  if operation then ok, failure = task.await(operation) end
  if not ok then
    failure.what = "snapshot.wait"
    err.raise(failure)
  end
  return self:refresh()
end

function class.methods.delete(self)
  noun.self(class, "delete", self)
  self._session:call("ec2", "DeleteSnapshot", { snapshot_id = self.id })
end

function class.methods.tag(self, tags)
  noun.self(class, "tag", self)
  M.tag(self, "snapshot.tag", tags)
  return self:refresh()
end

--- CreateTags on any object with an id.
function M.tag(object, what, tags)
  if type(tags) ~= "table" or next(tags) == nil then
    err.usage(what, "a table of tags expected: { key = \"value\" }")
  end
  object._session:call("ec2", "CreateTags",
    { resources = { object.id }, tags = noun.tag_specifications(tags, "x")[1].tags })
end

local look_up = {
  id = { type = "string", help = "snapshot id" },
  owner = { type = "string", help = "self (default), amazon or an account id" },
  tags = { type = "table", help = "tags that it must have" },
  state = { type = "string", help = "pending, completed or error" },
  newest = { type = "boolean", help = "the newest of several" },
  region = { type = "string", help = "look there" },
}

local function list(get, what, opts)
  check.options(what, opts, look_up)
  local session = get():in_region(opts.region)
  local filters = noun.tag_filters({ status = opts.state }, opts.tags)
  local input = { filters = noun.filters(filters), max_results = 1000 }
  if opts.id then
    input.filters[#input.filters + 1] = { name = "snapshot-id", values = { opts.id } }
  else
    input.owner_ids = { opts.owner or "self" }
  end
  local objects = {}
  for i, record in ipairs(session:pages("ec2", "DescribeSnapshots", input, "snapshots")) do
    objects[i] = class.new(session, record)
  end
  return noun.newest_first(objects, "start_time")
end

--- The nouns snapshot and snapshots of a session.
function M.nouns(get)
  local function find(_, which)
    local opts = type(which) == "string" and { id = which } or which
    if type(opts) ~= "table" then err.usage("snapshot", "an id or a table expected, got %s", type(which)) end
    return noun.one("snapshot", list(get, "snapshot", opts), opts, noun.describe(opts))
  end
  return setmetatable({}, { __call = find }), function(opts) return list(get, "snapshots", opts or {}) end
end

return M
