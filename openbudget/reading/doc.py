"""Old Word documents (DOC) to blocks, by way of LibreOffice and with a check of what it lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from openbudget.errors import LimitExceededError, UnreadableFileError
from openbudget.reading.border import reader
from openbudget.reading.doc_check import check_conversion
from openbudget.reading.doc_text import document_text
from openbudget.reading.docx import read_docx

if TYPE_CHECKING:
    from openbudget.blocks import Block
    from openbudget.reading.limits import ReadingLimits

_MISSING_PROGRAM = (
    "a DOC file is read by way of LibreOffice, which is not installed:"
    " install it (package libreoffice-writer) so that `soffice` is on the PATH,"
    " or save the file as DOCX"
)


@reader("DOC file")
def read_doc(content: bytes, limits: ReadingLimits) -> tuple[Block, ...]:
    """Convert a DOC to DOCX and read that, as `read_docx` does.

    A second reader, our own, takes the characters and the ends of cells straight from the DOC: a
    conversion that lost any of them is refused, since LibreOffice drops tables, or makes plain
    paragraphs of them, without a word.

    Raises:
        UnreadableFileError: It is no DOC, is encrypted or damaged, LibreOffice is absent or cannot
            convert it, or text or cells of it are missing from the conversion.
        LimitExceededError: The conversion took too long, or the limits of `read_docx`.
    """
    text = document_text(content)
    converted = _convert(content, limits)
    check_conversion(text, converted, limits)
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
