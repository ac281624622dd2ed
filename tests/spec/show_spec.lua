local core = require "lunami.core"
local noun = require "lunami.noun"
local show = require "lunami.show"
local support = require "support"
local text = require "lunami.text"

local function lines(shown)
  local list = {}
  for one in (shown .. "\n"):gmatch("([^\n]*)\n") do list[#list + 1] = one end
  return list
end

describe("text for people", function()
  it("knows how wide it is on a terminal", function()
    assert.equal(3, text.width "abc")
    assert.equal(4, text.width "caf\195\169")
    assert.equal(4, text.width "\230\151\165\230\156\172") -- two wide ones
    assert.equal(1, text.width "e\204\129") -- a combining accent
    assert.equal(3, text.width "\27[31mred\27[0m")
  end)
  it("is cut to columns, never inside a character", function()
    assert.equal("abcdef", text.cut("abcdef", 6, "..."))
    assert.equal("ab...", text.cut("abcdef", 5, "..."))
    assert.equal("\230\151\165\226\128\166", text.cut("\230\151\165\230\156\172\232\170\158", 4, "\226\128\166"))
    assert.equal("", text.cut("abcdef", 2, "..."))
  end)
  it("says ages, sizes and counts as one does", function()
    assert.equal("just now", text.age("2026-01-01T00:00:00Z", core.date "2026-01-01T00:00:01Z"))
    assert.equal("3 days ago", text.age("2026-01-01T00:00:00Z", core.date "2026-01-04T01:00:00Z"))
    assert.equal("in 2 hours", text.age("2026-01-01T02:00:00Z", core.date "2026-01-01T00:00:00Z"))
    assert.equal("26h", text.short_age("2026-01-01T00:00:00Z", core.date "2026-01-02T02:00:00Z"))
    assert.equal("2mo", text.short_age("2026-01-01T00:00:00Z", core.date "2026-03-05T00:00:00Z"))
    assert.is_nil(text.age("no date", 0))
    assert.equal("8 GiB", text.size(8))
    assert.equal("1.5 TiB", text.size(1536))
    assert.equal("2 TiB", text.size(2048))
    assert.equal("1 image", text.count(1, "image"))
    assert.equal("1,234,567 images", text.count(1234567, "image"))
    assert.equal("123 images", text.count(123, "image"))
  end)
  it("is escaped, to ASCII where nothing else is shown", function()
    assert.equal("\\u{1B}[2Jcaf\195\169", text.escape "\27[2Jcaf\195\169")
    assert.equal("caf\\u{E9}", text.escape("caf\195\169", true))
  end)
end)

describe("values at the prompt", function()
  local cloud = support.session()
  local start = core.start
  before_each(function() core.start = start end)
  -- From here on whatever sends something fails.
  local function silent()
    core.start = function() error "printing sent something" end
  end

  it("an image is a card with its devices", function()
    local image = cloud.image "ami-0a000000000000004"
    silent()
    local shown = show.value(image, { now = core.now() })
    assert.truthy(shown:find("ami-0a000000000000004  mixed  available  us-east-1", 1, true))
    assert.truthy(shown:find("kind         x86_64, 18 GiB", 1, true))
    assert.truthy(shown:find("/dev/sdf   snap-0a000000000000007  10 GiB  yes", 1, true))
    assert.truthy(shown:find "made  +%d%d%d%d%-%d%d%-%d%d %d%d:%d%d UTC %(%d+ days ago%)")
  end)
  it("a list is a table with a count, cut to the terminal", function()
    local list = cloud.images { owner = "self" }
    silent()
    for _, columns in ipairs { 30, 60, 80, 200 } do
      local shown = lines(show.value(list, { now = core.now(), columns = columns, rows = 24, colour = true }))
      assert.equal(#list + 2 <= 22 and #list + 2 or 22, #shown)
      for _, one in ipairs(shown) do assert.is_true(text.width(one) <= columns or one:find("images") ~= nil) end
    end
    local plain = lines(show.value(list, { now = core.now() }))
    assert.equal(("%d images"):format(#list), plain[#plain])
    assert.truthy(plain[1]:find "^IMAGE +NAME +STATE")
  end)
  it("a long list shows its beginning and how many there are", function()
    local list = {}
    for i = 1, 50 do
      list[i] = noun.classes.image.new({ region = "us-east-1" }, { image_id = "ami-" .. i, name = "n" .. i })
    end
    silent()
    local shown = lines(show.value(list, { now = 0, columns = 80, rows = 24, ascii = true }))
    assert.equal(22, #shown)
    assert.equal("... 30 more; 50 images in all: show(_) prints them", shown[22])
  end)
  it("every kind of thing has a card and a table that send nothing", function()
    local made = {}
    for _, several in ipairs { "snapshots", "volumes", "instances", "keys", "images" } do
      made[several] = cloud[several] {}
    end
    silent()
    for several, list in pairs(made) do
      assert.truthy(show.value(list, { now = core.now(), columns = 80 }), several)
      assert.truthy(show.value(list[1], { now = core.now(), columns = 80 }):find(list[1].id, 1, true))
    end
  end)
  it("an empty list says of what", function()
    assert.equal("no images", show.value(cloud.images { name = "there-is-none" }, {}))
    assert.equal("{}", show.value({}, {}))
  end)
  it("names cannot move the cursor", function()
    local evil = noun.classes.image.new({ region = "us-east-1" }, { image_id = "ami-1", name = "\27[2J\nx" })
    local shown = show.value(evil, { now = 0 })
    assert.is_nil(shown:find "\27")
    assert.truthy(shown:find("\\u{1B}[2J\\u{A}x", 1, true))
    assert.is_nil(show.value({ ["\27]0;x"] = "\27" }, {}):find "\27")
  end)
  it("other values are as Lua writes them", function()
    assert.is_nil(show.value(nil, {}))
    assert.equal('{ 1, "two", a = { b = true } }', show.value({ 1, "two", a = { b = true } }, {}))
    assert.equal("one\ntwo", show.value("one\ntwo", {}))
    assert.equal("42", show.value(42, {}))
    local loop = {}
    loop.again = loop
    assert.truthy(show.value(loop, {}):find("again", 1, true))
  end)
  it("answers are trees of what was told", function()
    local answer = cloud.call("ec2", "DescribeRegions", { region_names = { "us-east-1" } })
    local shown = show.value(answer, { columns = 200 })
    assert.truthy(shown:find('region_name = "us-east-1"', 1, true))
  end)
end)
