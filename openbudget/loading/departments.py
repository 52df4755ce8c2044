"""Under which id the department of a document is stored, where it is stored already.

A reader knows one document, the database all that were stored before. Where it is stated whose a
document is (by an option, a `source.yaml`, the list of departments in the seed), its name does not
count: the id that was stated does, or what that is an alias of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine

from openbudget.budget.document import BudgetDocument, DocumentIdentity
from openbudget.budget.identifiers import department_id
from openbudget.budget.organization import DepartmentName
from openbudget.loading.source import find_source
from openbudget.recognition.identity import KnownIdentity
from openbudget.storage.aliases import find_code


@dataclass(frozen=True)
class Stated:
    """What is stated of the files of a batch, rather than read in them."""

    known: KnownIdentity | None
    source: Path | None
    departments: Sequence[DepartmentName]

    def names_department(self, path: Path, identity: DocumentIdentity) -> bool:
        """Whether it is stated of which department a file is."""
        own = (identity.jurisdiction, identity.department)
        return (
            (self.known is not None and self.known.department is not None)
            or any((entry.jurisdiction, entry.department) == own for entry in self.departments)
            or self.source is not None
            or find_source(path) is not None
        )


def with_stored_department(
    engine: Engine, document: BudgetDocument, *, by_name: bool
) -> tuple[BudgetDocument, str | None]:
    """Put a document under the id of its department; what it says instead is an alias of that.

    Raises:
        StorageError: the database cannot be asked.
    """
    identity = document.identity
    code = find_code(engine, identity, by_name=by_name)
    if code == identity.department:
        return document, None
    moved = replace(
        document,
        identity=replace(identity, department=code),
        department=replace(document.department, code=code),
    )
    return moved, department_id(identity.jurisdiction, identity.department)
