"""A dispatch meeting (运行调度): planned for its day, held with minutes, closed when they are out."""

from __future__ import annotations

from saima.workflows.tables import Workflow

DISPATCH = Workflow(
    states={"planned": "待召开", "held": "已召开", "issued": "纪要已印发", "dropped": "已取消"},
    events={"hold": "记录会议", "issue": "印发纪要", "drop": "取消"},
    moves={
        ("planned", "hold"): "held",
        ("planned", "drop"): "dropped",
        ("held", "hold"): "held",
        ("held", "issue"): "issued",
    },
)
"""Minutes may be added to until they are issued; then their lines stand."""
