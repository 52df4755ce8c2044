"""Folding of headings and labels for matching."""

from __future__ import annotations

import re
from functools import lru_cache

from openbudget.budget.folding import fold

_BRACKETED = re.compile(r"\([^()]*\)")
_YEAR = re.compile(r"\d{4}年度?|^\d{4}-度?")  # the 年 of old pages may have become a dash


@lru_cache(maxsize=65_536)
def fold_label(text: str) -> str:
    """Fold a heading or field label; brackets, years and a final colon say nothing."""
    bare = _BRACKETED.sub("", fold(text)).rstrip(":")
    return _YEAR.sub("", bare)
