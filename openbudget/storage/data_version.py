"""The data version: a hash over all document versions, how each was read, and the code lists.

Each version has a digest of its own, and their sum is kept beside the data version: so that storing
a document costs no look at all the others, and the order of storing says nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from sqlalchemy import Connection, delete, insert, select

from openbudget.storage.models import DocumentRow, FactRow

DATA_VERSION = "data_version"
SEED_DIGEST = "seed_digest"
LAST_MODIFIED = "last_modified"
_SUM = "document_digests"
_MODULUS = 1 << 256


def digest_versions(connection: Connection, document: str | None = None) -> int:
    """Add up the digests of all versions of one document, or of all documents."""
    told = (DocumentRow.title, DocumentRow.publisher, DocumentRow.media_type, DocumentRow.origin)
    wanted = select(DocumentRow.id, DocumentRow.current, DocumentRow.reading_version, *told)
    if document is not None:
        wanted = wanted.where(DocumentRow.document == document)
    return sum(
        int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest())
        for row in connection.execute(wanted)
    )


def renew_data_version(
    connection: Connection, clock: Callable[[], str], change: int | None = None
) -> None:
    """Name the data anew; `change` is that of the sum of digests, where it is known."""
    known = read_fact(connection, _SUM)
    if known is None or change is None:
        total = digest_versions(connection)
    else:
        total = int(known, 16) + change
    digests = f"{total % _MODULUS:x}"
    told = f"{read_fact(connection, SEED_DIGEST) or ''} {digests}"
    version = hashlib.sha256(told.encode()).hexdigest()[:16]
    set_fact(connection, _SUM, digests)
    if read_fact(connection, DATA_VERSION) != version:
        set_fact(connection, DATA_VERSION, version)
        set_fact(connection, LAST_MODIFIED, clock())


def read_fact(connection: Connection, name: str) -> str | None:
    """Read a fact about the database; None where it is not known."""
    return connection.scalar(select(FactRow.value).where(FactRow.name == name))


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Write a fact about the database over what it was."""
    connection.execute(delete(FactRow).where(FactRow.name == name))
    connection.execute(insert(FactRow).values(name=name, value=value))
