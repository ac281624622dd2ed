-- Copy an image: a plain root stays plain, encrypted data stays encrypted under its own key.
recipe { summary = "Copy an image; each snapshot keeps its encryption", args = {
  image = { help = "image to copy", default = "ami-0a000000000000004" },
  name = { help = "the copy's name", default = "mixed-copy" } } }
return image(arg.image):copy { name = arg.name }
