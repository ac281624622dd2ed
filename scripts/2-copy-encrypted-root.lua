-- Copy an image whose root is encrypted: nothing to say, the copy is under the same key.
recipe { summary = "Copy an image with an encrypted root", args = {
  image = { help = "image to copy", default = "ami-0a000000000000003" },
  name = { help = "the copy's name", default = "web-copy" } } }
return image(arg.image):copy { name = arg.name }
