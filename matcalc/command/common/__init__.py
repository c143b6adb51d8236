"""What the commands have in common: options, how arguments are read, what is printed, and an end without a traceback.

No command is known here.
"""
