"""The commands of `saima`, one module each: `add(parser)` declares the arguments, `run(args)` acts.

`run` returns the exit status: 0 clean, 1 problems were found (what could be done is done and the
rest is named), 2 wrong use or unreadable input (raised as `Refused`).
"""
