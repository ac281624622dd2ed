-- One image, three keys, by way of an instance, step by step as AWS's page has it: launch an image whose root is
-- under the first key, attach a volume under each other key, make an image of the instance.
recipe { summary = "Make an image with three keys by way of an instance", args = {
  image = { help = "its root is under the first key", default = "ami-0a000000000000003" },
  name = { help = "the image's name", default = "three-keys" } } }
local box = scratch(image(arg.image):launch { type = "t3.micro" })
local two = scratch(volume.create { size = 10, zone = box.zone, key = "alias/two" })
local three = scratch(volume.create { size = 10, zone = box.zone, key = "alias/three" })
box:attach("/dev/sdf", two)
box:attach("/dev/sdg", three)
return box:create_image { name = arg.name }
