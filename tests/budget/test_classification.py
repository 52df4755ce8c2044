"""What is worked out of an edition is worked out once, and never taken for that of another."""

from __future__ import annotations

from openbudget.budget.classification import (
    ClassificationEdition,
    EditionDescription,
    once_per_edition,
)
from openbudget.budget.vocabulary import Scheme


def test_an_edition_is_asked_once_and_its_equal_for_itself() -> None:
    asked: list[ClassificationEdition] = []

    @once_per_edition
    def year(edition: ClassificationEdition) -> int:
        asked.append(edition)
        return edition.description.first_year or 0

    editions = [edition(2024), edition(2024), edition(2025)]
    assert [year(own) for own in editions * 2] == [2024, 2024, 2025] * 2
    assert [id(own) for own in asked] == [id(own) for own in editions]


def test_many_editions_are_told_apart() -> None:
    years = once_per_edition(lambda own: own.description.first_year)
    assert [years(edition(year)) for year in range(500)] == list(range(500))


def edition(year: int) -> ClassificationEdition:
    return ClassificationEdition(EditionDescription(Scheme.FUNCTIONAL, "any", first_year=year), ())
