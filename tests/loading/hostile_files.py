"""Files made to hurt, and files that were hurt, of every format: none of them is a budget."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
import zlib
from typing import TYPE_CHECKING

from tests.conftest import FIRST
from tests.reading.office_files import (
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
from tests.reading.pdf_making import HELLO, one_page, page_objects, pdf, stream
from tests.reading.test_hostile import (
    BOMB,
    CHANGED,
    DOCX,
    FAR,
    HOSTILE,
    ODS,
    clothes,
    replaced,
    sheet,
    table,
    with_type,
)
from tests.reading.test_pdf_reading import DEEP, encrypted, loop, no_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = FIRST.read_bytes()
SUFFIXES = ("docx", "doc", "html", "xlsx", "xls", "ods", "pdf")
WRONG = {"docx": "pdf", "doc": "xls", "html": "docx", "xlsx": "txt", "xls": "pdf", "pdf": "txt"}


def hostile_files() -> dict[str, bytes]:
    """Give the files by name; the same ones every time."""
    files = dict(_texts())
    files |= _pdfs()
    files |= _archives()
    files |= _workbooks()
    files |= dict(_cut_off())
    files |= dict(_damaged())
    files |= _made_for_readers()
    return files


def _texts() -> Iterator[tuple[str, bytes]]:
    chance = random.Random(7)  # noqa: S311 - the same bytes every time
    yield "empty.txt", b""
    yield "zeros.txt", b"\0" * 100_000
    yield "spaces.txt", b" \t\r\n" * 50_000
    yield "nul.txt", TEXT[:9000] + b"\0" + TEXT[9000:]
    yield "invalid.txt", TEXT[:9000] + b"\xff\xfe\xfd" + TEXT[9000:]
    yield "utf16.txt", "预算".encode("utf-16") * 100
    yield "prose.txt", "预算是一年的计划。\n".encode() * 1000
    yield "cells.txt", b"\t1\n" * 60_000
    yield "one-line.txt", b"1" * 5_000_000
    yield "tabs.txt", b"\t" * 1_000_000
    for size in (1, 33, 4096, 300_000):
        yield f"random-{size}.bin", chance.randbytes(size)
    for cut in (5000, 12_000, 20_000, len(TEXT) - 700):
        yield f"cut-{cut}.txt", TEXT[:cut]
    yield "picture.png", b"\x89PNG\r\n\x1a\n" + chance.randbytes(2000)
    yield "picture.pdf", b"\xff\xd8\xff\xe0" + chance.randbytes(2000)
    yield "program.txt", b"\x7fELF" + chance.randbytes(2000)
    yield "packed.gz", gzip.compress(TEXT, mtime=0)
    yield "bomb.gz", gzip.compress(b"0" * 50_000_000, mtime=0)
    yield "form.rtf", b"{\\rtf1 x}"
    yield "data.xml", b"<?xml version='1.0'?><x/>"


def _pdfs() -> dict[str, bytes]:
    objects = page_objects(b"")
    objects[3] = stream(zlib.compress(b"BT /F 9 Tf (A) Tj ET " * 300_000), b"/Filter/FlateDecode")
    forms = page_objects(b"/X Do", form=b"/X Do /X Do")
    return {
        "encrypted.pdf": encrypted(),
        "page-loop.pdf": loop(),
        "form-loop.pdf": pdf(forms),
        "deep.pdf": DEEP,
        "no-pages.pdf": no_pages(),
        "header.pdf": b"%PDF-1.7\n",
        "hollow.pdf": b"%PDF-1.7\n%%EOF\n",
        "long.pdf": pdf(objects),
        "scan.pdf": one_page(b"100 100 200 200 re f"),
        "no-budget.pdf": one_page(HELLO),
        "text-first.pdf": TEXT[:500] + one_page(HELLO),
    }


def _archives() -> dict[str, bytes]:
    slips = {"../../etc/passwd": "x", "/etc/openbudget": "x", "..\\..\\x": "x", "C:\\x": "x"}
    nested = b"x"
    for _ in range(9):
        nested = zipped({"a.zip": nested})
    quine = zipped({"a.txt": "x"})
    overlapping = zipped({"a.txt": "x" * 1000, "b.txt": "x" * 1000})
    return {
        "slips.zip": zipped(slips),
        "colours.zip": zipped({"\x1b[2J\u202etxt.exe": "x", "\n\r": "y"}),
        "nested.zip": nested,
        "bomb.zip": zipped({"a.txt": b"0" * 60_000_000}),
        "many.zip": zipped({f"{number}.txt": "" for number in range(2001)}),
        "nothing.zip": zipped({}),
        "cut.zip": quine[:-10],
        "pictures.zip": zipped({"a.png": b"\x89PNG\r\n", "b.txt": "no budget"}),
        "overlap.zip": overlapping.replace(b"b.txt", b"a.txt"),
        "twice.zip": _twice(),
        "locked.zip": _locked(),
    }


def _twice() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as container:
        container.writestr("word/document.xml", "<x/>")
        container.filelist.append(container.filelist[0])
    return target.getvalue()


def _locked() -> bytes:
    content = bytearray(zipped({"a.txt": "x"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def _workbooks() -> dict[str, bytes]:
    deep = "<w:tbl><w:tr><w:tc>" * 120 + "</w:tc></w:tr></w:tbl>" * 120
    return {
        "far.xlsx": sheet(FAR),
        "million.xlsx": sheet(_million()),
        "formula.xlsx": sheet(row(1, text_cell("A1", "=cmd|' /C calc'!A0"))),
        "no-sheet.xlsx": xlsx({}),
        "entities.docx": with_type(DOCX, "word/document.xml", BOMB, CHANGED),
        "entities.ods": with_type(ODS, "content.xml", BOMB, ">1<", ">&e11;<"),
        "deep.docx": docx(deep),
        "no-budget.docx": docx(p("预算") + tbl(tr(tc("项目"), tc("1")))),
        "no-budget.ods": ods(table("<table:table-cell/>")),
        "locked.ods": replaced(ODS, "META-INF/manifest.xml", "<manifest:encryption-data/>"),
        "deep.html": b"<div>" * 9999,
        "wide.html": b"<table>" + b"<tr><td colspan=1000 rowspan=65534>" * 501 + b"</table>",
        "pictures.html": b"<html><body><table><tr><td><img src=a.png></table></body></html>",
    }


def _million() -> str:
    return "".join(
        row(number, *(number_cell(f"{column}{number}", "1") for column in "ABCDEFGHIJ"))
        for number in range(1, 100_001)
    )


def _cut_off() -> Iterator[tuple[str, bytes]]:
    """Published files cut off in the middle, and whole ones would be budgets: those come not."""
    for suffix in SUFFIXES:
        content = clothes(suffix)
        yield f"half.{suffix}", content[: len(content) // 2]
        yield f"start.{WRONG.get(suffix, 'doc')}-{suffix}", content[:700]


def _damaged() -> Iterator[tuple[str, bytes]]:
    """The first bytes stay, so that every reader is reached; the rest is noise here and there."""
    for suffix in ("docx", "xlsx", "xls", "ods", "pdf"):
        chance = random.Random(suffix)  # noqa: S311 - the same damage every time
        content = bytearray(clothes(suffix))
        for _ in range(len(content) // 20):
            content[chance.randrange(600, len(content))] = chance.randrange(256)
        yield f"noise.{suffix}", bytes(content)


def _made_for_readers() -> dict[str, bytes]:
    """What the readers are tested with one by one; names are no hint of what they are."""
    left_out = ("a value", "a workbook with", "columns without", "rows repeated")
    return {
        f"case-{number:02}": content
        for number, (name, (_, content, _, _)) in enumerate(HOSTILE.items())
        if not name.startswith(("a PDF as", "a DOC as", "an XLS as", "a page as", "a workbook as"))
        and not name.startswith(("a DOCX as", "an HTML page as", *left_out))
    }
