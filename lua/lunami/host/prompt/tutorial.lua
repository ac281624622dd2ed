--- tutorial(): ten screens on the local cloud. An empty line runs what a screen shows and goes on to the next.
local err = require "lunami.err"
local lines = require "lunami.host.prompt.lines"
local lunami = require "lunami"
local show = require "lunami.show"
local text = require "lunami.text"

local M = {}

M.SCREENS = {
  { "Look around", "images { … } lists images: without a table all of your own, newest first. What is in the table "
    .. "narrows it; * matches anything.", 'images { name = "golden-*" }' },
  { "One image", "image \"ami-…\" or image { … } finds exactly one and shows it as a card: its devices, the snapshot "
    .. "behind each, whether it is encrypted and under which key.",
    'golden = image { name = "golden-*", newest = true }\ngolden' },
  { "Keys", "A key is called by its alias, its id or its ARN. One of these is disabled, one is not for encryption: "
    .. "lunami finds that out before it asks AWS for a copy that would fail minutes later.", "keys {}" },
  { "Encrypt", "A copy with a key is encrypted under it. The line returns as soon as AWS has accepted the work; the "
    .. "bar above the line shows how far it is.",
    'copy = golden:copy { name = "golden-encrypted", key = "alias/golden" }' },
  { "Wait", "jobs() lists what goes on in the background, wait() waits for all of it, and Ctrl-C ends the wait, not "
    .. "the work. When a copy is done, every snapshot's key is read back and compared.", "wait()\ncopy" },
  { "Mistakes", "A mistake is found before anything is sent: one line that names it and the remedy. It is in err; "
    .. "help(err) and trace() say more.", 'copy:copy { nmae = "golden-2", key = "alias/golden" }' },
  { "Another region", "Saying nothing about encryption keeps it; into another region an encrypted image needs a key of "
    .. "that region. Many regions at once: each({ … }, function(region) … end).",
    'far = copy:copy { name = "golden-eu", region = "eu-west-1", key = "alias/golden" }' },
  { "A key for each device", "keys names a key for each device; the snapshots are copied one by one, side by side, and "
    .. "the image is registered of them.", 'three = image "ami-0a000000000000006":copy { name = "three-keys",\n'
    .. '  keys = { ["/dev/xvda"] = "alias/one", ["/dev/sdf"] = "alias/two", ["/dev/sdg"] = "alias/three" } }' },
  { "From an instance", "A running instance becomes an image; so do volumes that are attached to it, each under its "
    .. "own key.", 'box = instance "i-0a000000000000001":create_image { name = "box-2026" }' },
  { "Help", "Every word has its options and an example: help(), help(image), help(image.copy), help \"key\". The same "
    .. "lines make a recipe: put them into a file and run it with lunami run --local FILE, and without --local on your "
    .. "account.", "help(image.share)" },
}

local function print_screen(session, number)
  local screen, how = M.SCREENS[number], session.how()
  local said = { "", show.paint(how, "title", ("%d of %d: %s"):format(number, #M.SCREENS, screen[1])) }
  for _, line in ipairs(text.wrap(text.escape(screen[2], how.ascii), math.min((how.columns or 80) - 1, 90))) do
    said[#said + 1] = line
  end
  for line in (screen[3] .. "\n"):gmatch("([^\n]*)\n") do said[#said + 1] = "    " .. show.paint(how, "good", line) end
  said[#said + 1] = show.paint(how, "dim", "Enter runs it and goes on; or type what you like")
  session:say(table.concat(said, "\n"))
end

--- Begin, or go to a screen.
function M.begin(session, number)
  if not lunami.default_session():is_local() then
    err.usage("tutorial", "it makes and removes things: open it on a local cloud, lunami --local")
  end
  number = number or 1
  if not M.SCREENS[number] then err.usage("tutorial", "there are screens 1 to %d", #M.SCREENS) end
  session.tutorial = number
  print_screen(session, number)
end

--- An empty line: the screen's own line as a chunk.
function M.chunk(session)
  local code = M.SCREENS[session.tutorial][3]
  local statements, last = code:match("^(.*)\n([%a_]+)$")
  if statements then code = statements .. "\nreturn " .. last end
  return { fn = assert(lines.compile(code, session.env)), text = code, tutorial = true }
end

--- After the screen's line has run: the next one, or the end.
function M.go_on(session)
  session.tutorial = session.tutorial < #M.SCREENS and session.tutorial + 1 or nil
  if session.tutorial then return print_screen(session, session.tutorial) end
  session:note("That was all. docs/recipes.md goes through the same as recipes; exit leaves.")
end

return M
