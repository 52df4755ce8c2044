"""Holds documents of one department against each other."""

from __future__ import annotations

from collections.abc import Sequence

from openbudget.budget.document import RelatedDocument
from openbudget.budget.finding import RelatedFinding


def check_related(
    own: RelatedDocument, others: Sequence[RelatedDocument]
) -> Sequence[RelatedFinding]:
    """Hold a document against others of its department."""
    del own, others
    return ()
