"""Move targets from one unit to another so that every sum over all units stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from saima.allocation.breakdown import Breakdown, Restriction, Table, broken
from saima.allocation.exact import from_units, share_out, to_units
from saima.problems import Problem, declare

declare(
    "transfer-unknown",
    "调剂“{indicator}”时找不到单位或期间“{key}”，或调出、调入为同一单位。",
    "请写目标表中已有的两个不同单位和期间。",
    "the transfer within “{indicator}” names the unknown (or the same) unit or period “{key}”.",
    "Name two different units and periods of the table.",
)
declare(
    "transfer-amount",
    "调剂“{indicator}”的数额{amount}不可用：须为精度以内、与目标同号的非零数。",
    "请改正数额。",
    "the amount {amount} cannot be moved within “{indicator}”: it must be non-zero, of the target's "
    "sign and no finer than its precision.",
    "Correct the amount.",
)
declare(
    "transfer-too-much",
    "“{indicator}”从{giver}调往{taker}{amount}，超出可调范围：在锁定和上下限之内最多可调{room}。",
    "请减少调剂数额，或先放宽有关锁定、上下限。",
    "moving {amount} of “{indicator}” from {giver} to {taker} exceeds the {room} that locks and "
    "bounds leave.",
    "Move less, or relax the locks and bounds first.",
)
declare(
    "transfer-breaks",
    "“{indicator}”从{giver}调往{taker}后将违反：{restriction}。",
    "请减少调剂数额，或先放宽这条约束。",
    "moving “{indicator}” from {giver} to {taker} would break: {restriction_en}.",
    "Move less, or relax that restriction first.",
)


def transfer(
    breakdown: Breakdown,
    table: Table,
    giver: str,
    taker: str,
    amount: Decimal | Mapping[str, Decimal] | None,
) -> tuple[Table | None, list[Problem]]:
    """The table after a transfer of targets between two units, or None and what forbids it.

    amount: by period; or one amount, spread over the periods in proportion to what the giver has
    there, as far as locks and bounds on single cells allow; or None for all that the giver has
    (a unit merged into another). Each period's sum over all units, and the total, stay exact.
    Refused if any restriction that held before would no longer hold.
    """
    problems = _check_keys(breakdown, table, giver, taker, amount)
    if problems:
        return None, problems
    moves, problems = _moves(breakdown, table, giver, taker, amount)
    if problems:
        return None, problems
    targets = dict(table.targets)
    for period, move in moves.items():
        targets[giver, period] -= move
        targets[taker, period] += move
    moved = replace(table, targets=targets)
    before = broken(breakdown, table)
    newly = [r for r in broken(breakdown, moved) if r not in before]
    problems = [_breaks(breakdown, giver, taker, r) for r in newly]
    return (None if problems else moved), problems


def _check_keys(
    b: Breakdown,
    table: Table,
    giver: str,
    taker: str,
    amount: Decimal | Mapping[str, Decimal] | None,
) -> list[Problem]:
    unknown = [unit for unit in (giver, taker) if unit not in table.units]
    if giver == taker:
        unknown.append(taker)
    if isinstance(amount, Mapping):
        unknown += [period for period in amount if period not in table.periods]
    values = {"indicator": b.title}
    return [
        Problem("transfer-unknown", b.place, {**values, "key": key})
        for key in dict.fromkeys(unknown)
    ]


def _moves(
    b: Breakdown,
    table: Table,
    giver: str,
    taker: str,
    amount: Decimal | Mapping[str, Decimal] | None,
) -> tuple[dict[str, Decimal], list[Problem]]:
    """What moves in every period."""
    if amount is None:
        return {period: table.targets[giver, period] for period in table.periods}, []
    sign = -1 if table.total < 0 else 1
    amounts = amount.values() if isinstance(amount, Mapping) else [amount]
    wrong = [a for a in amounts if to_units(a, b.decimals) is None or a * sign <= 0]
    if wrong:
        values = {"indicator": b.title}
        return {}, [
            Problem("transfer-amount", b.place, {**values, "amount": f"{a:,f}"}) for a in wrong
        ]
    if isinstance(amount, Mapping):
        return dict(amount), []
    return _spread(b, table, giver, taker, amount, sign)


def _spread(
    b: Breakdown, table: Table, giver: str, taker: str, amount: Decimal, sign: int
) -> tuple[dict[str, Decimal], list[Problem]]:
    """One amount over the periods, in proportion to the giver's targets, within the cells' room."""
    room = [max(0, _room(b, table, giver, taker, period, sign)) for period in table.periods]
    weights = [max(0, sign * _units(b, table.targets[giver, p])) for p in table.periods]
    parts = share_out(sign * _units(b, amount), weights, [0] * len(room), room)
    if parts is None:
        values = {
            "indicator": b.title,
            "giver": b.name(giver),
            "taker": b.name(taker),
            "amount": b.text(amount),
            "room": b.text(from_units(sign * sum(room), b.decimals)),
        }
        return {}, [Problem("transfer-too-much", b.place, values)]
    moves = (from_units(sign * part, b.decimals) for part in parts)
    return dict(zip(table.periods, moves)), []


def _room(b: Breakdown, table: Table, giver: str, taker: str, period: str, sign: int) -> int:
    """How much may leave the giver's cell and enter the taker's: not past zero, within bounds."""
    have, room = sign * _units(b, table.targets[giver, period]), []
    room.append(have)
    taken = sign * _units(b, table.targets[taker, period])
    for r in b.restrictions:
        if b.periods_of(r) != (period,) or b.units_of(r) not in ((giver,), (taker,)):
            continue
        bound = sign * _units(b, r.amount)
        leaves = b.units_of(r) == (giver,)
        at_most = (r.kind == "upper") == (sign > 0)
        if r.kind == "lock":
            room.append(0)
        elif leaves != at_most:
            room.append(have - bound if leaves else bound - taken)
    return min(room)


def _units(b: Breakdown, amount: Decimal) -> int:
    return to_units(amount, b.decimals) or 0


def _breaks(b: Breakdown, giver: str, taker: str, restriction: Restriction) -> Problem:
    values = {
        "indicator": b.title,
        "giver": b.name(giver),
        "taker": b.name(taker),
        "restriction": b.describe(restriction),
        "restriction_en": b.describe(restriction, "en"),
    }
    return Problem("transfer-breaks", restriction.place, values)
