"""Time whole loads, from bytes to committed lines: on one core, and in two processes on two.

    python -m benchmarks.load_batch [PATH ...] [--copies 60] [--rounds 3]

Loads copies of the first document, each as that of a department of its own, then copies of the
files given, or of the PDFs of the folder of published documents. Prints documents a second, the
ratio to one core, and the most memory that a process which reads has taken; and, since machines are
not alike, how many times as long pdfplumber takes for the cells of the same PDFs alone.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
from math import inf
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from benchmarks.pdf_cells import by_pdfplumber
from openbudget.loading.batch import BatchOptions, load_files, now
from openbudget.loading.folders import find_files
from openbudget.loading.seed import Seed, read_seed
from openbudget.storage.database import open_for_writing
from openbudget.storage.reference import store_seed

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("OPENBUDGET_SHARED", ROOT.parent / "shared"))
FOLDER = ROOT / "seed/documents/110102/231002/2024"
FIRST = FOLDER / "xicheng-legal-aid-center-2024.txt"


class Way(NamedTuple):
    """In how many processes, on how many cores."""

    name: str
    jobs: int
    cores: int


WAYS = (Way("1 job on 1 core", 1, 1), Way("1 job on 2 cores", 1, 2), Way("2 jobs on 2 cores", 2, 2))


def copy_first(folder: Path, count: int) -> None:
    """Write the first document so many times, each with a department and bytes of its own."""
    description = (FOLDER / "source.yaml").read_text(encoding="utf-8")
    for number in range(count):
        place = folder / f"{number:04}"
        place.mkdir()
        kept = (line for line in description.splitlines() if not line.startswith("sha256"))
        text = "\n".join(kept).replace('"231002"', f'"{300_000 + number}"')
        (place / "source.yaml").write_text(text, encoding="utf-8")
        (place / FIRST.name).write_bytes(FIRST.read_bytes() + b"\n" * number)


def copy_files(folder: Path, files: list[Path], count: int) -> None:
    """Write every file so many times, each with a department and bytes of its own."""
    for number, file in enumerate(files * count):
        place = folder / f"{number:04}"
        place.mkdir()
        described = {
            "title": file.stem,
            "publisher": file.stem,
            "jurisdiction": "310107",
            "department": str(400_000 + number),
            "fiscal_year": 2025,
            "scope": "unit",
            "phase": "executed" if "final" in file.stem else "approved",
        }
        (place / "source.yaml").write_text(json.dumps(described), encoding="utf-8")
        (place / file.name).write_bytes(file.read_bytes() + b"\n" * number)


def load_once(paths: list[Path], seed: Seed, way: Way) -> tuple[float, int]:
    """Load into a new database; give the seconds, and how many files are stored."""
    cores = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        engine = open_for_writing(f"sqlite:///{folder}/openbudget.sqlite")
        store_seed(engine, seed.lists, seed.divisions, seed.digest, now)
        os.sched_setaffinity(0, cores[: way.cores])
        try:
            start = perf_counter()
            options = BatchOptions(way.jobs)
            results = list(load_files(engine, paths, seed, None, now, options))
            seconds = perf_counter() - start
        finally:
            os.sched_setaffinity(0, cores)
            engine.dispose()
    return seconds, sum(result.error is None for result in results)


def compare(title: str, paths: list[Path], seed: Seed, rounds: int) -> float:
    """Time every way in turn, round by round; the best round of each counts.

    Gives the seconds that a document takes on one core.
    """
    best: dict[Way, float] = {}
    stored = 0
    for _ in range(rounds):
        for way in WAYS:
            seconds, stored = load_once(paths, seed, way)
            best[way] = min(seconds, best.get(way, seconds))
    print(f"{title}: {stored} of {len(paths)} files are stored, best of {rounds} rounds")
    for way, seconds in best.items():
        ratio = best[WAYS[0]] / seconds
        print(f"  {way.name:20}{stored / seconds:8.1f} documents/s{ratio:8.2f} x")
    return best[WAYS[0]] / (stored or 1)


def pdfplumber_seconds(files: list[Path], rounds: int) -> float:
    """Give the seconds that pdfplumber takes for the cells of a document, in its best round."""
    best = inf
    for _ in range(rounds):
        start = perf_counter()
        for file in files:
            by_pdfplumber(file)
        best = min(best, perf_counter() - start)
    return best / len(files)


def peak_memory() -> int:
    """Give the most memory in MiB that a process started by this one has taken."""
    return peak_of(resource.getrusage(resource.RUSAGE_CHILDREN))


def peak_of(usage: resource.struct_rusage) -> int:
    """Give the most memory in MiB of what was measured."""
    return usage.ru_maxrss >> (20 if sys.platform == "darwin" else 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--copies", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    # Processes that read start as those of an installed package do, which keeps its bytecode.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    seed = read_seed(ROOT / "seed")
    with tempfile.TemporaryDirectory() as folder:
        copy_first(Path(folder), options.copies)
        compare("Copies of the first document", [*find_files([Path(folder)])], seed, options.rounds)
    print(f"  a process that reads takes at most {peak_memory()} MiB")
    given = options.paths or sorted((SHARED / "documents").glob("*2*.pdf"))
    files = [file for file in given if "BLANK" not in file.name]
    if files:
        load_published(files, seed, options.rounds)


def load_published(files: list[Path], seed: Seed, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy_files(Path(folder), files, 10)
        paths = [*find_files([Path(folder)])]
        seconds = compare("Ten copies of each published document", paths, seed, rounds)
    print(f"  a process that reads takes at most {peak_memory()} MiB")
    pdfs = [file for file in files if file.suffix == ".pdf"]
    if pdfs:
        ratio = pdfplumber_seconds(pdfs, rounds) / seconds
        print(f"  pdfplumber takes {ratio:.1f} times as long for the cells alone as a whole load")


if __name__ == "__main__":
    main()
