"""Breaking lines for a terminal, where Chinese characters are two columns wide."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openbudget.reports.batch import readable
from openbudget.reports.terminal import display_width

_NOT_FIRST = "，。、；：？！）》」』】”’％%,.;:?!)]}"
_NOT_LAST = "（《「『【“‘([{"
# A figure stays whole, and so does a word; every other character may stand alone.
_PIECE = re.compile(r"[\x21-\x7e]+|\s+|.", re.DOTALL)


def plain(text: str) -> str:
    """Put a text of strangers on one line, with escapes for what a terminal would act on."""
    return readable(" ".join(text.split()))


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> Iterator[str]:
    """Break a text into lines of a width, which begin with `first`, and then with `rest`.

    `rest` is as much space as `first` takes, unless given. What is longer than a line, and has no
    place to break, stays whole.
    """
    rest = " " * display_width(first) if rest is None else rest
    line, start = first, first
    for piece in _pieces(plain(text)):
        if display_width(line + piece.rstrip()) > width and line != start:
            yield line.rstrip()
            line, start = rest + piece.lstrip(), rest
        else:
            line += piece
    yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """Give what is not broken: words, and characters with the marks that cling to them."""
    held = ""
    for piece in _PIECE.findall(text):
        clings = piece[0] in _NOT_FIRST or (held and held[-1] in _NOT_LAST)
        if held and not clings:
            yield held
            held = ""
        held += piece
    if held:
        yield held
