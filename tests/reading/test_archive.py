from __future__ import annotations

import io
import struct
import zipfile

import pytest

from openbudget.errors import LimitExceededError, UnreadableFileError
from openbudget.reading.archive import members, safe_name
from openbudget.reading.limits import ReadingLimits
from tests.reading.office_files import docx, p, zipped


def test_members_come_in_order_with_their_names() -> None:
    content = zipped({"2024/部门预算.txt": "甲", "2024/单位预算.txt": "乙"})
    assert list(members(content)) == [
        ("部门预算.txt", "甲".encode()),
        ("单位预算.txt", "乙".encode()),
    ]


def test_archives_in_archives_are_opened_and_documents_are_not() -> None:
    document = docx(p("预算"))
    inner = zipped({"内.txt": "丙", "表.docx": document})
    content = zipped({"外.txt": "甲", "包.zip": inner, "尾.txt": "乙"})
    assert [name for name, _ in members(content)] == ["外.txt", "内.txt", "表.docx", "尾.txt"]
    assert dict(members(content))["表.docx"] == document


def test_what_systems_add_is_left_out() -> None:
    added = {"__MACOSX/._a.txt": "x", "a/.DS_Store": "x", "Thumbs.db": "x", "a.txt": "甲"}
    assert [name for name, _ in members(zipped(added))] == ["a.txt"]


@pytest.mark.parametrize(
    ("stored", "label"),
    [
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("C:\\预算.doc", "预算.doc"),
        ("C:预算.doc", "预算.doc"),
        ("a\x1b[31m\n\u202egpj.exe", "a[31mgpj.exe"),
        ("..", "unnamed"),
        (" . ", "unnamed"),
        ("预算.xls ", "预算.xls"),
        ("长" * 300, "长" * 200),
        ("\x7f\x01", "unnamed"),
    ],
)
def test_names_are_labels_and_never_paths(stored: str, label: str) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = stored
    info.flag_bits = 0x800
    assert safe_name(info) == label


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_chinese_names_without_a_flag_are_decoded(encoding: str) -> None:
    raw = "部门预算.txt".encode(encoding)
    content = zipped({"x" * len(raw): "甲"}).replace(b"x" * len(raw), raw)
    assert [name for name, _ in members(content)] == ["部门预算.txt"]


def test_an_encrypted_archive_says_so() -> None:
    content = bytearray(zipped({"a.txt": "甲"}))
    directory = content.index(b"PK\x01\x02")
    struct.pack_into("<H", content, directory + 8, 1)
    with pytest.raises(UnreadableFileError, match=r"'a\.txt' is encrypted"):
        list(members(bytes(content)))


@pytest.mark.parametrize("content", [zipped({}), zipped({"__MACOSX/x": "x"})])
def test_an_archive_without_files_says_so(content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="holds no file"):
        list(members(content))


def nested(depth: int) -> bytes:
    content = b"x"
    for _ in range(depth):
        content = zipped({"a.zip": content})
    return content


def test_archives_nest_only_so_deep() -> None:
    assert list(members(nested(3))) == [("a.zip", b"x")]
    with pytest.raises(LimitExceededError, match="nested more than 3 deep"):
        list(members(nested(4)))


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (ReadingLimits(content_bytes=10), r"the file has [\d,]+ bytes; the limit is 10"),
        (ReadingLimits(members=2), "has 3 members; the limit is 2"),
        (ReadingLimits(part_bytes=1_999_999), "'b' unpacks to 2,000,000 bytes"),
        (ReadingLimits(decompressed_bytes=2_000_000), "unpacks to 2,000,002 bytes"),
        (ReadingLimits(ratio=50), r"unpacks to \d+ times its size; the limit is 50 times"),
    ],
)
def test_limits_are_kept(limits: ReadingLimits, sentence: str) -> None:
    content = zipped({"a": "1", "b": "0" * 2_000_000, "c": "3"})
    with pytest.raises(LimitExceededError, match=sentence):
        list(members(content, limits))


def test_limits_hold_over_all_archives_together() -> None:
    inner = zipped({"a": "1" * 100, "b": "2" * 100})
    content = zipped({"1.zip": inner, "2.zip": inner})
    with pytest.raises(LimitExceededError, match="more than 5 members together"):
        list(members(content, ReadingLimits(members=5)))
    with pytest.raises(LimitExceededError, match="more than 700 bytes together"):
        list(members(content, ReadingLimits(decompressed_bytes=700)))


def test_a_size_that_is_a_lie_is_damage() -> None:
    content = bytearray(zipped({"a": "0" * 100_000}))
    directory = content.index(b"PK\x01\x02")
    struct.pack_into("<I", content, directory + 24, 10)
    with pytest.raises(UnreadableFileError, match="'a' of the container is damaged"):
        list(members(bytes(content)))


def test_nothing_is_written_anywhere(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as container:
        container.writestr("../escaped.txt", "x")
    assert list(members(target.getvalue())) == [("escaped.txt", b"x")]


def test_a_damaged_archive_within_is_for_its_own_reader() -> None:
    content = zipped({"a.zip": b"PK\x03\x04damaged", "b.txt": "x"})
    assert [name for name, _ in members(content)] == ["a.zip", "b.txt"]


def test_a_bomb_within_is_none_the_less_a_bomb() -> None:
    with pytest.raises(LimitExceededError, match="the limit is 50 times"):
        list(members(zipped({"a.zip": zipped({"b": "0" * 2_000_000})}), ReadingLimits(ratio=50)))
