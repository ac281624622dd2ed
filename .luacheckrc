std = "min"
max_line_length = 120
files["lua/lunami/host"] = { std = "lua54" }
files["lua/lunami/task.lua"] = { read_globals = { "unpack", table = { fields = { "unpack" } } } }
files["lua/lunami/recipe.lua"] = files["lua/lunami/task.lua"]
files["scripts"] = { std = "lua54", read_globals = { "image", "images", "snapshot", "snapshots", "volume", "volumes",
  "instance", "instances", "key", "keys", "account", "session", "each", "all", "try", "scratch", "sleep", "call", "recipe",
  "arg" } }
files["tests/spec"] = { std = "min+busted" }
