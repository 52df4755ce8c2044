"""The text of one paragraph of a DOCX, as it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PRINTED = {
    "w:tab": "\t",
    "w:ptab": "\t",
    "w:br": "\n",
    "w:cr": "\n",
    "a:br": "\n",
    "w:noBreakHyphen": "-",
}
_TEXTS = frozenset({"w:t", "m:t", "a:t"})
_DROPPED = frozenset({"w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:rt", "w:delText", "w:instrText"})
_OFF = frozenset({"0", "false", "off"})


def name_of(element: etree._Element) -> str:
    """Name an element by a fixed prefix, the same for transitional and strict documents."""
    space, _, local = str(element.tag).rpartition("}")
    return f"{_PREFIXES.get(space[1:], '?')}:{local}"


def value_of(element: etree._Element, name: str) -> str | None:
    """Return a word-processing attribute of an element."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def child_of(element: etree._Element | None, name: str) -> etree._Element | None:
    """Return the first child of a name, if there is an element and it has one."""
    children = () if element is None else element
    return next((child for child in children if name_of(child) == name), None)


def choose_alternative(element: etree._Element) -> etree._Element:
    """Pick one of several forms of the same content: the newest one that has text."""
    forms = list(element)
    with_text = (form for form in forms if any(name_of(node) in _TEXTS for node in form.iter()))
    return next(with_text, forms[0] if forms else element)


def paragraph_text(paragraph: etree._Element) -> tuple[str, list[etree._Element]]:
    """Return the printed text of a paragraph, and the text boxes anchored in it."""
    parts: list[str] = []
    boxes: list[etree._Element] = []
    _collect(paragraph, parts, boxes)
    return "".join(parts), boxes


def _collect(element: etree._Element, parts: list[str], boxes: list[etree._Element]) -> None:
    for child in element:
        name = name_of(child)
        if name in _DROPPED or (name == "w:r" and _is_hidden(child)):
            continue
        if name in _TEXTS:
            parts.append(_text(child))
        elif name in _PRINTED:
            parts.append(_PRINTED[name])
        elif name == "w:sym":
            parts.append(_symbol(child))
        elif name == "w:txbxContent":
            boxes.append(child)
        elif name == "mc:AlternateContent":
            _collect(choose_alternative(child), parts, boxes)
        else:
            _collect(child, parts, boxes)


def _text(element: etree._Element) -> str:
    text = element.text or ""
    # Word itself drops the blanks around a text that does not ask to keep them.
    return text if element.get(_SPACE) == "preserve" else text.strip(" \t\r\n")


def _symbol(element: etree._Element) -> str:
    """Return the character of a symbol font as it is coded there, mostly for private use."""
    try:
        return chr(int(value_of(element, "char") or "", 16))
    except (ValueError, OverflowError):
        return ""


def _is_hidden(run: etree._Element) -> bool:
    for properties in run:
        if name_of(properties) == "w:rPr":
            for child in properties:
                if name_of(child) == "w:vanish":
                    return value_of(child, "val") not in _OFF
    return False
