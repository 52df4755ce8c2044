"""From the domain to rows; ids inside rows are local to their document.

Nothing here imports the database: processes that read documents build rows and store none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport
from openbudget.budget.identifiers import versioned
from openbudget.storage.rows.claims import claim_values
from openbudget.storage.rows.document import document_key, section_values
from openbudget.storage.rows.findings import Touching, finding_values, item_values, total_checks
from openbudget.storage.rows.parts import Values
from openbudget.storage.rows.performance import indicator_values, target_values
from openbudget.storage.rows.projects import project_values, transfer_values
from openbudget.storage.rows.search import document_entries
from openbudget.storage.rows.tables import line_values, table_values


def part_values(
    document: BudgetDocument, report: CheckReport
) -> Iterator[tuple[str, list[Values]]]:
    """Give the rows of everything in a document and found in it, by table of the database.

    The last ones are the entries of the search index, which are made of the others.
    """
    parts = list(_parts(document, report))
    yield from parts
    yield "search_entries", list(_entries(document, parts))


def _parts(document: BudgetDocument, report: CheckReport) -> Iterator[tuple[str, list[Values]]]:
    yield "sections", _placed(document, map(section_values, document.sections))
    yield "claims", _placed(document, map(claim_values, document.claims))
    yield "tables", _placed(document, map(table_values, document.tables))
    yield "lines", _placed(document, line_values(document, total_checks(report)))
    yield "projects", _placed(document, (project_values(document, p) for p in document.projects))
    yield "transfers", _placed(document, (transfer_values(document, t) for t in document.transfers))
    yield "performance_targets", _placed(document, map(target_values, document.targets))
    yield "indicators", _placed(document, indicator_values(document))
    yield "findings", _placed(document, map(finding_values, report.findings))
    yield "finding_items", list(_items(document, report))


def _entries(
    document: BudgetDocument, parts: Iterable[tuple[str, list[Values]]]
) -> Iterator[Values]:
    """Give what of a document is searched."""
    key, identity = document_key(document), document.identity
    own = {**key, "id": versioned(key["document"], document.file.sha256)}
    return document_entries(own, identity.title, identity.publisher, parts)


def _items(document: BudgetDocument, report: CheckReport) -> Iterator[Values]:
    """Give what the findings of a document touch."""
    touching, key = Touching(document), document_key(document)
    stem = versioned(key["document"], document.file.sha256)
    for finding in report.findings:
        own = {**key, "id": f"{stem}.{finding.id}"}
        yield from item_values(own, stem, touching.items(finding))


def _placed(document: BudgetDocument, values: Iterator[Values]) -> list[Values]:
    """Add the key of the document, the whole id and the position to rows with a local id."""
    key = document_key(document)
    stem = versioned(key["document"], document.file.sha256)
    return [
        {**key, **row, "id": f"{stem}.{row['id']}", "position": position}
        for position, row in enumerate(values, start=1)
    ]
