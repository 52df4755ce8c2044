"""Whole PDFs made by hand: what is read of them, and what is refused in one sentence."""

from __future__ import annotations

import zlib
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pdf_oxide
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbudget.blocks import Anchor, Paragraph
from openbudget.errors import LimitExceededError, UnreadableFileError
from openbudget.reading.pdf import PdfLimits, read_pdf, read_pdf_here
from openbudget.reading.pdf.opening import open_pdf
from openbudget.reading.pdf.transfer import packed_blocks, unpacked
from tests.reading.pdf_making import HELLO, facts, grids, one_page, page_objects, pdf, stream

if TYPE_CHECKING:
    from openbudget.reading.pdf.opening import BackEnd
    from openbudget.reading.pdf.page import PageSource

BACK_ENDS: list[BackEnd] = ["oxide", "pdfium"]
each_back_end = pytest.mark.parametrize("back_end", BACK_ENDS)
TABLE = b"0.5 w 100 500 120 60 re S 160 500 m 160 560 l S 100 530 m 220 530 l S "
NUMBERS = b"BT /F 10 Tf 110 540 Td (1,234.50) Tj 0 -30 Td (-7) Tj 60 30 Td (8) Tj ET "


@each_back_end
def test_a_page_with_a_table(back_end: BackEnd) -> None:
    blocks = read_pdf_here(one_page(TABLE + NUMBERS + HELLO), back_end=back_end)
    assert [getattr(block, "text", "grid") for block in blocks] == ["AB", "grid"]
    (grid,) = grids(blocks)
    assert grid.anchor == Anchor(page=1, box=(100, 240, 220, 300))
    assert grid.cells[1].anchor == Anchor(page=1, box=(160, 240, 220, 270))
    assert facts(grid) == [
        ("1,234.50", 0, 0, 1, 1),
        ("8", 0, 1, 1, 1),
        ("-7", 1, 0, 1, 1),
        ("", 1, 1, 1, 1),
    ]


@each_back_end
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(back_end: BackEnd, turn: int) -> None:
    """The content is turned the other way round, as landscape tables on portrait pages are."""
    matrix = {90: b"0 1 -1 0 600 0", 180: b"-1 0 0 -1 600 800", 270: b"0 -1 1 0 0 800"}[turn]
    drawing = b"q %s cm 1 0 0 1 0 -150 cm %s Q" % (matrix, TABLE + NUMBERS + HELLO)
    content = one_page(drawing, b"/Rotate %d" % turn)
    blocks = read_pdf_here(content, back_end=back_end)
    assert [getattr(block, "text", "grid") for block in blocks] == ["AB", "grid"]
    assert [fact[0] for fact in facts(grids(blocks)[0])] == ["1,234.50", "8", "-7", ""]


@each_back_end
def test_only_the_crop_box_is_the_page(back_end: BackEnd) -> None:
    content = one_page(HELLO + b"BT /F 10 Tf 10 10 Td (CD) Tj ET", b"/CropBox[50 50 500 780]")
    (block,) = read_pdf_here(content, back_end=back_end)
    assert isinstance(block, Paragraph)
    assert block.text == "AB"
    assert block.anchor.box == pytest.approx((50, 71, 63.3, 81), abs=1.5)


@each_back_end
def test_forms_within_the_page_are_followed(back_end: BackEnd) -> None:
    content = one_page(b"q 2 0 0 2 -190 -900 cm /X Do Q", b"", TABLE[6:] + NUMBERS)
    content = content.replace(b"/BBox[0 0 500 500]", b"/BBox[0 0 600 800]")
    (grid,) = read_pdf_here(content, back_end=back_end)
    assert grid.anchor.box == pytest.approx((10, 580, 250, 700), abs=0.1)
    assert [cell.text for cell in grids([grid])[0].cells] == ["1,234.50", "8", "-7", ""]


@each_back_end
def test_curves_and_slanted_lines_rule_nothing(back_end: BackEnd) -> None:
    drawing = b"0 0 m 100 0 150 50 200 90 c 300 90 l 300 400 l f 10 10 m 90 90 l S "
    source = open_pdf(one_page(drawing + b"50 600 m 90 600 l 90 650 l h S"), back_end)
    assert sorted(source.edges(0)) == [(50, 200, 90, 200), (90, 150, 90, 200)]


def test_pdfium_tells_invisible_text() -> None:
    content = one_page(b"BT 3 Tr /F 10 Tf 100 700 Td (A) Tj 0 Tr (B) Tj ET")
    assert visibilities(open_pdf(content, "pdfium")) == [("A", False), ("B", True)]
    assert visibilities(open_pdf(content, "oxide")) == [("A", None), ("B", None)]


def visibilities(source: PageSource) -> list[tuple[str, bool | None]]:
    characters = (character for run in source.runs(0) for character in run.characters())
    return [(text, visible) for text, *_, visible in characters]


def encrypted() -> bytes:
    return bytes(pdf_oxide.PdfDocument.from_bytes(one_page(HELLO)).to_bytes_encrypted("secret"))


def squeezed_page(content: bytes) -> bytes:
    objects = page_objects(b"")
    objects[3] = stream(content, b"/Filter/FlateDecode")
    return pdf(objects)


def loop() -> bytes:
    objects = page_objects(HELLO)
    objects[1] = b"<</Type/Pages/Kids[2 0 R]/Count 1>>"
    return pdf(objects)


def no_pages() -> bytes:
    objects = page_objects(HELLO)
    objects[1] = b"<</Type/Pages/Kids[]/Count 0>>"
    return pdf(objects)


LOOP = "page 1 of the PDF cannot be read|ends the program reading it"
DEEP = one_page(HELLO, b"/Z " + b"[" * 100_000 + b"]" * 100_000)
BOMB = squeezed_page(zlib.compress(b"BT /F 9 Tf (A) Tj ET " * 3_000_000))


@each_back_end
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is no PDF"),
        (b"hello", "the file is no PDF"),
        (b"%PDF-1.7\n", "the PDF is cut off"),
        (one_page(HELLO)[:-40], "the PDF is cut off"),
        (b"%PDF-1.7\n%%EOF\n", "the PDF cannot be opened"),
        (encrypted(), "the PDF is encrypted and needs a password"),
        (no_pages(), "the PDF (has no pages|cannot be )"),
        (loop(), LOOP),
        (one_page(b"100 100 200 200 re f"), "the PDF has no text, only pictures"),
        (one_page(TABLE), "the PDF has no text, only pictures"),
    ],
    ids=[
        "empty", "text", "header", "cut", "hollow", "encrypted", "pages", "loop", "scan", "lines",
    ],
)  # fmt: skip
def test_what_cannot_be_read(content: bytes, message: str, back_end: BackEnd) -> None:
    with pytest.raises(UnreadableFileError, match=message):
        read_pdf(content, back_end=back_end)


def test_a_damaged_stream_is_not_read_in_part() -> None:
    packed = zlib.compress(HELLO * 40)
    for damaged in (packed[:-20] + b"x" * 20, packed[:10] + b"\xff\xff" + packed[12:]):
        with pytest.raises(UnreadableFileError, match=r"page 1 .* part of it is damaged"):
            read_pdf_here(squeezed_page(damaged))


@each_back_end
@pytest.mark.parametrize(
    ("content", "message"),
    [(encrypted(), "needs a password"), (loop(), LOOP), (b"", "no PDF")],
    ids=["encrypted", "loop", "empty"],
)
def test_errors_come_out_of_the_other_process(
    content: bytes, message: str, back_end: BackEnd
) -> None:
    with pytest.raises(UnreadableFileError, match=message):
        read_pdf(content, back_end=back_end)


def test_a_crash_stays_in_the_other_process() -> None:
    with pytest.raises(UnreadableFileError, match="ends the program reading it"):
        read_pdf(DEEP)


@each_back_end
def test_what_takes_too_long_is_stopped(back_end: BackEnd) -> None:
    with pytest.raises(LimitExceededError, match=r"more than 1\.5 seconds"):
        read_pdf(BOMB, PdfLimits(seconds=1.5), back_end)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"pages": 0}, "the PDF has 1 pages; at most 0"),
        ({"characters_per_page": 9}, "page 1 of the PDF has 13 characters; at most 9"),
        ({"edges_per_page": 6}, "page 1 of the PDF has 7 ruling lines; at most 6"),
        ({"cells_per_page": 11}, "a page has 4 by 3 ruling lines; at most 11"),
        ({"seconds": 0.0}, "more than 0 seconds"),
    ],
)
def test_limits(limits: dict[str, float], message: str) -> None:
    content = one_page(TABLE + NUMBERS + HELLO)
    with pytest.raises(LimitExceededError, match=message):
        read_pdf_here(content, replace(PdfLimits(), **limits))


def test_blocks_come_through_unchanged() -> None:
    blocks = read_pdf_here(one_page(TABLE + NUMBERS + HELLO))
    assert unpacked(packed_blocks(blocks)) == blocks


@given(st.integers(0, 1400), st.binary(min_size=1, max_size=30))
@settings(deadline=None, max_examples=20)
def test_no_bytes_raise_anything_else(place: int, junk: bytes) -> None:
    content = one_page(TABLE + NUMBERS + HELLO)
    with suppress(UnreadableFileError):
        read_pdf(content[:place] + junk + content[place + len(junk) :], PdfLimits(seconds=20))
