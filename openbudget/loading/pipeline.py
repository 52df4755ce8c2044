"""One document, from its file to a `BudgetDocument`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from openbudget.budget.document import BudgetDocument
from openbudget.errors import UnreadableFileError
from openbudget.loading.seed import Seed
from openbudget.loading.source import find_source, read_source
from openbudget.reading.text import MAX_BYTES, read_text
from openbudget.recognition.recognize import Surroundings, recognize


@dataclass(frozen=True)
class ReadFile:
    """A file as read: its bytes and everything in them."""

    content: bytes
    document: BudgetDocument


def read_file(path: Path, seed: Seed, source: Path | None = None) -> ReadFile:
    """Read a published file with the `source.yaml` beside it.

    Raises:
        OpenBudgetError: the file cannot be read, is no budget, is cut off, or is not described.
    """
    content = read_bytes(path)
    description = read_source(source or find_source(path))
    blocks = read_text(content)
    file = description.describe(content)
    places = seed.place_names(description.identity.jurisdiction)
    surroundings = Surroundings(seed.lists, places)
    document = recognize(blocks, description.identity, file, surroundings)
    description.check_expectations(document)
    return ReadFile(content, document)


def read_bytes(path: Path) -> bytes:
    """Read the bytes of a file, within the limit of size.

    Raises:
        UnreadableFileError: it cannot be opened, is no regular file, or is too large.
    """
    try:
        if not path.is_file():
            raise UnreadableFileError(f"the file is {_what_is(path)}")
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFileError(f"the file is larger than {MAX_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"the file cannot be opened: {error.strerror}") from error


def _what_is(path: Path) -> str:
    if path.is_dir():
        return "a folder"
    return "not a regular file" if path.exists() else "not there"


@cache
def reading_version() -> str:
    """Give a hash over all that decides how a file is read: readers, recognition, layouts."""
    digest = hashlib.sha256()
    for room in ("blocks.py", "budget", "reading", "recognition"):
        for path in _files(resources.files("openbudget") / room):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _files(root: Traversable) -> Iterator[Traversable]:
    if root.is_file():
        if root.name.endswith((".py", ".yaml")):
            yield root
        return
    for path in sorted(root.iterdir(), key=lambda entry: entry.name):
        yield from _files(path)
