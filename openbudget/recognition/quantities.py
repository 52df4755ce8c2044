"""Quantities in the printed value of an indicator: ``超过90%`` is > 90 %."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import cast

from openbudget.budget.performance import Comparator, Quantity
from openbudget.recognition.words import load_words

_CLAUSE = re.compile(r"[，,。；;！!：:]")


def parse_quantities(
    value: str, printed_unit: str | None, fiscal_year: int
) -> tuple[Quantity, ...]:
    """Find every quantity in a printed value, in order.

    A number counts only in front of a known unit, so that telephone numbers (12348热线) and years
    (2024年) are none. A value that is a bare number takes the printed unit.
    """
    text = unicodedata.normalize("NFKC", value)
    found = tuple(_quantity(text, match, fiscal_year) for match in _matches(text))
    return found or _bare(text, printed_unit, fiscal_year)


def _matches(text: str) -> list[re.Match[str]]:
    return list(load_words().quantities.pattern.finditer(text))


def _quantity(text: str, match: re.Match[str], fiscal_year: int) -> Quantity:
    words = load_words().quantities
    factor = words.multipliers.get(match["multiplier"] or "", 1)
    sign = words.before.get(match["before"] or "") or words.after.get(match["after"] or "") or "="
    return Quantity(
        comparator=cast("Comparator", sign),
        value=_exact(match["number"], factor),
        unit=match["unit"],
        subject=_subject(text, match),
        period=_period(text[: match.start()], fiscal_year),
    )


def _exact(number: str, factor: int = 1) -> Decimal:
    value = Decimal(number.replace(",", "")) * factor
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def _subject(text: str, match: re.Match[str]) -> str | None:
    """Give the text of the clause in front of the number, without its period and 预计."""
    words = load_words().quantities
    clause = _CLAUSE.split(text[: match.start()])[-1]
    bare = words.subject_noise.sub("", words.period.sub("", clause).strip())
    bare = words.subject_noise.sub("", words.period.sub("", bare)).strip()
    return bare or None


def _period(before: str, fiscal_year: int) -> str:
    """Give the last period named before the number, else the fiscal year."""
    periods = list(load_words().quantities.period.finditer(before))
    if not periods:
        return str(fiscal_year)
    year, first, last = periods[-1]["year"], periods[-1]["first"], periods[-1]["last"]
    if first is None:
        return str(year)
    start = f"{year}-{int(first):02d}"
    return f"{start}/{year}-{int(last):02d}" if last else start


def _bare(text: str, printed_unit: str | None, fiscal_year: int) -> tuple[Quantity, ...]:
    words = load_words().quantities
    match = words.bare.fullmatch(text.strip())
    if match is None or not printed_unit:
        return ()
    sign = cast("Comparator", words.before.get(match["before"] or "", "="))
    unit = unicodedata.normalize("NFKC", printed_unit).strip()
    return (Quantity(sign, _exact(match["number"]), unit, None, str(fiscal_year)),)
