"""The shared vocabulary of `layouts/vocabulary.yaml`, compiled once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from openbudget.budget.folding import fold
from openbudget.recognition.folding import fold_label
from openbudget.yaml_files import load_yaml


@dataclass(frozen=True)
class QuantityWords:
    """Units, multipliers and comparators of quantities, and the pattern that finds them."""

    pattern: re.Pattern[str]
    bare: re.Pattern[str]
    period: re.Pattern[str]
    subject_noise: re.Pattern[str]
    multipliers: dict[str, int]
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True)
class PeriodWords:
    """What a heading says about the year and the phase of the money below it."""

    pattern: re.Pattern[str]
    phase: str | None = None
    year: int = 0
    in_final_accounts: bool = False


@dataclass(frozen=True)
class IdentityWords:
    """Where a document says whose budget it is; the patterns match texts without spaces.

    `headings` are patterns, each with the words of which one ends what it matches.
    """

    covers: tuple[re.Pattern[str], ...]
    table_year: re.Pattern[str]
    labels: tuple[tuple[re.Pattern[str], str | None], ...]
    coded_name: re.Pattern[str]
    headings: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]
    party_prefix: re.Pattern[str]
    not_a_name: re.Pattern[str]
    phases: tuple[tuple[str, str], ...]
    scopes: dict[str, str]


@dataclass(frozen=True)
class Words:
    """Words that mean the same in every layout; patterns match folded text unless said."""

    title_number: re.Pattern[str]
    title_scope: re.Pattern[str]
    title_filler: re.Pattern[str]
    title_continued: re.Pattern[str]
    title_owner: re.Pattern[str]
    leaders: re.Pattern[str]
    contents_heading: frozenset[str]
    contents_first: frozenset[str]
    contents_entry: re.Pattern[str]
    page_number: re.Pattern[str]
    caption: re.Pattern[str]
    column_numbers: re.Pattern[str]
    not_money: re.Pattern[str]
    list_headings: frozenset[str]
    periods: tuple[PeriodWords, ...]
    totals: frozenset[str]
    note: re.Pattern[str]
    unit: re.Pattern[str]
    unit_behind: re.Pattern[str]
    year_caption: re.Pattern[str]
    item_prefix: re.Pattern[str]
    placeholder: re.Pattern[str]
    indicator_label: re.Pattern[str]
    personal: dict[str, re.Pattern[str]]
    personal_inline: dict[str, re.Pattern[str]]
    personal_character: re.Pattern[str]
    telephone: re.Pattern[str]
    document_number: re.Pattern[str]
    headings: tuple[re.Pattern[str], ...]
    not_heading: re.Pattern[str]
    staff_heading: re.Pattern[str]
    staff: tuple[re.Pattern[str], ...]
    quantities: QuantityWords
    identity: IdentityWords


@cache
def load_words() -> Words:
    """Read the vocabulary of the package."""
    path = resources.files("openbudget.recognition") / "layouts" / "vocabulary.yaml"
    raw = load_yaml(path.read_bytes())
    narrative = raw["narrative"]
    contents = frozenset(fold(label) for label in raw["contents_headings"])
    return Words(
        title_number=re.compile(
            rf"\s*(?P<number>{_any(raw['title_numbers'])})[\s、.．:：]*(?P<name>\S.*)"
        ),
        title_scope=re.compile(raw["title_scope"]),
        title_filler=re.compile(_any(raw["title_filler"])),
        title_continued=re.compile(raw["title_continued"]),
        title_owner=re.compile(raw["title_owner"]),
        leaders=re.compile(raw["leaders"]),
        contents_heading=contents,
        contents_first=frozenset(heading[:1] for heading in contents) | {""},
        contents_entry=re.compile(_any(raw["contents_entries"])),
        page_number=re.compile(_any(raw["page_numbers"])),
        caption=re.compile(raw["caption"]),
        column_numbers=re.compile(_any(raw["column_numbers"])),
        not_money=re.compile(_any(raw["not_money"])),
        list_headings=frozenset(fold_label(label) for label in raw["list_headings"]),
        periods=tuple(_period_words(entry) for entry in raw["periods"]),
        totals=frozenset(fold(label) for label in raw["total_labels"]),
        note=re.compile(rf"(?:{_any(raw['note_marks'])})[:：]"),
        unit=re.compile(raw["unit_label"]),
        unit_behind=re.compile(rf"\s+[(（]?{raw['unit_label']}[)）]?\s*$"),
        year_caption=re.compile(raw["year_caption"]),
        item_prefix=re.compile(rf"^(?:{_any(raw['item_prefixes'])})+"),
        placeholder=re.compile(_any(raw["placeholders"])),
        indicator_label=re.compile(raw["indicator_label"], re.DOTALL),
        personal={kind: re.compile(label) for kind, label in raw["personal"].items()},
        personal_inline=_inline(raw["personal"], raw["telephone_number"]),
        personal_character=re.compile(f"[{raw['personal_characters']}]"),
        telephone=re.compile(raw["telephone_number"]),
        document_number=re.compile(raw["document_number"]),
        headings=tuple(re.compile(rf"\s*{pattern}") for pattern in narrative["headings"]),
        not_heading=re.compile(narrative["not_headings"], re.DOTALL),
        staff_heading=re.compile(narrative["staff"]["heading"]),
        staff=tuple(re.compile(pattern) for pattern in narrative["staff"]["patterns"]),
        quantities=_quantity_words(raw["quantities"]),
        identity=_identity_words(raw["identity"]),
    )


def _inline(labels: dict[str, str], telephone: str) -> dict[str, re.Pattern[str]]:
    """Label and text in one piece: a colon, a line break, a name in brackets, or a number."""
    found = {
        kind: rf"(?:{label})(?:\s*[:\n]\s*\S|\s*\([一-龥]{{2,4}}\))"
        for kind, label in labels.items()
    }
    found["telephone"] += rf"|(?:{labels['telephone']})[^\d\n]{{0,6}}(?:{telephone})"
    return {kind: re.compile(pattern) for kind, pattern in found.items()}


def _any(patterns: list[str]) -> str:
    return "|".join(patterns)


def _identity_words(raw: dict[str, Any]) -> IdentityWords:
    return IdentityWords(
        covers=tuple(re.compile(pattern) for pattern in raw["covers"]),
        table_year=re.compile(raw["table_year"]),
        labels=tuple(
            (re.compile(rf"(?:{_any(entry['labels'])}):(?P<name>[^:]+)"), entry.get("scope"))
            for entry in raw["publisher"]
        ),
        coded_name=re.compile(raw["coded_name"]),
        headings=tuple(
            (re.compile(f"{entry['name']}(?:{_any(entry['ends'])})"), tuple(entry["ends"]))
            for entry in raw["headings"]
        ),
        party_prefix=re.compile(_any(raw["party_prefixes"])),
        not_a_name=re.compile(raw["not_a_name"]),
        phases=tuple((entry["word"], entry["phase"]) for entry in raw["phases"]),
        scopes=raw["scopes"],
    )


def _period_words(raw: dict[str, Any]) -> PeriodWords:
    return PeriodWords(**{**raw, "pattern": re.compile(raw["pattern"])})


def _longest_first(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _quantity_words(raw: dict[str, Any]) -> QuantityWords:
    before = {word: sign for sign, words in raw["before"].items() for word in words}
    after = {word: sign for sign, words in raw["after"].items() for word in words}
    number = r"(?<![\d.,])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    units = _longest_first([unit for group in raw["units"] for unit in group])
    multiplier = _longest_first(list(raw["multipliers"]))
    lead = rf"(?P<before>{_longest_first(list(before))})?\s*{number}\s*"
    tail = (
        rf"(?P<multiplier>{multiplier})?(?P<unit>{units})(?P<after>{_longest_first(list(after))})?"
    )
    return QuantityWords(
        pattern=re.compile(lead + tail),
        bare=re.compile(lead),
        period=re.compile(raw["period"]),
        subject_noise=re.compile(raw["subject_noise"]),
        multipliers=raw["multipliers"],
        before=before,
        after=after,
    )
