from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbudget.blocks import Anchor, Cell, Grid, Paragraph
from openbudget.errors import UnreadableFileError
from openbudget.reading.text import read_text
from tests.conftest import FIRST


def test_cells_rows_and_tables() -> None:
    blocks = read_text("标题\n\n\ta\n\t\n\n\tb\nc\n\t d \n\n\n\te\n".encode())
    first = (
        Cell("a", 0, 0, Anchor(line=3)),
        Cell("", 0, 1, Anchor(line=4)),
        Cell("b\nc", 1, 0, Anchor(line=6)),
        Cell(" d ", 1, 1, Anchor(line=8)),
    )
    assert blocks == (
        Paragraph("标题", Anchor(line=1)),
        Grid(first, Anchor(line=3), ragged=True),
        Grid((Cell("e", 0, 0, Anchor(line=11)),), Anchor(line=11), ragged=True),
    )


def test_the_first_document_has_all_its_cells() -> None:
    blocks = read_text(FIRST.read_bytes())
    cells = [cell for block in blocks if isinstance(block, Grid) for cell in block.cells]
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    assert len(cells) == 1503
    assert sum(bool(cell.text.strip()) for cell in cells) == 796
    assert len(paragraphs) == 40


def test_line_ends_of_other_systems_change_nothing() -> None:
    content = FIRST.read_bytes()
    assert read_text(content.replace(b"\n", b"\r\n")) == read_text(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b" \n\t\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "the file is binary, not a text"),
        ("表\n预算".encode("gb18030"), "the text is not UTF-8 (line 1)"),
        (
            "表\n预算".encode()[:-1],
            "the text is not UTF-8 (line 2) and ends in the middle of a character",
        ),
    ],
)
def test_what_is_no_text_is_said_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_text(content)
    assert str(caught.value) == sentence


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_otherwise(content: bytes) -> None:
    with suppress(UnreadableFileError):
        cells = [c for b in read_text(content) if isinstance(b, Grid) for c in b.cells]
        assert all(cell.anchor.line for cell in cells)
