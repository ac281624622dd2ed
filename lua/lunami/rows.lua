--- What help, completion and the reference read of the verbs' and nouns' rows.
local check = require "lunami.check"
local find = require "lunami.find"
local noun = require "lunami.noun"
local verb = require "lunami.verb"

local M = {}

--- The nouns, in the order in which they are told.
M.NOUNS = { "image", "snapshot", "volume", "instance", "key" }

--- The services whose actions call knows.
M.SERVICES = { "ec2", "ebs", "iam", "kms", "sts" }

local loaded = false

--- Load every noun and verb: what a short run does not need.
function M.load()
  if loaded then return end
  loaded = true
  for _, name in ipairs(M.NOUNS) do require("lunami." .. name) end
  require "lunami.account"
  verb.load_all()
end

--- The rows of a noun: words first (image.register), then verbs, by name.
function M.of(name)
  M.load()
  local list = {}
  for _, row in ipairs(verb.rows) do
    if row.noun == name then list[#list + 1] = row end
  end
  table.sort(list, function(a, b)
    if (a.word or false) ~= (b.word or false) then return a.word or false end
    return (a.verb or "") < (b.verb or "")
  end)
  return list
end

--- The row called "image.copy", "account" …, or nil.
function M.named(name)
  M.load()
  for _, row in ipairs(verb.rows) do
    if row.name == name then return row end
  end
end

--- Fields of a class's objects: { name =, help =, kind = as AWS tells it, or nil for a worked-out one }.
function M.fields(class)
  local list = { { name = "id", help = "the same as `" .. class.id_field .. "`" } }
  for _, member in ipairs(class.row_fields()) do
    if not class.fields[member.name] then list[#list + 1] = { name = member.name, help = "", kind = member.kind } end
  end
  for _, name in ipairs(check.sorted_keys(class.fields)) do
    list[#list + 1] = { name = name, help = class.fields[name].help }
  end
  return list
end

--- What a class's noun can be called with: {name = {type =, help =}}.
function M.look_up(class)
  return class.look_up or find.options(class)
end

--- What can be said in the table that an option's value, or an item of it, is: {name = option}; nil for none.
function M.inside(option)
  if not option.members then return nil end
  local spec = {}
  for _, member in ipairs(option.members) do spec[member.name] = verb.option(member) end
  return spec
end

--- A type as people read it.
function M.type(kind) return (kind:gsub("userdata", "object"):gsub("|", " or ")) end

--- Options as they are listed: { name =, also = AWS's longer name or nil, type =, help =, required = }.
function M.options(spec)
  local list = {}
  for _, name in ipairs(check.sorted_keys(spec)) do
    local option = spec[name]
    if not option.long then -- the short name stands for it
      list[#list + 1] = { name = name, also = option.member ~= name and option.member or nil,
        type = M.type(option.type), help = option.help or "", required = option.required }
    end
  end
  return list
end

-- "available, pending, failed or disabled" as a list; nil when the text is no list of words.
local function listed(help)
  local words, others = {}, 0
  for part in (help:gsub(" or ", ", ") .. ", "):gmatch("(.-), ") do
    local word = part:gsub(" %b()$", ""):gsub(" …$", "")
    if word:find("^[%w._-]+$") then
      words[#words + 1] = word
    else
      others = others + 1
    end
  end
  return #words >= 2 and others <= 1 and words or nil
end

-- "io1|io2|gp3" as a list.
local function words_of(allowed)
  local words = {}
  for word in allowed:gmatch("[^|]+") do words[#words + 1] = word end
  return words
end

--- The values that an option takes, as far as its row lists them; nil for any.
function M.values(option)
  if option.allowed then return words_of(option.allowed) end
  if not option.type:find("string") then return nil end
  return option.help and listed(option.help) or nil
end

--- The name of the noun that a verb returns an object of, or nil.
function M.returned(row)
  if row.returns == "itself" or row.returns == "the copy" then return row.noun end
  local name = row.returns and row.returns:match("^the (%a+)$")
  return noun.classes[name] and name or nil
end

return M
