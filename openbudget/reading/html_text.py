"""The lines of a page as a browser shows them."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

    from openbudget.reading.flow import Item

# fmt: off
DROPPED = frozenset({
    "head", "script", "style", "template", "noscript", "iframe", "object", "audio", "video",
    "canvas", "svg", "select", "option", "datalist",
})
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol",
    "p", "pre", "section", "summary", "ul", "tr", "td", "th", "tbody", "thead", "tfoot",
    "caption",
})
# fmt: on
_PRESERVING = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_NOT_PRINTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_WIDE = frozenset("WF")


def keeps_spaces(element: etree._Element) -> bool:
    """Tell whether an element shows spaces and line breaks as they are in the source."""
    return element.tag == "pre" or bool(_PRESERVING.search(element.get("style") or ""))


class Lines:
    """Collects text into paragraphs; `items` is complete after `end_block`."""

    def __init__(self) -> None:
        """Start without any text."""
        self.items: list[Item] = []
        self._parts: list[tuple[str, bool]] = []

    def add(self, text: str | None, preformatted: bool) -> None:
        """Add text of the source, the end or beginning of which may be in the midst of a word."""
        if text:
            self._parts.append((_NOT_PRINTED.sub("", text), preformatted))

    def break_line(self) -> None:
        """Begin a new line in the same paragraph."""
        self._parts.append(("\n", True))

    def end_block(self) -> None:
        """End the paragraph, if there is any text in it."""
        text = self._collapsed()
        if text:
            self.items.append(text)
        self._parts.clear()

    def _collapsed(self) -> str:
        lines: list[list[str]] = [[]]
        for preformatted, group in groupby(self._parts, key=itemgetter(1)):
            # Neighbouring texts are joined first: spaces over elements collapse together.
            text = "".join(part for part, _ in group)
            if preformatted:
                first, *others = text.replace("\r\n", "\n").split("\n")
                lines[-1].append(first)
                lines += [[other] for other in others]
            else:
                lines[-1].append(_collapse(text, lines[-1]))
        return "\n".join("".join(line).rstrip(" ") for line in lines).strip("\n")


def _collapse(text: str, line: list[str]) -> str:
    """Make runs of spaces one, and none at the beginning of a line or after another."""
    collapsed = _SPACES.sub(_space, text)
    before = next((part for part in reversed(line) if part), " ")
    return collapsed.removeprefix(" ") if before.endswith(" ") else collapsed


def _space(found: re.Match[str]) -> str:
    """Return a space, or nothing for a line break of the source between Chinese characters."""
    if "\n" not in found[0] and "\r" not in found[0]:
        return " "
    before = found.string[found.start() - 1 : found.start()] if found.start() else ""
    after = found.string[found.end() : found.end() + 1]
    wide = all(side and unicodedata.east_asian_width(side) in _WIDE for side in (before, after))
    return "" if wide else " "
