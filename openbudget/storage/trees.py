"""Amounts by classification code: sums of leaf lines, and the choices a client must make first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from openbudget.budget.vocabulary import Role
from openbudget.storage.models import LineRow
from openbudget.storage.selection import Condition, where

LINES = LineRow.__table__.c


@dataclass(frozen=True, slots=True)
class CodeAmount:
    """The sum of the leaf lines of one code, in fen, with one of the names printed beside it."""

    code: str
    fen: int
    lines: int
    label: str | None


def distinct_values(
    connection: Connection, field: Any, conditions: Sequence[Condition], columns: Any
) -> list[Any]:
    """Give the values that a field has among the leaf lines that are selected, sorted."""
    statement = select(field).distinct().where(*_leaves(conditions, columns))
    return sorted(value for value in connection.scalars(statement) if value is not None)


def sum_without_code(
    connection: Connection, coordinate: str, conditions: Sequence[Condition], columns: Any
) -> int:
    """Sum the leaf lines that have no code of one coordinate, in fen."""
    statement = select(func.sum(LINES.amount_fen)).where(
        *_leaves(conditions, columns), LINES[coordinate].is_(None)
    )
    return int(connection.scalar(statement) or 0)


def amounts_by_code(
    connection: Connection, coordinate: str, conditions: Sequence[Condition], columns: Any
) -> list[CodeAmount]:
    """Sum the leaf lines by the code of one coordinate. Lines without a code are left out."""
    code = LINES[coordinate]
    label = func.min(LINES.coded[coordinate]["label"].as_string())
    statement = (
        select(code, func.sum(LINES.amount_fen), func.count(), label)
        .where(*_leaves(conditions, columns), code.is_not(None), LINES.amount_fen.is_not(None))
        .group_by(code)
        .order_by(code)
    )
    found = connection.execute(statement)
    return [CodeAmount(code, int(fen), lines, name) for code, fen, lines, name in found]


def _leaves(conditions: Sequence[Condition], columns: Any) -> list[Any]:
    return [*where(conditions, columns), LINES.role == Role.LEAF.value]
