"""Parts that many rows have: anchors, places, codes, amounts."""

from __future__ import annotations

from typing import Any

from openbudget.blocks import Anchor
from openbudget.budget.money import Amount
from openbudget.budget.table import CodedLabel, Place, PrintedText

Values = dict[str, Any]
CODED = ("function", "government_economic", "department_economic", "revenue", "budgetary_unit")


def anchor_of(anchor: Anchor) -> Values:
    """Give an anchor without the keys that its carrier has not."""
    found: Values = {"line": anchor.line, "page": anchor.page, "sheet": anchor.sheet}
    found |= {"address": anchor.address, "block": anchor.block}
    found["box"] = list(anchor.box) if anchor.box else None
    return {key: value for key, value in found.items() if value is not None}


def place_of(place: Place) -> Values:
    """Give an anchor with row and column of the table."""
    found = anchor_of(place.anchor)
    if place.row is not None:
        found |= {"row": place.row, "column": place.column}
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
        "source": label.source.value,
        "place": place_of(label.place),
    }


def amount_of(amount: Amount) -> Values:
    """Give the columns of an amount."""
    return {
        "amount_fen": amount.fen,
        "state": amount.state.value,
        "printed_text": amount.text,
        "printed_unit": amount.unit,
    }


def code_of(label: CodedLabel | None) -> str | None:
    """Give the bare code."""
    return label.code if label else None


def text_of(printed: PrintedText | None) -> str | None:
    """Give a text without its place."""
    return printed.text if printed else None
