from __future__ import annotations

import io
import pickle
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openbudget.blocks import Anchor, Cell, Grid
from openbudget.errors import UnreadableFileError
from openbudget.loading.packing import pack
from openbudget.loading.pipeline import ReadFile
from openbudget.loading.task import Answer

if TYPE_CHECKING:
    from openbudget.budget.document import BudgetDocument


@dataclass(frozen=True)
class One:
    only: tuple[int, ...]


@dataclass
class Named:
    first: int
    second: int = field(kw_only=True)


@dataclass
class Nothing:
    pass


def through(message: object) -> object:
    stream = io.BytesIO()
    pack(message, stream)
    stream.seek(0)
    return pickle.load(stream)  # noqa: S301 - packed right here


def test_a_document_comes_through_unchanged(first_document: BudgetDocument) -> None:
    answer = Answer(ReadFile(b"\0\xff", first_document), seconds=0.5)
    assert through(answer) == answer


def test_every_kind_of_dataclass_comes_through() -> None:
    grid = Grid((Cell("1", 0, 0, Anchor(line=1)),), Anchor(line=1), ragged=True)
    values = [One((1, 2)), Named(1, second=2), Nothing(), grid, Answer(), One, None]
    assert through(values) == values
    assert through(grid).rows == grid.rows  # type: ignore[attr-defined]


def test_errors_come_through() -> None:
    error = through([("a.pdf", UnreadableFileError("it is damaged"))])
    assert repr(error) == "[('a.pdf', UnreadableFileError('it is damaged'))]"
