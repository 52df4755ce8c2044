"""Links between claims: what a growth or a share is of, and what it is measured against."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from openbudget.budget.claim import Claim, ClaimKind
from openbudget.budget.vocabulary import Phase
from openbudget.frozen import dataclass

_Key = tuple[str | None, str | None, int | None, Phase | None]


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim whose links are not known yet.

    `front` is the number of the claim that the same sentences speak of, `base` that of a figure
    printed for comparison; `whole` names the measure that a share is of.
    """

    claim: Claim
    front: int | None = None
    base: int | None = None
    whole: str | None = None


class _Index:
    """Amounts and counts by what they are of, to find the nearest."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._numbers: dict[_Key, list[int]] = defaultdict(list)
        for claim in claims:
            if claim.kind in (ClaimKind.AMOUNT, ClaimKind.COUNT) and claim.measure:
                key = (claim.measure, claim.function, claim.fiscal_year)
                self._numbers[*key, claim.phase].append(claim.number)

    def nearest(self, key: _Key, number: int) -> int | None:
        """Give the last one in front of a claim, else the first behind it."""
        numbers = self._numbers.get(key, [])
        at = bisect_left(numbers, number)
        return numbers[at - 1] if at else (numbers[0] if numbers else None)


def link_claims(drafts: Sequence[Draft]) -> tuple[Claim, ...]:
    """Give every claim with its links."""
    claims = [draft.claim for draft in drafts]
    index = _Index(claims)
    return tuple(_link(draft, claims, index) for draft in drafts)


def _link(draft: Draft, claims: Sequence[Claim], index: _Index) -> Claim:
    if draft.claim.kind is ClaimKind.GROWTH:
        return _growth(draft, claims, index)
    return _share(draft, index) if draft.claim.kind is ClaimKind.SHARE else draft.claim


def _growth(draft: Draft, claims: Sequence[Claim], index: _Index) -> Claim:
    claim = draft.claim
    front = claims[draft.front - 1] if draft.front else None
    about = draft.front if front and _same(front, claim) else _amount(claim, index)
    base = draft.base
    if base is None and claim.measure and claim.base_year:
        key = (claim.measure, claim.function, claim.base_year, claim.base_phase)
        base = index.nearest(key, claim.number)
    return replace(claim, about=about, base=base if base != about else None)


def _same(one: Claim, other: Claim) -> bool:
    return (one.measure, one.function, one.fiscal_year) == (
        other.measure,
        other.function,
        other.fiscal_year,
    )


def _amount(claim: Claim, index: _Index) -> int | None:
    if claim.measure is None:
        return None
    key = (claim.measure, claim.function, claim.fiscal_year)
    return index.nearest((*key, claim.phase), claim.number)


def _share(draft: Draft, index: _Index) -> Claim:
    claim, base = draft.claim, draft.base
    if draft.whole:
        base = index.nearest((draft.whole, None, claim.fiscal_year, claim.phase), claim.number)
    elif base is None and claim.base_phase:
        key = (claim.measure, claim.function, claim.base_year, claim.base_phase)
        base = index.nearest(key, claim.number) if claim.measure else None
    return replace(claim, about=draft.front, base=base if base != draft.front else None)
