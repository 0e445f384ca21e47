"""Every event that the platform records has its words."""

import re
from pathlib import Path

import pytest

from saima_web.audit.words import NOUNS, VERBS, said

SOURCE = Path(__file__).parents[3] / "src" / "saima_web"
RECORDED = re.compile(
    r"(?:record|_note\w*|_move|_switch|_log)\(\s*(?:[\w.]+,\s*)*\"([a-z-]+\.[a-z-]+)\""
)


def events() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    return {event for text in texts for event in RECORDED.findall(text)}


def test_there_are_events() -> None:
    assert len(events()) > 40


@pytest.mark.parametrize("event", sorted(events()))
def test_event_has_words(event: str) -> None:
    noun, verb = event.split(".")
    assert noun in NOUNS
    assert verb in VERBS


def test_english_says_the_code_in_words() -> None:
    assert said("figure.endorsed", "zh-hans") == "数据　审核通过"
    assert said("outer-rank.recorded", "en") == "outer rank recorded"
