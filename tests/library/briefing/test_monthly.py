"""The monthly bulletin: its parts, its wording, and every number of it found again in the result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

import msgspec
import pytest

from saima.briefing.model import (
    Briefing,
    Chart,
    Missing,
    Paragraph,
    Table,
    Tied,
    all_tables,
    cell_text,
)
from saima.briefing.monthly import monthly
from saima.briefing.overview import Overview
from saima.campaigns import DocumentSettings, Event
from saima.periods import Clock
from saima.scoring import result
from tests.library.briefing.invented import INDICATORS, figure, overview, units

TODAY = date(2026, 10, 15)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
EVENTS = [
    Event(kind="bonus", unit="u1", name="典型经验", on=date(2026, 8, 3)),
    Event(kind="deduction", unit="u5", name="通报批评", on=date(2026, 8, 4)),
    Event(kind="veto", unit="u4", name="较大生产安全事故", on=date(2026, 8, 5), basis="示例规定"),
]
ODD = {
    "plain": {},
    "a first month": {"months": 1},
    "a year's end": {"months": 12},
    "a missing figure": {"changed": {("u2", "investment", 9): None}},
    "marks that cannot be given": {"targets": {("u2", "revenue"): 0.0, ("u3", "left"): None}},
    "events and a veto": {"events": EVENTS},
    "one unit": {"of": units(1)},
    "one track": {"of": units(7, ("全部",))},
    "sixty units": {"of": units(60)},
    "a campaign of days": {"clock": Clock("days", date(2026, 1, 1), date(2026, 10, 7))},
    "official order": {"documents": DocumentSettings(order="official", named_places=2)},
}


def bulletin(view: Overview, **chosen) -> Briefing:
    return monthly(view.scoring, view.result.period, today=TODAY, **chosen)


def texts(briefing: Briefing) -> list[str]:
    blocks = [b for s in briefing.sections for b in s.blocks if isinstance(b, Paragraph)]
    return [briefing.headline, *(s.sentence for s in briefing.sections), *(b.text for b in blocks)]


def tables(briefing: Briefing) -> list[Table]:
    """Every table and every chart's numbers, each once."""
    return all_tables(briefing)


def headings(briefing: Briefing) -> list[str]:
    return [s.heading for s in briefing.sections if s.heading]


# --- its parts ----------------------------------------------------------------------------------


def test_bulletin_has_the_usual_parts_in_their_order():
    assert headings(bulletin(overview())) == [
        "一、总体情况", "二、分赛道排名情况", "（一）经营类", "（二）建设类", "三、主要指标进展",
        "四、存在问题", "五、下步要求", "（一）倒排时间抓进度", "（二）对照清单补短板",
        "（三）跟踪问效促落实",
    ]  # fmt: skip


def test_title_number_and_signature_are_the_office_s():
    documents = DocumentSettings(
        letterhead="示例集团文件", number="示例考核〔2026〕{issue}号", first_issue=4,
        addressee="各单位", signature="示例集团办公室", printed_by="示例办", copies_to="示例领导",
    )  # fmt: skip
    made = bulletin(overview(documents=documents))
    assert made.title == "关于2026年9月示例攻坚行动情况的通报"
    assert made.number == "示例考核〔2026〕12号"
    assert (made.issuer_mark, made.addressee, made.signature) == (
        "示例集团文件", "各单位", "示例集团办公室",
    )  # fmt: skip
    assert made.imprint.printed_by == "示例办"
    assert made.demo
    assert bulletin(overview(documents=documents), issue=7).number == "示例考核〔2026〕7号"


def test_part_without_content_is_left_out_and_the_rest_renumbered():
    ahead = {(u.code, "revenue", m): 2000.0 * m for u in units() for m in range(1, 10)} | {
        (u.code, "investment", m): 900.0 for u in units() for m in range(1, 10)
    }
    ahead |= {(u.code, "left", m): 0.0 for u in units() for m in range(1, 10)}
    level = {(u.code, "hazards", m): 99.0 for u in units() for m in range(1, 10)}
    made = bulletin(overview(changed=ahead | level))
    assert "四、下步要求" in headings(made)
    assert not any("存在问题" in heading for heading in headings(made))
    assert not any(annex.title == "问题清单" for annex in made.annexes)


def test_single_track_is_not_parted():
    assert "二、排名情况" in headings(bulletin(overview(of=units(7, ("全部",)))))


def test_paper_has_words_in_the_body_and_slides_no_annex_but_the_problems():
    view = overview()
    paper, slides = bulletin(view, form="paper"), bulletin(view, form="slides")
    assert all(isinstance(b, Paragraph) for s in paper.sections for b in s.blocks)
    assert [a.title for a in paper.annexes] == [
        "2026年9月排名表", "2026年9月分项得分表", "2026年9月指标完成情况表", "问题清单",
    ]  # fmt: skip
    assert [a.title for a in slides.annexes] == ["问题清单"]
    assert any(isinstance(b, Chart) for s in slides.sections for b in s.blocks)


def test_titles_of_tables_differ_so_that_each_gets_its_sheet():
    for form in ("paper", "slides", "full"):
        names = [t.title for t in tables(bulletin(overview(), form=form))]
        assert len(names) == len(set(names))


def test_period_that_was_not_scored_is_refused():
    with pytest.raises(KeyError):
        monthly(overview().scoring, "2026-11", today=TODAY)


# --- its wording --------------------------------------------------------------------------------


def test_opening_names_the_scheme_and_whose_figures_count():
    assert texts(bulletin(overview()))[-18:]
    opening = bulletin(overview()).sections[0].blocks[0].text
    assert opening == (
        "根据《示例赛马计分办法》，以核定数为准，对7家单位截至2026年9月底的工作完成情况进行了计分排名。"
        "现将有关情况通报如下。"
    )


def test_problems_are_counted_out_and_named():
    view = overview(
        changed={("u2", "investment", 9): None},
        targets={("u3", "revenue"): 0.0},
        events=EVENTS,
    )
    section = next(s for s in bulletin(view).sections if "存在问题" in s.heading)
    said = [b.text for b in section.blocks]
    assert [line[:2] for line in said] == ["一是", "二是", "三是", "四是", "五是", "六是"]
    assert "栖湖文旅未报固定资产投资" in said[2]
    assert "望岳建设营业收入（目标值为0）" in said[3]
    assert "南枫城建扣0.50分（通报批评）" in said[4]
    assert "新渠市政因较大生产安全事故（依据：示例规定）" in said[5]


def test_unreported_and_refused_stand_in_the_list_of_problems():
    view = overview(
        changed={("u2", "investment", 9): None}, targets={("u3", "revenue"): 0.0}, events=EVENTS
    )
    table = bulletin(view).annexes[-1].blocks[0]
    rows = {(row[1], row[2], row[3]) for row in table.rows if not isinstance(row[2], Missing)}
    assert ("栖湖文旅", "固定资产投资", "未报") in rows
    assert ("望岳建设", "营业收入", "无法计分：目标值为0") in rows
    assert "一票否决：较大生产安全事故" in {row[3] for row in table.rows}
    assert [row[0] for row in table.rows] == list(range(1, len(table.rows) + 1))


def test_year_s_end_asks_for_no_daily_amounts():
    said = "".join(texts(bulletin(overview(months=12))))
    assert "以天保周" not in said
    assert "还有" not in said


def test_total_over_some_units_says_over_how_many():
    view = overview(changed={("u2", "revenue", 9): None})
    others = sum(figure(n, "revenue", 9) for n in range(7) if n != 2)
    assert f"营业收入{printed(others, 0)}万元（6家单位）" in "".join(texts(bulletin(view)))


def test_score_that_fell_is_not_given_as_the_reason_of_a_rise():
    unreported = {(u.code, x.code, 9): None for u in units() for x in INDICATORS}
    del unreported["u0", "revenue", 9]
    said = "".join(texts(bulletin(overview(changed=unreported))))
    assert "进位较快" in said
    assert "升2位，得分较8月降" not in said


@pytest.mark.parametrize("name", ODD)
def test_no_sentence_is_left_open_or_doubled(name):
    for said in texts(bulletin(overview(**ODD[name]))):
        assert not re.search(r"[，；。、：][，；。、：]|None|nan|inf|（）|“”", said), said


@pytest.mark.parametrize("name", ODD)
def test_names_stand_by_the_ranks_that_the_result_gives(name):
    view = overview(**ODD[name])
    for said in texts(bulletin(view)):
        for label, score, rank in re.findall(
            r"([\w第]+?)(\d+\.\d\d)分，(?:居|并列)第(\d+)位", said
        ):
            unit = next(u for u in view.result.units if label.endswith(view.label(u.unit)))
            assert (unit.rank, printed(unit.score, 2)) == (int(rank), score)


# --- its numbers --------------------------------------------------------------------------------


def printed(value: float, places: int) -> str:
    """四舍五入 by Decimal, over the nine decimals that computed numbers are written with."""
    written = Decimal(repr(float(value))).quantize(Decimal("1e-9"), ROUND_HALF_UP)
    return f"{written.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"


def ways(value: float | None, *places: int) -> set[str]:
    """A number as it may be printed, trailing zeros and sign left out."""
    found = set()
    for p in places if value is not None else ():
        said = printed(abs(value), p)
        found |= {said, said.rstrip("0").rstrip(".") if "." in said else said}
    return found


def of_result(view: Overview) -> set[str]:
    """Every number of the result as it may be printed, and of the one a period earlier."""
    found: set[str] = set()
    results = [view.result]
    if view.before is not None:
        before = view.scoring.cube.scored[view.before].text
        results.append(result(view.scoring, before, with_needs=False))
    scores: dict[str, list[float]] = {}
    marks: dict[tuple[str, str], list[float]] = {}
    for one in results:
        for u in one.units:
            found |= ways(u.score, 2) | ways(u.rank, 0) | ways(u.movement, 0)
            found |= (
                ways(u.bonus, 2) | ways(u.deduction, 2) | ways((u.rank or 0) + (u.movement or 0), 0)
            )
            found |= ways(u.ahead.gap if u.ahead else None, 2)
            scores.setdefault(u.unit, []).append(u.score)
            for m in u.marks:
                places = (0, 1, 2)
                found |= ways(m.marks, 2) | ways(m.full_marks, 0, 2) | ways(m.pace_gap, 2)
                found |= ways(m.actual, *places) | ways(m.target, *places)
                found |= ways(m.attainment and m.attainment * 100, 2)
                found |= ways(m.full_marks - (m.marks or 0), 2)
                marks.setdefault((u.unit, m.indicator), []).append(m.marks)
    for pair in [*scores.values(), *marks.values()]:
        if len(pair) == 2 and None not in pair:
            found |= ways(pair[0] - pair[1], 2)
    return found


def of_groups(view: Overview) -> set[str]:
    """Every period's scores, and means and distances of each track, over who is ranked now."""
    found: set[str] = set()
    for s in range(view.s + 1):
        then = result(view.scoring, view.scoring.cube.scored[s].text, with_needs=False)
        score = {u.unit: u.score for u in then.units}
        for track in {u.track for u in view.result.units}:
            ranked = [u.unit for u in view.result.units if u.track == track and u.rank]
            scores = [score[code] for code in ranked]
            found = found.union(*(ways(x, 2) for x in scores))
            if scores:
                found |= ways(sum(scores) / len(scores), 2) | ways(max(scores) - min(scores), 2)
    return found


def of_sums(view: Overview) -> set[str]:
    """Sums over units of what adds up, from the figures that the campaign was built with."""
    found: set[str] = set()
    months = int(view.result.period[5:])
    days = (view.campaign.clock.window(view.period.end).end - view.period.end).days
    for x in ("revenue", "investment", "left"):
        rows = []
        for unit in view.result.units:
            mark = next((m for m in unit.marks if m.indicator == x), None)
            own, opening = view.index(unit.unit), 0.0
            this = figure(own, x, months)
            if x == "revenue":
                this -= figure(own, x, months - 1) if months > 1 else 0.0
            found |= ways(this, 0)
            if mark is None or None in (mark.actual, mark.target, mark.pace_gap):
                continue
            base, done, gap = mark.target, mark.actual, mark.pace_gap / 100
            if x == "left":
                opening = figure(own, x, 0)
                base, done = opening - base, opening - done
            rows.append((base, done, gap * base, mark.actual, mark.target, this, opening))
            found |= spread(base - done, days) | ways(gap * base, 0)
        if not rows:
            continue
        base, done, gap, actual, aim, this, opening = (sum(c) for c in zip(*rows, strict=True))
        for value in (actual, aim, this, opening):
            found |= ways(value, 0)
        found |= ways(done / base * 100, 2) | ways(gap / base * 100, 2) | spread(base - done, days)
    return found


def spread(left: float, days: int) -> set[str]:
    left = max(0.0, float(printed(left, 0).replace(",", "")))
    if not days:
        return ways(left, 0)
    per_day = left / days
    rates = (per_day, min(left, per_day * 7), min(left, per_day * 365.25 / 12))
    return ways(left, 0).union(*(ways(rate, 0, 1, 2) for rate in rates))


def of_counts(view: Overview) -> set[str]:
    """Counts can be no larger than the items there are; shares are of two of them."""
    items = sum(len(u.marks) for u in view.result.units)
    counted = {str(n) for n in range(items + 1)}
    paced = [m for u in view.result.units for m in u.marks if m.indicator != "hazards"]
    known = [m for m in paced if m.pace_gap is not None]
    kept = [m for m in known if float(printed(m.pace_gap, 2)) >= 0]
    share = ways(len(kept) / len(known) * 100, 2) if known else set()
    years = {"2026"} | {str(n) for n in range(1, 32)}
    end = view.campaign.clock.window(view.period.end).end
    return counted | share | years | {str((end - view.period.end).days)}


@pytest.mark.parametrize("name", ODD)
def test_every_number_of_the_text_is_found_again_in_the_result(name):
    view = overview(**ODD[name])
    known = of_result(view) | of_groups(view) | of_sums(view) | of_counts(view)
    for form in ("paper", "slides", "full"):
        for said in texts(bulletin(view, form=form)):
            unknown = [n for n in NUMBER.findall(said.replace("第n", "")) if n not in known]
            assert unknown == [], said


def cells(table: Table) -> Iterator[str]:
    for row in table.rows:
        for cell, column in zip(row, table.columns, strict=True):
            if isinstance(cell, int | float) and not isinstance(cell, Tied):
                yield cell_text(cell, column).lstrip("-↑↓").replace("持平", "0")


@pytest.mark.parametrize("name", ODD)
def test_every_number_of_the_tables_is_found_again_in_the_result(name):
    view = overview(**ODD[name])
    known = of_result(view) | of_groups(view) | of_sums(view) | of_counts(view)
    for table in tables(bulletin(view)):
        assert [n for n in cells(table) if n not in known] == [], table.title


def test_a_number_that_is_not_of_the_result_would_be_noticed():
    view = overview()
    known = of_result(view) | of_groups(view) | of_sums(view) | of_counts(view)
    assert {"62,910", "21,090"} <= known
    assert not {"94.51", "62,915", "21,095", "6.23%"} & known


def test_charts_draw_the_scores_of_the_result():
    view = overview()
    drawn = [b for s in bulletin(view).sections for b in s.blocks if isinstance(b, Chart)]
    ranked = next(c for c in drawn if c.title == "经营类得分")
    assert ranked.categories == ("云岭交通", "栖湖文旅", "望岳建设", "澄江置业")
    assert ranked.series[0].values == tuple(
        view.by_code[code].score for code in ("u1", "u2", "u3", "u0")
    )
    trend = next(c for c in drawn if c.title == "经营类各期得分")
    assert trend.categories == tuple(f"{m}月" for m in range(1, 10))
    own = next(s for s in trend.series if s.name == "云岭交通")
    assert own.values[-1] == view.by_code["u1"].score


def test_trend_of_many_units_keeps_the_ends_and_the_mean():
    view = overview(of=units(20, ("全部",)))
    drawn = [b for s in bulletin(view).sections for b in s.blocks if isinstance(b, Chart)]
    trend = next(c for c in drawn if c.kind == "line")
    scores = [u.score for u in view.result.units if u.rank]
    assert [s.name for s in trend.series][-1] == "平均"
    assert len(trend.series) == 5
    assert trend.series[-1].values[-1] == pytest.approx(sum(scores) / len(scores))


def test_two_briefings_of_the_same_input_are_the_same():
    assert bulletin(overview()) == bulletin(overview())


def test_long_names_stand_whole():
    long = tuple(
        msgspec.structs.replace(u, short_name="", name=f"示例{'长' * 60}{u.code}") for u in units()
    )
    made = bulletin(overview(of=long))
    assert any(f"示例{'长' * 60}u1" in said for said in texts(made))


def test_combined_oddities_do_not_break_the_bulletin():
    mergeable = [
        "a missing figure",
        "events and a veto",
        "marks that cannot be given",
        "official order",
    ]
    for first, second in combinations(mergeable, 2):
        assert bulletin(overview(**ODD[first], **ODD[second])).sections
