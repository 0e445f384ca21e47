"""After last year's campaign: the same units, indicators and rules, dates and targets moved on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from msgspec.structs import replace

from saima.rules.rulebook import Effective
from saima.rules.writing import write_rulebook
from saima_web.campaigns.models import Campaign, KeyDate, Participation, Track
from saima_web.campaigns.queries import active_members
from saima_web.indicators.models import Assignment, Rulebook, RulebookSave
from saima_web.indicators.queries import parsed
from saima_web.indicators.rulebook_actions import text_digest
from saima_web.people.models import Unit
from saima_web.targets.cells import in_force
from saima_web.targets.models import Target, TargetSet


@dataclass
class Clone:
    """The old campaign, the new one, who makes it when, and the tracks of the new by old id."""

    old: Campaign
    new: Campaign
    by: Any
    at: datetime
    years: int
    tracks: dict[int, Track]


def later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def later_period(text: str, years: int) -> str:
    """A canonical period some years later: 2026-03 -> 2027-03; D37 stays."""
    return re.sub(r"(?<!\d)(\d{4})(?=-|~|/|$|W|Q|H)", lambda m: str(int(m.group(1)) + years), text)


def campaign_after(old: Campaign, code: str, name: str, years: int) -> Campaign:
    """The new campaign's row, not saved: the same settings on dates moved on."""
    kept = ("organisation", "clock_kind", "joint", "scores", "counts", "documents", "report_day", "confirm_day", "explain_from", "demo")  # fmt: skip
    moved = {
        key: later(day, years) if (day := getattr(old, key)) else None
        for key in ("start", "end", "sprint_start", "sprint_end")
    }
    same = {key: getattr(old, key) for key in kept}
    return Campaign(code=code, name=name, cloned_from=old, **same, **moved)


def copy_members(clone: Clone) -> int:
    """Tracks, and the units that took part at the old campaign's end and still exist."""
    for track in clone.old.tracks.all():
        clone.tracks[track.pk] = Track.objects.create(
            campaign=clone.new, name=track.name, order=track.order, note=track.note
        )
    rows = active_members(clone.old, clone.old.end)
    Participation.objects.bulk_create(
        Participation(
            campaign=clone.new, unit=p.unit, ranked=p.ranked, difficulty=p.difficulty,
            track=clone.tracks[p.track_id] if p.track_id else None, recorded_at=clone.at,
        )
        for p in rows
    )  # fmt: skip
    return len(rows)


def copy_assignments(clone: Clone) -> int:
    """Who has which indicator; of units that no longer take part, nothing."""
    units = set(clone.new.participations.values_list("unit_id", flat=True))
    rows = [
        a for a in clone.old.assignments.all()
        if a.unit_id is None or a.unit_id in units
    ]  # fmt: skip
    Assignment.objects.bulk_create(
        Assignment(
            campaign=clone.new, indicator_id=a.indicator_id, unit_id=a.unit_id, weight=a.weight,
            track=clone.tracks[a.track_id] if a.track_id else None,
        )
        for a in rows
    )  # fmt: skip
    return len(rows)


def copy_rulebooks(clone: Clone) -> int:
    """The latest published version of every scheme as a draft of version 1, a year on, without
    its basis: the new document has its own number."""
    latest: dict[str, Rulebook] = {}
    for row in clone.old.rulebooks.exclude(state=Rulebook.State.DRAFT).order_by("version"):
        latest[row.name] = row
    for row in latest.values():
        book, _ = parsed(row.text)
        if book is None:
            continue
        start = later_period(book.effective.from_, clone.years) if book.effective else ""
        fresh = replace(book, version=1, basis="", effective=Effective(from_=start))
        text = write_rulebook(fresh)
        draft = Rulebook.objects.create(
            campaign=clone.new, name=row.name, title=row.title, version=1, text=text,
            official=row.official, saved_at=clone.at, saved_by=clone.by,
        )  # fmt: skip
        RulebookSave.objects.create(
            rulebook=draft, number=1, text=text, digest=text_digest(text),
            what=f"沿用“{clone.old.name}”", saved_at=clone.at, by=clone.by,
        )  # fmt: skip
    return len(latest)


def copy_key_dates(clone: Clone) -> int:
    """Key dates, moved on."""
    rows = list(clone.old.key_dates.all())
    KeyDate.objects.bulk_create(
        KeyDate(
            campaign=clone.new, on=later(r.on, clone.years), name=r.name, note=r.note,
            until=later(r.until, clone.years) if r.until else None, heightened=r.heightened,
        )
        for r in rows
    )  # fmt: skip
    return len(rows)


def copy_targets(clone: Clone, factor: Decimal) -> int:
    """Targets times a factor, as a set that waits for approval."""
    units = set(clone.new.participations.values_list("unit_id", flat=True)) | above(clone.new)
    rows = [t for t in in_force(clone.old).values() if t.unit_id in units]
    if not rows:
        return 0
    batch = TargetSet.objects.create(
        campaign=clone.new, title=f"{clone.new.name}目标（上年×{factor}）",
        reason=f"以“{clone.old.name}”的目标乘以{factor}", state=TargetSet.State.SUBMITTED,
        submitted_at=clone.at, made_at=clone.at, made_by=clone.by,
    )  # fmt: skip
    values, stretches = scaled(rows, factor, "value"), scaled(rows, factor, "stretch")
    Target.objects.bulk_create(
        [
            Target(
                batch=batch, unit_id=t.unit_id, indicator_id=t.indicator_id, goal=t.goal,
                period=later_period(t.period, clone.years), value=values[t.pk],
                stretch=stretches[t.pk], recorded_at=clone.at,
            )
            for t in rows
        ],
        batch_size=1000,
    )  # fmt: skip
    return len(rows)


def above(campaign: Campaign) -> set[int]:
    """The units above the members, by id: their targets are the headlines."""
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    found: set[int] = set()
    for pk in campaign.participations.values_list("unit_id", flat=True):
        at = parents.get(pk)
        while at is not None and at not in found:
            found.add(at)
            at = parents.get(at)
    return found


def scaled(rows: Iterable[Target], factor: Decimal, field: str) -> dict[int, Decimal | None]:
    """Each row's number times a factor, to its indicator's decimals; months that made the year
    before make it again: the last one takes the rest."""
    given = list(rows)
    found = {t.pk: _times(getattr(t, field), factor, t.indicator.decimals) for t in given}
    groups: dict[tuple[int, int], list[Target]] = {}
    for t in given:
        groups.setdefault((t.unit_id, t.indicator_id), []).append(t)
    for group in groups.values():
        whole = next((t for t in group if re.fullmatch(r"\d{4}", t.period)), None)
        months = sorted(
            (t for t in group if re.fullmatch(r"\d{4}-\d\d", t.period)), key=lambda t: t.period
        )
        if whole is None or not months or not _made_year(whole, months, field):
            continue
        rest = (found[whole.pk] or Decimal(0)) - sum(
            (found[t.pk] or Decimal(0) for t in months[:-1]), Decimal(0)
        )
        found[months[-1].pk] = rest
    return found


def _times(value: Decimal | None, factor: Decimal, decimals: int) -> Decimal | None:
    if value is None:
        return None
    return (value * factor).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _made_year(whole: Target, months: list[Target], field: str) -> bool:
    values = [getattr(t, field) for t in months]
    return None not in values and sum(values, Decimal(0)) == getattr(whole, field)
