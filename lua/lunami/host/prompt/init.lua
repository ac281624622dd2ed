--- lunami without a command: a prompt.
local arguments = require "lunami.host.arguments"
local core = require "lunami.core"
local create = require "lunami.create"
local err = require "lunami.err"
local foreground = require "lunami.host.prompt.foreground"
local input = require "lunami.host.prompt.input"
local jobs = require "lunami.host.prompt.jobs"
local label = require "lunami.host.prompt.label"
local native = require "lunami.host.native"
local report = require "lunami.host.report"
local seen = require "lunami.host.prompt.seen"
local Session = require "lunami.host.prompt.session"
local show = require "lunami.show"
local started = require "lunami.started"
local target = require "lunami.host.target"
local task = require "lunami.task"
local verb = require "lunami.verb"

local M = {}

M.rows = target.with {
  ["--yes"] = { key = "yes", help = "do not ask before what cannot be undone" },
  ["--run-id"] = { key = "run_id", value = "string", help = "NAME: the run's name in its tags (default: random)" },
  ["--no-tags"] = { key = "no_tags", help = "write no lunami:run and lunami:op tags" },
}

-- The ends of jobs are told above the line.
local function tell_jobs(session)
  jobs.on_end = function(number, said, failure)
    if failure then return session:complain(failure, nil, number) end
    session:say(show.paint(session.how(), "good", core.escape(("[%d] %s"):format(number, said))))
  end
end

local function greet(session, options)
  if not session.edits then return end
  session:note(options.is_local
    and "A local cloud: nothing costs anything. help() lists the words, tutorial() leads."
    or "help() lists the words, Tab completes them; lunami --local is for trying out.")
  if options.is_local then label.is(native.local_key_id:match("%d+$")) end
  label.ask(function()
    if session.prompting and session.reader:active() then
      session.reader:prompt(input.prompt(session, session.more))
    end
  end)
end

-- Lines until there is none; returns the failure that ended a pipe's, or nil.
local function read_and_run(session)
  while not session.leaving and not session.signal do
    local chunk, why, problem, text = input.chunk(session)
    local failure
    if chunk then
      failure = foreground.evaluate(session, chunk)
      if chunk.tutorial and session.tutorial then require("lunami.host.prompt.tutorial").go_on(session) end
    elseif why == "wrong" then
      failure = err.new { kind = "lua", code = "LuaError", where = "", message = problem }
      session:complain(failure, text)
    elseif why == nil then
      return nil
    end
    if failure and not session.edits then return failure end
  end
end

-- A pipe ends as a recipe does: when what it started is done.
local function finish(session)
  local ok, failure = foreground.run(session, jobs.words.wait)
  jobs.report()
  if ok or not failure then return nil end
  session:complain(failure)
  return failure
end

-- What goes on without the prompt, and how to go on waiting for it.
local function tell_unfinished(session, options)
  for _, job in ipairs(jobs.unfinished()) do
    local object = job.object
    if not object then
      session:note(job.what .. " was not finished")
    elseif options.is_local and not options.state then
      session:note(object.id .. " was not finished; a local cloud without --state ends with the prompt")
    else
      session:note(('%s goes on%s; to wait for it: lunami eval \'%s "%s":wait()\''):format(object.id,
        options.is_local and " when the local cloud is opened again" or " at AWS", object._class.name, object.id))
    end
  end
end

-- What was marked as scratch goes with the session.
local function clean(session)
  local ok, left = foreground.run(session, function() return require("lunami.scratch").clean() end)
  for _, one in ipairs(ok and left[1] or {}) do
    session:note(("left behind: %s: %s"):format(core.escape(tostring(one.object)), tostring(one.failure)))
  end
end

local function converse(session, options)
  tell_jobs(session)
  seen.begin()
  started.on_found = function(object) session:note("found " .. core.escape(tostring(object)) .. ", made before") end
  verb.guard = require("lunami.host.prompt.confirm").guard(session)
  greet(session, options)
  local failure = read_and_run(session)
  if not failure and not session.edits and not session.signal then failure = finish(session) end
  clean(session)
  tell_unfinished(session, options)
  session.reader:close()
  if session.signal then return report.EXIT[session.signal] end
  return failure and report.status_of(failure) or 0
end

--- Open the prompt; returns the exit status.
function M.command(argv, from)
  local options, at = arguments.read(argv, from, M.rows)
  if argv[at] then arguments.fail("unexpected argument '%s'; lunami run FILE runs a recipe", argv[at]) end
  target.check(options)
  local cloud = target.open(options)
  create.begin { id = options.run_id, tags = not options.no_tags }
  task.on_resume = native.running
  local ok, status = pcall(function() return converse(Session.new(options), options) end)
  if cloud then cloud:stop() end
  if not ok then error(status, 0) end
  return status
end

return M
