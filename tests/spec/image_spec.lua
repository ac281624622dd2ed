local core = require "lunami.core"
local lunami = require "lunami"
local support = require "support"

describe("images", function()
  local here = support.session()

  it("are found by id, with what DescribeSnapshots tells", function()
    local image = here.image "ami-0a000000000000004"
    assert.equal("mixed", image.name)
    assert.equal("available", image.state)
    assert.equal("us-east-1", image.region)
    assert.equal(2, #image.snapshots)
    assert.same({ "/dev/xvda", false }, { image.snapshots[1].device, image.snapshots[1].encrypted })
    assert.truthy(image.snapshots[2].key:find("^arn:aws:kms:us%-east%-1:000000000001:key/"))
    assert.equal('image "ami-0a000000000000004" (mixed, available, partly encrypted, us-east-1)', tostring(image))
  end)

  it("newest picks the newest of several, which without it is an error that lists them", function()
    assert.equal("ami-0a000000000000002", here.image({ name = "golden-2026-1?", newest = true }).id)
    local err = support.failure(function() return here.image { name = "golden-2026-1?" } end)
    assert.equal("TooManyMatches", err.code)
    assert.truthy(err.message:find("ami-0a000000000000001", 1, true))
  end)

  it("a copy under a key has every snapshot under that key", function()
    local name = support.name "spec-key"
    local copy = here.image("ami-0a000000000000004"):copy { name = name, key = "alias/golden", tags = { team = "web" } }
    assert.equal("pending", copy.state)
    copy:wait()
    assert.equal("available", copy.state)
    local golden = here.key "alias/golden"
    for _, device in ipairs(copy.snapshots) do assert.equal(golden.arn, device.key) end
    assert.equal("ami-0a000000000000004", copy.source_image_id)
    assert.equal("web", copy.tags.team)
    assert.truthy(copy.tags["lunami:run"] and copy.tags["lunami:op"])
    copy:deregister { snapshots = true }
    assert.equal("InvalidAMIID.NotFound", support.failure(function() return here.image(copy.id) end).code)
  end)

  it("a copy without a key keeps each snapshot's encryption", function()
    local copy = here.image("ami-0a000000000000004"):copy { name = support.name "spec-keep" }:wait()
    assert.equal(false, copy.snapshots[1].encrypted)
    assert.equal(here.key("alias/two").arn, copy.snapshots[2].key)
    copy:deregister { snapshots = true }
  end)

  it("key = 'default' is the default key, and must be said", function()
    local far = function(key)
      return here.image("ami-0a000000000000003"):copy {
        name = support.name "spec-far", region = "eu-west-1", key = key }
    end
    local err = support.failure(far)
    assert.equal("usage", err.kind)
    assert.truthy(err.message:find('key = "default"', 1, true))
    local copy = far("default"):wait()
    assert.equal(true, copy.encrypted)
    assert.equal(support.session("eu-west-1").key("alias/aws/ebs").arn, copy.snapshots[1].key)
    copy:deregister { snapshots = true }
  end)

  it("several regions side by side", function()
    local copies = lunami.each({ "us-gov-east-1" }, function(region) return region end)
    assert.same({ "us-gov-east-1" }, copies)
    local regions = { "eu-west-1", "us-east-1" }
    copies = lunami.each(regions, function(region)
      return here.image("ami-0a000000000000002"):copy {
        name = support.name "spec-each", region = region, key = "alias/golden" }:wait()
    end)
    assert.equal("eu-west-1", copies[1].region)
    assert.equal("us-east-1", copies[2].region)
    for _, copy in ipairs(copies) do copy:deregister { snapshots = true } end
  end)

  it("many waits are few calls", function()
    local list, before = {}, core.rounds()
    for i = 1, 40 do list[i] = i end
    local copies = lunami.each(list, function()
      return here.image("ami-0a000000000000003"):copy { name = support.name "spec-many" }:wait()
    end)
    assert.equal(40, #copies)
    assert.truthy(core.rounds() - before <= 20)
    for _, copy in ipairs(copies) do copy:deregister { snapshots = true } end
  end)

  it("all that match, one by one as the pages come", function()
    local names = {}
    local count = here.images({ name = "nightly-*" }, function(image) names[image.name] = image.state end)
    assert.equal(5, count)
    for i = 1, 5 do assert.equal("available", names["nightly-" .. i]) end
    assert.equal(1, here.instances({ id = "i-0a000000000000001" }, function(box)
      assert.equal("i-0a000000000000001", box.id)
    end))
    local err = support.failure(function() here.images({}, "print") end)
    assert.truthy(err.message:find("a function expected after the table, got string", 1, true))
  end)

  it("what a page's visitor raises ends the pages", function()
    local seen = 0
    local err = support.failure(function()
      here.snapshots({}, function()
        seen = seen + 1
        here.image("ami-0a000000000000001"):refresh() -- it may wait, too
        if seen == 2 then error("enough", 0) end
      end)
    end)
    assert.equal("enough", tostring(err))
    assert.equal(2, seen)
  end)

  it("several pages, none twice", function()
    local session = require("lunami.session").open(support.settings())
    local ids, pages = {}, 0
    session:each_page("ec2", "DescribeImages", { owners = { "self" }, max_results = 5 }, "images", function(items)
      pages = pages + 1
      for _, item in ipairs(items) do
        assert.is_nil(ids[item.image_id])
        ids[item.image_id] = true
      end
    end)
    assert.truthy(pages >= 2)
  end)

  it("RegisterImage from a snapshot", function()
    local image = here.image.register { name = support.name "spec-register", snapshot = "snap-0a000000000000005" }
    image:wait()
    assert.equal("x86_64", image.architecture)
    assert.equal(true, image.ena_support)
    assert.equal(true, image.encrypted)
    local err = support.failure(function()
      return here.image.register { name = image.name, snapshot = "snap-0a000000000000005" }
    end)
    assert.equal("InvalidAMIName.Duplicate", err.code)
    image:deregister()
  end)
end)

describe("mistakes are found before anything is sent", function()
  local here = support.session()
  local source = here.image "ami-0a000000000000002"
  local function copy(opts)
    return support.failure(function() return source:copy(opts) end)
  end

  it("an unknown option, with a suggestion", function()
    assert.truthy(tostring(copy { nmae = "x" }):find("unknown option 'nmae' (did you mean 'name'?)", 1, true))
    assert.truthy(copy({ name = "abc", KmsKeyId = "k" }).message:find("write 'key'", 1, true))
  end)
  it("a wrong type and a missing option", function()
    assert.equal("option 'name' must be a string, got number", copy({ name = 3 }).message)
    assert.truthy(copy({}).message:find("option 'name' is required", 1, true))
  end)
  it("blamed on the caller's line", function()
    local err = copy { nmae = "x" }
    assert.truthy(err.where:find("image_spec.lua:%d+: $"))
  end)
  it("keys that EBS cannot use", function()
    assert.truthy(copy({ name = "abc", key = "alias/retired" }).message:find("is disabled", 1, true))
    assert.truthy(copy({ name = "abc", key = "alias/signing" }).message:find("symmetric", 1, true))
    assert.truthy(copy({ name = "abc", key = "alias/goldn" }).message:find("did you mean 'alias/golden'?", 1, true))
    local elsewhere = "arn:aws:kms:eu-west-1:000000000001:key/00000000-0000-4000-8000-000000000004"
    assert.equal("WrongRegion", copy({ name = "abc", key = elsewhere }).code)
  end)
  it("a key that is pending deletion", function()
    local made = here.call("kms", "CreateKey", { description = "spec" }).key_metadata
    here.call("kms", "ScheduleKeyDeletion", { key_id = made.key_id, pending_window_in_days = 7 })
    assert.truthy(copy({ name = "abc", key = made.arn }).message:find("pending deletion", 1, true))
  end)
  it("a name that is taken, or not allowed", function()
    assert.equal("InvalidAMIName.Duplicate", copy({ name = "golden-2026-11" }).code)
    assert.truthy(copy({ name = "a" }).message:find("not allowed", 1, true))
  end)
  it("another partition", function()
    assert.truthy(copy({ name = "abc", region = "us-gov-west-1" }).message:find("another partition", 1, true))
  end)
  it("an unknown id and a field that is none", function()
    local err = support.failure(function() return here.image "ami-0b000000000000009" end)
    assert.equal("InvalidAMIID.NotFound", err.code)
    assert.truthy(support.failure(function() return source.nmae end).message:find("did you mean 'name'?", 1, true))
  end)
end)

describe("late failures", function()
  local here = support.session()
  it("say which snapshot, which key, and what to do", function()
    local made = here.call("kms", "CreateKey", { description = "spec" }).key_metadata
    local answer = here.call("ec2", "CopyImage", { name = support.name "spec-late", source_region = "us-east-1",
      source_image_id = "ami-0a000000000000002", encrypted = true, kms_key_id = "alias/nothing-of-that-name" })
    local err = support.failure(function() return here.image(answer.image_id):wait() end)
    assert.equal("failed", err.kind)
    assert.truthy(err.message:find("Copy image failed with an internal error", 1, true))
    assert.truthy(err.message:find("Given key ID is not accessible", 1, true))
    assert.truthy(err.message:find("deregister", 1, true))
    assert.truthy(made.arn)
  end)
end)
