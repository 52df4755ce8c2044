"""Who states the limits, and where a file is read."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, NoReturn

import pytest

from openbudget.errors import LimitExceededError
from openbudget.reading.archive import members
from openbudget.reading.conditions import Conditions, current_conditions, reading_under
from openbudget.reading.docx import read_docx
from openbudget.reading.limits import ReadingLimits
from openbudget.reading.pdf import read_pdf
from openbudget.reading.workbook import read_workbook
from tests.reading.office_files import CLOTHES

if TYPE_CHECKING:
    from pathlib import Path

STEM = "xicheng-legal-aid-center-2024"


def no_process(*_: object, **__: object) -> NoReturn:
    raise AssertionError("a process was started")


def clothes(suffix: str) -> bytes:
    path: Path = CLOTHES / f"{STEM}.{suffix}"
    return path.read_bytes()


def test_conditions_hold_within_their_block() -> None:
    before = current_conditions()
    with reading_under(Conditions(ReadingLimits(content_bytes=5))):
        for read in (read_docx, read_workbook, read_pdf, lambda content: list(members(content))):
            with pytest.raises(LimitExceededError, match="6 bytes; the limit is 5"):
                read(b"123456")
    assert current_conditions() == before == Conditions()


def test_pages_are_limited() -> None:
    with (
        reading_under(Conditions(ReadingLimits(pages=2), isolated=True)),
        pytest.raises(LimitExceededError, match="at most 2 are read"),
    ):
        read_pdf(clothes("pdf"))


def test_an_isolated_process_reads_everything_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    apart = read_pdf(clothes("pdf")), read_workbook(clothes("xlsx")), read_workbook(clothes("xls"))
    monkeypatch.setattr(subprocess, "run", no_process)
    with reading_under(Conditions(isolated=True)):
        assert read_pdf(clothes("pdf")) == apart[0]
        assert read_workbook(clothes("xlsx")) == apart[1]
        assert read_workbook(clothes("xls")) == apart[2]
