"""From bytes to documents, whatever the format, and whatever the file is called."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.budget.vocabulary import Phase
from openbudget.errors import NotABudgetError, OpenBudgetError, UnreadableFileError
from openbudget.loading.pipeline import (
    KnownIdentity,
    is_archive,
    read_archive,
    read_content,
    read_file,
)
from openbudget.loading.readers import read_blocks
from openbudget.loading.seed import Seed
from openbudget.reading.sniff import Format
from tests.conftest import FIRST, ROOT

CLOTHES = ROOT / "tests" / "clothes" / "xicheng-legal-aid-center-2024"


def test_the_name_of_a_file_says_nothing(tmp_path: Path, seed: Seed) -> None:
    path = Path(shutil.copy(f"{CLOTHES}.xlsx", tmp_path / "预算.pdf"))
    assert len(read_file(path, seed).document.tables) == 14


def test_a_text_may_be_gb18030(first_document: BudgetDocument, seed: Seed) -> None:
    content = FIRST.read_text(encoding="utf-8").encode("gb18030")
    document = read_content(content, seed).document
    assert document.file.media_type == "text/plain; charset=gb18030"
    assert [table.lines for table in document.tables] == [
        table.lines for table in first_document.tables
    ]


def test_a_description_beside_the_file_goes_for_that_file_only(tmp_path: Path, seed: Seed) -> None:
    shutil.copy(FIRST.parent / "source.yaml", tmp_path)
    described = Path(shutil.copy(FIRST, tmp_path))
    other = Path(shutil.copy(f"{CLOTHES}.html", tmp_path))
    assert read_file(described, seed).document.file.origin.terms is not None
    document = read_file(other, seed).document
    assert (document.file.origin.terms, document.file.media_type) == (None, "text/html")


def test_what_is_known_goes_before_a_description(seed: Seed) -> None:
    known = KnownIdentity(fiscal_year=2025, phase=Phase.ADJUSTED)
    identity = read_file(FIRST, seed, known=known).document.identity
    assert (identity.fiscal_year, identity.phase, identity.department) == (
        2025,
        Phase.ADJUSTED,
        "231002",
    )


def test_a_pdf_may_be_read_in_this_process(seed: Seed) -> None:
    content = Path(f"{CLOTHES}.pdf").read_bytes()
    assert read_blocks(content, isolate=False) == read_blocks(content)


def test_an_archive_gives_its_documents_one_by_one(seed: Seed) -> None:
    content = archive({"a/预算.txt": FIRST.read_bytes(), "b.html": b"<p>nothing</p>", "c": b"\0"})
    assert is_archive(content)
    (first, read), (second, empty), (third, broken) = read_archive(content, seed)
    assert (first, second, third) == ("预算.txt", "b.html", "c")
    assert not isinstance(read, OpenBudgetError)
    assert (read.name, len(read.document.tables)) == ("预算.txt", 14)
    assert isinstance(empty, NotABudgetError)
    assert isinstance(broken, UnreadableFileError)


def test_an_archive_is_no_document_itself(seed: Seed) -> None:
    with pytest.raises(UnreadableFileError, match="its members are documents of their own"):
        read_content(archive({"a.txt": FIRST.read_bytes()}), seed)
    assert not is_archive(Path(f"{CLOTHES}.xlsx").read_bytes())


def test_formats_are_sniffed() -> None:
    formats = {
        suffix: read_blocks(Path(f"{CLOTHES}{suffix}").read_bytes()).format
        for suffix in (".docx", ".xlsx", ".xls", ".ods", ".html", ".pdf")
    }
    assert list(formats.values()) == [
        Format.DOCX,
        Format.XLSX,
        Format.XLS,
        Format.ODS,
        Format.HTML,
        Format.PDF,
    ]


def archive(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        for name, data in members.items():
            target.writestr(name, data)
    return content.getvalue()
