"""Names to codes: a unit or indicator may be written by code, name or short name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from saima.campaigns import Indicator, Source, Unit
from saima.files.campaign.problems import Findings
from saima.periods import Clock
from saima.problems import Place

if TYPE_CHECKING:
    import polars as pl

PERCENT_MEASURES = {"%", "％", "百分点", "个百分点", "pp"}


class Names:
    """Codes of units or indicators in the campaign's order, and every text that stands for one."""

    def __init__(self, unknown: str, entries: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        entries = list(entries)
        self.unknown = unknown  # problem code
        self.codes = [code for code, _ in entries]
        self._labels = {code: (*filter(None, names), code)[0] for code, names in entries}
        self._code_of = {code: code for code in self.codes}
        self.ambiguous: dict[str, list[str]] = {}
        for code, names in entries:
            for name in filter(None, names):
                known = self._code_of.setdefault(name, code)
                if known != code and name not in self.codes:
                    self.ambiguous.setdefault(name, [known]).append(code)

    def find(self, text: str) -> str | None:
        """The code that a text stands for, None if there is none or more than one."""
        return None if text in self.ambiguous else self._code_of.get(text)

    def label(self, code: str) -> str:
        """The name that people see."""
        return self._labels.get(code, code)

    def name_unknown(self, text: str, place: Place, findings: Findings) -> None:
        """Report a text that stands for nothing, or for several."""
        if text in self.ambiguous:
            codes = "、".join(dict.fromkeys(self.ambiguous[text]))
            findings.add("name-ambiguous", place, text=text, codes=codes)
        else:
            findings.add_near(self.unknown, place, text, self._code_of, text=text[:60])

    def column(self, written: pl.Series) -> pl.Series:
        """A column of texts as an Enum over the codes, in their order; null where unknown."""
        import polars as pl

        table = {text: self.find(text) for text in written.drop_nulls().unique().to_list()}
        return written.replace_strict(table, default=None, return_dtype=pl.Enum(self.codes))


@dataclass(frozen=True)
class Naming:
    """What the figures are read against."""

    clock: Clock
    counts: tuple[Source, ...]
    units: Names
    indicators: Names
    measures: dict[str, str]
    qualitative: frozenset[str]
    computed: frozenset[str]  # derived or rolled up: a blank cell in a wide sheet is no report


def unit_names(units: Iterable[Unit]) -> Names:
    return Names("unit-unknown", ((u.code, (u.name, u.short_name)) for u in units))


def indicator_names(indicators: Iterable[Indicator]) -> Names:
    return Names("indicator-unknown", ((x.code, (x.name,)) for x in indicators))


def naming_of(
    clock: Clock,
    counts: tuple[Source, ...],
    units: tuple[Unit, ...],
    indicators: tuple[Indicator, ...],
) -> Naming:
    measures = {x.code: x.measure for x in indicators}
    qualitative = frozenset(x.code for x in indicators if x.qualitative)
    computed = frozenset(x.code for x in indicators if x.formula or x.rolls_up != "own")
    return Naming(
        clock,
        counts,
        unit_names(units),
        indicator_names(indicators),
        measures,
        qualitative,
        computed,
    )
