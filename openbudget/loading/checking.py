"""Checking files: each is read and held to the rules, without a database.

One file is checked right here, as `show` reads it; several are in processes of their own, as `load`
reads them, so that a file that ends its process costs only itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from openbudget.budget.classification import CodeLists
from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport
from openbudget.errors import OpenBudgetError, Refusal
from openbudget.loading.pipeline import KnownIdentity, ReadFile, read_any
from openbudget.loading.pool import ReaderPool
from openbudget.loading.scheduling import working
from openbudget.loading.seed import Seed
from openbudget.loading.task import Answer, Task
from openbudget.reading.conditions import Conditions, reading_under
from openbudget.reading.limits import DEFAULT_LIMITS, ReadingLimits
from openbudget.reports.batch import readable
from openbudget.reports.findings.checked import CheckedFile

Check = Callable[[BudgetDocument, CodeLists], CheckReport]
"""What checks a document; another one than the engine must be found by its name in other processes.
"""

FILES_AHEAD = 4
"""How many files for each process may be checked, or wait for it, before the next one is told."""


@dataclass(frozen=True)
class CheckOptions:
    """How files are checked: in how many processes, within which limits, what is known of them."""

    jobs: int = 1
    limits: ReadingLimits = DEFAULT_LIMITS
    source: Path | None = None
    known: KnownIdentity | None = None
    check: Check | None = None


def check_any(
    path: Path,
    seed: Seed,
    source: Path | None = None,
    known: KnownIdentity | None = None,
    check: Check | None = None,
) -> list[CheckedFile]:
    """Read a file and check it; of an archive every member, each on its own.

    Raises:
        OpenBudgetError: the file, or the archive itself, cannot be read.
    """
    found = read_any(path, seed, source, known)
    if isinstance(found, ReadFile):
        return [_checked(path, None, found, seed, check)]
    return [_checked(path, name, member, seed, check) for name, member in found]


def check_files(
    paths: Sequence[Path], seed: Seed, options: CheckOptions | None = None
) -> Iterator[CheckedFile]:
    """Check files; gives what became of each, in their order, as it is done."""
    own = options or CheckOptions()
    read = partial(check_any, seed=seed, source=own.source, known=own.known, check=own.check)
    if len(paths) == 1:
        yield from _check_here(paths[0], read, own.limits)
        return
    with working(), ReaderPool(Task(read, own.limits), own.jobs) as pool:
        under_way: deque[tuple[Path, Future[Answer[list[CheckedFile]]]]] = deque()
        for path in paths:
            under_way.append((path, pool.read(path)))
            if len(under_way) > own.jobs * FILES_AHEAD:
                yield from _finish(*under_way.popleft())
        while under_way:
            yield from _finish(*under_way.popleft())


def _check_here(
    path: Path, read: Callable[[Path], list[CheckedFile]], limits: ReadingLimits
) -> Iterator[CheckedFile]:
    try:
        with reading_under(Conditions(limits)):
            yield from read(path)
    except OpenBudgetError as error:
        yield _failed(path, None, str(error), error.refusal)


def _finish(path: Path, begun: Future[Answer[list[CheckedFile]]]) -> Iterator[CheckedFile]:
    answer = begun.result()
    if answer.value is None:
        yield _failed(path, None, answer.error or "nothing was read", answer.refusal)
    else:
        yield from answer.value


def _checked(
    path: Path,
    member: str | None,
    found: ReadFile | OpenBudgetError,
    seed: Seed,
    check: Check | None,
) -> CheckedFile:
    if isinstance(found, OpenBudgetError):
        return _failed(path, member, str(found), found.refusal)
    document = found.document
    name = readable(member) if member is not None else None
    report = check(document, seed.lists) if check else found.report
    return CheckedFile(readable(str(path)), name, document, report)


def _failed(path: Path, member: str | None, error: str, refusal: Refusal) -> CheckedFile:
    name = readable(member) if member is not None else None
    return CheckedFile(readable(str(path)), name, error=readable(error), refusal=refusal)
