"""What becomes of a paper that runs out: a new one in its place, or none with its reason."""

from __future__ import annotations

from datetime import date

from saima.problems import declare, refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import today
from saima_web.people.models import User
from saima_web.people.permissions import require
from saima_web.projects.actions import add_paper, subject
from saima_web.projects.models import ProjectPaper

NOT_LONGER = declare(
    "paper-not-longer",
    "“{name}”现在的有效期至{old}，新的有效期{new}没有更晚。",
    "请核对新证上的日期。",
    "“{name}” is valid until {old} already; {new} is no later.",
    "Check the date on the new paper.",
)
DATES_ORDER = declare(
    "paper-dates-order",
    "“{name}”的签发日期{on}晚于有效期{new}。",
    "请核对新证上的两个日期。",
    "“{name}” was issued on {on}, after its last day {new}.",
    "Check both dates on the new paper.",
)
NO_REASON = declare(
    "paper-no-reason",
    "“{name}”没有新的有效期，也没有写不用续办的原因。",
    "续办了的填新的有效期；不用续办的写明原因。",
    "“{name}” got neither a new last day nor a reason why none is needed.",
    "Enter the new last day, or say why the paper is not renewed.",
)
PAPER_SETTLED = declare(
    "paper-settled",
    "“{name}”已经登记过不用续办。",
    "有了新证的，点“登记材料”登记。",
    "“{name}” was let go already.",
    "Enter a new paper instead.",
)


def renew_paper(
    *, paper: ProjectPaper, expires: date, on: date, by: User, number: str = ""
) -> ProjectPaper:
    """The paper that follows one that runs out: a row of its own, the old one stays as it was."""
    _allowed(paper, by)
    if paper.expires is None or expires <= paper.expires:
        raise refuse(NOT_LONGER, name=paper.name, old=paper.expires or "—", new=expires)
    if on > expires:
        raise refuse(DATES_ORDER, name=paper.name, on=on, new=expires)
    return add_paper(
        project=paper.project, by=by, kind=paper.kind, name=paper.name, holder=paper.holder,
        amount=paper.amount, number=number.strip()[:60] or paper.number, on=on, expires=expires,
    )  # fmt: skip


def let_go(*, paper: ProjectPaper, reason: str, by: User) -> ProjectPaper:
    """No paper follows, for a reason. Errors: Refused without one, or where it was let go before."""
    with writing(by) as ledger:
        row = ProjectPaper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
        _allowed(row, by)
        if row.settled_on:
            raise refuse(PAPER_SETTLED, name=row.name)
        if not reason.strip():
            raise refuse(NO_REASON, name=row.name)
        row.settled_on, row.settled_note = today(), reason.strip()[:200]
        row.save(update_fields=["settled_on", "settled_note"])
        ledger.record(
            "project.paper-let-go", subject(row.project), campaign=row.project.campaign.code,
            kind=row.kind, name=row.name, personal=row.settled_note,
        )  # fmt: skip
    return row


def _allowed(paper: ProjectPaper, by: User) -> None:
    project = paper.project
    require(by, "projects.report", campaign=project.campaign, unit=project.unit)
