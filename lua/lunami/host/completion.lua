--- lunami completion: what bash, zsh and fish need to complete lunami's words, made of the commands' rows.
local arguments = require "lunami.host.arguments"
local check = require "lunami.check"
local commands = require "lunami.host.commands"
local regions = require "lunami.host.regions"

local M = {}

local PROFILES = [=[sed -n 's/^\[\(profile \)\{0,1\}\([^]]*\)\]$/\2/p' ~/.aws/config ~/.aws/credentials 2>/dev/null]=]

local function names()
  local list = {}
  for i, row in ipairs(commands.list) do list[i] = row.name end
  return list
end

-- What the value of an option is: "folder", "file", "profile", "region", a list of words, "any", or nil for none.
local function kind_of(option)
  if not option.value then return nil end
  local value = commands.value_of(option)
  return option.allowed or option.of or (value == "DIR" and "folder") or (value == "FILE" and "file") or "any"
end

-- Every option of any command once: name, row.
local function all_options()
  local all = {}
  for _, row in ipairs(commands.list) do
    for name, option in pairs(commands.options(row)) do all[name] = option end
  end
  return all
end

local function quote(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

-- ---- bash ------------------------------------------------------------------------------------------

local bash_values = {
  folder = 'compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur"))',
  file = 'compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur"))',
  profile = ('COMPREPLY=($(compgen -W "$(%s)" -- "$cur"))'):format(PROFILES),
  region = ('COMPREPLY=($(compgen -W "%s" -- "$cur"))'):format(table.concat(regions, " ")),
  any = ":",
}

local function bash_value(kind)
  return bash_values[kind] or ('COMPREPLY=($(compgen -W "%s" -- "$cur"))'):format(table.concat(kind, " "))
end

local function bash_operands(row)
  local operands = row.operands
  if operands == "file" then return bash_values.file end
  local list = operands == "command" and names() or operands or {}
  return ('COMPREPLY=($(compgen -W "%s" -- "$cur"))'):format(table.concat(list, " "))
end

local function bash()
  local out = { "# bash completion for lunami; made by: lunami completion bash", "_lunami() {",
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' options='' i",
    "    COMPREPLY=()", "    for ((i = 1; i < COMP_CWORD; i++)); do", "        case ${COMP_WORDS[i]} in",
    "        " .. table.concat(names(), "|") .. ") command=${COMP_WORDS[i]}; break ;;", "        esac", "    done",
    "    case $prev in" }
  local all = all_options()
  for _, name in ipairs(check.sorted_keys(all)) do
    local kind = kind_of(all[name])
    if kind then out[#out + 1] = ("    %s) %s; return ;;"):format(name, bash_value(kind)) end
  end
  out[#out + 1] = "    esac"
  out[#out + 1] = "    case $command in"
  for _, row in ipairs(commands.list) do
    local pattern = row.name == "prompt" and "'' | prompt" or row.name
    out[#out + 1] = ("    %s) options=%s ;;"):format(pattern,
      quote(table.concat(check.sorted_keys(commands.options(row)), " ")))
  end
  out[#out + 1] = '    esac\n    case $cur in\n'
    .. '    -*) COMPREPLY=($(compgen -W "$options" -- "$cur")); return ;;\n    esac'
  out[#out + 1] = ("    case $command in\n    '') COMPREPLY=($(compgen -W %s -- \"$cur\")) ;;"):format(
    quote(table.concat(names(), " ")))
  for _, row in ipairs(commands.list) do
    if row.operands then out[#out + 1] = ("    %s) %s ;;"):format(row.name, bash_operands(row)) end
  end
  out[#out + 1] = "    esac\n}\ncomplete -F _lunami lunami"
  return table.concat(out, "\n")
end

-- ---- zsh -------------------------------------------------------------------------------------------

local zsh_values = {
  folder = "_files -/", file = "_files", any = " ",
  profile = ("{ compadd -- $(%s) }"):format(PROFILES), region = "(" .. table.concat(regions, " ") .. ")",
}

local function zsh_escape(text) return (text:gsub("[%[%]:\\]", "\\%0")) end

local function zsh_option(name, option)
  local value, help = commands.value_of(option)
  local kind = kind_of(option)
  local spec = ("%s[%s]"):format(name .. (kind and "=" or ""), zsh_escape(help))
  if kind then
    spec = ("%s:%s:%s"):format(spec, (value or "value"):lower(),
      zsh_values[kind] or "(" .. table.concat(kind, " ") .. ")")
  end
  return quote(spec)
end

local function zsh_operands(row)
  local operands = row.operands
  if operands == "file" then return "'*:file:_files'" end
  local list = operands == "command" and names() or operands
  return list and quote("1:word:(" .. table.concat(list, " ") .. ")") or nil
end

local function zsh()
  local out = { "#compdef lunami", "# zsh completion for lunami; made by: lunami completion zsh", "_lunami() {",
    "  local -a commands", "  commands=(" }
  for _, row in ipairs(commands.list) do
    out[#out + 1] = "    " .. quote(row.name .. ":" .. zsh_escape(row.help))
  end
  out[#out + 1] = "  )"
  out[#out + 1] = "  local command=${words[(r)" .. table.concat(names(), "|") .. "]}"
  out[#out + 1] = "  case $command in"
  for _, row in ipairs(commands.list) do
    local pattern, parts = row.name == "prompt" and "prompt|''" or row.name, {}
    local options = commands.options(row)
    for _, name in ipairs(check.sorted_keys(options)) do parts[#parts + 1] = zsh_option(name, options[name]) end
    if row.name == "prompt" then parts[#parts + 1] = "'1:command:{ _describe command commands }'" end
    if row.name ~= "prompt" then parts[#parts + 1] = quote("1:command:(" .. row.name .. ")") end
    local operands = zsh_operands(row)
    if operands then parts[#parts + 1] = (operands:gsub("^'1:", "'2:")) end
    out[#out + 1] = ("  %s) _arguments \\\n      %s ;;"):format(pattern, table.concat(parts, " \\\n      "))
  end
  out[#out + 1] = '  esac\n}\nif [ "$funcstack[1]" = _lunami ]; then _lunami "$@"; else compdef _lunami lunami; fi'
  return table.concat(out, "\n")
end

-- ---- fish ------------------------------------------------------------------------------------------

local fish_values = {
  folder = "-x -a '(__fish_complete_directories)'", file = "-r -F", any = "-x",
  profile = "-x -a " .. quote("(" .. PROFILES .. ")"), region = "-x -a " .. quote(table.concat(regions, " ")),
}

local function fish_quote(text) return "'" .. text:gsub("[\\']", "\\%0") .. "'" end

local function fish()
  local list = table.concat(names(), " ")
  local none = fish_quote("not __fish_seen_subcommand_from " .. list)
  local out = { "# fish completion for lunami; made by: lunami completion fish", "complete -c lunami -f" }
  for _, row in ipairs(commands.list) do
    local condition = row.name == "prompt" and none or fish_quote("__fish_seen_subcommand_from " .. row.name)
    out[#out + 1] = ("complete -c lunami -n %s -a %s -d %s"):format(none, row.name, fish_quote(row.help))
    local options = commands.options(row)
    for _, name in ipairs(check.sorted_keys(options)) do
      local _, help = commands.value_of(options[name])
      local kind = kind_of(options[name])
      local value = kind and " " .. (fish_values[kind] or "-x -a " .. fish_quote(table.concat(kind, " "))) or ""
      out[#out + 1] = ("complete -c lunami -n %s -l %s%s -d %s"):format(condition, name:sub(3), value, fish_quote(help))
    end
    local operands = row.operands
    if operands == "file" then
      out[#out + 1] = ("complete -c lunami -n %s -F"):format(condition)
    elseif operands then
      out[#out + 1] = ("complete -c lunami -n %s -a %s"):format(condition,
        fish_quote(operands == "command" and list or table.concat(operands, " ")))
    end
  end
  return table.concat(out, "\n")
end

local shells = { bash = bash, zsh = zsh, fish = fish }

function M.command(argv, from)
  local shell = argv[from] or arguments.fail("for which shell? lunami completion bash, zsh or fish")
  if not shells[shell] then arguments.fail("no completion for '%s': bash, zsh or fish", shell) end
  print(shells[shell]())
  return 0
end

return M
