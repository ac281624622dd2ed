-- Re-encrypt an image under each region's own key, all regions side by side.
recipe { summary = "Re-encrypt an image under another key, in many regions", args = {
  image = { help = "image to copy", default = "ami-0a000000000000003" },
  key = { help = "a key of each region", default = "alias/two" },
  regions = { help = "where", type = "list", default = { "us-east-1", "eu-west-1" } } } }
return each(arg.regions, function(region)
  return image(arg.image):copy { name = "web-reencrypted", region = region, key = arg.key } end)
