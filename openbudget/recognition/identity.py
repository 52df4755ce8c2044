"""Whose budget a document is, of which year, scope and phase, by what the document itself says."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from openbudget.blocks import Block, Paragraph
from openbudget.budget.document import DocumentIdentity
from openbudget.budget.folding import fold, fold_characters
from openbudget.budget.identifiers import name_code
from openbudget.budget.organization import DepartmentName
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.errors import IdentityError
from openbudget.recognition.places import Places
from openbudget.recognition.titles import title_index
from openbudget.recognition.words import load_words

_COVER_LINES = 12
_LINES_OF_A_NAME = 3
_LABELS_OF_A_COVER = 2
_SHORTEST_NAME = 4
_UNIT_BEHIND = re.compile(r"\s+(?=(?:金额|金額)?[单單]位\s*:)")


@dataclass(frozen=True)
class KnownIdentity:
    """What is known of a document beforehand, and goes before what it says; None is not known."""

    jurisdiction: str | None = None
    department: str | None = None
    fiscal_year: int | None = None
    phase: Phase | None = None
    scope: Scope | None = None


@dataclass
class _Clues:
    """What a document says of itself; the first that says something is believed."""

    names: list[str] = field(default_factory=list)
    code: str | None = None
    year: int | None = None
    scope: Scope | None = None
    phase: Phase | None = None
    title: str | None = None
    places: list[str] = field(default_factory=list)


def find_identity(
    blocks: Sequence[Block],
    places: Places,
    departments: Sequence[DepartmentName] = (),
    known: KnownIdentity | None = None,
) -> DocumentIdentity:
    """Find the identity of a document in its cover, its titles and its captions.

    Raises:
        IdentityError: something of it is not printed and not known; the message names the options.
    """
    known = known or KnownIdentity()
    clues = _read_clues(blocks, places)
    year = known.fiscal_year or clues.year
    scope, phase = known.scope or clues.scope, known.phase or clues.phase
    listed = _listed(clues.names, year, known, departments)
    jurisdiction = (
        known.jurisdiction or (listed.jurisdiction if listed else None) or _place(clues, places)
    )
    department = known.department or (listed.department if listed else None) or _code_of(clues)
    if not (jurisdiction and department and year and scope and phase):
        found = [("--jurisdiction", jurisdiction), ("--department", department), ("--year", year)]
        raise _not_known([*found, ("--phase", phase), ("--scope", scope)])
    publisher = clues.names[0] if clues.names else department
    return DocumentIdentity(
        jurisdiction=jurisdiction,
        department=department.removeprefix(f"{jurisdiction}-"),
        fiscal_year=year,
        scope=scope,
        phase=phase,
        title=clues.title or f"{publisher}{year}年{_words_for(scope, phase)}",
        publisher=publisher,
    )


def _not_known(found: Iterable[tuple[str, object]]) -> IdentityError:
    options = [option for option, value in found if not value]
    what = {
        "--jurisdiction": "the place",
        "--department": "the office",
        "--year": "the year",
        "--phase": "whether it is a budget or final accounts",
        "--scope": "whether it is of a department or of one unit",
    }
    missing = ", ".join(f"{what[option]} ({option})" for option in options)
    return IdentityError(
        f"the file does not say whose budget it is; not known: {missing}. "
        "Name it with the option, or in a source.yaml beside the file"
    )


def _words_for(scope: Scope, phase: Phase) -> str:
    words = load_words().identity
    scopes = {value: word for word, value in words.scopes.items()}
    phases = {value: word for word, value in words.phases}
    return scopes[scope] + (phases[phase] if phase != Phase.ADJUSTED else "预算调整")


def _listed(
    names: Sequence[str],
    year: int | None,
    known: KnownIdentity,
    departments: Sequence[DepartmentName],
) -> DepartmentName | None:
    """Look the names up in the list of names that are known; renamed offices stand there."""
    for name in names:
        fitting = [
            entry
            for entry in departments
            if fold(entry.name) == fold(name)
            and (year is None or (entry.valid_from or 0) <= year <= (entry.valid_to or year))
            and known.jurisdiction in (None, entry.jurisdiction)
        ]
        if len({(entry.jurisdiction, entry.department) for entry in fitting}) == 1:
            return fitting[0]
    return None


def _place(clues: _Clues, places: Places) -> str | None:
    return next(
        (code for name in [*clues.names, *clues.places] if (code := places.find(name))), None
    )


def _code_of(clues: _Clues) -> str | None:
    if clues.code is not None:
        return clues.code
    return name_code(clues.names[0]) if clues.names else None


# Clues -----------------------------------------------------------------------------------


def _read_clues(blocks: Sequence[Block], places: Places) -> _Clues:
    lines = list(_lines(blocks))
    # Most cells are figures, and say nothing of whose they are.
    worded = [line for line in lines if not line.folded.isascii()]
    clues = _Clues()
    _read_cover(lines[:_COVER_LINES], clues, places)
    _read_labels(worded, clues)
    _read_codes(lines, clues)
    for pattern, ends in load_words().identity.headings:
        for line in worded:
            if line.folded.endswith(ends):
                _add_name(clues, line.part(pattern.fullmatch(line.folded)))
    _read_titles(worded, clues)
    return clues


class _Line(NamedTuple):
    """A line of text without its spaces, as printed and as it is compared, of one length."""

    text: str
    folded: str

    def part(self, match: re.Match[str] | None) -> str:
        """Give the name that a pattern found, as printed; empty where it found nothing."""
        return self.text[match.start("name") : match.end("name")] if match else ""


def _lines(blocks: Iterable[Block]) -> Iterator[_Line]:
    """Give every line of text; of a cell also all its lines as one, for names that are wrapped.

    What follows in a caption after a space (单位：元) is a line of its own.
    """
    for block in blocks:
        if isinstance(block, Paragraph):
            texts = block.text.split("\n")
        else:
            wrapped = [cell.text.replace("\n", "") for cell in block.cells if "\n" in cell.text]
            texts = wrapped + [line for cell in block.cells for line in cell.text.split("\n")]
        for text in texts:
            normal = unicodedata.normalize("NFKC", text)
            for part in _UNIT_BEHIND.split(normal) if ":" in normal else (normal,):
                squeezed = "".join(part.split())
                if squeezed:
                    yield _Line(squeezed, fold_characters(squeezed))


def _read_cover(lines: Sequence[_Line], clues: _Clues, places: Places) -> None:
    """Read the line that names the document, and the name of the office in it or above it.

    The label of a cover (预算主管部门：…) goes before the name in its title.
    """
    words = load_words().identity
    for line in lines:
        for pattern, scope in words.labels[:_LABELS_OF_A_COVER]:
            name = line.part(pattern.match(line.folded))
            if name and _add_name(clues, name):
                clues.scope = clues.scope or (Scope(scope) if scope else None)
    for number, line in enumerate(lines):
        match = next((m for p in words.covers if (m := p.fullmatch(line.folded))), None)
        if match is None:
            continue
        above = lines[:number] if number <= _LINES_OF_A_NAME else ()
        name = line.part(match) or "".join(part.text for part in above)
        if name:
            clues.title = line.text if match["name"] else name + line.text
        clues.year = int(match["year"])
        clues.phase = _phase_in(match["what"])
        clues.scope = Scope(words.scopes[match["scope"]]) if match["scope"] else clues.scope
        if places.is_place(name):
            clues.places.append(name)
        else:
            _add_name(clues, name)
        return


def _read_labels(lines: Sequence[_Line], clues: _Clues) -> None:
    """Read the captions of the tables: 编制部门：… 单位：元."""
    for line in (line for line in lines if ":" in line.folded):
        for pattern, scope in load_words().identity.labels:
            name = line.part(pattern.fullmatch(line.folded))
            if name and _add_name(clues, name) and scope:
                clues.scope = clues.scope or Scope(scope)


def _read_codes(lines: Sequence[_Line], clues: _Clues) -> None:
    """Read the code of the office where it is printed with its name: 231002-….

    Several offices with a code are those below it; which one it is itself only its name can say.
    """
    pattern = load_words().identity.coded_name
    found: dict[str, tuple[str, str]] = {}
    for line in lines:
        match = pattern.fullmatch(line.folded)
        if match is not None:
            found.setdefault(match["name"], (match["code"], line.part(match)))
    named = [found[fold(name)] for name in clues.names if fold(name) in found]
    if not named and not clues.names and len({code for code, _ in found.values()}) == 1:
        named = list(found.values())
    if named:
        clues.code = named[0][0]
        _add_name(clues, named[0][1])


def _read_titles(lines: Sequence[_Line], clues: _Clues) -> None:
    """Take year and phase from the titles of the tables, and scope from what the text speaks of."""
    words = load_words().identity
    titles = [line.folded for line in lines if title_index().is_title(line.text)]
    years = [int(m["year"]) for title in titles if (m := words.table_year.search(title))]
    told = clues.scope is not None and (clues.year is not None or years)
    said = [] if told else list(_covers_in(lines))
    years = years or [int(match["year"]) for match in said]
    if clues.year is None and years:
        clues.year = Counter(years).most_common(1)[0][0]
    if clues.phase is None and titles:
        clues.phase = _phase_in("决算" if any("决算" in title for title in titles) else "预算")
    if clues.scope is None:
        scopes = Counter(match["scope"] for match in said if match["scope"])
        if scopes:
            clues.scope = Scope(words.scopes[scopes.most_common(1)[0][0]])


def _covers_in(lines: Iterable[_Line]) -> Iterator[re.Match[str]]:
    """Find what a cover would say, anywhere: a year stands in it, and in few other lines."""
    words = load_words().identity
    for line in lines:
        if words.table_year.search(line.folded):
            match = words.covers[0].search(line.folded)
            if match is not None:
                yield match


def _phase_in(text: str) -> Phase:
    return next(Phase(phase) for word, phase in load_words().identity.phases if word in text)


def _add_name(clues: _Clues, name: str) -> bool:
    """Add a name, unless it is too short for one or was left blank in the form."""
    bare = fold(name)
    if len(bare) < _SHORTEST_NAME or load_words().identity.not_a_name.search(bare):
        return False
    if bare not in {fold(known) for known in clues.names}:
        clues.names.append(name)
    return True
