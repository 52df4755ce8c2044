"""The first document in other clothes gives the same data."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from typing import Any

import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.budget.table import BudgetLine, CodedLabel
from openbudget.loading.pipeline import read_file
from openbudget.loading.seed import Seed
from tests.conftest import ROOT

NAME = "xicheng-legal-aid-center-2024"
WORD = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
FORMATS = [
    ".docx",
    pytest.param(".doc", marks=WORD),
    ".xlsx",
    ".xls",
    ".ods",
    ".html",
    ".pdf",
]
MEDIA_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".doc": "application/msword",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".html": "text/html",
    ".pdf": "application/pdf",
}
Read = Callable[[str], BudgetDocument]


@pytest.fixture(scope="session")
def clothed(seed: Seed) -> Read:
    @cache
    def reading(suffix: str) -> BudgetDocument:
        return read_file(ROOT / "tests" / "clothes" / f"{NAME}{suffix}", seed).document

    return reading


def lines(document: BudgetDocument) -> list[dict[str, Any]]:
    """Give every line whole, by the parts of its id, but for where it stands."""
    return [
        {"table": table.key, **plain(line)} for table in document.tables for line in table.lines
    ]


def plain(value: Any) -> Any:
    """Give a value without places and anchors, and its texts without what a carrier adds.

    A page wraps texts in narrow cells, and the HTML holds spaces at the end of a line as no-break
    spaces.
    """
    if isinstance(value, BudgetLine):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items() if key not in PLACES}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value.replace("\n", "").replace("\xa0", " ") if isinstance(value, str) else value


PLACES = ("place", "anchor")


def targets(document: BudgetDocument) -> list[Any]:
    return [plain(asdict(target)) for target in document.targets]


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_line_is_the_same(clothed: Read, first_document: BudgetDocument, suffix: str) -> None:
    expected = lines(first_document)
    assert len(expected) == 183
    assert lines(clothed(suffix)) == expected


@pytest.mark.parametrize("suffix", FORMATS)
def test_targets_are_the_same(clothed: Read, first_document: BudgetDocument, suffix: str) -> None:
    assert targets(clothed(suffix)) == targets(first_document)


@pytest.mark.parametrize("suffix", FORMATS)
def test_projects_transfers_and_staff_are_the_same(
    clothed: Read, first_document: BudgetDocument, suffix: str
) -> None:
    document = clothed(suffix)
    for part in ("projects", "transfers", "department"):
        found, expected = getattr(document, part), getattr(first_document, part)
        if part == "department":
            found, expected = [found], [expected]
        assert [plain(asdict(entry)) for entry in found] == [
            plain(asdict(entry)) for entry in expected
        ]
    assert [(s.count, s.label) for s in document.staff] == [(9, "参照公务员管理人员编制人员")]


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_identity_is_found_without_a_description(
    clothed: Read, first_document: BudgetDocument, suffix: str
) -> None:
    found, expected = asdict(clothed(suffix).identity), asdict(first_document.identity)
    assert found.pop("title").replace(" ", "") == expected.pop("title").replace(" ", "")
    assert found == expected
    assert clothed(suffix).file.media_type == MEDIA_TYPES[suffix]


@pytest.mark.parametrize("suffix", [*FORMATS, "-numbers.xlsx", "-numbers.ods"])
def test_nothing_is_unread_and_personal_data_is_withheld(clothed: Read, suffix: str) -> None:
    document = clothed(suffix)
    assert document.coverage.unmapped == ()
    assert dict(document.coverage.ignored) == {"personal data": 2, "text of the blank form": 22}
    whole = str(document)
    assert "某某" not in whole
    assert "'00000000'" not in whole


@pytest.mark.parametrize("suffix", ["-numbers.xlsx", "-numbers.ods"])
def test_numeric_cells_give_the_same_amounts_and_codes(
    clothed: Read, first_document: BudgetDocument, suffix: str
) -> None:
    assert [figures(line) for line in all_lines(clothed(suffix))] == [
        figures(line) for line in all_lines(first_document)
    ]


def all_lines(document: BudgetDocument) -> list[BudgetLine]:
    return [line for table in document.tables for line in table.lines]


def figures(line: BudgetLine) -> tuple[Any, ...]:
    codes = (line.function, line.government_economic, line.department_economic)
    units = (line.budgetary_unit, line.revenue)
    coded = [code_and_label(code) for code in (*codes, *units)]
    return (line.ordinal, line.column, line.role, line.amount.fen, line.amount.state, coded)


def code_and_label(coded: CodedLabel | None) -> tuple[str | None, str | None] | None:
    return (coded.code, coded.label) if coded else None


@pytest.mark.parametrize("suffix", FORMATS)
def test_claims_are_the_same(clothed: Read, first_document: BudgetDocument, suffix: str) -> None:
    found = [plain(asdict(claim)) for claim in clothed(suffix).claims]
    assert found == [plain(asdict(claim)) for claim in first_document.claims]
