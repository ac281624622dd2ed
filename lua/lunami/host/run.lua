--- lunami run: one recipe, from its first line to the last wait, and the exit status.
local arguments = require "lunami.host.arguments"
local core = require "lunami.core"
local environment = require "lunami.host.environment"
local err = require "lunami.err"
local lunami = require "lunami"
local native = require "lunami.host.native"
local progress = require "lunami.host.progress"
local recipe = require "lunami.recipe"
local report = require "lunami.host.report"
local result = require "lunami.host.result"
local started = require "lunami.started"
local target = require "lunami.host.target"
local task = require "lunami.task"
local text = require "lunami.text"

local M = {}

--- The options of a command that runs something, with what --json means there: `key` is set in the options.
function M.options(key, json)
  return target.with {
    ["--timeout"] = { key = "timeout", value = "duration", help = "TIME: stop waiting after 90s, 30m, 24h (exit 75)" },
    ["--run-id"] = { key = "run_id", value = "string", help = "NAME: the run's name in its tags (default: random)" },
    ["--json"] = { key = key, help = json .. "; what is printed goes to standard error" },
    ["--no-tags"] = { key = "no_tags", help = "write no lunami:run and lunami:op tags" },
  }
end

M.rows = M.options("events", "print JSON: an event a line, the last one the result or the error")

-- Text only, never bytecode; a first line that starts with # is left out, its line end kept.
local function load_recipe(path, env)
  local file, why = io.open(path, "rb")
  if not file then arguments.fail("cannot read %s", why) end
  local source
  source, why = file:read("a")
  file:close()
  if not source then arguments.fail("cannot read %s: %s", path, why) end
  source = source:gsub("^#[^\n]*", "", 1)
  -- A to-be-closed variable on the first line: `return verb {…}` is then no tail call, so that an error can
  -- still be blamed on its line.
  local chunk, problem = load("local lunami__ <close> = nil; " .. source, "@" .. path, "t", env)
  if not chunk then
    io.stderr:write(core.escape(problem), "\n")
    return nil
  end
  return chunk
end

local function sooner(a, b)
  return a and b and math.min(a, b) or a or b
end

-- A signal or the end of --timeout ends the run from here, where no task runs.
local function watchdog(timeout, tell)
  local deadline = timeout and core.monotonic() + timeout
  return function()
    local signal = native.signal()
    if signal then error(report.interrupted(signal), 0) end
    local left = deadline and deadline - core.monotonic()
    if left and left <= 0 then
      err.raise { code = "Timeout", kind = "unfinished", where = "", message = "not finished in the time given" }
    end
    return sooner(left, tell())
  end
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
  if not chunk then return report.EXIT.wrong end
  local ok, value = pcall(chunk)
  if not ok and value ~= recipe then return nil, value end
  print(recipe.help(path, shown))
  return report.EXIT.done
end

-- The watchdog of a run: a signal or the deadline ends it once; then it tidies, undisturbed.
local function watch(timeout, out)
  local function tell() return sooner(progress.draw(), out.progress and out.progress()) end
  local look, tidying = watchdog(timeout, tell), false
  recipe.on_clean = function() tidying = true end
  task.before_step = function()
    if tidying then return tell() end
    return look()
  end
end

-- With --json standard output is JSON's alone.
local function print_aside(...)
  local parts = table.pack(...)
  for i = 1, parts.n do parts[i] = tostring(parts[i]) end
  io.stderr:write(table.concat(parts, "\t"), "\n")
end

--- The globals of a recipe: its arguments, its word `recipe` if it has one.
function M.environment(options, arg, head)
  return environment { arg = arg, recipe = head,
    print = (options.json or options.events) and print_aside or nil }
end

local function wants_help(words)
  for _, word in ipairs(words) do
    if word == "--help" or word == "-h" then return true end
    if word == "--" then return false end
  end
  return false
end

local FOUND_SHOWN = 5 -- what an earlier run had made, one by one; of more only how many

-- Say what is taken over from an earlier run; returns a function that says how many more there were.
local function tell_found(out)
  local count = 0
  started.on_found = function(object)
    count = count + 1
    if out.found then out.found(object) end
    if count > FOUND_SHOWN then return end
    progress.clear()
    io.stderr:write("lunami: found ", core.escape(tostring(object)), ", made before\n")
  end
  return function()
    if count > FOUND_SHOWN then
      io.stderr:write(("lunami: found %s more, made before\n"):format(text.number(count - FOUND_SHOWN)))
    end
  end
end

-- Where the result goes, and with --json the error; a run's other events, too.
local function outlet(options)
  if options.events then return require "lunami.host.events" end
  if options.json then return { result = result.print_json, failure = result.print_json_error } end
  return { result = result.print }
end

--- Run a loaded chunk as a recipe, with `arg` and the options of M.rows; returns the exit status.
function M.execute(chunk, arg, options)
  local cloud = target.open(options)
  lunami.begin { id = options.run_id, tags = not options.no_tags }
  local out = outlet(options)
  local tell_rest = tell_found(out)
  started.on_settled = out.settled
  watch(options.timeout, out)
  task.on_resume = native.running
  local ok, failure = pcall(function()
    local value = recipe.run(body(chunk, arg))
    progress.clear()
    tell_rest()
    local shown, problem = task.protect(out.result, value)
    if not shown then error(problem, 0) end
  end)
  failure = not ok and err.wrap(failure) or nil
  if failure and out.failure then out.failure(failure) end
  local status = ok and report.EXIT.done or report.failure(failure, options.traceback)
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
    return status or report.failure(err.wrap(problem), options.traceback)
  end
  local chunk = load_recipe(path, M.environment(options, arg, recipe.word(words, arg)))
  if not chunk then return report.EXIT.wrong end
  return M.execute(chunk, arg, options)
end

return M
