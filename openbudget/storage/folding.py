"""Texts as they are searched."""

from __future__ import annotations

from openbudget.budget.folding import fold


def search_fold(text: str) -> str:
    """Fold a text for searching: full-width forms, spaces, quotes and case say nothing."""
    return fold(text).casefold()
