"""From the domain to rows; ids inside rows are local to their document.

Nothing here imports the database: processes that read documents build rows and store none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport
from openbudget.budget.identifiers import versioned
from openbudget.storage.rows.claims import claim_values
from openbudget.storage.rows.document import document_key, section_values
from openbudget.storage.rows.findings import Touching, finding_values, item_values, total_checks
from openbudget.storage.rows.parts import Values
from openbudget.storage.rows.performance import indicator_values, target_values
from openbudget.storage.rows.projects import project_values, transfer_values
from openbudget.storage.rows.search import document_entries, entries_key
from openbudget.storage.rows.tables import line_values, table_values


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a table of the database: what they have in common, and what each has of its own."""

    table: str
    common: Values
    rows: list[Values]


def part_values(document: BudgetDocument, report: CheckReport) -> Iterator[Part]:
    """Give the rows of everything in a document and found in it, by table of the database.

    The last ones are the entries of the search index, which are made of the others.
    """
    key = document_key(document)
    stem = versioned(key["document"], document.file.sha256)
    parts = [Part(table, key, _placed(stem, rows)) for table, rows in _parts(document, report)]
    yield from parts
    yield Part("finding_items", {}, list(_items(document, report, key, stem)))
    own, identity = {**key, "id": stem, "position": 0}, document.identity
    found = {part.table: part.rows for part in parts}
    entries = document_entries(own, identity.title, identity.publisher, found)
    yield Part("search_entries", entries_key(own), list(entries))


def _parts(document: BudgetDocument, report: CheckReport) -> Iterator[tuple[str, Iterable[Values]]]:
    yield "sections", map(section_values, document.sections)
    yield "claims", map(claim_values, document.claims)
    yield "tables", map(table_values, document.tables)
    yield "lines", line_values(document, total_checks(report))
    yield "projects", (project_values(document, p) for p in document.projects)
    yield "transfers", (transfer_values(document, t) for t in document.transfers)
    yield "performance_targets", map(target_values, document.targets)
    yield "indicators", indicator_values(document)
    yield "findings", map(finding_values, report.findings)


def _items(
    document: BudgetDocument, report: CheckReport, key: Values, stem: str
) -> Iterator[Values]:
    """Give what the findings of a document touch."""
    touching = Touching(document)
    for finding in report.findings:
        own = {**key, "id": f"{stem}.{finding.id}"}
        yield from item_values(own, stem, touching.items(finding))


def _placed(stem: str, rows: Iterable[Values]) -> list[Values]:
    """Give rows with a local id their whole id and position."""
    placed = list(rows)
    for position, row in enumerate(placed, start=1):
        row["id"] = f"{stem}.{row['id']}"
        row["position"] = position
    return placed
