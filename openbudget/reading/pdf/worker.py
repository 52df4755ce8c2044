"""The process that `read_pdf` starts: a PDF comes in, blocks or an error go out as JSON."""

from __future__ import annotations

import gc
import os
import resource
import sys
from typing import TYPE_CHECKING, BinaryIO, cast

from openbudget.errors import LimitExceededError, UnreadableFileError
from openbudget.reading.pdf.limits import PdfLimits
from openbudget.reading.pdf.opening import read_pdf_here
from openbudget.reading.pdf.transfer import packed_blocks, packed_error

if TYPE_CHECKING:
    from openbudget.reading.pdf.opening import BackEnd


def main(arguments: list[str]) -> None:
    """Read the PDF on standard input; the arguments are the back end and the limits in order."""
    back_end, *figures = arguments
    pages, characters, edges, cells, seconds, memory = figures
    limits = PdfLimits(
        int(pages), int(characters), int(edges), int(cells), float(seconds), int(memory)
    )
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # the process ends with the file, and nothing here is circular
    with _answers() as answers:
        answers.write(_answer(sys.stdin.buffer.read(), limits, cast("BackEnd", back_end)))


def _answers() -> BinaryIO:
    """Keep standard output for the answer: what native code prints goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _answer(content: bytes, limits: PdfLimits, back_end: BackEnd) -> bytes:
    try:
        return packed_blocks(read_pdf_here(content, limits, back_end))
    except UnreadableFileError as error:
        return packed_error(error)
    except MemoryError:
        return packed_error(
            LimitExceededError(
                f"reading the PDF took more than {limits.memory >> 20} MiB of memory"
            )
        )


if __name__ == "__main__":
    main(sys.argv[1:])
