"""The sides of a comparison, read from the lines: what they mix, whose they are, their entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, case, cast, func, or_, select

from openbudget.budget.classification import EditionDescription
from openbudget.budget.folding import fold
from openbudget.budget.vocabulary import COORDINATE_SCHEMES, Role
from openbudget.cubes.columns import LINES, LineColumns, key_expression
from openbudget.cubes.flags import Flags, worst_severities
from openbudget.cubes.following import CodeList, Entry
from openbudget.cubes.guards import Selected, materialized, read_groups
from openbudget.cubes.model import dimensions
from openbudget.errors import OpenBudgetError
from openbudget.storage.models import CodeRow
from openbudget.storage.models.base import CodePointText
from openbudget.texts import Text

DIGITS: Mapping[str, Sequence[int]] = {
    "function": (3, 5, 7),
    "government_economic": (3, 5),
    "department_economic": (3, 5),
    "revenue": (3, 5, 7),
}
"""The digits of the codes of each level (类, 款, 项) of a classification."""
AXES = (*DIGITS, "item", "project")
MAX_ENTRIES = 20_000
"""Entries of one side: more codes than any classification has, and the projects of a large city."""


class TooManyEntriesError(OpenBudgetError):
    """A side has more entries than an answer holds."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What rows are made by: a code, cut to `level` where there is one, an item, or a project."""

    name: str
    level: int | None = None

    @property
    def digits(self) -> int | None:
        """The digits that codes are cut to; shorter ones stay as they are."""
        return DIGITS[self.name][self.level - 1] if self.level else None

    @property
    def of_codes(self) -> bool:
        """Whether keys are codes of a classification."""
        return self.name in DIGITS


def leaf_lines(conditions: Sequence[Any]) -> Selected:
    """Select the leaf lines of current documents that hold some conditions."""
    own = [LINES.current, LINES.role == Role.LEAF.value, *conditions]
    return Selected(LineColumns({}), (), own)


def survey_side(connection: Connection, lines: Selected, axis: Axis) -> Sequence[Row[Any]]:
    """Sum a side by table and everything that must not be mixed.

    Each row says besides how many of its lines are `coded` (have a key), have one of each
    other axis, and stand beside the year and phase of their document (`comparison`).
    """
    beside = key_expression(dimensions()["period"]) == "comparison"
    counted = {f"with_{name}": column for name, column in _columns().items()}
    counted |= {"coded": _columns()[axis.name], "comparison": case((beside, 1))}
    return read_groups(connection, lines, {"table": LINES.table_kind}, counted)


def _columns() -> dict[str, Any]:
    item = func.coalesce(LINES.item_key, LINES.item)
    return {**{name: LINES[name] for name in DIGITS}, "item": item, "project": LINES.project}


def read_offices(connection: Connection, lines: Selected) -> list[tuple[str, str]]:
    """Give the departments that a side has lines of, each with its documents."""
    found = materialized(lines.read(select(LINES.department, LINES.document)))
    statement = select(found.c.department, found.c.document).distinct()
    return sorted((row[0], row[1]) for row in connection.execute(statement))


def read_entries(
    connection: Connection, lines: Selected, axis: Axis, *, by_office: bool
) -> list[Entry]:
    """Sum a side by the keys of an axis.

    The names of projects are those of one office each where `by_office` says so.

    Raises:
        TooManyEntriesError: there are more than `MAX_ENTRIES`.
    """
    key, label = _keyed(lines.columns, axis)
    office = LINES.department if axis.name == "project" and by_office else cast("", CodePointText)
    chosen = [
        key.label("key"),
        cast(label, CodePointText).label("label"),
        office.label("office"),
        LINES.amount_fen.label("fen"),
    ]
    base = materialized(lines.read(select(*chosen)))
    rows = connection.execute(_summed(base).limit(MAX_ENTRIES + 1)).all()
    if len(rows) > MAX_ENTRIES:
        raise TooManyEntriesError(Text("more than {most} rows", most=MAX_ENTRIES))
    return [_entry(key, list(own)) for key, own in groupby(rows, key=lambda row: row.key)]


def read_severities(connection: Connection, lines: Selected, axis: Axis) -> Flags:
    """Give the worst severity of the findings that touch a line of each key of an axis."""
    return worst_severities(connection, lines, [_keyed(lines.columns, axis)[0]])


def _entry(key: str | None, rows: Sequence[Row[Any]]) -> Entry:
    """Put the lines of a key together, whatever names they print."""
    labels = sorted(row.label for row in rows if row.label)
    amounts = [int(row.fen) for row in rows if row.fen is not None]
    return Entry(
        key=key,
        label=labels[0] if labels else None,
        fen=sum(amounts) if amounts else None,
        lines=sum(row.lines for row in rows),
        group=rows[0].office,
        several=len({fold(label) for label in labels}) > 1,
    )


def _summed(base: Any) -> Select[Any]:
    keys = (base.c.key, base.c.label, base.c.office)
    sums = (func.sum(base.c.fen).label("fen"), func.count().label("lines"))
    return select(*keys, *sums).group_by(*keys).order_by(base.c.key.is_(None), base.c.key)


def _keyed(columns: LineColumns, axis: Axis) -> tuple[Any, Any]:
    """Give the expressions of the key and the printed label; a code that is cut has no label."""
    if axis.name == "project":
        return columns.expression("project.id"), columns.expression("project.label")
    column = _columns()[axis.name]
    if axis.name == "item":
        return column, LINES.item
    printed = LINES.coded[axis.name]["label"].as_string()
    if axis.digits is None:
        return column, printed
    whole = or_(func.length(column) <= axis.digits, column.is_(None))
    return func.substr(column, 1, axis.digits), case((whole, printed))


def read_code_list(
    connection: Connection, axis: Axis, editions: Sequence[EditionDescription], year: int | None
) -> CodeList:
    """Read the codes that were valid in a fiscal year; none where the axis has no codes."""
    scheme = COORDINATE_SCHEMES.get(axis.name)
    edition = serving(editions, axis, year)
    if scheme is None or edition is None or year is None:
        return CodeList()
    own = CodeRow.__table__.c
    statement = select(own.code, own.name_zh).where(
        own.scheme == scheme.value,
        own.edition == edition,
        or_(own.valid_from.is_(None), own.valid_from <= year),
        or_(own.valid_to.is_(None), own.valid_to >= year),
    )
    found = {row.code: row.name_zh for row in connection.execute(statement.order_by(own.code))}
    return CodeList(f"{scheme.value} {edition}", found)


def serving(editions: Sequence[EditionDescription], axis: Axis, year: int | None) -> str | None:
    """Give the edition of the axis's classification that serves a fiscal year."""
    scheme = COORDINATE_SCHEMES.get(axis.name)
    if year is None:
        return None
    return next((e.edition for e in editions if e.scheme == scheme and e.serves(year)), None)
