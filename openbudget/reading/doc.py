"""Old Word documents (DOC) to blocks, by way of LibreOffice and with a check of what it lost."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from openbudget.blocks import Block
from openbudget.errors import LimitExceededError, UnreadableFileError
from openbudget.reading.border import reader
from openbudget.reading.doc_text import document_text
from openbudget.reading.docx import read_docx
from openbudget.reading.limits import ReadingLimits
from openbudget.reading.package import Package

_MISSING_PROGRAM = (
    "a DOC file is read by way of LibreOffice, which is not installed:"
    " install it (package libreoffice-writer) so that `soffice` is on the PATH,"
    " or save the file as DOCX"
)
_WORD = re.compile(r"[^\W_]+")
_NAMED = 5


@reader("DOC file")
def read_doc(content: bytes, limits: ReadingLimits) -> tuple[Block, ...]:
    """Convert a DOC to DOCX and read that, as `read_docx` does.

    A second reader, our own, takes the words straight from the DOC and counts them: a conversion
    that lost any of them is refused, since LibreOffice drops damaged tables without a word.

    Raises:
        UnreadableFileError: It is no DOC, is encrypted or damaged, LibreOffice is absent or cannot
            convert it, or text of it is missing from the conversion.
        LimitExceededError: The conversion took too long, or the limits of `read_docx`.
    """
    words = Counter(_WORD.findall(document_text(content)))
    converted = _convert(content, limits)
    _compare(words, Counter(_docx_words(converted, limits)))
    return read_docx(converted, limits)


def _convert(content: bytes, limits: ReadingLimits) -> bytes:
    program = shutil.which("soffice")
    if program is None:
        raise UnreadableFileError(_MISSING_PROGRAM)
    with tempfile.TemporaryDirectory(prefix="openbudget-") as name:
        folder = Path(name)
        (folder / "source.doc").write_bytes(content)
        _run(program, folder, limits.seconds)
        target = folder / "converted" / "source.docx"
        if not target.is_file():
            raise UnreadableFileError("LibreOffice cannot convert this DOC file")
        return target.read_bytes()


def _run(program: str, folder: Path, seconds: float) -> None:
    """Run LibreOffice with a profile of its own: it refuses to start twice with the same one."""
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--infilter=MS Word 97"),
        *("--convert-to", "docx:MS Word 2007 XML"),
        *("--outdir", str(folder / "converted"), str(folder / "source.doc")),
    ]
    with subprocess.Popen(  # noqa: S603 - a fixed command; the file has a fixed name
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(folder), "TMPDIR": str(folder)},
        start_new_session=True,
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            message = f"LibreOffice took more than {seconds:g} seconds to convert this DOC file"
            raise LimitExceededError(message) from error
        finally:
            _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End the office itself too: what was started is only a script around it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _docx_words(converted: bytes, limits: ReadingLimits) -> Iterator[str]:
    """Yield all words of all parts of a DOCX, deleted ones and headers included.

    A paragraph is taken whole: its runs part words anywhere.
    """
    package = Package(converted, limits)
    for name in sorted(package.names):
        if name.startswith("word/") and name.endswith(".xml"):
            yield from _part_words(package.xml(name))


def _part_words(root: etree._Element) -> Iterator[str]:
    for paragraph in root.iter("{*}p"):
        parts: list[str] = []
        for node in paragraph.iterdescendants():
            local = str(node.tag).rpartition("}")[2]
            if local in ("t", "delText"):
                parts.append(node.text or "")
            elif local in ("tab", "br", "cr", "p"):
                parts.append("\n")
        yield from _WORD.findall("".join(parts))


def _compare(words: Counter[str], converted: Counter[str]) -> None:
    missing = words - converted
    if not missing:
        return
    examples = ", ".join(f"“{word}”" for word in list(missing)[:_NAMED])
    raise UnreadableFileError(
        f"the conversion of this DOC file lost {missing.total()} of its {words.total()} words"
        f" ({examples}); save it as DOCX and read that"
    )
