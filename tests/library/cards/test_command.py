"""`saima cards` on rules, observations and a campaign."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from saima.cards import replay
from saima.cards.observing import history_of
from saima.cards.reading import read_card_rules_file
from saima.cli import main
from saima.files.campaign import load_campaign
from saima.reference import schemas
from saima.scoring import score

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "src" / "saima" / "samples" / "hundred-days"
RULES = str(ROOT / "src" / "saima" / "cards" / "default.yaml")

OBSERVED = """\
observations:
  - {on: 2026-06, subject: 示例一, behind-pace: 12}
  - {on: 2026-07, subject: 示例一, behind-pace: 35}
  - {on: 2026-08, subject: 示例一, behind-pace: 0}
"""


@pytest.fixture(scope="module")
def scoring():
    tables, rulebooks = load_campaign(SAMPLE)
    return score(tables, rulebooks[-1])


def test_rules_are_printed_as_clauses(capsys):
    assert main(["cards", "show", RULES]) == 0
    said = capsys.readouterr().out
    assert "超过30个百分点，亮红牌" in said and "本系统默认" in said


def test_cases_are_run_and_a_failing_one_gives_status_one(tmp_path, capsys):
    assert main(["cards", "test", RULES]) == 0
    broken = tmp_path / "规则.yaml"
    broken.write_text(
        Path(RULES).read_text(encoding="utf-8").replace("behind-pace: 31", "behind-pace: 3"),
        encoding="utf-8",
    )
    assert main(["cards", "test", str(broken)]) == 1
    assert "规则.yaml" in capsys.readouterr().err


def test_observations_are_replayed_and_judged(tmp_path, capsys):
    data = tmp_path / "观测.yaml"
    data.write_text(OBSERVED, encoding="utf-8")
    assert main(["cards", "replay", RULES, str(data), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    jsonschema.validate(answer, json.loads(schemas()["cards.schema.json"]))
    found = answer["proposals"]
    assert [(p["kind"], p["level"]) for p in found] == [
        ("raise", "黄牌"), ("raise", "红牌"), ("lower", "黄牌"),
    ]  # fmt: skip
    assert main(["cards", "judge", RULES, str(data), "--on", "2026-07"]) == 0
    said = capsys.readouterr().out
    assert "黄牌升为红牌" in said and "2026-08" not in said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["judge", RULES], "没有可以评定的数据"),
        (["judge", RULES, "DATA", "--on", "2026-01"], "没有可评定的数据"),
        (["replay", "DATA", "DATA"], "不是一份黄红牌规则"),
        (["replay", RULES, "ODD"], "第1条观测"),
        (["show", "none.yaml"], "打不开"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(words, expected, tmp_path, capsys):
    (tmp_path / "data.yaml").write_text(OBSERVED, encoding="utf-8")
    (tmp_path / "odd.yaml").write_text("observations: [{behind: 1}]", encoding="utf-8")
    names = {"DATA": str(tmp_path / "data.yaml"), "ODD": str(tmp_path / "odd.yaml")}
    assert main(["cards", *(names.get(w, w) for w in words)]) == 2
    assert expected in capsys.readouterr().err


def test_a_campaign_is_replayed(capsys):
    assert main(["cards", "replay", RULES, str(SAMPLE)]) == 0
    said = capsys.readouterr().out
    assert "亮黄牌" in said and "是否发出，由负责人决定" in said


def test_what_is_observed_is_what_the_ranking_tells(scoring):
    from saima.scoring import result

    last = scoring.cube.scored[-1]
    seen = {o.subject: o for o in history_of(scoring) if o.on == last.end}
    told = result(scoring)
    for unit in told.units:
        if unit.rank:
            assert seen[unit.unit].values["rank"] == unit.rank
            peers = [u for u in told.units if u.track == unit.track and u.rank]
            behind = sum((u.rank or 0) > unit.rank for u in peers)
            assert seen[unit.unit].values["bottom"] == behind + 1
        for mark in unit.marks:
            one = seen.get(f"{unit.unit}/{mark.indicator}")
            if one and "behind-pace" in one.values and mark.pace_gap is not None:
                assert one.values["behind-pace"] == pytest.approx(-mark.pace_gap)


def test_a_replayed_history_gives_the_same_cards_each_time(scoring):
    rules, _ = read_card_rules_file(Path(RULES))
    seen = history_of(scoring)
    once = replay(rules, seen)
    assert once == replay(rules, list(reversed(seen))) or {str(p) for p in once.proposals} == {
        str(p) for p in replay(rules, list(reversed(seen))).proposals
    }
    assert once.raised and all(p.on >= date(2026, 1, 31) for p in once.raised)
