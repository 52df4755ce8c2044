"""What is announced and not given."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from openbudget.budget.claim import Claim
from openbudget.budget.document import BudgetDocument
from openbudget.budget.table import PrintedText
from openbudget.budget.vocabulary import TableKind
from openbudget.loading.seed import Seed
from tests.checks.applying import apply, operands, the_only, with_table


def with_claim(document: BudgetDocument, number: int, **changes: object) -> BudgetDocument:
    claims = [
        replace(claim, **changes) if claim.number == number else claim for claim in document.claims
    ]
    return replace(document, claims=tuple(claims))


def claim_at(document: BudgetDocument, line: int, measure: str, year: int) -> Claim:
    return next(
        own
        for own in document.claims
        if (own.place.anchor.line, own.measure, own.fiscal_year) == (line, measure, year)
    )


def test_an_amount_is_announced_and_not_given(first_document: BudgetDocument, seed: Seed) -> None:
    finding = the_only("amount-missing", first_document, seed.lists)
    assert finding.id == "findings.amount-missing.claims.2"
    assert finding.severity.value == "warning"
    assert (finding.printed_fen, finding.computed_fen) == (None, 1009286396)
    assert operands(finding) == [
        ("subject", "元", 15),
        ("evidence", "1009.286396", 207),
        ("evidence", "1009.286396", 252),
        ("evidence", "1009.286396 ", 613),
        ("evidence", "1009.286396", 890),
        ("evidence", "1009.286396", 892),
        ("evidence", "1009.286396", 1010),
        ("evidence", "1009.286396", 1758),
    ]
    assert finding.message.zh == (
        "文字说明“2024年收入预算元,其中:一般公共预算财政拨款10,092,863.96元”中应有的金额没有写出。"
        "各表有 7 处印出该数据，为 10,092,863.96 元。"
    )
    assert finding.message.en == (
        "The narrative announces an amount and does not give it: "
        "“2024年收入预算元,其中:一般公共预算财政拨款10,092,863.96元”. "
        "In 7 places the tables give it as 10,092,863.96 yuan."
    )


def test_amounts_that_are_given_agree(first_document: BudgetDocument, seed: Seed) -> None:
    promised = claim_at(first_document, 15, "revenue", 2024)
    mended = with_claim(
        first_document, promised.number, figure=Decimal("10092863.96"), fen=1009286396
    )
    assert apply("amount-missing", mended, seed.lists).findings == []
    other = with_claim(first_document, promised.number, measure=None)
    finding = the_only("amount-missing", other, seed.lists)
    assert (finding.computed_fen, len(finding.operands)) == (None, 1)
    assert finding.message.en.endswith("元”.")


def test_a_figure_has_no_unit(first_document: BudgetDocument, seed: Seed) -> None:
    finding = the_only("unit-missing", first_document, seed.lists)
    assert finding.severity.value == "info"
    assert operands(finding) == [("subject", "9,306,987.96", 15), ("evidence", "785,876元", 15)]
    assert finding.message.zh == (
        "文字说明“比2023年收入预算9,306,987.96增长785,876元,增长8.4%”中的数字 "
        "9,306,987.96 没有单位。"
    )
    last_year = claim_at(first_document, 15, "revenue", 2023)
    mended = with_claim(first_document, last_year.number, unit="元", fen=930698796)
    told = apply("unit-missing", mended, seed.lists)
    assert (told.findings, told.skipped) == ([], [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("与2023年预算持平，主要原因是。其中：公务用车购置费0元。", 1),
        ("与2023年预算持平，主要原因是：", 1),
        ("与2023年预算持平，主要原因是无此项支出。", 0),
        ("主要原因为：案件数增长，预算有所增加。", 0),
    ],
)
def test_a_reason_is_announced(
    text: str, found: int, first_document: BudgetDocument, seed: Seed
) -> None:
    section = first_document.sections[-1]
    assert section.heading is not None
    last = replace(section, paragraphs=(PrintedText(text, section.heading.place),))
    changed = replace(first_document, sections=(*first_document.sections[:-1], last))
    told = apply("reason-missing", changed, seed.lists)
    assert len(told.findings) == found


def test_indicators_without_a_number(first_document: BudgetDocument, seed: Seed) -> None:
    project, department = apply("indicator-without-value", first_document, seed.lists).findings
    assert project.id == "findings.indicator-without-value.performance-targets.1"
    assert operands(project) == [
        ("subject", None, 1538),
        ("subject", "因每件案件挽回经济利益不同，总体经济效益指标不可估算", 1668),
    ]
    assert project.items == (
        "performance-targets.1.indicators.4",
        "performance-targets.1.indicators.9",
    )
    assert project.message.zh == (
        "《项目支出绩效目标申报表》有 2 个指标没有可衡量的数值：质量指标、效益指标·经济效益指标。"
    )
    assert [own[2] for own in operands(department)] == [1806, 1813, 1827]
    assert department.message.zh == (
        "《预算14表 部门整体支出绩效目标申报表》有 3 个指标没有可衡量的数值："
        "质量指标、经济效益指标、可持续影响指标。"
    )


def test_indicators_with_numbers_agree(first_document: BudgetDocument, seed: Seed) -> None:
    targets = tuple(
        replace(own, indicators=tuple(i for i in own.indicators if i.quantities))
        for own in first_document.targets
    )
    mended = replace(first_document, targets=targets)
    assert apply("indicator-without-value", mended, seed.lists) == ([], 15, [])
    none = replace(first_document, targets=())
    reason = "there is no performance form"
    assert apply("indicator-without-value", none, seed.lists) == ([], 0, [reason])


def test_a_column_is_blank_beside_its_whole(first_document: BudgetDocument, seed: Seed) -> None:
    finding = the_only("column-blank", first_document, seed.lists)
    assert operands(finding) == [
        ("subject", "", 935),
        ("subject", "", 995),
        ("subject", "", 1015),
        ("counterpart", "692.2648", 934),
        ("counterpart", "2.351038", 994),
        ("counterpart", "694.615838", 1014),
    ]
    places = [own.place for own in finding.operands if own.role.value == "subject"]
    assert [(p and p.row, p and p.column) for p in places] == [(6, 9), (12, 9), (14, 9)]
    assert finding.message.zh == (
        "《预算06表 一般公共预算财政拨款支出表》的“项目支出·项目支出总数”有 3 行印有金额，"
        "而“项目支出·扣除基建项目后预算数”全部为空。"
    )


def test_a_filled_column_agrees(first_document: BudgetDocument, seed: Seed) -> None:
    table = next(
        own for own in first_document.tables if own.key == "general_public_budget_expenditure"
    )
    whole = [line for line in table.lines if line.column == "project"]
    column = "project_without_capital_construction"
    filled = (*table.lines, *(replace(line, column=column) for line in whole))
    mended = with_table(first_document, table.key, lambda own: replace(own, lines=filled))
    assert apply("column-blank", mended, seed.lists) == ([], 1, [])


def test_a_table_is_not_there(first_document: BudgetDocument, seed: Seed) -> None:
    assert apply("table-absent", first_document, seed.lists) == ([], 14, [])
    absent = (TableKind.GOVERNMENT_FUND_BUDGET_EXPENDITURE, TableKind.TRANSFER_PAYMENTS)
    left = tuple(own for own in first_document.tables if own.kind not in absent)
    changed = replace(first_document, tables=left)
    finding = the_only("table-absent", changed, seed.lists)
    assert finding.message.zh == (
        "文件中没有找到应有的表：《政府性基金预算财政拨款支出表》、《上级转移支付表》。"
    )
    single = replace(first_document, tables=first_document.tables[:1])
    told = apply("table-absent", single, seed.lists)
    assert (told.findings, told.passed, len(told.skipped)) == ([], 0, 1)


def test_zero_in_the_text_is_blank_in_the_table(first_document: BudgetDocument, seed: Seed) -> None:
    finding = the_only("zero-left-blank", first_document, seed.lists)
    assert operands(finding) == [("subject", "0元", 37), ("counterpart", None, 1288)]
    assert finding.message.zh == (
        "文字说明中“2024年‘三公’经费一般公共预算”为 0元，"
        "而《预算10表 一般公共预算“三公”经费支出情况表》为空表。"
    )
    printed = with_table(
        first_document, "three_public_expenses", lambda own: replace(own, empty=False)
    )
    assert apply("zero-left-blank", printed, seed.lists) == ([], 1, [])
