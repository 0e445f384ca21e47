"""Units are told of a paper once a month before its end, once in the last week, once it has ended."""

from __future__ import annotations

from datetime import date

from saima_web.audit.actions import writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.messaging.actions import tell
from saima_web.projects.models import PaperNotice, ProjectPaper
from saima_web.projects.papers.queries import address_of, days_words, pressing, stage_of


def remind() -> int:
    """Tell the units of running campaigns what presses. Returns how many messages were written."""
    day = today()
    return sum(
        _tell(paper, day)
        for campaign in Campaign.objects.filter(state=Campaign.State.RUNNING)
        for paper in pressing(campaign, day)
    )


def _tell(paper: ProjectPaper, day: date) -> int:
    """One message for a paper and a stage, however often this is asked; nothing after that."""
    stage, project = stage_of(paper, day), paper.project
    if stage is None or paper.expires is None:
        return 0
    with writing(None):
        _row, fresh = PaperNotice.objects.get_or_create(
            paper=paper, stage=stage, defaults={"at": now()}
        )
        if not fresh:
            return 0
        told = tell(
            to=project.unit, kind="project", campaign=project.campaign, link=address_of(paper),
            subject=f"材料{days_words(paper, day)}：{paper.name}",
            text=(
                f"{project.name}的“{paper.name}”有效期至{paper.expires}。"
                "请及时续办，在项目页登记新的有效期；不用续办的，写明原因。"
            ),
        )  # fmt: skip
    return len(told)
