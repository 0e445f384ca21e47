"""The schemas hold the output, and what is generated is up to date."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from saima.cli import main
from saima.reference import schemas

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "src" / "saima" / "samples" / "hundred-days"


def validated(name: str, capsys, *words: str) -> dict:
    status = main([*words, "--json"])
    data = json.loads(capsys.readouterr().out)
    jsonschema.validate(data, json.loads(schemas()[f"{name}.schema.json"]))
    assert status in (0, 1)
    return data


def test_score_holds_to_its_schema(capsys):
    data = validated("score", capsys, "score", str(SAMPLE))
    assert {"period", "rulebook", "input_digest", "units", "problems"} <= set(data)
    unit, mark = data["units"][0], data["units"][0]["marks"][0]
    assert {"unit", "track", "score", "rank", "tier", "movement", "grade", "marks"} <= set(unit)
    assert {
        "indicator",
        "actual",
        "target",
        "attainment",
        "pace_gap",
        "marks",
        "full_marks",
    } <= set(mark)


def test_explain_holds_to_its_schema(capsys):
    unit = json.loads((ROOT / "tests" / "golden" / "sample.json").read_text())["units"][0]["unit"]
    validated("explain", capsys, "explain", str(SAMPLE), "--unit", unit)


def test_check_holds_to_its_schema(capsys):
    assert validated("check", capsys, "check", str(SAMPLE))["problems"] == []


def test_side_by_side_holds_to_its_schema(capsys):
    folder = ROOT / "campaigns" / "notice-003"
    validated("side-by-side", capsys, "score", str(folder), "--side-by-side")


def test_a_schema_refuses_what_the_output_never_says():
    schema = json.loads(schemas()["problem.schema.json"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"code": "zero-target", "severity": "fatal"}, schema)


def test_the_generated_reference_is_up_to_date(tmp_path):
    """`make docs` writes it again; in a process of its own, where no platform is loaded."""
    code = f"from saima.reference import main; main({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert made
    kept = {name: ROOT / "docs" / name for name in made}
    assert [n for n, p in kept.items() if not p.exists() or p.read_bytes() != made[n]] == []
