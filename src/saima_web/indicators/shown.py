"""What the pages of indicators and rulebooks show, as plain rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec.structs import replace

from saima.periods import parse
from saima.problems import Language, Problem, Refused
from saima.rules import rulebook as rules
from saima.rules.checking import check, weight
from saima.rules.comparing import compare
from saima.rules.methods import every, method
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import periods_of
from saima_web.indicators.editing import path_of, placed_leaves, placed_nodes
from saima_web.indicators.models import Indicator, Note, OuterRank, Rulebook
from saima_web.indicators.queries import (
    indicators_of,
    parsed,
    replaced_from,
    rulebook_in_force,
)
from saima_web.people.models import User
from saima_web.people.permissions import may
from saima_web.ui.tables import Box, Column, Table

CATEGORY_BOXES = 8


def language() -> Language:
    return "en" if get_language() == "en" else "zh"


# --- the library --------------------------------------------------------------------------------


def indicator_table(campaign: Campaign, *, everything: bool) -> Table:
    """The library as a table: the campaign's indicators, or all that there are."""
    own = set(indicators_of(campaign).values_list("pk", flat=True))
    rows = Indicator.objects.select_related("data_owner", "lead_unit")
    found = [_indicator_row(campaign, x) for x in rows if everything or x.pk in own]
    counted = Counter(r["category"] for r in found if not r["retired"])
    boxes = [
        Box(f"c{i}", name or _("未分类"), lambda r, n=name: r["category"] == n and not r["retired"])  # type: ignore[misc]
        for i, (name, _count) in enumerate(counted.most_common(CATEGORY_BOXES))
    ]
    boxes += [
        Box("owner", _("部门统一提供"), lambda r: r["by_owner"]),
        Box("retired", _("已停用"), lambda r: bool(r["retired"])),
    ]
    return Table(
        columns=(
            Column("name", _("指标"), link="href"),
            Column("category", _("类别")),
            Column("measure", _("计量单位")),
            Column("nature", _("数据性质")),
            Column("direction", _("方向")),
            Column("frequency", _("频度")),
            Column("data_owner", _("数据责任单位")),
            Column("provider", _("数据来源")),
            Column("battle_line", _("战役、阵地")),
            Column("business_line", _("业务板块")),
            Column("retired", _("状态")),
        ),
        rows=found,
        name=_("指标库") if everything else _("%(name)s指标") % {"name": campaign.name},
        search=("name", "code", "category", "data_owner", "battle_line", "business_line"),
        boxes=boxes,
        empty=_("还没有指标。"),
        begin=_("这里列出本行动的指标。请新建一个，或导入指标库工作簿。"),
        css="i-library",
    )


def _indicator_row(campaign: Campaign, row: Indicator) -> dict[str, Any]:
    return {
        "name": row.name,
        "code": row.code,
        "href": reverse("indicators:one", args=[campaign.code, row.code]),
        "category": row.category,
        "measure": row.measure,
        "nature": row.get_nature_display(),
        "direction": row.get_direction_display(),
        "frequency": row.get_frequency_display(),
        "data_owner": str(row.data_owner or ""),
        "provider": row.get_provider_display(),
        "by_owner": row.provider == Indicator.Provider.OWNER,
        "battle_line": row.battle_line,
        "business_line": row.business_line,
        "retired": _("已停用") if row.retired else "",
    }


def clauses(campaign: Campaign, indicator: Indicator, by: User) -> list[dict[str, Any]]:
    """How the campaign's rulebooks score an indicator: clause, points, the sentence."""
    found = []
    for row in visible_rulebooks(campaign, by).exclude(state=Rulebook.State.SUPERSEDED):
        book = parsed(row.text)[0]
        for at, _path, leaf in placed_leaves(book) if book else ():
            if leaf.indicator == indicator.code:
                found.append({"rulebook": row, "at": at, **leaf_words(leaf)})
    return found


def leaf_words(leaf: rules.Leaf) -> dict[str, Any]:
    """A leaf in words: its method, points, clause, and the sentence of its rule."""
    chosen = method(leaf.method)
    return {
        "method": chosen.TITLE[0 if language() == "zh" else 1],
        "weight": weight_words(leaf),
        "clause": leaf.clause,
        "sentence": chosen.rule(leaf.settings, language()),
        "extra": leaf.extra,
    }


def weight_words(leaf: rules.Leaf) -> str:
    """60分, 经营类60分、建设类40分, or as assigned."""
    if isinstance(leaf.weight, (int, float)):
        return _("%(n)s分") % {"n": f"{leaf.weight:g}"}
    if isinstance(leaf.weight, str):
        return _("按分工")
    points = _("%(track)s%(n)s分")
    return "、".join(points % {"track": t, "n": f"{w:g}"} for t, w in leaf.weight.items())


def notes_of(indicator: Indicator, campaign: Campaign, by: User) -> list[Note]:
    """Policies for everybody; contacts for those who may see them."""
    rows = indicator.notes.filter(withdrawn_at=None).select_related("by")
    if not may(by, "contacts.see", campaign=campaign, indicator=indicator):
        rows = rows.filter(kind=Note.Kind.POLICY)
    return list(rows)


def holders(campaign: Campaign, indicator: Indicator) -> dict[str, Any]:
    """Who has an indicator: tracks and units that carry it, and the departments behind it."""
    rows = indicator.assignments.filter(campaign=campaign).select_related("unit", "track")
    return {
        "tracks": [r.track for r in rows if r.track],
        "units": [(r.unit, r.weight) for r in rows if r.unit],
        "everybody": not rows,
    }


def outer_ranks(indicators: Any) -> list[dict[str, Any]]:
    """Our latest place in each outer ranking with the movement since the period before it."""
    rows = OuterRank.objects.filter(indicator__in=indicators).select_related("indicator", "by")
    latest = {(r.indicator_id, r.contest, r.period): r for r in rows}
    series: dict[tuple[int, str], list[OuterRank]] = {}
    for row in sorted(latest.values(), key=lambda r: parse(r.period).end):
        series.setdefault((row.indicator_id, row.contest), []).append(row)
    return [
        {
            "row": found[-1],
            "indicator": found[-1].indicator,
            "moved": found[-2].place - found[-1].place if len(found) > 1 else None,
            "series": [-float(r.place) for r in found[-12:]],
            "history": list(reversed(found)),
        }
        for found in series.values()
    ]


def address(name: str, *args: Any) -> str:
    """An address of a slice that may not be there; blank if so."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


# --- rulebooks ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How a version stands today: a word, and from when to when in words."""

    word: str
    shape: str
    span: str


def standing_of(row: Rulebook, siblings: list[Rulebook]) -> Standing:
    """草稿, 尚未生效, 在用 or 已被替代, by the effective periods and today."""
    if row.state == Rulebook.State.DRAFT:
        return Standing(_("草稿"), "i-dash", _("未发布"))
    since = parse(row.effective_from) if row.effective_from else None
    until = replaced_from(row, siblings)
    span = _("自%(since)s起") % {"since": since.label(language())} if since else _("一直有效")
    if until:
        span += _("，至%(until)s前") % {"until": parse(until).label(language())}
    if since and since.start > today():
        return Standing(_("尚未生效"), "i-wait", span)
    if until and parse(until).start <= today():
        return Standing(_("已被替代"), "i-back", span)
    return Standing(_("在用"), "i-ok", span)


def visible_rulebooks(campaign: Campaign, by: User) -> QuerySet[Rulebook]:
    """The versions that somebody may see: drafts only for those who work on them or decide."""
    rows = campaign.rulebooks.all()
    if may(by, "rulebooks.see-draft", campaign=campaign):
        return rows
    return rows.exclude(state=Rulebook.State.DRAFT)


def rulebook_rows(campaign: Campaign, by: User) -> list[dict[str, Any]]:
    """Schemes and their versions, the newest first; schemes that rank before those that compare."""
    rows = visible_rulebooks(campaign, by)
    siblings = list(rows.select_related("saved_by", "published_by"))
    ordered = sorted(siblings, key=lambda r: (not r.official, r.name, -r.version))
    found = []
    for row in ordered:
        book, problems = parsed(row.text)
        standing = standing_of(row, siblings)
        found.append(
            {
                "row": row,
                "title": row.title,
                "version": _("第%(n)s版") % {"n": row.version},
                "href": reverse("indicators:rulebook", args=[campaign.code, row.pk]),
                "standing": standing,
                "state": standing.word,
                "draft": row.state == Rulebook.State.DRAFT,
                "official": row.official,
                "use": _("用于排名") if row.official else _("只作对照"),
                "span": standing.span,
                "basis": row.basis,
                "count": sum(1 for _leaf in book.leaves()) if book else None,
                "problems": len(problems),
                "when": row.published_at or row.saved_at,
                "by": str(row.published_by or row.saved_by or ""),
            }
        )
    return found


def rulebook_table(campaign: Campaign, by: User) -> Table:
    return Table(
        columns=(
            Column("title", _("办法"), link="href"),
            Column("version", _("版本")),
            Column("state", _("状态"), template="indicators/_standing.html"),
            Column("use", _("用途")),
            Column("span", _("生效期间")),
            Column("basis", _("依据")),
            Column("count", _("指标"), kind="number", decimals=0, measure=_("项")),
            Column("when", _("发布或保存"), kind="moment"),
            Column("by", _("经办")),
        ),
        rows=rulebook_rows(campaign, by),
        name=_("考核办法"),
        search=("title", "basis"),
        boxes=(
            Box("draft", _("草稿"), lambda r: bool(r["draft"])),
            Box("official", _("用于排名"), lambda r: bool(r["official"])),
            Box("compare", _("只作对照"), lambda r: not r["official"]),
        ),
        empty=_("还没有考核办法。"),
        begin=_("请导入一份，或从样本新建，在浏览器里修改后发布。"),
    )


def current_rulebook(campaign: Campaign) -> Rulebook | None:
    """The official version in force in the period of today, None if there is none."""
    day = min(max(today(), campaign.start), campaign.end)
    period = next((p for p in periods_of(campaign) if p.start <= day <= p.end), None)
    try:
        return rulebook_in_force(campaign, period) if period else None
    except Refused:
        return None


def base_of(row: Rulebook) -> Rulebook | None:
    """What a version is compared with: the latest published one of its scheme before it."""
    rows = row.campaign.rulebooks.filter(name=row.name, version__lt=row.version)
    return rows.exclude(state=Rulebook.State.DRAFT).order_by("version").last()


def differences(base: rules.Rulebook, book: rules.Rulebook, *, draft: bool) -> list[str]:
    """What changed since another version, in sentences with the indicators' names.

    A draft has no period and basis yet: that they are missing is no difference.
    """
    if draft and base.rulebook == book.rulebook:
        book = replace(
            book, version=base.version, effective=base.effective, basis=base.basis or book.basis
        )
    names = indicator_names()
    return [with_names(x, names) for x in compare(base, book, language())]


def place_words(book: rules.Rulebook) -> dict[str, tuple[str, str]]:
    """Of every leaf by its path in problems: where it stands, and in words 经营·营业收入."""
    names = indicator_names()
    return {
        path_of(at): (
            at, "·".join([*(n.category for n in path), names.get(x.indicator, x.indicator)])
        )
        for at, path, x in placed_leaves(book)
    }  # fmt: skip


def tree_rows(campaign: Campaign, row: Rulebook, book: rules.Rulebook) -> list[dict[str, Any]]:
    """Categories and leaves in order, with points per track and what the checks say of each."""
    names = indicator_names()
    tracks = track_names(campaign, book)
    warned = Counter(p.place.path for p in checked(row.text))
    rows: list[dict[str, Any]] = []
    for at, depth, node in placed_nodes(book):
        below = [leaf for path_at, _p, leaf in placed_leaves(book) if path_at.startswith(at + ".")]
        rows.append(
            {
                "kind": "category", "at": at, "slug": at.replace(".", "-"), "depth": depth,
                "title": node.category,
                "clause": node.clause,
                "totals": [f"{sum(weight(x, t) for x in below if not x.extra):g}" for t in tracks],
            }
        )  # fmt: skip
        for j, leaf in enumerate(node.indicators):
            place = f"{at}.{j}"
            rows.append(
                {
                    "kind": "leaf", "at": place, "depth": depth,
                    "title": names.get(leaf.indicator, leaf.indicator),
                    "unknown": leaf.indicator not in names, "code": leaf.indicator,
                    "href": reverse(
                        "indicators:leaf", args=[campaign.code, row.pk, place]
                    ),
                    "weights": _weights(place, leaf, tracks), "assigned": leaf.weight == "assigned",
                    "warned": warned[path_of(place)], **leaf_words(leaf),
                }
            )  # fmt: skip
    return rows


def _weights(at: str, leaf: rules.Leaf, tracks: list[str]) -> list[dict[str, Any]]:
    return [{"name": f"w/{at}/{t}", "track": t, "value": f"{weight(leaf, t):g}"} for t in tracks]


def track_names(campaign: Campaign, book: rules.Rulebook) -> list[str]:
    """The columns of points: the tracks where some leaf tells them apart, else one for all."""
    named = {t for _, x in book.leaves() if isinstance(x.weight, dict) for t in x.weight}
    known = list(campaign.tracks.values_list("name", flat=True))
    return [*(t for t in known if t in named), *sorted(named - set(known))] if named else [""]


def totals(campaign: Campaign, book: rules.Rulebook) -> list[tuple[str, str, bool]]:
    """(track, points of all leaves less those on top, whether they are the full marks)."""
    found = []
    for track in track_names(campaign, book):
        leaves = [x for _, x in book.leaves() if not x.extra and x.weight != "assigned"]
        whole = sum(weight(x, track) for x in leaves)
        found.append((track, f"{whole:g}", abs(whole - book.full_marks) < 1e-9))
    return found


def since_words(effective: str) -> str:
    """From when a definition is in force: a month's first day is the month."""
    if not effective:
        return ""
    day = parse(effective).start
    return (parse(f"{day:%Y-%m}") if day.day == 1 else parse(effective)).label(language())


def method_choices() -> list[tuple[str, str]]:
    index = 0 if language() == "zh" else 1
    return sorted(((m.NAME, m.TITLE[index]) for m in every()), key=lambda x: x[1])


def problem_rows(problems: list[Problem] | tuple[Problem, ...]) -> list[dict[str, Any]]:
    """Problems as a page lists them: line, place, what is wrong, what to do."""
    return [
        {
            "line": p.place.line, "path": p.place.path, "severity": p.severity,
            "message": p.message(language()), "hint": plainly(p.hint(language())),
        }
        for p in problems
    ]  # fmt: skip


def plainly(hint: str) -> str:
    """A hint without the keys of the YAML in brackets, which forms do not show."""
    return re.sub(r"（[a-z][\w :\-]*(?: 或 [\w\-]+)*）", "", hint)


def indicator_names() -> dict[str, str]:
    """Names by code, of the whole library."""
    return dict(Indicator.objects.values_list("code", "name"))


def with_names(text: str, names: Mapping[str, str]) -> str:
    """A library's sentence with the names that people know for the codes that it quotes."""
    return re.sub(r"“([^”]+)”", lambda m: f"“{names.get(m[1], m[1])}”", text)


@lru_cache(maxsize=256)
def checked(text: str) -> tuple[Problem, ...]:
    """What the checks find odd in a rulebook's text; nothing where it cannot be read."""
    book = parsed(text)[0]
    return tuple(check(book)) if book else ()


def problem_places(problems: list[Problem]) -> list[dict[str, Any]]:
    """A workbook's problems, each at its sheet and cell."""
    return [
        {"where": p.place.text(language()), "severity": p.severity,
         "message": p.message(language()), "hint": p.hint(language())}
        for p in problems
    ]  # fmt: skip
