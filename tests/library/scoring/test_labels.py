"""In English no step of a trace is called in Chinese: names that people gave aside."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from saima.rules.quantities import BASIC, DERIVED, STATISTICS, quantity_label
from saima.scoring import explain
from saima.scoring.engine import score
from saima.scoring.equations import children, equation, formula, label, value_text
from saima.scoring.labels import TERMS, english, source
from tests.support.generated import seeded

SOURCES = Path(__file__).parents[3] / "src" / "saima"
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
MAKERS = ("named", "given", "Step", "_limited", "_given")


def literals() -> Iterator[str]:
    """Every Chinese label that a step is given in the source, whole or as a part of one."""
    files = [*(SOURCES / "rules").rglob("*.py"), *(SOURCES / "scoring").glob("*.py")]
    for path in [*files, SOURCES / "steps.py"]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in MAKERS:
                for part in ast.walk(call):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value


def test_every_label_in_the_source_has_english() -> None:
    found = {text for text in literals() if CHINESE.search(text)}
    assert len(found) > 60
    around = {
        "计分",
        "各地",
        "县区",
        "与",
        "比",
        "部分",
        "次数",
        "分",
        "加",
        "扣",
        "一票否决：",
        "（限额）",
    }
    left = {t for t in found if t.partition("（")[0] not in TERMS and t not in around}
    assert left == set()
    assert not [said for said in TERMS.values() if CHINESE.search(said)]


def test_every_quantity_and_statistic_has_english() -> None:
    for name in (*BASIC, *DERIVED):
        assert not CHINESE.search(english(quantity_label(name)))
        for kind in STATISTICS:
            for scope in ("", "all_"):
                assert not CHINESE.search(english(quantity_label(f"{kind}_{scope}{name}")))


@pytest.mark.parametrize(
    ("said", "detail", "expected"),
    [
        ("完成率", {}, "attainment"),
        ("超欠序时（百分点）", {}, "points ahead of pace"),
        ("计分完成率", {}, "counted attainment"),
        ("同赛道完成率平均", {}, "mean attainment in the track"),
        ("与上年同期数比", {}, "against last year"),
        ("与第3位比", {}, "against place 3"),
        ("与6个百分点比", {}, "against 6 points"),
        ("一票否决：重大事故、重大火灾", {}, "veto: 重大事故, 重大火灾"),
        ("招商活动加分", {}, "bonus for 招商活动"),
        ("经营", {}, "经营"),
        ("满分", {"indicator": "x"}, "满分"),
        ("营业收入完成率", {"indicator": "x", "quantity": "attainment"}, "营业收入 attainment"),
    ],
)  # fmt: skip
def test_terms_are_english_and_names_stay(
    said: str, detail: Mapping[str, Any], expected: str
) -> None:
    assert english(said, detail) == expected


def test_kind_of_a_figure_is_english() -> None:
    assert source("核定数") == "confirmed figure"
    assert source("2026年季报") == "2026年季报"


def names(case: Any) -> list[str]:
    """What people named in a generated campaign, the longest first."""
    text = str(msgspec.to_builtins([case.campaign, case.rulebook.tree, case.rulebook.events]))
    return sorted(set(re.findall(r"[\u4e00-\u9fff]+", text)), key=len, reverse=True)


def said_of(step: Mapping[str, Any]) -> Iterator[str]:
    yield from (label(step, "en"), formula(step, "en"), value_text(step, "en"))
    yield from (word for token in equation(step, language="en") for word in token)
    for part in children(step):
        yield from said_of(part)


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_no_step_of_a_generated_campaign_speaks_chinese_in_english(seed: int) -> None:
    case = seeded(seed)
    scoring = score(case.tables, case.rulebook)
    known = names(case)
    left = set()
    for s, period in enumerate(scoring.cube.scored[-1:], len(scoring.cube.scored) - 1):
        for u, unit in enumerate(scoring.cube.campaign.units):
            if scoring.field.valid[u, s]:
                data = explain(scoring, period.text, unit.code, language="en")
                texts = [*said_of(data["steps"])]
                texts += [m[part] for m in data["marks"] for part in ("sentence", "rule")]
                left |= {_without(text, known) for text in texts}
    assert not {text for text in left if CHINESE.search(text)}


def _without(text: str, known: list[str]) -> str:
    for name in known:
        text = text.replace(name, "")
    return text


def test_sentence_and_rule_of_an_explanation_follow_the_language() -> None:
    case = seeded(3)
    scoring = score(case.tables, case.rulebook)
    period = scoring.cube.scored[-1].text
    unit = scoring.cube.campaign.units[int(scoring.field.valid[:, -1].argmax())].code
    chinese, in_english = (explain(scoring, period, unit, language=x) for x in ("zh", "en"))
    assert [m["marks"] for m in chinese["marks"]] == [m["marks"] for m in in_english["marks"]]
    pairs = list(zip(chinese["marks"], in_english["marks"], strict=True))
    assert pairs
    assert all(a["rule"] != b["rule"] and a["sentence"] != b["sentence"] for a, b in pairs)
