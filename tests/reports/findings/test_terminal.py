from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import click
import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport, Message
from openbudget.reports.findings.terminal import Style, check_summary, summarize_checks
from openbudget.reports.findings.words import LANGUAGES, Lang
from openbudget.reports.findings.wrapping import wrap
from openbudget.reports.terminal import display_width
from tests.reports.findings.made import RULES

NAMED = {rule.id: rule for rule in RULES}
HOSTILE = "a\x1b[31mb\nc\u202ed"


def text(document: BudgetDocument, report: CheckReport, lang: Lang, style: Style) -> str:
    return "".join(f"{line}\n" for line in check_summary(document, report, lang, style, "a.txt"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_equals_the_golden_file(
    lang: Lang,
    first_document: BudgetDocument,
    report: CheckReport,
    golden: Callable[[str, str], None],
) -> None:
    golden(f"{lang}.txt", text(first_document, report, lang, Style(verbose=True, rules=NAMED)))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [40, 61, 80, 120])
def test_no_line_is_wider_than_the_terminal(
    lang: Lang, width: int, first_document: BudgetDocument, report: CheckReport
) -> None:
    lines = text(first_document, report, lang, Style(width=width, verbose=True)).splitlines()
    # What has no place to break stays whole: a document's id, a difference's meaning, headings.
    findings = [line for line in lines if line.startswith("    ")]
    assert [line for line in findings if display_width(line) > width and " " in line.strip()] == []


def test_colour_changes_nothing_but_the_colour(
    first_document: BudgetDocument, report: CheckReport
) -> None:
    plain = text(first_document, report, "zh", Style(width=60))
    coloured = text(first_document, report, "zh", Style(width=60, colour=True))
    assert "\x1b[" in coloured
    assert click.unstyle(coloured) == plain
    assert "\x1b" not in plain


def test_quiet_is_one_line(first_document: BudgetDocument, report: CheckReport) -> None:
    assert text(first_document, report, "zh", Style(quiet=True)) == (
        "a.txt: 矛盾 3，存疑 2，提示 2\n"
    )


def test_reasons_are_told_only_when_asked_for(
    first_document: BudgetDocument, report: CheckReport
) -> None:
    assert "08表是空表" not in text(first_document, report, "zh", Style())
    assert "08表是空表" in text(first_document, report, "zh", Style(verbose=True))


def test_a_document_without_findings_says_so(first_document: BudgetDocument) -> None:
    assert text(first_document, CheckReport(), "en", Style()).splitlines()[2:] == [
        "error 0, warning 0, info 0",
        "Rules: applied 0, passed 0, failed 0, not applicable 0",
        "",
        "Nothing was found that does not agree.",
    ]


def test_what_is_printed_cannot_act_on_the_terminal(
    first_document: BudgetDocument, report: CheckReport
) -> None:
    first = next(finding for finding in report.findings if finding.rule == "missing.amount")
    message = Message(HOSTILE, HOSTILE)
    operands = tuple(replace(o, label=message, text=HOSTILE) for o in first.operands)
    hostile = replace(report, findings=(replace(first, message=message, operands=operands),))
    identity = replace(first_document.identity, title=HOSTILE)
    shown = text(replace(first_document, identity=identity), hostile, "en", Style())
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert shown.count("a\\x1b[31mb c\\u202ed") == 4


def test_several_documents_are_summed_up(report: CheckReport) -> None:
    summed = summarize_checks([report, report], 1, "en")
    assert summed == "Document 2, Files that could not be read 1, error 6, warning 4, info 4"


def test_lines_break_as_chinese_and_english_do() -> None:
    assert list(wrap("支出（合计）为 1,009.28 万元，相差。", 10, "- ")) == [
        "- 支出（合",
        "  计）为",
        "  1,009.28",
        "  万元，相",
        "  差。",
    ]
    assert list(wrap("two words and more", 10)) == ["two words", "and more"]
    assert list(wrap("unbreakable", 4)) == ["unbreakable"]
    assert list(wrap("", 4, "- ")) == ["-"]
