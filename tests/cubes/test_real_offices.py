"""The first document and every published one together: nothing is counted twice unasked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.cubes.asking import Cubes

OFFICE = "310107-nbzypml4u3v"
TOTAL = Decimal("91016775.35")


@pytest.mark.parametrize("drilldown", [None, "department", "function_1", "department|fiscal_year"])
def test_department_and_unit_of_one_office_are_never_summed_unasked(
    real: Cubes, drilldown: str | None
) -> None:
    for cube in ("expenditure", "general_public_budget_expenditure", "revenue"):
        query = {"drilldown": drilldown, "cut": f"department:{OFFICE}"}
        (error,) = real.refused(f"{cube}/aggregate", **query)
        assert error["detail"] == (
            "the lines have several values of scope, and the budget of a department (部门) holds "
            "those of its units (单位)"
        )
        ways = ['cut=scope:"department"', 'cut=scope:"unit"', "drilldown=scope", "sum_across=scope"]
        assert error["allowed"] == ways
        assert error["hint"].startswith(f"Add {ways[0]}")


def test_the_ways_out_give_what_each_document_prints(real: Cubes) -> None:
    path, cut = "expenditure/aggregate", f"department:{OFFICE}"
    for scope in ("department", "unit"):
        found = real.ask(path, cut=f'{cut}|scope:"{scope}"')
        assert found["summary"]["amount.sum"] == TOTAL
    both = real.ask(path, cut=cut, drilldown="scope")
    assert [cell["amount.sum"] for cell in both["cells"]] == [TOTAL, TOTAL]
    assert both["summary"]["amount.sum"] is None
    assert both["warnings"][0]["code"] == "summary_not_additive"
    twice = real.ask(path, cut=cut, sum_across="scope")
    assert twice["summary"]["amount.sum"] == 2 * TOTAL


def test_all_offices_together_are_refused_for_every_reason_there_is(real: Cubes) -> None:
    errors = real.refused("expenditure/aggregate")
    names = [error["allowed"][-1] for error in errors]
    assert names == ["sum_across=fiscal_year", "sum_across=scope", "sum_across=phase"]
    assert errors[0]["allowed"][:2] == ['cut=fiscal_year:"2024"', 'cut=fiscal_year:"2025"']
    assert len(real.refused("revenue_and_expenditure/aggregate")) == 4
    cut = "fiscal_year:2025|scope:department|phase:approved"
    found = real.ask("expenditure/aggregate", cut=cut, drilldown="department")
    amounts = {cell["department.id"]: cell["amount.sum"] for cell in found["cells"]}
    assert amounts[OFFICE] == TOTAL
    assert sum(amounts.values()) == found["summary"]["amount.sum"]


def test_a_budget_beside_its_final_accounts_is_not_summed(real: Cubes) -> None:
    cut = 'document:"310107-ntptakbwp3j-2024-department-executed"'
    (error,) = real.refused("three_public_expenses/aggregate", cut=cut)
    assert error["allowed"][:2] == ['cut=phase:"approved"', 'cut=phase:"executed"']
    found = real.ask("three_public_expenses/aggregate", cut=f"{cut}|period:own")
    assert found["summary"]["amount.sum"] == Decimal("3900.00")


def test_agency_operation_is_not_summed_with_the_three_public_expenses(real: Cubes) -> None:
    cut = f"department:{OFFICE}|scope:unit"
    (error,) = real.refused("three_public_expenses/aggregate", cut=cut)
    assert error["allowed"][:2] == [
        'cut=item_group:"agency_operation"',
        'cut=item_group:"three_public_expenses"',
    ]
    found = real.ask("three_public_expenses/aggregate", cut=cut, drilldown="item_group")
    amounts = {cell["item_group.code"]: cell["amount.sum"] for cell in found["cells"]}
    assert amounts == {
        "agency_operation": Decimal("2132800.00"),
        "three_public_expenses": Decimal("8675000.00"),
    }


def test_revenue_is_not_summed_with_expenditure(real: Cubes) -> None:
    cut = f"department:{OFFICE}|scope:unit"
    (error,) = real.refused("revenue_and_expenditure/aggregate", cut=cut)
    assert error["allowed"][:2] == ['cut=direction:"expenditure"', 'cut=direction:"revenue"']
    found = real.ask("revenue_and_expenditure/aggregate", cut=cut, drilldown="direction")
    assert [cell["amount.sum"] for cell in found["cells"]] == [TOTAL, TOTAL]
