from __future__ import annotations

import pytest

from openbudget.budget.document import DocumentIdentity
from openbudget.budget.identifiers import document_id, parse_reference, versioned
from openbudget.budget.vocabulary import Phase, Scope

IDENTITY = DocumentIdentity("110102", "231002", 2024, Scope.DEPARTMENT, Phase.APPROVED, "t", "p")
DOCUMENT = "110102-231002-2024-department-approved"


def test_document_id_is_made_of_published_facts() -> None:
    assert document_id(IDENTITY) == DOCUMENT


def test_a_line_id_says_which_document_it_is_in() -> None:
    reference = parse_reference(f"{DOCUMENT}.expenditure.29.project")
    assert reference is not None
    assert reference._asdict() == {
        "document": DOCUMENT,
        "jurisdiction": "110102",
        "department": "110102-231002",
        "fiscal_year": 2024,
        "version": None,
        "rest": "expenditure.29.project",
    }


def test_a_version_is_named_by_its_hash() -> None:
    reference = parse_reference(versioned(DOCUMENT, "a" * 64))
    assert reference is not None
    assert (reference.document, reference.version) == (DOCUMENT, "a" * 12)


@pytest.mark.parametrize("text", ["", "x", "110102-231002", f"{DOCUMENT}@xyz", f"{DOCUMENT}x"])
def test_other_texts_are_no_document(text: str) -> None:
    assert parse_reference(text) is None
