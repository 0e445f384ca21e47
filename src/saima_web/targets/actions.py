"""Writing targets: drafts cell by cell, submission, approval, transfers; every step in the ledger.

Rows are only added. A set is a draft of its maker, then waits, then is approved or refused by a
leader who did not make it; what is in force changes by approval alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from saima.problems import Problem, refuse
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now
from saima_web.base.fields import canonical
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import may, require
from saima_web.targets import cells, checking, problems
from saima_web.targets.edits import Edit, PlanEdit
from saima_web.targets.models import Bound, Headline, ProjectPlan, Target, TargetSet
from saima_web.targets.transfers import moved

BLANK: dict[str, Any] = {"value": None, "stretch": None, "goal": "", "locked": False}
"""What a cell says of which nothing is said."""


# --- drafts -------------------------------------------------------------------------------------


def draft_targets(
    *, campaign: Campaign, by: User, title: str = "", kind: str = TargetSet.Kind.PLAN
) -> TargetSet:
    """The set that the maker works on, begun if there is none."""
    require(by, "targets.edit", campaign=campaign)
    found = cells.draft_of(campaign, by) if kind == TargetSet.Kind.PLAN else None
    if found is not None:
        return found
    with writing(by) as ledger:
        batch = _begin(campaign, by, title or f"{cells.whole_of(campaign).label()}目标", kind)
        ledger.record("targets.drafted", str(batch.pk), campaign=campaign.code, title=batch.title)
    return batch


def _begin(campaign: Campaign, by: User, title: str, kind: str, **more: Any) -> TargetSet:
    return TargetSet.objects.create(
        campaign=campaign, title=title, kind=kind, made_at=now(), made_by=by, **more
    )


def put_cells(
    *, campaign: Campaign, edits: Sequence[Edit], by: User
) -> tuple[TargetSet | None, list[Problem]]:
    """Put values into the maker's draft; only cells that change get a row.

    All or nothing: with any problem no row is written and no set comes back.
    """
    for indicator in {e.indicator.pk: e.indicator for e in edits}.values():
        require(by, "targets.edit", campaign=campaign, indicator=indicator)
    standing = _standing(campaign, edits, by)
    found = checking.check_edits(campaign, edits, standing)
    if found:
        return None, found
    with writing(by) as ledger:
        batch = draft_targets(campaign=campaign, by=by)
        _require_own_draft(batch, by)
        _put(batch, edits, standing, ledger)
    return batch, []


def _standing(campaign: Campaign, edits: Iterable[Edit], by: User) -> dict[cells.Cell, Target]:
    """What the indicators of some edits say now, the maker's draft over it: not all indicators."""
    return cells.with_draft(campaign, by, indicator__in={e.indicator.pk for e in edits})


def _put(
    batch: TargetSet, edits: Iterable[Edit], standing: Mapping[cells.Cell, Target], ledger: Ledger
) -> None:
    """Rows for the cells that change, and one entry with their old and new values."""
    rows, told = [], []
    for edit in edits:
        old = standing.get(edit.key)
        row = _row(batch, edit, old)
        if values_of(row) != values_of(old):
            rows.append(row)
            told.append(_told(row, old))
    Target.objects.bulk_create(rows, batch_size=500)
    if told:
        ledger.record("targets.put", str(batch.pk), campaign=batch.campaign.code, cells=told)


def _row(batch: TargetSet, edit: Edit, old: Target | None) -> Target:
    row = Target(
        batch=batch, unit=edit.unit, indicator=edit.indicator, period=edit.period,
        recorded_at=now(),
    )  # fmt: skip
    for name, blank in BLANK.items():
        kept = getattr(old, name) if old is not None else blank
        setattr(row, name, edit.changes.get(name, kept))
    row.withdrawn = row.value is None and row.stretch is None and not row.goal
    if row.withdrawn:
        row.locked = False
    return row


def values_of(row: Target | None) -> tuple[Any, ...]:
    """What a cell says, for comparing."""
    if row is None or row.withdrawn:
        return None, None, "", False
    return row.value, row.stretch, row.goal, row.locked


def _told(row: Target, old: Target | None) -> dict[str, Any]:
    """A changed cell as the ledger keeps it."""
    return {
        "unit": row.unit.code, "indicator": row.indicator.code, "period": row.period,
        "old": _plain(old), "new": _plain(row),
    }  # fmt: skip


def _plain(row: Target | None) -> dict[str, Any] | None:
    if row is None or row.withdrawn:
        return None
    told: dict[str, Any] = {}
    for name in ("value", "stretch"):
        number = getattr(row, name)
        if number is not None:
            told[name] = canonical(Decimal(number))
    if row.goal:
        told["goal"] = row.goal
    return told | ({"locked": True} if row.locked else {})


def put_goals(
    *, campaign: Campaign, edits: Sequence[Edit], by: User
) -> tuple[TargetSet | None, list[Problem]]:
    """Goals in words, proposed by the unit itself or by the office; they wait for approval too."""
    for edit in edits:
        on: dict[str, Any] = {"unit": edit.unit, "indicator": edit.indicator}
        require(by, "goals.propose", campaign=campaign, **on)
    if not may(by, "targets.edit", campaign=campaign):
        edits = [Edit(e.unit, e.indicator, e.period, {"goal": e.changes["goal"]}) for e in edits]
    standing = _standing(campaign, edits, by)
    found = checking.check_edits(campaign, edits, standing)
    if found:
        return None, found
    with writing(by) as ledger:
        batch = cells.draft_of(campaign, by) or _begin(
            campaign, by, "文字目标", TargetSet.Kind.PLAN
        )
        _put(batch, edits, standing, ledger)
    return batch, []


def put_plans(*, campaign: Campaign, edits: Sequence[PlanEdit], by: User) -> TargetSet:
    """Projects' monthly plans into the maker's draft; only what changes gets a row."""
    with writing(by) as ledger:
        batch = draft_targets(campaign=campaign, by=by)
        _require_own_draft(batch, by)
        standing: dict[cells.PlanCell, ProjectPlan] = {}
        for indicator in {e.indicator.pk: e.indicator for e in edits}.values():
            standing |= cells.project_plans(campaign, by, indicator, draft=True)
        told = []
        for edit in edits:
            require(by, "targets.edit", campaign=campaign, unit=edit.unit, indicator=edit.indicator)
            old = standing.get((edit.unit.pk, edit.indicator.pk, edit.project, edit.period))
            if (old.value if old else None) == edit.value:
                continue
            ProjectPlan.objects.create(
                batch=batch, unit=edit.unit, indicator=edit.indicator, project=edit.project,
                period=edit.period, value=edit.value, withdrawn=edit.value is None,
                recorded_at=now(),
            )  # fmt: skip
            told.append(
                {
                    "unit": edit.unit.code, "indicator": edit.indicator.code,
                    "project": edit.project, "period": edit.period,
                    "old": _number(old.value if old else None), "new": _number(edit.value),
                }
            )  # fmt: skip
        if told:
            ledger.record("plans.put", str(batch.pk), campaign=campaign.code, cells=told)
    return batch


def put_sums(
    *, campaign: Campaign, indicator: Indicator, by: User
) -> tuple[TargetSet | None, list[Problem]]:
    """The units' monthly plans become what their projects add up to, the year their sum."""
    plans = cells.project_plans(campaign, by, indicator, draft=True)
    units = {row.unit_id: row.unit for row in plans.values()}
    months = [p.text for p in cells.months_of(campaign)]
    edits = []
    for pk, unit in units.items():
        given = [
            cells.total(r.value for k, r in plans.items() if (k[0], k[3]) == (pk, m))
            for m in months
        ]
        monthly = zip(months, given, strict=True)
        edits += [Edit(unit, indicator, m, {"value": v or Decimal(0)}) for m, v in monthly]
        whole = cells.whole_of(campaign).text
        edits.append(Edit(unit, indicator, whole, {"value": cells.total(given)}))
    return put_cells(campaign=campaign, edits=edits, by=by)


def _number(value: Decimal | None) -> str | None:
    return None if value is None else canonical(Decimal(value))


def discard(*, batch: TargetSet, by: User) -> None:
    """Give up a draft; its rows stay and never come into force."""
    _require_own_draft(batch, by)
    with writing(by) as ledger:
        batch.state = TargetSet.State.WITHDRAWN
        batch.save(update_fields=["state"])
        ledger.record("targets.discarded", str(batch.pk), campaign=batch.campaign.code)


# --- submission and decision --------------------------------------------------------------------


def submit(
    *, batch: TargetSet, by: User, title: str = "", reason: str = "", basis: str = ""
) -> TargetSet:
    """Hand a draft in for approval; a change of what is in force needs its reason."""
    _require_own_draft(batch, by)
    changed = changes_in(batch)
    if not changed:
        raise refuse(problems.NOTHING_CHANGED)
    replaced = sum(1 for c in changed if c["before"] is not None)
    if replaced and not reason.strip():
        raise refuse(problems.REASON_NEEDED, count=replaced)
    with writing(by) as ledger:
        batch.title = title.strip() or batch.title
        batch.reason, batch.basis = reason.strip(), basis.strip()
        batch.state, batch.submitted_at = TargetSet.State.SUBMITTED, now()
        batch.save(update_fields=["title", "reason", "basis", "state", "submitted_at"])
        ledger.record(
            "targets.submitted", str(batch.pk), campaign=batch.campaign.code, title=batch.title,
            reason=batch.reason, basis=batch.basis, cells=len(changed),
        )  # fmt: skip
    return batch


def take_back(*, batch: TargetSet, by: User) -> TargetSet:
    """The maker takes a waiting set back into a draft (withdrawn if another draft is open)."""
    _require_maker(batch, by)
    _require_waiting(batch)
    with writing(by) as ledger:
        busy = cells.draft_of(batch.campaign, by) is not None
        back = not busy and batch.kind == TargetSet.Kind.PLAN
        batch.state = TargetSet.State.DRAFT if back else TargetSet.State.WITHDRAWN
        batch.submitted_at = None
        batch.save(update_fields=["state", "submitted_at"])
        ledger.record(
            "targets.taken-back", str(batch.pk), campaign=batch.campaign.code, state=batch.state
        )
    return batch


def approve(*, batch: TargetSet, by: User, decision: str = "") -> TargetSet:
    """Bring a set into force; never by its maker, never over what changed meanwhile."""
    require(by, "targets.approve", campaign=batch.campaign)
    _require_waiting(batch)
    if batch.made_by_id == by.pk:
        raise refuse(problems.OWN_TARGETS)
    if stale := overtaken(batch):
        raise refuse(problems.CHANGED_MEANWHILE, title=batch.title, count=stale)
    return _decide(batch, by, TargetSet.State.APPROVED, decision)


def refuse_set(*, batch: TargetSet, by: User, decision: str) -> TargetSet:
    """Send a set back for good, with the reason; the maker can make another."""
    require(by, "targets.approve", campaign=batch.campaign)
    _require_waiting(batch)
    if batch.made_by_id == by.pk:
        raise refuse(problems.OWN_TARGETS)
    if not decision.strip():
        raise refuse(problems.REASON_NEEDED, count=len(rows_changed(batch)))
    return _decide(batch, by, TargetSet.State.REFUSED, decision)


def _decide(batch: TargetSet, by: User, state: str, decision: str) -> TargetSet:
    changed = changes_in(batch)
    with writing(by) as ledger:
        batch.state, batch.decided_at, batch.decided_by = state, now(), by
        batch.decision = decision.strip()
        batch.save(update_fields=["state", "decided_at", "decided_by", "decision"])
        ledger.record(
            f"targets.{state}", str(batch.pk), campaign=batch.campaign.code, title=batch.title,
            decision=batch.decision, cells=[c["told"] for c in changed],
        )  # fmt: skip
    return batch


def rows_changed(batch: TargetSet) -> dict[cells.Cell, Target]:
    return cells.rows_in(batch)


def changes_in(batch: TargetSet) -> list[dict[str, Any]]:
    """The cells that a set changes, each with the row before and after (None: nothing there).

    Of a decided set, before is what was in force when it was decided.
    """
    before, found = _before(batch), []
    for key, row in rows_changed(batch).items():
        old = before.get(key)
        if values_of(row) != values_of(old):
            found.append({"before": old, "after": row, "told": _told(row, old)})
    return found + _plan_changes(batch)


def _before(batch: TargetSet) -> dict[cells.Cell, Target]:
    """What was in force without a set, just before it was decided; of its indicators only."""
    indicators = batch.targets.order_by().values_list("indicator").distinct()
    rows = cells.approved(batch.campaign, batch.decided_at).exclude(batch=batch)
    latest = {cells.key_of(r): r for r in rows.filter(indicator__in=indicators)}
    return cells.with_parents({key: row for key, row in latest.items() if not row.withdrawn})


def _plan_changes(batch: TargetSet) -> list[dict[str, Any]]:
    """The same of projects' plans."""
    rows = batch.project_plans.select_related("unit", "indicator").order_by("pk")
    own = {cells.plan_key(r): r for r in rows}
    standing = ProjectPlan.objects.filter(
        batch__campaign=batch.campaign, batch__state=TargetSet.State.APPROVED,
        indicator__in={r.indicator_id for r in own.values()},
    ).exclude(batch=batch)  # fmt: skip
    if batch.decided_at is not None:
        standing = standing.filter(batch__decided_at__lte=batch.decided_at)
    before = {cells.plan_key(r): r for r in standing.order_by("batch__decided_at", "pk")}
    found = []
    for key, row in own.items():
        old = before.get(key)
        was = None if old is None or old.withdrawn else old.value
        if was != (None if row.withdrawn else row.value):
            told = {
                "unit": row.unit.code, "indicator": row.indicator.code, "project": row.project,
                "period": row.period, "old": _number(was), "new": _number(row.value),
            }  # fmt: skip
            found.append({"before": old if was is not None else None, "after": row, "told": told})
    return found


def overtaken(batch: TargetSet) -> int:
    """How many of a waiting set's cells were changed by another set approved since."""
    if batch.submitted_at is None:
        return 0
    since = cells.approved(batch.campaign).filter(batch__decided_at__gt=batch.submitted_at)
    return len({cells.key_of(r) for r in since} & rows_changed(batch).keys())


def _require_own_draft(batch: TargetSet, by: User) -> None:
    _require_maker(batch, by)
    if batch.state != TargetSet.State.DRAFT:
        raise refuse(problems.NOT_A_DRAFT, title=batch.title, state=batch.get_state_display())


def _require_maker(batch: TargetSet, by: User) -> None:
    if batch.made_by_id != by.pk:
        maker = batch.made_by.name if batch.made_by else "系统"
        raise refuse(problems.NOT_THE_MAKER, title=batch.title, maker=maker)


def _require_waiting(batch: TargetSet) -> None:
    if batch.state != TargetSet.State.SUBMITTED:
        raise refuse(problems.NOT_WAITING, title=batch.title, state=batch.get_state_display())


# --- headlines and bounds -----------------------------------------------------------------------


def set_headline(
    *, campaign: Campaign, indicator: Indicator, comparator: str, assigned: Decimal | None,
    basis: str, by: User,
) -> Headline:  # fmt: skip
    """What the upper level assigned, and whether the total is to be reached or exceeded."""
    require(by, "targets.edit", campaign=campaign, indicator=indicator)
    with writing(by) as ledger:
        row = Headline.objects.create(
            campaign=campaign, indicator=indicator, comparator=comparator, assigned=assigned,
            basis=basis, recorded_at=now(), by=by,
        )  # fmt: skip
        ledger.record(
            "targets.headline", indicator.code, campaign=campaign.code, comparator=comparator,
            assigned=_number(assigned), basis=basis,
        )  # fmt: skip
    return row


def set_bound(
    *, campaign: Campaign, indicator: Indicator, unit: Unit | None, period: str,
    lower: Decimal | None, upper: Decimal | None, note: str, by: User,
) -> Bound:  # fmt: skip
    """What a sum of cells must not pass; both limits empty lift an earlier bound."""
    require(by, "targets.edit", campaign=campaign, unit=unit, indicator=indicator)
    if lower is not None and upper is not None and lower > upper:
        raise refuse(problems.BOUND_EMPTY, lower=lower, upper=upper)
    with writing(by) as ledger:
        row = Bound.objects.create(
            campaign=campaign, indicator=indicator, unit=unit, period=period, lower=lower,
            upper=upper, note=note, recorded_at=now(), by=by,
        )  # fmt: skip
        where = f"{indicator.code}/{unit.code if unit else ''}/{period}"
        ledger.record(
            "targets.bound", where, campaign=campaign.code, lower=_number(lower),
            upper=_number(upper), note=note,
        )  # fmt: skip
    return row


# --- transfers ----------------------------------------------------------------------------------


def transfer_targets(
    *, campaign: Campaign, indicator: Indicator, giver: Unit, taker: Unit,
    amount: Decimal | None, since: date | None, reason: str, basis: str = "", by: User,
) -> tuple[TargetSet | None, list[Problem]]:  # fmt: skip
    """Move targets between units so that every sum stays; the set waits for approval.

    amount: None moves all that the giver has. since: only from the month of that day on.
    """
    for unit in (giver, taker):
        require(by, "targets.edit", campaign=campaign, unit=unit, indicator=indicator)
    if not reason.strip():
        raise refuse(problems.REASON_NEEDED, count=1)
    if not cells.additive(indicator):
        raise refuse(problems.NOT_ADDITIVE, indicator=indicator.name)
    edits, found = moved(campaign, indicator, giver, taker, amount, since)
    if found:
        return None, found
    with writing(by) as ledger:
        title = f"{indicator.name}：{giver}划转给{taker}"
        batch = _begin(campaign, by, title[:120], TargetSet.Kind.TRANSFER, reason=reason.strip(),
                       basis=basis.strip(), submitted_at=now(), state=TargetSet.State.SUBMITTED)  # fmt: skip
        _put(batch, edits, cells.in_force(campaign), ledger)
        ledger.record(
            "targets.transfer", str(batch.pk), campaign=campaign.code, indicator=indicator.code,
            giver=giver.code, taker=taker.code, amount=_number(amount), reason=reason.strip(),
        )  # fmt: skip
    return batch, []


def transfer_everything(
    *, campaign: Campaign, giver: Unit, taker: Unit, since: date | None, reason: str, by: User
) -> tuple[list[TargetSet], list[Problem]]:
    """All that a unit has goes to another (merged, founded anew): a waiting set per indicator."""
    require(by, "targets.edit", campaign=campaign)
    held = {i for u, i, _ in cells.in_force(campaign) if u == giver.pk}
    made: list[TargetSet] = []
    found: list[Problem] = []
    with writing(by):
        for indicator in Indicator.objects.filter(pk__in=held):
            if not cells.additive(indicator):
                continue
            batch, wrong = transfer_targets(
                campaign=campaign, indicator=indicator, giver=giver, taker=taker, amount=None,
                since=since, reason=reason, by=by,
            )  # fmt: skip
            made += [batch] if batch else []
            found += wrong
    return made, found
