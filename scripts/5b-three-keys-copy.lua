-- The same without an instance: a copy of each snapshot under its own key, registered as one image.
recipe { summary = "Copy an image with a key for each device", args = {
  image = { help = "image to copy", default = "ami-0a000000000000006" },
  name = { help = "the copy's name", default = "three-keys" } } }
return image(arg.image):copy { name = arg.name,
  keys = { ["/dev/xvda"] = "alias/one", ["/dev/sdf"] = "alias/two", ["/dev/sdg"] = "alias/three" } }
