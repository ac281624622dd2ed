local lunami = require "lunami"
local support = require "support"

describe("tasks", function()
  it("each keeps the list's order whoever is first", function()
    local results = lunami.each({ 0.03, 0.01, 0.02 }, function(seconds)
      lunami.sleep(seconds)
      return seconds
    end)
    assert.same({ 0.03, 0.01, 0.02 }, results)
  end)

  it("at_once bounds how many run side by side", function()
    local running, most = 0, 0
    lunami.each({ 1, 2, 3, 4, 5 }, function()
      running = running + 1
      most = math.max(most, running)
      lunami.sleep(0.002)
      running = running - 1
    end, { at_once = 2 })
    assert.equal(2, most)
  end)

  it("the first failure cancels the rest and is raised", function()
    local ended = false
    local err = support.failure(lunami.each, { "a", "b" }, function(which)
      if which == "a" then error("broken") end
      lunami.sleep(30)
      ended = true
    end)
    assert.truthy(tostring(err):find("broken", 1, true))
    assert.equal(false, ended)
  end)

  it("keep_going lets the others end and reports all failures", function()
    local ended = 0
    local err = support.failure(lunami.each, { 1, 2, 3 }, function(n)
      if n < 3 then error("broken " .. n) end
      lunami.sleep(0.005)
      ended = ended + 1
    end, { keep_going = true })
    assert.equal(1, ended)
    assert.equal(1, #err.also)
  end)

  it("all runs functions by name", function()
    local results = lunami.all { one = function() return 1 end, two = function() lunami.sleep(0.001) return 2 end }
    assert.same({ one = 1, two = 2 }, results)
  end)

  it("try returns nil and the error object", function()
    local value, err = lunami.try(function() error("no", 0) end)
    assert.is_nil(value)
    assert.equal("no", err.message)
    assert.equal(7, lunami.try(function() return 7 end))
  end)

  it("a task returns as many values as its function, nils and none, too", function()
    local function count(...) return select("#", ...) end
    assert.equal(1, count(lunami.pcall(function() end)))
    assert.equal(1, count(lunami.pcall(function() lunami.sleep(0.001) end)))
    assert.equal(4, count(lunami.pcall(function() return nil, 2, nil end)))
    assert.same({ true, "lunami.park" }, { lunami.pcall(function() return "lunami.park" end) })
  end)

  it("a coroutine of the caller's own may wait, too", function()
    local co = coroutine.wrap(function()
      lunami.sleep(0.001)
      coroutine.yield "between"
      return "end"
    end)
    assert.equal("between", co())
    assert.equal("end", co())
  end)

  it("ten thousand sleeping tasks are ordinary", function()
    local list = {}
    for i = 1, 10000 do list[i] = i end
    local sum = 0
    lunami.each(list, function(n)
      lunami.sleep(0.01)
      sum = sum + n
    end)
    assert.equal(50005000, sum)
  end)

  it("more calls at once than exchanges are under way: they wait for their turn", function()
    local here, list = support.session(), {}
    for i = 1, 700 do list[i] = i end
    local regions = lunami.each(list, function()
      return here.call("ec2", "DescribeRegions", { region_names = { "us-east-1" } }).regions[1].region_name
    end)
    assert.equal(700, #regions)
    assert.equal("us-east-1", regions[700])
  end)

  it("what many ask at the same time is asked once", function()
    local here, list = support.session(), {}
    for i = 1, 30 do list[i] = support.name "spec-asked" end
    local copies = lunami.each(list, function(name)
      return here.image("ami-0a000000000000003"):copy { name = name, key = "alias/golden" }
    end)
    lunami.each(copies, function(copy) copy:wait() end)
    local seen = {}
    for i, copy in ipairs(copies) do
      assert.equal(list[i], copy.name)
      assert.equal("available", copy.state)
      assert.is_nil(seen[copy.id])
      seen[copy.id] = true
      copy:deregister { snapshots = true }
    end
  end)

  it("an error that many are told is blamed on the place of each", function()
    local here = support.session()
    local failures = lunami.each({ 1, 2 }, function(n)
      local _, failure
      if n == 1 then
        _, failure = lunami.try(function() return here.key("alias/nobody") end)
      else
        _, failure = lunami.try(function()
          return here.key("alias/nobody")
        end)
      end
      return failure
    end)
    assert.equal("NotFound", failures[1].code)
    assert.equal("NotFound", failures[2].code)
    assert.are_not.equal(failures[1], failures[2])
    assert.truthy(failures[1].where ~= failures[2].where, failures[1].where .. failures[2].where)
  end)

  it("a task that is cancelled does not take away what others asked with it", function()
    local here = support.session()
    local a, b = here.image("ami-0a000000000000001"), here.image("ami-0a000000000000002")
    local name
    local err = support.failure(lunami.all, {
      a = function() a:refresh() end,
      b = function() name = lunami.pcall(b.refresh, b) and b.name end,
      c = function() -- in the same step as those two have asked
        lunami.pcall(lunami.all, { x = function() a:refresh() end, y = function() error("stop", 0) end })
        error("the end", 0)
      end,
    }, { keep_going = true })
    assert.equal("the end", err.message)
    assert.equal("golden-2026-11", name)
  end)
end)
