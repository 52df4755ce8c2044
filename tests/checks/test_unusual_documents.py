"""Documents that are right but unusual, or beyond measure: nothing wrong is said of them."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import Severity
from openbudget.budget.table import BudgetLine, BudgetTable
from openbudget.checks.engine import check_document
from openbudget.checks.trees import code_tree
from openbudget.loading.pipeline import KnownIdentity, read_any, read_content
from openbudget.loading.seed import Seed
from openbudget.loading.source import find_source
from tests.checks.applying import apply, with_table
from tests.checks.mended import mend
from tests.conftest import FIRST, ROOT

MINISTRY = ROOT / "tests/made/central-ministry.html"
GROWTH = "9,306,987.96元增长790,556元, 增长8.5%"


@pytest.fixture(scope="module")
def mended(seed: Seed) -> BudgetDocument:
    return _read(mend(FIRST.read_text(encoding="utf-8")), seed)


def _read(text: str, seed: Seed) -> BudgetDocument:
    source = find_source(FIRST)
    assert source is not None
    own = replace(source, sha256=None, expect={})
    return read_content(text.encode(), seed, own).document


def _errors(document: BudgetDocument, seed: Seed) -> list[str]:
    found = check_document(document, seed.lists).findings
    return [finding.message.zh for finding in found if finding.severity is Severity.ERROR]


def _table(document: BudgetDocument, key: str) -> BudgetTable:
    return next(table for table in document.tables if table.key == key)


def test_the_form_of_ministries_prints_a_subtotal_above_its_items_and_carries_over(
    seed: Seed,
) -> None:
    known = KnownIdentity(jurisdiction="100000", department="999", fiscal_year=2024)
    document = read_any(MINISTRY, seed, None, known).document
    assert _errors(document, seed) == []


def test_a_subtotal_above_its_items_is_still_held_against_them(seed: Seed) -> None:
    known = KnownIdentity(jurisdiction="100000", department="999", fiscal_year=2024)
    document = read_any(MINISTRY, seed, None, known).document

    def change(table: BudgetTable) -> BudgetTable:
        own = tuple(
            replace(line, amount=replace(line.amount, fen=9800_0000, text="98.00"))
            if (line.ordinal, line.column) == (1, "general_public_budget")
            else line
            for line in table.lines
        )
        return replace(table, lines=own)

    changed = with_table(document, "fiscal_appropriation", change)
    subjects = [
        [operand.item for operand in finding.operands if operand.role.value == "subject"]
        for finding in apply("item-total", changed, seed.lists).findings
    ]
    assert ["fiscal_appropriation.1.general_public_budget"] in subjects


@pytest.mark.parametrize(
    "key",
    ["expenditure", "general_public_budget_expenditure", "general_public_budget_basic_expenditure"],
)
def test_a_table_that_goes_on_under_a_title_of_its_own(
    key: str, mended: BudgetDocument, seed: Seed
) -> None:
    table = _table(mended, key)
    ordinals = sorted({line.ordinal for line in table.lines})
    middle = ordinals[len(ordinals) // 2]
    first = replace(table, lines=tuple(ln for ln in table.lines if ln.ordinal < middle))
    second = tuple(line for line in table.lines if line.ordinal >= middle)
    parts = (first, replace(table, key=f"{key}-2", lines=second))
    tables = [part for own in mended.tables for part in (parts if own.key == key else (own,))]
    assert _errors(replace(mended, tables=tuple(tables)), seed) == []


def test_a_tree_for_each_unit_without_the_names_of_the_units(mended: BudgetDocument) -> None:
    line = _table(mended, "expenditure").lines[0]
    codes = ["201", "20101", "2010101", "201", "20101", "2010101"]
    lines = [_with_code(line, code, number) for number, code in enumerate(codes)]
    tree = code_tree(lines)
    children = {number: [own.ordinal for own in part] for number, part in tree.children.items()}
    assert children == {0: [1], 1: [2], 3: [4], 4: [5]}


def _with_code(line: BudgetLine, code: str, ordinal: int) -> BudgetLine:
    assert line.function is not None
    function = replace(line.function, code=code, printed=code)
    return replace(
        line, ordinal=ordinal, function=function, government_economic=None, department_economic=None
    )


def test_a_share_of_a_total_that_is_printed_in_whole_units(
    mended: BudgetDocument, seed: Seed
) -> None:
    """1,009.754396 万元 is printed as 1,010 万元: 68.79 % of it may be 68.77 %."""

    def rounded(line: BudgetLine) -> BudgetLine:
        fen = ((line.amount.fen or 0) + 500_000) // 1_000_000 * 1_000_000
        return replace(line, amount=replace(line.amount, fen=fen, text=str(fen // 1_000_000)))

    tables = tuple(
        replace(table, lines=tuple(map(rounded, table.lines)))
        if table.key == "revenue_and_expenditure"
        else table
        for table in mended.tables
    )
    assert apply("narrative-share", replace(mended, tables=tables), seed.lists).findings == []


def test_a_growth_to_more_places_than_a_decimal_has(seed: Seed) -> None:
    """One more place is worked out exactly, and ends no reading."""
    text = mend(FIRST.read_text(encoding="utf-8"))
    (before, _, after) = text.partition("增长8.5%")
    document = _read(f"{before}增长8.{'1' * 28}%{after}", seed)
    (finding,) = apply("narrative-growth", document, seed.lists).findings
    assert finding.message.zh.endswith("计算为 8.4942196486950220573832138062%。")


def test_rows_that_are_all_wrong_take_no_longer_each(mended: BudgetDocument, seed: Seed) -> None:
    """Each row is off by an amount of its own, and prints an amount that all others print."""
    table = _table(mended, "expenditure")
    first = [line for line in table.lines if line.ordinal == table.lines[0].ordinal]

    def wrong(count: int) -> BudgetDocument:
        lines = tuple(
            replace(
                _with_code(line, f"{2000000 + number}", number),
                amount=replace(
                    line.amount, fen=1000 + number * number if line.column == "total" else 5
                ),
            )
            for number in range(count)
            for line in first
        )
        return with_table(mended, "expenditure", lambda own: replace(own, lines=lines))

    assert _seconds(wrong(1600), seed) < 12 * max(0.05, _seconds(wrong(400), seed))


def _seconds(document: BudgetDocument, seed: Seed) -> float:
    before = time.perf_counter()
    check_document(document, seed.lists)
    return time.perf_counter() - before
