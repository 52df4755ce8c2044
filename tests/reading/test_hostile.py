"""Files made to hurt, and files that were hurt: each is refused with its sentence."""

from __future__ import annotations

import io
import random
import shutil
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbudget.errors import LimitExceededError, OpenBudgetError, UnreadableFileError
from openbudget.reading.archive import members
from openbudget.reading.doc import read_doc
from openbudget.reading.docx import read_docx
from openbudget.reading.html import read_html
from openbudget.reading.limits import ReadingLimits
from openbudget.reading.sniff import sniff
from openbudget.reading.workbook import read_workbook
from tests.reading.office_files import (
    CLOTHES,
    docx,
    number_cell,
    ods,
    p,
    row,
    tbl,
    tc,
    text_cell,
    tr,
    xlsx,
    zipped,
)

if TYPE_CHECKING:
    from collections.abc import Callable

STEM = "xicheng-legal-aid-center-2024"
SUFFIXES = ("docx", "doc", "html", "xlsx", "xls", "ods")
READERS: dict[str, Callable[[bytes], object]] = {
    "docx": read_docx,
    "doc": read_doc,
    "html": read_html,
    "xlsx": read_workbook,
    "xls": read_workbook,
    "ods": read_workbook,
    "zip": lambda content: list(members(content)),
    "sniff": sniff,
}
ENTITIES = "".join(
    f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12)
).replace("&e0;", "ha")
BOMB = f"<!DOCTYPE w:document [{ENTITIES}]>"
OUTSIDE = '<!DOCTYPE w:document [<!ENTITY e1 SYSTEM "file:///etc/hostname">]>'
CHANGED = "镕" * 50


def clothes(suffix: str) -> bytes:
    return (CLOTHES / f"{STEM}.{suffix}").read_bytes()


def replaced(content: bytes, name: str, part: str | bytes | None) -> bytes:
    """Change or take out one member of a container."""
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        parts: dict[str, bytes | str] = {n: container.read(n) for n in container.namelist()}
    parts.pop(name, None)
    return zipped(parts | ({} if part is None else {name: part}))


def with_type(content: bytes, name: str, declaration: str, old: str, new: str = "&e11;") -> bytes:
    """Put a document type before the root of a part, and a reference to it inside."""
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        part = container.read(name).decode()
    head, _, rest = part.rpartition("?>")
    return replaced(content, name, f"{head}?>{declaration}{rest.replace(old, new)}".lstrip("?>"))


def sheet(content: str) -> bytes:
    return xlsx({"表": f"<sheetData>{content}</sheetData>"})


def table(cells: str, rows: str = "") -> str:
    row = f"<table:table-row {rows}>{cells}</table:table-row>"
    return f'<table:table table:name="表">{row}</table:table>'


def spread_ods() -> bytes:
    cell = '<table:table-cell {} office:value-type="string"><text:p>1</text:p></table:table-cell>'
    wide = cell.format('table:number-columns-repeated="16384"')
    return ods(table(wide, 'table:number-rows-repeated="1048576"'))


DOCX = docx(p(CHANGED) + tbl(tr(tc("项目"))))
ODS = ods(
    table('<table:table-cell office:value-type="string"><text:p>1</text:p></table:table-cell>')
)
FAR = row(1, text_cell("A1", "1")) + row(1_048_576, text_cell("XFD1048576", "2"))
MILLION = "".join(
    row(n, *(number_cell(f"{c}{n}", "1") for c in "ABCDE")) for n in range(1, 100_002)
)
MERGES = "".join(f'<mergeCell ref="A{n}:J400"/>' for n in range(1, 300))

HOSTILE: dict[str, tuple[str, bytes, type[OpenBudgetError], str]] = {
    # Wrong clothes.
    "an HTML page as DOCX": ("docx", clothes("html"), UnreadableFileError, "damaged or cut off"),
    "a workbook as DOCX": ("docx", clothes("xlsx"), UnreadableFileError, "has no body"),
    "an archive as DOCX": ("docx", zipped({"a": "b"}), UnreadableFileError, "no part 'word/"),
    "a PDF as DOC": ("doc", clothes("pdf"), UnreadableFileError, "DOC file is damaged"),
    "an XLS as DOC": ("doc", clothes("xls"), UnreadableFileError, "DOC file is damaged"),
    "a DOCX as DOC": ("doc", clothes("docx"), UnreadableFileError, "DOC file is damaged"),
    "a DOC as workbook": ("xls", clothes("doc"), UnreadableFileError, "it looks like doc"),
    "a page as workbook": ("xls", clothes("html"), UnreadableFileError, "it looks like html"),
    "a PDF as page": ("html", clothes("pdf"), UnreadableFileError, "the text is neither UTF-8"),
    "a workbook as page": ("html", clothes("xls"), UnreadableFileError, "not text|neither UTF-8"),
    "a text as archive": ("zip", b"text", UnreadableFileError, "damaged or cut off"),
    "nothing as DOCX": ("docx", b"", UnreadableFileError, "damaged or cut off"),
    "nothing as DOC": ("doc", b"", UnreadableFileError, "DOC file is damaged"),
    "nothing as workbook": ("xlsx", b"", UnreadableFileError, "the file is empty"),
    "nothing as page": ("html", b"", UnreadableFileError, "HTML page is damaged|holds nothing"),
    "NUL bytes as workbook": ("xlsx", b"\0" * 999, UnreadableFileError, "the file is empty"),
    "NUL bytes in a page": ("html", b"<p>1\0</p>", UnreadableFileError, r"character U\+0000"),
    # Cut off.
    "half a DOCX": ("docx", DOCX[: len(DOCX) // 2], UnreadableFileError, "damaged or cut off"),
    "half a DOC": ("doc", clothes("doc")[:90_000], UnreadableFileError, "DOC file is damaged|cut"),
    "half an XLSX": ("xlsx", clothes("xlsx")[:9000], UnreadableFileError, "damaged or cut off"),
    "half an XLS": ("xls", clothes("xls")[:9000], UnreadableFileError, "damaged"),
    "half an ODS": ("ods", clothes("ods")[:9000], UnreadableFileError, "damaged or cut off"),
    "half a page": ("html", clothes("html")[:20_000], OpenBudgetError, "cut off|middle of a char"),
    "a header only": ("xls", clothes("xls")[:512], UnreadableFileError, "damaged or cut off"),
    "half of a part": (
        "docx",
        replaced(DOCX, "word/document.xml", "<w:document><w:bo"),
        UnreadableFileError,
        "'word/document.xml' is not well-formed XML",
    ),
    "a sheet that is not there": (
        "xlsx",
        replaced(sheet(""), "xl/worksheets/sheet1.xml", None),
        UnreadableFileError,
        "the workbook is damaged",
    ),
    "no sheets at all": (
        "ods",
        replaced(ODS, "content.xml", "<x/>"),
        UnreadableFileError,
        "the ODS file has no sheets",
    ),
    "a checksum that is wrong": (
        "docx",
        DOCX.replace(
            struct.pack("<I", zipfile.ZipFile(io.BytesIO(DOCX)).infolist()[1].CRC), b"1234"
        ),
        UnreadableFileError,
        "'word/document.xml' of the container is damaged",
    ),
    # Bombs.
    "an entity bomb in DOCX": (
        "docx",
        with_type(DOCX, "word/document.xml", BOMB, CHANGED),
        UnreadableFileError,
        "nested or expanded too far|declares a document type",
    ),
    "an entity bomb in ODS": (
        "ods",
        with_type(ODS, "content.xml", BOMB, ">1<", ">&e11;<"),
        UnreadableFileError,
        "nested or expanded too far|declares a document type",
    ),
    "an entity from outside": (
        "docx",
        with_type(DOCX, "word/document.xml", OUTSIDE, CHANGED, "&e1;"),
        UnreadableFileError,
        "'word/document.xml' declares a document type",
    ),
    "a document type alone": (
        "docx",
        with_type(DOCX, "word/document.xml", "<!DOCTYPE x>", CHANGED, "x"),
        UnreadableFileError,
        "declares a document type",
    ),
    "a ZIP bomb as DOCX": (
        "docx",
        docx("<w:p/>" + " " * 60_000_000),
        LimitExceededError,
        "times its size; the limit is 400 times",
    ),
    "a ZIP bomb as XLSX": (
        "xlsx",
        replaced(sheet(""), "xl/sharedStrings.xml", b"0" * 60_000_000),
        LimitExceededError,
        "times its size",
    ),
    "a part too large": (
        "docx",
        zipped({"word/document.xml": b"0" * 68_000_000}),
        LimitExceededError,
        "unpacks to 68,000,000 bytes",
    ),
    "many members": (
        "zip",
        zipped({str(number): "" for number in range(2001)}),
        LimitExceededError,
        "2,001 members; the limit is 2,000",
    ),
    # Depth.
    "deep XML": ("docx", docx("<w:sdt>" * 9999), UnreadableFileError, "too far|well-formed"),
    "deep tables": (
        "docx",
        docx("<w:tbl><w:tr><w:tc>" * 120 + "</w:tc></w:tr></w:tbl>" * 120),
        LimitExceededError,
        "nested or expanded too far",
    ),
    "a deep page": ("html", b"<div>" * 9999, LimitExceededError, "nests its elements too deeply"),
    "deep tables in a page": (
        "html",
        b"<table><tr><td>" * 5000 + b"</table>" * 5000,
        LimitExceededError,
        "nests its elements too deeply",
    ),
    "deep ODS rows": (
        "ods",
        ods("<table:table>" + "<table:table-row-group>" * 9999),
        UnreadableFileError,
        "too far|well-formed",
    ),
    # Breadth.
    "cells without end": ("xlsx", sheet(FAR), LimitExceededError, "more memory|cells together"),
    "too many cells": ("xlsx", sheet(MILLION), LimitExceededError, "more than 500,000 cells"),
    "rows repeated without end": (
        "ods",
        spread_ods(),
        LimitExceededError,
        "more than 500,000 cells",
    ),
    "merges over merges": (
        "xlsx",
        xlsx({"表": f"<sheetData/><mergeCells>{MERGES}</mergeCells>"}),
        LimitExceededError,
        "too many merged cells",
    ),
    "a merge over everything": (
        "xlsx",
        xlsx({"表": '<sheetData/><mergeCells><mergeCell ref="A1:XFC1048575"/></mergeCells>'}),
        LimitExceededError,
        "'表' spreads over 1,048,575 rows and 16,383 columns",
    ),
    "columns without end": (
        "html",
        b"<table>" + b"<tr><td colspan=1000 rowspan=65534>" * 501 + b"</table>",
        LimitExceededError,
        "more than 500,000 cells",
    ),
    "spans that are no numbers": (
        "ods",
        ods(
            table(
                '<table:table-cell table:number-columns-repeated="x"><text:p/></table:table-cell>'
            )
        ),
        UnreadableFileError,
        "number-columns-repeated is 'x'",
    ),
    "a value that is no number": (
        "ods",
        ods(
            table(
                '<table:table-cell office:value-type="float"><text:p>1</text:p></table:table-cell>'
            )
        ),
        UnreadableFileError,
        "the workbook is damaged",
    ),
    # Secrets.
    "a workbook with a password": (
        "ods",
        replaced(ODS, "META-INF/manifest.xml", "<manifest:encryption-data/>"),
        UnreadableFileError,
        "protected by a password",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused_with_their_sentence(case: str) -> None:
    reader, content, error, sentence = HOSTILE[case]
    with pytest.raises(error, match=sentence) as raised:
        READERS[reader](content)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", READERS)
def test_a_file_over_the_limit_is_not_even_opened(name: str) -> None:
    read = {"zip": lambda content, limits: list(members(content, limits))}.get(name, READERS[name])
    with pytest.raises(LimitExceededError, match="the file has 6 bytes; the limit is 5"):
        read(b"123456", ReadingLimits(content_bytes=5))  # type: ignore[call-arg]


def test_a_workbook_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(LimitExceededError, match=r"more than 0\.001 seconds"):
        read_workbook(clothes("xlsx"), ReadingLimits(seconds=0.001))


def test_a_workbook_that_takes_too_much_memory_is_given_up() -> None:
    with pytest.raises(LimitExceededError, match="more memory"):
        read_workbook(sheet(FAR), ReadingLimits(memory_bytes=300 * 1024 * 1024))


@given(st.binary(max_size=600), st.sampled_from(["", "PK\x03\x04", "<html>", "\xd0\xcf\x11\xe0"]))
@settings(deadline=None)
def test_random_bytes_raise_only_our_errors(content: bytes, start: str) -> None:
    for name in ("docx", "html", "zip", "sniff"):
        _read_or_refuse(name, start.encode("latin-1") + content)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("seed", range(6))
def test_damaged_files_raise_only_our_errors(
    suffix: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What LibreOffice makes of damage is not ours to test, and takes seconds each.
    monkeypatch.setattr(shutil, "which", lambda _: None)
    chance = random.Random(f"{suffix} {seed}")  # noqa: S311 - the same damage every time
    content = bytearray(clothes(suffix))
    for _ in range(1 + 20 * seed):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if seed % 2:
        del content[chance.randrange(len(content)) :]
    _read_or_refuse(suffix, bytes(content))
    _read_or_refuse("sniff", bytes(content))


def _read_or_refuse(name: str, content: bytes) -> None:
    try:
        READERS[name](content)
    except OpenBudgetError as error:
        assert str(error)  # noqa: PT017 - that nothing else is raised is the point
