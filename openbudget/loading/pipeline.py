"""One document, from its file to a `BudgetDocument`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from openbudget.budget.document import BudgetDocument, DocumentIdentity, PublishedFile
from openbudget.budget.finding import CheckReport
from openbudget.checks.engine import check_document
from openbudget.errors import IdentityError, OpenBudgetError, UnreadableFileError
from openbudget.loading.readers import ReadBlocks, read_blocks
from openbudget.loading.seed import Seed
from openbudget.loading.source import SourceDescription, find_source, read_source
from openbudget.reading.archive import members
from openbudget.reading.conditions import current_conditions
from openbudget.reading.limits import DEFAULT_LIMITS, ReadingLimits
from openbudget.reading.sniff import Format, sniff
from openbudget.recognition.identity import KnownIdentity, find_identity
from openbudget.recognition.recognize import Surroundings, check_not_blank, recognize

__all__ = [
    "KnownIdentity",
    "ReadFile",
    "is_archive",
    "read_any",
    "read_archive",
    "read_bytes",
    "read_content",
    "read_file",
    "reading_version",
]


@dataclass(frozen=True)
class ReadFile:
    """A file as read: its bytes, everything in them, and what does not agree there.

    `name` is its name in an archive; `described` tells whether a `source.yaml` is about it.
    """

    content: bytes
    document: BudgetDocument
    name: str | None = None
    report: CheckReport = field(default_factory=CheckReport)
    described: bool = False


def read_file(
    path: Path,
    seed: Seed,
    source: Path | None = None,
    *,
    known: KnownIdentity | None = None,
) -> ReadFile:
    """Read a published file, with the `source.yaml` beside it if there is one.

    Limits, and whether a PDF needs a process of its own, are those of `reading.conditions`.

    Raises:
        OpenBudgetError: the file cannot be read, is no budget, is cut off, or it is not known
            whose budget it is.
    """
    content = read_bytes(path, current_conditions().limits)
    description = read_source(source) if source else find_source(path)
    read = read_content(content, seed, description, known=known)
    return replace(read, described=description is not None)


def read_any(
    path: Path, seed: Seed, source: Path | None = None, known: KnownIdentity | None = None
) -> ReadFile | list[tuple[str, ReadFile | OpenBudgetError]]:
    """Read a file: a document, or the members of an archive, each with what it is or why not.

    Raises:
        OpenBudgetError: as `read_file` and `read_archive` do.
    """
    content = read_bytes(path, current_conditions().limits)
    if is_archive(content):
        return list(read_archive(content, seed, known=known))
    return read_file(path, seed, source, known=known)


def read_content(
    content: bytes,
    seed: Seed,
    description: SourceDescription | None = None,
    *,
    known: KnownIdentity | None = None,
) -> ReadFile:
    """Read the bytes of one document.

    Whose budget it is, is taken from `known` first, then from the description, and where neither
    is given from the document itself.

    Raises:
        OpenBudgetError: as `read_file` does.
    """
    conditions = current_conditions()
    read = read_blocks(content, conditions.limits, isolate=not conditions.isolated)
    identity = _identity(read, seed, description, known)
    surroundings = Surroundings(seed.lists, seed.place_names(identity.jurisdiction))
    document = recognize(read.blocks, identity, _file(content, read, description), surroundings)
    if description is not None:
        description.check_expectations(document)
    return ReadFile(content, document, report=check_document(document, seed.lists))


def read_archive(
    content: bytes, seed: Seed, *, known: KnownIdentity | None = None
) -> Iterator[tuple[str, ReadFile | OpenBudgetError]]:
    """Read the documents of a ZIP archive one by one: the name of each, and it or its error.

    Raises:
        OpenBudgetError: the archive itself cannot be read.
    """
    for name, member in members(content, current_conditions().limits):
        try:
            read = read_content(member, seed, known=known)
            yield name, replace(read, name=name)
        except OpenBudgetError as error:
            yield name, error


def is_archive(content: bytes) -> bool:
    """Whether bytes are an archive of several files; what is damaged is for its reader to say."""
    try:
        return (
            content.startswith(b"PK") and sniff(content, current_conditions().limits) is Format.ZIP
        )
    except OpenBudgetError:
        return False


def _identity(
    read: ReadBlocks,
    seed: Seed,
    description: SourceDescription | None,
    known: KnownIdentity | None,
) -> DocumentIdentity:
    if description is not None:
        return _overridden(description.identity, known)
    try:
        return find_identity(read.blocks, seed.places, seed.departments, known)
    except IdentityError:
        check_not_blank(read.blocks)  # a form is of no one: that is what there is to say of it
        raise


def _overridden(identity: DocumentIdentity, known: KnownIdentity | None) -> DocumentIdentity:
    known = known or KnownIdentity()
    jurisdiction = known.jurisdiction or identity.jurisdiction
    department = known.department or identity.department
    return replace(
        identity,
        jurisdiction=jurisdiction,
        department=department.removeprefix(f"{jurisdiction}-"),
        fiscal_year=known.fiscal_year or identity.fiscal_year,
        phase=known.phase or identity.phase,
        scope=known.scope or identity.scope,
    )


def _file(content: bytes, read: ReadBlocks, description: SourceDescription | None) -> PublishedFile:
    if description is not None:
        return description.describe(content, read.media_type)
    return PublishedFile(hashlib.sha256(content).hexdigest(), read.media_type, len(content))


def read_bytes(path: Path, limits: ReadingLimits = DEFAULT_LIMITS) -> bytes:
    """Read the bytes of a file, within the limit of size.

    Raises:
        UnreadableFileError: it cannot be opened, is no regular file, or is too large.
    """
    try:
        if not path.is_file():
            raise UnreadableFileError(f"the file is {_what_is(path)}")
        if path.stat().st_size > limits.content_bytes:
            raise UnreadableFileError(f"the file is larger than {limits.content_bytes} bytes")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"the file cannot be opened: {error.strerror}") from error


def _what_is(path: Path) -> str:
    if path.is_dir():
        return "a folder"
    return "not a regular file" if path.exists() else "not there"


def reading_version(seed: Seed) -> str:
    """Give a hash over all that decides how a file is read: readers, layouts, and the seed.

    Names of departments and places decide whose a document is, and code lists what a label is.
    """
    return hashlib.sha256(f"{_program_version()} {seed.digest}".encode()).hexdigest()


@cache
def _program_version() -> str:
    digest = hashlib.sha256()
    for room in ("blocks.py", "yaml_files.py", "budget", "reading", "recognition", "checks"):
        for path in _files(resources.files("openbudget") / room):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _files(root: Traversable) -> Iterator[Traversable]:
    if root.is_file():
        if root.name.endswith((".py", ".yaml", ".txt")):
            yield root
        return
    for path in sorted(root.iterdir(), key=lambda entry: entry.name):
        yield from _files(path)
