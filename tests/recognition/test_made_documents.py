"""Documents made for tests, in layouts of which no published document was at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.budget.vocabulary import Phase, TableKind
from openbudget.loading.pipeline import KnownIdentity, read_file
from openbudget.loading.seed import Seed
from tests import golden_facts
from tests.conftest import GOLDEN, ROOT
from tests.made.make import documents, page

FOLDER = ROOT / "tests" / "made"
# Ministries are of no division of GB/T 2260: their place has to be named.
KNOWN = {"central-ministry": KnownIdentity(jurisdiction="100000")}
NAMES = sorted(path.stem for path in FOLDER.glob("*.html"))


def read(name: str, seed: Seed) -> BudgetDocument:
    return read_file(FOLDER / f"{name}.html", seed, known=KNOWN.get(name)).document


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_document_is_read(name: str, seed: Seed) -> None:
    document = read(name, seed)
    assert document.coverage.unmapped == ()
    assert len(document.tables) == len(documents()[name][1])
    assert all(table.layout for table in document.tables)


@pytest.mark.parametrize("name", NAMES)
def test_facts_equal_the_golden_file(name: str, seed: Seed, request: pytest.FixtureRequest) -> None:
    update = bool(request.config.getoption("--update-golden"))
    facts = {"made": True, **golden_facts.facts(read(name, seed))}
    golden_facts.check(facts, GOLDEN / f"made-{name}" / "facts.json", update)


@pytest.mark.parametrize("name", NAMES)
def test_files_are_as_the_script_makes_them(name: str) -> None:
    made = page(*documents()[name])
    assert Path(FOLDER / f"{name}.html").read_text(encoding="utf-8") == made


def test_periods_come_from_the_columns_of_a_ministry(seed: Seed) -> None:
    document = read("central-ministry", seed)
    table = next(
        t for t in document.tables if t.kind is TableKind.GENERAL_PUBLIC_BUDGET_EXPENDITURE
    )
    periods = {(line.column, line.fiscal_year, line.phase) for line in table.lines}
    assert periods == {
        ("executed", 2023, Phase.EXECUTED),
        ("total", 2024, Phase.APPROVED),
        ("basic", 2024, Phase.APPROVED),
        ("project", 2024, Phase.APPROVED),
    }


def test_carryover_items_are_known_by_what_stands_above_them(seed: Seed) -> None:
    document = read("central-ministry", seed)
    table = next(t for t in document.tables if t.kind is TableKind.FISCAL_APPROPRIATION)
    found = [
        (line.item_key, line.carryover, line.funding_source, line.role, line.amount.text)
        for line in table.lines
        if line.column == "revenue"
    ]
    assert found == [
        ("current_year", None, None, "subtotal", "95.00"),
        ("general_public_budget", None, "general_public_budget", "leaf", "95.00"),
        ("opening_carryover", "opening", None, "subtotal", "2.00"),
        ("opening_general_public_budget", "opening", "general_public_budget", "leaf", "2.00"),
        (None, None, None, "total", "97.00"),
    ]


def test_counts_and_percentages_are_no_lines(seed: Seed) -> None:
    document = read("beijing-a1", seed)
    table = next(t for t in document.tables if t.kind is TableKind.THREE_PUBLIC_EXPENSES)
    assert {line.column for line in table.lines} == {"previous_budget", "budget"}
    assert {line.item.text for line in table.lines if line.item} == {
        "合计",
        "2.公务接待费",
        "3.公务用车购置及运行维护费",
        "公务用车运行维护费",
    }
    used = [c.text for row in table.rows for c in row.cells if c.use == "used"]
    assert {"-16.67%", "10", "厉行节约"} <= set(used)
