-- Share an image with another account, which then makes a copy of its own under its own key.
recipe { summary = "Share an image; the other account copies it under its key", args = {
  image = { help = "image to share", default = "ami-0a000000000000003" },
  account = { help = "with whom", default = "000000000002" },
  role = { help = "a role there", default = "arn:aws:iam::000000000002:role/partner" },
  key = { help = "a key there", default = "alias/partner" } } }
local shared = image(arg.image):share(arg.account)
return session { role = arg.role }.image(shared.id):copy { name = shared.name .. "-ours", key = arg.key }
