"""The published documents: both back ends against each other, and against pdfplumber."""

from __future__ import annotations

import os
import re
from collections import Counter
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openbudget.blocks import Grid
from openbudget.reading.pdf import PdfLimits, read_pdf, read_pdf_here
from openbudget.reading.pdf.opening import open_pdf
from openbudget.reading.pdf.reader import page_blocks
from openbudget.reading.pdf.runs import Run, runs_of
from tests.reading.pdf_making import grids, squeezed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openbudget.blocks import Block
    from openbudget.reading.pdf.opening import BackEnd

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("OPENBUDGET_SHARED", ROOT.parent / "shared"))
DOCUMENTS = sorted((SHARED / "documents").glob("*.pdf"))

CONTENTS = (
    "the contents page prints no lines: pdfplumber takes white boxes behind the text for a table"
)
WHITE = "pdfplumber takes the white boxes behind the title and the unit line for five rows more"
EXCEPTIONS = {
    ("sh_putuo_commerce_budget_dept_2025.pdf", 2): CONTENTS,
    ("sh_putuo_gov_office_budget_dept_2025.pdf", 2): CONTENTS,
    ("sh_putuo_wanli_street_budget_dept_2025.pdf", 2): CONTENTS,
    ("sh_putuo_commerce_budget_unit_2025.pdf", 14): WHITE,
    ("sh_putuo_welfare_home_budget_unit_2024.pdf", 10): WHITE,
}
"""Pages where pdfplumber differs from what is printed; all five were looked at as pictures.

The contents pages show no line at all, the two tables no line above their headings.
"""

Rows = list[list[str | None]]

pytestmark = pytest.mark.skipif(not DOCUMENTS, reason="the published documents are not here")
each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)


@lru_cache(maxsize=4)
def pages(path: Path, back_end: BackEnd) -> list[list[Block]]:
    source = open_pdf(path.read_bytes(), back_end)
    try:
        return [
            page_blocks(source.runs(page), source.edges(page), page + 1, 50_000)
            for page in range(source.page_count())
        ]
    finally:
        source.close()


def as_rows(grid: Grid) -> Rows:
    """Lay a grid out as pdfplumber does: None where a cell reaches over."""
    height = max(cell.row + cell.row_span for cell in grid.cells)
    width = max(cell.column + cell.column_span for cell in grid.cells)
    rows: Rows = [[None] * width for _ in range(height)]
    for cell in grid.cells:
        rows[cell.row][cell.column] = squeezed(cell.text)
    return rows


def reference_rows(path: Path) -> list[list[Rows]]:
    pdfplumber = pytest.importorskip("pdfplumber")
    with pdfplumber.open(path) as document:
        return [
            [
                [[None if cell is None else squeezed(cell) for cell in row] for row in table]
                for table in page.extract_tables()
            ]
            for page in document.pages
        ]


@each_document
def test_every_row_is_the_one_of_pdfplumber(path: Path) -> None:
    differing = set()
    reference = reference_rows(path)
    for number, expected in enumerate(reference, 1):
        found = [as_rows(grid) for grid in grids(pages(path, "oxide")[number - 1])]
        if (path.name, number) not in EXCEPTIONS:
            assert found == expected, f"page {number}"
        elif found != expected:
            differing.add((path.name, number))
            kept = [row for table in expected for row in table if row[0] and len(row) > 1]
            assert all(row in kept for table in found for row in table if row[0])
    assert differing == {key for key in EXCEPTIONS if key[0] == path.name}


@each_document
def test_both_back_ends_agree_cell_by_cell(path: Path) -> None:
    for one, other in zip(pages(path, "oxide"), pages(path, "pdfium"), strict=True):
        assert [comparable(block) for block in one] == [comparable(block) for block in other]


def comparable(block: Block) -> object:
    if not isinstance(block, Grid):
        return squeezed(block.text)
    return [
        (squeezed(c.text), c.row, c.column, c.row_span, c.column_span, rounded(c.anchor.box))
        for c in block.cells
    ]


def rounded(box: tuple[float, ...] | None) -> list[object]:
    return [pytest.approx(side, abs=0.1) for side in box or ()]


@each_document
def test_no_character_is_lost_or_doubled(path: Path) -> None:
    source = open_pdf(path.read_bytes())
    for number, blocks in enumerate(pages(path, "oxide")):
        printed = Counter("".join(squeezed(run.text) for run in source.runs(number)))
        kept: Counter[str] = Counter()
        for block in blocks:
            cells = block.cells if isinstance(block, Grid) else (block,)
            for cell in cells:
                kept.update(squeezed(cell.text))
        assert kept == printed, f"page {number + 1}"


@each_document
@pytest.mark.parametrize("back_end", ["oxide", "pdfium"])
def test_runs_are_as_long_as_they_may_be(path: Path, back_end: BackEnd) -> None:
    source = open_pdf(path.read_bytes(), back_end)
    for page in range(source.page_count()):
        runs = source.runs(page)
        assert as_tuples(runs) == as_tuples(runs_of(chain.from_iterable(map(Run.characters, runs))))


def as_tuples(runs: Sequence[Run]) -> list[object]:
    return [(run.text, *run.lefts, *run.rights, *run[3:]) for run in runs]


@each_document
def test_cells_tile_their_grid(path: Path) -> None:
    for blocks in pages(path, "oxide"):
        for grid in grids(blocks):
            slots = Counter(
                (row, column)
                for c in grid.cells
                for row in range(c.row, c.row + c.row_span)
                for column in range(c.column, c.column + c.column_span)
            )
            assert set(slots.values()) == {1}
            assert len(slots) == len(as_rows(grid)) * len(as_rows(grid)[0])


@pytest.mark.parametrize(
    ("name", "functions", "economics", "total"),
    [
        ("gov_office_budget_dept_2025", 60, 29, "91,016,775.35"),
        ("gov_office_budget_unit_2025", 60, 29, "91,016,775.35"),
        ("commerce_budget_dept_2025", 90, 30, "371,514,655.00"),
        ("commerce_budget_unit_2025", 90, 30, "371,514,655.00"),
        ("wanli_street_budget_dept_2025", 198, 31, "189,767,551"),
        ("welfare_home_budget_unit_2024", 42, 26, "12,121,164"),
    ],
)
def test_coded_rows_and_totals(name: str, functions: int, economics: int, total: str) -> None:
    path = SHARED / "documents" / f"sh_putuo_{name}.pdf"
    rows = [row for page in pages(path, "oxide") for grid in grids(page) for row in as_rows(grid)]
    coded = [row for row in rows if re.fullmatch(r"\d{1,3}", row[0] or "")]
    assert sum(not (row[0] or "").startswith("3") for row in coded) == functions
    assert sum((row[0] or "").startswith("3") for row in coded) == economics
    assert ["收入总计", total, "支出总计", total] in [row[:4] for row in rows]


def test_a_process_of_its_own_reads_the_same() -> None:
    content = DOCUMENTS[0].read_bytes()
    limits = PdfLimits(seconds=120)
    assert read_pdf(content, limits) == read_pdf_here(content, limits)
