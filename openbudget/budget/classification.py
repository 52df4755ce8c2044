"""Classification code lists: schemes, editions, codes and where each name comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from typing import TypeVar

from openbudget.budget.vocabulary import Scheme
from openbudget.frozen import dataclass

T = TypeVar("T")

_MOST_EDITIONS = 64


class Provenance(StrEnum):
    """How far a name can be trusted."""

    SEEN = "seen"
    GENERAL_KNOWLEDGE = "general_knowledge"
    SOURCE_LIST = "source_list"


@dataclass(frozen=True, slots=True)
class ClassificationCode:
    """One code (a string; leading zeros matter) with its names and where they come from.

    `level` is 1 (类), 2 (款) or 3 (项); `parent` the code one level up. `note` is the origin of the
    row as the list gives it; `valid_from` and `valid_to` are budget years where known.
    """

    code: str
    parent: str | None
    level: int
    name_zh: str
    name_en: str | None
    valid_from: int | None
    valid_to: int | None
    provenance: Provenance
    note: str


@dataclass(frozen=True, slots=True)
class EditionDescription:
    """What an edition of a scheme is: its title, the fiscal years it serves, and its origin.

    `complete` is whether the list is believed complete; `origin` says how far it can be trusted.
    """

    scheme: Scheme
    edition: str
    title_zh: str = ""
    title_en: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    complete: bool = False
    origin: str = ""

    def serves(self, fiscal_year: int) -> bool:
        """Whether the edition was in force in a fiscal year."""
        return (self.first_year or 0) <= fiscal_year <= (self.last_year or fiscal_year)


@dataclass(frozen=True, slots=True)
class ClassificationEdition:
    """All codes of one edition of one scheme, in the order of their codes."""

    description: EditionDescription
    codes: tuple[ClassificationCode, ...]
    by_code: Mapping[str, ClassificationCode] = field(init=False, repr=False, compare=False)
    by_name: Mapping[str, ClassificationCode] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the codes; names are indexed at level 1 only, where they are unique."""
        object.__setattr__(self, "by_code", {code.code: code for code in self.codes})
        first = {code.name_zh: code for code in self.codes if code.level == 1}
        object.__setattr__(self, "by_name", first)


def once_per_edition(
    make: Callable[[ClassificationEdition], T],
) -> Callable[[ClassificationEdition], T]:
    """Work something out of an edition once for all documents; editions are few and live long.

    They are told apart by what they are and not by what they hold, which takes long to compare.
    """
    known: dict[int, tuple[ClassificationEdition, T]] = {}

    def made(edition: ClassificationEdition) -> T:
        found = known.get(id(edition))
        if found is None:
            if len(known) >= _MOST_EDITIONS:
                known.clear()
            # The edition is kept, so that its id stays its own.
            found = known[id(edition)] = edition, make(edition)
        return found[1]

    return made


class MappingStatus(StrEnum):
    """What stands behind a mapping: an official table, what is known of one, or a proposal."""

    OFFICIAL = "official"
    RECONSTRUCTION = "reconstruction"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class CodeName:
    """A code with its names, as far as the lists have them."""

    code: str
    zh: str | None = None
    en: str | None = None


@dataclass(frozen=True, slots=True)
class MappedCode:
    """One end of a mapping: a code, and the code above it where it has one."""

    own: CodeName
    parent: CodeName | None = None


@dataclass(frozen=True, slots=True)
class CodeMapping:
    """A code of one classification that goes with one of another, or (`target` None) with none.

    `condition` says when, "" where it is always; `confidence` how sure the compiler is, where the
    list says so; `note` is the origin of the row as the list gives it.
    """

    source: MappedCode
    target: MappedCode | None
    condition: str
    confidence: str | None
    status: MappingStatus
    note: str


@dataclass(frozen=True, slots=True)
class ClassificationName:
    """An edition of a classification; that of a target need not be among those with lists."""

    scheme: str
    edition: str


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Which codes of one classification go with which of another, and how far that can be trusted.

    Where a code has no mapping, that of the longest code it begins with counts.
    """

    id: str
    source: ClassificationName
    target: ClassificationName
    title_zh: str
    title_en: str
    status: MappingStatus
    origin: str
    mappings: tuple[CodeMapping, ...]


@dataclass(frozen=True, slots=True)
class CodeLists:
    """Every edition that was loaded, and which codes of two classifications go together."""

    editions: tuple[ClassificationEdition, ...] = ()
    crosswalks: tuple[Crosswalk, ...] = ()

    def mappings(self, source: Scheme, target: Scheme) -> Iterator[CodeMapping]:
        """Give the mappings from one classification to another."""
        for own in self.crosswalks:
            if (own.source.scheme, own.target.scheme) == (source, target):
                yield from own.mappings

    def for_year(self, scheme: Scheme, fiscal_year: int) -> ClassificationEdition | None:
        """Give the edition of a scheme that serves a fiscal year, if there is one."""
        for edition in self.editions:
            if edition.description.scheme == scheme and edition.description.serves(fiscal_year):
                return edition
        return None


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division of GB/T 2260: a province, a city or a county."""

    code: str
    parent: str | None
    level: str
    name_zh: str
    name_en: str | None
    valid_from: int | None
    valid_to: int | None
    note: str
