"""What the page of one inspection shows, and the forms of the steps that a user may take on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from saima.workflows.inspection import INSPECTION, TO_ANSWER
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import periods_of
from saima_web.indicators.queries import parsed, rulebook_in_force
from saima_web.people.models import User
from saima_web.people.permissions import may
from saima_web.supervision.actions import is_approved
from saima_web.supervision.findings import task_done
from saima_web.supervision.forms import ConcludeForm, FindingForm, RecordForm, ScoreForm, Words
from saima_web.supervision.models import Finding, Inspected, Inspection
from saima_web.supervision.queries import may_read, parts_for, rhythm_of
from saima_web.supervision.scope import may_on
from saima_web.supervision.shown import is_finding_late
from saima_web.supervision.words import event_word

LABELS = {
    "uphold": noop("复核意见"), "revise": noop("复核意见"), "return": noop("退回原因"),
    "close": noop("办结意见"), "drop": noop("取消原因"), "answer": noop("反馈情况"),
    "object": noop("异议和理由"), "report": noop("整改情况"), "settle": noop("核实意见"),
    "send-back": noop("退回原因"),
}  # fmt: skip
"""What the words of a step are."""
OPTIONAL = ("close", "settle")
TITLES = {
    "record": noop("记录督查情况"), "conclude": noop("送达结论"), "uphold": noop("维持结论"),
    "revise": noop("修改结论"), "return": noop("退回反馈"), "close": noop("办结"),
    "drop": noop("取消督查"), "find": noop("记一条发现"), "answer": noop("反馈"),
    "object": noop("提出异议"), "report": noop("反馈整改情况"), "settle": noop("核实销号"),
    "send-back": noop("退回整改"), "task": noop("立项督办"), "score": noop("计入考核"),
    "remove": noop("删去"),
}  # fmt: skip
"""What a step's button says."""


@dataclass(frozen=True)
class Bound:
    """The form that was sent and could not be done: (step, row), with what was typed."""

    key: tuple[str, int]
    form: django_forms.BaseForm


def form_of(event: str, part: Inspected, data: Any = None, pk: int = 0) -> django_forms.BaseForm:
    """The form of a step. Ids are the step's own, because a page has many."""
    own: dict[str, Any] = {"auto_id": f"{event}-{pk or part.pk}-%s"}
    campaign = part.inspection.campaign
    if event == "record":
        start = {"visited_on": part.visited_on or today(), "inspectors": part.inspectors,
                 "text": part.record}  # fmt: skip
        return RecordForm(data, initial=start, **own)
    if event == "conclude":
        due = today() + timedelta(days=rhythm_of(campaign).answer_days)
        return ConcludeForm(data, initial={"conclusion": part.conclusion, "answer_by": due}, **own)
    if event == "find":
        start = {"deadline": today() + timedelta(days=30)}
        return FindingForm(data, initial=start, **own)
    if event == "score":
        return ScoreForm(data, items=score_items(campaign), **own)
    if event in ("task", "remove"):
        return django_forms.Form({} if data is not None else None, **own)
    return Words(data, label=_(LABELS[event]), required=event not in OPTIONAL, **own)


def score_items(campaign: Campaign) -> list[tuple[str, str]]:
    """The bonuses and deductions of the rulebook in force, as choices."""
    begun = [p for p in periods_of(campaign) if p.start <= today()]
    row = rulebook_in_force(campaign, begun[-1], now()) if begun else None
    book = parsed(row.text)[0] if row else None
    words = {"bonus": _("加分"), "deduction": _("扣分")}
    return [
        (f"{e.kind}:{e.name}", f"{words[e.kind]}　{e.name}")
        for e in (book.events if book else ())
        if e.kind in words
    ]


def score_item(choice: str) -> dict[str, str]:
    """A choice of `score_items` as the kind and name of an event."""
    kind, _colon, name = choice.partition(":")
    return {"kind": kind, "name": name}


def page_of(by: User, row: Inspection, bound: Bound | None = None) -> dict[str, Any]:
    """Everything that the page shows to a user."""
    parts = [Part(by, p, bound) for p in parts_for(by, row)]
    faults = [f for p in parts if p.reads for f in p.findings if f["row"].kind == "fault"]
    manages = may_on(by, "inspections.manage", row, ())
    return {
        "row": row, "campaign": row.campaign, "parts": parts, "faults": len(faults),
        "settled": sum(1 for f in faults if f["row"].state == "settled"),
        "told": sum(1 for p in parts if p.row.told), "manages": manages,
        "editable": manages and not (row.planned and is_approved(row.campaign, row.begins_on.year)),
        "content": [line for line in row.content.splitlines() if line.strip()],
    }  # fmt: skip


class Part:
    """One unit of an inspection, as one user sees it."""

    def __init__(self, by: User, row: Inspected, bound: Bound | None) -> None:
        self.by, self.row, self.bound = by, row, bound
        self.manages = may_on(by, "inspections.manage", row.inspection, ())
        self.reads = may_read(by, row)
        self.owes = row.state in TO_ANSWER
        self.steps = self._steps()
        self.findings = [self._finding(f) for f in row.findings.all()] if self.reads else []
        self.past = [
            {"row": s, "word": event_word(s.event, INSPECTION.events)}
            for s in row.steps.all()
            if self.reads
        ]

    def _may(self, action: str) -> bool:
        return may_on(self.by, action, self.row.inspection, (self.row.unit_id,))

    def _steps(self) -> list[dict[str, Any]]:
        """The steps that apply now and that the user may take, each with its form."""
        possible = INSPECTION.events_at(self.row.state)
        events = [
            e for e in possible if e in ("answer", "object") and self._may("inspections.answer")
        ]
        if self.manages:
            events += [e for e in possible if e not in ("answer", "object")]
            events += ["find"] if self.row.state == "recorded" else []
        return [
            self._step(e, self.row.pk, "respond" if e in ("answer", "object") else "conduct")
            for e in events
        ]

    def _step(self, event: str, pk: int, where: str) -> dict[str, Any]:
        mine = self.bound is not None and self.bound.key == (event, pk)
        form = self.bound.form if mine and self.bound else form_of(event, self.row, pk=pk)
        return {"event": event, "title": _(TITLES[event]), "form": form, "open": mine, "pk": pk,
                "where": f"supervision:{where}"}  # fmt: skip

    def _finding(self, row: Finding) -> dict[str, Any]:
        events = self._finding_events(row)
        steps = [
            self._step(e, row.pk, "report-finding" if e == "report" else "follow") for e in events
        ]
        scored = row.event is not None and row.event.withdrawn_at is None
        return {"row": row, "steps": steps, "late": is_finding_late(row), "scored": scored,
                "proposed": row.state == "open" and task_done(row)}  # fmt: skip

    def _finding_events(self, row: Finding) -> list[str]:
        """What may be done with a finding now."""
        if not self.row.told:
            return ["remove"] if self.manages else []
        fault, found = row.kind == Finding.Kind.FAULT, []
        if fault and row.state == "open" and self._may("findings.report"):
            found.append("report")
        if not self.manages:
            return found
        campaign = self.row.inspection.campaign
        if fault and row.state == "reported":
            found += ["settle", "send-back"]
        elif fault and row.state == "open" and task_done(row):
            found.append("settle")
        tasked = row.task is not None and row.task.state != "stopped"
        if fault and row.state == "open" and not tasked and self._may("inspections.task"):
            found.append("task")
        scored = row.event is not None and row.event.withdrawn_at is None
        if not scored and may(self.by, "events.manage", campaign=campaign):
            found.append("score")
        return found
