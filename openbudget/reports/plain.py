"""A document as plain data for JSON: dataclasses to mappings, money in yuan with two decimals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

import orjson

from openbudget.blocks import Anchor
from openbudget.budget.document import BudgetDocument
from openbudget.budget.money import Amount, format_yuan


def document_as_json(document: BudgetDocument) -> bytes:
    """Write a document as indented JSON, ending in a line break."""
    return orjson.dumps(to_plain(document), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def to_plain(value: Any) -> Any:
    """Turn a value of the domain into what JSON has; amounts are exact decimal fragments."""
    if isinstance(value, Amount):
        return _amount(value)
    if isinstance(value, Anchor):
        return {key: item for key, item in _members(value).items() if item is not None}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    if is_dataclass(value) and not isinstance(value, type):
        return _members(value)
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    return value


def _members(value: Any) -> Mapping[str, Any]:
    return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}


def _amount(amount: Amount) -> Mapping[str, Any]:
    yuan = None if amount.fen is None else orjson.Fragment(format_yuan(amount.fen))
    printed = {"text": amount.text, "unit": amount.unit}
    return {"amount": yuan, "state": amount.state.value, "printed": printed}
