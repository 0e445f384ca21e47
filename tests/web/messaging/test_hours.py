"""Quiet hours and due times; a picture drawn from a text."""

from __future__ import annotations

import io
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from saima_web.jobs.actions import Every
from saima_web.messaging.hours import awake, is_quiet, next_time
from saima_web.messaging.parcels import encoder, filled, in_header
from saima_web.messaging.pictures import NEVER_FIRST, Words, picture, wrapped

CHINA = ZoneInfo("Asia/Shanghai")


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("moment", "begins", "ends", "quiet"),
    [
        (at(22), time(21), time(7), True),
        (at(6, 59), time(21), time(7), True),
        (at(7), time(21), time(7), False),
        (at(12), time(21), time(7), False),
        (at(12, 30), time(12), time(14), True),
        (at(14), time(12), time(14), False),
        (at(9), time(9), time(9), False),
    ],
)
def test_quiet_hours_may_span_midnight_and_none_are_quiet_where_both_ends_are_the_same(
    moment: datetime, begins: time, ends: time, quiet: bool
) -> None:
    assert is_quiet(moment, begins, ends) is quiet


def test_what_is_quiet_waits_for_the_end_and_nothing_else_waits() -> None:
    assert awake(at(22), time(21), time(7)) == at(7, day=21)
    assert awake(at(6), time(21), time(7)) == at(7)
    assert awake(at(12), time(21), time(7)) == at(12)
    assert next_time(at(8, 30), time(8, 30)) == at(8, 30)


def test_a_job_every_so_many_minutes_is_due_on_the_round_minute() -> None:
    job = Every(5, lambda: "", lambda: True)
    assert job.due(at(8, 34).replace(second=59)) == at(8, 30)
    assert job.due(at(8, 35)) == at(8, 35)


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("application/json", 'a"b\n', '[a\\"b\\n]'),
        ("application/x-www-form-urlencoded", "a&b=1", "[a%26b%3D1]"),
        ("text/xml", "<a>&", "[&lt;a&gt;&amp;]"),
        ("text/plain", "a{text}b", "[a{text}b]"),
    ],
)
def test_values_are_written_as_their_body_needs(kind: str, value: str, written: str) -> None:
    assert filled("[{text}]", {"text": value}, encoder(kind)) == written


def test_a_header_stays_one_line_of_ascii() -> None:
    assert in_header("a\r\nX-Evil: 1") == "a X-Evil: 1"
    assert in_header("任务").isascii()


class Ruler:
    """A font whose letters are all 30 pixels wide."""

    def getlength(self, text: str) -> float:
        return 30.0 * len(text)


def test_lines_fit_and_none_begins_with_a_comma() -> None:
    lines = wrapped("一二三四五六七八九十一二三四五六七八九十一，二三", Ruler())
    assert "".join(lines) == "一二三四五六七八九十一二三四五六七八九十一，二三"
    assert not any(line[0] in NEVER_FIRST for line in lines)
    assert max(len(line) for line in lines) <= 22


def test_a_long_text_makes_a_long_picture_up_to_a_bound() -> None:
    heights = []
    for n in (1, 30, 2000):
        drawn = picture(
            Words("会商清单", ("第一件：地块征收卡在两户。",) * n, "示例行动", "示例集团")
        )
        assert drawn is not None
        heights.append(Image.open(io.BytesIO(drawn)).size[1])
    assert heights[0] < heights[1] < heights[2] == 20000
