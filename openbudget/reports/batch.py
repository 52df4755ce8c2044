"""What became of the files of a batch: a table for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import orjson

from openbudget.budget.document import BudgetDocument
from openbudget.budget.identifiers import document_id
from openbudget.errors import Refusal
from openbudget.reports.terminal import align

FileOutcome = Literal["loaded", "superseded", "read_anew", "unchanged"] | Refusal
OUTCOMES: dict[FileOutcome, str] = {
    "loaded": "loaded",
    "superseded": "superseded the version before",
    "read_anew": "read anew",
    "unchanged": "unchanged",
    "blank_form": "blank forms",
    "unknown_format": "of no readable format",
    "failed": "failed",
}
"""What can become of a file, in the order of the summary, and in words."""

HEADER = ("outcome", "files", "tables", "not recognised", "lines", "unmapped cells", "seconds")


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """The account of the cells of a file: used + ignored (by reason) + unmapped = cells."""

    cells: int
    used: int
    ignored: Mapping[str, int]
    unmapped: int


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: what is stored of it, or one sentence of error.

    `tables_recognised` counts the tables whose columns are understood, `tables_not_recognised`
    gives the titles of the others. `member` is the name in the archive at `path`. `seconds` is the
    time to read and store it.
    """

    path: str
    outcome: FileOutcome
    member: str | None = None
    document: str | None = None
    sha256: str | None = None
    tables_recognised: int = 0
    tables_not_recognised: Sequence[str] = ()
    lines: int = 0
    coverage: FileCoverage | None = None
    seconds: float = 0.0
    error: str | None = None

    @property
    def stored(self) -> bool:
        """Whether what the file holds is in the database."""
        return self.error is None


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a batch. Times are ISO 8601 in UTC; `not_reached` counts files left."""

    started_at: str
    finished_at: str
    reading_version: str
    jobs: int
    files: Sequence[FileReport]
    not_reached: int = 0
    limits: Mapping[str, float] = field(default_factory=dict)


def readable(text: str) -> str:
    """Write a name or a message on one line, with escapes for what a terminal would act on.

    Names of files are any bytes, and hostile ones are made of such.
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def report_stored(path: str, outcome: FileOutcome, document: BudgetDocument) -> FileReport:
    """Report a document that was read and stored."""
    unrecognised = [table.title for table in document.tables if not table.layout]
    coverage = document.coverage
    return FileReport(
        path=path,
        outcome=outcome,
        document=document_id(document.identity),
        sha256=document.file.sha256,
        tables_recognised=len(document.tables) - len(unrecognised),
        tables_not_recognised=unrecognised,
        lines=sum(len(table.lines) for table in document.tables),
        coverage=FileCoverage(
            coverage.cells, coverage.used, dict(coverage.ignored), len(coverage.unmapped)
        ),
    )


def batch_as_json(report: BatchReport) -> bytes:
    """Write the report of a batch as indented JSON, ending in a line break."""
    counts: Mapping[str, int] = {
        outcome: sum(file.outcome == outcome for file in report.files) for outcome in OUTCOMES
    }
    plain: dict[str, Any] = asdict(report)
    for file in plain["files"]:
        file["seconds"] = round(file["seconds"], 3)
    files = plain.pop("files")
    whole = {**plain, "outcomes": counts, "files": files}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def file_line(report: FileReport) -> str:
    """Say on one line what became of a file."""
    name = f"{report.path} ({report.member})" if report.member else report.path
    if report.error is not None:
        return f"{name}: {report.error}"
    unmapped = report.coverage.unmapped if report.coverage else 0
    unrecognised = len(report.tables_not_recognised)
    parts = (
        f"{report.tables_recognised} tables",
        f"{unrecognised} not recognised" if unrecognised else "",
        f"{report.lines} lines",
        f"{unmapped} cells unmapped" if unmapped else "",
    )
    counted = ", ".join(filter(None, parts))
    return f"{name}: {OUTCOMES[report.outcome]}: {report.document} ({counted})"


def summarize_batch(files: Sequence[FileReport]) -> Iterator[str]:
    """Give a table of what became of all files, a row for each outcome that occurred."""
    by_outcome = {name: [f for f in files if f.outcome == name] for name in OUTCOMES}
    rows: list[tuple[str, ...]] = [HEADER]
    rows += [_counts(OUTCOMES[name], found) for name, found in by_outcome.items() if found]
    rows.append(_counts("all", files))
    return align(rows, right=range(1, len(HEADER)))


def _counts(name: str, files: Sequence[FileReport]) -> tuple[str, ...]:
    return (
        name,
        str(len(files)),
        str(sum(file.tables_recognised for file in files)),
        str(sum(len(file.tables_not_recognised) for file in files)),
        str(sum(file.lines for file in files)),
        str(sum(_unmapped(files))),
        f"{sum(file.seconds for file in files):.1f}",
    )


def _unmapped(files: Iterable[FileReport]) -> Iterator[int]:
    for file in files:
        yield file.coverage.unmapped if file.coverage else 0
