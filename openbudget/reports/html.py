"""A document as a page."""

from __future__ import annotations

from openbudget.budget.document import BudgetDocument


def document_page(document: BudgetDocument) -> str:
    """Write a document as a page."""
    return document.identity.title
