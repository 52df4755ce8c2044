"""Compare ways to the cells of the tables in PDFs, over the same pages, in one run.

    python benchmarks/pdf_cells.py FILE.pdf ... [--rounds 3]

Prints for each way the best round of all files: milliseconds a page, pages a second, how many
times as fast as pdfplumber, and how many cells were found.
"""

from __future__ import annotations

import argparse
import gc
import os
from math import inf
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pdfplumber

from openbudget.blocks import Grid
from openbudget.reading.pdf import read_pdf, read_pdf_here

if TYPE_CHECKING:
    from collections.abc import Callable

    Way = Callable[[Path], int]

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("OPENBUDGET_SHARED", ROOT.parent / "shared"))


def by_oxide(path: Path) -> int:
    return cells(read_pdf_here(path.read_bytes(), back_end="oxide"))


def by_pdfium(path: Path) -> int:
    return cells(read_pdf_here(path.read_bytes(), back_end="pdfium"))


def in_a_process_of_its_own(path: Path) -> int:
    return cells(read_pdf(path.read_bytes()))


def by_pdfplumber(path: Path) -> int:
    with pdfplumber.open(path) as document:
        return sum(
            cell is not None
            for page in document.pages
            for table in page.extract_tables()
            for row in table
            for cell in row
        )


def cells(blocks: tuple[object, ...]) -> int:
    return sum(len(block.cells) for block in blocks if isinstance(block, Grid))


def page_count(path: Path) -> int:
    with pdfplumber.open(path) as document:
        return len(document.pages)


def compare(paths: list[Path], rounds: int) -> dict[str, tuple[float, int]]:
    """Time every way in turn, round by round, since a machine is not as fast all the time.

    Gives for each way the seconds that all files took in its best round, and the cells found.
    """
    best: dict[str, tuple[float, int]] = {}
    for _ in range(rounds):
        for name, way in WAYS.items():
            gc.collect()  # what one way leaves behind is not the next one's to clear up
            start = perf_counter()
            found = sum(way(path) for path in paths)
            best[name] = min((perf_counter() - start, found), best.get(name, (inf, 0)))
    return best


REFERENCE = "pdfplumber"
WAYS: dict[str, Way] = {
    REFERENCE: by_pdfplumber,
    "pdf_oxide": by_oxide,
    "pdfium": by_pdfium,
    "pdf_oxide, own process": in_a_process_of_its_own,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    paths = options.files or sorted((SHARED / "documents").glob("*.pdf"))
    if not paths:
        parser.error(f"no files given, and none in {SHARED / 'documents'}")
    pages = sum(map(page_count, paths))
    print(f"{len(paths)} files, {pages} pages, best of {options.rounds} rounds")
    best = compare(paths, options.rounds)
    reference, _ = best[REFERENCE]
    for name, (seconds, found) in best.items():
        report(name, seconds, pages, reference / seconds, found)


def report(name: str, seconds: float, pages: int, ratio: float, found: int) -> None:
    print(
        f"{name:24}{1000 * seconds / pages:9.2f} ms/page{pages / seconds:9.1f} pages/s"
        f"{ratio:8.1f} x{found:9} cells"
    )


if __name__ == "__main__":
    main()
