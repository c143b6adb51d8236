"""What whole forms show of the kinds of their letters, and what it costs to read a name otherwise.

Items come in, costs and questions go out; the solver in `kinds` adds them up.
"""
