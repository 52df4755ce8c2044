"""Reads findings by what they touch: one query for all things of a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select

from openbudget.budget.identifiers import DocumentReference
from openbudget.storage.models import FindingItemRow, FindingRow, RuleRow, TableRow
from openbudget.storage.read import Found, table_columns

FINDING_COLUMNS = table_columns(FindingRow)
_FINDINGS = FindingRow.__table__.c
_ITEMS = FindingItemRow.__table__.c
_NATURAL = (_FINDINGS.document, _FINDINGS.position, _FINDINGS.id)
RULE_IDS = (
    select(RuleRow.id),
    # Superseded versions keep findings of rules that are no more; `current` begins the index.
    select(_FINDINGS.rule).where(_FINDINGS.current.in_((True, False))),
)
"""The rules there are, and those that findings are of."""
_SAME = and_(
    _ITEMS.jurisdiction == _FINDINGS.jurisdiction,
    _ITEMS.fiscal_year == _FINDINGS.fiscal_year,
    _ITEMS.id == _FINDINGS.id,
)


def touches(local: str) -> ColumnElement[bool]:
    """Give the condition that a finding touches a thing of its own document, by local id."""
    stem = _FINDINGS.document + "@" + _FINDINGS.version + "."
    own = select(_ITEMS.id).where(_SAME, _ITEMS.item == stem + local)
    return own.correlate(FindingRow.__table__).exists()


def findings_of_items(connection: Connection, things: Sequence[Found]) -> dict[str, list[Found]]:
    """Give the findings that touch each of some things, by the stored id of the thing."""
    wanted = select(_ITEMS.item, *FINDING_COLUMNS).where(
        _SAME,
        _ITEMS.jurisdiction.in_({thing.jurisdiction for thing in things}),
        _ITEMS.fiscal_year.in_({thing.fiscal_year for thing in things}),
        _ITEMS.item.in_([thing.id for thing in things]),
    )
    return _grouped(connection.execute(wanted.order_by(*_NATURAL)), lambda row: row.item)


def findings_of_documents(
    connection: Connection, documents: Sequence[Found]
) -> dict[tuple[str, str], list[Found]]:
    """Give the findings of some versions of documents, by document and version."""
    wanted = select(*FINDING_COLUMNS).where(_of_documents(documents)).order_by(*_NATURAL)
    return _grouped(connection.execute(wanted), lambda row: (row.document, row.version))


def findings_of_departments(
    connection: Connection, departments: Sequence[Found]
) -> dict[str, list[Found]]:
    """Give the findings of the current documents of some departments, by department."""
    ids = [department.id for department in departments]
    own = (_FINDINGS.current, _FINDINGS.department.in_(ids))
    wanted = select(*FINDING_COLUMNS).where(*own).order_by(*_NATURAL)
    return _grouped(connection.execute(wanted), lambda row: row.department)


def count_by_severity(
    connection: Connection, documents: Sequence[Found]
) -> Mapping[tuple[str, str], dict[str, int]]:
    """Count the findings of some versions of documents by severity."""
    key = (_FINDINGS.document, _FINDINGS.version, _FINDINGS.severity)
    wanted = select(*key, func.count()).where(_of_documents(documents)).group_by(*key)
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for document, version, severity, count in connection.execute(wanted):
        found[document, version][severity] = count
    return found


def tables_of_findings(
    connection: Connection, findings: Sequence[Found], named: Sequence[DocumentReference]
) -> list[Found]:
    """Give all tables of the documents of some findings, and of documents named besides."""
    versions = {(row.document, row.version) for row in findings}
    wanted = {(reference.document, reference.version) for reference in named}
    documents = {document for document, _ in versions | wanted}
    table = TableRow.__table__.c
    own = select(*table_columns(TableRow)).where(
        table.current.in_((True, False)), table.document.in_(documents)
    )
    rows = connection.execute(own.order_by(table.document, table.position, table.id))
    return [
        row
        for row in rows
        if (row.document, row.version) in versions | wanted
        or (row.current and (row.document, None) in wanted)
    ]


def _of_documents(documents: Sequence[Found]) -> ColumnElement[bool]:
    """Give the condition that finds them by the index, which begins with `current`."""
    return and_(
        _FINDINGS.current.in_({row.current for row in documents}),
        _FINDINGS.document.in_({row.document for row in documents}),
        _FINDINGS.version.in_({row.version for row in documents}),
    )


def _grouped(rows: Iterable[Found], key: Any) -> dict[Any, list[Found]]:
    found: dict[Any, list[Found]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
