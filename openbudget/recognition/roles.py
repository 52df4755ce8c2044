"""Which part each amount plays in the sums of its table: leaf, subtotal, total.

A leaf is an amount of which no other printed cell of its table is a part.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from openbudget.budget.money import State
from openbudget.budget.vocabulary import COORDINATE_SCHEMES, Role
from openbudget.recognition.layout import ColumnLayout, ItemLayout
from openbudget.recognition.table_rows import BodyRow, coded_key

_SHOWN = frozenset([State.PRINTED, State.ZERO])


def set_roles(rows: Sequence[BodyRow], columns: Sequence[ColumnLayout]) -> None:
    """Set the role of every amount of a table."""
    by_key = {column.key: column for column in columns}
    for body in rows:
        for key in body.amounts:
            body.roles[key] = _role_in_row(body, by_key[key])
    _sum_item_parts(rows, by_key)
    for side in dict.fromkeys(column.side for column in columns):
        _sum_code_tree(rows, [column for column in columns if column.side == side])


def _role_in_row(body: BodyRow, column: ColumnLayout) -> Role:
    item = body.items[column.item][1] if column.item in body.items else None
    if column.of_which:
        return Role.OF_WHICH
    if item is not None and item.role is not None:
        return item.role
    if body.is_total(column.side):
        return Role.TOTAL
    if not column.parts:
        return Role.LEAF
    parts = [body.amounts[part][1].state in _SHOWN for part in column.parts if part in body.amounts]
    return Role.SUBTOTAL if any(parts) else Role.LEAF


# Items -----------------------------------------------------------------------------------


def _sum_item_parts(rows: Sequence[BodyRow], by_key: Mapping[str, ColumnLayout]) -> None:
    """Make an item a subtotal where items that are its parts print an amount in the same column."""
    for body, column_key, item in _items_with_parts(rows):
        for key in [key for key in body.amounts if by_key[key].item == column_key]:
            parts = _printed_items(rows, column_key, key)
            if parts & set(item.parts) and body.roles[key] is Role.LEAF:
                body.roles[key] = Role.SUBTOTAL


def _items_with_parts(rows: Sequence[BodyRow]) -> Iterator[tuple[BodyRow, str, ItemLayout]]:
    for body in rows:
        for column_key, (_, item, _) in body.items.items():
            if item is not None and item.parts:
                yield body, column_key, item


def _printed_items(rows: Sequence[BodyRow], column_key: str, key: str) -> set[str | None]:
    found: set[str | None] = set()
    for body in rows:
        item = body.items[column_key][1] if column_key in body.items else None
        if item and key in body.amounts and body.amounts[key][1].state in _SHOWN:
            found.add(item.key)
    return found


# Codes -----------------------------------------------------------------------------------


def _sum_code_tree(rows: Sequence[BodyRow], columns: Sequence[ColumnLayout]) -> None:
    """Make a row a subtotal where other rows of the same list carry codes below its code.

    Where rows carry codes of several classifications, none of them alone is a tree.
    """
    roles = {column.role for column in columns if column.role in COORDINATE_SCHEMES}
    if len(roles) != 1 or not columns:
        return
    key = coded_key(roles.pop(), columns[0].side)
    amounts = {column.key for column in columns if column.role == "amount"}
    for group in _by_unit(rows, key).values():
        for body in _parents(group, key):
            for name in amounts & set(body.roles):
                if body.roles[name] is Role.LEAF:
                    body.roles[name] = Role.SUBTOTAL


def _by_unit(rows: Sequence[BodyRow], key: str) -> Mapping[str | None, list[BodyRow]]:
    """Group the rows that carry a code by the unit whose money it is."""
    groups: dict[str | None, list[BodyRow]] = {}
    for body in rows:
        if key in body.coded and body.coded[key].code:
            unit = body.coded.get("budgetary_unit")
            groups.setdefault(unit.printed if unit else None, []).append(body)
    return groups


def _parents(rows: Sequence[BodyRow], key: str) -> Iterator[BodyRow]:
    codes = sorted({body.coded[key].code or "" for body in rows})
    for number, body in enumerate(rows):
        code = body.coded[key].code or ""
        at = bisect_right(codes, code)
        has_codes_below = at < len(codes) and codes[at].startswith(code)
        if has_codes_below or _misprinted_below(rows, number, key, codes):
            yield body


def _misprinted_below(rows: Sequence[BodyRow], number: int, key: str, codes: Sequence[str]) -> bool:
    """Whether the next row is below this one, though its 类 is misprinted: 7|11|02 under 210|11.

    Its code has nothing above it anywhere, and but for the first cell it goes on from this row.
    """
    if number + 1 == len(rows):
        return False
    above, below = rows[number].code_cells.get(key, ()), rows[number + 1].code_cells.get(key, ())
    if len(above) < 2 or len(below) != len(above) + 1 or below[1 : len(above)] != above[1:]:  # noqa: PLR2004
        return False
    orphan = "".join(below)
    return not any(orphan != code and orphan.startswith(code) for code in codes)
