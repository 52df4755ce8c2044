"""Which code, item or project of one side is which of the other.

Equal keys go together, unless the code lists say that a code means another thing; then codes that
moved from one edition to the other; then equal names. Names are compared exactly after folding,
and only where one thing on each side has them. Nothing is guessed: what is not unique stays apart,
with a note that says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum

from openbudget.budget.folding import fold

_SHOWN = 20
Name = tuple[str, int, str]
"""What a name is unique within: the office of a project, or the digits of a code; and the name."""


class Method(StrEnum):
    """How a row of one side was found on the other."""

    CODE = "code"
    EDITION = "edition"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Match:
    """Why two things are one, as data: what was held against what."""

    method: Method
    evidence: str


@dataclass(frozen=True, slots=True)
class Note:
    """Why something is not followed, although it looks as if it might be."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The leaf lines of one side under one key: a code, the id of a project, an item.

    `key` is None for lines without one, `label` the printed name, `fen` the sum, None where no line
    has an amount. Names are compared within a `group` only. Where lines print `several` names, the
    first by code point is the label, and none of them is taken for the name.
    """

    key: str | None
    label: str | None
    fen: int | None
    lines: int
    group: str = ""
    several: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """An entry of each side, or of one side only."""

    base: Entry | None
    other: Entry | None
    match: Match | None = None
    note: Note | None = None


@dataclass(frozen=True)
class CodeList:
    """The codes of a classification that are valid in one year, with their names."""

    title: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    by_name: Mapping[Name, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the codes by their folded names, level by level."""
        found: dict[Name, tuple[str, ...]] = {}
        for code, name in self.names.items():
            key = ("", len(code), fold(name))
            found[key] = (*found.get(key, ()), code)
        object.__setattr__(self, "by_name", found)

    def said(self, code: str) -> str:
        """Say what the list calls a code."""
        return f"{self.title}: {code} {self.names[code]}"


Lists = tuple[CodeList, CodeList]
"""The lists of the base and of the other side; empty where keys are no codes."""


def pair(
    base: Sequence[Entry], other: Sequence[Entry], lists: Lists, *, follow: bool = True
) -> list[Pair]:
    """Pair the entries of two sides: each entry is in one pair. Keys are unique on each side."""
    one, two = _Side(base, lists[0]), _Side(other, lists[1])
    found = [*_same_keys(one, two)] if not follow else [*_followed(one, two)]
    found += [Pair(own, None, None, _why(own, one, two) if follow else None) for own in one.left()]
    found += [Pair(None, own, None, _why(own, two, one) if follow else None) for own in two.left()]
    return found


class _Side:
    """The entries of a side, those that are still without a counterpart, and their names."""

    def __init__(self, entries: Sequence[Entry], codes: CodeList) -> None:
        self.codes = codes
        self.open = {own.key: own for own in entries}
        self.named: dict[Name, list[Entry]] = {}
        self.ambiguous: dict[Name, Note] = {}
        for own in entries:
            if name := self.name(own):
                self.named.setdefault(name, []).append(own)

    def name(self, own: Entry) -> Name | None:
        """Give the printed name, where there is one, else that of the list."""
        if own.key is None:
            return None
        printed = None if own.several else own.label
        folded = fold(printed or self.codes.names.get(own.key, ""))
        digits = len(own.key) if own.key.isdecimal() else 0
        return (own.group, digits, folded) if folded else None

    def listed(self, own: Entry) -> bool:
        """Whether the list calls the code what the entry is called."""
        name = self.name(own)
        return name is not None and own.key in self.codes.by_name.get(name, ())

    def called(self, name: Name) -> tuple[str, ...]:
        """Give the codes that the list calls so."""
        return self.codes.by_name.get(name, ())

    def left(self) -> list[Entry]:
        return list(self.open.values())


def _take(
    one: _Side,
    two: _Side,
    base: Entry,
    other: Entry,
    match: Match | None,
    note: Note | None = None,
) -> Pair:
    del one.open[base.key], two.open[other.key]
    return Pair(base, other, match, note)


def _same_keys(one: _Side, two: _Side) -> Iterator[Pair]:
    for base in one.left():
        if other := two.open.get(base.key):
            yield _take(one, two, base, other, _same_key(base))


def _same_key(own: Entry) -> Match | None:
    return Match(Method.CODE, f"{own.key} = {own.key}") if own.key is not None else None


def _followed(one: _Side, two: _Side) -> Iterator[Pair]:
    """Pair by keys that mean the same, by editions, by keys whose name changed, and by names."""
    for base in one.left():
        other = two.open.get(base.key)
        if other and one.name(base) == two.name(other):
            yield _take(one, two, base, other, _same_key(base))
    yield from _moved(one, two)
    for base in one.left():
        other = two.open.get(base.key)
        if other and not (_now(base, one, two) or _now(other, two, one)):
            note = _other_name(base, other, one, two)
            yield _take(one, two, base, other, _same_key(base), note)
    yield from _same_names(one, two)


def _other_name(base: Entry, other: Entry, one: _Side, two: _Side) -> Note | None:
    """Say that an equal code has other names, unless both are what the lists of the years say."""
    if one.listed(base) and two.listed(other):
        return None
    if base.several or other.several or not (base.label and other.label):
        return None
    said = f"the base prints {base.label}, the other side {other.label}"
    return Note("names_differ", f"{said}: they go together by their code alone.")


def _now(own: Entry, here: _Side, there: _Side) -> str | None:
    """Give the code that the other list has for what the entry is; None where it has not moved.

    The name must be unique in both lists, and the printed name must not contradict the list.
    """
    name = here.name(own)
    if name is None or not here.listed(own) or len(here.called(name)) != 1:
        return None
    codes = there.called(name)
    return codes[0] if len(codes) == 1 and codes[0] != own.key else None


def _moved(one: _Side, two: _Side) -> Iterator[Pair]:
    for base in one.left():
        code = _now(base, one, two)
        other = two.open.get(code) if code else None
        if other and two.name(other) == one.name(base) and _unique(one.name(base), one, two):
            said = f"{one.codes.said(str(base.key))} = {two.codes.said(str(other.key))}"
            yield _take(one, two, base, other, Match(Method.EDITION, said))


def _unique(name: Name | None, one: _Side, two: _Side) -> bool:
    return name is not None and len(one.named[name]) == 1 == len(two.named.get(name, ()))


def _same_names(one: _Side, two: _Side) -> Iterator[Pair]:
    for base in one.left():
        name = one.name(base)
        if name is None or not _unique(name, one, two):
            continue
        other = two.named[name][0]
        if (
            other.key in two.open
            and not _doubtful(base, one, two)
            and not _doubtful(other, two, one)
        ):
            said = Match(Method.NAME, f"{base.label} = {other.label}")
            yield _take(one, two, base, other, said)


def _listed(keys: AbstractSet[str]) -> str:
    """List keys, of many the first ones."""
    shown = sorted(keys)[:_SHOWN]
    more = f" and {len(keys) - len(shown)} more" if len(keys) > len(shown) else ""
    return ", ".join(shown) + more


def _doubtful(own: Entry, here: _Side, there: _Side) -> Note | None:
    """Say why the name of an entry is not enough: common in a list, or not that of its code."""
    name = here.name(own)
    if name is None:
        return None
    for codes in (here.codes, there.codes):
        if len(codes.by_name.get(name, ())) > 1:
            detail = f"{codes.title} has several codes of the name {own.label or name[2]}"
            return Note("common_name", f"{detail}; it is not followed by name.")
    if own.key in here.codes.names and not here.listed(own):
        detail = f"the printed name is not that of the list ({here.codes.said(str(own.key))})"
        return Note("name_differs_from_list", f"{detail}; it is not followed by name.")
    return None


def _why(own: Entry, here: _Side, there: _Side) -> Note | None:
    """Say why an entry has no counterpart; None where nothing suggests one."""
    name = here.name(own)
    if name is None:
        return None
    alike = there.named.get(name, [])
    if alike and not _unique(name, here, there):
        if name not in here.ambiguous:  # made once: thousands of projects may have one name
            said = _listed({str(other.key) for other in [*here.named[name], *alike]})
            detail = f"several have this name: {said}; it is not followed."
            here.ambiguous[name] = Note("ambiguous_name", detail)
        return here.ambiguous[name]
    code = _now(own, here, there)
    if code is not None:
        said = f"{here.codes.said(str(own.key))} = {there.codes.said(code)}"
        return Note("moved", f"{said}, but the other side has no line of that code and name.")
    return (_doubtful(own, here, there) or _doubtful(alike[0], there, here)) if alike else None
