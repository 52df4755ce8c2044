"""Patterns that are looked for in many texts and found in few."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Sought:
    """A pattern, and a quicker one (`sign`) that finds something in every text that it does."""

    pattern: re.Pattern[str]
    sign: re.Pattern[str]

    def find(self, text: str) -> Iterable[re.Match[str]]:
        """Find every match; most texts hold no sign of one."""
        return self.pattern.finditer(text) if self.sign.search(text) else ()

    def within(self, text: str) -> bool:
        """Whether there is a match in a text."""
        return self.sign.search(text) is not None and self.pattern.search(text) is not None


@cache
def sought(pattern: str, sign: str = "") -> Sought:
    """Compile a pattern and its sign; without one every text is looked at closely."""
    return Sought(re.compile(pattern), re.compile(sign))
