"""Growths and shares of the narrative, worked out again from the figures they speak of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from openbudget.budget.claim import Claim, ClaimKind
from openbudget.budget.finding import Finding, Message, OperandRole, Severity
from openbudget.budget.money import FEN_PER_UNIT
from openbudget.budget.vocabulary import Phase
from openbudget.checks.context import Context, Passed, Result, Skipped
from openbudget.checks.facts import group
from openbudget.checks.figures import Figure, claim_mention, claim_operand
from openbudget.checks.labels import money_text
from openbudget.checks.narrative import table_figures
from openbudget.checks.rules import Declaration, find_declaration
from openbudget.checks.writing import observation, same
from openbudget.frozen import dataclass

_NO_RATE = Message(
    "文字说明中没有可以核算的增减或占比", "the narrative has no growth or share to work out"
)
_PERCENT = frozenset(["%", "％", None])
_AMOUNTS = "narrative-amount"
"""The rule that knows which tables print what a measure of the narrative is of."""

_Range = tuple[Fraction, Fraction]
"""The least and the most that a printed figure may stand for; money in fen."""


@dataclass(frozen=True)
class _Side:
    """What a growth or a share is worked out from: a figure of the narrative or of a table."""

    range: _Range
    figure: Figure
    text: str


def claimed_growth(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Work out growths: A - B = C, and C / B = p %, where the sentence prints B."""
    yield from _worked_out(declaration, context, ClaimKind.GROWTH)


def claimed_share(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Work out shares: part / whole = p %; a whole that is only named is that of the tables."""
    yield from _worked_out(declaration, context, ClaimKind.SHARE)


def _worked_out(declaration: Declaration, context: Context, kind: ClaimKind) -> Iterator[Result]:
    claims = {claim.number: claim for claim in context.document.claims}
    compared = False
    for claim in claims.values():
        if claim.kind is not kind or claim.figure is None:
            continue
        part = claims.get(claim.about or 0)
        one = _side(part, context) if part else None
        other = _base(declaration, claim, claims, context)
        result = _compare(declaration, claim, one, other) if one and other else None
        if result is not None:
            compared = True
            yield result
    if not compared:
        yield Skipped(_NO_RATE)


def _base(
    declaration: Declaration, claim: Claim, claims: Mapping[int, Claim], context: Context
) -> _Side | None:
    """Give what a claim is measured against: a claim, or the usual whole of its measure."""
    base = claims.get(claim.base or 0)
    if base is not None:
        return _side(base, context)
    if claim.kind is ClaimKind.GROWTH:
        return _before_change(claim, claims, context)
    wholes: Mapping[str, str] = declaration.settings.get("wholes", {})
    return _table_side(wholes.get(claim.measure or ""), context)


def _before_change(claim: Claim, claims: Mapping[int, Claim], context: Context) -> _Side | None:
    """Give what a rate of growth is of, where only the change in money is printed: A - C."""
    part = claims.get(claim.about or 0)
    changes = (
        own
        for own in claims.values()
        if own.kind is ClaimKind.GROWTH and own.about == claim.about and own.fen is not None
    )
    change = next(changes, None)
    if change is None or part is None or claim.unit in FEN_PER_UNIT:
        return None
    now, by = _side(part, context), _side(change, context)
    if now is None or by is None:
        return None
    before = now.range[0] - by.range[1], now.range[1] - by.range[0]
    return _Side(before, by.figure, by.text)


def _side(claim: Claim, context: Context) -> _Side | None:
    """Make a side of a claim; of an amount that the sentence leaves out, what the tables print."""
    if claim.figure is None:
        return _table_side(claim.measure, context)
    limits = _range(claim)
    figure = _with_phase(claim_mention(claim), claim, context)
    return _Side(limits, figure, claim.text) if limits else None


def _with_phase(figure: Figure, claim: Claim, context: Context) -> Figure:
    """Say of a budget that final accounts name that it is the budget."""
    if claim.phase is not Phase.APPROVED or context.document.identity.phase is Phase.APPROVED:
        return figure
    label = figure.operand.label
    zh = f"文字说明中年初预算的{label.zh.removeprefix('文字说明中')}"
    operand = replace(figure.operand, label=Message(zh, f"the initial budget of {label.en}"))
    return replace(figure, make=lambda: operand)


def _table_side(measure: str | None, context: Context) -> _Side | None:
    """Take what most of the tables print of a measure."""
    measures: Mapping[str, Any] = find_declaration(_AMOUNTS).settings["measures"]
    source = measures.get(measure or "")
    groups = group(table_figures(source, context)) if source is not None else []
    if not groups:
        return None
    figure = max(groups, key=lambda own: len(own.figures)).figures[0]
    half = Fraction(figure.slack, 2) if figure.grain > 1 else Fraction(0)
    limits = figure.fen - half, figure.fen + half
    return _Side(limits, figure, money_text(figure.fen, figure.operand.unit))


def _compare(declaration: Declaration, claim: Claim, one: _Side, other: _Side) -> Result | None:
    expected, printed = _expected(claim, one.range, other.range), _range(claim)
    if expected is None or printed is None:
        return None
    if expected[0] <= printed[1] and printed[0] <= expected[1]:
        return Passed((claim_mention(claim), one.figure, other.figure))
    found = _finding(declaration, claim, (expected[0] + expected[1]) / 2, (one, other))
    last_place = Fraction(FEN_PER_UNIT.get(claim.unit or "", 1), 10 ** _places(claim))
    apart = abs((printed[0] + printed[1]) / 2 - (expected[0] + expected[1]) / 2)
    if apart < last_place:  # cut off instead of rounded
        zh = f"{found.message.zh.removesuffix('。')}（相差不到所印末位的一个单位）。"
        en = f"{found.message.en.removesuffix('.')} (less than a unit of the last place apart)."
        message = Message(zh, en)
        return replace(found, severity=Severity.INFO, within_rounding=True, message=message)
    return found


def _expected(claim: Claim, part: _Range, base: _Range) -> _Range | None:
    """Work out the least and the most that a growth or a share can be."""
    if claim.unit in FEN_PER_UNIT:
        return part[0] - base[1], part[1] - base[0]
    if claim.unit not in _PERCENT or base[0] <= 0:
        return None
    less = 100 if claim.kind is ClaimKind.GROWTH else 0
    return 100 * part[0] / base[1] - less, 100 * part[1] / base[0] - less


def _finding(
    declaration: Declaration, claim: Claim, expected: Fraction, sides: tuple[_Side, _Side]
) -> Finding:
    operands = [claim_operand(claim)]
    operands += [replace(own.figure.operand, role=OperandRole.COUNTERPART) for own in sides]
    texts: Mapping[str, Message] = {
        "printed": same(claim.text),
        "computed": same(_written(claim, expected)),
        "one": operands[1].label,
        "other": operands[2].label,
        "first": same(sides[0].text),
        "second": same(sides[1].text),
    }
    found = observation(declaration, operands, texts)
    if claim.fen is None:
        return found
    computed = round(expected)
    difference = claim.fen - computed
    return replace(found, printed_fen=claim.fen, computed_fen=computed, difference_fen=difference)


def _written(claim: Claim, expected: Fraction) -> str:
    """Write what a growth or share works out as, to the printed place and two at least."""
    unit = claim.unit or "%"
    worked = expected / FEN_PER_UNIT.get(unit, 1)
    places = max(2, _places(claim))
    scaled = round(worked * 10**places)
    whole, rest = divmod(abs(scaled), 10**places)
    return f"{'-' if scaled < 0 else ''}{whole}.{rest:0{places}d}{unit}"


def _range(claim: Claim) -> _Range | None:
    """Give what a printed figure may stand for: half a unit of its last place more or less.

    Figures printed to the fen are exact; an amount without a unit is taken in 元.
    """
    if claim.figure is None:
        return None
    money = claim.kind is ClaimKind.AMOUNT or claim.unit in FEN_PER_UNIT
    scale = FEN_PER_UNIT.get(claim.unit or "元", 0) if money else 1
    if not scale:
        return None
    numerator, denominator = claim.figure.as_integer_ratio()
    halves = 2 * 10 ** _places(claim)  # of its last place, in one
    if money and scale < halves:
        exact = Fraction(numerator * scale, denominator)
        return exact, exact
    printed = numerator * halves // denominator
    return Fraction((printed - 1) * scale, halves), Fraction((printed + 1) * scale, halves)


def _places(claim: Claim) -> int:
    exponent = claim.figure.as_tuple().exponent if claim.figure is not None else 0
    return max(0, -exponent) if isinstance(exponent, int) else 0
