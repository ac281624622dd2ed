--- The commands as rows: help, the shells' completions and the manual page are made of them.
--
-- operands: what follows the options, "file", "command" or a list of words. A command's module has
-- command(argv, from) -> exit status, and rows, its options (see arguments.lua).
local M = {}

M.list = {
  { name = "prompt", line = "[options]", help = "explore at a prompt; --local: on a local cloud",
    module = "lunami.host.prompt" },
  { name = "run", line = "run [options] recipe.lua [arguments]", help = "run a recipe", operands = "file",
    module = "lunami.host.run" },
  { name = "eval", line = "eval [options] 'expression'", help = "run a line and print its result",
    module = "lunami.host.eval" },
  { name = "serve", line = "serve [options]", help = "offer the local cloud to any AWS client on loopback",
    module = "lunami.host.serve" },
  { name = "doctor", line = "doctor [options]",
    help = "look at credentials, region, network and clock, each with its remedy",
    module = "lunami.host.doctor" },
  { name = "help", line = "help [command]", help = "this text, or a command's options", operands = "command",
    module = "lunami.host.help" },
  { name = "completion", line = "completion bash|zsh|fish", help = "what a shell needs to complete lunami's words",
    operands = { "bash", "zsh", "fish" }, module = "lunami.host.completion" },
  { name = "manual", line = "manual", help = "the manual page, for man", module = "lunami.host.manual" },
  { name = "version", line = "version", help = "what this program is", module = "lunami.host.version" },
}

M.exit_statuses = {
  { "0", "done" },
  { "1", "failed: AWS or a resource said no" },
  { "2", "the recipe or the command line is wrong" },
  { "75", "not finished in the time given; the work goes on, and how to continue is said" },
  { "130", "ended by SIGINT (Ctrl-C)" },
  { "143", "ended by SIGTERM or SIGHUP" },
}

M.by_name = {}
for _, row in ipairs(M.list) do M.by_name[row.name] = row end

--- What an option's value is, in capitals, and what it is for: "DIR", "keep everything there"; nil for none.
function M.value_of(option)
  local value, help = option.help:match("^(%u+): (.*)$")
  return value, help or option.help
end

--- The options of a command: {["--name"] = row}; loads its module.
function M.options(row)
  return require(row.module).rows or {}
end

return M
