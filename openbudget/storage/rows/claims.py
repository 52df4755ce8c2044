"""The rows of claims."""

from __future__ import annotations

from openbudget.budget.claim import Claim
from openbudget.storage.rows.parts import Values, place_of


def claim_values(claim: Claim) -> Values:
    """Give the row of a claim."""
    return {
        "id": f"claims.{claim.number}",
        "kind": claim.kind.value,
        "measure": claim.measure,
        "label": claim.label,
        "function": claim.function,
        "own_year": claim.fiscal_year,
        "own_phase": claim.phase and claim.phase.value,
        "figure": None if claim.figure is None else format(claim.figure, "f"),
        "printed_text": claim.text,
        "printed_unit": claim.unit,
        "amount_fen": claim.fen,
        "sentence": claim.sentence,
        "section": claim.section,
        "place": place_of(claim.place),
        "about": claim.about,
        "base": claim.base,
        "base_year": claim.base_year,
        "base_phase": claim.base_phase and claim.base_phase.value,
    }
