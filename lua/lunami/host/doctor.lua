--- lunami doctor: what stands between a recipe and its account, each thing with its remedy.
local arguments = require "lunami.host.arguments"
local core = require "lunami.core"
local json = require "lunami.host.json"
local lunami = require "lunami"
local target = require "lunami.host.target"
local task = require "lunami.task"

local M = {}

M.rows = target.with {
  ["--json"] = { key = "json", help = "the same as one line of JSON" },
}

local SKEW_S = 240 -- AWS refuses signatures that are older than five minutes

-- A finding: what was looked at, whether it is well, what was seen, and what to do if it is not.
local function finding(list, name, ok, seen, remedy)
  list[#list + 1] = { name = name, ok = ok, seen = tostring(seen), remedy = not ok and remedy or nil }
end

local function look_at_libraries(list)
  local about = core.about()
  finding(list, "libraries", true, ("%s; libxml2 %s; %s"):format(about.libcurl, about.libxml2, about.openssl))
  finding(list, "FIPS", true, about.fips and "OpenSSL uses FIPS-approved algorithms by default"
    or "OpenSSL's default provider, not its FIPS one; endpoints: AWS_USE_FIPS_ENDPOINT=true")
end

local function look_at_credentials(list, session)
  local native = session.native
  local ready, failure = session:ready()
  if not ready then
    finding(list, "credentials", false, failure.message, "lunami run --local needs none; else see what it says")
    return false
  end
  local exposed = core.exposed()
  if exposed then
    finding(list, "files", false, exposed .. " may be read by others on this machine", "chmod 600 " .. exposed)
  end
  local expires = native:expires()
  finding(list, "credentials", true, ("%s, profile %s%s"):format(native:source(), native:profile(),
    expires and os.date("!, until %Y-%m-%d %H:%M UTC", math.floor(expires)) or ""))
  return true
end

local function look_at_region(list, session)
  local set = session.region ~= ""
  finding(list, "region", set, set and session.region or "none", "say --region, AWS_REGION, or region = in the profile")
  return set
end

local function look_at_way(list, session)
  local way, failure = core.way(session.native, "ec2")
  finding(list, "endpoint", way ~= nil, way and way.endpoint or failure.message, "correct the setting that it names")
  if not way then return false end
  finding(list, "CA", true, way.trust ~= "" and way.trust or "as libcurl was built")
  local proxy = os.getenv("HTTPS_PROXY") or os.getenv("https_proxy")
  if proxy then finding(list, "proxy", true, (proxy:gsub("//[^/@]*@", "//…@"))) end
  return true
end

-- One call tells who we are, whether the service can be reached, and what time it has there.
local function look_at_service(list, session)
  local answer, failure = session:try("sts", "GetCallerIdentity")
  finding(list, "identity", answer ~= nil, answer and ("account %s, %s"):format(answer.account, answer.arn)
    or failure.message, failure and failure.kind == "network" and "check the network, HTTPS_PROXY and AWS_CA_BUNDLE"
    or "log in again, or correct the profile's keys")
  local way = core.way(session.native, "sts")
  local apart = way and way.skew and math.floor(math.abs(way.skew) + 0.5)
  if apart then
    finding(list, "clock", apart < SKEW_S, apart .. " s from the service's",
      "set it (timedatectl set-ntp true); meanwhile lunami signs by the service's clock")
  end
  if not answer then return end
  answer, failure = session:try("ec2", "DescribeRegions", {})
  local denied = failure and failure.status == 403
  finding(list, "EC2", answer ~= nil or denied, answer and "answers" or failure.message,
    "check the region's name and that it is enabled in this account")
end

local function look(list)
  look_at_libraries(list)
  local session = lunami.default_session()
  local region = look_at_region(list, session)
  local credentials = look_at_credentials(list, session)
  if region and look_at_way(list, session) and credentials then look_at_service(list, session) end
end

local function print_text(list)
  for _, one in ipairs(list) do
    print(("%-5s %-12s %s"):format(one.ok and "ok" or "FAIL", one.name, core.escape(one.seen)))
    if one.remedy then print(("%-18s -> %s"):format("", core.escape(one.remedy))) end
  end
end

--- Look at everything; returns the exit status: 0 when all is well, 1 otherwise.
function M.command(argv, from)
  local options, at = arguments.read(argv, from, M.rows)
  if argv[at] then arguments.fail("unexpected argument '%s'", argv[at]) end
  target.check(options)
  local cloud = target.open(options)
  local list, well = {}, true
  local ok, failure = task.protect(look, list)
  if not ok then finding(list, "settings", false, failure.message or failure, "correct what it names") end
  for _, one in ipairs(list) do well = well and one.ok end
  if options.json then
    print(json.encode { ok = well, findings = list })
  else
    print_text(list)
  end
  if cloud then cloud:stop() end
  return well and 0 or 1
end

return M
