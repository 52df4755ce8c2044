"""The measures that claims of the narrative are about, and their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

FUNCTION_EXPENDITURE = "function_expenditure"
"""The measure of figures of a 科目, which the claim names by its functional code."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its key, and its name in Chinese and in English."""

    key: str
    zh: str
    en: str


@cache
def load_measures() -> Mapping[str, Measure]:
    """Give every measure by its key, in the order of `measures.txt`."""
    source = resources.files("openbudget.budget") / "measures.txt"
    lines = source.read_text(encoding="utf-8").splitlines()
    rows = (
        (part.strip() for part in line.split("|")) for line in lines if not line.startswith("#")
    )
    return {measure.key: measure for measure in (Measure(*row) for row in rows)}
