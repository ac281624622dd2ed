-- Keep the newest images of a name; deregister the older ones, their snapshots, too.
recipe { summary = "Retire old images, keeping the newest", args = {
  name = { help = "name of the images", default = "nightly-*" },
  keep = { help = "how many stay", type = "number", default = 3 } } }
for age, old in ipairs(images { name = arg.name }) do
  if age > arg.keep then old:deregister { snapshots = true } end
end
return images { name = arg.name }
