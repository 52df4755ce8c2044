"""Changes of the data: each version of a document, with the version it superseded."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import case, func, select

from openbudget.storage.models import DocumentRow
from openbudget.storage.read import Listing


class ChangeKind(StrEnum):
    """`added`: a document is there for the first time; `superseded`: a newer version of it is."""

    ADDED = "added"
    SUPERSEDED = "superseded"


_DOCUMENT: Any = DocumentRow.__table__.c
_KEPT = (
    *("jurisdiction", "fiscal_year", "id", "document", "version", "current", "department"),
    *("scope", "phase", "title", "publisher", "sha256", "media_type", "size", "loaded_at"),
)
_BEFORE = func.lag(_DOCUMENT.version).over(
    partition_by=_DOCUMENT.document,
    # Versions of one second: the current one is the last.
    order_by=(_DOCUMENT.loaded_at, _DOCUMENT.current, _DOCUMENT.id),
)
_VERSIONS = select(*(_DOCUMENT[name] for name in _KEPT), _BEFORE.label("before")).subquery()
_OWN: Any = _VERSIONS.c
_CHANGE = case((_OWN.before.is_(None), ChangeKind.ADDED.value), else_=ChangeKind.SUPERSEDED.value)
_FILTERED = (
    *("jurisdiction", "fiscal_year", "id", "document", "department", "scope", "phase"),
    *("publisher", "loaded_at"),
)

CHANGES = Listing(
    {**{name: _OWN[name] for name in _FILTERED}, "change": _CHANGE},
    [*(_OWN[name] for name in _KEPT), _OWN.before, _CHANGE.label("change")],
)
