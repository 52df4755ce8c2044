"""Loading several files: read in processes of their own, stored one by one.

Each document is one transaction; a file that fails does not stop the rest. Files are stored in the
order of their paths, whichever is read first: where two are about the same, the later one counts.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic

from sqlalchemy import Engine

from openbudget.budget.identifiers import document_id
from openbudget.checks.related import check_related
from openbudget.errors import LimitExceededError, OpenBudgetError
from openbudget.loading.departments import Stated, with_stored_department
from openbudget.loading.handover import (
    Found,
    Prepared,
    PreparedFile,
    PreparedMembers,
    read_prepared,
)
from openbudget.loading.pipeline import KnownIdentity, read_any, reading_version
from openbudget.loading.pool import ReaderPool
from openbudget.loading.scheduling import working
from openbudget.loading.seed import Seed
from openbudget.loading.source import SOURCE_FILE, SourceDescription, read_source
from openbudget.loading.task import Answer, Task
from openbudget.reading.limits import DEFAULT_LIMITS, ReadingLimits
from openbudget.reports.batch import FileCoverage, FileOutcome, FileReport, readable
from openbudget.storage.relating import Relate
from openbudget.storage.rows.document import origin_values
from openbudget.storage.stored import StoredVersion, find_stored
from openbudget.storage.write import Beside, Outcome, store_document

Clock = Callable[[], str]

FILES_AHEAD = 4
"""How many files for each process may be read, or wait for it, before the next one is stored."""

_OUTCOMES: Mapping[Outcome, FileOutcome] = {
    Outcome.LOADED: "loaded",
    Outcome.UNCHANGED: "unchanged",
    Outcome.OUTDATED: "unchanged",
    Outcome.SUPERSEDED: "superseded",
    Outcome.READ_ANEW: "read_anew",
}


@dataclass(frozen=True)
class BatchOptions:
    """How a batch is loaded: in how many processes, within which limits, by which reader.

    `read` is called as ``read(path, seed=…, source=…)`` in another process, where it must be found
    by its name. `check_related` holds each document against those of its department.
    """

    jobs: int = 1
    limits: ReadingLimits = DEFAULT_LIMITS
    read: Callable[..., Found] = read_any
    known: KnownIdentity | None = None
    check_related: Relate = check_related


@dataclass(frozen=True)
class LoadResult:
    """What became of one file, or of a member of an archive; `summary` in lines where it was read.

    `last` tells the last result of its path.
    """

    path: Path
    report: FileReport
    summary: tuple[str, ...] = ()
    last: bool = True

    @property
    def error(self) -> str | None:
        """One sentence, where the file could not be read or stored."""
        return self.report.error


def now() -> str:
    """Give the present time in UTC as ISO 8601 text, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def load_files(
    engine: Engine,
    paths: Iterable[Path],
    seed: Seed,
    source: Path | None = None,
    clock: Clock = now,
    options: BatchOptions | None = None,
) -> Generator[LoadResult]:
    """Load files; gives what became of each, in their order, as it is done.

    What is stored already, read in the same way, is not read again.

    Raises:
        StorageError: the database cannot be asked for what is stored.
    """
    options = options or BatchOptions()
    own = {"known": options.known} if options.known else {}
    task = Task(
        partial(read_prepared, options.read, seed=seed, source=source, **own), options.limits
    )
    with working(), ReaderPool(task, options.jobs) as pool:
        stated = Stated(options.known, source, seed.departments)
        batch = _Batch(engine, pool, options, reading_version(seed), stated, clock)
        yield from batch.load(paths, options.jobs * FILES_AHEAD)


class _Batch:
    """A batch under way."""

    def __init__(
        self,
        engine: Engine,
        pool: ReaderPool[Prepared],
        options: BatchOptions,
        version: str,
        stated: Stated,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._pool = pool
        self._limits = options.limits
        self._stated = stated
        self._clock = clock
        self._check_related = options.check_related
        self._version = version
        self._stored = find_stored(engine, version)
        self._sizes = frozenset(found.size for own in self._stored.values() for found in own)

    def load(self, paths: Iterable[Path], ahead: int) -> Iterator[LoadResult]:
        """Read up to so many files ahead of the one that is stored next."""
        under_way: deque[tuple[Path, Future[Answer[Prepared]] | FileReport]] = deque()
        for path in paths:
            under_way.append((path, self._begin(path)))
            if len(under_way) > ahead:
                yield from self._finish(*under_way.popleft())
        while under_way:
            yield from self._finish(*under_way.popleft())

    def _begin(self, path: Path) -> Future[Answer[Prepared]] | FileReport:
        """Have a file read, unless it is known without reading what becomes of it."""
        started = monotonic()
        try:
            stored = self._find_stored(path)
        except OpenBudgetError as error:
            return FileReport(readable(str(path)), "failed", error=readable(str(error)))
        if stored is None:
            return self._pool.read(path)
        sha256, version = stored
        return _report_unchanged(path, sha256, version, monotonic() - started)

    def _finish(
        self, path: Path, begun: Future[Answer[Prepared]] | FileReport
    ) -> Iterator[LoadResult]:
        if isinstance(begun, FileReport):
            yield LoadResult(path, begun)
            return
        answer = begun.result()
        if answer.value is None:
            yield LoadResult(path, _report_failure(path, answer))
        elif isinstance(answer.value, PreparedFile):
            yield self._store(path, answer.value, answer.seconds)
        else:
            yield from self._store_members(path, answer.value, answer.seconds)

    def _store_members(
        self, path: Path, members: PreparedMembers, seconds: float
    ) -> Iterator[LoadResult]:
        """Store what an archive holds; the time it took to read counts in equal parts."""
        for number, (name, found) in enumerate(members, start=1):
            if isinstance(found, PreparedFile):
                result = self._store(path, found, seconds / len(members))
            else:
                refused: Answer[Prepared] = Answer(error=str(found), refusal=found.refusal)
                result = LoadResult(path, _report_failure(path, refused))
            report = replace(result.report, member=readable(name))
            yield replace(result, report=report, last=number == len(members))

    def _store(self, path: Path, read: PreparedFile, seconds: float) -> LoadResult:
        started = monotonic()
        try:
            found = not self._stated.names_department(path, read)
            read, alias = with_stored_department(self._engine, read, by_name=found)
            outcome = store_document(
                self._engine,
                read.document,
                read.content,
                self._version,
                self._clock,
                Beside(self._check_related, alias),
            )
        except OpenBudgetError as error:
            refused: Answer[Prepared] = Answer(error=str(error), seconds=seconds)
            return LoadResult(path, _report_failure(path, refused), read.summary)
        seconds += monotonic() - started
        report = replace(read.report, outcome=_OUTCOMES[outcome], seconds=seconds)
        return LoadResult(path, report, read.summary)

    def _find_stored(self, path: Path) -> tuple[str, StoredVersion] | None:
        """Find a version of just these bytes, about what the description says they are about.

        Raises:
            LimitExceededError: the file is too large to be looked at.
        """
        size = _size(path, self._limits.content_bytes)
        if size is None or size not in self._sizes or self._stated.known:
            return None  # to read and hash the whole file is only worth while where it may be known
        sha256 = _hash(path, size)
        if sha256 is None:
            return None
        for version in self._stored.get(sha256, ()):
            if self._is_about(path, sha256, version):
                return sha256, version
        return None

    def _is_about(self, path: Path, sha256: str, version: StoredVersion) -> bool:
        """Tell whether a file is about a document, by its description if it has one.

        A file without one is about what its content says, as it was when it was stored.
        """
        source = self._stated.source or path.parent / SOURCE_FILE
        if not source.is_file():
            return self._stated.source is None
        try:
            description = read_source(source)
        except OpenBudgetError:
            return False  # whoever reads the file says what is the matter
        return description.sha256 in (None, sha256) and _describes(description, version)


def _describes(description: SourceDescription, version: StoredVersion) -> bool:
    """Tell whether a description says of a file what is stored of it, as far as that is stored."""
    identity = description.identity
    counts = {"tables": version.all_tables, "lines": version.lines, "cells": version.cells}
    return (
        document_id(identity) == version.document
        and (identity.title, identity.publisher) == (version.title, version.publisher)
        and description.media_type in (None, version.media_type)
        and origin_values(description.origin) == version.origin
        and all(counts.get(name, wanted) == wanted for name, wanted in description.expect.items())
    )


def _size(path: Path, most: int) -> int | None:
    """Give the bytes of a file; None where it cannot be looked at, which its reader says better."""
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError:
        return None
    if size is not None and size > most:
        raise LimitExceededError(f"the file is larger than {most:,} bytes")
    return size


def _hash(path: Path, size: int) -> str | None:
    """Give the sha256 of a file of so many bytes; None where it cannot be opened."""
    try:
        with path.open("rb") as file:
            content = file.read(size + 1)  # one more, should it have grown
    except OSError:
        return None
    return hashlib.sha256(content).hexdigest()


def _report_unchanged(
    path: Path, sha256: str, version: StoredVersion, seconds: float
) -> FileReport:
    unmapped = version.cells - version.used - sum(version.ignored.values())
    return FileReport(
        path=readable(str(path)),
        outcome="unchanged",
        document=version.document,
        sha256=sha256,
        tables_recognised=version.tables,
        tables_not_recognised=version.unrecognised,
        lines=version.lines,
        coverage=FileCoverage(version.cells, version.used, version.ignored, unmapped),
        seconds=seconds,
    )


def _report_failure(path: Path, answer: Answer[Prepared]) -> FileReport:
    error = readable(answer.error or "nothing was read")
    return FileReport(readable(str(path)), answer.refusal, seconds=answer.seconds, error=error)
