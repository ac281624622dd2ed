-- Copy your newest golden image, every snapshot encrypted: under your own key, or --key default.
recipe { summary = "Encrypt the newest golden image while copying it", args = {
  name = { help = "name of the image", default = "golden-*" },
  key = { help = "alias, key id, ARN or default", default = "alias/golden" } } }
local golden = image { name = arg.name, owner = "self", newest = true }
return golden:copy { name = golden.name .. "-encrypted", key = arg.key }
