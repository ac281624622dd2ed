-- busted under whatever Lua runs this file: lua5.1 tests/spec/run.lua -o TAP tests/spec
require "busted.runner" { standalone = false }
