"""The command line: words of a shell come in, printed rows and an exit status go out.

`program` is the group of commands, `terminal` what they have in common, `prompt` the session of ``matcalc repl``.
A command stands in a module of its own that is loaded when it is named, so that each starts with what it needs alone.
Nothing else imports this package.
"""
