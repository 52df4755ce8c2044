"""Ids that a department is also known by: a code printed later, or a name without its code.

A department keeps the id that it had first. What its later documents say is an alias of that.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from openbudget.budget.document import DocumentIdentity
from openbudget.budget.folding import fold
from openbudget.budget.identifiers import department_id, name_code
from openbudget.errors import StorageError
from openbudget.storage.models import DepartmentAliasRow, DepartmentRow
from openbudget.storage.read import resolve_department

# Made once: to make and to compile a statement takes several times as long as to execute it.
_departments: Any = DepartmentRow.__table__
_aliases: Any = DepartmentAliasRow.__table__
_OF_PLACE = select(_departments.c.id, _departments.c.name).where(
    _departments.c.jurisdiction == bindparam("place")
)
_CODED = _OF_PLACE.where(_departments.c.code.not_like("n%"))
_UNNAMED = _OF_PLACE.where(
    _departments.c.code == bindparam("unnamed"),
    _departments.c.id.not_in(select(_aliases.c.department)),
)


def find_code(engine: Engine, identity: DocumentIdentity, *, by_name: bool) -> str:
    """Give the code that the department of a document is stored under; its own if it is not.

    That is its own, or what this is an alias of. Else, `by_name`, it is that of the one department
    of its place whose name is the same, if one of both has a printed code and the other one has
    none: of two printed codes, each is a department.

    Raises:
        StorageError: the database cannot be asked.
    """
    try:
        with engine.connect() as connection:
            own = department_id(identity.jurisdiction, identity.department)
            stored = resolve_department(connection, own)
            if stored is None and by_name:
                stored = _find_by_name(connection, identity)
    except SQLAlchemyError as error:
        raise StorageError(f"the database refused: {str(error).partition(chr(10))[0]}") from error
    return (stored or own).removeprefix(f"{identity.jurisdiction}-")


def add_alias(session: Session | Connection, alias: str, department: str) -> None:
    """Keep that an id is an alias of a department."""
    session.execute(delete(DepartmentAliasRow).where(DepartmentAliasRow.id == alias))
    session.execute(insert(DepartmentAliasRow).values(id=alias, department=department))


def _find_by_name(connection: Connection, identity: DocumentIdentity) -> str | None:
    unnamed = name_code(identity.publisher)
    wanted = _CODED if identity.department == unnamed else _UNNAMED
    rows = connection.execute(wanted, {"place": identity.jurisdiction, "unnamed": unnamed})
    name = fold(identity.publisher)
    found = [row.id for row in rows if fold(row.name) == name]
    return found[0] if len(found) == 1 else None
