"""A unit's action plan (作战方案): handed in, approved or returned, opened again to be revised."""

from __future__ import annotations

from saima.workflows.tables import Workflow

ACTION_PLAN = Workflow(
    states={
        "draft": "草拟",
        "submitted": "待审定",
        "returned": "被退回",
        "approved": "执行中",
        "concluded": "已完成",
    },
    events={
        "submit": "提交",
        "return": "退回",
        "approve": "批准",
        "revise": "退回修订",
        "conclude": "办结",
    },
    moves={
        ("draft", "submit"): "submitted",
        ("returned", "submit"): "submitted",
        ("submitted", "return"): "returned",
        ("submitted", "approve"): "approved",
        ("approved", "revise"): "returned",
        ("approved", "conclude"): "concluded",
    },
)
