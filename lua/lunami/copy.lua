--- Copying an image: what is checked before, what is asked of AWS, what shall be found afterwards.
--
-- Saying nothing about encryption means keep, and then Encrypted is not sent at all. Nothing falls
-- back to a default key in silence: where AWS would, key = … is asked for.
local create = require "lunami.create"
local describe = require "lunami.describe"
local err = require "lunami.err"
local expect = require "lunami.expect"
local key = require "lunami.key"
local noun = require "lunami.noun"
local started = require "lunami.started"
local wait = require "lunami.wait"

local M = {}

local WHAT = "image.copy"

local function first(image, encrypted)
  for _, device in ipairs(image.snapshots) do
    if (device.encrypted or false) == encrypted then return device end
  end
  return nil
end

-- Encryption by default of an account and region, asked once; nil when it may not be asked.
local function encrypts_by_default(session)
  if session.encrypts_by_default == nil then
    local answer = session:ask("ec2", "GetEbsEncryptionByDefault")
    session.encrypts_by_default = answer and answer.ebs_encryption_by_default or false
  end
  return session.encrypts_by_default
end

--- Something without a key must stay plain: where encryption by default is on AWS would encrypt it unasked.
function M.check_plain(session, what, thing)
  if encrypts_by_default(session) then
    err.usage(what, "encryption by default is on in %s: AWS would encrypt %s unasked; say key = \"alias/…\", or key = "
      .. "\"default\"", session.region, thing)
  end
end

--- Where AWS would take a default key unasked, the recipe must say what it wants.
function M.check_silent_default(image, session)
  local encrypted, plain = first(image, true), first(image, false)
  if encrypted and session.region ~= image.region then
    err.usage(WHAT, "%s has encrypted snapshots (%s) and a key does not follow into another region: "
      .. "say key = \"alias/…\" of %s, or key = \"default\"", image.id, encrypted.device, session.region)
  end
  if encrypted and image.owner_id and image.owner_id ~= session:account() then
    err.usage(WHAT, "%s belongs to account %s and has encrypted snapshots: your copy cannot be under its owner's "
      .. "key; say key = \"alias/…\", or key = \"default\"", image.id, image.owner_id)
  end
  if plain then M.check_plain(session, WHAT, ("%s of %s"):format(plain.device, image.id)) end
end

--- Refuse a name that AWS would refuse, and one that is taken; but an image of that name that has the
-- operation id `id` is this very copy, asked for before: its record is returned.
function M.check_name(session, name, what, id)
  if #name < 3 or #name > 128 or name:find("[^%w%(%)%[%] %./%-'@_]") then
    err.usage(what, "name '%s' is not allowed: 3 to 128 of letters, digits and ( ) [ ] space . / - ' @ _", name)
  end
  local taken = describe.records(session, describe.own_images_by_name, { name })[name] or {}
  for _, other in ipairs(taken) do
    if not id or (other.tags or {})["lunami:op"] ~= id then
      err.raise { code = "InvalidAMIName.Duplicate", what = what,
        message = ("name '%s' is already in use by your image %s in %s; choose another, or deregister that one"):format(
          name, other.image_id, session.region) }
    end
  end
  return taken[1]
end

--- The copy that is there already; nil when there is none, or one that failed: that is removed, and its id
-- returned for the token of the next try.
function M.earlier(session, name, id, expected)
  local record = M.check_name(session, name, WHAT, id)
  if not record then return nil end
  local object = require("lunami.image").class.new(session, record)
  if record.state == "failed" then
    object:deregister { snapshots = true }
    return nil, record.image_id
  end
  noun.state(object).expect = expected
  return wait.made(started.found(object))
end

local function check_state(image)
  local state = image.state
  if state ~= "available" then
    err.raise { code = "InvalidAMIID.Unavailable", what = WHAT,
      message = ("%s is %s and cannot be copied"):format(image.id, state or "in an unknown state") }
  end
end

-- Another account's image: AWS refuses it with one sentence, whatever is missing.
local function check_shared(image)
  local session = image._session
  if not image.owner_id or image.public or image.owner_id == session:account() then return end
  for _, device in ipairs(image.snapshots) do
    if not device.state then
      err.raise { code = "InvalidRequest", what = WHAT,
        message = ("%s is shared with you to launch, but its snapshot %s is not shared: ask account %s to run image "
          .. "\"%s\":share { accounts = { \"%s\" } }"):format(image.id, device.snapshot, image.owner_id, image.id,
          session:account()) }
    end
    if device.key then
      local answer, failure = session:ask("kms", "DescribeKey", { key_id = device.key })
      if not answer and failure.code == "AccessDeniedException" then
        err.raise { code = "UnusableKey", what = WHAT, cause = failure,
          message = ("%s is encrypted under %s, which you may not use: ask account %s to allow your account %s in the "
            .. "key's policy or by a grant"):format(device.snapshot, device.key, image.owner_id, session:account()) }
      end
    end
  end
end

--- What must hold before anything is copied, by CopyImage or snapshot by snapshot.
function M.check_source(image, session)
  check_state(image)
  noun.check_partition(WHAT, image, session)
  check_shared(image)
end

--- A new image that AWS is making, waited for at the recipe's end and compared with `expected`.
function M.started(session, id, name, expected)
  local object = require("lunami.image").class.new(session, { image_id = id, name = name, state = "pending" })
  noun.state(object).expect = expected
  return wait.made(object)
end

--- CopyImage.
function M.run(image, opts, input)
  local session = image._session:in_region(opts.region)
  M.check_source(image, session)
  if opts.key == nil then M.check_silent_default(image, session) end
  local expected = { what = WHAT, source = image.id }
  if opts.key ~= nil then
    input.encrypted, input.kms_key_id = true, key.arn(session, opts.key, WHAT)
    expected.key = input.kms_key_id
    expected.devices = expect.under(image, input.kms_key_id or "default")
  else
    expected.keep, expected.devices = true, expect.kept(image)
  end
  input.source_image_id, input.source_region = image.id, image.region
  local id = create.named_id(session, "CopyImage", { input, opts.tags })
  local found, failed = M.earlier(session, opts.name, id, expected)
  if found then return found end
  local answer = create.call(WHAT, session, "CopyImage", input, opts.tags, { "image", "snapshot" }, id, failed)
  return M.started(session, answer.image_id, opts.name, expected)
end

return M
