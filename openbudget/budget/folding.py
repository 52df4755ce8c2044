"""Folding texts for comparison only: what is kept is always the text as printed."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH = 0x4E00, 0x9FFF
_QUOTES = re.compile("[“”\"‘’'「」《》]+")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Fold full-width forms, spaces and quotes away: ``收    入`` and ``收入`` become equal.

    Traditional characters and radicals become the usual ones: ``單位`` is matched as ``单位``.
    """
    bare = "".join(unicodedata.normalize("NFKC", text).split())
    return fold_characters(_QUOTES.sub("", bare) if _QUOTES.search(bare) else bare)


def fold_characters(text: str) -> str:
    """Fold character for character, by `variants.txt`: the length stays as it is."""
    table, any_variant = _variants()
    # Looking for such a character is ten times faster than translating, and few texts have one.
    return text.translate(table) if any_variant.search(text) else text


def fold_each(text: str) -> str:
    """Fold full-width and traditional forms, each character into one."""
    return _may_change().sub(_folded_match, text)


@cache
def _may_change() -> re.Pattern[str]:
    """Find all but ASCII, usual punctuation, and the ideographs that are no variants."""
    table, _ = _variants()
    kept, begin = [" -~。、“”"], _FIRST_IDEOGRAPH
    for code in (*sorted(table), _LAST_IDEOGRAPH + 1):
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
def _variants() -> tuple[dict[int, str], re.Pattern[str]]:
    """Give what each variant becomes, and the pattern that finds one."""
    source = resources.files("openbudget.budget") / "variants.txt"
    lines = source.read_text(encoding="utf-8").splitlines()
    pairs = (pair for line in lines if not line.startswith("#") for pair in line.split())
    table = {pair[0]: pair[1] for pair in pairs}
    return str.maketrans(table), re.compile(f"[{re.escape(''.join(table))}]")
