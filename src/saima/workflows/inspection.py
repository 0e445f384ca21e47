"""An inspection (督查) of one unit, from plan to answered conclusion; and one finding of it.

The unit answers the conclusion or objects to it, once; whoever inspected reviews the objection
(政府督查工作条例: the conclusion is told to the inspected, an objection is reviewed).
"""

from __future__ import annotations

from saima.workflows.tables import Workflow

INSPECTION = Workflow(
    states={
        "planned": "待督查",
        "recorded": "已督查",
        "concluded": "待反馈",
        "objected": "有异议",
        "upheld": "维持结论",
        "answered": "已反馈",
        "returned": "退回重报",
        "closed": "已办结",
        "dropped": "已取消",
    },
    events={
        "record": "记录督查情况",
        "conclude": "送达结论",
        "answer": "反馈",
        "object": "提出异议",
        "uphold": "维持结论",
        "revise": "修改结论",
        "return": "退回反馈",
        "close": "办结",
        "drop": "取消",
    },
    moves={
        ("planned", "record"): "recorded",
        ("planned", "drop"): "dropped",
        ("recorded", "record"): "recorded",
        ("recorded", "conclude"): "concluded",
        ("concluded", "answer"): "answered",
        ("concluded", "object"): "objected",
        ("objected", "uphold"): "upheld",
        ("objected", "revise"): "recorded",
        ("upheld", "answer"): "answered",
        ("answered", "return"): "returned",
        ("answered", "close"): "closed",
        ("returned", "answer"): "answered",
    },
)
"""A conclusion that is revised goes back to the record and is told again; one that was upheld
is answered, not disputed a second time."""

TOLD = ("concluded", "objected", "upheld", "answered", "returned", "closed")
"""The unit knows the conclusion: before that, record and findings are the inspectors' own."""

TO_ANSWER = ("concluded", "upheld", "returned")
"""The unit owes an answer."""

FINDING = Workflow(
    states={"open": "整改中", "reported": "待核实", "settled": "已整改"},
    events={"report": "反馈整改情况", "settle": "核实销号", "return": "退回整改"},
    moves={
        ("open", "report"): "reported",
        ("reported", "settle"): "settled",
        ("reported", "return"): "open",
    },
)
"""What was found wrong; merits have no loop."""
