"""What is wrong with an input, where it stands and how to mend it: problems are values, not crashes.

Every module declares the wording of its own problem codes beside the code that finds them
(`declare`), in Chinese and English. The codes and wordings are public: they show on the command
line, in annotated workbooks, in JSON and in the generated reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Language = Literal["zh", "en"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Place:
    """Where a value stands: a file, then a sheet and cell (A1 style), or a line, or a key path.

    Any part may be empty; `str(place)` is the Chinese text for people, e.g. `台账.xlsx“数据”!D12`.
    """

    file: str = ""
    sheet: str = ""
    cell: str = ""
    line: int = 0
    path: str = ""

    def __str__(self) -> str:
        return self.text("zh")

    def text(self, language: Language = "zh") -> str:
        sheet = (f"“{self.sheet}”" if language == "zh" else f"[{self.sheet}]") if self.sheet else ""
        cell = f"!{self.cell}" if self.cell and (self.sheet or self.file) else self.cell
        line = (
            (f"第{self.line}行" if language == "zh" else f" line {self.line}") if self.line else ""
        )
        path = f" {self.path}" if self.path else ""
        return f"{self.file}{sheet}{cell}{line}{path}".strip()


@dataclass(frozen=True)
class Wording:
    """The two languages of one problem code; `{names}` are filled in from the problem's values."""

    severity: Severity
    zh: str
    zh_hint: str
    en: str
    en_hint: str


CATALOGUE: dict[str, Wording] = {}


def declare(
    code: str, zh: str, zh_hint: str, en: str, en_hint: str, severity: Severity = "error"
) -> str:
    """Register the wording of a problem code (once, at import) and return the code."""
    if code in CATALOGUE:
        raise ValueError(f"problem code declared twice: {code}")
    CATALOGUE[code] = Wording(severity, zh, zh_hint, en, en_hint)
    return code


@dataclass(frozen=True)
class Problem:
    """One thing wrong: its code, its place, and the values that its wording names."""

    code: str
    place: Place = Place()
    values: dict[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.code not in CATALOGUE:
            raise ValueError(f"undeclared problem code: {self.code}")

    @property
    def severity(self) -> Severity:
        return CATALOGUE[self.code].severity

    def message(self, language: Language = "zh") -> str:
        wording = CATALOGUE[self.code]
        return (wording.zh if language == "zh" else wording.en).format(**self.values)

    def hint(self, language: Language = "zh") -> str:
        wording = CATALOGUE[self.code]
        return (wording.zh_hint if language == "zh" else wording.en_hint).format(**self.values)

    def text(self, language: Language = "zh") -> str:
        """One line for people: place, what is wrong, what to do."""
        place = self.place.text(language)
        colon = "：" if language == "zh" else ": "
        gap = "" if language == "zh" else " "
        return f"{place}{colon if place else ''}{self.message(language)}{gap}{self.hint(language)}"

    def as_data(self, language: Language = "zh") -> dict[str, Any]:
        """The JSON shape of a problem (docs/reference/problem.schema.json)."""
        where = {k: v for k, v in vars(self.place).items() if v}
        return {
            "code": self.code,
            "severity": self.severity,
            "where": where,
            "message": self.message(language),
            "hint": self.hint(language),
        }


class Refused(Exception):
    """Something that is not done, with the reason and the mend: exit status 2 on the command line.

    Carries one Problem, so that a refusal reads like every other message.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text("zh"))
        self.problem = problem


def refuse(code: str, place: Place | None = None, **values: Any) -> Refused:
    """Build a refusal from a declared code: `raise refuse("unreadable-file", Place(file=name))`."""
    return Refused(Problem(code, place or Place(), values))


def has_errors(problems: list[Problem]) -> bool:
    """True if any problem is an error (warnings do not stop anything)."""
    return any(p.severity == "error" for p in problems)
