-- The verbs of every noun on the served local cloud.
local lunami = require "lunami"
local noun = require "lunami.noun"
local support = require "support"

local PARTNER = "000000000002"

-- A policy that lets another account do what is named.
local function policy(owner, other, actions)
  return ([[{ "Version": "2012-10-17", "Statement": [
    { "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::%s:root" }, "Action": "kms:*", "Resource": "*" },
    { "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::%s:root" }, "Action": [%s], "Resource": "*" } ] }]])
    :format(owner, other, actions)
end

describe("objects", function()
  local here = support.session()

  it("are native, compare by what they are, and cannot be written to", function()
    local one = here.image "ami-0a000000000000004"
    assert.equal("userdata", type(one))
    assert.equal(one, here.image "ami-0a000000000000004")
    assert.are_not.equal(one, here.image "ami-0a000000000000003")
    assert.truthy(support.failure(function() one.name = "x" end):find("cannot be set", 1, true))
  end)

  it("an unknown field is an error with a suggestion; one that AWS did not give is nil", function()
    local one = here.image "ami-0a000000000000004"
    assert.is_nil(one.kernel_id)
    assert.truthy(support.failure(function() return one.nmae end).message:find("did you mean 'name'", 1, true))
  end)

  it("a verb of the noun is explained", function()
    local failure = support.failure(here.image.copy, { name = "abc" })
    assert.truthy(failure.message:find("call it on an image: x:copy", 1, true))
  end)

  it("options come from the operation's row, under AWS's names or the short ones", function()
    local failure = support.failure(here.volume.create, { size = 1, zone = "us-east-1a",
      availability_zone = "us-east-1b" })
    assert.truthy(failure.message:find("says the same as", 1, true))
    for _, given in ipairs { {}, { zone = "us-east-1a", availability_zone_id = "use1-az1" } } do
      given.size = 1
      local failed = support.failure(here.volume.create, given)
      assert.truthy(failed.message:find("'zone' or 'availability_zone_id'", 1, true))
    end
    assert.equal("us-east-1c", here.volume.create { size = 1, availability_zone_id = "use1-az3" }.zone)
    local made = here.volume.create { size = 1, availability_zone = "us-east-1b", type = "gp3", throughput = 200 }
    made:wait()
    assert.same({ "us-east-1b", "gp3", 200 }, { made.zone, made.type, made.throughput })
    made:delete()
    assert.equal("InvalidVolume.NotFound", support.failure(made.refresh, made).code)
  end)
end)

describe("a run", function()
  local here = support.session()

  it("tags all it makes with its name and the operation, in the same call", function()
    local name = support.name "nightly"
    lunami.begin { id = name }
    local made = here.volume.create { size = 1, zone = "us-east-1a", tags = { team = "web" } }:wait()
    assert.same({ "web", name }, { made.tags.team, made.tags["lunami:run"] })
    assert.equal(32, #made.tags["lunami:op"])
    made:delete()
  end)

  it("without tags when asked, but with its token: the same request of the same run is the same thing", function()
    local ids, name = {}, support.name "again"
    for i = 1, 2 do
      lunami.begin { id = name, tags = false }
      local made = here.volume.create { size = 1, zone = "us-east-1c" }
      ids[i] = made.id
      assert.is_nil(made:wait().tags and made.tags["lunami:run"])
    end
    assert.equal(ids[1], ids[2])
    here.volume(ids[1]):delete()
    lunami.begin {}
  end)

  it("two equal requests of one run are two things", function()
    lunami.begin { id = support.name "twice" }
    local one = here.volume.create { size = 1, zone = "us-east-1c" }
    local two = here.volume.create { size = 1, zone = "us-east-1c" }
    assert.are_not.equal(one.id, two.id)
    one:delete()
    two:delete()
    lunami.begin {}
  end)

  it("removes what is scratch, in the right order, however it ends", function()
    local box, disk
    local failure = support.failure(lunami.run, function()
      box = lunami.scratch(here.image("ami-0a000000000000003"):launch { type = "t3.micro" })
      disk = lunami.scratch(here.volume.create { size = 1, zone = box.zone, key = "alias/two" })
      box:attach("/dev/sdf", disk)
      error("on purpose", 0)
    end)
    assert.equal("on purpose", failure.message)
    assert.equal("terminated", here.instance(box.id).state.name)
    assert.equal("InvalidVolume.NotFound", support.failure(here.volume, disk.id).code)
    assert.same({}, failure.left)
  end)

  it("says what it leaves behind when it fails", function()
    local kept
    local failure = support.failure(lunami.run, function()
      kept = here.volume.create { size = 1, zone = "us-east-1a" }:wait()
      error("on purpose", 0)
    end)
    assert.equal(1, #failure.left)
    assert.truthy(failure.left[1]:find(kept.id, 1, true))
    kept:delete()
  end)

  it("never removes what it did not make", function()
    local failure = support.failure(lunami.scratch, here.image "ami-0a000000000000003")
    assert.truthy(failure.message:find("was not made by this recipe", 1, true))
  end)

  it("waits for all that it started", function()
    local made = lunami.run(function()
      return here.image("ami-0a000000000000003"):copy { name = support.name "run" }
    end)
    assert.equal("available", made.state)
    made:deregister { snapshots = true }
  end)
end)

describe("the same copy asked for again", function()
  local here = support.session()
  local function ask(name, key)
    return here.image("ami-0a000000000000003"):copy { name = name, key = key or "alias/two" }
  end

  it("is found in another run, and compared again", function()
    local name = support.name "again"
    lunami.begin {}
    local made = ask(name):wait()
    lunami.begin {}
    assert.equal(made, ask(name):wait())
    local keys = { ["/dev/xvda"] = "alias/one" }
    local several = here.image("ami-0a000000000000003"):copy { name = name .. "-k", keys = keys }:wait()
    assert.equal(several.id, here.image("ami-0a000000000000003"):copy({ name = name .. "-k", keys = keys }).id)
    several:deregister { snapshots = true }
    made:deregister { snapshots = true }
    assert.are_not.equal(made.id, ask(name):wait().id)
    here.image({ name = name }):deregister { snapshots = true }
  end)

  it("is another one under another key: its name is taken then", function()
    local name = support.name "again"
    local made = ask(name)
    assert.equal("InvalidAMIName.Duplicate", support.failure(ask, name, "alias/one").code)
    made:deregister { snapshots = true }
  end)

  it("replaces one that failed", function()
    local partner, name = support.session("us-east-1", PARTNER), support.name "again"
    local key = partner.key.create { policy = policy(PARTNER, "000000000001", '"kms:DescribeKey"') }
    local failed = ask(name, key.arn)
    assert.equal("failed", support.failure(failed.wait, failed).code)
    key:policy(policy(PARTNER, "000000000001", '"kms:*"'))
    local made = ask(name, key.arn):wait()
    assert.are_not.equal(failed.id, made.id)
    assert.equal(key.arn, made.snapshots[1].key)
    assert.equal("InvalidAMIID.NotFound", support.failure(here.image, failed.id).code)
    made:deregister { snapshots = true }
  end)
end)

describe("snapshots, volumes and instances", function()
  local here = support.session()

  it("a snapshot of a volume, a volume of the snapshot, a copy under another key, into another region", function()
    local disk = here.volume.create { size = 2, zone = "us-east-1a", key = "alias/one" }
    local taken = disk:snapshot { description = "first", tags = { n = 1 } }:wait()
    assert.same({ "completed", "100%", here.key("alias/one").arn }, { taken.state, taken.progress, taken.key })
    local again = taken:volume { zone = "us-east-1b" }:wait()
    assert.equal(taken.key, again.key)
    assert.truthy(support.failure(taken.copy, taken, {}).message:find("default key unasked", 1, true))
    local far = taken:copy { region = "eu-west-1", key = "alias/two" }:wait()
    assert.equal(support.session("eu-west-1").key("alias/two").arn, far.key)
    assert.equal("eu-west-1", far.region)
    local here_default = taken:copy { key = "default" }:wait()
    assert.equal(true, here_default.encrypted)
    for _, one in ipairs { far, here_default, taken } do one:delete() end
    assert.equal("InvalidSnapshot.NotFound", support.failure(here.snapshot, taken.id).code)
    again:delete()
    disk:delete()
  end)

  it("attach, image of the instance, detach, stop, start, terminate", function()
    local box = here.image("ami-0a000000000000003"):launch { type = "t3.small", tags = { role = "builder" } }
    local disk = here.volume.create { size = 1, zone = box.zone, key = "alias/three" }
    box:attach { device = "/dev/sdh", volume = disk }
    local made = box:create_image { name = support.name "of-box", no_reboot = true }:wait()
    assert.equal(2, #made.snapshots)
    assert.equal(here.key("alias/three").arn, made.snapshots[2].key)
    assert.equal("builder", here.instance(box.id).tags.role)
    assert.equal("stopped", box:stop():wait().state.name)
    assert.equal("running", box:start():wait().state.name)
    assert.equal(disk.id, box:detach("/dev/sdh"):wait().id)
    assert.equal("InvalidAttachment.NotFound", support.failure(box.detach, box, "/dev/sdh").code)
    disk:delete()
    assert.equal("terminated", box:terminate():wait().state.name)
    made:deregister { snapshots = true }
  end)

  it("a launch with another key for its volumes", function()
    local box = here.image("ami-0a000000000000004"):launch { keys = { ["/dev/xvda"] = "alias/one" } }:wait()
    local by_device = {}
    for _, one in ipairs(here.volumes { instance = box.id }) do by_device[one.device] = one.key end
    assert.same({ ["/dev/xvda"] = here.key("alias/one").arn, ["/dev/sdf"] = here.key("alias/two").arn }, by_device)
    box:terminate():wait()
  end)

  it("untag", function()
    local disk = here.volume.create { size = 1, zone = "us-east-1a", tags = { a = 1, b = 2 } }:wait()
    disk:untag "a"
    assert.same({ nil, "2" }, { disk.tags.a, disk.tags.b })
    assert.equal("3", disk:tag({ a = 3 }).tags.a)
    disk:delete()
  end)

  it("a volume under a key that it may not use vanishes, and the error says so", function()
    local partner = support.session("us-east-1", PARTNER)
    local key = partner.key.create { policy = policy(PARTNER, "000000000001", '"kms:DescribeKey"') }
    local failure = support.failure(function()
      here.volume.create { size = 1, zone = "us-east-1a", key = key.arn }:wait { timeout = 20 }
    end)
    assert.truthy(failure.message:find("so AWS ends a volume that it cannot encrypt", 1, true))
    assert.truthy(failure.message:find("account 000000000002 must allow it", 1, true))
  end)
end)

describe("images", function()
  local here = support.session()

  it("a key for each device, everything else carried over", function()
    local source = here.image "ami-0a000000000000004"
    local made = source:copy { name = support.name "keys", tags = { team = "web" },
      keys = { ["/dev/xvda"] = "alias/one", ["/dev/sdf"] = "default" } }:wait()
    assert.equal(here.key("alias/one").arn, made.snapshots[1].key)
    assert.equal(here.key("alias/aws/ebs").arn, made.snapshots[2].key)
    for _, field in ipairs { "architecture", "boot_mode", "ena_support", "root_device_name", "virtualization_type" } do
      assert.same({ field, source[field] }, { field, made[field] })
    end
    local before, after = source.block_device_mappings, made.block_device_mappings
    for i, mapping in ipairs(before) do
      assert.equal(mapping.device_name, after[i].device_name)
      for _, field in ipairs { "volume_type", "volume_size", "iops", "throughput", "delete_on_termination" } do
        assert.same({ field, mapping.ebs[field] }, { field, after[i].ebs[field] })
      end
    end
    assert.equal("web", made.tags.team)
    made:deregister { snapshots = true }
  end)

  it("carries TPM, UEFI variables, IMDS, SR-IOV and odd devices over", function()
    local source = here.image.register { name = support.name "rich", snapshot = "snap-0a000000000000005",
      boot_mode = "uefi", tpm_support = "v2.0", imds_support = "v2.0", sriov_net_support = "simple",
      uefi_data = "QU1aTlVFRkk=", architecture = "arm64" }:wait()
    local made = source:copy { name = support.name "rich-copy", keys = { ["/dev/xvda"] = "alias/three" } }:wait()
    for _, field in ipairs { "architecture", "boot_mode", "tpm_support", "imds_support", "sriov_net_support" } do
      assert.truthy(source[field])
      assert.same({ field, source[field] }, { field, made[field] })
    end
    local data = here.call("ec2", "DescribeImageAttribute", { image_id = made.id, attribute = "uefiData" })
    assert.equal("QU1aTlVFRkk=", data.uefi_data.value)
    made:deregister { snapshots = true }
    source:deregister()
  end)

  it("an encrypted snapshot crosses regions with a presigned URL only", function()
    local there = support.session "eu-west-1"
    local ask = { source_region = "us-east-1", source_snapshot_id = "snap-0a000000000000005", encrypted = true }
    assert.equal("MissingParameter", support.failure(there.call, "ec2", "CopySnapshot", ask).code)
    ask.presigned_url = "http://127.0.0.1/?Action=CopySnapshot"
    local copy = there.snapshot(there.call("ec2", "CopySnapshot", ask).snapshot_id)
    assert.equal("error", copy.state)
    copy:delete()
  end)

  it("a key for each device in another region, by presigned URLs", function()
    local made = here.image("ami-0a000000000000004"):copy { name = support.name "far-keys", region = "eu-west-1",
      keys = { ["/dev/sdf"] = "alias/two" } }:wait()
    local there = support.session "eu-west-1"
    assert.same({ false, there.key("alias/two").arn }, { made.snapshots[1].encrypted, made.snapshots[2].key })
    made:deregister { snapshots = true }
  end)

  it("an encrypted device that no key is named for, and a device that is not there", function()
    local source = here.image "ami-0a000000000000004"
    local failure = support.failure(source.copy, source, { name = "abc", keys = { ["/dev/xvda"] = "alias/one" } })
    assert.truthy(failure.message:find("names no key for /dev/sdf", 1, true))
    failure = support.failure(source.copy, source, { name = "abc", key = "alias/one",
      keys = { ["/dev/sdg"] = "alias/two" } })
    assert.truthy(failure.message:find("did you mean '/dev/sdf'", 1, true))
  end)

  it("an image that RegisterImage cannot carry whole is refused by name, with the other way", function()
    local class, session = noun.classes.image, here.image("ami-0a000000000000004")._session
    local base = { image_id = "ami-0a000000000000004", state = "available", owner_id = "000000000001" }
    for field, value in pairs { platform = "windows", platform_details = "Red Hat Enterprise Linux",
      usage_operation = "RunInstances:0010",
      product_codes = { { product_code_id = "abc123", product_code_type = "marketplace" } } } do
      local record = { [field] = value }
      for name, kept in pairs(base) do record[name] = kept end
      local image = class.new(session, record)
      local failure = support.failure(image.copy, image, { name = "abc", keys = {} })
      assert.equal("CannotRebuild", failure.code)
      assert.truthy(failure.message:find("instance:create_image", 1, true))
    end
  end)

  it("what was made is compared with what was asked", function()
    local made = here.image("ami-0a000000000000003"):copy { name = support.name "wrong", key = "alias/two" }
    noun.state(made).expect.devices["/dev/xvda"].key = "arn:aws:kms:us-east-1:000000000001:key/another"
    local failure = support.failure(made.wait, made)
    assert.equal("WrongKey", failure.code)
    assert.truthy(failure.message:find("not under arn:aws:kms:us-east-1:000000000001:key/another", 1, true))
    made:deregister { snapshots = true }
  end)

  it("encryption by default would change what 'keep' means: the recipe must say", function()
    local there = support.session "eu-west-1"
    there.account():set { encryption_by_default = true, default_key = "alias/golden" }
    local source = here.image "ami-0a000000000000002"
    local failure = support.failure(source.copy, source, { name = "abc", region = "eu-west-1" })
    assert.truthy(failure.message:find("encryption by default is on in eu-west-1", 1, true))
    local made = source:copy { name = support.name "ebd", region = "eu-west-1", key = "default" }:wait()
    assert.equal(there.key("alias/golden").arn, made.snapshots[1].key)
    made:deregister { snapshots = true }
    local now = there.account():set { encryption_by_default = false, default_key = "aws/ebs" }
    assert.same({ false, there.key("alias/aws/ebs").arn }, { now.encryption_by_default, now.default_key })
  end)

  it("a late failure tells the reason, the snapshot's words, the key and the next step", function()
    local partner = support.session("us-east-1", PARTNER)
    local key = partner.key.create { policy = policy(PARTNER, "000000000001", '"kms:DescribeKey"') }
    local copy = here.image("ami-0a000000000000002"):copy { name = support.name "late", key = key.arn }
    local failure = support.failure(copy.wait, copy)
    for _, part in ipairs { "ended as failed", "snapshot snap-", "Given key ID is not accessible",
      "is enabled: check that you may use it (kms:DescribeKey, kms:CreateGrant", "account 000000000002 must allow it",
      ':deregister { snapshots = true }' } do
      assert.truthy(failure.message:find(part, 1, true), part .. " in " .. failure.message)
    end
    copy:deregister { snapshots = true }
  end)

  it("deprecate, protect, disable, and back", function()
    local made = here.image("ami-0a000000000000003"):copy { name = support.name "states" }
    assert.equal("2027-01-31T00:00:00.000Z", made:deprecate("2027-01-31").deprecation_time)
    assert.is_nil(made:deprecate(false).deprecation_time)
    assert.truthy(made:deprecate("90d").deprecation_time)
    made:protect()
    assert.equal("OperationNotPermitted", support.failure(made.deregister, made).code)
    made:protect(false)
    assert.equal("disabled", made:disable().state)
    assert.equal("available", made:enable().state)
    made:deregister { snapshots = true }
  end)

  it("register, of a snapshot for each device", function()
    local root = here.volume.create { size = 1, zone = "us-east-1a", key = "alias/one" }:snapshot()
    local data = here.volume.create { size = 1, zone = "us-east-1a" }:snapshot()
    local made = here.image.register { name = support.name "registered", device = "/dev/sda1",
      snapshots = { ["/dev/sda1"] = root, ["/dev/sdf"] = data } }:wait()
    assert.same({ "/dev/sda1", true, "/dev/sdf", false }, { made.snapshots[1].device, made.snapshots[1].encrypted,
      made.snapshots[2].device, made.snapshots[2].encrypted })
    assert.equal("hvm", made.virtualization_type)
    made:deregister { snapshots = true }
    local failure = support.failure(here.image.register, { name = "abc" })
    assert.truthy(failure.message:find("'snapshot', 'snapshots'", 1, true))
  end)
end)

describe("sharing", function()
  local here, partner = support.session(), support.session("us-east-1", PARTNER)

  it("an image with its snapshots and a grant; the other account copies it under its own key", function()
    local source = here.image("ami-0a000000000000003"):copy { name = support.name "shared", key = "alias/three" }
    source:share { accounts = { PARTNER } }
    source:share(PARTNER)
    local grants = here.key("alias/three"):grants()
    assert.same({ 1, "arn:aws:iam::000000000002:root" }, { #grants, grants[1].grantee_principal })
    local theirs = partner.image(source.id)
    local failure = support.failure(theirs.copy, theirs, { name = "abc" })
    assert.truthy(failure.message:find("belongs to account 000000000001", 1, true))
    local made = theirs:copy { name = support.name "ours", key = "alias/partner" }:wait()
    assert.equal(partner.key("alias/partner").arn, made.snapshots[1].key)
    made:deregister { snapshots = true }
    source:unshare(PARTNER)
    assert.equal(0, #here.key("alias/three"):grants())
    assert.equal("InvalidAMIID.NotFound", support.failure(partner.image, source.id).code)
    source:deregister { snapshots = true }
  end)

  it("to launch only: copying says what is missing", function()
    local source = here.image("ami-0a000000000000003"):copy { name = support.name "launch-only", key = "alias/three" }
    source:share { accounts = { PARTNER }, snapshots = false, grant = false }
    local theirs = partner.image(source.id)
    local failure = support.failure(theirs.copy, theirs, { name = "abc", key = "alias/partner" })
    assert.truthy(failure.message:find("is not shared: ask account 000000000001", 1, true))
    source:share { accounts = { PARTNER }, grant = false }
    theirs:refresh()
    failure = support.failure(theirs.copy, theirs, { name = "abc", key = "alias/partner" })
    assert.truthy(failure.message:find("which you may not use", 1, true))
    source:deregister { snapshots = true }
  end)

  it("what AWS forbids is refused before anything is changed", function()
    local default = here.image "ami-0a000000000000005"
    local failure = support.failure(default.share, default, PARTNER)
    assert.truthy(failure.message:find("is under the default key aws/ebs", 1, true))
    local encrypted = here.image "ami-0a000000000000003"
    failure = support.failure(encrypted.share, encrypted, { public = true })
    assert.truthy(failure.message:find("AWS shares nothing encrypted with everybody", 1, true))
    assert.equal(0, #here.key("alias/one"):grants())
    failure = support.failure(encrypted.share, encrypted, "12")
    assert.truthy(failure.message:find("no account id", 1, true))
    assert.truthy(support.failure(encrypted.share, encrypted).message:find("with whom", 1, true))
  end)

  it("a snapshot", function()
    local taken = here.snapshot("snap-0a000000000000005"):copy { key = "alias/two" }
    taken:share(PARTNER)
    assert.equal(true, partner.snapshot(taken.id).encrypted)
    taken:unshare(PARTNER)
    assert.equal("InvalidSnapshot.NotFound", support.failure(partner.snapshot, taken.id).code)
    taken:delete()
  end)
end)

describe("keys", function()
  local here = support.session()

  it("are made with an alias, disabled, enabled, and their deletion undone", function()
    local alias = "alias/" .. support.name "made"
    local made = here.key.create { alias = alias, description = "of a test" }
    assert.equal(made.arn, here.key(alias).arn)
    assert.equal("Disabled", made:disable().key_state)
    local failure = support.failure(here.volume.create, { size = 1, zone = "us-east-1a", key = made })
    assert.truthy(failure.message:find("is disabled; enable it first", 1, true))
    assert.equal("Enabled", made:enable().key_state)
    assert.equal("PendingDeletion", made:schedule_deletion({ pending_window_in_days = 7 }).key_state)
    assert.equal("Disabled", made:cancel_deletion().key_state)
    assert.truthy(made:policy():find("Enable IAM User Permissions", 1, true))
  end)

  it("have tags, from their making on", function()
    lunami.begin { id = "tagged" }
    local made = here.key.create { tags = { team = "web" } }
    assert.same({ "web", "tagged" }, { made:tags().team, made:tags()["lunami:run"] })
    assert.is_nil(made:tag({ a = "1", b = "2" }):untag({ "a" }):tags().a)
    assert.equal("2", made:tags().b)
    lunami.begin {}
  end)

  it("usable says what is proved, predicted or unknown, and why", function()
    local golden = here.key("alias/golden"):usable()
    assert.same({ true, "predicted" }, { golden.ok, golden.verdict })
    local retired = here.key("alias/retired"):usable()
    assert.same({ false, "proved" }, { retired.ok, retired.verdict })
    assert.truthy(tostring(retired):find("NOT usable by EBS", 1, true))
    local signing = here.key("alias/signing"):usable()
    assert.equal(false, signing.ok)
    local key = here.key.create { policy = policy("000000000001", PARTNER, '"kms:DescribeKey", "kms:CreateGrant"') }
    local theirs = support.session("us-east-1", PARTNER).key(key.arn):usable()
    assert.same({ nil, "unknown" }, { theirs.ok, theirs.verdict })
    assert.equal(true, here.key("alias/aws/ebs"):usable().ok)
  end)
end)

describe("sessions", function()
  local here = support.session()

  it("of a role give the same nouns for another account", function()
    local partner = here.session { role = "arn:aws:iam::000000000002:role/partner", region = "eu-west-1" }
    assert.same({ PARTNER, "eu-west-1" }, { partner.account().id, partner.region })
    assert.equal(PARTNER, partner.key("alias/partner").aws_account_id)
    local failure = support.failure(here.session, { role = "arn:aws:iam::000000000002:role/audited" })
    assert.equal("AccessDenied", failure.code)
    assert.equal(PARTNER, here.session({ role = "arn:aws:iam::000000000002:role/audited",
      external_id = "lunami-audit" }).account().id)
    assert.truthy(support.failure(here.session, { external_id = "x" }).message:find("goes with a role", 1, true))
  end)

  it("another region of the same credentials", function()
    assert.equal("us-gov-west-1", here.session({ region = "us-gov-west-1" }).key("alias/golden").region)
  end)
end)
