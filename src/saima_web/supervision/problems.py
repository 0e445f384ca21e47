"""Problems: raised by their owner, sorted, met, decided, reported on, closed out."""

from __future__ import annotations

from datetime import date
from typing import Any

from saima.problems import refuse
from saima.workflows.problem import LEVEL_OF, PROBLEM
from saima_web.audit.actions import writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.messaging.actions import tell
from saima_web.messaging.queries import To
from saima_web.people.models import Role, Unit, User
from saima_web.people.permissions import require
from saima_web.projects.queries import projects_for
from saima_web.supervision.calendar import next_slot
from saima_web.supervision.models import Problem
from saima_web.supervision.queries import rhythm_of
from saima_web.supervision.recording import LACKS, address_of, move_problem, next_number, words
from saima_web.supervision.scope import may_on, require_on


def raise_problem(*, campaign: Campaign, unit: Unit, by: User, **values: Any) -> Problem:
    """A unit brings a problem, an upward application or the need of a resource."""
    with writing(by) as ledger:
        require(by, "problems.raise", campaign=campaign, unit=unit)
        row = Problem(
            campaign=campaign, unit=unit, number=next_number(campaign, Problem.objects.all()), raised_by=by, raised_at=now(),
            **values,
        )  # fmt: skip
        _check(row)
        _check_project(row, by)
        move_problem(ledger, row, "raised", "raised", by, row.title)
        _tell(row, [Role.OFFICE], f"{unit}提出难题：{row.title}", row.asks, by)
    return row


def _check(row: Problem) -> None:
    words(row.title, "难题")
    words(row.detail, "具体情况")
    words(row.asks, "请求事项")
    if row.kind == Problem.Kind.UPWARD:
        words(row.upward_to, "争取对象")
    if row.kind == Problem.Kind.GUARANTEE:
        words(row.element, "要素")


def _check_project(row: Problem, by: User) -> None:
    """A project that is named is one of the campaign that whoever raises the problem sees."""
    if row.project and not projects_for(by, row.campaign).filter(pk=row.project.pk).exists():
        raise refuse(LACKS, what="您看得到的重点项目")


def _taken(problem: Problem, event: str) -> tuple[Problem, str]:
    found = Problem.objects.select_for_update(of=("self",)).select_related(
        "campaign", "unit", "responsible_unit", "raised_by"
    )
    row = found.get(pk=problem.pk)
    return row, PROBLEM.step(row.state, event)


def sort(
    *, problem: Problem, event: str, by: User, note: str = "", lead_unit: Unit | None = None,
    slot_on: date | None = None,
) -> Problem:  # fmt: skip
    """Send a problem to whoever can solve it: `to_team`, `to_meeting` or `to_leaders`.

    What is met or ruled on stands on the list of the next weekly slot, or of the day given.
    """
    with writing(by) as ledger:
        row, state = _taken(problem, event)
        require_on(by, "problems.sort", row)
        again = row.state == "decided"
        row.level, row.lead_unit = LEVEL_OF[event], lead_unit or row.lead_unit
        row.slot_on = None
        if event != "to_team":
            row.slot_on = slot_on or next_slot(today(), rhythm_of(row.campaign).slot_weekday)
        reason = words(note, "上报原因") if again else note
        move_problem(ledger, row, event, state, by, reason, slot=str(row.slot_on or ""))
        _tell_sorted(row, by)
    return row


def _tell_sorted(row: Problem, by: User) -> None:
    to: list[To] = [row.unit, *([Role.LEADER] if row.level == "leaders" else [])]
    _tell(row, to, f"难题{row.get_state_display()}：{row.title}", "", by)


def postpone(*, problem: Problem, slot_on: date, by: User, note: str = "") -> Problem:
    """Move a problem to the list of a later slot."""
    with writing(by) as ledger:
        row = Problem.objects.select_for_update(of=("self",)).get(pk=problem.pk)
        require_on(by, "problems.sort", row)
        if row.state not in ("for_meeting", "for_leaders") or slot_on < today():
            raise refuse(LACKS, what="会商前的难题和今天或以后的会商日")
        row.slot_on = slot_on
        move_problem(ledger, row, "postponed", row.state, by, note, slot=str(slot_on))
    return row


def decide(
    *, problem: Problem, decision: str, responsible_unit: Unit | None, due_on: date | None, by: User
) -> Problem:
    """Say what is done about it, by whom, until when; what went up is for the leader to decide."""
    with writing(by) as ledger:
        row, state = _taken(problem, "decide")
        require_on(by, "problems.rule" if row.state == "for_leaders" else "problems.sort", row)
        row.decision = words(decision, "议定意见")
        if responsible_unit is None:
            raise refuse(LACKS, what="责任单位")
        if due_on is None or due_on < today():
            raise refuse(LACKS, what="今天或以后的办结期限")
        row.responsible_unit, row.due_on, row.decided_on = responsible_unit, due_on, today()
        move_problem(
            ledger, row, "decide", state, by, row.decision, responsible=responsible_unit.code,
            due=str(due_on),
        )  # fmt: skip
        _tell(row, [responsible_unit, row.unit], f"难题已议定：{row.title}", row.decision, by)
    return row


def report(*, problem: Problem, result: str, by: User) -> Problem:
    """The responsible unit says how it was solved."""
    with writing(by) as ledger:
        row, state = _taken(problem, "report")
        require_on(by, "problems.report", row, row.responsible_unit_id)
        row.result = words(result, "办理情况")
        move_problem(ledger, row, "report", state, by, row.result)
        _tell(row, [Role.OFFICE, row.unit], f"难题已反馈办理：{row.title}", row.result, by)
    return row


def return_(*, problem: Problem, reason: str, by: User) -> Problem:
    """It is not solved: the office, or the unit whose problem it is, sends it back."""
    with writing(by) as ledger:
        row, state = _taken(problem, "return")
        if not _raised_by_unit_of(row, by):
            require_on(by, "problems.sort", row)
        move_problem(ledger, row, "return", state, by, words(reason, "退回原因"))
        to: list[To] = [row.responsible_unit] if row.responsible_unit else []
        _tell(row, to, f"难题办理被退回：{row.title}", reason, by)
    return row


def _raised_by_unit_of(row: Problem, by: User) -> bool:
    return may_on(by, "problems.raise", row, [row.unit_id])


def close(*, problem: Problem, by: User, note: str = "") -> Problem:
    """Strike it off the list (销号)."""
    return _settled(problem, "close", note, by, closed=True)


def reopen(*, problem: Problem, reason: str, by: User) -> Problem:
    """It came back: take it up again under its own number."""
    return _settled(problem, "reopen", words(reason, "重新办理的原因"), by, closed=False)


def decline(*, problem: Problem, reason: str, by: User) -> Problem:
    """Not a matter for this list; the unit reads why."""
    return _settled(problem, "decline", words(reason, "不予受理的原因"), by, closed=False)


def _settled(problem: Problem, event: str, note: str, by: User, *, closed: bool) -> Problem:
    with writing(by) as ledger:
        row, state = _taken(problem, event)
        require_on(by, "problems.sort", row)
        row.closed_on = today() if closed else None
        move_problem(ledger, row, event, state, by, note)
        _tell(row, [row.unit], f"难题{row.get_state_display()}：{row.title}", note, by)
    return row


def withdraw(*, problem: Problem, by: User, note: str = "") -> Problem:
    """The unit takes its problem back."""
    with writing(by) as ledger:
        row, state = _taken(problem, "withdraw")
        require_on(by, "problems.raise", row, row.unit_id)
        move_problem(ledger, row, "withdraw", state, by, note)
    return row


def _tell(row: Problem, to: list[To], subject: str, text: str, by: User) -> None:
    tell(
        to=to, subject=subject, text=text, link=address_of(row), kind="problem",
        campaign=row.campaign, by=by,
    )  # fmt: skip
