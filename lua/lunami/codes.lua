--- Codes of errors: lunami's own, and those of AWS's that lunami raises itself, before AWS would.
local M = {}

M.own = {
  { "Canceled", "canceled", "its task was cancelled, because another one failed or its caller was" },
  { "CannotRebuild", "other", "copy { keys = … } would lose something that RegisterImage cannot carry" },
  { "CorruptBlock", "other", "a block of a disk image came or arrived damaged, again and again" },
  { "Credentials", "other", "no credentials were found; the message says where it looked" },
  { "Configuration", "other", "a setting is missing or wrong: a region, a shared file, an endpoint" },
  { "Declined", "canceled", "the prompt asked before something that cannot be undone, and the answer was no" },
  { "Deadlock", "other", "nothing is left that a wait could end with: a fault of lunami's" },
  { "Failed", "other", "anything that has no code of its own" },
  { "FileChanged", "other", "a disk image was written to while it was read" },
  { "Gone", "other", "what was waited for was there and is gone" },
  { "InUse", "other", "the same transfer of a disk image is under way in another process or task" },
  { "InputOutput", "other", "a file or the local cloud's folder cannot be read or written" },
  { "Interrupted", "signal", "a signal ended the run (Ctrl-C)" },
  { "InvalidArgument", "usage", "the recipe is wrong: an unknown word, a wrong type, a missing option" },
  { "LocalCloud", "other", "the local cloud cannot be opened" },
  { "LuaError", "lua", "the recipe's own Lua raised an error" },
  { "Network", "network", "AWS could not be reached, after every retry" },
  { "NoSpace", "other", "there is no room for a disk image; started again its download goes on where it stopped" },
  { "NotFound", "other", "there is no such key, or what was made has not appeared" },
  { "NotRemoved", "other", "something scratch could not be removed" },
  { "NotSet", "other", "an account setting read back is not what was asked for" },
  { "OutOfMemory", "other", "memory was refused" },
  { "SnapshotsLeft", "other", "an image is deregistered, but AWS could not delete these snapshots of it" },
  { "Timeout", "timeout", "not ready in the time given; AWS goes on, and how to wait on is said" },
  { "TooLarge", "other", "a request or an answer is larger than lunami takes" },
  { "TooManyMatches", "other", "a look-up matched several; newest = true takes the newest" },
  { "UnknownName", "usage", "a name that is neither the recipe's nor lunami's nor Lua's" },
  { "UnreadableAnswer", "other", "an answer is not what the service's model says" },
  { "UnusableKey", "other", "EBS cannot use the key: its state, its kind, or who may use it" },
  { "WrongKey", "other", "what was made is not under the key that was asked for" },
  { "WrongRegion", "other", "a key of another region was named" },
}

M.early = { "IncorrectInstanceState", "IncorrectState", "InvalidAMIID.NotFound", "InvalidAMIID.Unavailable",
  "InvalidAMIName.Duplicate", "InvalidAttachment.NotFound", "InvalidInstanceID.NotFound", "InvalidRequest",
  "InvalidSnapshot.NotFound", "InvalidVolume.NotFound", "OperationNotPermitted" }

return M
