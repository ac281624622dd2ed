--- Tasks: coroutines that wait for native operations. The only file of lunami that yields.
--
-- Inside a task a wait parks the coroutine; outside one (plain require use, a coroutine of the
-- caller's own) the same wait drives the loop until its answer is there.
local core = require "lunami.core"
local err = require "lunami.err"

local M = {}

local PARK = "lunami.park" -- first value of our yields: a recipe's own yields are told apart by it
local CANCEL = {}
local unpack = table.unpack or unpack -- luacheck: ignore
local by_coroutine = setmetatable({}, { __mode = "k" })
local sleepers = {} -- number -> task that waits for an operation
local numbers, free_numbers = 0, {}
local runnable, first, last = {}, 1, 0
local late = {} -- tasks that begin when no other can go on

--- Called before each step of the loop that is driven from outside any task; returns the longest
-- time in seconds that the step may wait, or nil. The host shows progress and looks for signals in it.
M.before_step = nil

--- Called with a task's coroutine when it runs, and with nil when it gives the thread back. The host
-- needs it to break a loop that never waits.
M.on_resume = nil

local function pack(...)
  return { n = select("#", ...), ... }
end

local function current()
  local co = coroutine.running()
  return co and by_coroutine[co] or nil
end

-- A body that ends in `return verb {…}` has no frame left when the verb fails: its first line is told.
err.fallback = function()
  local task = current()
  return task and (task.defined_at or task.started_at) or ""
end

local function make_runnable(task, value)
  last = last + 1
  runnable[last] = { task, value }
end

-- A task's number. Those of tasks that have ended come again, so that a table by them keeps its size.
local function number_of(task)
  if not task.number then
    task.number = table.remove(free_numbers)
    if not task.number then
      numbers = numbers + 1
      task.number = numbers
    end
  end
  return task.number
end

local function finish(task, ok, values)
  if task.number then
    free_numbers[#free_numbers + 1] = task.number
    sleepers[task.number], task.number = nil, nil
  end
  task.done, task.ok = true, ok
  if ok then task.values = values else task.error = values[1] end
  for _, waiter in ipairs(task.waiters or {}) do make_runnable(waiter) end
  local group = task.group
  if not group then return end
  group.pending = group.pending - 1
  if not ok and not group.failed then group.failed = task end
  if group.waiter and (group.pending == 0 or (group.failed and not group.keep_going)) then
    local waiter = group.waiter
    group.waiter = nil
    make_runnable(waiter)
  end
end

-- What coroutine.resume returned. A task that parks leaves nothing behind: most do nothing else.
local function settle(task, ok, ...)
  if M.on_resume then M.on_resume(nil) end
  if coroutine.status(task.co) == "dead" then
    finish(task, ok, pack(...))
  elseif (...) ~= PARK then
    make_runnable(task) -- the recipe's own yield: it gives way and goes on
  end
end

local function resume(task, value)
  task.operation = nil
  if M.on_resume then M.on_resume(task.co) end
  settle(task, coroutine.resume(task.co, value))
end

local function run_runnable()
  while first <= last do
    local entry = runnable[first]
    runnable[first] = nil
    first = first + 1
    if not entry[1].done then resume(entry[1], entry[2]) end
  end
  first, last = 1, 0
end

local function resume_ready()
  run_runnable()
  for operation, number in core.next do
    local task = sleepers[number]
    if task and task.operation == operation then resume(task) end
    run_runnable()
  end
end

local function dispatch()
  resume_ready()
  while #late > 0 do
    local begin = late
    late = {}
    for _, task in ipairs(begin) do make_runnable(task) end
    resume_ready()
  end
end

--- Drive the loop, from outside any task, until ready() is true.
local function drive(ready)
  dispatch()
  while not ready() do
    local most = M.before_step and M.before_step()
    local happened, failure = core.step(most)
    if not happened then err.raise(failure) end
    dispatch()
    if happened == 0 and core.pending() == 0 and not ready() then
      err.raise { code = "Deadlock", message = "nothing is left that this wait could end with" }
    end
  end
end

M.drive = drive

local function canceled_error()
  return err.new { kind = "canceled", code = "Canceled", message = "canceled" }
end

-- Give the thread back until somebody resumes this task; true when it was cancelled meanwhile.
local function park(task)
  task.canceled = coroutine.yield(PARK) == CANCEL
  return task.canceled
end

--- Wait for a native operation; returns what read(operation) returns.
function M.finish(operation, read)
  local task = current()
  if not task then
    drive(function() return operation:done() end)
  elseif operation:park(number_of(task)) then
    sleepers[task.number], task.operation = task, operation
    if park(task) then error(canceled_error(), 0) end
  end
  return read(operation)
end

local function result(operation) return operation:result() end

--- Wait for a native operation; returns what op:result() returns.
function M.await(operation)
  return M.finish(operation, result)
end

--- Does a task run now?
function M.inside()
  return current() ~= nil
end

local function new(fn, ...)
  local args = pack(...)
  local info = type(fn) == "function" and debug.getinfo(fn, "S") -- a noun can be called, too
  local task = { started_at = err.blame() }
  if info and not err.is_ours(info) then task.defined_at = err.place(info, math.max(info.linedefined, 1)) end
  task.co = coroutine.create(function() return fn(unpack(args, 1, args.n)) end)
  by_coroutine[task.co] = task
  return task
end

--- Start fn(...) as a task. It runs when the caller next waits.
function M.spawn(fn, ...)
  local task = new(fn, ...)
  make_runnable(task)
  return task
end

--- The same, but it begins when no other task can go on: by then all who want a part of what it does
-- have said so.
function M.later(fn, ...)
  local task = new(fn, ...)
  late[#late + 1] = task
  return task
end

--- Something to join that is no task: open(gate) lets those go on that have joined it.
function M.gate() return {} end
function M.open(gate) finish(gate, true, {}) end

--- Wait for the end of a task that was spawned, or for a gate; several may wait for the same.
function M.join(other)
  local task = current()
  if not task then return drive(function() return other.done end) end
  if other.done then return end
  other.waiters = other.waiters or {}
  other.waiters[#other.waiters + 1] = task
  task.waits_for = other
  local canceled = park(task)
  task.waits_for = nil
  if not canceled then return end
  for i, waiter in ipairs(other.waiters) do
    if waiter == task then table.remove(other.waiters, i) end
  end
  error(canceled_error(), 0)
end

--- What a task returned, when it has ended; several may ask. Its error is raised, a copy for each.
function M.result(other)
  M.join(other)
  if other.ok then return unpack(other.values, 1, other.values.n) end
  error(err.copy(err.wrap(other.error)), 0)
end

--- Cancel a task: its call or wait is cancelled and its body unwinds by an error.
function M.cancel(task)
  if task.done then return end
  for _, child in ipairs(task.children or {}) do M.cancel(child) end
  local operation = task.operation
  if operation then
    operation:close()
  end
  if task.waits_for then task.waits_for.waiter = nil end
  if coroutine.status(task.co) == "suspended" then
    if not operation and not task.waits_for then -- not begun: nothing to unwind
      finish(task, false, { canceled_error() })
    else
      resume(task, CANCEL)
    end
  end
end

-- Wait until the group is settled; true when the waiting task was cancelled meanwhile.
local function wait_group(group)
  local task = current()
  local function settled()
    return group.pending == 0 or (group.failed and not group.keep_going)
  end
  if not task then
    -- Whatever ends the driving (a signal, a deadline) ends the tasks, too.
    local ok, failure = pcall(drive, settled)
    if not ok then
      for _, one in ipairs(group.tasks) do M.cancel(one) end
      error(failure, 0)
    end
    return false
  end
  if settled() then return false end
  group.waiter = task
  task.waits_for, task.children = group, group.tasks
  local canceled = park(task)
  task.waits_for, task.children = nil, nil
  return canceled
end

-- The first failure is raised with the place where its task was started; others are listed in `also`.
local function raise_failures(group)
  local failure = err.wrap(group.failed.error)
  failure.started_at = group.failed.started_at
  failure.also = failure.also or {}
  for _, task in ipairs(group.tasks) do
    if task ~= group.failed and task.done and not task.ok and not task.canceled then
      local other = err.wrap(task.error)
      if other.kind ~= "canceled" then failure.also[#failure.also + 1] = other end
    end
  end
  error(failure, 0)
end

--- Run jobs ({key =, fn =, args = {…}}) as tasks, at most at_once of them side by side.
-- Returns results by key. The first failure cancels the rest unless keep_going.
function M.run(jobs, opts)
  local group = { pending = #jobs, tasks = {}, keep_going = opts.keep_going }
  local at_once, next_job = math.min(opts.at_once or #jobs, #jobs), 0
  local results = {}
  local function start()
    next_job = next_job + 1
    local job = jobs[next_job]
    local task = M.spawn(function()
      local value = pack(job.fn(unpack(job.args)))
      results[job.key] = value[1]
      if next_job < #jobs and not (group.failed and not group.keep_going) then start() end
    end)
    local info = debug.getinfo(job.fn, "S")
    task.defined_at = not err.is_ours(info) and info.linedefined > 0 and err.place(info, info.linedefined) or nil
    task.group = group
    group.tasks[#group.tasks + 1] = task
  end
  for _ = 1, at_once do start() end
  local canceled = wait_group(group)
  if canceled or (group.failed and not group.keep_going) then
    for _, task in ipairs(group.tasks) do M.cancel(task) end
  end
  if canceled then error(canceled_error(), 0) end
  if group.failed then raise_failures(group) end
  return results
end

--- Run fn(...) to its end as a task of its own; returns true and its values, or false and the error.
-- Works where pcall cannot be waited through (Lua 5.1).
function M.protect(fn, ...)
  local group = { pending = 1, keep_going = true }
  local task = M.spawn(fn, ...)
  task.group, group.tasks = group, { task }
  if wait_group(group) then
    M.cancel(task)
    error(canceled_error(), 0)
  end
  if task.ok then return true, unpack(task.values, 1, task.values.n) end
  return false, task.error
end

return M
