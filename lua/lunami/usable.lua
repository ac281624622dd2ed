--- key:usable(): what is proved, predicted or unknown about using a key for EBS, and why.
--
-- Proved: KMS itself was asked (a description, a dry run). Predicted: it follows from who owns the key
-- and its policy, but nobody was asked. Unknown: nothing that may be read tells.
local core = require "lunami.core"
local key = require "lunami.key"
local noun = require "lunami.noun"
local verb = require "lunami.verb"

local M = {}

local Usable = {}
Usable.__index = Usable

function Usable:__tostring()
  local said = self.ok and "usable by EBS" or self.ok == false and "NOT usable by EBS" or "perhaps usable by EBS"
  local lines = { ("%s: %s (%s)"):format(self.key, said, self.verdict) }
  for _, one in ipairs(self.checks) do
    lines[#lines + 1] = ("  %-9s %-66s %s"):format(one.verdict, one.what, one.why)
  end
  return core.escape(lines[1]) .. (#lines > 1 and "\n" .. table.concat(lines, "\n", 2) or "")
end

local function describe_check(self)
  local answer, failure = self._session:try("kms", "DescribeKey", { key_id = self.arn })
  if not answer then
    return { what = "kms:DescribeKey", verdict = "proved", ok = false, why = failure.message }
  end
  core.renew("key", self, answer.key_metadata)
  return { what = "kms:DescribeKey", verdict = "proved", ok = true, why = "KMS described it" }
end

local function state_check(self)
  local reason = key.unusable(self, noun.state(self).alias or self.key_id, self.region)
  return { what = "an enabled symmetric encryption key", verdict = "proved", ok = reason == nil,
    why = reason or "it is " .. (self.key_state or "?") .. ", " .. (self.key_spec or "?") }
end

-- EC2 makes a grant for each volume: a dry run of one proves the permission and changes nothing.
local function grant_check(self)
  local account = self._session:account()
  local partition = self.arn:match("^arn:([^:]*):")
  local answer, failure = self._session:try("kms", "CreateGrant", { key_id = self.arn, dry_run = true,
    grantee_principal = ("arn:%s:iam::%s:root"):format(partition, account), operations = { "Decrypt" } })
  if answer or failure.code == "DryRunOperationException" then
    return { what = "kms:CreateGrant", verdict = "proved", ok = true, why = "a dry run would have succeeded" }
  end
  if failure.code == "AccessDeniedException" or failure.code == "DisabledException"
    or failure.code == "KMSInvalidStateException" then
    return { what = "kms:CreateGrant", verdict = "proved", ok = false, why = failure.message }
  end
  return { what = "kms:CreateGrant", verdict = "unknown", why = failure.message or failure.code }
end

local REST = "kms:Decrypt, GenerateDataKeyWithoutPlaintext, ReEncrypt*"

-- KMS has a dry run of these, too, but each needs something to work on: they are told from the policy.
local function rest_check(self)
  local account = self._session:account()
  if self.aws_account_id ~= account then
    return { what = REST, verdict = "unknown",
      why = ("the key is account %s's: its policy or a grant decides"):format(self.aws_account_id or "?") }
  end
  if self.key_manager == "AWS" then
    return { what = REST, verdict = "predicted", ok = true, why = "aws/ebs allows them to its account through EC2" }
  end
  local answer = self._session:try("kms", "GetKeyPolicy", { key_id = self.key_id, policy_name = "default" })
  local policy = answer and answer.policy
  if not policy then
    return { what = REST, verdict = "unknown", why = "its policy may not be read (kms:GetKeyPolicy)" }
  end
  if policy:find(":iam::" .. account .. ":root\"", 1, true) and policy:find("\"kms:*\"", 1, true) then
    return { what = REST, verdict = "predicted", ok = true,
      why = "its policy leaves them to your account's IAM policies" }
  end
  return { what = REST, verdict = "unknown", why = "its policy does not leave it to your account as a whole" }
end

local function conclude(self, checks)
  local ok, verdict = true, "proved"
  for _, one in ipairs(checks) do
    if one.ok == false then
      ok, verdict = false, one.verdict
      break
    end
    if one.verdict == "unknown" then ok = nil end
    if one.verdict == "unknown" or (one.verdict == "predicted" and verdict == "proved") then verdict = one.verdict end
  end
  return setmetatable({ key = noun.state(self).alias or self.key_id, ok = ok, verdict = verdict, checks = checks },
    Usable)
end

local row = {
  help = "what is proved, predicted or unknown about using it for EBS, and why",
  returns = "{ ok = true, false or nil, verdict =, checks = { { what =, verdict =, ok =, why = } } }",
  run = function(self)
    local checks = { describe_check(self) }
    if checks[1].ok then
      checks[2] = state_check(self)
      if self.key_manager ~= "AWS" then checks[3] = grant_check(self) end -- aws/ebs takes grants from EC2 only
      checks[#checks + 1] = rest_check(self)
    end
    return conclude(self, checks)
  end,
}

--- The verb usable of keys.
function M.add(class) verb.add(class, "usable", row) end

return M
