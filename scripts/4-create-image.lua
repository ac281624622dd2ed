-- Make an image of a running instance: each snapshot is under its volume's own key.
recipe { summary = "Make an image of a running instance", args = {
  instance = { help = "the instance", default = "i-0a000000000000001" },
  name = { help = "the image's name", default = "box-image" } } }
return instance(arg.instance):create_image { name = arg.name }
