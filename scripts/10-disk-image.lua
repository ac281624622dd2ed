-- A raw disk image made on the spot becomes an image, is copied under a key and read back: the same files.
recipe { summary = "Make an image of a disk, encrypt it, and read it back", args = {
  dir = { help = "folder to work in", default = "." },
  key = { help = "alias, key id, ARN or default", default = "alias/golden" } } }
local function sh(command)
  assert(os.execute(("cd '%s' && PATH=$PATH:/usr/sbin:/sbin && %s"):format(arg.dir, command)), command)
end
sh "mkdir files && date > files/made && cp -r /usr/share/common-licenses files/licenses"
sh "truncate -s 1G disk.raw && mke2fs -q -t ext4 -d files disk.raw"
local plain = scratch(image.from_disk { file = arg.dir .. "/disk.raw", name = "disk" })
local copy = plain:copy { name = "disk-encrypted", key = arg.key }
sh("e2fsck -fn " .. copy:wait():export_disk({ dir = arg.dir })["/dev/xvda"]:match("[^/]+$") .. " > check")
sh("mkdir back && debugfs -R 'rdump / back' " .. copy.id .. "-xvda.raw 2> /dev/null && rm -r back/lost+found")
sh "diff -r files back && echo the same files: $(find back -type f | wc -l)"
return copy
