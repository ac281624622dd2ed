--- The words of a recipe that belong to no noun, as rows for the reference and for help.
return {
  { name = "each", call = "each(list, fn [, options])",
    help = "run fn(item, index) for every item side by side; the results in the list's order",
    options = { { "at_once", "number", "how many side by side" },
      { "keep_going", "boolean", "a failure does not cancel the others" } } },
  { name = "all", call = "all({ name = fn, … } [, options])",
    help = "run functions side by side; the results by the same names",
    options = { { "at_once", "number", "how many side by side" },
      { "keep_going", "boolean", "a failure does not cancel the others" } } },
  { name = "try", call = "try(fn, …)", help = "fn's result, or nil and the error object" },
  { name = "scratch", call = "scratch(thing)",
    help = "mark what this recipe made as temporary: it is removed when the recipe ends, however it ends; the thing" },
  { name = "sleep", call = "sleep(seconds)", help = "wait; other tasks go on" },
  { name = "call", call = "call(service, action, input)",
    help = "any action that lunami knows: \"ec2\", \"kms\" or \"sts\", the action's name, its members in snake_case" },
  { name = "recipe", call = "recipe { summary =, args = { name = { help =, required =, default =, type = } } }",
    help = "the head of a recipe: what --help shows; arguments (--name value) arrive checked in arg; "
      .. "types: string, number, boolean, list (a,b,c)" },
}
