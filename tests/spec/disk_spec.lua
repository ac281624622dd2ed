-- Disk images into snapshots and images and out of them, in tasks and outside.
local core = require "lunami.core"
local lunami = require "lunami"
local support = require "support"

local BLOCK = 524288

-- A disk of so many blocks, each of one byte over and over; its name.
local function disk(...)
  local name = os.tmpname()
  local file = assert(io.open(name, "wb"))
  for _, byte in ipairs { ... } do file:write(string.char(byte):rep(BLOCK)) end
  file:close()
  return name
end

local function head(name, bytes)
  local file = assert(io.open(name, "rb"))
  local text = file:read(bytes)
  file:close()
  return text
end

describe("a disk image", function()
  local here = support.session()

  it("goes into a snapshot and comes back", function()
    local file = disk(65, 0, 66)
    local made = here.snapshot.upload { file = file, key = "alias/golden", tags = { team = "web" } }
    assert.equal("snapshot", made._class.name)
    assert.same({ true, "web" }, { made.encrypted, made.tags.team })
    made:wait()
    assert.equal("completed", made.state)
    local out = file .. ".out"
    assert.equal(out, made:download { file = out, parallel = 2 })
    assert.equal(head(file, 3 * BLOCK), head(out, 3 * BLOCK))
    local held = made:storage()
    assert.same({ 2 * BLOCK, 2 * BLOCK / 2 ^ 30 }, { held.full, held.gib_months })
    assert.equal(("%s holds 1 MiB: 0.000977 GiB-months each month"):format(made.id), tostring(held))
    os.remove(file)
    os.remove(out)
  end)

  it("goes over a parent", function()
    local old, new = disk(65, 65), disk(65, 66)
    local parent = here.snapshot.upload { file = old }
    local child = here.snapshot.upload { file = new, parent = parent }
    local difference = child:diff(parent)
    assert.same({ 1, BLOCK }, { difference.blocks, difference.bytes })
    assert.equal(("%s differs from %s in 1 block (512 KiB)"):format(child.id, parent.id), tostring(difference))
    assert.equal(0, child:diff(child.id).blocks)
    os.remove(old)
    os.remove(new)
  end)

  it("becomes an image, and its disks come back", function()
    local file, name = disk(67), support.name "disk"
    local function ask()
      return here.image.from_disk { file = file, name = name, key = "alias/two", architecture = "arm64" }
    end
    local image = ask():wait()
    assert.same({ true, "arm64", 1 }, { image.encrypted, image.architecture, #image.snapshots })
    local files = image:export_disk { dir = "/tmp" }
    assert.equal("/tmp/" .. image.id .. "-xvda.raw", files["/dev/xvda"])
    assert.equal(head(file, BLOCK), head(files["/dev/xvda"], BLOCK))
    assert.equal(BLOCK, image:storage().full)
    assert.equal(image.id, ask().id)
    os.remove(files["/dev/xvda"])
    os.remove(file)
  end)

  it("goes side by side in tasks, and a cancelled one can go on", function()
    local file = disk(68, 69)
    local regions = { "us-east-1", "eu-west-1" }
    local made = lunami.each(regions, function(region)
      return support.session(region).snapshot.upload { file = file }:wait()
    end)
    assert.same({ "us-east-1", "eu-west-1", "completed" }, { made[1].region, made[2].region, made[2].state })
    local failure = support.failure(lunami.all, {
      up = function() here.snapshot.upload { file = file, description = "cancelled" } end,
      other = function() error("on purpose", 0) end })
    assert.truthy(tostring(failure):find("on purpose", 1, true))
    assert.is_nil(core.transfers())
    assert.equal("cancelled", here.snapshot.upload { file = file, description = "cancelled" }:wait().description)
    os.remove(file)
  end)

  it("that is none is refused", function()
    local failure = support.failure(here.snapshot.upload, { file = "/nowhere" })
    assert.same({ "InputOutput", "snapshot.upload" }, { failure.code, failure.what })
    assert.truthy(failure.message:find("/nowhere: No such file", 1, true))
    failure = support.failure(here.snapshot.upload, { file = "/dev/null", parallel = 0 })
    assert.truthy(failure.message:find("whole number from 1 to 32", 1, true))
  end)
end)
