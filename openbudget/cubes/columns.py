"""The SQL behind every attribute: an expression over lines, and the joins that it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, case, cast, func, literal, or_

from openbudget.budget.measures import load_measures
from openbudget.budget.vocabulary import COORDINATE_SCHEMES, Scheme
from openbudget.cubes.dialect import Cut
from openbudget.cubes.model import Dimension, key_of, resolve
from openbudget.storage.models import (
    CodeRow,
    DepartmentRow,
    DocumentRow,
    JurisdictionRow,
    LineRow,
    ProjectRow,
)
from openbudget.storage.models.base import CodePointText

LINES = LineRow.__table__.c
_LAST_CHARACTER = "\U0010ffff"
THREE_PUBLIC = (
    "official_overseas_visits",
    "official_vehicles",
    "official_vehicle_purchase",
    "official_vehicle_operation",
    "official_hospitality",
)
ITEM_GROUP = "three_public_expenses"
Editions = Mapping[str, Sequence[str]]
"""The editions of each scheme, the newest first."""


class LineColumns:
    """Makes the expressions of one statement over lines, and collects the joins they need."""

    def __init__(self, editions: Editions) -> None:
        """Begin a statement; labels of codes are looked for in the given editions."""
        self._editions = editions
        self._joins: dict[str, tuple[Any, Any]] = {}

    def expression(self, ref: str) -> Any:
        """Give the expression of an attribute, or of the key of a dimension."""
        ref = key_of(ref)
        found = resolve(ref)
        if found is None:
            raise KeyError(ref)
        own, attribute = found
        if attribute == own.key:
            return key_expression(own)
        if own.values is not None:
            return _word(own, 0 if attribute == "label" else 1)
        return _LABELS[own.of](self, own, str(attribute))

    def condition(self, cut: Cut) -> Any:
        """Give the condition of a cut: by ranges of a column where an index can serve them."""
        found = resolve(key_of(cut.ref))
        if found is None:
            raise KeyError(cut.ref)
        own, attribute = found
        expression = self.expression(cut.ref)
        stated = [value for value in cut.values if value is not None]
        conditions = [expression.is_(None)] if None in cut.values else []
        if attribute == own.key and own.digits and own.of in ("code", "division"):
            conditions += [_range(own, str(value), expression) for value in stated]
        elif attribute == own.key and own.of in ("line", "project"):
            conditions += [_part(own, str(value)) for value in stated]
        elif stated:
            conditions.append(expression.in_(stated))
        return or_(*conditions)

    def read_from(self, statement: Select[Any]) -> Select[Any]:
        """Add the joins that the expressions so far need."""
        source: Any = LineRow.__table__
        for table, on in self._joins.values():
            source = source.outerjoin(table, on)
        return statement.select_from(source)

    def joined(self, name: str, model: Any, on: Callable[[Any], Any]) -> Any:
        """Join a table under a name of its own, once, and give its columns."""
        if name not in self._joins:
            table = model.__table__.alias(name)
            self._joins[name] = (table, on(table.c))
        return self._joins[name][0].c

    def listed(self, own: Dimension, attribute: str) -> list[Any]:
        """Give the names of a code in each edition that may have it, the newest first."""
        scheme = COORDINATE_SCHEMES[own.column].value
        key = key_expression(own)
        found = []
        for edition in self._editions.get(scheme, ()):
            codes = self.joined(
                f"{own.name}_{edition}",
                CodeRow,
                lambda c, edition=edition: and_(  # type: ignore[misc]
                    c.scheme == scheme, c.edition == edition, c.code == key
                ),
            )
            found.append(codes.name_zh if attribute == "label" else codes.name_en)
        return found


def key_expression(own: Dimension) -> Any:
    """Give the expression of the key of a dimension."""
    if own.of == "column":
        return _folded(own)
    if own.of == "code":
        column = LINES[own.column]
        if own.digits is None:
            return column
        return case((func.length(column) >= own.digits, func.substr(column, 1, own.digits)))
    return _KEYS[own.of](own)


def _folded(own: Dimension) -> Any:
    column = LINES[own.column]
    if not own.folded:
        return column
    return case(*((column == word, whole) for word, whole in own.folded.items()), else_=column)


def _division(own: Dimension) -> Any:
    column = LINES.jurisdiction
    if own.zeros == 0:
        return column
    stem = func.substr(column, 1, own.digits).concat("0" * own.zeros)
    if own.name == "province":
        return stem
    return case((func.substr(column, 3, 2) != "00", stem))


def _period(_own: Dimension) -> Any:
    same = and_(LINES.own_year == LINES.fiscal_year, LINES.own_phase == LINES.phase)
    return case((same, "own"), else_="comparison")


def _item_group(_own: Dimension) -> Any:
    """Put the three public expenses together; what stands beside them may overlap with them."""
    return case(
        (LINES.table_kind != ITEM_GROUP, None),
        (LINES.item_key.in_(THREE_PUBLIC), ITEM_GROUP),
        else_=func.coalesce(LINES.item_key, LINES.item),
    )


_KEYS: dict[str, Callable[[Dimension], Any]] = {
    "division": _division,
    "department": lambda _own: LINES.department,
    "document": lambda _own: LINES.document,
    "project": lambda _own: LINES.document.concat(".").concat(LINES.project),
    "item": lambda _own: func.coalesce(LINES.item_key, LINES.item),
    "item_group": _item_group,
    "period": _period,
    "line": lambda _own: LINES.document.concat(
        func.substr(LINES.id, func.length(LINES.document) + func.length(LINES.version) + 2)
    ),
}


def _range(own: Dimension, value: str, expression: Any) -> Any:
    """Compare the first digits of a column by range, and exactly besides."""
    column = LINES[own.column] if own.of == "code" else LINES.jurisdiction
    stem = value[: own.digits]
    within = and_(column >= stem, column < stem + _LAST_CHARACTER)
    return and_(within, expression == value)


def _part(own: Dimension, value: str) -> Any:
    """Compare the id of a part of a document by the document first, which an index serves."""
    document, _, local = value.partition(".")
    found = LINES.project == local
    if own.of == "line":
        found = LINES.id == literal(document + "@").concat(LINES.version).concat("." + local)
    return and_(LINES.document == document, found)


def _word(own: Dimension, place: int) -> Any:
    key = key_expression(own)
    words = own.values or {}
    return case(*((key == word, named[place]) for word, named in words.items()), else_=key)


def _code_label(columns: LineColumns, own: Dimension, attribute: str) -> Any:
    """Give the name of the newest list; else the printed one, or at higher levels the code."""
    names = columns.listed(own, attribute)
    if attribute == "label_en":
        return _first(names)
    if own.digits is not None:
        return _first([*names, key_expression(own)])
    printed = LINES.coded[own.column]["label"].as_string()
    return _first([*names, cast(printed, CodePointText), key_expression(own)])


def _first(found: Sequence[Any]) -> Any:
    if not found:
        return cast(None, CodePointText)
    return func.coalesce(*found) if len(found) > 1 else found[0]


def _division_label(columns: LineColumns, own: Dimension, attribute: str) -> Any:
    key = key_expression(own)
    named = columns.joined(own.name, JurisdictionRow, lambda c: c.code == key)
    return func.coalesce(named.name_zh, key) if attribute == "label" else named.name_en


def _department_label(columns: LineColumns, _own: Dimension, _attribute: str) -> Any:
    named = columns.joined("department", DepartmentRow, lambda c: c.id == LINES.department)
    return func.coalesce(named.name, LINES.department)


def _document_label(columns: LineColumns, _own: Dimension, _attribute: str) -> Any:
    whole = LINES.document.concat("@").concat(LINES.version)
    return columns.joined("document", DocumentRow, lambda c: _same(c, whole)).title


def _project_label(columns: LineColumns, _own: Dimension, _attribute: str) -> Any:
    whole = LINES.document.concat("@").concat(LINES.version).concat(".").concat(LINES.project)
    return columns.joined("project", ProjectRow, lambda c: _same(c, whole)).name


def _same(columns: Any, identifier: Any) -> Any:
    """Compare the whole primary key of a part of the line's document."""
    return and_(
        columns.jurisdiction == LINES.jurisdiction,
        columns.fiscal_year == LINES.fiscal_year,
        columns.id == identifier,
    )


def _item_label(_columns: LineColumns, own: Dimension, attribute: str) -> Any:
    """Give the name of an item; where it is known by its text only, that."""
    key = key_expression(own)
    names = {m.key: m.zh if attribute == "label" else m.en for m in load_measures().values()}
    named = case(*((key == word, name) for word, name in names.items()))
    return func.coalesce(named, key) if attribute == "label" else named


_LINE_COLUMNS = {"role": "role", "state": "state", "text": "printed_text", "unit": "printed_unit"}
_LABELS: dict[str, Callable[[LineColumns, Dimension, str], Any]] = {
    "code": _code_label,
    "division": _division_label,
    "department": _department_label,
    "document": _document_label,
    "project": _project_label,
    "item": _item_label,
    "item_group": _item_label,
    "line": lambda _columns, _own, attribute: LINES[_LINE_COLUMNS[attribute]],
}


def newest_editions(found: Sequence[Any]) -> Editions:
    """Group editions by scheme, the newest first."""
    schemes: dict[str, list[str]] = {scheme.value: [] for scheme in Scheme}
    for edition in sorted((own.scheme.value, own.edition) for own in found):
        schemes[edition[0]].insert(0, edition[1])
    return schemes
