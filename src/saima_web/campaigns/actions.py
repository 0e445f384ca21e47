"""Writing about a campaign: settings, state, tracks, membership, key dates, working days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from saima.problems import declare, refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign, DayOverride, KeyDate, Participation, Track
from saima_web.people.models import Unit
from saima_web.people.permissions import require

CLOSED = declare(
    "campaign-closed",
    "“{name}”已收官，不能再改动。",
    "如确需改动，请先在“基本设置”中恢复为进行中，并写明原因。",
    "{name} is closed and cannot be changed.",
    "Set it back to running first, with the reason.",
)
NO_SUCH_STEP = declare(
    "campaign-state",
    "行动不能从“{here}”变为“{there}”。",
    "筹备中的行动可以启动，进行中的可以收官，已收官的可以恢复。",
    "a campaign cannot go from {here} to {there}.",
    "One in preparation can start, a running one can close, a closed one can be resumed.",
)
REASON_NEEDED = declare(
    "reason-for-change-needed",
    "还没有写明原因。",
    "请用一句话说明原因，它会记入账本。",
    "the reason is missing.",
    "Say it in one sentence; it is kept in the ledger.",
)
TRACK_IN_USE = declare(
    "track-in-use",
    "赛道“{name}”还有{count}个单位，不能删除。",
    "请先把这些单位调到别的赛道。",
    "track {name} still has {count} units.",
    "Move them to other tracks first.",
)
ALREADY_MEMBER = declare(
    "already-member",
    "“{unit}”已经在本行动中。",
    "要调整赛道或难度系数，请打开该单位修改。",
    "{unit} takes part already.",
    "Open the unit to change its track or difficulty.",
)
MOVE_TOO_EARLY = declare(
    "move-too-early",
    "变动日期{day}早于该单位上一次变动（{last}）。",
    "请填写不早于上一次变动的日期；历史不改写。",
    "{day} is before the unit's last change ({last}).",
    "Take a day no earlier than that; history is not rewritten.",
)

STEPS = {
    ("preparing", "running"): False,
    ("running", "closed"): False,
    ("closed", "running"): True,
    ("running", "preparing"): True,
}
"""Changes of state, and whether they need a reason."""


def refuse_closed(campaign: Campaign) -> None:
    """Refuse changes to a campaign that is over."""
    if campaign.state == Campaign.State.CLOSED:
        raise refuse(CLOSED, name=campaign.name)


def save_settings(*, campaign: Campaign, changes: dict[str, Any], by: Any) -> list[str]:
    """Change settings; what changed stands in the ledger, old beside new. Returns their names."""
    require(by, "campaign.manage", campaign=campaign)
    refuse_closed(campaign)
    with writing(by) as ledger:
        row = Campaign.objects.select_for_update().get(pk=campaign.pk)
        changed = {k: v for k, v in changes.items() if getattr(row, k) != v}
        told = {k: [plain(getattr(row, k)), plain(v)] for k, v in changed.items()}
        for key, value in changed.items():
            setattr(row, key, value)
        if changed:
            row.save(update_fields=list(changed))
            ledger.record(
                "campaign.changed", f"campaign/{row.code}", campaign=row.code, changes=told
            )
    return list(changed)


def plain(value: Any) -> Any:
    """A value as it stands in the ledger."""
    return value.isoformat() if isinstance(value, date) else value


def change_state(*, campaign: Campaign, to: str, by: Any, reason: str = "") -> None:
    """Start, close or resume a campaign; going back needs a reason."""
    require(by, "campaign.manage", campaign=campaign)
    with writing(by) as ledger:
        row = Campaign.objects.select_for_update().get(pk=campaign.pk)
        names = dict(Campaign.State.choices)
        if (row.state, to) not in STEPS:
            raise refuse(NO_SUCH_STEP, here=names[row.state], there=str(names.get(to, to)))
        if STEPS[row.state, to] and not reason.strip():
            raise refuse(REASON_NEEDED)
        was, row.state = row.state, to
        row.save(update_fields=["state"])
        ledger.record(
            "campaign.state", f"campaign/{row.code}", campaign=row.code, was=was, now=to,
            reason=reason.strip(),
        )  # fmt: skip


def save_track(
    *, campaign: Campaign, name: str, note: str, order: int, by: Any, track: Track | None = None
) -> Track:
    """Add a track, or change one."""
    require(by, "campaign.manage", campaign=campaign)
    refuse_closed(campaign)
    with writing(by) as ledger:
        row = Track.objects.get(pk=track.pk) if track else Track(campaign=campaign)
        was = row.name
        row.name, row.note, row.order = name, note, order
        row.save()
        ledger.record(
            "track.changed" if was else "track.added", f"track/{row.pk}", campaign=campaign.code,
            was=was, name=name, order=order,
        )  # fmt: skip
    return row


def remove_track(*, track: Track, by: Any) -> None:
    """Remove a track that no unit was ever in."""
    require(by, "campaign.manage", campaign=track.campaign)
    refuse_closed(track.campaign)
    count = track.participations.values("unit").distinct().count()
    if count:
        raise refuse(TRACK_IN_USE, name=track.name, count=count)
    with writing(by) as ledger:
        code = track.campaign.code
        ledger.record("track.removed", f"track/{track.pk}", campaign=code, name=track.name)
        track.delete()


def enter(
    *,
    campaign: Campaign,
    unit: Unit,
    track: Track | None,
    by: Any,
    ranked: bool = True,
    difficulty: str = "1",
    since: date | None = None,
    reason: str = "",
) -> Participation:
    """Let a unit take part from a day on (None: from the campaign's start)."""
    require(by, "campaign.manage", campaign=campaign)
    refuse_closed(campaign)
    if campaign.participations.filter(unit=unit, valid_to__isnull=True).exists():
        raise refuse(ALREADY_MEMBER, unit=str(unit))
    with writing(by) as ledger:
        row = Participation.objects.create(
            campaign=campaign, unit=unit, track=track, ranked=ranked and track is not None,
            difficulty=difficulty, valid_from=since, reason=reason, recorded_at=now(),
        )  # fmt: skip
        ledger.record("member.entered", f"unit/{unit.code}", campaign=campaign.code, **_told(row))
    return row


def change_membership(
    *,
    row: Participation,
    since: date,
    by: Any,
    track: Track | None,
    ranked: bool,
    difficulty: str,
    reason: str,
) -> Participation:
    """Another track, rank or difficulty from a day on: closes the row and adds the next."""
    require(by, "campaign.manage", campaign=row.campaign)
    refuse_closed(row.campaign)
    with writing(by) as ledger:
        _close(row, since, reason)
        new = Participation.objects.create(
            campaign=row.campaign, unit=row.unit, track=track, difficulty=difficulty,
            ranked=ranked and track is not None, valid_from=since, reason=reason,
            recorded_at=now(),
        )  # fmt: skip
        ledger.record(
            "member.moved", f"unit/{row.unit.code}", campaign=row.campaign.code,
            was=_told(row), **_told(new),
        )  # fmt: skip
    return new


def leave(*, row: Participation, since: date, reason: str, by: Any) -> None:
    """A unit no longer takes part from a day on; its earlier months keep their marks."""
    require(by, "campaign.manage", campaign=row.campaign)
    refuse_closed(row.campaign)
    with writing(by) as ledger:
        _close(row, since, reason)
        ledger.record(
            "member.left", f"unit/{row.unit.code}", campaign=row.campaign.code, **_told(row),
            reason=reason,
        )  # fmt: skip


def _close(row: Participation, since: date, reason: str) -> None:
    """End a row on the day before `since`. Errors: Refused where it began later, or no reason."""
    if not reason.strip():
        raise refuse(REASON_NEEDED)
    begun = row.valid_from or row.campaign.start
    if since <= begun and not (row.valid_from is None and since == begun):
        raise refuse(MOVE_TOO_EARLY, day=since.isoformat(), last=begun.isoformat())
    row.valid_to = since - timedelta(days=1)
    row.save(update_fields=["valid_to"])


def _told(row: Participation) -> dict[str, Any]:
    return {
        "track": row.track.name if row.track else "", "ranked": row.ranked,
        "difficulty": row.difficulty, "since": plain(row.valid_from), "until": plain(row.valid_to),
    }  # fmt: skip


def save_key_date(
    *, campaign: Campaign, by: Any, key_date: KeyDate | None = None, **fields: Any
) -> KeyDate:
    """Add or change a key date; `fields` are on, until, name, heightened, note."""
    require(by, "campaign.manage", campaign=campaign)
    refuse_closed(campaign)
    with writing(by) as ledger:
        row = key_date or KeyDate(campaign=campaign)
        for key, value in fields.items():
            setattr(row, key, value)
        row.save()
        data = {k: plain(v) for k, v in fields.items()}
        ledger.record("key-date.saved", f"key-date/{row.pk}", campaign=campaign.code, **data)
    return row


def remove_key_date(*, key_date: KeyDate, by: Any) -> None:
    """Remove a key date."""
    require(by, "campaign.manage", campaign=key_date.campaign)
    refuse_closed(key_date.campaign)
    with writing(by) as ledger:
        ledger.record(
            "key-date.removed", f"key-date/{key_date.pk}", campaign=key_date.campaign.code,
            name=key_date.name, on=key_date.on.isoformat(),
        )  # fmt: skip
        key_date.delete()


def set_day(*, campaign: Campaign, on: date, working: bool, name: str, by: Any) -> DayOverride:
    """Say that a day is worked or off, for all campaigns; `campaign` is where one may do so."""
    require(by, "campaign.manage", campaign=campaign)
    with writing(by) as ledger:
        row, _ = DayOverride.objects.update_or_create(
            on=on, defaults={"working": working, "name": name, "by": by}
        )
        ledger.record("day.set", f"day/{on.isoformat()}", working=working, name=name)
    return row


def clear_day(*, campaign: Campaign, override: DayOverride, by: Any) -> None:
    """Let a day be again what the holiday table says."""
    require(by, "campaign.manage", campaign=campaign)
    with writing(by) as ledger:
        ledger.record("day.cleared", f"day/{override.on.isoformat()}", working=override.working)
        override.delete()
