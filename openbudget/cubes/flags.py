"""Which cells rest on lines that findings touch: the worst severity of each, in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from openbudget.budget.finding import Severity
from openbudget.cubes.columns import LINES, Editions
from openbudget.cubes.guards import Selected, materialized
from openbudget.cubes.model import key_of
from openbudget.cubes.query import CubeQuery, select_lines
from openbudget.storage.models import FindingItemRow, FindingRow

_RANKS = {Severity.INFO: 1, Severity.WARNING: 2, Severity.ERROR: 3}
_BY_RANK = {rank: severity for severity, rank in _RANKS.items()}
Flags = Mapping[tuple[Any, ...], Severity]
"""The worst severity by the keys of a cell, in the order of the drilldown; others are left out."""


def read_flags(connection: Connection, query: CubeQuery, editions: Editions) -> Flags:
    """Give the worst severity of the findings that touch a line of each cell of a query."""
    lines = select_lines(query, editions)
    keys = [lines.columns.expression(key_of(ref)) for ref in query.drilldown]
    return worst_severities(connection, lines, keys)


def worst_severities(connection: Connection, lines: Selected, keys: Sequence[Any]) -> Flags:
    """Give the worst severity of the findings that touch some lines, by keys of these."""
    items = lines.columns.joined(
        "finding_items",
        FindingItemRow,
        lambda c: and_(
            c.jurisdiction == LINES.jurisdiction,
            c.fiscal_year == LINES.fiscal_year,
            c.item == LINES.id,
        ),
    )
    findings = lines.columns.joined(
        "findings",
        FindingRow,
        lambda c: and_(
            c.jurisdiction == items.jurisdiction,
            c.fiscal_year == items.fiscal_year,
            c.id == items.id,
        ),
    )
    rank = case(*((findings.severity == word.value, n) for word, n in _RANKS.items()))
    named = [key.label(f"k{n}") for n, key in enumerate(keys)]
    statement = select(*named, rank.label("rank")).where(findings.severity.is_not(None))
    base = materialized(lines.read(statement))
    groups = [base.c[f"k{n}"] for n in range(len(keys))]
    worst = select(*groups, func.max(base.c.rank)).group_by(*groups)
    if not groups:
        worst = worst.having(func.count() > 0)
    return {tuple(row[:-1]): _BY_RANK[row[-1]] for row in connection.execute(worst)}
