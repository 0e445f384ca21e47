"""Targets: a headline broken down over units and periods, so that every part adds up exactly.

`decompose` works out one indicator, `tables.allocate_plan` a whole plan, `command.run` a plan's
file; `transfer`, `cascade`, `amplification` and `support` start from the tables that come out.
"""
