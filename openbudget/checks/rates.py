"""Growths and shares of the narrative, worked out again from the figures they speak of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from openbudget.budget.claim import Claim, ClaimKind
from openbudget.budget.finding import Finding, Message, Operand, OperandRole, Severity
from openbudget.budget.money import FEN_PER_UNIT
from openbudget.checks.context import Context, Passed, Result, Skipped
from openbudget.checks.facts import group
from openbudget.checks.figures import claim_mention, claim_operand
from openbudget.checks.narrative import table_figures
from openbudget.checks.rules import Declaration, find_declaration
from openbudget.checks.writing import observation, same

_NO_RATE = Message(
    "文字说明中没有可以核算的增减或占比", "the narrative has no growth or share to work out"
)
_PERCENT = frozenset(["%", "％", None])
_AMOUNTS = "narrative-amount"
"""The rule that knows which tables print what a measure of the narrative is of."""

_Range = tuple[Fraction, Fraction]


def claimed_growth(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Work out growths: A - B = C, and C / B = p %, where the sentence prints A and B."""
    yield from _worked_out(declaration, context, ClaimKind.GROWTH)


def claimed_share(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Work out shares: part / whole = p %, where the narrative prints both."""
    yield from _worked_out(declaration, context, ClaimKind.SHARE)


def _worked_out(declaration: Declaration, context: Context, kind: ClaimKind) -> Iterator[Result]:
    claims = {claim.number: claim for claim in context.document.claims}
    compared = False
    for claim in claims.values():
        part, base = claims.get(claim.about or 0), claims.get(claim.base or 0)
        if claim.kind is not kind or claim.figure is None or part is None or base is None:
            continue
        result = _compare(declaration, claim, _filled(part, context), _filled(base, context))
        compared = compared or result is not None
        if result is not None:
            yield result
    if not compared:
        yield Skipped(_NO_RATE)


def _filled(claim: Claim, context: Context) -> Claim:
    """Put what the tables print in place of an amount that the narrative leaves out."""
    measures = find_declaration(_AMOUNTS).settings["measures"]
    if claim.figure is not None or claim.measure not in measures:
        return claim
    groups = group(table_figures(measures[claim.measure], context))
    if not groups:
        return claim
    fen = max(groups, key=lambda own: len(own.figures)).fen
    return replace(claim, figure=Decimal(fen).scaleb(-2), unit="元", fen=fen)


def _compare(declaration: Declaration, claim: Claim, part: Claim, base: Claim) -> Result | None:
    one, other = _range(part), _range(base)
    printed = _range(claim)
    if one is None or other is None or printed is None:
        return None
    if claim.unit in FEN_PER_UNIT:
        expected: _Range = (one[0] - other[1], one[1] - other[0])
    elif claim.unit in _PERCENT and other[0] > 0:
        growth = 100 if claim.kind is ClaimKind.GROWTH else 0
        expected = (100 * one[0] / other[1] - growth, 100 * one[1] / other[0] - growth)
    else:
        return None
    if expected[0] <= printed[1] and printed[0] <= expected[1]:
        return Passed(tuple(map(claim_mention, (claim, part, base))))
    middle = (expected[0] + expected[1]) / 2
    found = _finding(declaration, claim, middle, [part, base])
    unit = Fraction(FEN_PER_UNIT.get(claim.unit or "", 1), 10 ** _places(claim))
    figure = (printed[0] + printed[1]) / 2
    if abs(figure - middle) < unit:  # cut off, or rounded the other way
        return replace(found, severity=Severity.INFO, within_rounding=True)
    return found


def _finding(
    declaration: Declaration, claim: Claim, expected: Fraction, others: list[Claim]
) -> Finding:
    subject = claim_operand(claim)
    unit = claim.unit or "%"
    scale = Decimal(FEN_PER_UNIT.get(unit, 1))
    worked = (Decimal(expected.numerator) / Decimal(expected.denominator) / scale).quantize(
        Decimal(1).scaleb(-max(2, _places(claim)))
    )
    operands: list[Operand] = [subject]
    operands += [claim_operand(other, OperandRole.COUNTERPART) for other in others]
    texts: Mapping[str, Message] = {
        "printed": same(claim.text),
        "computed": same(f"{worked:f}{unit}"),
        "one": operands[1].label,
        "other": operands[2].label,
        "first": same(others[0].text),
        "second": same(others[1].text),
    }
    found = observation(declaration, operands, texts)
    if claim.fen is None:
        return found
    computed = round(expected)
    return replace(
        found,
        printed_fen=claim.fen,
        computed_fen=computed,
        difference_fen=claim.fen - computed,
    )


def _range(claim: Claim) -> _Range | None:
    """Give the least and most that a printed figure may stand for: half a unit of its last place.

    Money is in fen; of two amounts of one sentence, one without a unit is taken in 元.
    """
    if claim.figure is None:
        return None
    scale = 1
    if claim.kind is ClaimKind.AMOUNT or claim.unit in FEN_PER_UNIT:
        scale = FEN_PER_UNIT.get(claim.unit or "元", 0)
        if not scale:
            return None
    half = Fraction(1, 2 * 10 ** _places(claim))
    figure = Fraction(claim.figure)
    exact = scale > 1 and half * scale <= Fraction(1, 2)  # printed to the fen
    slack = Fraction(0) if exact else half
    return (figure - slack) * scale, (figure + slack) * scale


def _places(claim: Claim) -> int:
    exponent = claim.figure.as_tuple().exponent if claim.figure is not None else 0
    return max(0, -exponent) if isinstance(exponent, int) else 0
