"""The pages of the assessment: units with their numbers, and each number down to its projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from saima.projects.assessment import Assessed, Item, Mark, Tally
from saima.rounding import text
from saima_web.campaigns.models import Campaign
from saima_web.projects.assessment.quarters import Quarter
from saima_web.ui.tables import Box, Column, Row, Table
from saima_web.ui.templatetags.saima import day as day_words
from saima_web.ui.templatetags.saima import pace_words, plain_number
from saima_web.ui.templatetags.saima import period as period_words


def percent(share: float | None) -> float | None:
    return None if share is None else share * 100


def answer(quarter: Quarter) -> list[str]:
    """Who is first and last, and how all projects stand."""
    placed = [x for x in quarter.lines if x.place]
    if not placed:
        return [_("%(q)s还没有可考核的项目。") % {"q": period_words(quarter.period.text)}]
    said: dict[str, Any] = {"q": period_words(quarter.period.text), "n": len(placed)}
    if len(placed) > 1:
        clauses = [_("%(q)s%(n)s家单位按项目考核，") % said]
        said |= {
            "a": placed[0].unit, "x": plain_number(placed[0].score, 2), "b": placed[-1].unit,
            "y": plain_number(placed[-1].score, 2),
        }  # fmt: skip
        clauses.append(_("%(a)s%(x)s分居首，%(b)s%(y)s分居末；") % said)
    else:
        clauses = [_("%(q)s项目考核，") % said]
        said |= {"a": placed[0].unit, "x": plain_number(placed[0].score, 2), "p": placed[0].place, "of": quarter.units}  # fmt: skip
        clauses.append(_("%(a)s%(x)s分，在%(of)s家中列第%(p)s；") % said)
    return [*clauses, *_whole(quarter.whole)]


def _whole(whole: Assessed) -> list[str]:
    found = []
    if whole.starts.of:
        found.append(
            _("应开%(of)s个已开%(n)s个，") % {"of": whole.starts.of, "n": whole.starts.met}
        )
    if whole.statistics.of:
        found.append(
            _("应统%(of)s个已统%(n)s个，") % {"of": whole.statistics.of, "n": whole.statistics.met}
        )
    if whole.milestones.of:
        found.append(
            _("本季到期节点%(of)s个按时%(n)s个。")
            % {"of": whole.milestones.of, "n": whole.milestones.met}
        )
    if found:
        found[-1] = found[-1].rstrip("，。") + "。"
    return found


def units_table(campaign: Campaign, quarter: Quarter) -> Table:
    """A unit a line, the best first; each number opens its explanation."""
    return Table(
        (
            Column("unit", _("单位"), link="href"),
            Column("place", _("名次"), "number", 0),
            Column("score", _("得分"), "number", 2),
            Column("projects", _("项目数"), "number", 0),
            Column("plan", _("完成计划"), "number", 1, "%"),
            Column("share", _("完成率"), "number", 1, "%"),
            Column("gap", _("超欠序时"), "number", 1, _("点"), template="projects/_gap_words.html"),
            Column("starts", _("开工率"), "number", 1, "%", template="projects/_tally.html"),
            Column("statistics", _("入统率"), "number", 1, "%", template="projects/_tally.html"),
            Column("milestones", _("节点按时率"), "number", 1, "%", template="projects/_tally.html"),
            Column("problems", _("上报问题"), "number", 0),
            Column("raised", _("难题"), "number", 0),
            Column("cards", _("黄牌、红牌"), template="projects/_cards.html"),
            Column("deduction", _("扣分"), "number", 1),
        ),
        [_row(campaign, quarter, line) for line in quarter.lines],
        name=_("项目考核%(q)s") % {"q": period_words(quarter.period.text)},
        search=("unit",),
        boxes=(
            Box("idle", _("应开未开"), lambda r: bool(r["idle"])),
            Box("outside", _("应统未统"), lambda r: bool(r["outside"])),
            Box("late", _("节点没有按时"), lambda r: bool(r["late"])),
            Box("carded", _("有黄红牌"), lambda r: bool(r["yellow"] or r["red"])),
        ),
        empty=_("还没有可考核的项目。"),
        begin=_("项目管理办导入项目、排好节点，责任单位按月填报后，这里按季算出。"),
        css="s-rows", stacks=True,
    )  # fmt: skip


def _row(campaign: Campaign, quarter: Quarter, line: Assessed) -> Row:
    args = [campaign.code, quarter.codes[line.unit]]
    tallies = {
        "starts": line.starts, "statistics": line.statistics, "milestones": line.milestones,
    }  # fmt: skip
    return {
        "place": line.place or None, "unit": line.unit, "projects": len(line.projects),
        "plan": percent(line.money.ratio), "share": line.money.share,
        "gap": line.money.calendar_gap,
        **{key: percent(tally.share) for key, tally in tallies.items()},
        "counts": {key: f"{tally.met}/{tally.of}" for key, tally in tallies.items()},
        "idle": len(line.starts.missed), "outside": len(line.statistics.missed),
        "late": len(line.milestones.missed), "problems": len(line.problems), "raised": line.raised,
        "cards": f"{line.yellow}、{line.red}", "yellow": line.yellow, "red": line.red,
        "deduction": line.deduction, "score": line.score,
        "href": reverse("projects:assessed", args=args) + f"?quarter={quarter.period.text}",
    }  # fmt: skip


# --- one unit -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One measure of a unit: its rule, the sum with its numbers put in, and what stands behind."""

    key: str
    name: str
    rule: str
    source: str
    full: float
    marks: float | None
    working: str
    lines: Sequence[dict[str, Any]]


def parts(campaign: Campaign, line: Assessed) -> list[Part]:
    """Every measure with its working and its projects."""
    return [_part(campaign, line, mark) for mark in line.marks]


def _part(campaign: Campaign, line: Assessed, mark: Mark) -> Part:
    measure = mark.measure
    return Part(
        measure.key, measure.name, measure.words, measure.source, measure.full, mark.marks,
        _working(line, mark), _behind(campaign, line, measure.key),
    )  # fmt: skip


def _working(line: Assessed, mark: Mark) -> str:
    """25×31,786÷36,800＝21.59; why nothing was measured."""
    full = text(mark.measure.full)
    if mark.marks is None:
        return _("没有应考事项，本项不计")
    above, below = _fraction(line, mark.measure.key)
    made = f"{full}×{above}÷{below}＝{plain_number(mark.marks, 2)}"
    if mark.share is not None and mark.share > 1:
        return made.replace("＝", _("，超过满分按满分＝"))
    return made


def _fraction(line: Assessed, key: str) -> tuple[str, str]:
    money, months = line.money, int(line.money.month[-2:] or 0)
    tallies: dict[str, Tally] = {
        "starts": line.starts, "statistics": line.statistics, "milestones": line.milestones,
    }  # fmt: skip
    if key in tallies:
        return str(tallies[key].met), str(tallies[key].of)
    done = plain_number(money.done, 0)
    if key == "plan":
        return done, plain_number(money.planned or 0, 0)
    return done, f"({plain_number(money.year_plan, 0)}×{months}÷12)"


def _behind(campaign: Campaign, line: Assessed, key: str) -> list[dict[str, Any]]:
    """The projects or milestones that a number counts, those missed first."""
    if key in ("plan", "pace"):
        return [_money_line(campaign, p, key) for p in _by_gap(line, key)]
    tally = {"starts": line.starts, "statistics": line.statistics}.get(key, line.milestones)
    items = sorted(tally.items, key=lambda item: item.met)
    return [_item_line(campaign, item, key) for item in items]


def _by_gap(line: Assessed, key: str) -> list[Any]:
    return sorted(line.projects, key=lambda p: (_gap(p, key) is None, _gap(p, key) or 0.0))


def _gap(project: Any, key: str) -> float | None:
    found: float | None = project.money.gap if key == "plan" else project.money.calendar_gap
    return found


def _money_line(campaign: Campaign, project: Any, key: str) -> dict[str, Any]:
    money, gap = project.money, _gap(project, key)
    due = money.planned if key == "plan" else money.year_plan
    said = {"done": plain_number(money.done, 0), "due": plain_number(due or 0, 0)}
    words = (
        _("完成%(done)s，应完成%(due)s万元")
        if key == "plan"
        else _("完成%(done)s，年度计划%(due)s万元")
    )
    return {
        "name": project.name, "href": _href(campaign, project), "met": gap is not None and gap >= 0,
        "words": words % said, "gap": "" if gap is None else pace_words(gap),
    }  # fmt: skip


def _item_line(campaign: Campaign, item: Item, key: str) -> dict[str, Any]:
    project = item.project
    if key == "milestones":
        due = day_words(item.due)
        done = day_words(item.done_on) if item.done_on else _("还没有完成")
        words = _("%(name)s：应%(due)s，%(done)s") % {"name": item.what, "due": due, "done": done}
    elif key == "starts":
        begun = day_words(project.started_on) if project.started_on else _("还没有开工")
        words = _("应%(due)s开工，%(begun)s") % {
            "due": day_words(project.start_due),
            "begun": begun,
        }
    else:
        words = day_words(project.included_on) if project.included_on else _("还没有入库")
    return {
        "name": project.name, "href": _href(campaign, project), "met": item.met, "words": words,
        "gap": "",
    }  # fmt: skip


def _href(campaign: Campaign, project: Any) -> str:
    return reverse("projects:one", args=[campaign.code, int(project.key)])


def score_words(line: Assessed) -> str:
    """(21.59＋…)÷100×100－2.5＝66.17."""
    known = [m for m in line.marks if m.marks is not None]
    if line.score is None or not known:
        return ""
    added = "＋".join(plain_number(m.marks, 2) for m in known)
    full = sum(m.measure.full for m in known)
    made = f"({added})÷{text(full)}×100"
    if line.deduction:
        made += f"－{text(line.deduction)}"
    return f"{made}＝{plain_number(line.score, 2)}"


def carded(campaign: Campaign, line: Assessed) -> list[dict[str, Any]]:
    """Projects with cards or a problem, and what each takes off."""
    return [
        {
            "name": p.name, "href": _href(campaign, p), "yellow": p.yellow, "red": p.red,
            "off": p.yellow * line.method.yellow + p.red * line.method.red,
            "problem": p.problem, "raised": p.raised,
        }
        for p in line.projects
        if p.yellow or p.red or p.problem or p.raised
    ]  # fmt: skip


def unit_answer(quarter: Quarter, line: Assessed) -> list[str]:
    """The unit's score and place, and where most was lost."""
    said: dict[str, Any] = {"unit": line.unit, "q": period_words(quarter.period.text)}
    if line.score is None:
        return [_("%(unit)s%(q)s没有应考事项，不计分。") % said]
    said |= {"x": plain_number(line.score, 2), "p": line.place, "of": quarter.units}
    clauses = [_("%(unit)s%(q)s项目考核得%(x)s分，") % said, _("在%(of)s家中列第%(p)s；") % said]
    lost = [(m.measure.full - (m.marks or 0.0), m.measure.name) for m in line.marks if m.marks is not None]  # fmt: skip
    most = max(lost, default=(0.0, ""))
    if most[0] > 0:
        clauses.append(_("失分最多的是%(name)s，少%(n)s分。") % {"name": most[1], "n": plain_number(most[0], 2)})  # fmt: skip
    else:
        clauses.append(_("各项没有失分。"))
    return clauses
