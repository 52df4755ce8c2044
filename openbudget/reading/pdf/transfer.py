"""Blocks of a PDF and errors as JSON, to hand them from one process to another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openbudget.blocks import Anchor, Cell, Grid, Paragraph
from openbudget.errors import LimitExceededError, UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openbudget.blocks import Block

_ERRORS = {"limit": LimitExceededError, "unreadable": UnreadableFileError}


def packed_blocks(blocks: Sequence[Block]) -> bytes:
    """Pack blocks; floats keep every digit."""
    return json.dumps({"blocks": [_pack(block) for block in blocks]}).encode()


def packed_error(error: UnreadableFileError) -> bytes:
    """Pack an error by its kind and its sentence."""
    kind = "limit" if isinstance(error, LimitExceededError) else "unreadable"
    return json.dumps({"error": [kind, str(error)]}).encode()


def unpacked(answer: bytes) -> tuple[Block, ...]:
    """Give the packed blocks, or raise the packed error; `ValueError` when it is neither."""
    content = json.loads(answer)
    if "error" in content:
        kind, sentence = content["error"]
        raise _ERRORS[kind](sentence)
    return tuple(_unpack(*block) for block in content["blocks"])


def _pack(block: Block) -> list[Any]:
    place = [block.anchor.page, block.anchor.box]
    if isinstance(block, Paragraph):
        return [*place, block.text, None]
    cells = [
        [cell.anchor.box, cell.text, cell.row, cell.column, cell.row_span, cell.column_span]
        for cell in block.cells
    ]
    return [*place, None, cells]


def _unpack(page: int, box: list[float], text: str | None, cells: list[list[Any]] | None) -> Block:
    anchor = _anchor(page, box)
    if text is not None:
        return Paragraph(text, anchor)
    return Grid(
        tuple(
            Cell(printed, row, column, _anchor(page, place), row_span, column_span)
            for place, printed, row, column, row_span, column_span in cells or ()
        ),
        anchor,
    )


def _anchor(page: int, box: list[float]) -> Anchor:
    left, top, right, bottom = box
    return Anchor(page=page, box=(left, top, right, bottom))
