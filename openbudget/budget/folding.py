"""Folding texts for comparison only: what is kept is always the text as printed."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH = 0x4E00, 0x9FFF
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
    return _may_change().sub(_folded_match, text)


@cache
def _may_change() -> re.Pattern[str]:
    """Find all but ASCII, usual punctuation, and the ideographs that are no variants."""
    kept, begin = [" -~。、“”"], _FIRST_IDEOGRAPH
    for code in (*sorted(_variants()), _LAST_IDEOGRAPH + 1):
        if begin < code <= _LAST_IDEOGRAPH + 1:
            kept.append(f"{chr(begin)}-{chr(code - 1)}")
        begin = max(begin, code + 1)
    return re.compile(f"[^{''.join(kept)}]")


def _folded_match(match: re.Match[str]) -> str:
    return _folded(match[0])


@lru_cache(maxsize=65_536)
def _folded(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    return fold_characters(folded if len(folded) == 1 else character)


@cache
def _variants() -> dict[int, str]:
    source = resources.files("openbudget.budget") / "variants.txt"
    lines = source.read_text(encoding="utf-8").splitlines()
    pairs = (pair for line in lines if not line.startswith("#") for pair in line.split())
    return {ord(pair[0]): pair[1] for pair in pairs}
