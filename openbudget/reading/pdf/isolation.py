"""Reading a PDF in a process of its own.

Both back ends are native code: bytes made for it can hang them, fill the memory or end the
process, and nothing within that process can stop it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from openbudget.errors import LimitExceededError, UnreadableFileError
from openbudget.reading.border import check_size
from openbudget.reading.conditions import current_conditions
from openbudget.reading.pdf.limits import PdfLimits
from openbudget.reading.pdf.opening import read_pdf_here
from openbudget.reading.pdf.transfer import unpacked

if TYPE_CHECKING:
    from openbudget.blocks import Block
    from openbudget.reading.pdf.opening import BackEnd


def read_pdf(
    content: bytes, limits: PdfLimits | None = None, back_end: BackEnd = "oxide"
) -> tuple[Block, ...]:
    """Read a PDF into its ruled tables and its other lines of text, in reading order.

    Without limits those of `current_conditions` hold. A process that is isolated already reads it
    itself.

    Raises `LimitExceededError` when it is larger or slower than the limits allow, and
    `UnreadableFileError` when it is broken, encrypted or a scan without text. Nothing else,
    whatever the bytes are.
    """
    conditions = current_conditions()
    if limits is None:
        check_size(content, conditions.limits)
        limits = PdfLimits.within(conditions.limits)
    if conditions.isolated:
        return read_pdf_here(content, limits, back_end)
    try:
        done = _run(content, limits, back_end)
    except subprocess.TimeoutExpired as error:
        raise LimitExceededError(
            f"reading the PDF took more than {limits.seconds:g} seconds"
        ) from error
    if done.returncode != 0:
        # What was seen to do this: structures that contain themselves or are nested very deep.
        raise UnreadableFileError("the PDF is broken in a way that ends the program reading it")
    return unpacked(done.stdout)


def _run(
    content: bytes, limits: PdfLimits, back_end: BackEnd
) -> subprocess.CompletedProcess[bytes]:
    figures = [
        limits.pages,
        limits.characters_per_page,
        limits.edges_per_page,
        limits.cells_per_page,
        limits.seconds,
        limits.memory,
    ]
    return subprocess.run(  # noqa: S603  this very interpreter, with figures as arguments
        [sys.executable, "-m", "openbudget.reading.pdf.worker", back_end, *map(str, figures)],
        input=content,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=limits.seconds,
        check=False,
        # The package may be on the path of this process only, as it is under pytest.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
