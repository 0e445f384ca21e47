"""A small house for tests of the platform: three companies in two tracks, one person per role.

`build()` makes it in the database and returns a House; the names are used throughout the tests.
Scoring by `RULEBOOK`: revenue 60 and investment 40 points by attainment. July to September have
confirmed figures; October's round is open with empty cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign, Participation, Track
from saima_web.indicators.models import Definition, Indicator, Rulebook
from saima_web.indicators.queries import parsed
from saima_web.people.models import ADMINISTRATORS, Post, Role, Unit, User
from saima_web.reporting.models import Entry, Figure, Round
from saima_web.targets.models import Target, TargetSet

PASSWORD = "draw-the-bow-7"
PAST = datetime(2026, 1, 5, tzinfo=UTC)

RULEBOOK = """\
rulebook: race
name: 示例集团赛马比拼办法
version: 1
effective: {from: 2026-01}
basis: 示例〔2026〕1号
scores: month
rounding: {marks: 2, score: 2}
tree:
  - category: 经营
    clause: 第二条
    indicators:
      - {indicator: revenue, weight: 60, method: attainment, clause: 第二条第一款}
  - category: 投资
    clause: 第三条
    indicators:
      - {indicator: investment, weight: 40, method: attainment, clause: 第三条}
events:
  - {kind: bonus, name: 典型经验推广, each: 1, at-most: 3, clause: 第四条}
  - {kind: deduction, name: 工作推动不力, each: 1, at-most: 5, clause: 第五条}
tiers: {第一梯队: ">= 80", 第二梯队: otherwise}
"""


@dataclass
class House:
    """The campaign and its people, by the names that tests use."""

    campaign: Campaign
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


PEOPLE = (
    ("admin", Role.ADMINISTRATOR, "", "江启明"),
    ("system", Role.SYSTEM, "", "程运维"),
    ("security", Role.SECURITY, "", "安守衡"),
    ("auditor", Role.AUDIT, "", "鉴明远"),
    ("office", Role.OFFICE, "", "沈考核"),
    ("project_office", Role.PROJECT_OFFICE, "", "陆项目"),
    ("lead_office", Role.LEAD_OFFICE, "D1", "顾小组"),
    ("clerk", Role.CLERK, "E1", "沈知禾"),
    ("head", Role.HEAD, "E1", "周临川"),
    ("other_clerk", Role.CLERK, "E2", "何小满"),
    ("other_head", Role.HEAD, "E2", "许望舒"),
    ("owner", Role.DATA_OWNER, "D1", "方数"),
    ("other_owner", Role.DATA_OWNER, "D2", "石投"),
    ("inspector", Role.INSPECTOR, "", "严督"),
    ("leader", Role.LEADER, "", "主要领导"),
    ("viewer", Role.VIEWER, "", "过客"),
)
"""Name in tests, role, unit, name of the (invented) person."""


def build(*, today: date | None = None) -> House:
    """Make the house. `today` is only used for the open round's deadlines (default: the clock's)."""
    campaign = Campaign.objects.create(
        code="race", name="示例赛马行动", organisation="示例集团", state="running",
        start=date(2026, 1, 1), end=date(2026, 12, 31), counts=["confirmed"],
        sprint_start=date(2026, 9, 23), sprint_end=date(2026, 12, 31), demo=True,
    )  # fmt: skip
    house = House(campaign)
    _units(house)
    _people(house)
    _indicators(house)
    _rulebook(house)
    _targets(house)
    _figures(house)
    _round(house)
    return house


def _units(house: House) -> None:
    group = Unit.objects.create(code="G", name="示例集团有限公司", short_name="集团", kind="group")
    rows = (
        ("D1", "示例集团经营部", "经营部", "department", 1), ("D2", "示例集团投资部", "投资部", "department", 2),
        ("E1", "示例栖湖文旅公司", "栖湖文旅", "company", 11), ("E2", "示例澄江置业公司", "澄江置业", "company", 12),
        ("C1", "示例望岳建设公司", "望岳建设", "company", 21),
    )  # fmt: skip
    house.units["G"] = group
    for code, name, short, kind, order in rows:
        house.units[code] = Unit.objects.create(
            code=code, name=name, short_name=short, kind=kind, order=order, parent=group
        )
    tracks = {
        n: Track.objects.create(campaign=house.campaign, name=n, order=i)
        for i, n in enumerate(("经营类", "建设类"))
    }
    for code, track in (("E1", "经营类"), ("E2", "经营类"), ("C1", "建设类")):
        Participation.objects.create(
            campaign=house.campaign, unit=house.units[code], track=tracks[track], recorded_at=PAST
        )


def _people(house: House) -> None:
    password = make_password(PASSWORD)
    house.people = {
        key: User(
            username=key, password=password, name=name, unit=house.units.get(unit), notice_read=1
        )
        for key, _role, unit, name in PEOPLE
    } | {"stranger": User(username="stranger", password=password, name="外人")}
    User.objects.bulk_create(house.people.values())
    Post.objects.bulk_create(
        Post(
            user=house.people[key], role=role, unit=house.units.get(unit),
            campaign=None if role in ADMINISTRATORS else house.campaign,
        )
        for key, role, unit, _name in PEOPLE
    )  # fmt: skip


def _indicators(house: House) -> None:
    rows = (
        ("revenue", "营业收入", "经营效益", "D1", "unit"), ("investment", "固定资产投资", "投资建设", "D2", "unit"),
    )  # fmt: skip
    for order, (code, name, category, owner, provider) in enumerate(rows):
        house.indicators[code] = row = Indicator.objects.create(
            code=code, name=name, category=category, measure="万元", decimals=0, order=order,
            nature="in-period", data_owner=house.units[owner], provider=provider,
        )  # fmt: skip
        Definition.objects.create(
            indicator=row, version=1, text=f"{name}按财务口径统计。", recorded_at=PAST
        )


def _rulebook(house: House) -> None:
    book, problems = parsed(RULEBOOK)
    assert book is not None, problems
    Rulebook.objects.create(
        campaign=house.campaign, name="race", title=book.name, version=1, text=RULEBOOK,
        digest=book.digest, state="published", effective_from="2026-01", basis=book.basis,
        saved_at=PAST, published_at=PAST, published_by=house.office,
    )  # fmt: skip


def _targets(house: House) -> None:
    batch = TargetSet.objects.create(
        campaign=house.campaign, title="年初目标", state="approved", made_at=PAST, decided_at=PAST,
        made_by=house.office, decided_by=house.leader,
    )  # fmt: skip
    Target.objects.bulk_create(
        Target(
            batch=batch, unit=house.units[unit], indicator=house.indicators[code],
            period="2026", value="12000", recorded_at=PAST,
        )
        for unit in ("E1", "E2", "C1")
        for code in ("revenue", "investment")
    )  # fmt: skip


FIGURES = {"E1": (900, 1000), "E2": (1000, 800), "C1": (700, 1200)}
"""Monthly revenue and investment of each unit, January to September."""


def _figures(house: House) -> None:
    at = PAST + timedelta(days=1)
    Figure.objects.bulk_create(
        Figure(
            unit=house.units[unit], indicator=house.indicators[code], period=f"2026-{month:02}",
            source=source, value=str(value), origin="history", recorded_at=at,
        )
        for unit, values in FIGURES.items()
        for code, value in zip(("revenue", "investment"), values, strict=True)
        for month in range(1, 10)
        for source in ("reported", "confirmed")
    )  # fmt: skip


def _round(house: House) -> None:
    moment = now()
    row = Round.objects.create(
        campaign=house.campaign, period="2026-10", state="open", opens_on=moment.date(),
        due_at=moment + timedelta(days=3), confirm_due_at=moment + timedelta(days=7),
    )  # fmt: skip
    Entry.objects.bulk_create(
        Entry(round=row, unit=house.units[unit], indicator=indicator)
        for unit in ("E1", "E2", "C1")
        for indicator in house.indicators.values()
    )
