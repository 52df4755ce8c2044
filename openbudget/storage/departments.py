"""Departments: each is described by all its current documents, the newest year first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from openbudget.budget.document import DocumentIdentity
from openbudget.budget.identifiers import department_id
from openbudget.storage.folding import search_fold
from openbudget.storage.models import DepartmentRow, DocumentRow, SearchEntryRow
from openbudget.storage.rows.search import KEY, department_entry

# Made once: to make and to compile a statement takes several times as long as to execute it.
_documents: Any = DocumentRow.__table__
_departments: Any = DepartmentRow.__table__
_entries: Any = SearchEntryRow.__table__
_DESCRIBED = (
    select(
        *(_documents.c[name] for name in ("document", "fiscal_year", "described_department")),
    )
    .where(
        _documents.c.department == bindparam("own"),
        _documents.c.current,
        # Their ids begin with that of their department, and have an index, which it has not.
        _documents.c.document > bindparam("after"),
        _documents.c.document < bindparam("before"),
    )
    .order_by(_documents.c.fiscal_year.desc(), _documents.c.document)
)
_FORGET = delete(_departments).where(_departments.c.id == bindparam("own"))
_LEARN = insert(_departments)
_FORGET_ENTRY = delete(_entries).where(*(_entries.c[name] == bindparam(name) for name in KEY))
_LEARN_ENTRY = insert(_entries)


def renew_department(connection: Connection, identity: DocumentIdentity) -> None:
    """Describe the department of a document anew."""
    own = department_id(identity.jurisdiction, identity.department)
    within = {"own": own, "after": f"{own}-", "before": f"{own}."}
    rows = connection.execute(_DESCRIBED, within).all()
    described = [row.described_department for row in rows]
    names = _merge(rows, "names")
    known = {described[0]["name"], *(name["name"] for name in names)}
    values = {
        "id": own,
        "jurisdiction": identity.jurisdiction,
        "code": identity.department,
        "name": described[0]["name"],
        "names": names,
        "types": _merge(rows, "types"),
        "supervising": _supervising(rows),
        "fiscal_years": sorted({row.fiscal_year for row in rows}),
        "search_text": " ".join(sorted(search_fold(name) for name in known)),
    }
    connection.execute(_FORGET, {"own": own})
    connection.execute(_LEARN, values)
    entry = department_entry(values)
    connection.execute(_FORGET_ENTRY, {name: entry[name] for name in KEY})
    connection.execute(_LEARN_ENTRY, entry)


def _merge(rows: Sequence[Any], key: str) -> list[dict[str, Any]]:
    """Give each printed name once, with the first document that prints it."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for entry in row.described_department[key]:
            found.setdefault(entry["name"], {**entry, "document": row.document})
    return list(found.values())


def _supervising(rows: Sequence[Any]) -> dict[str, Any] | None:
    for row in rows:
        if row.described_department["supervising"]:
            return {**row.described_department["supervising"], "document": row.document}
    return None
