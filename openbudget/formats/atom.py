"""Atom feeds, RFC 4287."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

MEDIA_TYPE = "application/atom+xml"
# What XML 1.0 cannot hold, not even escaped.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LASTING = {"\r": "&#13;"}


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `href` may be relative to the feed. `more` are further attributes."""

    rel: str
    href: str
    media_type: str
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry. `id` is any lasting name; `updated` a time of RFC 3339."""

    id: str
    title: str
    updated: str
    author: str
    summary: str
    category: str
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, or one page of it."""

    id: str
    title: str
    updated: str
    author: str
    language: str
    links: Sequence[Link]
    entries: Sequence[Entry]


def write_feed(feed: Feed) -> bytes:
    """Write a feed."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={_quoted(feed.language)}>',
        *_head(feed),
        *(line for entry in feed.entries for line in _entry(entry)),
        "</feed>",
        "",
    ]
    return "\n".join(lines).encode()


def _entry(entry: Entry) -> list[str]:
    return [
        "<entry>",
        *_head(entry),
        f"<category term={_quoted(entry.category)}/>",
        _element("summary", entry.summary),
        "</entry>",
    ]


def _head(own: Feed | Entry) -> list[str]:
    return [
        _element("id", uuid.uuid5(uuid.NAMESPACE_URL, own.id).urn),
        _element("title", own.title),
        _element("updated", own.updated),
        f"<author>{_element('name', own.author)}</author>",
        *map(_link, own.links),
    ]


def _link(link: Link) -> str:
    known = {"rel": link.rel, "href": link.href, "type": link.media_type, **link.more}
    return f"<link {' '.join(f'{name}={_quoted(value)}' for name, value in known.items())}/>"


def _element(name: str, text: str) -> str:
    # A parser of XML makes a line feed of a bare carriage return.
    return f"<{name}>{escape(_clean(text), _LASTING)}</{name}>"


def _quoted(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
