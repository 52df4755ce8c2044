from __future__ import annotations

import zipfile

import pytest

from openbudget.errors import OpenBudgetError, TruncatedFileError, UnreadableFileError
from openbudget.reading.encoding import decode_html, decode_text
from openbudget.reading.sniff import Format, sniff
from tests.reading.office_files import docx, ods, p, published, xlsx, zipped


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (docx(p("预算")), Format.DOCX),
        (xlsx({"表": "<sheetData/>"}), Format.XLSX),
        (ods('<table:table table:name="表"/>'), Format.ODS),
        (zipped({"预算.txt": "预算"}), Format.ZIP),
        (zipped({"预算.pdf": b"%PDF-1.7\n" * 9}, zipfile.ZIP_STORED), Format.ZIP),
        (b"%PDF-1.7\n", Format.PDF),
        (b"\n\n%PDF-1.4\n", Format.PDF),
        ("<!DOCTYPE html><p>预算".encode(), Format.HTML),
        ("\ufeff\n<!-- 预算 --><HTML>".encode(), Format.HTML),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C"><html>', Format.HTML),
        ('<meta charset="gb2312"><table>预算'.encode("gb18030"), Format.HTML),
        ("<html>预算".encode("utf-16"), Format.HTML),
        ("\t项目\n\t预算数\n".encode(), Format.TEXT),
        ("项目\t预算数\n".encode(), Format.TAB_SEPARATED),
        ("\t合计\t项目\n".encode("utf-16"), Format.TAB_SEPARATED),
        ("表\n项目\t金额\n\t12\n合计\t12\n".encode("gb18030"), Format.TAB_SEPARATED),
        ("第一部分\t1\n\n\t项目\n\t金额\n".encode(), Format.TEXT),
        ("收入,支出\n".encode("gb18030"), Format.TEXT),
        ("预算".encode("utf-16"), Format.TEXT),
        (b"MZ, BM and GIF8 may begin a text", Format.TEXT),
        (b"a < b", Format.TEXT),
    ],
)
def test_formats_are_told_by_content(content: bytes, expected: Format) -> None:
    assert sniff(content) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sh_final_dept_2024_BLANK_FORM.pdf", Format.PDF),
        ("cq_transport_budget_dept_2018.html", Format.HTML),
        ("hn_yueyang_wenlian_three_public_2017_trad.tsv", Format.TAB_SEPARATED),
        ("sh_putuo_budget_unit_2026_BLANK_FORM.xls", Format.XLS),
    ],
)
def test_published_documents_are_told_by_content(name: str, expected: Format) -> None:
    assert sniff(published(name)) is expected


ODF = "application/vnd.oasis.opendocument."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \r\n\t", "the file is empty"),
        (b"\0" * 4096, "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image"),
        (b"GIF89a\x01\0\x01\0", "a GIF image"),
        (b"BM\x36\0\0\0\0\0", "a BMP image"),
        (b"II*\0\x08\0\0\0", "a TIFF image"),
        (b"Rar!\x1a\x07\x01\0", "a RAR archive; unpack it first"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "a 7z archive"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "a gzip archive"),
        (b"MZ\x90\0\x03\0\0\0", "a Windows executable"),
        (b"\x7fELF\x02\x01\x01", "an executable"),
        (b"{\\rtf1\\ansi}", "an RTF document; save it as DOCX"),
        (b"MIME-Version: 1.0\r\n", "a web archive"),
        (b'<?xml version="1.0"?><Workbook/>', "an XML file"),
        (zipped({"OFD.xml": "<OFD/>"}), "an OFD document; convert it to PDF"),
        (zipped({"xl/workbook.bin": "x"}), "XLSB"),
        (zipped({"ppt/presentation.xml": "<x/>"}), "a presentation"),
        (zipped({"mimetype": f"{ODF}text", "content.xml": "<x/>"}), "an OpenDocument text"),
        (zipped({"mimetype": f"{ODF}graphics"}), "a container of the type"),
        (zipped({"[Content_Types].xml": "<x/>"}), "without a document or a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office file, damaged or cut off"),
        (b"PK\x03\x04" + b"x" * 100, "the ZIP container is damaged or cut off"),
        (bytes(range(256)) * 4, "binary data"),
        ("预算\0".encode(), "binary data"),
    ],
)
def test_what_has_no_reader_is_said_to_look_like_what_it_is(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFileError, match=sentence):
        sniff(content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_texts_are_decoded(encoding: str) -> None:
    text = "镕㐂\t部门预算\n2024年"
    assert decode_text(text.encode(encoding)) == text


def test_the_byte_order_mark_counts_more_than_a_declaration() -> None:
    text = '<meta charset="gbk">预算'
    assert decode_html(text.encode("utf-8-sig")) == text


def test_an_unknown_declaration_is_passed_over() -> None:
    text = '<meta charset="klingon">预算'
    assert decode_html(text.encode()) == text


@pytest.mark.parametrize(
    ("content", "error", "sentence"),
    [
        ("部门预算".encode()[:-1], TruncatedFileError, "ends in the middle of a character"),
        (
            "部门预算".encode() + b"\xff" + "收入".encode(),
            UnreadableFileError,
            "damaged at byte 13",
        ),
        ("部门预算".encode("gb18030")[:-1], UnreadableFileError, "neither UTF-8 nor GB18030"),
        ("部门预算".encode("utf-16")[:-1], UnreadableFileError, "marked as utf-16-le but is not"),
        (b"\xef\xbb\xbf\xff", UnreadableFileError, "marked as utf-8 but is not"),
        ("部门\x01".encode(), UnreadableFileError, r"holds the character U\+0001"),
        ("部门\uffff".encode(), UnreadableFileError, r"holds the character U\+FFFF"),
    ],
)
def test_what_decodes_in_no_encoding_is_refused(
    content: bytes, error: type[OpenBudgetError], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        decode_text(content)
