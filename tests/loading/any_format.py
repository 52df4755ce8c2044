"""Reads every format that has a reader, whatever the pipeline of one document makes of it.

It stands in a module of its own, since another process must find it by name.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from openbudget.budget.document import PublishedFile
from openbudget.errors import OpenBudgetError
from openbudget.loading.batch import Found
from openbudget.loading.pipeline import ReadFile, read_bytes
from openbudget.loading.source import read_source
from openbudget.reading.archive import members
from openbudget.reading.conditions import current_conditions
from openbudget.reading.doc import read_doc
from openbudget.reading.docx import read_docx
from openbudget.reading.encoding import decode_text
from openbudget.reading.html import read_html
from openbudget.reading.pdf import read_pdf
from openbudget.reading.sniff import Format, sniff
from openbudget.reading.tab_separated import tab_separated_blocks
from openbudget.reading.text import read_text
from openbudget.reading.workbook import read_workbook
from openbudget.recognition.recognize import Surroundings, recognize

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openbudget.blocks import Block
    from openbudget.loading.seed import Seed

READERS: dict[Format, Callable[[bytes], tuple[Block, ...]]] = {
    Format.TEXT: read_text,
    Format.TAB_SEPARATED: lambda content: tab_separated_blocks(
        decode_text(content), current_conditions().limits
    ),
    Format.PDF: read_pdf,
    Format.DOCX: read_docx,
    Format.DOC: read_doc,
    Format.XLSX: read_workbook,
    Format.XLS: read_workbook,
    Format.ODS: read_workbook,
    Format.HTML: read_html,
}


def read(path: Path, seed: Seed, source: Path | None) -> Found:
    """Read a file by what it is, the members of an archive one by one."""
    content = read_bytes(path)
    source = source or path.parent / "source.yaml"
    if sniff(content, current_conditions().limits) is Format.ZIP:
        return [(name, _read_member(member, seed, source)) for name, member in members(content)]
    return _read(content, seed, source)


def _read_member(content: bytes, seed: Seed, source: Path) -> ReadFile | OpenBudgetError:
    try:
        return _read(content, seed, source)
    except OpenBudgetError as error:
        return error


def _read(content: bytes, seed: Seed, source: Path) -> ReadFile:
    description = read_source(source)
    blocks = READERS[sniff(content, current_conditions().limits)](content)
    identity = description.identity
    surroundings = Surroundings(seed.lists, seed.place_names(identity.jurisdiction))
    file = PublishedFile(hashlib.sha256(content).hexdigest(), "text/plain", len(content))
    document = recognize(blocks, identity, file, surroundings)
    description.check_expectations(document)
    return ReadFile(content, document)
