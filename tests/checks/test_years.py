"""Years that are not the document's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.budget.table import PrintedText
from openbudget.loading.seed import Seed
from tests.checks.applying import apply, operands, the_only, with_table

YEAR_RULES = (
    "year-of-target",
    "year-of-columns",
    "year-of-sentence",
    "year-of-comparison",
    "year-of-state",
    "target-period",
)


def test_the_second_part_is_headed_with_another_year(
    first_document: BudgetDocument, seed: Seed
) -> None:
    finding = the_only("year-of-heading", first_document, seed.lists)
    assert finding.id == "findings.year-of-heading.sections.20"
    assert finding.severity.value == "warning"
    assert operands(finding) == [("subject", "第二部分、2023年部门预算表", 59)]
    assert finding.items == ("sections.20",)
    assert finding.message.zh == (
        "标题“第二部分、2023年部门预算表”写的是 2023 年，而本文件是 2024 年度的。"
    )
    assert finding.message.en == (
        "A heading (“第二部分、2023年部门预算表”) bears the year 2023, but the document is of 2024."
    )


@pytest.mark.parametrize("rule", YEAR_RULES)
def test_the_other_years_of_the_first_document_agree(
    rule: str, first_document: BudgetDocument, seed: Seed
) -> None:
    told = apply(rule, first_document, seed.lists)
    assert (told.findings, told.skipped) == ([], [])


def with_paragraphs(document: BudgetDocument, old: str, new: str) -> BudgetDocument:
    sections = tuple(
        replace(
            section,
            heading=section.heading and _replaced(section.heading, old, new),
            paragraphs=tuple(_replaced(own, old, new) for own in section.paragraphs),
        )
        for section in document.sections
    )
    return replace(document, sections=sections)


def _replaced(printed: PrintedText, old: str, new: str) -> PrintedText:
    return replace(printed, text=printed.text.replace(old, new))


def test_a_heading_of_the_year_agrees(first_document: BudgetDocument, seed: Seed) -> None:
    mended = with_paragraphs(first_document, "2023年部门预算表", "2024年部门预算表")
    assert apply("year-of-heading", mended, seed.lists) == ([], 3, [])
    both = with_paragraphs(first_document, "2023年部门预算表", "2023年决算和2024年预算表")
    assert apply("year-of-heading", both, seed.lists) == ([], 3, [])


@pytest.mark.parametrize(
    ("rule", "old", "new", "line"),
    [
        ("year-of-sentence", "2024年 “三公”经费", "2023年 “三公”经费", 37),
        ("year-of-sentence", "2024年填报绩效目标", "2022年填报绩效目标", 50),
        ("year-of-sentence", "2024年部门预算:", "2025年部门预算:", 55),
        ("year-of-comparison", "比2023年收入预算", "比2022年收入预算", 15),
        ("year-of-state", "截止2023年底", "截止2021年底", 54),
    ],
)
def test_a_sentence_with_another_year(
    rule: str, old: str, new: str, line: int, first_document: BudgetDocument, seed: Seed
) -> None:
    finding = the_only(rule, with_paragraphs(first_document, old, new), seed.lists)
    assert [own[2] for own in operands(finding)] == [line]
    assert new[:4] in finding.message.zh or new[1:5] in finding.message.zh


@pytest.mark.parametrize(
    "text",
    [
        "2023年预算执行数为54.60万元。",
        "2023年当年预算执行数为54.60万元，2024年预算安排53.84万元。",
        "本单位2023年预算为54.60万元。",
        "《2023年上海建设国际消费中心城市工作要点》提出编制预算。",
        "成立于2003年的单位编制预算。",
    ],
)
def test_sentences_that_are_about_another_year_by_their_words(
    text: str, first_document: BudgetDocument, seed: Seed
) -> None:
    changed = with_paragraphs(first_document, "2024年无涉及政府采购的项目。", text)
    assert apply("year-of-sentence", changed, seed.lists).findings == []


def test_a_title_and_a_column_of_another_year(first_document: BudgetDocument, seed: Seed) -> None:
    changed = with_table(
        first_document, "revenue", lambda own: replace(own, title="2022年部门收入预算总表")
    )
    titled = apply("year-of-heading", changed, seed.lists).findings
    assert [own.operands[0].table for own in titled] == [None, "revenue"]
    rows = next(own for own in first_document.tables if own.key == "three_public_expenses").rows
    dated = tuple(
        replace(
            row,
            cells=tuple(
                replace(cell, text=(cell.text or "").replace("2024", "2023")) for cell in row.cells
            ),
        )
        for row in rows
    )
    changed = with_table(
        first_document, "three_public_expenses", lambda own: replace(own, rows=dated)
    )
    finding = the_only("year-of-columns", changed, seed.lists)
    assert operands(finding) == [("subject", "2023年预算数", 1294)]
    assert finding.message.zh == (
        "《预算10表 一般公共预算“三公”经费支出情况表》的栏目（2023年预算数）没有 2024 年，"
        "而本文件是 2024 年度的。"
    )


def test_a_form_and_an_indicator_of_another_year(
    first_document: BudgetDocument, seed: Seed
) -> None:
    form, department = first_document.targets
    assert form.year_text is not None
    dated = replace(form, year_text=replace(form.year_text, text="（      2023    年度）"))
    changed = replace(first_document, targets=(dated, department))
    finding = the_only("year-of-target", changed, seed.lists)
    assert finding.items == ("performance-targets.1",)
    assert finding.message.zh == ("项目绩效目标表印有“（2023年度）”，而本文件是 2024 年度的。")
    indicator = form.indicators[0]
    quantity = replace(indicator.quantities[0], period="2023")
    late = replace(indicator, quantities=(quantity,))
    targets = (replace(form, indicators=(late, *form.indicators[1:])), department)
    finding = the_only("target-period", replace(first_document, targets=targets), seed.lists)
    assert finding.items == ("performance-targets.1.indicators.1",)
    mid_term = replace(late, term="mid_term")
    targets = (replace(form, indicators=(mid_term, *form.indicators[1:])), department)
    agreeing = replace(first_document, targets=targets)
    assert apply("target-period", agreeing, seed.lists).findings == []
