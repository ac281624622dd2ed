--- tag and untag of everything that EC2 tags.
local check = require "lunami.check"
local err = require "lunami.err"
local noun = require "lunami.noun"
local verb = require "lunami.verb"

local M = {}

local function names(what, given)
  if type(given) == "string" then return { { key = given } } end
  if type(given) ~= "table" or next(given) == nil then err.usage(what, "names of tags expected: { \"team\" }") end
  local list = {}
  for _, key in ipairs(check.sorted_keys(given)) do
    local value = given[key]
    list[#list + 1] = type(key) == "number" and { key = value } or { key = key, value = tostring(value) }
  end
  return list
end

function M.add(class)
  verb.add(class, "tag", {
    help = "write tags; a name in use gets the new value", positional = "{ name = \"value\" }", positional_table = true,
    returns = "itself",
    run = function(self, _, _, tags)
      if type(tags) ~= "table" or next(tags) == nil then
        err.usage(class.name .. ".tag", "a table of tags expected: { key = \"value\" }")
      end
      self._session:call("ec2", "CreateTags", { resources = { self.id }, tags = noun.tag_list(tags) })
      return self:refresh()
    end,
  })
  verb.add(class, "untag", {
    help = "take tags away", positional = "a name, a list of names, or { name = \"value\" }", positional_table = true,
    returns = "itself",
    run = function(self, _, _, given)
      self._session:call("ec2", "DeleteTags", { resources = { self.id }, tags = names(class.name .. ".untag", given) })
      return self:refresh()
    end,
  })
end

return M
