"""The seed as it is read: the crosswalk of the two economic classifications."""

from __future__ import annotations

from openbudget.budget.classification import CrosswalkPair, Provenance
from openbudget.budget.vocabulary import Scheme
from openbudget.loading.seed import Seed


def test_crosswalk_is_read_with_its_conditions_and_origins(seed: Seed) -> None:
    assert seed.lists.crosswalk[0] == CrosswalkPair(
        department_economic="30101",
        government_economic="50101",
        condition="unit is an administrative organ (机关, incl. units managed as civil service)",
        provenance=Provenance.SEEN,
        note="seen in: 2018 correspondence table (web copy)",
    )


def test_crosswalk_names_codes_of_the_lists_only(seed: Seed) -> None:
    department = seed.lists.for_year(Scheme.DEPARTMENT_ECONOMIC, 2024)
    government = seed.lists.for_year(Scheme.GOVERNMENT_ECONOMIC, 2024)
    assert department is not None
    assert government is not None
    pairs = seed.lists.crosswalk
    assert {pair.department_economic for pair in pairs} <= set(department.by_code)
    assert {pair.government_economic for pair in pairs} <= set(government.by_code)
