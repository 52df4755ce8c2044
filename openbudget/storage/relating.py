"""Findings between documents: each is stored with both, and only between current versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select

from openbudget.budget.document import DocumentIdentity, RelatedDocument
from openbudget.budget.finding import Finding, RelatedFinding, Severity
from openbudget.budget.identifiers import document_id, versioned
from openbudget.storage.models import FindingItemRow, FindingRow, SearchEntryRow
from openbudget.storage.related import read_one, read_related
from openbudget.storage.rows.document import version_key
from openbudget.storage.rows.findings import Touching, finding_values, item_values
from openbudget.storage.rows.search import KEY, part_entry

Relate = Callable[[RelatedDocument, Sequence[RelatedDocument]], Sequence[RelatedFinding]]
"""Holds a document against others, and tells what does not agree."""

RELATED_FROM = 100_000
"""Positions of findings between documents: behind those of the documents themselves.

Among them severity decides, then the id, so that they do not depend on which was loaded first.
"""
_SEVERITIES = tuple(Severity)


def relate(connection: Connection, identity: DocumentIdentity, check: Relate) -> None:
    """Hold a stored document against the related ones, and store what is found."""
    others = read_related(connection, identity)
    if not others:
        return
    own = read_one(connection, document_id(identity))
    by_id = {other.document_id: other for other in others}
    for found in check(own, others):
        other = by_id[found.document]
        position = RELATED_FROM + _SEVERITIES.index(found.finding.severity)
        _store(connection, own, found.finding, other.identity, position)
        _store(connection, other, found.told_by_other(own.document_id), own.identity, position)


def _store(
    connection: Connection,
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
    connection.execute(insert(FindingRow).values(**values))
    connection.execute(insert(SearchEntryRow).values(**part_entry("findings", values, {})))
    items = list(item_values(values, stem, Touching(document).items(finding)))
    if items:
        connection.execute(insert(FindingItemRow), items)


def forget_related(connection: Connection, document: str) -> None:
    """Delete every finding between a document and others, with both."""
    own = and_(FindingRow.document == document, FindingRow.related.is_not(None))
    wanted = or_(FindingRow.related == document, own)
    columns = ("jurisdiction", "fiscal_year", "id", "document", "version")
    statement = select(*(getattr(FindingRow, n) for n in columns)).where(wanted)
    found = connection.execute(statement).all()
    for row in found:
        forget_items(connection, row._asdict(), row.id)
        key = (getattr(SearchEntryRow, name) == getattr(row, name) for name in KEY)
        connection.execute(delete(SearchEntryRow).where(*key))
    if found:
        connection.execute(delete(FindingRow).where(wanted))


def forget_items(
    connection: Connection, key: Mapping[str, Any], finding: str | None = None
) -> None:
    """Delete what the findings of a document version touch, or one of them."""
    connection.execute(delete(FindingItemRow).where(*_items(key, finding)))


def _items(key: Mapping[str, Any], finding: str | None) -> Iterator[Any]:
    item, stem = FindingItemRow.item, f"{key['document']}@{key['version']}"
    yield FindingItemRow.jurisdiction == key["jurisdiction"]
    yield FindingItemRow.fiscal_year == key["fiscal_year"]
    # By range, which the key serves: "/" follows "." in every order by code point.
    yield and_(item >= f"{stem}.", item < f"{stem}/")
    if finding is not None:
        yield FindingItemRow.id == finding
