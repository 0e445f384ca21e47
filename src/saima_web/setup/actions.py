"""Making campaigns: the whole of one from tables, by a form, or after last year's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from saima.files.campaign import check_tables
from saima.problems import Problem, Refused, declare, has_errors, refuse
from saima.rules.rulebook import Rulebook
from saima.tables import Tables
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now
from saima_web.campaigns.actions import refuse_closed
from saima_web.campaigns.models import Campaign, Participation, Track
from saima_web.people.models import Unit
from saima_web.people.permissions import require
from saima_web.reporting.models import Figure
from saima_web.setup import cloning, rows, succession
from saima_web.setup.conflicts import conflicts
from saima_web.setup.history import Read
from saima_web.targets.actions import transfer_everything, transfer_targets
from saima_web.targets.models import TargetSet
from saima_web.ui.templatetags.saima import plain_number

CODE_TAKEN = declare(
    "campaign-code-taken",
    "代码“{text}”已经用于“{name}”。",
    "请换一个代码，例如加上年份。",
    "the code {text} is taken by {name}.",
    "Use another, for instance with the year.",
)
HISTORY_WRONG = declare(
    "history-wrong",
    "文件里还有{count}处错误，没有导入。",
    "请按列出的位置改好后重新上传。",
    "the file still has {count} errors; nothing was imported.",
    "Mend them where they are listed, and upload the file again.",
)
SAME_UNIT = declare(
    "succession-same",
    "“{unit}”不能并入自己。",
    "请选另一个单位。",
    "{unit} cannot be merged into itself.",
    "Choose another unit.",
)
ALREADY_ENDED = declare(
    "succession-ended",
    "“{unit}”已于{day}停用。",
    "已停用的单位不能再次合并；要更正日期，请在“单位”页修改。",
    "{unit} ended on {day}.",
    "It cannot be merged again; correct the date on the Units page.",
)
OUTSIDE_CLOCK = declare(
    "succession-outside",
    "{day}不在行动期间（{start}至{end}）。",
    "请填行动期间内的日期；之前的变动请直接修改单位名单。",
    "{day} is outside the campaign ({start} to {end}).",
    "Take a day within it; for earlier changes edit the list of units.",
)


NOT_A_SHARE = declare(
    "succession-share",
    "{share}%不是可以划出的比例。",
    "请填0到100之间的数。",
    "{share}% is no share.",
    "Give a number from 0 to 100.",
)


def problems_of(tables: Tables, rulebooks: Iterable[Rulebook]) -> list[Problem]:
    """Everything wrong with tables: in them, between them, and with what the platform knows."""
    found = [*tables.problems, *check_tables(tables, rulebooks)]
    return found if has_errors(found) else found + conflicts(tables)


def import_tables(
    *,
    tables: Tables,
    rulebooks: Iterable[Rulebook],
    code: str,
    by: Any,
    at: datetime | None = None,
    state: str = Campaign.State.PREPARING,
) -> Campaign:
    """Put a whole library campaign into the database: bulk rows, one ledger entry per table.

    Units and indicators that the platform knows are reused. `at` is when the rows count as
    recorded (default now).

    Errors: Refused with the first problem where the tables have errors or say otherwise than
    the platform; nothing is written then.
    """
    require(by, "campaigns.make")
    books = tuple(rulebooks)
    refuse_taken(code)
    for problem in problems_of(tables, books):
        if problem.severity == "error":
            raise Refused(problem)
    with writing(by) as ledger:
        campaign = rows.campaign_of(tables.campaign, code)
        campaign.state = state
        campaign.save()
        into = rows.Into(tables, by, at or now(), campaign)
        ledger.record("campaign.made", f"campaign/{code}", campaign=code, name=campaign.name)
        _put_all(into, books, ledger)
    return campaign


def _put_all(into: rows.Into, books: tuple[Rulebook, ...], ledger: Ledger) -> None:
    written = [
        rows.put_units(into),
        rows.put_members(into),
        rows.put_indicators(into),
        rows.put_assignments(into),
        rows.put_rulebooks(into, books),
        rows.put_targets(into),
        rows.put_figures(into),
        rows.put_events(into),
        rows.put_published(into),
    ]
    code = into.campaign.code
    for table, data in written:
        ledger.record(
            "table.imported", f"campaign/{code}/{table}", campaign=code, rows=len(data),
            digest=rows.digest(data),
        )  # fmt: skip


def refuse_taken(code: str) -> None:
    """Refuse a code that another campaign has."""
    known = Campaign.objects.filter(code=code).first()
    if known is not None:
        raise refuse(CODE_TAKEN, text=code, name=known.name)


def make_campaign(*, fields: dict[str, Any], tracks: Iterable[str], by: Any) -> Campaign:
    """A campaign by form: its settings and the names of its tracks."""
    require(by, "campaigns.make")
    refuse_taken(fields["code"])
    with writing(by) as ledger:
        campaign = Campaign.objects.create(**fields)
        names = [name for name in dict.fromkeys(t.strip() for t in tracks) if name]
        Track.objects.bulk_create(
            Track(campaign=campaign, name=name, order=n) for n, name in enumerate(names)
        )
        ledger.record(
            "campaign.made", f"campaign/{campaign.code}", campaign=campaign.code,
            name=campaign.name, tracks=names,
        )  # fmt: skip
    return campaign


def clone_campaign(
    *,
    old: Campaign,
    code: str,
    name: str,
    years: int,
    by: Any,
    factor: Decimal | None = None,
) -> Campaign:
    """A campaign after an earlier one: members, assignments, key dates, rulebooks as drafts.

    factor: what the old targets are multiplied by, None to leave them out; they wait for
    approval. Errors: Refused without the right to edit targets where a factor is given.
    """
    require(by, "campaigns.make")
    require(by, "campaign.manage", campaign=old)
    if factor is not None:
        require(by, "targets.edit", campaign=old)
    refuse_taken(code)
    with writing(by) as ledger:
        new = cloning.campaign_after(old, code, name, years)
        new.save()
        clone = cloning.Clone(old, new, by, now(), years, {})
        copied = {
            "members": cloning.copy_members(clone),
            "assignments": cloning.copy_assignments(clone),
            "rulebooks": cloning.copy_rulebooks(clone),
            "key_dates": cloning.copy_key_dates(clone),
            "targets": 0 if factor is None else cloning.copy_targets(clone, factor),
        }
        ledger.record(
            "campaign.cloned", f"campaign/{code}", campaign=code, name=name, after=old.code,
            factor="" if factor is None else str(factor), copied=copied,
        )  # fmt: skip
    return new


def import_history(*, campaign: Campaign, read: Read, file: str, digest: str, by: Any) -> int:
    """Write the new and changed figures of a file of history. Returns how many.

    Errors: Refused where anything in the file is wrong; nothing is written then.
    """
    require(by, "history.import", campaign=campaign)
    refuse_closed(campaign)
    if read.wrong:
        count = sum(p.severity == "error" for p in read.problems)
        raise refuse(HISTORY_WRONG, count=count)
    lines = [line.row for line in read.lines if line.kind in ("new", "changed")]
    with writing(by) as ledger:
        into = rows.known_rows(read.tables, campaign, by, now())
        versions = rows.Versions(into)
        Figure.objects.bulk_create(
            [rows.figure(into, row, versions(row["indicator"], row["period"])) for row in lines],
            batch_size=rows.BATCH,
        )
        data = [rows.fact_data(r, "source", "value", "missing", "grade") for r in lines]
        ledger.record(
            "history.imported", f"campaign/{campaign.code}/figures", campaign=campaign.code,
            rows=len(lines), digest=rows.digest(data), file=file, file_digest=digest,
        )  # fmt: skip
    return len(lines)


@dataclass(frozen=True)
class Succession:
    """What a merger did: the target transfers that now wait, and what could not be moved."""

    transfers: list[TargetSet]
    problems: list[Problem]


def merge(
    *, campaign: Campaign, giver: Unit, taker: Unit, since: date, reason: str, by: Any
) -> Succession:
    """A unit goes into another from a day on; its targets from that month on move along.

    The targets' sum stays to the last digit; the transfers wait for a leader's approval.
    Earlier months keep their unit and their marks.
    """
    require(by, "units.manage")
    require(by, "campaign.manage", campaign=campaign)
    refuse_closed(campaign)
    refuse_merger(campaign, giver, taker, since)
    with writing(by) as ledger:
        if not campaign.participations.filter(unit=taker).exists():
            _succeed(campaign, giver, taker, since, reason)
        made, found = transfer_everything(
            campaign=campaign, giver=giver, taker=taker, since=since, reason=reason, by=by
        )
        Unit.objects.filter(pk=giver.pk).update(valid_to=since - timedelta(days=1), successor=taker)
        ledger.record(
            "unit.merged", f"unit/{giver.code}", campaign=campaign.code, into=taker.code,
            since=since.isoformat(), reason=reason, transfers=len(made),
        )  # fmt: skip
    return Succession(made, found)


def split(
    *,
    campaign: Campaign,
    giver: Unit,
    taker: Unit,
    since: date,
    share: Decimal,
    shares: Mapping[str, Decimal] | None = None,
    reason: str,
    by: Any,
) -> Succession:
    """A unit is founded out of another, which goes on: a share of its remaining targets moves.

    share: between 0 and 1, rounded to each indicator's decimals; the sum stays exactly. shares:
    by indicator code, where an indicator goes by another share than the rest.
    """
    require(by, "campaign.manage", campaign=campaign)
    refuse_closed(campaign)
    refuse_merger(campaign, giver, taker, since)
    own = dict(shares or {})
    _refuse_shares([share, *own.values()])
    with writing(by) as ledger:
        if not campaign.participations.filter(unit=taker).exists():
            _succeed(campaign, giver, taker, since, reason)
        made: list[TargetSet] = []
        found: list[Problem] = []
        for indicator, amount in succession.shares(campaign, giver, since, share, own):
            batch, wrong = transfer_targets(
                campaign=campaign, indicator=indicator, giver=giver, taker=taker, amount=amount,
                since=since, reason=reason, by=by,
            )  # fmt: skip
            made += [batch] if batch else []
            found += wrong
        ledger.record(
            "unit.split", f"unit/{giver.code}", campaign=campaign.code, founded=taker.code,
            since=since.isoformat(), share=str(share), reason=reason, transfers=len(made),
            shares={code: str(part) for code, part in own.items()},
        )  # fmt: skip
    return Succession(made, found)


def _refuse_shares(shares: Iterable[Decimal]) -> None:
    for share in shares:
        if not 0 <= share <= 1:
            raise refuse(NOT_A_SHARE, share=plain_number(share * 100))


def refuse_merger(campaign: Campaign, giver: Unit, taker: Unit, since: date) -> None:
    """Refuse what is neither a merger nor a split: with itself, of an ended unit, out of time."""
    if giver.pk == taker.pk:
        raise refuse(SAME_UNIT, unit=str(giver))
    if giver.valid_to is not None:
        raise refuse(ALREADY_ENDED, unit=str(giver), day=giver.valid_to.isoformat())
    if not campaign.start < since <= campaign.end:
        raise refuse(
            OUTSIDE_CLOCK, day=since.isoformat(), start=campaign.start.isoformat(),
            end=campaign.end.isoformat(),
        )  # fmt: skip


def _succeed(campaign: Campaign, giver: Unit, taker: Unit, since: date, reason: str) -> None:
    """The taker enters in the giver's place."""
    row = campaign.participations.filter(unit=giver).order_by("pk").last()
    Participation.objects.create(
        campaign=campaign, unit=taker, track=row.track if row else None,
        ranked=row.ranked if row else False, difficulty=row.difficulty if row else "1",
        valid_from=since, reason=reason, recorded_at=now(),
    )  # fmt: skip
