"""Folding for matching only: what is kept is always the text as printed."""

from __future__ import annotations

import re
import unicodedata

_DROPPED = re.compile(r"[\s“”\"‘’'「」《》]+")
_BRACKETED = re.compile(r"\([^()]*\)")
_YEAR = re.compile(r"^\d{4}年度?")


def fold(text: str) -> str:
    """Fold full-width forms, spaces and quotes away: ``收    入`` and ``收入`` become equal."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text))


def fold_label(text: str) -> str:
    """Fold a heading or field label; brackets, a year in front and a final colon say nothing."""
    bare = _BRACKETED.sub("", fold(text)).rstrip(":")
    return _YEAR.sub("", bare)
