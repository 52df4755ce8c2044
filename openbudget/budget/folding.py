"""Folding texts for comparison only: what is kept is always the text as printed."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

_DROPPED = re.compile(r"[\s“”\"‘’'「」《》]+")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Fold full-width forms, spaces and quotes away: ``收    入`` and ``收入`` become equal.

    Traditional characters and radicals become the usual ones: ``單位`` is matched as ``单位``.
    """
    return fold_characters(_DROPPED.sub("", unicodedata.normalize("NFKC", text)))


def fold_characters(text: str) -> str:
    """Fold character for character, by `variants.txt`: the length stays as it is."""
    return text.translate(_variants())


def fold_each(text: str) -> str:
    """Fold full-width and traditional forms, each character into one."""
    return text.translate(_EACH)


_MOST_KEPT = 65_536


class _Each(dict[int, str]):
    """What each character becomes, found out when it first comes."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code))
        found = fold_characters(folded if len(folded) == 1 else chr(code))
        if len(self) < _MOST_KEPT:
            self[code] = found
        return found


_EACH = _Each()


@cache
def _variants() -> dict[int, str]:
    source = resources.files("openbudget.budget") / "variants.txt"
    lines = source.read_text(encoding="utf-8").splitlines()
    pairs = (pair for line in lines if not line.startswith("#") for pair in line.split())
    return {ord(pair[0]): pair[1] for pair in pairs}
