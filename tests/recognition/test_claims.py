"""Claims: what the narrative says in figures, as data with its sentence."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal

import pytest

from openbudget.budget.claim import ClaimKind
from openbudget.budget.document import BudgetDocument
from tests import claim_facts
from tests.claim_facts import UNEXPLAINED
from tests.conftest import GOLDEN
from tests.recognition.test_real_documents import BUDGETS, PLANNING, Read, read

__all__ = ["read"]

FIGURES_BY_LINE = {
    11: 1,
    15: 5,
    19: 2,
    21: 2,
    33: 1,
    37: 1,
    43: 4,
    50: 1,
    54: 5,
    55: 6,
}
NONE_LINES = [45, 48, 52]


def test_the_first_document_has_its_claims(first_document: BudgetDocument) -> None:
    stated = [c for c in first_document.claims if c.kind is not ClaimKind.NONE]
    assert len(stated) == 28
    assert Counter(claim.place.anchor.line for claim in stated) == FIGURES_BY_LINE
    none = [c for c in first_document.claims if c.kind is ClaimKind.NONE]
    assert [claim.place.anchor.line for claim in none] == NONE_LINES
    assert [claim.measure for claim in none] == [
        "government_procurement",
        "government_service_procurement",
        "state_capital_operations_budget",
    ]


def test_an_amount_that_is_promised_and_one_without_a_unit(first_document: BudgetDocument) -> None:
    promised, appropriation, last_year, growth, rate = (
        c for c in first_document.claims if c.place.anchor.line == 15
    )
    assert (promised.measure, promised.figure, promised.unit) == ("revenue", None, "元")
    assert (promised.fiscal_year, promised.fen, promised.text) == (2024, None, "元")
    assert (appropriation.measure, appropriation.fen) == ("general_public_budget", 1009286396)
    assert (last_year.measure, last_year.fiscal_year) == ("revenue", 2023)
    assert (last_year.figure, last_year.unit, last_year.fen) == (Decimal("9306987.96"), None, None)
    assert (growth.fen, rate.figure, rate.unit) == (78587600, Decimal("8.4"), "%")
    for claim in (growth, rate):
        assert (claim.kind, claim.fiscal_year, claim.base_year) == (ClaimKind.GROWTH, 2024, 2023)
        assert (claim.about, claim.base) == (promised.number, last_year.number)


def test_no_digit_of_the_first_document_is_lost(first_document: BudgetDocument) -> None:
    lost = [run for run, reason in claim_facts.digits(first_document) if reason == UNEXPLAINED]
    assert lost == []


def test_claims_of_the_first_document_equal_the_golden_file(
    first_document: BudgetDocument, request: pytest.FixtureRequest
) -> None:
    check("xicheng-legal-aid-center-2024", first_document, request)


@pytest.mark.parametrize("name", [*BUDGETS, PLANNING])
def test_claims_of_a_published_document_equal_the_golden_file(
    read: Read, name: str, request: pytest.FixtureRequest
) -> None:
    check(name, read(name), request)


@pytest.mark.parametrize("name", [*BUDGETS, PLANNING])
def test_no_digit_of_a_published_document_is_lost(read: Read, name: str) -> None:
    lost = [run for run, reason in claim_facts.digits(read(name)) if reason == UNEXPLAINED]
    assert lost == []


def check(name: str, document: BudgetDocument, request: pytest.FixtureRequest) -> None:
    path, found = GOLDEN / name / "claims.json", claim_facts.facts(document)
    if request.config.getoption("--update-golden"):
        path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert found == json.loads(path.read_text(encoding="utf-8"))
