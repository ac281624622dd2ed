--- lunami eval: one line, run as a recipe, and its result.
local arguments = require "lunami.host.arguments"
local core = require "lunami.core"
local report = require "lunami.host.report"
local run = require "lunami.host.run"
local target = require "lunami.host.target"

local M = { rows = run.options("json", "print the result or the error as one JSON document") }

-- An expression, or else statements.
local function compile(text, env)
  local chunk = load("return " .. text, "=eval", "t", env)
  if chunk then return chunk end
  return load(text, "=eval", "t", env)
end

function M.command(argv, from)
  local options, at = arguments.read(argv, from, M.rows)
  local text = argv[at] or arguments.fail("which expression? lunami eval 'images {}'")
  local more, rest = arguments.read(argv, at + 1, M.rows) -- options may follow, too
  if argv[rest] then arguments.fail("one expression expected, in quotes; what is '%s'?", argv[rest]) end
  for key, value in pairs(more) do options[key] = value end
  target.check(options)
  local arg = { [0] = "eval" }
  local chunk, problem = compile(text, run.environment(options, arg))
  if not chunk then
    io.stderr:write(core.escape(problem), "\n")
    return report.EXIT.wrong
  end
  return run.execute(chunk, arg, options)
end

return M
