"""Ids: readable, stable, made of published facts. Nothing is numbered by a sequence."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import NamedTuple

from openbudget.budget.document import DocumentIdentity
from openbudget.budget.folding import fold
from openbudget.budget.table import BudgetLine

VERSION_LENGTH = 12
_NAME_CODE_LENGTH = 10
_OWN_LEVEL = re.compile(r"\((?:本级|本部)\)")
_DOCUMENT = re.compile(
    r"(?P<jurisdiction>\d{6})-(?P<department>[0-9A-Za-z]+)-(?P<year>\d{4})"
    r"-(?P<scope>department|unit)-(?P<phase>approved|adjusted|executed)"
    r"(?:@(?P<version>[0-9a-f]{12}))?"
)


class DocumentReference(NamedTuple):
    """A document id taken apart; `version` is None for the current version."""

    document: str
    jurisdiction: str
    department: str
    fiscal_year: int
    version: str | None
    rest: str


def department_id(jurisdiction: str, code: str) -> str:
    """``110102-231002``: the jurisdiction and the printed code."""
    return f"{jurisdiction}-{code}"


def name_code(name: str) -> str:
    """Make a code of a name, for a department that has none: ``n`` and ten characters.

    They are of the base32 of the sha256 of the folded name without （本级）, （本部）, so that an
    office has one code however its name is spaced.
    """
    bare = _OWN_LEVEL.sub("", fold(name))
    digest = hashlib.sha256(bare.encode()).digest()
    return "n" + base64.b32encode(digest).decode().lower()[:_NAME_CODE_LENGTH]


def document_id(identity: DocumentIdentity) -> str:
    """``110102-231002-2024-department-approved``."""
    department = department_id(identity.jurisdiction, identity.department)
    return f"{department}-{identity.fiscal_year}-{identity.scope}-{identity.phase}"


def line_id(table: str, line: BudgetLine) -> str:
    """Give the local id of a line: table, ordinal of its row, key of its column."""
    return f"{table}.{line.ordinal}.{line.column}"


def versioned(document: str, sha256: str) -> str:
    """``{document}@{first 12 of sha256}``: one version of a document."""
    return f"{document}@{sha256[:VERSION_LENGTH]}"


def parse_reference(identifier: str) -> DocumentReference | None:
    """Take apart an id that begins with a document id; None if it does not.

    ``110102-231002-2024-department-approved.expenditure.29.project`` gives the document, its
    jurisdiction, department and year, and ``expenditure.29.project`` as `rest`.
    """
    head, _, rest = identifier.partition(".")
    match = _DOCUMENT.fullmatch(head)
    if match is None:
        return None
    return DocumentReference(
        document=head.partition("@")[0],
        jurisdiction=match["jurisdiction"],
        department=department_id(match["jurisdiction"], match["department"]),
        fiscal_year=int(match["year"]),
        version=match["version"],
        rest=rest,
    )
