local core = require "lunami.core"
local lunami = require "lunami"
local support = require "support"

describe("the core", function()
  it("text from outside cannot reach the terminal raw", function()
    assert.equal("a\\u{1B}[31mb\\u{202E}\\xFF", core.escape("a\27[31mb\226\128\174\255"))
  end)

  it("rows describe actions", function()
    local row = core.row("ec2", "CopyImage")
    assert.equal(true, row.mutates)
    local names = {}
    for _, member in ipairs(row.input) do names[member.name] = member end
    assert.equal("SourceImageId", names.source_image_id.wire)
    assert.equal(true, names.source_image_id.required)
  end)

  it("input is checked against the row", function()
    local here = support.session()
    local err = support.failure(here.call, "ec2", "DescribeImages", { imageids = {} })
    assert.truthy(err.message:find("unknown field 'imageids'", 1, true))
    err = support.failure(here.call, "ec2", "CreateVolume", { size = "8", availability_zone = "us-east-1a" })
    assert.truthy(err.message:find("'size' must be a integer, got string", 1, true))
    err = support.failure(here.call, "ec2", "CreateVolume", { size = 8.5, availability_zone = "us-east-1a" })
    assert.truthy(err.message:find("whole number", 1, true))
  end)

  it("service errors carry AWS's code and the request id", function()
    local err = support.failure(support.session().call, "ec2", "DescribeImages", { image_ids = { "ami-0b0" } })
    assert.equal("InvalidAMIID.NotFound", err.code)
    assert.equal("service", err.kind)
    assert.equal(400, err.status)
    assert.truthy(err.request_id:find("^%x+%-%x+"))
  end)

  it("credentials that the cloud did not give are refused, and never shown", function()
    local wrong = lunami.session { endpoint_url = os.getenv "LUNAMI_URL", region = "us-east-1",
      access_key_id = "LOCAL000000000001", secret_access_key = "not-the-secret" }
    local err = support.failure(wrong.call, "ec2", "DescribeImages", {})
    assert.equal("AuthFailure", err.code)
    assert.is_nil(tostring(err):find("not-the-secret", 1, true))
    assert.equal("UnrecognizedClientException", support.failure(function()
      return lunami.session { endpoint_url = os.getenv "LUNAMI_URL", region = "us-east-1",
        access_key_id = "SOMEBODY", secret_access_key = "x" }.call("kms", "ListKeys", {})
    end).code)
  end)

  it("plain HTTP goes to loopback only", function()
    local far = lunami.session { endpoint_url = "http://example.com", region = "us-east-1",
      access_key_id = "A", secret_access_key = "b" }
    assert.truthy(support.failure(far.call, "ec2", "DescribeImages", {}).message:find("loopback", 1, true))
  end)

  it("accounts see nothing of one another", function()
    local other = support.session("us-east-1", "000000000002")
    assert.equal(0, #other.images {})
    assert.equal("000000000002", other.account().id)
    local err = support.failure(other.call, "ec2", "CopyImage", { name = "abc", source_region = "us-east-1",
      source_image_id = "ami-0a000000000000002" })
    assert.equal("InvalidAMIID.NotFound", err.code)
  end)

  it("the loop can be a guest of another one", function()
    assert.equal("number", type(core.pending()))
    local operation = core.sleep(0)
    assert.equal("number", type(core.timeout()))
    while not operation:done() do core.step(0.1) end
    assert.equal(true, (operation:result()))
  end)

  it("another loop waits on the descriptor and steps", function()
    local fd = core.pollfd()
    assert.truthy(fd and fd >= 0)
    assert.equal(fd, core.pollfd())
    local here = support.session()
    assert.equal("ami-0a000000000000002", here.image("ami-0a000000000000002").id)
    local operation = core.sleep(0.01)
    local rounds = 0
    while not operation:done() do
      assert(core.timeout() <= 0.011)
      core.step(core.timeout()) -- a real loop polls the descriptor so long
      rounds = rounds + 1
    end
    assert.truthy(rounds < 20)
    while core.next() do end
    assert.is_nil(core.timeout())
  end)

  it("what is dropped is not cancelled, what is closed is", function()
    local operation = core.sleep(60)
    operation:close()
    operation:close()
    local ok, err = operation:result()
    assert.is_nil(ok)
    assert.equal("canceled", err.kind)
  end)
end)

describe("volumes and snapshots", function()
  local here = support.session()
  it("a volume under a key, its snapshot under the same", function()
    local volume = here.volume.create { zone = "us-east-1a", size = 1, key = "alias/two" }:wait()
    assert.equal(here.key("alias/two").arn, volume.kms_key_id)
    local snapshot = volume:snapshot { description = "spec" }:wait()
    assert.equal("completed", snapshot.state)
    assert.equal(volume.kms_key_id, snapshot.kms_key_id)
    snapshot:delete()
  end)
  it("a volume under a bad key vanishes", function()
    local answer = here.call("ec2", "CreateVolume", { availability_zone = "us-east-1a", size = 1, encrypted = true,
      kms_key_id = "alias/retired" })
    local err = support.failure(here.call, "ec2", "DescribeVolumes", { volume_ids = { answer.volume_id } })
    assert.equal("InvalidVolume.NotFound", err.code)
  end)
  it("a snapshot in use cannot be deleted", function()
    local err = support.failure(function() here.snapshot("snap-0a000000000000003"):delete() end)
    assert.equal("InvalidSnapshot.InUse", err.code)
  end)
end)
