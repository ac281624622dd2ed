--- How each kind of thing is shown: the rows of its card and the columns of a list of it. Looks only at what is
-- known already: nothing here sends anything.
local text = require "lunami.text"

local M = {}

local COLOURS = { available = "good", completed = "good", ["in-use"] = "good", running = "good", enabled = "good",
  failed = "bad", error = "bad", disabled = "bad", pendingdeletion = "bad", terminated = "bad", invalid = "bad" }

-- A state with its colour; what is neither good nor bad is on its way.
local function state(value)
  value = value or "?"
  return { text = value, colour = COLOURS[value:lower()] or "busy" }
end

local function yes(value) return { text = value and "yes" or "no", colour = value and "good" or "busy" } end

--- The alias of a key in a session, if aliases were read there: a key's ARN or id is never looked up here.
local function alias(object, arn)
  local known = object._session.alias_by_id
  return known and known[arn:match("key/(.+)$") or arn]
end
M.alias = alias

local function key_name(object, arn)
  if not arn then return nil end
  return alias(object, arn) or (object._session.alias_by_id and "(no alias)")
    or "key " .. (arn:match("key/(%x+)") or arn)
end

local function key_line(object)
  local arn = object.kms_key_id
  if not arn then return object.encrypted and "yes" or "no" end
  local name = alias(object, arn)
  return name and ("under %s (%s)"):format(name, arn) or "under " .. arn
end

local function when(field)
  return function(object, how)
    local at = object[field]
    local age = text.age(at, how.now)
    if not age then return nil end
    return ("%s (%s)"):format(os.date("!%Y-%m-%d %H:%M UTC", math.floor(text.moment(at))), age)
  end
end

local function age(field)
  return function(object, how) return text.short_age(object[field], how.now) end
end

local function field(name)
  return function(object) return object[name] end
end

local function tags(object)
  local list = {}
  for _, tag in ipairs(object.tags or {}) do list[#list + 1] = tag.key .. "=" .. tag.value end
  table.sort(list)
  return #list > 0 and table.concat(list, ", ") or nil
end

local function reason(object)
  local told = object.state_reason
  return told and told.message and { text = told.message, colour = "bad" } or nil
end

local function message(object)
  return object.state_message and { text = object.state_message, colour = "bad" } or nil
end

-- The whole of what it holds: what of that is its own only snapshot:storage() can tell.
local function held(object)
  local bytes = object.full_snapshot_size_in_bytes
  return bytes and ("%s in full: at most %s"):format(text.bytes(bytes), text.gib_months(bytes))
end

local function name_tag(object) return object.tags and object.tags.Name end

local function total_size(object)
  local gib = 0
  for _, device in ipairs(object.snapshots) do gib = gib + (device.size or 0) end
  return gib
end

local function image_encrypted(object)
  local count, list = 0, object.snapshots
  for _, device in ipairs(list) do count = count + (device.encrypted and 1 or 0) end
  if count > 0 and count < #list then return { text = "partly", colour = "busy" } end
  return yes(count > 0)
end

local function progress(device)
  if device.status_message then return { text = device.status_message, colour = "bad" } end
  return device.state == "pending" and { text = device.progress or "pending", colour = "busy" } or nil
end

local function image_devices(object)
  local rows = {}
  for i, device in ipairs(object.snapshots) do
    rows[i] = { device.device, device.snapshot, text.size(device.size), yes(device.encrypted),
      device.key and key_name(object, device.key), device.key, progress(device) }
  end
  return rows
end

local function instance_devices(object)
  local rows = {}
  for i, device in ipairs(object.volumes) do
    rows[i] = { device.device, device.volume, device.status, device.delete_on_termination and "yes" or "no" }
  end
  return rows
end

local function first_attachment(object)
  if not object.instance then return nil end
  return ("%s as %s"):format(object.instance, object.device or "?")
end

local function instance_state(object) return object.state and object.state.name end

-- For each class: head = what stands beside the id in the first line; card = labelled lines; devices = a table
-- below; columns = of a list, one of which (wide) gives way when the terminal is narrow; one that varies is left out
-- when all say the same.
M.classes = {
  image = {
    head = function(object) return object.name or "(no name)", state(object.state), object.region end,
    card = {
      { "made", when "creation_date" },
      { "owner", function(object) return object.owner_id and object.owner_id
        .. (object.public and ", public" or "") end },
      { "kind", function(object) return object.architecture and ("%s, %s"):format(object.architecture,
        text.size(total_size(object))) end },
      { "from", field "source_image_id" }, { "about", field "description" },
      { "deprecated", when "deprecation_time" }, { "failure", reason }, { "tags", tags },
    },
    devices = { header = { "DEVICE", "SNAPSHOT", "SIZE", "ENCRYPTED", "KEY", "KEY ARN", "PROGRESS" }, wide = 6,
      rows = image_devices },
    columns = {
      { "IMAGE", field "id" }, { "NAME", field "name", wide = true },
      { "STATE", function(object) return state(object.state) end },
      { "SIZE", function(object) return text.size(total_size(object)) end },
      { "ENCRYPTED", image_encrypted }, { "AGE", age "creation_date" }, { "REGION", field "region", varies = true },
    },
  },
  snapshot = {
    head = function(object) return state(object.state), object.progress ~= "100%" and object.progress or nil,
      object.region end,
    card = {
      { "size", function(object) return text.size(object.volume_size) end }, { "encrypted", key_line },
      { "holds", held }, { "made", when "start_time" }, { "of volume", field "volume_id" },
      { "about", field "description" },
      { "failure", message }, { "tags", tags },
    },
    columns = {
      { "SNAPSHOT", field "id" }, { "STATE", function(object) return state(object.state) end },
      { "DONE", field "progress" }, { "SIZE", function(object) return text.size(object.volume_size) end },
      { "KEY", function(object) return key_name(object, object.kms_key_id) end }, { "AGE", age "start_time" },
      { "VOLUME", field "volume_id" }, { "DESCRIPTION", field "description", wide = true },
    },
  },
  volume = {
    head = function(object) return state(object.state), object.zone end,
    card = {
      { "size", function(object) return text.size(object.size) end }, { "type", field "volume_type" },
      { "encrypted", key_line }, { "attached to", first_attachment }, { "made", when "create_time" },
      { "of", field "snapshot_id" }, { "tags", tags },
    },
    columns = {
      { "VOLUME", field "id" }, { "STATE", function(object) return state(object.state) end },
      { "SIZE", function(object) return text.size(object.size) end }, { "TYPE", field "volume_type" },
      { "KEY", function(object) return key_name(object, object.kms_key_id) end }, { "ZONE", field "zone" },
      { "INSTANCE", field "instance" }, { "DEVICE", field "device" }, { "AGE", age "create_time" },
    },
  },
  instance = {
    head = function(object) return name_tag(object), state(instance_state(object)), object.zone end,
    card = {
      { "type", field "instance_type" }, { "image", field "image_id" }, { "launched", when "launch_time" },
      { "address", function(object) return object.public_ip_address or object.private_ip_address end },
      { "failure", reason }, { "tags", tags },
    },
    devices = { header = { "DEVICE", "VOLUME", "STATE", "ENDS WITH IT" }, rows = instance_devices },
    columns = {
      { "INSTANCE", field "id" }, { "NAME", name_tag, wide = true },
      { "STATE", function(object) return state(instance_state(object)) end }, { "TYPE", field "instance_type" },
      { "IMAGE", field "image_id" }, { "ZONE", field "zone" }, { "AGE", age "launch_time" },
    },
  },
  key = {
    head = function(object) return object.alias or alias(object, object.arn) or "(no alias)",
      state((object.key_state or "?"):lower()), object.region end,
    card = {
      { "arn", field "arn" }, { "about", field "description" },
      { "kind", function(object) return object.key_spec and object.key_spec .. ", "
        .. (object.key_manager == "AWS" and "AWS's own" or "customer managed")
        .. (object.multi_region and ", multi-Region" or "") end },
      { "made", when "creation_date" }, { "deleted", when "deletion_date" },
    },
    columns = {
      { "KEY", function(object) return object.alias or alias(object, object.arn) end },
      { "STATE", function(object) return state((object.key_state or "?"):lower()) end }, { "KIND", field "key_spec" },
      { "AGE", age "creation_date" }, { "ID", field "key_id", wide = true },
      { "REGION", field "region", varies = true },
    },
  },
}

return M
