--- What a session at the prompt has: its options, its words, where it prints, what it remembers.
local core = require "lunami.core"
local environment = require "lunami.host.environment"
local err = require "lunami.err"
local history = require "lunami.host.prompt.history"
local jobs = require "lunami.host.prompt.jobs"
local lines = require "lunami.host.prompt.lines"
local native = require "lunami.host.native"
local progress = require "lunami.host.progress"
local reader = require "lunami.host.reader"
local show = require "lunami.show"
local terminal = require "lunami.host.terminal"

local Session = {}
Session.__index = Session

--- How values are shown now: the terminal may have changed since the last time.
function Session.how() return terminal.how(1) end

--- Print lines: above the line that is being typed, if there is one.
function Session:say(words)
  progress.clear()
  if self.reader:active() then
    self.reader:print(words)
  else
    io.stdout:write(words, "\n")
    io.stdout:flush()
  end
end

--- Say something of the prompt's own, beside results.
function Session:note(words)
  if self.edits then return self:say(show.paint(self.how(), "dim", words)) end
  progress.clear()
  io.stdout:flush()
  io.stderr:write(words, "\n")
end

--- Print an error as one line; it is `err` from now on. text: what was typed; job: the number of the job that failed.
function Session:complain(failure, text, job)
  self.failure = failure
  local words = (job and ("[%d] "):format(job) or "") .. lines.without_place(tostring(failure), text or "")
  if failure.kind == "lua" then words = core.escape(words) end
  if self.edits then
    self:say(show.paint(self.how(), "bad", words))
    if self.traceback and failure.traceback then self:note(failure.traceback) end
  else
    progress.clear()
    io.stdout:flush()
    io.stderr:write(words, "\n")
  end
end

-- ---- words -----------------------------------------------------------------------------------------

-- A word that also does what it is for when it is typed without brackets.
local function bare(fn)
  return setmetatable({}, { __call = function(_, ...) return fn(...) end, __show = function(_, how)
    return show.value(fn(), how)
  end })
end

local function print_above(self)
  return function(...)
    local parts = table.pack(...)
    for i = 1, parts.n do parts[i] = tostring(parts[i]) end
    self:say(table.concat(parts, "\t"))
  end
end

local function show_all(self)
  return function(value)
    local how = self.how()
    how.rows, how.columns = nil, nil
    local shown = show.value(value, how)
    if shown then self:say(shown) end
  end
end

-- `_` is the last result, `err` the last error: read each time, so that a line may set its own.
local function remembered(self)
  return { __index = function(_, name)
    if name == "_" then return self.last end
    if name == "err" then return self.failure end
  end }
end

local function make_words(self)
  local function leave() self.leaving = true end
  local words = { exit = bare(leave), quit = bare(leave), print = print_above(self), show = show_all(self) }
  for name, fn in pairs(jobs.words) do words[name] = fn end
  words.help = bare(function(topic) return require("lunami.host.prompt.help").of(topic, words) end)
  words.trace = bare(function() return require("lunami.host.prompt.trace").of(self.failure) end)
  words.tutorial = bare(function(number) return require("lunami.host.prompt.tutorial").begin(self, number) end)
  return setmetatable(words, remembered(self))
end

--- A session with the command line's options.
function Session.new(options)
  local edits = native.isatty(0) and native.isatty(1)
  local clever = edits and terminal.clever(1)
  local opened, failure = reader.open(clever, edits)
  if not opened then err.raise(failure) end
  local self = setmetatable({ reader = opened, edits = edits, clever = clever, yes = options.yes,
    traceback = options.traceback, pending = "" }, Session)
  self.words = make_words(self)
  self.env = environment(self.words, { _ = true, err = true })
  if edits then
    self.history = history.path()
    for _, line in ipairs(history.load(self.history)) do opened:remember(line) end
  end
  return self
end

return Session
