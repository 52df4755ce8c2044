"""One thing under two names."""

from __future__ import annotations

from dataclasses import replace

from openbudget.budget.document import BudgetDocument
from openbudget.loading.seed import Seed
from tests.checks.applying import apply, operands, the_only, with_code, with_lines


def test_the_unit_has_two_names(first_document: BudgetDocument, seed: Seed) -> None:
    finding = the_only("unit-with-two-names", first_document, seed.lists)
    assert finding.id == "findings.unit-with-two-names.231002"
    assert operands(finding) == [
        ("subject", "西城区法律援助中心", 250),
        ("counterpart", "北京市西城区法律援助中心", 664),
    ]
    assert finding.message.zh == (
        "单位 231002 在文件中印有不同的名称：“西城区法律援助中心”、“北京市西城区法律援助中心”。"
    )
    assert finding.message.en == (
        "The budgetary unit 231002 is printed with different names: "
        "“西城区法律援助中心” and “北京市西城区法律援助中心”."
    )


def test_one_name_of_a_unit_agrees(first_document: BudgetDocument, seed: Seed) -> None:
    name = "北京市西城区法律援助中心"
    mended = with_lines(
        first_document,
        "revenue",
        lambda line: (
            replace(line, budgetary_unit=replace(line.budgetary_unit, label=name))
            if line.budgetary_unit
            else line
        ),
    )
    assert apply("unit-with-two-names", mended, seed.lists) == ([], 1, [])


def test_a_project_has_two_names(first_document: BudgetDocument, seed: Seed) -> None:
    finding = the_only("project-with-two-names", first_document, seed.lists)
    assert finding.items == ("performance-targets.1", "projects.2")
    assert operands(finding) == [
        ("subject", "法律援助补贴经费", 1442),
        ("counterpart", "西城区法律援助补贴经费", 682),
    ]
    assert finding.message.zh == (
        "同一项目在绩效目标表中名为“法律援助补贴经费”，在项目支出表中名为“西城区法律援助补贴经费”。"
    )


def test_a_project_with_one_name_agrees(first_document: BudgetDocument, seed: Seed) -> None:
    first, second = first_document.targets
    assert first.name is not None
    named = replace(first, name=replace(first.name, text="西城区 法律援助补贴经费"))
    mended = replace(first_document, targets=(named, second))
    assert apply("project-with-two-names", mended, seed.lists) == ([], 1, [])
    alone = replace(first_document, targets=(second,))
    reason = "no performance target of the document belongs to a project"
    assert apply("project-with-two-names", alone, seed.lists) == ([], 0, [reason])


def test_a_code_with_two_names_is_reported_once(first_document: BudgetDocument, seed: Seed) -> None:
    assert apply("code-with-two-names", first_document, seed.lists) == ([], 34, [])
    changed = with_code(
        first_document, "general_public_budget_expenditure", 6, "function", label="养老保险缴费支出"
    )
    finding = the_only("code-with-two-names", changed, seed.lists)
    assert operands(finding) == [
        ("subject", "2080505-机关事业单位基本养老保险缴费支出", 390),
        ("counterpart", "2080505-养老保险缴费支出", 978),
    ]
    assert finding.message.zh == (
        "科目 2080505 在文件中印有不同的名称："
        "“机关事业单位基本养老保险缴费支出”、“养老保险缴费支出”。"
    )
    others = apply("code-name", changed, seed.lists).findings
    assert [own.id for own in others] == ["findings.code-name.government-economic.50999"]
