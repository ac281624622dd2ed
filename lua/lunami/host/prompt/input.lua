--- Reading what is typed, while work goes on in the background: lines, and chunks of as many as it takes.
local core = require "lunami.core"
local err = require "lunami.err"
local history = require "lunami.host.prompt.history"
local jobs = require "lunami.host.prompt.jobs"
local label = require "lunami.host.prompt.label"
local lines = require "lunami.host.prompt.lines"
local native = require "lunami.host.native"
local reader = require "lunami.host.reader"
local task = require "lunami.task"

local M = {}

local REDRAW_S = 0.25
local AGAIN_S = 0.3 -- a Ctrl-C so soon after one that cancelled something was meant for the same thing

--- The prompt of a session's next line.
function M.prompt(session, more)
  if not session.edits then return "" end
  local prompt = label.prompt(session.how())
  return more and label.more(prompt) or prompt
end

-- Between the loop's steps while a line is typed; returns how long the next one may wait.
local function draw(session)
  jobs.report()
  if not session.clever then return nil end
  local bar = require("lunami.host.prompt.bar").text(session.how())
  if session.reader:active() then session.reader:bar(bar) end
  return bar and REDRAW_S or nil
end

-- Ctrl-C: what was typed is dropped; with nothing to drop, the second one leaves.
local function interrupted(session, typed)
  reader.handled()
  local again = session.interrupted and core.monotonic() - (session.canceled_at or 0) > AGAIN_S
  session.interrupted = true
  if typed then return "again" end
  if again then return nil end
  session:note("Ctrl-C again, or Ctrl-D, leaves")
  return "again"
end

-- A signal: nil and why no line came.
local function signalled(session, signal, more)
  local typed = more or (session.edits and session.reader:text():find("%S") ~= nil)
  session.reader:abandon()
  if signal == "INT" then return nil, interrupted(session, typed) end
  session.signal = signal
  return nil, nil
end

local function complete(session)
  local completion = require "lunami.host.prompt.complete"
  local typed, cursor = session.reader:text()
  local insert, choices = completion.at(session.pending .. typed:sub(1, cursor), session.env, session.words)
  if insert ~= "" then session.reader:insert(insert) end
  if #choices > 0 then session.reader:print(completion.columns(choices, session.how())) end
end

-- What has come: a line and whether its end was pasted; no line when there is none; nothing at all while it is still
-- typed.
local function take(session)
  local event, line, pasted = session.reader:take()
  if event == "line" then return true, line, pasted end
  if event == "tab" then complete(session) end
  if event ~= "end" then return false end
  session.reader:abandon()
  return true, nil
end

local function wait_for_input(session)
  local changed
  task.drive(function()
    changed = changed or reader.changed()
    return session.reader:ready() or changed or native.signal() ~= nil
  end)
  if changed and session.reader:active() then session.reader:redraw() end
end

--- Read a line: its text and whether its end was pasted; or nil, and "again" when there may be one after all.
function M.line(session, more)
  local began, failure = session.reader:begin(M.prompt(session, more))
  if not began then err.raise(failure) end
  task.before_step = function() return draw(session) end
  session.prompting, session.more = true, more
  while true do
    wait_for_input(session)
    local signal = native.signal()
    if signal then return signalled(session, signal, more) end
    local over, line, pasted = take(session)
    if over then
      session.prompting = false
      return line, pasted
    end
  end
end

local function remember(session, line)
  session.interrupted = false
  if session.edits and line:find("%S") then
    session.reader:remember(line)
    history.add(session.history, line)
  end
end

-- The chunk that a text is; or nil and why: "incomplete", "again" (there is nothing in it), "wrong" and the message.
local function whole(session, text)
  if not text:find("%S") then
    if session.tutorial then return require("lunami.host.prompt.tutorial").chunk(session) end
    return nil, "again"
  end
  local fn, names, problem = lines.compile(text, session.env)
  if fn then return { fn = fn, names = names, text = text } end
  return nil, names, problem
end

--- Read a whole chunk: { fn =, names = of locals that are kept, text = }. Or nil and why: nil (no more), "again",
-- "wrong" and the message and the text.
function M.chunk(session)
  local text = ""
  while true do
    session.pending = text
    local line, why = M.line(session, text ~= "")
    local pasted = line and why -- it is one input with what follows, until Enter is pressed
    if not line then
      if text ~= "" and not why and not session.edits then
        return nil, "wrong", "the input ends in the middle of this", text
      end
      return nil, why
    end
    remember(session, line)
    text = text .. line .. "\n"
    if not pasted then
      local chunk, reason, problem = whole(session, text)
      if chunk or reason ~= "incomplete" then return chunk, reason, problem, text end
    end
  end
end

return M
