"""Characters and paths by pdf_oxide, the default back end.

Its own table finder is not used: it loses rows.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from itertools import pairwise
from math import nan
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

import pdf_oxide

from openbudget.errors import UnreadableFileError
from openbudget.reading.pdf.page import Frame, turned_box
from openbudget.reading.pdf.paths import Drawn, Point, box_edges, outline_edges, shown
from openbudget.reading.pdf.runs import GAP, Run, runs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pdf_oxide.pdf_oxide import TextChar

    from openbudget.blocks import Box
    from openbudget.reading.pdf.page import Edge
    from openbudget.reading.pdf.runs import Character

ASCENT = 0.86
DESCENT = 0.14
"""The box of a character over and under its baseline, in parts of the font size.

pdf_oxide gives the size only; these are the figures of SimSun, and no other common font is far.
"""

_CHAR = attrgetter("char")
_BOX = attrgetter("bbox")
_DEGREES = attrgetter("rotation_degrees")


# Else it makes up a sentence for each of thousands of steps, which then nobody hears.
pdf_oxide.set_log_level("warn")


class OxideSource:
    """A `PageSource` by pdf_oxide. It cannot tell invisible text, nor does it draw annotations."""

    def __init__(self, content: bytes) -> None:
        """Open a PDF; raises `UnreadableFileError` when it is broken or needs a password."""
        self._damage = _DamageLog()
        self._frames: dict[int, Frame] = {}
        with self._border("the PDF cannot be opened"):
            self._document = pdf_oxide.PdfDocument.from_bytes(content)
            self._pages = int(self._document.page_count)
            warnings = self._document.structured_warnings()
        # Its warnings of an early end are no use: files without any fault have them, too.
        if any(warning.get("category") == "encryption" for warning in warnings):
            raise UnreadableFileError("the PDF is encrypted and needs a password")

    def page_count(self) -> int:
        """Tell how many pages the document has."""
        return self._pages

    def runs(self, page: int) -> list[Run]:
        """List the runs of characters on the visible part of a page."""
        with self._border(f"page {page + 1} of the PDF cannot be read"):
            chars = self._document.extract_chars(page)
            frame = self._frame(page)
            if frame.rotation:
                return frame.shown(_turned_runs(chars, frame))
            if not any(map(_DEGREES, chars)):
                return frame.shown(_upright_runs(chars, frame))
            turned = _turned_runs([char for char in chars if char.rotation_degrees], frame)
            upright = _upright_runs([char for char in chars if not char.rotation_degrees], frame)
            return frame.shown(upright + turned)

    def edges(self, page: int) -> list[Edge]:
        """List the ruling lines of a page."""
        drawn: list[Drawn] = []
        with self._border(f"page {page + 1} of the PDF cannot be read"):
            for path in self._document.extract_paths(page):
                drawn.extend(_path_edges(path))
            return shown(drawn, self._frame(page))

    def close(self) -> None:
        """Do nothing: pdf_oxide frees a document with its last reference."""

    def _frame(self, page: int) -> Frame:
        """Give the frame of a page; kept, since asking for it takes a tenth of reading it."""
        if page not in self._frames:
            document = self._document
            self._frames[page] = Frame.of(
                document.page_media_box(page),
                document.page_crop_box(page),
                document.page_rotation(page),
            )
        return self._frames[page]

    @contextmanager
    def _border(self, what: str) -> Iterator[None]:
        """Let nothing of the library out but `UnreadableFileError`; its panics are no Exception."""
        try:
            with self._damage:
                yield
        except (KeyboardInterrupt, SystemExit, MemoryError, UnreadableFileError):
            raise
        except BaseException as error:
            raise UnreadableFileError(f"{what}: {error}") from error
        if self._damage.message is not None:
            raise UnreadableFileError(f"{what}: {self._damage.message}")


class _DamageLog(logging.Handler):
    """Hears what pdf_oxide only logs: a stream that it could not unpack, or only in part.

    The rest of such a page would be missing without a word.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.message: str | None = None
        self._logger = logging.getLogger("pdf_oxide.decoders")

    def emit(self, record: logging.LogRecord) -> None:
        self.message = f"part of it is damaged ({record.getMessage()})"

    def __enter__(self) -> None:
        self._logger.addHandler(self)

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)


def _upright_runs(chars: Sequence[TextChar], frame: Frame) -> list[Run]:
    """Set the characters of a page that is not turned into the runs that `runs_of` would give.

    Every character of a file passes here: so all is done in place.
    """
    boxes: Iterable[Box] = map(_BOX, chars)
    if frame.left:
        boxes = ((x - frame.left, y, advance, size) for x, y, advance, size in boxes)
    lefts: list[float] = []
    rights: list[float] = []
    starts: list[int] = []
    heights: list[tuple[float, float]] = []
    before_y = before_size = before_left = before_right = gap = nan
    for left, y, advance, size in boxes:
        right = left + advance
        if not (
            y == before_y
            and size == before_size
            and before_left <= left
            and left - before_right <= gap
            and before_right <= right
        ):
            base = frame.top - y
            top, bottom = base - ASCENT * size, base + DESCENT * size
            starts.append(len(lefts))
            heights.append((top, bottom))
            before_y, before_size, gap = y, size, GAP * (bottom - top)
        lefts.append(left)
        rights.append(right)
        before_left, before_right = left, right
    text = "".join(map(_CHAR, chars))
    return [
        Run(text[start:end], lefts[start:end], rights[start:end], top, bottom)
        for (start, end), (top, bottom) in zip(pairwise([*starts, len(text)]), heights, strict=True)
    ]


def _turned_runs(chars: Iterable[TextChar], frame: Frame) -> list[Run]:
    return runs_of(_turned(char, char.rotation_degrees, frame) for char in chars)


def _turned(char: TextChar, degrees: float, frame: Frame) -> Character:
    """Convert a character of a turned page or of sideways text.

    pdf_oxide tells the horizontal part of a width only. Sideways text has none: guess there.
    """
    size = char.font_size
    advance = char.advance_width
    if degrees:
        advance = size if east_asian_width(char.char) in {"W", "F"} else size / 2
    heights = (-DESCENT * size, ASCENT * size)
    box = turned_box((char.origin_x, char.origin_y), degrees, advance, heights)
    return char.char, *frame.box(*box), frame.angle(degrees), None


def _path_edges(path: dict[str, Any]) -> Iterator[Drawn]:
    stroked = path["stroke_color"] is not None
    pieces: list[list[Point]] = [[]]
    for operation in path["operations"]:
        name = operation["op"]
        if name == "rectangle":
            yield from _rectangle_edges(operation, stroked)
        elif name == "line_to":
            pieces[-1].append((operation["x"], operation["y"]))
        elif name == "curve_to":
            pieces.append([(operation["x"], operation["y"])])
        elif name == "close_path":
            pieces[-1].extend(pieces[0][:1])
        elif name == "move_to":
            if any(pieces):
                yield from outline_edges(pieces, stroked)
            pieces = [[(operation["x"], operation["y"])]]
    if any(pieces):
        yield from outline_edges(pieces, stroked)


def _rectangle_edges(operation: dict[str, Any], stroked: bool) -> Sequence[Drawn]:
    x, y = operation["x"], operation["y"]
    right, top = x + operation["width"], y + operation["height"]
    if right < x:
        x, right = right, x
    if top < y:
        y, top = top, y
    return box_edges(x, y, right, top, stroked)
