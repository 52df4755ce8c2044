"""Codes and names: against the list, against the rows around them, and in former years."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbudget.budget.document import BudgetDocument
from openbudget.budget.table import BudgetLine
from openbudget.loading.seed import Seed
from tests.checks.applying import apply, operands, the_only, with_code, with_lines

CODE_RULES = (
    "code-unknown",
    "code-name",
    "code-of-another-name",
    "code-own-numbering",
    "code-pattern",
    "code-form",
)


def test_the_first_document_prints_50999_with_a_longer_name(
    first_document: BudgetDocument, seed: Seed
) -> None:
    finding = the_only("code-name", first_document, seed.lists)
    assert finding.id == "findings.code-name.government-economic.50999"
    assert finding.severity.value == "info"
    assert operands(finding) == [
        ("subject", "50999-其他对个人和家庭的补助", 341),
        ("subject", "50999-其他对个人和家庭的补助", 1066),
        ("counterpart", "50999 其他对个人和家庭补助", None),
    ]
    assert finding.items == (
        "expenditure.5.total",
        "general_public_budget_basic_expenditure.5.total",
    )
    assert finding.message.zh == (
        "《预算03表 支出预算总表》、《预算07表 一般公共预算财政拨款基本支出表》印出的科目名称与"
        "《政府预算支出经济分类科目》列表不同："
        "“50999 其他对个人和家庭的补助”（列表为“50999 其他对个人和家庭补助”）。"
    )
    assert finding.message.en == (
        "In the expenditure table (预算03表 支出预算总表) and the basic expenditure table "
        "(预算07表 一般公共预算财政拨款基本支出表) a code is printed with another name than the "
        "list of codes has (Economic classification of government expenditure): "
        "“50999 其他对个人和家庭的补助” (in the list: “50999 其他对个人和家庭补助”)."
    )


@pytest.mark.parametrize("rule", [rule for rule in CODE_RULES if rule != "code-name"])
def test_the_other_codes_of_the_first_document_agree(
    rule: str, first_document: BudgetDocument, seed: Seed
) -> None:
    told = apply(rule, first_document, seed.lists)
    assert (told.findings, told.skipped) == ([], [])
    assert told.passed == 200


def test_a_table_that_prints_the_lowest_codes_only_has_no_levels(
    first_document: BudgetDocument, seed: Seed
) -> None:
    told = apply("code-parent", first_document, seed.lists)
    assert told == ([], 0, ["no table prints the codes above its codes"])


def test_a_code_that_the_list_does_not_have_is_worth_a_look(
    first_document: BudgetDocument, seed: Seed
) -> None:
    changed = with_code(first_document, "expenditure", 13, "function", "2040697", "试点支出")
    finding = the_only("code-unknown", changed, seed.lists)
    assert finding.severity.value == "info"
    assert operands(finding) == [("subject", "2040697-试点支出", 420)]
    assert finding.message.zh == (
        "《预算03表 支出预算总表》中的科目“2040697 试点支出”不在本项目所用的"
        "《支出功能分类科目》列表中；该列表并不完整，此项仅供核对。"
    )


def test_a_name_that_the_list_has_under_another_code_tells_of_a_misprint(
    first_document: BudgetDocument, seed: Seed
) -> None:
    changed = with_code(first_document, "expenditure", 26, "department_economic", "30207", "水费")
    finding = the_only("code-of-another-name", changed, seed.lists)
    assert finding.severity.value == "warning"
    assert operands(finding) == [
        ("subject", "30207-水费", 552),
        ("counterpart", "30205 水费", None),
    ]
    assert finding.message.en == (
        "In the expenditure table (预算03表 支出预算总表) a code is printed with a name that the "
        "list of codes has under another code (Economic classification of departmental "
        "expenditure): “30207 水费” (in the list: “30205 水费”)."
    )
    assert apply("code-name", changed, seed.lists).findings[0].id.endswith("50999")


def test_more_than_three_such_names_are_a_numbering_of_its_own(
    first_document: BudgetDocument, seed: Seed
) -> None:
    changed = first_document
    for ordinal, code, label in (
        (15, "30205", "电费"),
        (17, "30206", "邮电费"),
        (18, "30207", "培训费"),
        (26, "30203", "水费"),
    ):
        changed = with_code(changed, "expenditure", ordinal, "department_economic", code, label)
    finding = the_only("code-own-numbering", changed, seed.lists)
    assert apply("code-of-another-name", changed, seed.lists).findings == []
    assert finding.message.zh == (
        "《预算03表 支出预算总表》中 302 之下有 4 个科目的编码和名称与"
        "《部门预算支出经济分类科目》列表不符，该表看来使用了自编的编码："
        "“30203 水费”（列表为“30205 水费”）、“30205 电费”（列表为“30206 电费”）、"
        "“30206 邮电费”（列表为“30207 邮电费”）等4个科目。"
    )


def test_a_code_of_six_digits_has_lost_one(first_document: BudgetDocument, seed: Seed) -> None:
    changed = with_code(first_document, "expenditure", 10, "function", "208505")
    finding = the_only("code-form", changed, seed.lists)
    assert finding.severity.value == "warning"
    assert operands(finding) == [("subject", "208505-机关事业单位基本养老保险缴费支出", 390)]
    assert apply("code-unknown", changed, seed.lists).findings == []


def with_printed(document: BudgetDocument, ordinal: int, code: str, printed: str) -> BudgetDocument:
    def change(line: BudgetLine) -> BudgetLine:
        if line.ordinal != ordinal or line.function is None:
            return line
        return replace(line, function=replace(line.function, code=code, printed=printed))

    return with_lines(document, "expenditure", change)


def test_a_cell_of_one_digit_has_lost_its_zero(first_document: BudgetDocument, seed: Seed) -> None:
    changed = with_printed(first_document, 10, "20855", "208|5|5")
    finding = the_only("code-form", changed, seed.lists)
    assert finding.operands[0].text == "208|5|5"


def test_a_code_breaks_the_pattern_of_the_row_above(
    first_document: BudgetDocument, seed: Seed
) -> None:
    changed = with_printed(first_document, 9, "2101101", "210|11|01")
    changed = with_printed(changed, 10, "71102", "7|11|02")
    finding = the_only("code-pattern", changed, seed.lists)
    assert operands(finding) == [("subject", "7|11|02", 390), ("evidence", "210|11|01", 380)]
    assert finding.message.zh == (
        "《预算03表 支出预算总表》中有科目印为“7|11|02”，而上一行是“210|11|01”；"
        "据上下行应为“2101102 机关事业单位基本养老保险缴费支出”。"
    )


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="0123456789", min_size=1, max_size=9))
def test_every_code_is_said_to_be_wrong_in_one_way_at_most(
    first_document: BudgetDocument, seed: Seed, code: str
) -> None:
    changed = with_code(first_document, "expenditure", 10, "function", code)
    told = [
        rule
        for rule in CODE_RULES
        for finding in apply(rule, changed, seed.lists).findings
        if "expenditure.10.total" in finding.items
    ]
    assert len(told) == (0 if code == "2080505" else 1)
