--- lunami doctor: what stands between a recipe and its account, each thing with its remedy.
local arguments = require "lunami.host.arguments"
local core = require "lunami.core"
local err = require "lunami.err"
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

-- What to do about a failure: by its code, by what it says, or by the way to the service.
local remedies = {
  NotTrusted = "name the CA that the service or a proxy is signed by: AWS_CA_BUNDLE, or ca_bundle in the profile",
  ProxyRefused = "correct HTTPS_PROXY as your network's people say",
  SignatureDoesNotMatch = "the secret is not that of the key id: correct AWS_SECRET_ACCESS_KEY, or the profile's keys",
  InvalidClientTokenId = "correct the keys, or the region: keys of one partition are unknown in another (aws-us-gov)",
  ExpiredToken = "get new credentials, or log in again",
  OptInRequired = "enable the region in this account, or choose another",
}
remedies.AuthFailure = remedies.InvalidClientTokenId
remedies.UnrecognizedClientException = remedies.InvalidClientTokenId

local function proxy_set()
  return os.getenv("HTTPS_PROXY") or os.getenv("https_proxy")
end

local function network_remedy(way)
  return way and way.custom
      and "does a server run there? It is named by --endpoint-url, AWS_ENDPOINT_URL or endpoint_url in the profile"
    or proxy_set() and "check HTTPS_PROXY: all requests go through it, but those to what NO_PROXY names"
    or "check the region's name and the network; where only a proxy leads out, name it in HTTPS_PROXY"
end

local function credentials_remedy(said)
  if said:find("^no credentials found") then
    return "name a profile (--profile, AWS_PROFILE), log in (aws sso login), or set AWS_ACCESS_KEY_ID and "
      .. "AWS_SECRET_ACCESS_KEY"
  elseif said:find("^there is no profile") then
    return "name one that is there (--profile, AWS_PROFILE), or add it: aws configure --profile NAME"
  end
  return said:match("aws sso login %-%-profile %S+")
end

local function remedy_of(failure, way)
  return remedies[failure.code] or credentials_remedy(failure.message)
    or failure.kind == "network" and network_remedy(way) or "correct what it names"
end

local function look_at_libraries(list)
  local about = core.about()
  finding(list, "libraries", true,
    ("%s; libxml2 %s; %s"):format(about.libcurl:match("^%S+"), about.libxml2, about.openssl))
end

local function look_at_fips(list, way)
  finding(list, "FIPS", true, (core.about().fips and "OpenSSL uses FIPS-approved algorithms by default"
    or "OpenSSL uses its default provider, not its FIPS one") .. "; "
    .. (way.fips and "the endpoints are FIPS endpoints"
      or "the endpoints are not chosen for FIPS (AWS_USE_FIPS_ENDPOINT=true does)"))
end

local function look_at_credentials(list, session)
  local native = session.native
  local ready, failure = session:ready()
  if not ready then
    finding(list, "credentials", false, failure.message, remedy_of(failure))
    return false
  end
  local exposed = core.exposed()
  if exposed then
    finding(list, "files", false, exposed .. " may be read by others on this machine", "chmod 600 " .. exposed)
  end
  local expires, source = native:expires(), native:source()
  if not source:find("profile ", 1, true) then source = source .. "; settings of profile " .. native:profile() end
  finding(list, "credentials", true, source
    .. (expires and os.date("!, until %Y-%m-%d %H:%M UTC", math.floor(expires)) or ""))
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
  look_at_fips(list, way)
  local trust = way.trust == "" and "as libcurl was built" or way.trust
  finding(list, "CA", way.distrust == nil, trust .. (way.distrust and " " .. way.distrust or ""),
    "correct AWS_CA_BUNDLE, or ca_bundle in the profile")
  local proxy = proxy_set()
  if proxy then finding(list, "proxy", true, (proxy:gsub("//[^/@]*@", "//…@"))) end
  return true
end

local function look_at_clock(list, way)
  if not (way and way.skew) then return end
  local apart = math.floor(math.abs(way.skew) + 0.5)
  local side = way.skew > 0 and "behind" or "ahead of"
  finding(list, "clock", apart < SKEW_S, ("%d s %s the service's"):format(apart, side),
    "set it (timedatectl set-ntp true); meanwhile lunami signs by the service's clock")
end

-- One call tells who we are, whether the service can be reached, and what time it has there.
local function look_at_service(list, session)
  local answer, failure = session:try("sts", "GetCallerIdentity")
  local way = core.way(session.native, "sts")
  finding(list, "identity", answer ~= nil, answer and ("account %s, %s"):format(answer.account, answer.arn)
    or failure.message, failure and remedy_of(failure, way))
  look_at_clock(list, way)
  if not answer then return end
  answer, failure = session:try("ec2", "DescribeRegions", {})
  local denied = failure and failure.status == 403
  finding(list, "EC2", answer ~= nil or denied, answer and "answers" or failure.message,
    failure and remedy_of(failure, core.way(session.native, "ec2")))
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
  if not ok then
    failure = err.wrap(failure)
    local name = failure.code == "Credentials" and "credentials" or "settings"
    finding(list, name, false, failure.message, remedy_of(failure))
  end
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
