"""Findings are facts about documents: no rule, message or report ever accuses anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport, Message
from openbudget.checks.engine import check_document
from openbudget.checks.rules import load_rules
from openbudget.loading.seed import Seed
from openbudget.reports.findings import words
from openbudget.reports.findings.page import check_page
from openbudget.reports.findings.rules import rules_markdown
from openbudget.reports.findings.terminal import Style, check_summary
from openbudget.reports.findings.words import LANGUAGES, Lang
from tests.conftest import ROOT
from tests.neutral_words import CHINESE, accusations
from tests.reports.findings.made import RULES

PACKAGE = ROOT / "openbudget"
SOURCES = [
    *sorted((PACKAGE / "reports" / "findings").glob("*.py")),
    *sorted((PACKAGE / "checks").rglob("*.*")),
    PACKAGE / "reports" / "templates" / "check.html",
    PACKAGE / "budget" / "finding.py",
    PACKAGE / "cli" / "check.py",
    PACKAGE / "cli" / "rules.py",
    ROOT / "docs" / "rules.md",
]
TEXTS = [path for path in SOURCES if path.suffix in {".py", ".yaml", ".html", ".md", ".txt"}]


def messages(value: object) -> Iterator[Message]:
    """Give every text in both languages that something holds."""
    if isinstance(value, Message):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from messages(item)
    elif isinstance(value, dict):
        yield from messages(list(value.values()))
    elif is_dataclass(value):
        for field in fields(value):
            yield from messages(getattr(value, field.name))


def found(value: object) -> list[tuple[str, list[str]]]:
    texts = [text for message in messages(value) for text in (message.zh, message.en)]
    return [(text, accusations(text)) for text in texts if accusations(text)]


@pytest.mark.parametrize("word", CHINESE)
def test_chinese_words_are_told(word: str) -> None:
    assert accusations(f"该单位{word}资金") == [word]


@pytest.mark.parametrize(
    "word", ["Fraud", "wasteful", "corruption", "falsified", "misuse", "lie", "lies", "conceals"]
)
def test_english_words_are_told(word: str) -> None:
    assert accusations(f"the {word} of it") == [word]


@pytest.mark.parametrize(
    "text",
    ["救济费 Relief", "it relies on", "applied", "believed", "forgotten", "对照，不符，矛盾"],
)
def test_neutral_words_are_not(text: str) -> None:
    assert accusations(text) == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_no_source_of_a_report_or_rule_has_one(path: Path) -> None:
    assert accusations(path.read_text(encoding="utf-8")) == []


def test_no_rule_has_one() -> None:
    assert found(load_rules()) == []
    assert accusations(rules_markdown(load_rules())) == []
    assert found(RULES) == []


def test_no_word_of_the_reports_is_one() -> None:
    assert len(list(messages(vars(words)))) > len(words.TEXTS)
    assert found(vars(words)) == []


def test_no_message_about_the_first_document_has_one(
    first_document: BudgetDocument, seed: Seed
) -> None:
    assert found(check_document(first_document, seed.lists)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_report_about_the_first_document_has_one(
    lang: Lang, first_document: BudgetDocument, seed: Seed, report: CheckReport
) -> None:
    rules = {rule.id: rule for rule in load_rules()}
    for one in (report, check_document(first_document, seed.lists)):
        assert accusations(check_page(first_document, one, lang, rules)) == []
        style = Style(verbose=True, rules=rules)
        lines = check_summary(first_document, one, lang, style)
        assert accusations("\n".join(lines)) == []
