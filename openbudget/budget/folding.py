"""Folding texts for comparison only: what is kept is always the text as printed."""

from __future__ import annotations

import re
import unicodedata

_DROPPED = re.compile(r"[\s“”\"‘’'「」《》]+")


def fold(text: str) -> str:
    """Fold full-width forms, spaces and quotes away: ``收    入`` and ``收入`` become equal."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text))
