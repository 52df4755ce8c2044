"""The data version: a hash over all document versions, how each was read, lists and rules.

Each version has a digest of its own, and their sum is kept beside the data version: so that storing
a document costs no look at all the others, and the order of storing says nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from openbudget.storage.models import DocumentRow, FactRow

DATA_VERSION = "data_version"
SEED_DIGEST = "seed_digest"
RULES_DIGEST = "rules_digest"
LAST_MODIFIED = "last_modified"
_SUM = "document_digests"
_MODULUS = 1 << 256

# Made once: to make and to compile a statement takes several times as long as to execute it.
_documents: Any = DocumentRow.__table__
_facts: Any = FactRow.__table__
_TOLD = (
    *("id", "current", "reading_version", "checks_digest"),
    *("title", "publisher", "media_type", "origin"),
)
_ALL_VERSIONS = select(*(_documents.c[name] for name in _TOLD))
_VERSIONS = _ALL_VERSIONS.where(_documents.c.document == bindparam("document"))
_FACT = select(_facts.c.value).where(_facts.c.name == bindparam("name"))
_FORGET_FACT = delete(_facts).where(_facts.c.name == bindparam("name"))
_LEARN_FACT = insert(_facts)


def digest_versions(connection: Connection, document: str | None = None) -> int:
    """Add up the digests of all versions of one document, or of all documents."""
    if document is None:
        rows = connection.execute(_ALL_VERSIONS)
    else:
        rows = connection.execute(_VERSIONS, {"document": document})
    digests = (hashlib.sha256(repr(tuple(row)).encode()).digest() for row in rows)
    return sum(map(int.from_bytes, digests))


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
    facts = [read_fact(connection, name) or "" for name in (SEED_DIGEST, RULES_DIGEST)]
    told = " ".join([*facts, digests])
    version = hashlib.sha256(told.encode()).hexdigest()[:16]
    set_fact(connection, _SUM, digests)
    if read_fact(connection, DATA_VERSION) != version:
        set_fact(connection, DATA_VERSION, version)
        set_fact(connection, LAST_MODIFIED, clock())


def read_fact(connection: Connection, name: str) -> str | None:
    """Read a fact about the database; None where it is not known."""
    found: str | None = connection.scalar(_FACT, {"name": name})
    return found


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Write a fact about the database over what it was."""
    connection.execute(_FORGET_FACT, {"name": name})
    connection.execute(_LEARN_FACT, {"name": name, "value": value})
