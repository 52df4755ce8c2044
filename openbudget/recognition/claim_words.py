"""The words of claims in `claims.yaml`, compiled once; what is wrong with them is said exactly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

import yaml

from openbudget.budget.measures import load_measures
from openbudget.budget.money import FEN_PER_UNIT
from openbudget.budget.sought import Sought, sought
from openbudget.budget.vocabulary import Phase
from openbudget.errors import LayoutError
from openbudget.yaml_files import load_yaml

FILE = "claims.yaml"
_ROOMS = frozenset(
    (
        *("measures", "filler", "phases", "units", "growth", "share", "whole", "none", "none_gap"),
        *("cause", "placeholders", "ending", "years", "function", "function_marks", "not_claims"),
    )
)
_MEASURE_KEYS = frozenset(("words", "before", "after"))
_NUMBER = (
    # It begins with what few characters are, and looks back from there: that is found quickest.
    r"(?P<number>[-−+\d](?<!\d.)(?<!\d[., \u00a0\u3000].)(?:(?<=\d)|(?<![A-Za-z].)(?=\d))"
    r"\d*+(?:(?<!\d{4})(?:,\d{3})+)?(?:\.\d++)?)(?![.,]?\d)"
)


@dataclass(frozen=True)
class MeasureWords:
    """How a measure is named in front of its figure, or (`after`) behind it."""

    key: str
    words: re.Pattern[str] | None
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


Bundle = tuple[re.Pattern[str], tuple[MeasureWords, ...]]
"""Some measures, and a pattern that finds something where the words of any of them stand."""
_BUNDLE = 10


@dataclass(frozen=True)
class ClaimWords:
    """Everything of `claims.yaml`, compiled."""

    measures: tuple[MeasureWords, ...]
    filler: re.Pattern[str]
    phases: tuple[tuple[re.Pattern[str], Phase], ...]
    figure: re.Pattern[str]
    missing: Sought
    unchanged: re.Pattern[str]
    none: re.Pattern[str]
    none_gap: re.Pattern[str]
    cause: re.Pattern[str]
    share_units: re.Pattern[str]
    count_units: re.Pattern[str]
    verb: re.Pattern[str]
    down: re.Pattern[str]
    share_of: re.Pattern[str]
    share_plan: re.Pattern[str]
    whole: re.Pattern[str]
    year: re.Pattern[str]
    compared: re.Pattern[str]
    as_of: re.Pattern[str]
    planned: re.Pattern[str]
    budgets: re.Pattern[str]
    function: re.Pattern[str]
    function_marks: re.Pattern[str]
    not_claims: Mapping[str, Sought]

    @cached_property
    def conditional_first(self) -> tuple[MeasureWords, ...]:
        """The measures, those with a condition before those that have the same words without."""
        return tuple(sorted(self.measures, key=lambda measure: measure.before is None))

    @cached_property
    def any_phase(self) -> re.Pattern[str]:
        """What finds something wherever words tell a phase."""
        return re.compile(_any([pattern.pattern for pattern, _ in self.phases]))

    @cached_property
    def behind(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """The measures that are named behind a count."""
        return tuple((own.key, own.after) for own in self.measures if own.after)

    @cached_property
    def bundles(self) -> tuple[Bundle, ...]:
        """The measures that have words, a few at a time: most texts have words of few of them."""
        named = [measure for measure in self.conditional_first if measure.words]
        parts = (named[n : n + _BUNDLE] for n in range(0, len(named), _BUNDLE))
        return tuple(
            (re.compile(_any([own.words.pattern for own in part if own.words])), tuple(part))
            for part in parts
        )


@cache
def load_claim_words() -> ClaimWords:
    """Read the words of the package.

    Raises:
        LayoutError: the file is malformed; the message names the place.
    """
    return parse_claim_words((resources.files("openbudget.recognition") / FILE).read_bytes())


def parse_claim_words(content: bytes) -> ClaimWords:
    """Read the words of claims.

    Raises:
        LayoutError: not YAML, a key or measure that is unknown or missing, a malformed pattern.
    """
    try:
        raw = load_yaml(content)
        _check_keys(raw, _ROOMS, "the file")
        _check_keys(raw["measures"], frozenset(load_measures()), "measures")
        return _claim_words(raw)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError, re.error) as error:
        raise LayoutError(f"{FILE}: {error}") from error


def _check_keys(raw: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    wrong = set(raw) ^ known
    if wrong:
        raise LayoutError(f"{FILE}: {where}: unknown or missing keys {sorted(wrong)}")


def _claim_words(raw: Mapping[str, Any]) -> ClaimWords:
    units, growth, years = raw["units"], raw["growth"], raw["years"]
    share, count = _any(units["share"]), _any(units["count"])
    return ClaimWords(
        measures=tuple(_measure(key, entry) for key, entry in raw["measures"].items()),
        filler=re.compile(f"(?>{_any(raw['filler'])})*+"),
        phases=tuple((re.compile(e["pattern"]), Phase(e["phase"])) for e in raw["phases"]),
        figure=re.compile(rf"{_NUMBER}(?:\s{{0,3}}(?P<unit>{_units(units)}))?"),
        missing=_missing(raw),
        unchanged=re.compile(_any(growth["unchanged"])),
        none=re.compile(f"(?<!有)(?:{_any(raw['none'])})"),
        none_gap=re.compile(f"(?:{raw['none_gap']}){{0,6}}"),
        cause=re.compile(raw["cause"]),
        share_units=re.compile(share),
        count_units=re.compile(count),
        verb=_verb(growth),
        down=re.compile(_any(growth["down"])),
        share_of=re.compile(f"{raw['share']['of']}$"),
        share_plan=re.compile(f"{raw['share']['plan']}$"),
        whole=re.compile(_any(raw["whole"])),
        year=re.compile(f"{years['year']}|(?P<last>{years['last_year']})"),
        compared=re.compile(years["compared"]),
        as_of=re.compile(years["as_of"]),
        planned=re.compile(years["planned"]),
        budgets=re.compile(years["budgets"]),
        function=re.compile(_any(raw["function"])),
        function_marks=re.compile(raw["function_marks"]),
        not_claims={name: sought(**found) for name, found in raw["not_claims"].items()},
    )


def _measure(key: str, raw: Mapping[str, Any]) -> MeasureWords:
    unknown = set(raw) - _MEASURE_KEYS
    if unknown:
        raise LayoutError(f"{FILE}: {key}: unknown keys {sorted(unknown)}")
    before, after = raw.get("before"), raw.get("after")
    return MeasureWords(
        key,
        re.compile(_any(raw["words"])) if raw["words"] else None,
        re.compile(before) if before else None,
        re.compile(after) if after else None,
    )


def _units(raw: Mapping[str, list[str]]) -> str:
    money = sorted(FEN_PER_UNIT, key=len, reverse=True)
    return _any([*money, *raw["money_without_yuan"], *raw["share"], *raw["count"]])


def _missing(raw: Mapping[str, Any]) -> Sought:
    """A unit where the figure is left out, or stands as in the blank form."""
    money = _any(sorted(FEN_PER_UNIT, key=len, reverse=True))
    pattern = (
        rf"(?<![\d百千万亿.\s])(?:{raw['placeholders']})?\s{{0,3}}(?P<unit>{money}|%)"
        rf"(?=\s{{0,3}}(?:{raw['ending']}|$))"
    )
    begins = "".join(sorted({unit[0] for unit in FEN_PER_UNIT}))
    return sought(pattern, rf"[{begins}%](?<![\d百千万亿.].)")


def _verb(growth: Mapping[str, Any]) -> re.Pattern[str]:
    """A verb of growth in front of its figure; the blank form has 下降（增长）, both."""
    verbs = _any(sorted([*growth["up"], *growth["down"]], key=len, reverse=True))
    either = rf"(?:[(/](?:{verbs})[)]?)?"
    return re.compile(rf"(?P<verb>{verbs}){either}{growth['tail']}[:]?$")


def _any(patterns: list[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)
