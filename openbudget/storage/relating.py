"""Findings between documents: each is stored with both, and only between current versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select
from sqlalchemy.orm import Session

from openbudget.budget.document import BudgetDocument, DocumentIdentity, RelatedDocument
from openbudget.budget.finding import Finding, RelatedFinding
from openbudget.budget.identifiers import document_id, versioned
from openbudget.storage.models import FindingItemRow, FindingRow
from openbudget.storage.related import read_related, related_document
from openbudget.storage.rows.document import version_key
from openbudget.storage.rows.findings import Touching, finding_values, item_values

Relate = Callable[[RelatedDocument, Sequence[RelatedDocument]], Sequence[RelatedFinding]]
"""Holds a document against others, and tells what does not agree."""

RELATED_FROM = 100_000
"""Positions of findings between documents: behind those of the documents themselves."""


def relate(session: Session, document: BudgetDocument, version: str, check: Relate) -> None:
    """Hold a document against the related ones that are stored, and store what is found."""
    others = read_related(session, document.identity)
    if not others:
        return
    own = related_document(document, version)
    by_id = {other.document_id: other for other in others}
    for position, found in enumerate(check(own, others), start=RELATED_FROM):
        other = by_id[found.document]
        _store(session, own, found.finding, other.identity, position)
        _store(session, other, found.told_by_other(own.document_id), own.identity, position)


def _store(
    session: Session,
    document: RelatedDocument,
    finding: Finding,
    other: DocumentIdentity,
    position: int,
) -> None:
    """Store a finding with one of its two documents; its id ends in which other one it is about.

    One rule may find the same of the year before and of the year after.
    """
    stem = versioned(document.document_id, document.version)
    key = version_key(document.identity, document.version)
    values = {**key, **finding_values(finding, document_id(other)), "position": position}
    ending = f"{other.fiscal_year}-{other.scope}-{other.phase}"
    values["id"] = f"{stem}.{finding.id}.{ending}"
    session.execute(insert(FindingRow).values(**values))
    items = list(item_values(values, stem, Touching(document).items(finding)))
    if items:
        session.execute(insert(FindingItemRow), items)


def forget_related(session: Session, document: str) -> None:
    """Delete every finding between a document and others, with both."""
    own = and_(FindingRow.document == document, FindingRow.related.is_not(None))
    wanted = or_(FindingRow.related == document, own)
    columns = ("jurisdiction", "fiscal_year", "id", "document", "version")
    found = session.execute(select(*(getattr(FindingRow, n) for n in columns)).where(wanted)).all()
    for row in found:
        forget_items(session, row, versioned(row.document, row.version), row.id)
    if found:
        session.execute(delete(FindingRow).where(wanted))


def forget_items(session: Session, row: Any, stem: str, finding: str | None = None) -> None:
    """Delete what the findings of a document version touch, or one of them."""
    session.execute(delete(FindingItemRow).where(*_items(row, stem, finding)))


def _items(row: Any, stem: str, finding: str | None) -> Iterator[Any]:
    item = FindingItemRow.item
    yield FindingItemRow.jurisdiction == row.jurisdiction
    yield FindingItemRow.fiscal_year == row.fiscal_year
    # By range, which the key serves: "/" follows "." in every order by code point.
    yield and_(item >= f"{stem}.", item < f"{stem}/")
    if finding is not None:
        yield FindingItemRow.id == finding
