--- Work in the background: what lines at the prompt started and nobody has waited for, and functions that were
-- told to run there.
local core = require "lunami.core"
local err = require "lunami.err"
local noun = require "lunami.noun"
local show = require "lunami.show"
local started = require "lunami.started"
local task = require "lunami.task"
local text = require "lunami.text"

local M = {}

local Job = {}
Job.__index = Job
local by_number, last = {}, 0
local watched = setmetatable({}, { __mode = "k" }) -- objects that have a job
local finished = {} -- jobs whose end nobody was told

--- Called when a job has ended, with its number and what it gave in words, or nil and its failure.
M.on_end = nil

-- The state and progress of a job's object, as far as its wait tells: of many, only the slowest are told.
local function seen(job)
  local waits = job.object and core.waits()
  for _, wait in ipairs(waits and waits.slowest or {}) do
    if wait.id == job.object.id and wait.state ~= "" then
      return wait.state, wait.progress >= 0 and wait.progress .. "%" or nil
    end
  end
  return job.object and "waiting" or "running"
end

local function state_of(job)
  if not job.task.done then return seen(job) end
  if job.task.ok then return "done" end
  return err.wrap(job.task.error).kind == "canceled" and "canceled" or "failed"
end

function Job:__tostring()
  return ("job %d: %s (%s)"):format(self.number, self.what, (state_of(self)))
end

--- Run fn as a job; object: what it waits for.
function M.start(what, fn, object)
  last = last + 1
  local job = setmetatable({ number = last, what = what, object = object, began = core.monotonic() }, Job)
  by_number[last] = job
  job.task = task.spawn(function()
    local ok, value = task.protect(fn)
    finished[#finished + 1] = job
    if ok then return value end
    error(value, 0)
  end)
  return job
end

--- A job for each thing that was started and that nobody has waited for.
function M.adopt()
  for _, entry in ipairs(started.list()) do
    local object = entry.object
    if not watched[object] then
      watched[object] = true
      M.start(("%s %s"):format(object._class.name, object.id), function() return entry.settle(object) end, object)
    end
  end
end

--- Jobs that are under way, in the order in which they were started.
function M.unfinished()
  local list = {}
  for number = 1, last do
    local job = by_number[number]
    if job and not job.task.done then list[#list + 1] = job end
  end
  return list
end

-- What a job gave, in a few words.
local function summary(job)
  local value = job.task.values[1]
  if noun.class_of(value) then return tostring(value) end
  if noun.lists[value] then return job.what .. ": " .. text.count(#value, noun.lists[value].name) end
  if type(value) == "string" or type(value) == "number" then return job.what .. ": " .. value end
  return job.what .. " done"
end

--- Tell of the jobs that have ended.
function M.report()
  if #finished == 0 then return end
  local ended = finished
  finished = {}
  for _, job in ipairs(ended) do
    if job.task.ok or not job.canceled then
      local failure = not job.task.ok and err.wrap(job.task.error) or nil
      local said = not failure and ("%s after %s"):format(summary(job), text.span(core.monotonic() - job.began))
      M.on_end(job.number, said, failure)
    end
    by_number[job.number] = nil
  end
  M.adopt()
end

-- ---- words of the prompt ---------------------------------------------------------------------------

local function find(which, what)
  if getmetatable(which) == Job then return which end
  local job = type(which) == "number" and by_number[which]
  if job then return job end
  err.usage(what, "there is no job %s; jobs() lists them", tostring(which))
end

local List = { __show = function(list, how)
  if #list == 0 then return "no jobs: nothing goes on in the background" end
  local rows = {}
  for i, job in ipairs(list) do
    local state, progress = state_of(job)
    rows[i] = { job.number, job.what, state, progress, text.span(core.monotonic() - job.began) }
  end
  return show.table({ "JOB", "WHAT", "STATE", "DONE", "FOR" }, rows, how, 2)
end }

M.words = {}

--- jobs() -> list of those under way.
function M.words.jobs() return setmetatable(M.unfinished(), List) end

--- job(fn) -> job: run fn in the background.
function M.words.job(fn)
  if type(fn) ~= "function" then err.usage("job", "a function expected, got %s", type(fn)) end
  return M.start("job", fn)
end

local function wait_one(job)
  task.join(job.task)
  if not job.task.ok then error(job.task.error, 0) end
  return job.task.values[1]
end

--- wait(job or number) -> its result; wait() waits for all.
function M.words.wait(which)
  if which ~= nil then return wait_one(find(which, "wait")) end
  for _, job in ipairs(M.unfinished()) do wait_one(job) end
end

--- cancel(job or number): nobody waits for it any more; what AWS has begun goes on.
function M.words.cancel(which)
  local job = find(which, "cancel")
  job.canceled = true
  task.cancel(job.task)
  return job
end

return M
