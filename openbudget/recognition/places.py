"""The administrative division that the name of an office begins with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from openbudget.budget.classification import Division
from openbudget.budget.folding import fold
from openbudget.recognition.words import load_words

_HEADINGS = frozenset(["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"])


class Places:
    """Finds divisions by the names that stand in front of the name of an office."""

    def __init__(self, divisions: Sequence[Division]) -> None:
        """Index the divisions by name; those that are no longer in use come second."""
        self._by_code = {division.code: division for division in divisions}
        self._in_use = _by_name([d for d in divisions if d.valid_to is None])
        self._all = _by_name(divisions)

    def find(self, name: str) -> str | None:
        """Give the code of the lowest division that a name begins with: 上海市普陀区… -> 310107.

        A name that fits several places (朝阳区…) is of none that is known.
        """
        bare = load_words().identity.party_prefix.sub("", fold(name), count=1)
        for index in (self._in_use, self._all):
            found = self._lowest(bare, index)
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    def is_place(self, name: str) -> bool:
        """Whether a name is that of a place and nothing else."""
        code = self.find(name)
        return code is not None and fold(name).endswith(fold(self._by_code[code].name_zh))

    def _lowest(self, name: str, index: Mapping[str, list[Division]]) -> set[str]:
        found: dict[int, set[str]] = defaultdict(set)
        for end, division in _prefixes(name, index):
            self._descend(name, end, division, index, found)
        return found[max(found)] if found else set()

    def _descend(
        self,
        name: str,
        start: int,
        division: Division,
        index: Mapping[str, list[Division]],
        found: dict[int, set[str]],
    ) -> None:
        """Follow the names of places below a division as far as they go."""
        below = [
            (start + length, lower)
            for length, lower in _prefixes(name[start:], index)
            if self._is_below(lower, division)
        ]
        if not below:
            found[start].add(division.code)
        for end, lower in below:
            self._descend(name, end, lower, index, found)

    def _is_below(self, lower: Division, division: Division) -> bool:
        above = lower.parent
        while above is not None and above != division.code:
            above = self._by_code[above].parent if above in self._by_code else None
        return above is not None


def _by_name(divisions: Sequence[Division]) -> dict[str, list[Division]]:
    index: dict[str, list[Division]] = defaultdict(list)
    for division in divisions:
        if division.name_zh not in _HEADINGS:
            index[fold(division.name_zh)].append(division)
    return dict(index)


def _prefixes(name: str, index: Mapping[str, list[Division]]) -> list[tuple[int, Division]]:
    longest = min(len(name), 20)
    return [(n, division) for n in range(2, longest + 1) for division in index.get(name[:n], ())]
