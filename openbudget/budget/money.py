"""Money: integers of fen inside, yuan with two decimals outside, the printed text beside it."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from openbudget.errors import AmountError
from openbudget.frozen import dataclass

FEN_PER_UNIT = {
    "元": 100,
    "百元": 100 * 10**2,
    "千元": 100 * 10**3,
    "万元": 100 * 10**4,
    "百万元": 100 * 10**6,
    "千万元": 100 * 10**7,
    "亿元": 100 * 10**8,
}
"""Fen in one of each unit that budget tables print after 单位."""

_NUMBER = re.compile(r"(?P<sign>[-+]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<fraction>\d+))?")
_DASH = re.compile(r"[-‐-―−─－—]+")
_PLACEHOLDER = re.compile(r"[.…⋯]{2,}|…|[xX×]+(?:[,.][xX×]+)*|[*]{2,}")
_MAX_DIGITS = 30
LARGEST_FEN = 10**16 - 1
"""Just below 100 万亿元, above what all governments of China spend in a year.

Databases keep 64 bits: hundreds of such amounts can still be added up in them.
"""


class State(StrEnum):
    """What a money cell shows. Only `printed` and `zero` carry an amount."""

    PRINTED = "printed"
    ZERO = "zero"
    BLANK = "blank"
    DASH = "dash"
    PLACEHOLDER = "placeholder"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Amount:
    """A money cell: fen (an integer, or None where nothing is printed), its state, text and unit.

    `text` is the cell exactly as printed, `unit` the unit label of its table.
    """

    fen: int | None
    state: State
    text: str
    unit: str | None


@lru_cache(maxsize=16_384)
def parse_amount(text: str, unit: str | None) -> Amount:
    """Read a money cell exactly.

    Args:
        text: the cell as printed; spaces around the figure and thousands commas are understood.
        unit: a key of `FEN_PER_UNIT`, or None where the table prints no unit.

    Raises:
        AmountError: the text is no figure, has no unit, is more precise than a fen, or is larger
            than any budget (`LARGEST_FEN`).
    """
    bare = unicodedata.normalize("NFKC", text).strip()
    state = None if bare[:1].isdigit() else _state_without_figure(bare)
    if state is not None:
        return Amount(None, state, text, unit)
    fen = _to_fen(bare, text, unit)
    if abs(fen) > LARGEST_FEN:
        raise AmountError(f"{text!r} {unit} is larger than any budget")
    return Amount(fen, State.PRINTED if fen else State.ZERO, text, unit)


def _state_without_figure(bare: str) -> State | None:
    if not bare:
        return State.BLANK
    if _DASH.fullmatch(bare):
        return State.DASH
    return State.PLACEHOLDER if _PLACEHOLDER.fullmatch(bare) else None


def _to_fen(bare: str, text: str, unit: str | None) -> int:
    match = _NUMBER.fullmatch(bare.replace("−", "-"))
    if match is None or len(bare) > _MAX_DIGITS:
        raise AmountError(f"{text!r} is not an amount")
    if unit not in FEN_PER_UNIT:
        raise AmountError(f"{text!r} has no known unit of money")
    fraction = match["fraction"] or ""
    scaled = int(match["whole"].replace(",", "") + fraction) * FEN_PER_UNIT[unit]
    divisor: int = 10 ** len(fraction)
    fen, rest = divmod(scaled, divisor)
    if rest:
        raise AmountError(f"{text!r} {unit} is more precise than a fen")
    return -fen if match["sign"] == "-" else fen


def format_yuan(fen: int) -> str:
    """Write fen as yuan with exactly two decimals: ``180000000`` -> ``1800000.00``."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"


def parse_yuan(text: str) -> int:
    """Read yuan with up to two decimals, as a client writes them, into fen.

    Raises:
        AmountError: not a plain decimal number, or more than two decimals.
    """
    return _to_fen(text, text, "元")
