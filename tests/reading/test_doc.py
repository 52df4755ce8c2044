from __future__ import annotations

import shutil
import struct

import olefile
import pytest

from openbudget.errors import LimitExceededError, UnreadableFileError
from openbudget.reading import doc
from openbudget.reading.doc import read_doc
from openbudget.reading.doc_check import check_conversion
from openbudget.reading.doc_text import document_text
from openbudget.reading.limits import DEFAULT_LIMITS, ReadingLimits
from tests.reading.office_files import CLOTHES, docx, p, tbl, tc, tr

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)


@pytest.fixture(scope="module")
def content() -> bytes:
    return (CLOTHES / "xicheng-legal-aid-center-2024.doc").read_bytes()


def flagged(content: bytes, offset: int, value: int) -> bytes:
    """Change 16 bits of the header of the document stream."""
    start = content.index(struct.pack("<H", 0xA5EC)) + offset
    return content[:start] + struct.pack("<H", value) + content[start + 2 :]


def test_the_characters_are_read_without_a_word_processor(content: bytes) -> None:
    text = document_text(content)
    assert "收    入\x07支    出\x07\x07" in text
    assert text.count("2040601-行政运行") == 38


def test_fields_give_their_result(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = "页\x13 PAGE \x141\x15、\x13HYPERLINK x\x14链\x13 DATE \x14今\x15接\x15尾\x14\x15"
    monkeypatch.setattr("openbudget.reading.doc_text._text", lambda *_: fields)
    assert document_text(content) == "页、链接尾\x14\x15"


def test_nothing_lost_is_no_error() -> None:
    converted = docx(p("标题") + tbl(tr(tc("项目"), tc(p("总") + p("体")))))
    check_conversion("标题\r项目\x07总\r体\x07\x07", converted, DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (p("标题"), "lost 5 of its 7 characters .*“项目1”, “50”.*save it as DOCX"),
        (p("标题") + p("项目1") + p("50"), "lost 2 of its 2 table cells .*“项目1”, “50”"),
        (p("标题") + tbl(tr(tc("项目"), tc("1"))) + p("50"), "lost 2 of its 2 table cells"),
    ],
)
def test_what_a_conversion_lost_is_named(body: str, sentence: str) -> None:
    with pytest.raises(UnreadableFileError, match=sentence):
        check_conversion("标题\r项目1\x0750\x07\x07", docx(body), DEFAULT_LIMITS)


def test_a_number_lost_from_many_like_it_is_missed() -> None:
    with pytest.raises(UnreadableFileError, match=r"lost 1 of its 3 characters \(repeated ones\)"):
        check_conversion("0\x070\x070\x07", docx(tbl(tr(tc("0"), tc("0")))), DEFAULT_LIMITS)


def test_text_boxes_are_counted_once() -> None:
    box = f"<w:txbxContent>{p('框')}</w:txbxContent>"
    twofold = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    with pytest.raises(UnreadableFileError, match="lost 1 of its 2 characters"):
        check_conversion("框\r框\r", docx(twofold), DEFAULT_LIMITS)


def test_without_libreoffice_it_is_said_what_to_install(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(
        UnreadableFileError, match="LibreOffice, which is not installed: install it"
    ):
        read_doc(content)


@needs_office
def test_a_conversion_that_takes_too_long_is_ended(content: bytes) -> None:
    with pytest.raises(LimitExceededError, match=r"more than 0\.01 seconds"):
        read_doc(content, ReadingLimits(seconds=0.01))


@needs_office
def test_a_conversion_that_lost_something_is_refused(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doc, "document_text", lambda _: "没有的话")
    with pytest.raises(UnreadableFileError, match="“没有的话”"):
        read_doc(content)


def test_a_program_that_converts_nothing_is_said_so(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: shutil.os.path.realpath("/bin/true"))  # type: ignore[attr-defined]
    with pytest.raises(UnreadableFileError, match="LibreOffice cannot convert"):
        read_doc(content)


@pytest.mark.parametrize(
    ("offset", "value", "sentence"),
    [
        (0x0A, 0x0100, "the DOC file is encrypted"),
        (0x02, 0x0065, "older than Word 97"),
        (0x4E, 0xFFFF, "less than no text"),
        (0x4E, 0x00FF, "less text than it says"),
    ],
)
def test_damaged_headers_are_told(content: bytes, offset: int, value: int, sentence: str) -> None:
    with pytest.raises(UnreadableFileError, match=sentence):
        read_doc(flagged(content, offset, value))


def test_the_made_file_is_one_of_word_97(content: bytes) -> None:
    assert olefile.isOleFile(content)
    assert olefile.OleFileIO(content).exists("WordDocument")


def streams(pieces: list[tuple[str, bool]], headers: int = 0) -> tuple[bytes, bytes]:
    """Lay out the two streams of a DOC by hand; a narrow piece has 8 bits a character."""
    document = bytearray(0x200)
    positions, descriptors = [0], b""
    for text, narrow in pieces:
        offset = 2 * len(document) | 0x40000000 if narrow else len(document)
        units = len(text.encode("utf-16-le")) // 2
        document += text.encode("cp1252" if narrow else "utf-16-le")
        positions.append(positions[-1] + units)
        descriptors += struct.pack("<HIH", 0, offset, 0)
    struct.pack_into("<7i", document, 0x4C, positions[-1] - headers, 0, headers, 0, 0, 0, 0)
    plc = struct.pack(f"<{len(positions)}I", *positions) + descriptors
    table = b"\x01\x02\x00\xff\xff\x02" + struct.pack("<I", len(plc)) + plc
    struct.pack_into("<2I", document, 0x01A2, 0, len(table))
    return bytes(document), table


def text_of(
    monkeypatch: pytest.MonkeyPatch, pieces: list[tuple[str, bool]], headers: int = 0
) -> str:
    laid_out = streams(pieces, headers)
    monkeypatch.setattr("openbudget.reading.doc_text._streams", lambda _: laid_out)
    return document_text(b"")


def test_pieces_of_both_widths_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = [("caf\xe9 2024\r", True), ("部门\U00020bb7预算\r", False)]
    assert text_of(monkeypatch, pieces) == "caf\xe9 2024\r部门\U00020bb7预算\r"


def test_headers_are_left_out_and_counted_in_units(monkeypatch: pytest.MonkeyPatch) -> None:
    assert text_of(monkeypatch, [("\U00020bb7正文", False), ("页眉", False)], 2) == "\U00020bb7正文"


def test_text_that_is_not_in_the_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    document, table = streams([("部门预算", False)])
    monkeypatch.setattr("openbudget.reading.doc_text._streams", lambda _: (document[:-2], table))
    with pytest.raises(UnreadableFileError, match="text that it lists is not in it"):
        document_text(b"")


def test_a_list_of_pieces_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    document, table = streams([("部门预算", False)])
    monkeypatch.setattr(
        "openbudget.reading.doc_text._streams", lambda _: (document, b"\x07" + table[1:])
    )
    with pytest.raises(UnreadableFileError, match="list of pieces is not where it says"):
        document_text(b"")
