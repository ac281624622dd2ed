--- The words that only the prompt has, as rows for help.
return {
  { name = "help", call = "help(), help(image), help(image.copy), help \"key\", help(err)",
    help = "what there is, what a word or an error means", example = "help(image.copy)" },
  { name = "tutorial", call = "tutorial(), tutorial(n)", help = "ten screens on the local cloud; Enter goes on",
    example = "tutorial()" },
  { name = "jobs", call = "jobs()", help = "what goes on in the background", example = "jobs()" },
  { name = "job", call = "job(fn)", help = "run a function in the background",
    example = "job(function() return #images {} end)" },
  { name = "wait", call = "wait(), wait(n)", help = "wait for all jobs or for one; Ctrl-C ends the wait, not the work",
    example = "wait()" },
  { name = "cancel", call = "cancel(n)", help = "forget a job: nobody waits for it; what AWS has begun goes on",
    example = "cancel(job(function() sleep(60) end))" },
  { name = "show", call = "show(x)", help = "all of a value, nothing cut", example = "show(images {})" },
  { name = "trace", call = "trace()", help = "all that is known of the last error", example = "trace()" },
  { name = "exit", call = "exit, Ctrl-D", help = "leave; what goes on is named" },
  { name = "_", call = "_", help = "the last result", example = "#images {}; x = _" },
  { name = "err", call = "err", help = "the last error, with its fields", example = "help(err)" },
}
