--- lunami run: one recipe, from its first line to the last wait, and the exit status.
local arguments = require "lunami.host.arguments"
local core = require "lunami.core"
local environment = require "lunami.host.environment"
local err = require "lunami.err"
local lunami = require "lunami"
local native = require "lunami.host.native"
local progress = require "lunami.host.progress"
local recipe = require "lunami.recipe"
local result = require "lunami.host.result"
local started = require "lunami.started"
local target = require "lunami.host.target"
local task = require "lunami.task"

local M = {}

M.rows = target.with {
  ["--timeout"] = { key = "timeout", value = "duration", help = "TIME: stop waiting after 90s, 30m, 24h (exit 75)" },
  ["--run-id"] = { key = "run_id", value = "string", help = "NAME: the run's name in its tags (default: random)" },
  ["--no-tags"] = { key = "no_tags", help = "write no lunami:run and lunami:op tags" },
}

local EXIT = { done = 0, failed = 1, wrong = 2, unfinished = 75, INT = 130, TERM = 143, HUP = 143 }

-- Text only, never bytecode; a first line that starts with # is left out, its line end kept.
local function load_recipe(path, env)
  local file, why = io.open(path, "rb")
  if not file then arguments.fail("cannot read %s", why) end
  local text
  text, why = file:read("a")
  file:close()
  if not text then arguments.fail("cannot read %s: %s", path, why) end
  text = text:gsub("^#[^\n]*", "", 1)
  -- A to-be-closed variable on the first line: `return verb {…}` is then no tail call, so that an error can
  -- still be blamed on its line.
  local chunk, problem = load("local lunami__ <close> = nil; " .. text, "@" .. path, "t", env)
  if not chunk then
    io.stderr:write(core.escape(problem), "\n")
    return nil
  end
  return chunk
end

local function interrupted(signal)
  return err.new { code = "Interrupted", kind = "signal", signal = signal, where = "", message = "interrupted" }
end

-- A signal or the end of --timeout ends the run from here, where no task runs.
local function watchdog(timeout)
  local deadline = timeout and core.monotonic() + timeout
  return function()
    local signal = native.signal()
    if signal then error(interrupted(signal), 0) end
    local left = deadline and deadline - core.monotonic()
    if left and left <= 0 then
      err.raise { code = "Timeout", kind = "unfinished", where = "", message = "not finished in the time given" }
    end
    local redraw = progress.draw()
    if redraw and left then return math.min(redraw, left) end
    return redraw or left
  end
end

-- What the recipe's end leaves to be known about: what it made, and how to go on.
local function report_left(failure)
  for _, entry in ipairs(started.list()) do
    local class = entry.object._class.name
    io.stderr:write(("lunami: %s goes on at AWS; to wait for it: lunami run with %s \"%s\":wait()\n"):format(
      entry.object.id, class, entry.object.id))
  end
  for _, line in ipairs(failure.left or {}) do io.stderr:write("lunami: left behind: ", line, "\n") end
end

local function status_of(failure)
  if failure.kind == "signal" then return EXIT[failure.signal] end
  if failure.kind == "unfinished" or failure.kind == "timeout" then return EXIT.unfinished end
  if failure.kind == "usage" or failure.kind == "lua" then return EXIT.wrong end
  return EXIT.failed
end

local function report(failure, trace)
  progress.clear()
  local signal = native.signal()
  if signal and failure.kind ~= "signal" then
    failure = interrupted(signal)
  end
  local text = tostring(failure)
  if failure.where == "" and failure.kind ~= "lua" then text = "lunami: " .. text:gsub("^lunami: ", "") end
  io.stderr:write(text, "\n")
  if trace and failure.traceback then io.stderr:write(failure.traceback, "\n") end
  report_left(failure)
  return status_of(failure)
end

-- The chunk with its arguments; an error keeps its traceback.
local function body(chunk, arg)
  return function()
    local ok, value = xpcall(chunk, function(thrown)
      local failure = err.wrap(thrown)
      failure.traceback = failure.traceback or debug.traceback("", 2)
      return failure
    end, table.unpack(arg))
    if not ok then error(value, 0) end
    return value
  end
end

-- --help after the recipe's name: its head, without its body.
local function show_help(path)
  local shown
  local env = setmetatable({ recipe = recipe.help_word(function(head) shown = head end) }, { __index = function()
    error(recipe, 0) -- the body begins: there is no head
  end })
  local chunk = load_recipe(path, env)
  if not chunk then return EXIT.wrong end
  local ok, value = pcall(chunk)
  if not ok and value ~= recipe then return nil, value end
  print(recipe.help(path, shown))
  return EXIT.done
end

-- The watchdog of a run: a signal or the deadline ends it once; then it tidies, undisturbed.
local function watch(timeout)
  local look, tidying = watchdog(timeout), false
  recipe.on_clean = function() tidying = true end
  task.before_step = function()
    if tidying then return progress.draw() end
    return look()
  end
end

local function wants_help(words)
  for _, word in ipairs(words) do
    if word == "--help" or word == "-h" then return true end
    if word == "--" then return false end
  end
  return false
end

--- Run a loaded chunk as a recipe, with `arg` and the options of M.rows; returns the exit status.
function M.execute(chunk, arg, options)
  local cloud = target.open(options)
  lunami.begin { id = options.run_id, tags = not options.no_tags }
  started.on_found = function(object)
    progress.clear()
    io.stderr:write("lunami: found ", core.escape(tostring(object)), ", made before\n")
  end
  watch(options.timeout)
  task.on_resume = native.running
  local ok, failure = pcall(function()
    local value = recipe.run(body(chunk, arg))
    progress.clear()
    local shown, problem = task.protect(result.print, value)
    if not shown then error(problem, 0) end
  end)
  local status = ok and EXIT.done or report(err.wrap(failure), options.trace)
  if cloud then cloud:stop() end
  return status
end

--- Run a recipe; returns the exit status.
function M.command(argv, from)
  local options, at = arguments.read(argv, from, M.rows)
  local path = argv[at] or arguments.fail("which recipe? lunami run recipe.lua")
  local arg, words = { [0] = path }, {}
  for i = at + 1, #argv do
    arg[#arg + 1] = argv[i]
    words[#words + 1] = argv[i]
  end
  target.check(options)
  if wants_help(words) then
    local status, problem = show_help(path)
    return status or report(err.wrap(problem), options.trace)
  end
  local chunk = load_recipe(path, environment { arg = arg, recipe = recipe.word(words, arg) })
  if not chunk then return EXIT.wrong end
  return M.execute(chunk, arg, options)
end

return M
