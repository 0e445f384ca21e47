"""The notice of a quarter's project assessment, in the office's own frame."""

from __future__ import annotations

from dataclasses import replace

from saima.briefing.model import Briefing
from saima.briefing.project_assessment import assessment_notice
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.projects.assessment.bulletin import framed
from saima_web.projects.assessment.quarters import Quarter


def notice(quarter: Quarter, campaign: Campaign, version: int) -> Briefing:
    """As it is issued; version 0 is a draft, from the second on it corrects the one before."""
    made = assessment_notice(
        quarter.lines, quarter.whole, quarter.period, quarter.month, today=today()
    )
    mark = {0: "（征求意见稿）", 1: ""}.get(version, "（更正）")
    return framed(replace(made, title=made.title + mark), campaign)
