--- What the prompt says before the line: on which account and where the line will work.
local lunami = require "lunami"
local task = require "lunami.task"
local text = require "lunami.text"

local M = {}

local account -- once it is known: its alias, or its number

--- The account, where it is known without asking.
function M.is(id) account = id end

-- IAM may not be asked by everyone, and not every account has an alias.
local function alias()
  local answer = lunami.default_session():try("iam", "ListAccountAliases")
  return answer and answer.account_aliases and answer.account_aliases[1]
end

--- Ask for the account and its alias in the background; changed() is called as they are known. Without credentials
-- the prompt says so, and the first line that needs them says the remedy.
function M.ask(changed)
  local function ask(question, otherwise)
    local ok, name = task.protect(question)
    name = ok and name or otherwise
    if not name or name == account then return ok end
    account = name
    changed()
    return ok
  end
  task.spawn(function()
    local known = ask(function() return lunami.default_session():account() end, "no account")
    if known then ask(alias) end
  end)
end

-- "local 000000000001 us-east-1", and whether that is no real account.
local function place()
  local ok, session = pcall(lunami.default_session)
  if not ok then return "no account", "", false end
  local region = session.region ~= "" and session.region or "no region"
  return account or "?", region, session:is_local()
end

--- The parts of the prompt; columns of the terminal decide how much is said.
function M.prompt(how)
  local id, region, is_local = place()
  local narrow = (how.columns or 80) < 60
  local who = is_local and "local" or id
  if is_local and not narrow then who = "local " .. id end
  local where = region ~= "" and " " .. region or ""
  if not how.colour then return ("%s%s> "):format(who, where) end
  return ("\1\27[%sm\1%s\1\27[0m\1%s> "):format(is_local and "32" or "1;33", who, where)
end

--- The prompt of a line that goes on.
function M.more(prompt)
  local width = text.width((prompt:gsub("\1[^\1]*\1", "")))
  return (" "):rep(width - 3) .. ".. "
end


return M
