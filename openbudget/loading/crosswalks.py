"""Reads the crosswalks of the seed; names of codes come from the lists, else from the row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openbudget.budget.classification import (
    ClassificationEdition,
    ClassificationName,
    CodeMapping,
    CodeName,
    Crosswalk,
    MappedCode,
    MappingStatus,
    Provenance,
)
from openbudget.errors import SeedError
from openbudget.loading.seed_files import provenance_of, read_rows, read_yaml

Editions = Sequence[ClassificationEdition]
Columns = Mapping[str, str]
"""The columns of a file by what they are: source, target, condition, note, …"""


def read_crosswalks(path: Path, editions: Editions) -> Iterator[Crosswalk]:
    """Read what ``crosswalks.yaml`` describes; a seed folder may go without it.

    Raises:
        SeedError: a description or a file is malformed; the message names file and line.
    """
    for raw in read_yaml(path) if path.is_file() else ():
        try:
            yield _crosswalk(path.parent, raw, editions)
        except (KeyError, TypeError, ValueError) as error:
            raise SeedError(f"{path}: a crosswalk is malformed: {error}") from error


def _crosswalk(folder: Path, raw: Mapping[str, Any], editions: Editions) -> Crosswalk:
    source, target = (ClassificationName(**raw[end]) for end in ("source", "target"))
    columns: Columns = raw["columns"]
    status = MappingStatus(raw["status"])
    rows = read_rows(folder / raw["file"], columns["source"])
    named = (_names(editions, source), _names(editions, target))
    return Crosswalk(
        id=raw["id"],
        source=source,
        target=target,
        title_zh=raw["title"]["zh"],
        title_en=raw["title"]["en"],
        status=status,
        origin=raw["origin"],
        mappings=tuple(_mapping(row, columns, named, status) for row in rows),
    )


Names = Mapping[str, MappedCode]


def _names(editions: Editions, wanted: ClassificationName) -> Names:
    """Give the codes of an edition with their names; none where it has no list."""
    for edition in editions:
        own = edition.description
        if (own.scheme, own.edition) == (wanted.scheme, wanted.edition):
            named = {
                code: CodeName(code, c.name_zh, c.name_en) for code, c in edition.by_code.items()
            }
            return {
                code: MappedCode(named[code], named.get(c.parent or ""))
                for code, c in edition.by_code.items()
            }
    return {}


def _mapping(
    row: Mapping[str, str], columns: Columns, named: tuple[Names, Names], status: MappingStatus
) -> CodeMapping:
    seen = provenance_of(row[columns["note"]]) is Provenance.SEEN
    return CodeMapping(
        source=_code(row, columns, "source", named[0]),
        target=_code(row, columns, "target", named[1]) if row[columns["target"]] else None,
        condition=row[columns["condition"]] if "condition" in columns else "",
        confidence=row[columns["confidence"]] if "confidence" in columns else None,
        status=MappingStatus.OFFICIAL if seen else status,
        note=row[columns["note"]],
    )


def _code(row: Mapping[str, str], columns: Columns, end: str, names: Names) -> MappedCode:
    code = row[columns[end]]
    if code in names:
        return names[code]
    own = CodeName(code, en=_cell(row, columns, f"{end}_en"))
    above = _cell(row, columns, f"{end}_parent")
    name = _cell(row, columns, f"{end}_parent_en")
    return MappedCode(own, CodeName(above, en=name) if above else None)


def _cell(row: Mapping[str, str], columns: Columns, name: str) -> str | None:
    return (row[columns[name]] or None) if name in columns else None
