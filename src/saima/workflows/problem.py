"""A problem (难题): raised by its owner, sorted to whoever can solve it, decided, closed out.

The shape is a published weekly round: owners raise by one day of the week, the team sorts by
another, what needs a meeting is met on a fixed day, and what remains goes up to the leaders.
"""

from __future__ import annotations

from saima.workflows.tables import Workflow

PROBLEM = Workflow(
    states={
        "raised": "待分流",
        "with_team": "专班协调",
        "for_meeting": "待会商",
        "for_leaders": "待领导决策",
        "decided": "办理中",
        "reported": "待销号",
        "closed": "已销号",
        "declined": "不予受理",
        "withdrawn": "已撤回",
    },
    events={
        "to_team": "交专班协调",
        "to_meeting": "列入会商",
        "to_leaders": "上报领导",
        "decline": "不予受理",
        "withdraw": "撤回",
        "decide": "议定",
        "report": "反馈办理情况",
        "return": "退回办理",
        "close": "销号",
        "reopen": "重新办理",
    },
    moves={
        ("raised", "to_team"): "with_team",
        ("raised", "to_meeting"): "for_meeting",
        ("raised", "to_leaders"): "for_leaders",
        ("raised", "decline"): "declined",
        ("raised", "withdraw"): "withdrawn",
        ("with_team", "decide"): "decided",
        ("with_team", "to_meeting"): "for_meeting",
        ("with_team", "to_leaders"): "for_leaders",
        ("with_team", "withdraw"): "withdrawn",
        ("for_meeting", "decide"): "decided",
        ("for_meeting", "to_team"): "with_team",
        ("for_meeting", "to_leaders"): "for_leaders",
        ("for_leaders", "decide"): "decided",
        ("for_leaders", "to_meeting"): "for_meeting",
        ("decided", "report"): "reported",
        ("decided", "to_meeting"): "for_meeting",
        ("decided", "to_leaders"): "for_leaders",
        ("reported", "return"): "decided",
        ("reported", "close"): "closed",
        ("closed", "reopen"): "decided",
    },
)
"""What was decided and turns out not to work goes up one level again; one that was closed and
comes back is taken up under its own number."""

OPEN = ("raised", "with_team", "for_meeting", "for_leaders", "decided", "reported")
"""Not closed out yet."""

UNDECIDED = ("raised", "with_team", "for_meeting", "for_leaders")
"""Nobody has been made responsible yet."""

LEVELS = {
    "team": "专班可以解决",
    "meeting": "需要会商",
    "leaders": "需要领导决策",
}
"""Who can solve it."""

LEVEL_OF = {"to_team": "team", "to_meeting": "meeting", "to_leaders": "leaders"}
"""The event that sorts a problem -> its level."""
