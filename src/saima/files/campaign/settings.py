"""The settings of a campaign, from campaign.yaml or from the sheet 活动: flat values by path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from saima.campaigns import DocumentSettings
from saima.files.campaign.entities import sources_of
from saima.files.campaign.problems import Findings
from saima.files.campaign.schema import CAMPAIGN_FIELDS, WORDS, Field, choices, word
from saima.files.campaign.values import date_of, plain_text, whole_of
from saima.periods import ONE_DAY, Clock, Period, add_months, parse
from saima.problems import Place, Refused, refuse

FIELDS: dict[str, Field] = {f.name: f for f in CAMPAIGN_FIELDS}


@dataclass
class Settings:
    """Values by path (`clock.start`) with the place of each; `at` is where missing ones belong."""

    values: dict[str, Any]
    places: Mapping[str, Place]
    at: Place
    findings: Findings

    def place(self, key: str) -> Place:
        return self.places.get(key, self.at)

    def wrong(self, key: str, reason: str, reason_en: str) -> None:
        values = {"name": FIELDS[key].headers[0], "key": key, "reason": reason}
        shown = plain_text(self.values.get(key))[:60]
        place = self.place(key)
        self.findings.add("campaign-value-wrong", place, value=shown, reason_en=reason_en, **values)

    def missing(self, key: str) -> None:
        self.findings.add("campaign-key-missing", self.at, name=FIELDS[key].headers[0], key=key)

    def text(self, key: str, default: str = "") -> str:
        return plain_text(self.values.get(key)) or default

    def whole(self, key: str, default: int) -> int:
        raw = self.values.get(key)
        found = whole_of(raw) if raw not in (None, "") else default
        if found is None or found < 0:
            self.wrong(key, "应为整数", "a whole number is wanted")
            return default
        return found

    def flag(self, key: str) -> bool:
        raw = self.values.get(key)
        return raw if isinstance(raw, bool) else self.choice(key, "flag", "no") == "yes"

    def choice(self, key: str, words: str, default: str) -> str:
        text = self.text(key)
        found = choices(words).get(text.lower().replace("_", "-")) if text else default
        if found is None:
            shown = "、".join(w[0] for w in WORDS[words].values())
            self.wrong(key, f"可填：{shown}", f"use one of {', '.join(WORDS[words])}")
            return default
        return found

    def date(self, key: str) -> date | None:
        raw = self.values.get(key)
        found = date_of(raw) if raw not in (None, "") else None
        if found is None and raw not in (None, ""):
            self.wrong(key, "应为日期，如 2026-01-01", "a date such as 2026-01-01 is wanted")
        return found

    def listed(self, key: str) -> tuple[str, ...]:
        """A list, or one text parted by 、 or commas."""
        raw = self.values.get(key)
        if isinstance(raw, (list, tuple)):
            return tuple(plain_text(v) for v in raw)
        text = plain_text(raw).replace("，", "、").replace(",", "、")
        return tuple(part.strip() for part in text.split("、") if part.strip())


def flatten(data: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Nested mappings as values by path; what is no mapping is a value."""
    if not isinstance(data, dict):
        return {path: data}
    return {k: v for key, inner in data.items() for k, v in flatten(inner, (*path, key)).items()}


def known_values(
    values: Mapping[str, Any], place: Callable[[str], Place], findings: Findings
) -> dict[str, Any]:
    """The values whose key is a setting, under its own name; others are named."""
    known = {name: name for name in FIELDS} | {
        h: f.name for f in CAMPAIGN_FIELDS for h in f.headers
    }
    found: dict[str, Any] = {}
    for key, value in values.items():
        name = known.get(key) or known.get(key.replace("_", "-"))
        if name is None:
            findings.add_near("campaign-key-unknown", place(key), key, known, key=key[:60])
        else:
            found.setdefault(name, value)
    return found


def read_clock(settings: Settings) -> Clock:
    """The clock. Errors: Refused `clock-missing` where no start is given: nothing can be dated."""
    kind = settings.choice("clock.kind", "clock", "natural-year").replace("-", "_")
    start = settings.date("clock.start")
    if start is None:
        raise refuse("clock-missing", settings.place("clock.start"))
    end = settings.date("clock.end") or _end(settings, kind, start)
    return Clock(kind, start, end, _joint(settings))  # type: ignore[arg-type]


def _end(settings: Settings, kind: str, start: date) -> date:
    if kind == "days":
        days = settings.whole("clock.days", 0)
        if days:
            return start + timedelta(days=days - 1)
        settings.missing("clock.days")
        return start + timedelta(days=99)
    return add_months(start.replace(day=1), 12) - ONE_DAY


def _joint(settings: Settings) -> tuple[tuple[int, int], ...]:
    """Month spans: [[1, 2]], [1-2] or 1—2月."""
    raw = settings.values.get("clock.joint")
    parts = raw if isinstance(raw, list) and raw else settings.listed("clock.joint")
    found = [_span(part) for part in parts]
    if None in found:
        settings.wrong(
            "clock.joint", "应为月份起止，如 1—2月", "month spans such as [1, 2] are wanted"
        )
    return tuple(span for span in found if span)


def _span(part: Any) -> tuple[int, int] | None:
    if isinstance(part, (list, tuple)):
        months = [whole_of(v) or 0 for v in part]
    else:
        months = _span_months(plain_text(part))
    if len(months) == 2 and 1 <= months[0] < months[1] <= 12:
        return months[0], months[1]
    return None


def _span_months(text: str) -> list[int]:
    year = Clock("natural_year", date(2001, 1, 1), date(2001, 12, 31))
    try:
        period: Period = parse(text if text.endswith("月") else f"{text}月", year)
    except Refused:
        return []
    return [period.start.month, period.end.month]


def read_documents(settings: Settings) -> DocumentSettings:
    """What bulletins print."""
    texts = {
        key.split(".")[1].replace("-", "_"): settings.text(key)
        for key in settings.values
        if key.startswith("documents.") and FIELDS[key].kind == "text" and settings.text(key)
    }
    order = settings.choice("documents.order", "order", "rank")
    return DocumentSettings(
        first_issue=settings.whole("documents.first-issue", 1),
        named_places=settings.whole("documents.named-places", 3),
        order="official" if order == "official" else "rank",
        **texts,
    )


def read_counts(settings: Settings) -> Any:
    """Which sources count, first declared first."""
    raw = settings.listed("counts")
    if not raw:
        return ("confirmed",)
    found = sources_of("、".join(raw))
    if found is None:
        words = "、".join(word("source", s) for s in WORDS["source"])
        settings.wrong("counts", f"可填：{words}", f"use {', '.join(WORDS['source'])}")
        return ("confirmed",)
    return found
