-- Encrypt every new volume and snapshot copy of these regions by default, and check that it is so.
recipe { summary = "Set and check encryption by default", args = {
  key = { help = "default key of each region", default = "alias/golden" },
  regions = { help = "where", type = "list", default = { "us-east-1", "eu-west-1" } } } }
return each(arg.regions, function(region)
  return account { region = region }:set { encryption_by_default = true, default_key = arg.key }
end)
