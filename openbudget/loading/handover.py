"""What a process that reads files hands over of each document, ready to be stored and reported.

The document itself stays where it was read: it is thousands of small objects, and to take it apart
there and put it together here would cost more than to store it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openbudget.errors import OpenBudgetError
from openbudget.loading.pipeline import ReadFile
from openbudget.reports.batch import FileReport, readable, report_stored
from openbudget.reports.terminal import summarize
from openbudget.storage.prepared import PreparedDocument, prepare

Members = Sequence[tuple[str, ReadFile | OpenBudgetError]]
Found = ReadFile | Members
"""What a reader gives: a document, or the members of an archive, each with what it is or why not.
"""


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A file as read: its bytes, what is stored, what is reported once it is, and a summary.

    `described` tells whether a `source.yaml` is about it.
    """

    content: bytes
    document: PreparedDocument
    report: FileReport
    summary: tuple[str, ...]
    described: bool = False


PreparedMembers = Sequence[tuple[str, PreparedFile | OpenBudgetError]]
Prepared = PreparedFile | PreparedMembers


def read_prepared(read: Callable[..., Found], path: Path, /, **options: Any) -> Prepared:
    """Read a file, and prepare what was found.

    Raises:
        OpenBudgetError: as `read` does.
    """
    found = read(path, **options)
    if isinstance(found, ReadFile):
        return prepare_file(path, found)
    return [
        (name, prepare_file(path, member) if isinstance(member, ReadFile) else member)
        for name, member in found
    ]


def prepare_file(path: Path, read: ReadFile) -> PreparedFile:
    """Prepare one document of a file."""
    document = read.document
    report = report_stored(readable(str(path)), "loaded", document)
    prepared, summary = prepare(document, read.report), tuple(summarize(document))
    return PreparedFile(read.content, prepared, report, summary, read.described)
