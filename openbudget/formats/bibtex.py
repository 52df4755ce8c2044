"""BibTeX: a reference as an entry that BibTeX, biber and reference managers read."""

from __future__ import annotations

from collections.abc import Iterator

from openbudget.formats.citation import Reference, one_line, said_places

MEDIA_TYPE = "application/x-bibtex"
# Braces by name: BibTeX counts them even behind a backslash, so that one alone ends no value.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{char: f"\\{char}" for char in "%&#_$"},
    }
)


def write_bibtex(reference: Reference) -> str:
    """Write a reference as one entry, with a line break at its end.

    It is a `misc`, the only type that needs no year: the date of publication is seldom known, and
    the fiscal year is none.
    """
    lines = [f"  {name} = {{{value}}}," for name, value in _fields(reference)]
    return "\n".join([f"@misc{{{reference.key},", *lines, "}", ""])


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    """Give the fields; names and titles in braces of their own, so that no style takes them apart.

    A url is no text for TeX and stands as it is.
    """
    yield "author", f"{{{escape(reference.publisher)}}}"
    yield "title", f"{{{escape(_title(reference))}}}"
    if reference.published:
        yield "year", escape(reference.published[:4])
        yield "date", escape(reference.published)
    if reference.origin:
        yield "howpublished", escape(reference.origin)
    yield "url", reference.href
    if reference.accessed:
        yield "urldate", reference.accessed
    yield "note", escape(_note(reference))


def _title(reference: Reference) -> str:
    tables = dict.fromkeys(one_line(place.title) for place in reference.places if place.title)
    return ": ".join([one_line(reference.title), *(["; ".join(tables)] if tables else [])])


def _note(reference: Reference) -> str:
    parts = [
        f"Fiscal year {reference.fiscal_year}",
        *said_places(reference.places, "en"),
        f"SHA-256 {reference.sha256}",
    ]
    return "; ".join(parts)


def escape(text: str) -> str:
    """Write a text so that TeX sets it as it is, in one line; Chinese stays Chinese."""
    return one_line(text).translate(_ESCAPES)
