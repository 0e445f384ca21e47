"""Writing cells: reporting, endorsing, confirming and returning figures, remarks and evidence.

Every action checks who acts, whether the round is open and the state of the cell
(`saima.workflows.SUBMISSION`), and stands in the ledger. A figure is never changed: the next one
is recorded beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from saima.problems import Refused
from saima_web.audit.actions import writing
from saima_web.base.clock import now, today
from saima_web.base.fields import canonical
from saima_web.people.models import Unit, User
from saima_web.people.permissions import may, require
from saima_web.reporting import refusals
from saima_web.reporting.checks import Bases, findings_on
from saima_web.reporting.grid_rights import is_provided
from saima_web.reporting.models import DueException, Entry, Evidence, Figure, Remark, Round
from saima_web.reporting.pen import Given, Pen, pen_for
from saima_web.reporting.recording import (
    Versions,
    figure_data,
    figure_words,
    keep,
    lock,
    locked,
    place_of,
    record,
    reported_units,
    require_open,
    step,
    versions_of,
)
from saima_web.reporting.refusals import cell_name, stop
from saima_web.reporting.sharing import lock_all, return_elsewhere, settle_elsewhere
from saima_web.ui.uploads import bare_name, objection, store

EDITABLE = ("empty", "draft", "returned")
"""The states in which the unit may change a cell."""


def save_figure(
    *, entry: Entry, value: Decimal | None, missing: str = "", by: User, origin: str = "typed",
    request_id: str | None = None, on_behalf: str = "", grade: str = "",
    expected: int | None = None, at: datetime | None = None,
) -> Entry:  # fmt: skip
    """Record what a unit reports for a cell, or the owner provides; nothing at all clears it.

    Returns the entry as it stands then. Errors: Refused, and nothing was changed.
    """
    given = Given(entry, value, missing, grade, request_id, expected)
    return save_many(rows=[given], by=by, origin=origin, on_behalf=on_behalf, at=at)[0]


def save_many(
    *, rows: Sequence[Given], by: User, origin: str = "typed", on_behalf: str = "",
    at: datetime | None = None,
) -> list[Entry]:  # fmt: skip
    """As `save_figure` for many cells: all are saved or none."""
    rows = [replace(row, origin=origin, on_behalf=on_behalf.strip()) for row in rows]
    with writing(by) as ledger:
        _lock_provided(rows)
        entries = locked(row.entry for row in rows)
        pen = pen_for(rows, entries, by, ledger, at or now())
        for row in rows:
            pen.check(row)
        saved = [pen.write(row) for row in rows]
        pen.keep()
        return saved


def save_each(
    *, rows: Sequence[Given], by: User, bases: Mapping[int, Bases] | None = None,
    at: datetime | None = None,
) -> list[Refused | None]:  # fmt: skip
    """Save each row for itself; why it was refused, None where it is saved.

    The rows' entries were read with their round, unit, indicator and figures; afterwards they are
    as the database has them.
    """
    with writing(by) as ledger:
        _lock_provided(rows)
        pen = pen_for(rows, lock([row.entry for row in rows]), by, ledger, at or now(), bases)
        found = [_tried(pen, row) for row in rows]
        pen.keep()
    return found


def _lock_provided(rows: Sequence[Given]) -> None:
    """What is provided counts in other campaigns at once: their cells are locked with these."""
    if any(is_provided(row.entry.indicator) for row in rows):
        lock_all(row.entry for row in rows)


def _tried(pen: Pen, row: Given) -> Refused | None:
    try:
        pen.check(row)
        pen.write(row)
    except Refused as error:
        return error
    return None


def submit(*, round: Round, unit: Unit, by: User, at: datetime | None = None) -> list[Entry]:
    """Hand in all that a unit has saved in a round. What comes after the deadline is marked late.

    Errors: Refused `open-points` names every error to mend and every explanation still owed.
    """
    with writing(by) as ledger:
        require(by, "figures.report", campaign=round.campaign, unit=unit)
        entries = _of_unit(round, unit, "draft", _("提交"), _("请先填报并保存。"))
        _require_settled(round, entries)
        moment = at or now()
        late = moment > due_of(round, unit)
        for entry in entries:
            entry.state = step(entry, "submit")
            if entry.submitted_at is None:
                entry.submitted_at, entry.late = moment, late
            keep(entry, by, moment)
            record(ledger, "figure.submitted", entry, late=entry.late, figure=entry.reported_id)
        return entries


def withdraw(*, round: Round, unit: Unit, by: User, at: datetime | None = None) -> list[Entry]:
    """Take back what a unit has handed in and its head has not yet passed on."""
    with writing(by) as ledger:
        require(by, "figures.report", campaign=round.campaign, unit=unit)
        hint = _("单位负责人审核后不能撤回，请联系他退回。")
        entries = _of_unit(round, unit, "submitted", _("撤回"), hint)
        moment = at or now()
        for entry in entries:
            entry.state = step(entry, "withdraw")
            if not _was_returned(entry):
                entry.submitted_at, entry.late = None, False
            keep(entry, by, moment)
            record(ledger, "figure.withdrawn", entry)
        return entries


def _of_unit(round: Round, unit: Unit, state: str, event: str, hint: str) -> list[Entry]:
    """A unit's cells in a state, locked. Errors: Refused where there is none or it is not open."""
    rows = locked(round.entries.filter(unit=unit))
    require_open(Round.objects.select_related("campaign").get(pk=round.pk))
    found = [e for e in rows.values() if e.state == state]
    if not found:
        stop(refusals.NOTHING_TO_DO, unit=unit, event=event, hint=hint)
    return found


def _was_returned(entry: Entry) -> bool:
    return entry.remarks.filter(kind__in=Remark.SENT_BACK).exists()


def _require_settled(round: Round, entries: list[Entry]) -> None:
    found = findings_on(round, entries)
    points = [
        f"{entry.indicator}：{finding.message}"
        for entry in entries
        for finding in found.get(entry.pk, ())
        if finding.open
    ]
    if points:
        stop(
            refusals.OPEN_POINTS,
            count=len(points),
            points="；".join(p.rstrip("。") for p in points),
        )


def due_of(round: Round, unit: Unit) -> datetime:
    """Until when a unit may report in time: the round's deadline, or its latest exception."""
    until = DueException.objects.filter(round=round, unit=unit).order_by("-pk").first()
    return until.until if until else round.due_at


def endorse(*, entries: Iterable[Entry], by: User, at: datetime | None = None) -> list[Entry]:
    """The head of the unit passes figures on to the data owner: all of them or none."""
    with writing(by) as ledger:
        rows = _reviewed(entries)
        for entry in rows:
            require(by, "figures.endorse", campaign=entry.round.campaign, unit=entry.unit)
        for entry in rows:
            entry.state = step(entry, "endorse")
            keep(entry, by, at or now())
            record(ledger, "figure.endorsed", entry, figure=entry.reported_id)
        return rows


def confirm(
    *, entries: Iterable[Entry], by: User, values: Mapping[int, Decimal] | None = None,
    reason: str = "", at: datetime | None = None,
) -> list[Entry]:  # fmt: skip
    """The data owner settles figures: as reported, or at `values` by entry id with a reason."""
    with writing(by) as ledger:
        rows, moment = _reviewed(entries), at or now()
        for entry in rows:
            require(by, "figures.confirm", campaign=entry.round.campaign, indicator=entry.indicator)
            _refuse_own(entry, by)
        versions = versions_of(rows)
        for entry in rows:
            entry.state = step(entry, "confirm")
            value = (values or {}).get(entry.pk)
            entry.confirmed = _confirmed_figure(entry, versions, value, reason.strip(), by, moment)
            keep(entry, by, moment)
            record(ledger, "figure.confirmed", entry, **figure_data(entry.confirmed))
        settle_elsewhere(rows, by, moment, ledger)
        return rows


def _confirmed_figure(
    entry: Entry, versions: Versions, value: Decimal | None, reason: str, by: User, at: datetime
) -> Figure:
    """The settled figure; where it differs from the reported one, the reason stands as a remark."""
    given = entry.reported
    assert given is not None, "a cell that was endorsed has a reported figure"
    differs = value is not None and value != given.value
    if differs and not reason:
        stop(
            refusals.REASON_NEEDED,
            entry,
            what=_("%(cell)s的核定数与自报数不同，") % {"cell": cell_name(entry)},
        )
    if differs:
        words = {
            "given": figure_words(given),
            "value": canonical(value or Decimal(0)),
            "why": reason,
        }
        text = _("自报%(given)s，核定为%(value)s：%(why)s") % words
        Remark.objects.create(entry=entry, kind=Remark.Kind.COMMENT, text=text, by=by, at=at)
    return Figure.objects.create(
        **place_of(entry, versions), source=Figure.Source.CONFIRMED, origin=Figure.Origin.CONFIRMED,
        value=value if differs else given.value,
        missing="" if differs else given.missing,
        grade="" if differs else given.grade, recorded_at=at, by=by,
    )  # fmt: skip


def return_(
    *, entries: Iterable[Entry], reason: str, by: User, at: datetime | None = None
) -> list[Entry]:
    """Send figures back with a reason: the head what was handed in, the owner what was endorsed.

    A settled figure that is sent back counts no longer: a row that withdraws it is recorded.
    """
    with writing(by) as ledger:
        rows, moment = _reviewed(entries), at or now()
        for entry in rows:
            _require_may_return(entry, by)
        if not reason.strip():
            stop(refusals.REASON_NEEDED, what=_("退回"))
        undone = [entry for entry in rows if entry.confirmed is not None]
        versions = versions_of(undone)
        for entry in rows:
            entry.state = step(entry, "return")
            if entry.confirmed is not None:
                _withdraw_confirmed(entry, versions, by, moment)
            entry.reason = reason.strip()[:300]
            keep(entry, by, moment)
            Remark.objects.create(
                entry=entry, kind=Remark.Kind.RETURN, text=reason.strip(), by=by, at=moment
            )
            record(ledger, "figure.returned", entry, personal=reason.strip())
        return_elsewhere(undone, reason.strip(), by, moment, ledger)
        return rows


def _require_may_return(entry: Entry, by: User) -> None:
    """The head returns until the owner has it, then the owner; owners never their own unit's."""
    if entry.state in ("endorsed", "confirmed"):
        require(by, "figures.confirm", campaign=entry.round.campaign, indicator=entry.indicator)
        _refuse_own(entry, by)
        if is_provided(entry.indicator):
            stop(refusals.NOT_A_FIGURE, entry, why=_("由部门统一提供，请直接更正，不用退回。"))
    elif entry.state == "submitted" or may(
        by, "figures.endorse", campaign=entry.round.campaign, unit=entry.unit
    ):
        require(by, "figures.endorse", campaign=entry.round.campaign, unit=entry.unit)
    else:
        require(by, "figures.confirm", campaign=entry.round.campaign, indicator=entry.indicator)


def _withdraw_confirmed(entry: Entry, versions: Versions, by: User, at: datetime) -> None:
    Figure.objects.create(
        **place_of(entry, versions), source=Figure.Source.CONFIRMED, origin=Figure.Origin.CONFIRMED,
        withdrawn=True, recorded_at=at, by=by,
    )  # fmt: skip
    entry.confirmed = None


def _reviewed(entries: Iterable[Entry]) -> list[Entry]:
    """Cells to be decided on, locked, their rounds open."""
    asked = list(entries)
    lock_all(asked)
    rows = list(locked(asked).values())
    for round in {e.round for e in rows}:
        require_open(round)
    return rows


def _refuse_own(entry: Entry, by: User) -> None:
    """Nobody settles a figure of the own unit, or one that they reported themselves."""
    mine = entry.reported is not None and entry.reported.by_id == by.pk
    if mine or entry.unit_id in reported_units(by):
        stop(refusals.OWN_FIGURE, entry)


def remark(
    *, entry: Entry, kind: str, text: str, by: User, measure: str = "",
    catch_up_on: date | None = None, at: datetime | None = None,
) -> Remark:  # fmt: skip
    """Words on a cell: a comment by who sees it; why it jumped or is behind by who reports it."""
    with writing(by) as ledger:
        found = locked([entry])[entry.pk]
        _require_may_remark(found, kind, by)
        _check_words(found, kind, text, measure, catch_up_on)
        row = Remark.objects.create(
            entry=found, kind=kind, text=text.strip(), measure=measure.strip(),
            catch_up_on=catch_up_on, by=by, at=at or now(),
        )  # fmt: skip
        words = " ".join(w for w in (row.text, row.measure) if w)
        day = {"catch_up_on": catch_up_on.isoformat()} if catch_up_on else {}
        record(ledger, "figure.remarked", found, personal=words, kind=kind, **day)
        return row


def _require_may_remark(entry: Entry, kind: str, by: User) -> None:
    campaign = entry.round.campaign
    if kind == Remark.Kind.COMMENT:
        require(
            by, "figures.comment", campaign=campaign, unit=entry.unit, indicator=entry.indicator
        )
        return
    if not may(by, "figures.report-for", campaign=campaign, indicator=entry.indicator):
        require(by, "figures.report", campaign=campaign, unit=entry.unit)
    require_open(entry.round)
    if entry.state not in EDITABLE:
        step(entry, "save")


def _check_words(entry: Entry, kind: str, text: str, measure: str, until: date | None) -> None:
    owed = [] if text.strip() else [_("原因")]
    if kind == Remark.Kind.BEHIND:
        owed += [] if measure.strip() else [_("措施")]
        owed += [] if until else [_("追平日期")]
    if owed:
        stop(
            refusals.NOT_A_FIGURE, entry, why=_("说明里还缺%(what)s。") % {"what": "、".join(owed)}
        )
    if until is not None and until < today():
        stop(refusals.NOT_A_FIGURE, entry, why=_("追平日期已经过去。"))


def attach(
    *, entry: Entry, name: str, content: bytes, by: User, at: datetime | None = None
) -> Evidence:
    """Keep a file that supports a cell's figure; its kind is checked by what it contains."""
    with writing(by) as ledger:
        found = locked([entry])[entry.pk]
        if not may(
            by, "figures.report-for", campaign=found.round.campaign, indicator=found.indicator
        ):
            require(by, "figures.report", campaign=found.round.campaign, unit=found.unit)
        require_open(found.round)
        name = bare_name(name)
        why = objection(name, content)
        if why:
            stop(refusals.BAD_EVIDENCE, name=name, why=why)
        row = Evidence(entry=found, name=name, size=len(content), by=by, at=at or now())
        row.digest = store(row.file, name, content)
        row.save()
        record(ledger, "evidence.attached", found, personal=name, digest=row.digest, size=row.size)
        return row


def flag(*, entry: Entry, on: bool, by: User) -> Entry:
    """Mark a cell to come back to, or take the mark off."""
    with writing(by) as ledger:
        found = locked([entry])[entry.pk]
        require(
            by, "figures.comment",
            campaign=found.round.campaign, unit=found.unit, indicator=found.indicator,
        )  # fmt: skip
        if found.flagged != on:
            found.flagged = on
            found.save(update_fields=["flagged"])
            record(ledger, "figure.flagged" if on else "figure.unflagged", found)
        return found
