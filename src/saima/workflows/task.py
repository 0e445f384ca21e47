"""A task (督办事项): initiated, assigned, taken on, reported, reviewed, closed out, evaluated."""

from __future__ import annotations

from saima.workflows.tables import Workflow

STOPPABLE = ("initiated", "assigned", "disputed", "accepted", "in_hand", "returned")

TASK = Workflow(
    states={
        "initiated": "已立项",
        "assigned": "待签收",
        "disputed": "有异议",
        "accepted": "已签收",
        "in_hand": "承办中",
        "reported": "待审核",
        "reviewed": "已审核",
        "returned": "退回重办",
        "completed": "已办结",
        "closed_out": "已销号",
        "evaluated": "已评价",
        "archived": "已归档",
        "stopped": "已中止",
    },
    events={
        "assign": "交办",
        "accept": "签收",
        "dispute": "提出异议",
        "start": "承办",
        "report": "报告办结",
        "review": "审核",
        "return": "退回",
        "complete": "办结",
        "close_out": "销号",
        "evaluate": "评价",
        "archive": "归档",
        "stop": "中止",
    },
    moves={
        ("initiated", "assign"): "assigned",
        ("assigned", "accept"): "accepted",
        ("assigned", "dispute"): "disputed",
        ("disputed", "assign"): "assigned",
        ("accepted", "start"): "in_hand",
        ("in_hand", "report"): "reported",
        ("reported", "review"): "reviewed",
        ("reviewed", "return"): "returned",
        ("reviewed", "complete"): "completed",
        ("returned", "start"): "in_hand",
        ("completed", "close_out"): "closed_out",
        ("completed", "return"): "returned",
        ("closed_out", "evaluate"): "evaluated",
        ("evaluated", "archive"): "archived",
        **{(state, "stop"): "stopped" for state in STOPPABLE},
        ("stopped", "archive"): "archived",
    },
)
"""A dispute is decided by assigning again, to the same unit or another. What proves not to be done
when it is to be struck off goes back, even though it was completed."""

OPEN = ("initiated", "assigned", "disputed", "accepted", "in_hand", "returned")
"""Something is still to be done by the unit or about it: the deadline runs."""

REPORTED = ("reported", "reviewed", "completed", "closed_out", "evaluated", "archived")
"""The unit has said that it is done: the day of that report is held against the deadline."""
