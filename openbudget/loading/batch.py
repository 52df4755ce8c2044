"""Loading several files: each in its own transaction; one that fails does not stop the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from openbudget.budget.document import BudgetDocument
from openbudget.errors import OpenBudgetError, UnreadableFileError
from openbudget.loading.pipeline import read_file, reading_version
from openbudget.loading.seed import Seed
from openbudget.loading.source import SOURCE_FILE, read_source
from openbudget.storage.write import Outcome, store_document

Clock = Callable[[], str]


@dataclass(frozen=True)
class LoadResult:
    """What became of one file: the document and what storing it did, or one sentence of error."""

    path: Path
    document: BudgetDocument | None = None
    outcome: Outcome | None = None
    error: str | None = None


def now() -> str:
    """Give the present time in UTC as ISO 8601 text, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Give the files to load: each path itself, or below a folder what a `source.yaml` describes.

    Raises:
        UnreadableFileError: a folder describes no file at all.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = [file for source in sorted(path.rglob(SOURCE_FILE)) for file in _described(source)]
        if not found:
            raise UnreadableFileError(f"{path}: no {SOURCE_FILE} in this folder or below")
        yield from found


def _described(source: Path) -> Iterator[Path]:
    """Give the file that a description names, or else every file beside it."""
    try:
        name = read_source(source).file
    except OpenBudgetError:
        name = None  # told when the files beside it are read
    if name is not None:
        yield source.parent / Path(name).name
        return
    yield from sorted(p for p in source.parent.iterdir() if p.is_file() and p != source)


def load_files(
    engine: Engine, paths: Iterable[Path], seed: Seed, source: Path | None, clock: Clock = now
) -> Iterator[LoadResult]:
    """Load files one by one; gives what became of each as it is done."""
    for path in paths:
        try:
            read = read_file(path, seed, source)
            outcome = store_document(engine, read.document, read.content, reading_version(), clock)
            yield LoadResult(path, read.document, outcome)
        except OpenBudgetError as error:
            yield LoadResult(path, error=str(error))
