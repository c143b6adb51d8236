"""The engine for other programs: what is asked comes in as JSON, answers or errors as text go out.

`tasks` are what may be asked, `worker` a process that answers and is ended where an answer takes too long, `agents` the tools for
language models. What needs another package is imported where its command is run.
"""
