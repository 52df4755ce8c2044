"""The data version: a hash over all document versions, how each was read, lists and rules.

Each version has a digest of its own, and their sum is kept beside the data version: so that storing
a document costs no look at all the others, and the order of storing says nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
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
_ALL_VERSIONS = select(
    *(_documents.c[name] for name in _TOLD), _documents.c.version, _documents.c.loaded_at
)
_VERSIONS = _ALL_VERSIONS.where(_documents.c.document == bindparam("document"))
_FACT = select(_facts.c.value).where(_facts.c.name == bindparam("name"))
_FACTS = select(_facts.c.name, _facts.c.value)
_FORGET_FACT = delete(_facts).where(_facts.c.name == bindparam("name"))
_LEARN_FACT = insert(_facts)


def read_versions(connection: Connection, document: str) -> Sequence[Any]:
    """Read what there is to say of each version of a document, how it was read among it."""
    return connection.execute(_VERSIONS, {"document": document}).all()


def digest_versions(versions: Iterable[Any]) -> int:
    """Add up the digests of some versions, as they are read here."""
    told = (repr(tuple(row)[: len(_TOLD)]) for row in versions)
    digests = (hashlib.sha256(text.encode()).digest() for text in told)
    return sum(map(int.from_bytes, digests))


def renew_data_version(
    connection: Connection, clock: Callable[[], str], change: int | None = None
) -> None:
    """Name the data anew; `change` is that of the sum of digests, where it is known."""
    known = {row.name: row.value for row in connection.execute(_FACTS)}
    if _SUM not in known or change is None:
        total = digest_versions(connection.execute(_ALL_VERSIONS))
    else:
        total = int(known[_SUM], 16) + change
    digests = f"{total % _MODULUS:x}"
    told = " ".join([known.get(SEED_DIGEST, ""), known.get(RULES_DIGEST, ""), digests])
    version = hashlib.sha256(told.encode()).hexdigest()[:16]
    facts = {_SUM: digests}
    if known.get(DATA_VERSION) != version:
        facts |= {DATA_VERSION: version, LAST_MODIFIED: clock()}
    _set_facts(connection, facts)


def read_fact(connection: Connection, name: str) -> str | None:
    """Read a fact about the database; None where it is not known."""
    found: str | None = connection.scalar(_FACT, {"name": name})
    return found


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Write a fact about the database over what it was."""
    _set_facts(connection, {name: value})


def _set_facts(connection: Connection, facts: Mapping[str, str]) -> None:
    rows = [{"name": name, "value": value} for name, value in facts.items()]
    connection.execute(_FORGET_FACT, rows)
    connection.execute(_LEARN_FACT, rows)
