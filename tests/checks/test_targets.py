"""Performance targets: their money, and what they promise."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import Finding
from openbudget.budget.money import State, parse_amount
from openbudget.budget.performance import PerformanceTarget
from openbudget.checks.engine import check_document
from openbudget.loading.seed import Seed
from tests.checks.applying import apply, operands, the_only


def with_amounts(document: BudgetDocument, number: int, amounts: dict[str, str]) -> BudgetDocument:
    """Print other annual amounts in a form."""

    def change(target: PerformanceTarget) -> PerformanceTarget:
        if target.number != number:
            return target
        money = tuple(
            replace(own, amount=parse_amount(amounts[own.item], "万元"))
            if own.item in amounts and own.period == "annual"
            else own
            for own in target.amounts
        )
        return replace(target, amounts=money)

    return replace(document, targets=tuple(map(change, document.targets)))


def with_value(document: BudgetDocument, target: int, indicator: int, value: int) -> BudgetDocument:
    """Promise another number in an indicator."""
    own = document.targets[target - 1]
    indicators = list(own.indicators)
    quantity = replace(indicators[indicator - 1].quantities[0], value=Decimal(value))
    indicators[indicator - 1] = replace(indicators[indicator - 1], quantities=(quantity,))
    targets = list(document.targets)
    targets[target - 1] = replace(own, indicators=tuple(indicators))
    return replace(document, targets=tuple(targets))


def test_the_total_of_the_department_is_not_basic_and_project(
    first_document: BudgetDocument, seed: Seed
) -> None:
    finding = the_only("target-parts", first_document, seed.lists)
    assert finding.id == "findings.target-parts.performance-targets.2"
    assert finding.severity.value == "error"
    assert (finding.printed_fen, finding.computed_fen, finding.difference_fen) == (
        1009286396,
        1010042396,
        -756000,
    )
    assert operands(finding) == [
        ("subject", "1009.286396", 1758),
        ("subject", "1009.286396", 1759),
        ("counterpart", None, None),
        ("evidence", "315.426558", 1760),
        ("evidence", "694.615838", 1761),
    ]
    assert finding.message.zh == (
        "整体绩效目标表“预算支出总额”、“财政拨款合计”均为 1,009.286396 万元，"
        "而整体绩效目标表“财政拨款基本支出”＋“财政拨款项目支出”为 1,010.042396 万元，"
        "前者少 0.756 万元。"
    )
    assert finding.message.en == (
        "“预算支出总额” and “财政拨款合计” in the department performance target are each "
        "10,092,863.96 yuan, but “财政拨款基本支出” + “财政拨款项目支出” in the department "
        "performance target is 10,100,423.96 yuan; the first is 7,560.00 yuan less."
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 10**9), st.integers(1, 10**9), st.sampled_from([-1, 0, 1]))
def test_a_form_that_adds_up_agrees_and_no_other(
    first_document: BudgetDocument, seed: Seed, basic: int, project: int, off: int
) -> None:
    def printed(fen: int) -> str:
        return f"{fen // 10**6}.{fen % 10**6:06}"

    amounts = {
        "total": printed(basic + project + off),
        "fiscal_appropriation": printed(basic + project + off),
        "fiscal_appropriation_basic": printed(basic),
        "fiscal_appropriation_project": printed(project),
    }
    findings = apply("target-parts", with_amounts(first_document, 2, amounts), seed.lists).findings
    assert [own.difference_fen for own in findings] == ([off] if off else [])
    assert all(own.within_rounding for own in findings)


def test_the_project_is_in_yuan_under_ten_thousand_yuan(
    first_document: BudgetDocument, seed: Seed
) -> None:
    finding = the_only("target-project-unit", first_document, seed.lists)
    assert finding.id == "findings.target-project-unit.performance-targets.1"
    assert (finding.family.value, finding.severity.value) == ("unit", "error")
    assert (finding.printed_fen, finding.computed_fen) == (4825000 * 10**6, 482500000)
    assert operands(finding) == [
        ("subject", "4825000", 1464),
        ("subject", "4825000", 1470),
        ("counterpart", "482.5", 686),
        ("evidence", "2380000元", 1593),
        ("evidence", "2445000元", 1602),
    ]
    assert [own.unit for own in finding.operands] == ["万元", "万元", "万元", "元", "元"]
    assert [own.item for own in finding.operands[2:]] == [
        "project_expenditure.2.total",
        "performance-targets.1.indicators.7",
        "performance-targets.1.indicators.8",
    ]
    assert finding.message.zh == (
        "项目绩效目标表“年度资金总额”、“其中：财政拨款”按印出的单位均为 "
        "4,825,000 万元，正好是《预算04表 项目支出表》项目“西城区法律援助补贴经费”"
        "（482.5 万元）的 10,000 倍，单位可能印错。该表成本指标之和为 4,825,000 元。"
    )
    assert finding.message.en.endswith(
        "(4,825,000.00 yuan): the unit may be wrong. "
        "The indicators of cost in the form add up to 4,825,000.00 yuan."
    )
    told = apply("target-project-money", first_document, seed.lists)
    assert (told.findings, told.passed, len(told.skipped)) == ([], 0, 1)


def test_the_factor_is_told_as_an_explanation(first_document: BudgetDocument, seed: Seed) -> None:
    report = check_document(first_document, seed.lists)
    found = [own for own in report.findings if own.rule == "target-project-unit"]
    assert [own.kind for own in found[0].explanations] == ["factor"]
    assert found[0].explanations[0].fen == 482500000


MENDED = {"total": "482.5", "fiscal_appropriation": "482.5"}


def test_a_project_in_its_unit_agrees(first_document: BudgetDocument, seed: Seed) -> None:
    mended = with_amounts(first_document, 1, MENDED)
    for rule in ("target-project-unit", "target-project-money", "target-cost"):
        assert apply(rule, mended, seed.lists) == ([], 1, [])


def test_another_amount_of_the_project(first_document: BudgetDocument, seed: Seed) -> None:
    changed = with_amounts(first_document, 1, {"total": "480", "fiscal_appropriation": "480"})
    finding = the_only("target-project-money", changed, seed.lists)
    assert (finding.severity.value, finding.difference_fen) == ("error", -2500000)
    assert finding.message.zh == (
        "项目绩效目标表“年度资金总额”为 480 万元，"
        "而《预算04表 项目支出表》项目“西城区法律援助补贴经费”为 482.5 万元，前者少 2.5 万元。"
    )
    smaller = with_amounts(first_document, 1, {"total": "0.04825"})
    assert "万分之一" in the_only("target-project-unit", smaller, seed.lists).message.zh


def test_costs_that_do_not_add_up(first_document: BudgetDocument, seed: Seed) -> None:
    assert apply("target-cost", first_document, seed.lists) == ([], 1, [])
    mended = with_amounts(first_document, 1, MENDED)
    finding = the_only("target-cost", with_value(mended, 1, 7, 2480000), seed.lists)
    assert (finding.severity.value, finding.difference_fen) == ("info", 10000000)
    assert [own[2] for own in operands(finding)] == [None, 1464, 686, 1593, 1602]


def test_two_forms_promise_another_satisfaction(first_document: BudgetDocument, seed: Seed) -> None:
    told = apply("target-twice", first_document, seed.lists)
    assert told.passed == 6
    (finding,) = told.findings
    assert finding.severity.value == "warning"
    assert operands(finding) == [
        ("subject", "预计12348热线咨询满意率超过90%", 1706),
        (
            "counterpart",
            "提高法律援助的针对性和实效性,力争使服务对象满意。2024年预计12348热线咨询满意率超过99%。",
            1835,
        ),
    ]
    assert finding.message.zh == (
        "“12348热线咨询满意率”在项目绩效目标表中为超过 90%，在整体绩效目标表中为超过 99%。"
    )
    assert finding.message.en == (
        "“12348热线咨询满意率” is over 90% in the project performance target and over 99% in the "
        "department performance target."
    )
    mended = with_value(first_document, 2, 7, 90)
    assert apply("target-twice", mended, seed.lists) == ([], 7, [])


def test_progress_adds_up_to_more_than_all(first_document: BudgetDocument, seed: Seed) -> None:
    finding = the_only("target-progress", first_document, seed.lists)
    assert finding.severity.value == "info"
    assert operands(finding) == [
        ("subject", "2024年1-6月预计完成案件补贴支出50%", 1566),
        ("subject", "2024年7-12月预计完成案件补贴支出100%", 1575),
    ]
    assert finding.message.zh == (
        "项目绩效目标表按时段约定的进度为 50%、100%，合计 150%；后一时段可能是累计数。"
    )
    mended = with_value(first_document, 1, 6, 50)
    assert apply("target-progress", mended, seed.lists) == ([], 1, [])


def test_as_many_forms_as_the_narrative_says(first_document: BudgetDocument, seed: Seed) -> None:
    assert apply("target-count", first_document, seed.lists) == ([], 1, [])
    claims = tuple(
        replace(own, figure=Decimal(2), text="2个")
        if own.measure == "projects_with_targets"
        else own
        for own in first_document.claims
    )
    finding: Finding = the_only("target-count", replace(first_document, claims=claims), seed.lists)
    assert operands(finding) == [("subject", "2个", 50), ("counterpart", "法律援助补贴经费", 1442)]
    assert finding.message.zh == (
        "文字说明写明填报绩效目标的项目为 2个，而文件附有 1 张项目绩效目标表。"
    )


def test_blank_money_is_not_compared(first_document: BudgetDocument, seed: Seed) -> None:
    blank = with_amounts(first_document, 1, {"total": "", "fiscal_appropriation": ""})
    states = {own.amount.state for own in blank.targets[0].amounts}
    assert states == {State.BLANK}
    told = apply("target-project-money", blank, seed.lists)
    assert (told.findings, told.passed, len(told.skipped)) == ([], 0, 1)
