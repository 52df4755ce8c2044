"""Citations of published documents as text, by GB/T 7714-2015.

A budget document is an electronic bulletin read online, `[EB/OL]`. The standard's order (4.6.2) is:
creator, title with other title information, marks, (date of publication), [date of access], access
path, unique identifier. What is not known is left out: nothing is guessed, and the date of access
is the reader's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from openbudget.yaml_files import load_yaml

MEDIA_TYPE = "text/plain"
_MARKS = "[EB/OL]"


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A place in a published file: the printed title of its table, if any, and its anchor."""

    title: str | None
    anchor: Mapping[str, Any]

    def text(self, language: str) -> str:
        """Say where it is in its table and in its file, in `zh` or `en`; may be empty."""
        known = _words().items()
        said = [
            words[language].format(self.anchor[key])
            for key, words in known
            if self.anchor.get(key) is not None
        ]
        return ", ".join(said)


@dataclass(frozen=True, slots=True)
class Reference:
    """One version of a published document, and the places in it that are cited.

    `key` names it in a bibliography, `href` leads to the very version. `published` and `accessed`
    are dates, `origin` is the address of publication: None where not known.
    """

    key: str
    publisher: str
    title: str
    fiscal_year: int
    sha256: str
    href: str
    places: Sequence[CitedPlace] = ()
    published: str | None = None
    origin: str | None = None
    accessed: str | None = None


def write_gb_t_7714(reference: Reference) -> str:
    """Write a reference as GB/T 7714-2015 has it, in Chinese, the language of the source."""
    about = [*_year(reference), *said_places(reference.places, "zh")]
    title = ": ".join([one_line(reference.title), *(["; ".join(about)] if about else [])])
    published = f"({reference.published})" if reference.published else ""
    accessed = f"[{reference.accessed}]" if reference.accessed else ""
    parts = [
        one_line(reference.publisher),
        f"{title}{_MARKS}",
        published + accessed,
        reference.href,
        f"SHA-256: {reference.sha256}",
    ]
    return ". ".join(part for part in parts if part) + "."


def said_places(places: Sequence[CitedPlace], language: str) -> Iterator[str]:
    """Say places table by table, each table once, in the order in which they are first named."""
    tables: dict[str | None, dict[str, None]] = {}
    for place in places:
        tables.setdefault(place.title, {})[place.text(language)] = None
    for title, texts in tables.items():
        said = "; ".join(text for text in texts if text)
        if title is None:
            yield from [said] if said else []
        else:
            yield f"{one_line(title)}({said})" if said else one_line(title)


def one_line(text: str) -> str:
    """Put a printed text, which may have line breaks, in one line."""
    return " ".join(text.split())


def _year(reference: Reference) -> Iterator[str]:
    """Give the fiscal year where the title does not name it."""
    if str(reference.fiscal_year) not in reference.title:
        yield f"{reference.fiscal_year}年度"


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    source = resources.files("openbudget.formats") / "citation_words.yaml"
    found: dict[str, dict[str, str]] = load_yaml(source.read_bytes())
    return found
