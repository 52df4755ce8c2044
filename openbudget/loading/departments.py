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

from openbudget.budget.identifiers import department_id, document_id
from openbudget.budget.organization import DepartmentName
from openbudget.loading.handover import PreparedFile
from openbudget.loading.source import find_source
from openbudget.recognition.identity import KnownIdentity
from openbudget.storage.aliases import find_code
from openbudget.storage.prepared import under_department


@dataclass(frozen=True)
class Stated:
    """What is stated of the files of a batch, rather than read in them."""

    known: KnownIdentity | None
    source: Path | None
    departments: Sequence[DepartmentName]

    def names_department(self, path: Path, read: PreparedFile) -> bool:
        """Whether it is stated of which department a file is."""
        identity = read.document.identity
        own = (identity.jurisdiction, identity.department)
        return (
            (self.known is not None and self.known.department is not None)
            or read.described
            or any((entry.jurisdiction, entry.department) == own for entry in self.departments)
            or self.source is not None
            or find_source(path) is not None  # it is about an archive
        )


def with_stored_department(
    engine: Engine, read: PreparedFile, *, by_name: bool
) -> tuple[PreparedFile, str | None]:
    """Put a document under the id of its department; what it says instead is an alias of that.

    Raises:
        StorageError: the database cannot be asked.
    """
    identity = read.document.identity
    code = find_code(engine, identity, by_name=by_name)
    if code == identity.department:
        return read, None
    document = under_department(read.document, code)
    own, moved = document_id(identity), document_id(document.identity)
    report = replace(read.report, document=moved)
    summary = tuple(line.replace(own, moved) for line in read.summary)
    moved_file = replace(read, document=document, report=report, summary=summary)
    return moved_file, department_id(identity.jurisdiction, identity.department)
