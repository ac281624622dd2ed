std = "min"
max_line_length = 120
files["lua/lunami/host"] = { std = "lua54" }
files["lua/lunami/task.lua"] = { read_globals = { "unpack", table = { fields = { "unpack" } } } }
files["scripts"] = { std = "lua54", read_globals = { "image", "images", "snapshot", "snapshots", "volume", "volumes", "key",
  "keys", "session", "each", "all", "try", "sleep", "call", "arg" } }
files["tests/spec"] = { std = "min+busted" }
