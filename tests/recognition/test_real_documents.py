"""Documents as they were published: every figure known of them, and what their reading gives.

The files are not ours to keep. They are looked for in `OPENBUDGET_SHARED`, or in the folder
`shared` beside the repository; what is kept of them are facts.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.budget.table import BudgetLine, BudgetTable
from openbudget.budget.vocabulary import Phase, Role, Scope
from openbudget.errors import BlankFormError, UnreadableFileError
from openbudget.loading.pipeline import read_file
from openbudget.loading.seed import Seed
from tests import golden_facts
from tests.conftest import GOLDEN, ROOT

FOLDER = Path(os.environ.get("OPENBUDGET_SHARED", ROOT.parent / "shared")) / "documents"
OFFICE = "sh_putuo_gov_office_budget"
COMMERCE = "sh_putuo_commerce_budget"
WANLI = "sh_putuo_wanli_street_budget_dept_2025"
WELFARE = "sh_putuo_welfare_home_budget_unit_2024"
PLANNING = "sh_putuo_planning_final_dept_2024"
BUDGETS = (
    f"{OFFICE}_dept_2025",
    f"{OFFICE}_unit_2025",
    f"{COMMERCE}_dept_2025",
    f"{COMMERCE}_unit_2025",
    WANLI,
    WELFARE,
)

Read = Callable[[str], BudgetDocument]


def published(name: str) -> Path:
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not there")
    return path


@pytest.fixture(scope="session")
def read(seed: Seed) -> Read:
    @cache
    def reading(name: str) -> BudgetDocument:
        return read_file(published(f"{name}.pdf"), seed).document

    return reading


def table(document: BudgetDocument, key: str) -> BudgetTable:
    return next(found for found in document.tables if found.key == key)


def totals(document: BudgetDocument, key: str) -> dict[str, Decimal]:
    lines = [line for line in table(document, key).lines if line.role is Role.TOTAL]
    return {line.column: yuan(line) for line in lines}


def yuan(line: BudgetLine) -> Decimal:
    assert line.amount.fen is not None
    return Decimal(line.amount.fen).scaleb(-2)


def items(document: BudgetDocument, phase: Phase) -> dict[str, Decimal]:
    """Give the 三公 items in 万元."""
    lines = table(document, "three_public_expenses").lines
    return {line.item_key or "": yuan(line) / 10_000 for line in lines if line.phase is phase}


@pytest.mark.parametrize("name", [*BUDGETS, PLANNING])
def test_facts_equal_the_golden_file(read: Read, name: str, request: pytest.FixtureRequest) -> None:
    update = bool(request.config.getoption("--update-golden"))
    golden_facts.check(golden_facts.facts(read(name)), GOLDEN / name / "facts.json", update)


@pytest.mark.parametrize("name", [*BUDGETS, PLANNING])
def test_nothing_is_left_unread(read: Read, name: str) -> None:
    document = read(name)
    assert len(document.tables) == 9
    assert document.coverage.unmapped == ()
    assert all(table.layout and table.unit for table in document.tables)


class Known(NamedTuple):
    """What the folder says of a budget: 元, and 万元 for the last two."""

    total: str
    basic: str
    project: str
    rows: int
    economic_rows: int
    public: str
    agency: str


KNOWN = {
    OFFICE: Known("91016775.35", "24606775.35", "66410000.00", 20, 29, "867.50", "213.28"),
    COMMERCE: Known("371514655.00", "19830655.00", "351684000.00", 30, 30, "1.00", "171.01"),
    WANLI: Known("189767551", "101341746", "88425805", 66, 31, "37.91", "464.64"),
    WELFARE: Known("12121164", "9501164", "2620000", 14, 26, "6.4", "0"),
}


@pytest.mark.parametrize("name", BUDGETS)
def test_the_known_figures_of_a_budget(read: Read, name: str) -> None:
    known = next(figures for start, figures in KNOWN.items() if name.startswith(start))
    document = read(name)
    total = Decimal(known.total)
    both_sides = totals(document, "revenue_and_expenditure")
    assert (both_sides["revenue"], both_sides["expenditure"]) == (total, total)
    assert totals(document, "revenue")["total"] == total
    assert totals(document, "expenditure") == {
        "total": total,
        "basic": Decimal(known.basic),
        "project": Decimal(known.project),
    }
    found = golden_facts.facts(document)["tables"]
    for key in ("revenue", "expenditure", "general_public_budget_expenditure"):
        assert found[key]["coded_rows"] == known.rows
    basic = "general_public_budget_basic_expenditure"
    assert found[basic]["coded_rows"] == known.economic_rows
    assert totals(document, basic)["total"] == Decimal(known.basic)
    three = items(document, Phase.APPROVED)
    assert three["three_public_expenses"] == Decimal(known.public)
    assert three["agency_operation"] == Decimal(known.agency)


def test_the_appropriation_is_parted_from_own_income(read: Read) -> None:
    found = totals(read(WELFARE), "revenue")
    assert found["fiscal_appropriation"] == Decimal("9501164.00")
    assert found["public_service_revenue"] == Decimal("2620000.00")


def test_the_known_figures_of_final_accounts(read: Read) -> None:
    document = read(PLANNING)
    both_sides = totals(document, "revenue_and_expenditure")
    assert both_sides == {"revenue": Decimal(98593800), "expenditure": Decimal(98593800)}
    assert totals(document, "expenditure") == {
        "total": Decimal(97593800),
        "basic": Decimal(53776400),
        "project": Decimal(43817400),
    }
    assert items(document, Phase.APPROVED)["three_public_expenses"] == Decimal("2.85")
    assert items(document, Phase.EXECUTED)["three_public_expenses"] == Decimal("0.39")


@pytest.mark.parametrize("name", [*BUDGETS, PLANNING])
def test_leaves_of_an_expenditure_table_add_up_to_its_total(read: Read, name: str) -> None:
    found = golden_facts.facts(read(name))["tables"]["expenditure"]
    assert {"basic": "0.00", **found["leaf_sums"]} == {
        column: amount for column, amount in found["totals"].items() if column != "total"
    }


def test_units_belong_to_tables(read: Read) -> None:
    units = [t.unit.text for t in read(f"{OFFICE}_dept_2025").tables if t.unit]
    assert units == ["元"] * 8 + ["万元"]


def test_department_and_unit_of_one_office_are_two_documents(read: Read) -> None:
    both = [read(f"{OFFICE}_{scope}_2025").identity for scope in ("dept", "unit")]
    assert [identity.scope for identity in both] == [Scope.DEPARTMENT, Scope.UNIT]
    assert {(identity.jurisdiction, identity.department) for identity in both} == {
        ("310107", "nbzypml4u3v")
    }


def test_a_misprinted_code_is_kept(read: Read) -> None:
    for key in ("expenditure", "general_public_budget_expenditure"):
        lines = [line for line in table(read(WELFARE), key).lines if line.function]
        found = {
            (line.function.code, line.function.printed, line.function.label, line.role)
            for line in lines
            if line.function and (line.function.code or "").startswith("7")
        }
        assert found == {
            ("71102", "7|11|02", "事业单位医疗", Role.LEAF),
            ("71102", "7|11|02", "事业单位医疗", Role.SUBTOTAL),
        }
    assert "71102" not in golden_facts.facts(read(WELFARE))["tables"]["revenue"]["codes"]


def test_a_former_name_is_kept_and_has_no_code(read: Read) -> None:
    (line,) = (
        line
        for line in table(read(WELFARE), "revenue_and_expenditure").lines
        if line.column == "expenditure" and line.item and "计划生育" in line.item.text
    )
    assert line.item is not None
    assert (line.item.text, line.function) == ("三、医疗卫生与计划生育支出", None)


def test_codes_that_an_office_numbered_itself_are_kept(read: Read) -> None:
    """The welfare home counts its goods and services through, whatever the classification says."""
    lines = table(read(WELFARE), "general_public_budget_basic_expenditure").lines
    found = {c.code: c.label for line in lines if (c := line.department_economic)}
    assert (found["30206"], found["30210"]) == ("办公设备购置费", "车辆运行费")
    assert found["30301"] == "退休费"


def test_final_accounts_that_do_not_add_up_are_kept(read: Read) -> None:
    """Goods and services are 440.90, their parts 440.88; people 4884.09, their parts 4884.10."""
    basic = "general_public_budget_basic_expenditure"
    found = golden_facts.facts(read(PLANNING))["tables"][basic]
    assert found["totals"] == {"operating": "4806600.00", "personnel": "48840900.00"}
    assert found["leaf_sums"] == {"operating": "4806400.00", "personnel": "48841000.00"}


def test_subtotals_that_do_not_add_up_are_kept(read: Read) -> None:
    """Two subtotals of the street office are 1 元 off their rows."""
    lines = [line for line in table(read(WANLI), "expenditure").lines if line.function]
    printed = {
        (line.function.code, line.column): line.amount.text.strip()
        for line in lines
        if line.function
    }
    assert printed["212", "total"] == "154,369,326"
    assert (printed["21201", "total"], printed["21201", "project"]) == ("94,995,790", "17,614,243")
    assert printed["212", "project"] == "76,987,780"


@pytest.mark.parametrize(
    "name",
    [
        "sh_final_dept_2024_BLANK_FORM.pdf",
        "sh_putuo_budget_dept_2026_BLANK_FORM.xlsx",
        "sh_putuo_budget_unit_2026_BLANK_FORM.xls",
        "sh_putuo_budget_unit_2026_BLANK_FORM.xlsx",
    ],
)
def test_a_blank_form_is_no_budget_of_zero(seed: Seed, name: str) -> None:
    with pytest.raises(BlankFormError, match="a blank form: its tables hold no figures"):
        read_file(published(name), seed)


def test_tables_that_are_pictures_are_said_to_be(seed: Seed) -> None:
    with pytest.raises(UnreadableFileError, match="the tables of this page are pictures"):
        read_file(published("cq_transport_budget_dept_2018.html"), seed)
