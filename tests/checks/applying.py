"""Applies single rules, and writes down what they find so that tests compare whole values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from openbudget.budget.classification import CodeLists
from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import Finding, Operand
from openbudget.budget.table import BudgetLine, BudgetTable
from openbudget.checks.context import Context, Passed, Skipped
from openbudget.checks.engine import CHECKS
from openbudget.checks.rules import find_declaration


class Told(NamedTuple):
    """What a rule found, and how often it passed and could not be applied."""

    findings: list[Finding]
    passed: int
    skipped: list[str]


def apply(rule: str, document: BudgetDocument, lists: CodeLists) -> Told:
    """Apply one rule to a document."""
    declaration = find_declaration(rule)
    results = list(CHECKS[declaration.check](declaration, Context(document, lists)))
    return Told(
        [result for result in results if isinstance(result, Finding)],
        sum(isinstance(result, Passed) for result in results),
        [result.reason.en for result in results if isinstance(result, Skipped)],
    )


def the_only(rule: str, document: BudgetDocument, lists: CodeLists) -> Finding:
    """Give the only finding of a rule."""
    (finding,) = apply(rule, document, lists).findings
    return finding


def operands(finding: Finding) -> list[tuple[str, str | None, int | None]]:
    """Give role, printed text and line in the file of every operand."""
    return [(own.role.value, own.text, line_of(own)) for own in finding.operands]


def line_of(operand: Operand) -> int | None:
    return operand.place.anchor.line if operand.place else None


Change = Callable[[BudgetLine], BudgetLine]


def with_lines(document: BudgetDocument, table: str, change: Change) -> BudgetDocument:
    """Change the lines of a table."""
    return with_table(
        document, table, lambda own: replace(own, lines=tuple(map(change, own.lines)))
    )


def with_table(
    document: BudgetDocument, key: str, change: Callable[[BudgetTable], BudgetTable]
) -> BudgetDocument:
    """Change a table."""
    tables = tuple(change(own) if own.key == key else own for own in document.tables)
    return replace(document, tables=tables)


def with_code(
    document: BudgetDocument,
    table: str,
    ordinal: int,
    coordinate: str,
    code: str | None = None,
    label: str | None = None,
) -> BudgetDocument:
    """Print another code or name in one row."""

    def change(line: BudgetLine) -> BudgetLine:
        coded = getattr(line, coordinate)
        if line.ordinal != ordinal or coded is None:
            return line
        new = replace(coded, code=code or coded.code, label=label or coded.label)
        return replace(line, **{coordinate: replace(new, printed=f"{new.code}-{new.label}")})

    return with_lines(document, table, change)
