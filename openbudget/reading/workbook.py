"""Workbooks (XLSX, XLS, ODS) to blocks: one grid a sheet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openbudget.errors import LimitExceededError, UnreadableFileError
from openbudget.reading.border import reader
from openbudget.reading.conditions import current_conditions
from openbudget.reading.ods import ods_sheets
from openbudget.reading.package import Package
from openbudget.reading.sheets import Sheet, sheet_grids
from openbudget.reading.sniff import Format, sniff
from openbudget.reading.workbook_errors import xls_errors, xlsx_errors
from openbudget.reading.workbook_worker import answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openbudget.blocks import Block
    from openbudget.reading.limits import ReadingLimits
    from openbudget.reading.sheets import Position

_WORKER = "openbudget.reading.workbook_worker"


@reader("workbook")
def read_workbook(content: bytes, limits: ReadingLimits) -> tuple[Block, ...]:
    """Read every sheet of a workbook as one grid, hidden sheets, rows and columns too.

    Anchors name the sheet, as it is spelt, and the cell. Texts are as stored, numbers as
    `sheets.value_text` writes them: the number format of a cell is not applied, so that 0.22 shown
    as 22% is `0.22`. Merged ranges are spans in all three formats. Formulas give their stored
    results, errors as printed (`#DIV/0!`). Charts, drawings, comments and macros are not read.

    Raises:
        UnreadableFileError: It is no workbook, is damaged, or is protected by a password.
        LimitExceededError: It unpacks to too much, has too many cells, or takes too long.
    """
    found = sniff(content, limits)
    if found is Format.ODS:
        sheets = ods_sheets(Package(content, limits), limits)
    elif found in (Format.XLSX, Format.XLS):
        sheets = _calamine_sheets(content, found, limits)
    else:
        raise UnreadableFileError(f"the file is no workbook: it looks like {found.value}")
    return sheet_grids(sheets, limits)


def _calamine_sheets(content: bytes, found: Format, limits: ReadingLimits) -> list[Sheet]:
    """Read with calamine, and add the error values, which it gives as blanks."""
    if found is Format.XLSX:
        package = Package(content, limits)
        package.check_all()
        errors = xlsx_errors(package)
    else:
        errors = xls_errors(content)
    return [_sheet(found, errors.get(found["index"], {})) for found in _answers(content, limits)]


def _sheet(found: dict[str, Any], errors: Mapping[Position, str]) -> Sheet:
    # Line breaks are stored in the manner of the system the workbook was written on.
    texts = {
        (row, column): text.replace("\r\n", "\n").replace("\r", "\n")
        for row, column, text in found["texts"]
    }
    merged = [((top, left), (bottom, right)) for (top, left), (bottom, right) in found["merged"]]
    return Sheet(found["name"], texts | dict(errors), merged)


def _answers(content: bytes, limits: ReadingLimits) -> list[dict[str, Any]]:
    """Have the workbook read: here where this process is isolated, in a process of its own else."""
    isolated = current_conditions().isolated
    found = answer(content, limits.cells) if isolated else _ask(content, limits)
    if "error" in found:
        raise _error(found, limits)
    return list(found["sheets"])


def _ask(content: bytes, limits: ReadingLimits) -> dict[str, Any]:
    arguments = (limits.cells, limits.memory_bytes, max(1, round(limits.seconds)))
    try:
        done = subprocess.run(  # noqa: S603 - a module of ours
            [sys.executable, "-P", "-m", _WORKER, *map(str, arguments)],
            input=content,
            capture_output=True,
            timeout=limits.seconds,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired as error:
        message = f"the workbook takes more than {limits.seconds:g} seconds to read"
        raise LimitExceededError(message) from error
    if done.returncode != 0:
        raise _stopped(done)
    return dict(json.loads(done.stdout))


def _environment() -> dict[str, str]:
    """Let the worker import from where we do, first of all this package."""
    places = [Path(__file__).parents[2], *(Path(place).resolve() for place in sys.path if place)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))}


def _stopped(done: subprocess.CompletedProcess[bytes]) -> UnreadableFileError:
    """Tell a worker that the system ended (a negative code) from one that failed by itself."""
    if done.returncode < 0:
        return LimitExceededError(
            "the workbook is damaged, or takes more memory or time to read than is allowed"
        )
    reason = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
    return UnreadableFileError(f"the reader of workbooks failed ({''.join(reason)})")


def _error(found: dict[str, str], limits: ReadingLimits) -> UnreadableFileError:
    if found["error"] == "password":
        return UnreadableFileError(
            "the workbook is protected by a password; publish it without one"
        )
    if found["error"] == "memory":
        return LimitExceededError("the workbook takes more memory to read than is allowed")
    if found["error"] == "cells":
        return LimitExceededError(
            f"the sheets up to {found['message']!r} have more than {limits.cells:,} cells together"
        )
    return UnreadableFileError(f"the workbook is damaged ({found['message']})")
