-- Launch an image whose snapshots are encrypted: its volumes are under the same keys, unless --key names another.
-- The instance goes when the recipe ends.
recipe { summary = "Launch an image and show its volumes' encryption", args = {
  image = { help = "image to launch", default = "ami-0a000000000000003" },
  key = { help = "another key for its volumes" } } }
local box = scratch(image(arg.image):launch { type = "t3.micro", key = arg.key }):wait()
return volumes { instance = box.id }
