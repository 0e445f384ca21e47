"""By what an indicator is shared out: weights of units and periods from the plan and last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from saima.allocation.breakdown import Breakdown, Cell, Restriction
from saima.allocation.cascade import WorkingDay, days_of
from saima.allocation.history import History
from saima.allocation.plan import (
    Amounts,
    Axis,
    PeriodBasis,
    PeriodWay,
    Plan,
    PlanIndicator,
    PlanWork,
    UnitBasis,
    UnitWay,
    axis_of,
    clock_of,
    periods_of,
    whole_window,
)
from saima.periods import Period, parse
from saima.problems import Place, Problem, Refused, declare
from saima.rules.documents import Document, Path

declare(
    "plan-figures-missing",
    "“{name}”按{basis}分解，但缺少{missing}的数。",
    "请补填；确实没有的填 0，或改用其他分解依据。",
    "“{name}” is shared by {basis_en}, but there is nothing for {missing}.",
    "Fill it in (0 if there is none), or choose another basis.",
)
declare(
    "plan-figures-count",
    "“{name}”列了{found}个数，应为{wanted}个。",
    "请逐个对应填写，或写成“名称: 数值”的形式。",
    "“{name}” lists {found} figures where {wanted} are needed.",
    "List one for each, or write them as key: figure.",
)
declare(
    "plan-period-misfit",
    "“{period}”与计划的期间划分对不上。",
    "请写计划中的某一期，或由若干整期组成的期间。",
    "“{period}” does not fit the periods of the plan.",
    "Name one period of the plan, or a span of whole ones.",
)

_WAYS = {
    "history": ("上年数", "history"),
    "weights": ("权重", "weights"),
    "capacity": ("能力", "capacity"),
    "season": ("季节系数", "season"),
}


@dataclass(frozen=True)
class Setting:
    """What all indicators of a plan share."""

    plan: Plan
    document: Document
    history: History
    is_working: WorkingDay
    periods: Sequence[Period]
    window: Period


def setting_of(plan: Plan, document: Document, history: History, is_working: WorkingDay) -> Setting:
    return Setting(plan, document, history, is_working, periods_of(plan), whole_window(plan))


@dataclass
class _Draft:
    """One breakdown while it is put together."""

    setting: Setting
    indicator: PlanIndicator
    path: Path
    axis: Axis
    units: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    restrictions: list[Restriction] = field(default_factory=list)
    unit_groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    period_groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.indicator.name or self.indicator.indicator

    @property
    def periods(self) -> dict[str, Period]:
        return {period.text: period for period in self.setting.periods}

    def problem(self, code: str, *path: str | int, **values: object) -> None:
        place = self.setting.document.place((*self.path, *path))
        self.problems.append(Problem(code, place, dict(values)))


def breakdown_of(
    setting: Setting, index: int, headline: Decimal, measure: str, decimals: int
) -> tuple[Breakdown | None, list[Problem]]:
    """The breakdown of the plan's indicator of that index, or None and what is wrong with it."""
    indicator = setting.plan.indicators[index]
    axis = axis_of(setting.plan, indicator.over)
    draft = _Draft(setting, indicator, ("indicators", index), axis, ())
    draft.units = _units(draft)
    draft.names = {indicator.indicator: draft.name, **axis.names}
    draft.names |= {key: period.label() for key, period in draft.periods.items()}
    unit_weights = _unit_weights(draft)
    period_weights, cells = _period_weights(draft, unit_weights)
    cells |= _idle_periods(draft, period_weights, cells)
    _restrict(draft)
    if draft.problems:
        return None, draft.problems
    breakdown = Breakdown(
        indicator.indicator,
        headline,
        draft.units,
        tuple(draft.periods),
        unit_weights,
        period_weights,
        decimals,
        measure,
        cells,
        tuple(draft.restrictions),
        draft.unit_groups,
        draft.period_groups,
        draft.names,
        setting.document.place(draft.path),
    )
    return breakdown, []


def _units(draft: _Draft) -> tuple[str, ...]:
    """The keys that take part, in official order."""
    wanted = set()
    for i, text in enumerate(draft.indicator.units):
        key = _known(draft, text, "units", i)
        wanted.add(key)
    everyone = draft.axis.names
    return tuple(key for key in everyone if not draft.indicator.units or key in wanted)


def _known(draft: _Draft, text: str, *path: str | int) -> str | None:
    key = draft.axis.key(text)
    if key is None:
        told = {"key": text, "what": draft.axis.what, "what_en": draft.axis.what_en}
        listed = "、".join(list(draft.axis.names.values())[:20]) or "（无）"
        draft.problem("plan-unknown", *path, **told, known=listed)
    return key


# --- by what units and periods share ------------------------------------------------------------


def _unit_weights(draft: _Draft) -> dict[str, Decimal]:
    way = draft.indicator.units_by
    basis = way if isinstance(way, UnitBasis) else UnitBasis(basis=way or _usual(draft))
    if basis.basis == "equal":
        return dict.fromkeys(draft.units, Decimal(1))
    if basis.basis == "history":
        found = {
            unit: draft.setting.history.total(draft.indicator.indicator, unit, draft.setting.window)
            for unit in draft.units
        }
        return _complete(draft, found, basis.basis, "units-by")
    figures = _figures(draft, basis.figures, draft.units, draft.axis.keys, "units-by")
    if basis.basis == "weights" and not basis.figures:
        figures = _own_weights(draft)
    weights = _complete(draft, figures, basis.basis, "units-by")
    if basis.basis == "capacity":
        place = draft.setting.document.place((*draft.path, "units-by"))
        for unit, amount in weights.items():
            draft.restrictions.append(Restriction(unit, None, "upper", amount, "能力", place))
    return weights


def _usual(draft: _Draft) -> UnitWay:
    return "history" if draft.setting.plan.history else "weights"


def _own_weights(draft: _Draft) -> dict[str, Decimal | None]:
    if draft.indicator.over == "units":
        return {u.unit: u.weight for u in draft.setting.plan.units if u.unit in draft.units}
    return {p.project: p.weight for p in draft.setting.plan.projects if p.project in draft.units}


def _period_weights(
    draft: _Draft, unit_weights: Mapping[str, Decimal]
) -> tuple[dict[str, Decimal], dict[Cell, Decimal]]:
    """Weights of periods; with history also the profile of each unit that has one."""
    way = draft.indicator.periods_by
    usual: PeriodWay = "history" if draft.setting.plan.history else "equal"
    basis = way if isinstance(way, PeriodBasis) else PeriodBasis(basis=way or usual)
    periods = draft.periods
    if basis.basis == "history":
        return _by_history(draft, unit_weights)
    if basis.basis == "equal":
        return dict.fromkeys(periods, Decimal(1)), {}
    if basis.basis in ("days", "working-days"):
        counted = basis.basis == "working-days"
        return {key: _days(draft, p, counted) for key, p in periods.items()}, {}
    figures: Amounts = basis.figures
    if basis.profile:
        figures = draft.setting.plan.seasons.get(basis.profile, ())
    keys = {period.label(): key for key, period in periods.items()} | {k: k for k in periods}
    found = _figures(draft, figures, tuple(periods), keys, "periods-by")
    weights = _complete(draft, found, basis.basis, "periods-by")
    if basis.basis == "capacity":
        place = draft.setting.document.place((*draft.path, "periods-by"))
        for period, amount in weights.items():
            draft.restrictions.append(Restriction(None, period, "upper", amount, "能力", place))
    return weights, {}


def _days(draft: _Draft, period: Period, working: bool) -> Decimal:
    if not working:
        return Decimal(period.days)
    return Decimal(sum(draft.setting.is_working(day) for day in days_of(period)))


def _by_history(
    draft: _Draft, unit_weights: Mapping[str, Decimal]
) -> tuple[dict[str, Decimal], dict[Cell, Decimal]]:
    """Last year's profile of every unit; where one has none, that of all units together."""
    history, code = draft.setting.history, draft.indicator.indicator
    cells: dict[Cell, Decimal] = {}
    sums = dict.fromkeys(draft.periods, Decimal(0))
    for unit in draft.units:
        for key, period in draft.periods.items():
            figure = history.cell(code, unit, period, draft.setting.window)
            if figure is not None:
                cells[unit, key] = figure
                sums[key] += figure
    if draft.units and not cells:
        _complete(draft, dict.fromkeys(draft.periods), "history", "periods-by")
    return sums, {cell: figure for cell, figure in cells.items() if cell[0] in unit_weights}


def _figures(
    draft: _Draft, figures: Amounts, wanted: tuple[str, ...], keys: Mapping[str, str], part: str
) -> dict[str, Decimal | None]:
    """Figures by key, from a list in order or a mapping of keys or names."""
    if not isinstance(figures, dict):
        if figures and len(figures) != len(wanted):
            count, size = len(figures), len(wanted)
            draft.problem("plan-figures-count", part, name=draft.name, found=count, wanted=size)
            return dict.fromkeys(wanted, Decimal(1))
        return dict(zip(wanted, figures)) if figures else dict.fromkeys(wanted)
    found: dict[str, Decimal | None] = {}
    for text, figure in figures.items():
        if text in keys:
            found[keys[text]] = figure
        else:
            what = ("单位", "unit") if part == "units-by" else ("期间", "period")
            told = {"key": text, "what": what[0], "what_en": what[1]}
            draft.problem("plan-unknown", part, "figures", text, **told, known="、".join(keys))
    return {key: found.get(key) for key in wanted}


def _complete(
    draft: _Draft, figures: Mapping[str, Decimal | None], basis: str, part: str
) -> dict[str, Decimal]:
    """The figures if there is one for each; else a problem that names those without."""
    missing = [draft.names.get(key, key) for key, figure in figures.items() if figure is None]
    if missing:
        listed = "、".join(missing[:20]) + ("等" if len(missing) > 20 else "")
        told = {"basis": _WAYS[basis][0], "basis_en": _WAYS[basis][1], "missing": listed}
        draft.problem("plan-figures-missing", part, name=draft.name, **told)
    return {key: figure or Decimal(0) for key, figure in figures.items()}


# --- what is fixed ------------------------------------------------------------------------------


def _restrict(draft: _Draft) -> None:
    """The locks and bounds that the plan writes for the indicator."""
    document = draft.setting.document
    for i, lock in enumerate(draft.indicator.locks):
        unit, period = _where(draft, lock.unit, lock.period, "locks", i)
        place = document.place((*draft.path, "locks", i))
        row = Restriction(unit, period, "lock", lock.amount, lock.note, place)
        draft.restrictions.append(row)
    for i, bound in enumerate(draft.indicator.bounds):
        unit, period = _where(draft, bound.unit, bound.period, "bounds", i)
        place = document.place((*draft.path, "bounds", i))
        if bound.lower is not None:
            row = Restriction(unit, period, "lower", bound.lower, bound.note, place)
            draft.restrictions.append(row)
        if bound.upper is not None:
            row = Restriction(unit, period, "upper", bound.upper, bound.note, place)
            draft.restrictions.append(row)


def _idle_periods(
    draft: _Draft, weights: Mapping[str, Decimal], cells: Mapping[Cell, Decimal]
) -> dict[Cell, Decimal]:
    """Nothing falls on periods in which a project is not built; the others keep their weights."""
    found: dict[Cell, Decimal] = {}
    built = draft.setting.plan.projects if draft.indicator.over == "projects" else ()
    for i, work in enumerate(built):
        if work.project in draft.units and (work.from_ or work.to):
            place = draft.setting.document.place(("projects", i))
            for key, idle in _idle(draft, work, place).items():
                cell = work.project, key
                found[cell] = Decimal(0) if idle else cells.get(cell, weights[key])
                if idle:
                    row = Restriction(*cell, "lock", Decimal(0), "工期外", place)
                    draft.restrictions.append(row)
    return found


def _idle(draft: _Draft, work: PlanWork, place: Place) -> dict[str, bool]:
    """Whether a period lies wholly outside a project's time, by period."""
    window = draft.setting.window
    try:
        first = parse(work.from_).start if work.from_ else window.start
        last = parse(work.to).end if work.to else window.end
    except Refused as refused:
        draft.problems.append(Problem(refused.problem.code, place, refused.problem.values))
        return {}
    return {key: p.end < first or p.start > last for key, p in draft.periods.items()}


def _where(
    draft: _Draft, unit: str, period: str, part: str, index: int
) -> tuple[str | None, str | None]:
    """The unit (or group) and period (or group) that a lock or bound names; empty means all."""
    return (
        _unit_or_group(draft, unit, part, index) if unit else None,
        _period_or_group(draft, period, part, index) if period else None,
    )


def _unit_or_group(draft: _Draft, text: str, part: str, index: int) -> str | None:
    members = draft.setting.plan.unit_groups.get(text)
    if members is None:
        return _known(draft, text, part, index, "unit")
    keys = [_known(draft, member, part, index, "unit") for member in members]
    draft.unit_groups[text] = tuple(key for key in keys if key in draft.units)
    return text


def _period_or_group(draft: _Draft, text: str, part: str, index: int) -> str | None:
    """A period of the plan by its text or label, or a group of whole ones (三季度, 2026-Q3)."""
    try:
        wanted = parse(text, clock_of(draft.setting.plan))
    except Refused as refused:
        draft.problem(refused.problem.code, part, index, "period", **refused.problem.values)
        return None
    if wanted.text in draft.periods:
        return wanted.text
    members = tuple(key for key, period in draft.periods.items() if wanted.covers(period))
    overlap = min(wanted.end, draft.setting.window.end) - max(
        wanted.start, draft.setting.window.start
    )
    if not members or sum(draft.periods[key].days for key in members) != overlap.days + 1:
        draft.problem("plan-period-misfit", part, index, "period", period=text)
        return None
    if len(members) == 1:
        return members[0]
    draft.period_groups[wanted.text] = members
    draft.names[wanted.text] = wanted.label()
    return wanted.text
