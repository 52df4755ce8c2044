"""Parts that many rows have: anchors, places, codes, amounts."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import orjson

from openbudget.blocks import Anchor
from openbudget.budget.money import Amount
from openbudget.budget.table import CodedLabel, Place, PrintedText

Values = dict[str, Any]
CODED = ("function", "government_economic", "department_economic", "revenue", "budgetary_unit")


class _Plain(dict[StrEnum | None, str | None]):
    """Plain texts of words; of words with the same text they are the same."""

    def __missing__(self, member: StrEnum | None) -> str | None:
        """Learn a word: `value` is worked out by Python whenever it is asked for."""
        return self.setdefault(member, member.value if member else None)


value_of = _Plain().__getitem__
"""Give the plain text of a word of the vocabulary, None of none: words are slow to hand over."""


def to_json_text(value: Any) -> str:
    """Write a value as it stands in a JSON column."""
    return orjson.dumps(value).decode()


def anchor_of(anchor: Anchor) -> Values:
    """Give an anchor without the keys that its carrier has not."""
    # Every cell passes here: a loop over the names takes five times as long.
    found: Values = {}
    if anchor.line is not None:
        found["line"] = anchor.line
    if anchor.page is not None:
        found["page"] = anchor.page
    if anchor.sheet is not None:
        found["sheet"] = anchor.sheet
    if anchor.address is not None:
        found["address"] = anchor.address
    if anchor.block is not None:
        found["block"] = anchor.block
    if anchor.box is not None:
        found["box"] = anchor.box
    return found


def place_of(place: Place) -> Values:
    """Give an anchor with row and column of the table."""
    found = anchor_of(place.anchor)
    if place.row is not None:
        found["row"], found["column"] = place.row, place.column
    return found


def printed_of(text: PrintedText | None) -> Values | None:
    """Give a text with its place."""
    return None if text is None else {"text": text.text, "place": place_of(text.place)}


def coded_of(label: CodedLabel) -> Values:
    """Give a code as printed, with its place."""
    return {
        "code": label.code,
        "label": label.label,
        "printed": label.printed,
        "source": value_of(label.source),
        "place": place_of(label.place),
    }


def amount_of(amount: Amount) -> Values:
    """Give the columns of an amount."""
    return {
        "amount_fen": amount.fen,
        "state": value_of(amount.state),
        "printed_text": amount.text,
        "printed_unit": amount.unit,
    }


def code_of(label: CodedLabel | None) -> str | None:
    """Give the bare code."""
    return label.code if label else None


def text_of(printed: PrintedText | None) -> str | None:
    """Give a text without its place."""
    return printed.text if printed else None
