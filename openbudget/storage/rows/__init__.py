"""From the domain to rows; ids inside rows are local to their document."""

from __future__ import annotations

from collections.abc import Iterator

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport
from openbudget.budget.identifiers import versioned
from openbudget.storage.models import (
    Base,
    ClaimRow,
    FindingRow,
    IndicatorRow,
    LineRow,
    ProjectRow,
    SectionRow,
    TableRow,
    TargetRow,
    TransferRow,
)
from openbudget.storage.rows.claims import claim_values
from openbudget.storage.rows.document import document_key, section_values
from openbudget.storage.rows.findings import finding_values, total_checks
from openbudget.storage.rows.parts import Values
from openbudget.storage.rows.performance import indicator_values, target_values
from openbudget.storage.rows.projects import project_values, transfer_values
from openbudget.storage.rows.tables import line_values, table_values


def part_values(
    document: BudgetDocument, report: CheckReport
) -> Iterator[tuple[type[Base], list[Values]]]:
    """Give the rows of everything in a document and of what was found in it, by model."""
    yield SectionRow, _placed(document, map(section_values, document.sections))
    yield ClaimRow, _placed(document, map(claim_values, document.claims))
    yield TableRow, _placed(document, map(table_values, document.tables))
    yield LineRow, _placed(document, line_values(document, total_checks(report)))
    yield ProjectRow, _placed(document, (project_values(document, p) for p in document.projects))
    yield TransferRow, _placed(document, (transfer_values(document, t) for t in document.transfers))
    yield TargetRow, _placed(document, map(target_values, document.targets))
    yield IndicatorRow, _placed(document, indicator_values(document))
    yield FindingRow, _placed(document, map(finding_values, report.findings))


def _placed(document: BudgetDocument, values: Iterator[Values]) -> list[Values]:
    """Add the key of the document, the whole id and the position to rows with a local id."""
    key = document_key(document)
    stem = versioned(key["document"], document.file.sha256)
    return [
        {**key, **row, "id": f"{stem}.{row['id']}", "position": position}
        for position, row in enumerate(values, start=1)
    ]
