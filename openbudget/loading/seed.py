"""Reads the seed: code lists with their editions, and administrative divisions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from openbudget.budget.classification import (
    ClassificationCode,
    ClassificationEdition,
    CodeLists,
    Division,
    EditionDescription,
)
from openbudget.budget.organization import DepartmentName
from openbudget.budget.vocabulary import Scheme
from openbudget.errors import SeedError
from openbudget.loading.crosswalks import read_crosswalks
from openbudget.loading.seed_files import provenance_of, read_rows, read_yaml
from openbudget.recognition.places import Places


@dataclass(frozen=True)
class Seed:
    """Code lists and divisions, and a hash over the files they were read from."""

    lists: CodeLists
    divisions: tuple[Division, ...]
    digest: str
    departments: tuple[DepartmentName, ...] = ()

    @cached_property
    def places(self) -> Places:
        """The divisions by name, to find them in the names of offices."""
        return Places(self.divisions)

    def place_names(self, jurisdiction: str) -> tuple[str, ...]:
        """Give the names of a division and of those above it, the nearest first."""
        names = []
        division = self._by_code.get(jurisdiction)
        while division is not None:
            names.append(division.name_zh)
            division = self._by_code.get(division.parent or "")
        return tuple(names)

    @cached_property
    def _by_code(self) -> Mapping[str, Division]:
        return {division.code: division for division in self.divisions}


def read_seed(folder: Path) -> Seed:
    """Read ``classifications/``, ``jurisdictions/divisions.csv`` and ``departments.csv``.

    The last one maps names of departments to their ids; a seed folder may go without it, and
    without ``classifications/crosswalks.yaml``.

    Raises:
        SeedError: a file is missing or malformed; the message names file and line.
    """
    descriptions = list(_descriptions(folder / "classifications" / "editions.yaml"))
    editions = tuple(_edition(folder, item) for item in descriptions)
    crosswalks = tuple(read_crosswalks(folder / "classifications" / "crosswalks.yaml", editions))
    lists = CodeLists(editions, crosswalks)
    divisions = tuple(_divisions(folder / "jurisdictions" / "divisions.csv"))
    departments = tuple(_departments(folder / "departments.csv"))
    return Seed(lists, divisions, _digest(folder), departments)


def _digest(folder: Path) -> str:
    files = [*(folder / "classifications").glob("*.*"), *(folder / "jurisdictions").glob("*.csv")]
    files += folder.glob("departments.csv")
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _descriptions(path: Path) -> Iterator[EditionDescription]:
    for raw in read_yaml(path):
        try:
            years = raw["fiscal_years"]
            yield EditionDescription(
                scheme=Scheme(raw["scheme"]),
                edition=raw["edition"],
                title_zh=raw["title"]["zh"],
                title_en=raw["title"]["en"],
                first_year=years["from"],
                last_year=years["to"],
                complete=raw["complete"],
                origin=raw["origin"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise SeedError(f"{path}: an edition is malformed: {error}") from error


def _edition(folder: Path, description: EditionDescription) -> ClassificationEdition:
    path = folder / "classifications" / f"{description.scheme}-{description.edition}.csv"
    codes = tuple(
        ClassificationCode(
            code=row["code"],
            parent=row["parent"] or None,
            level=int(row["level"]),
            name_zh=row["name_zh"],
            name_en=row["name_en"] or None,
            valid_from=_year(row["valid_from"]),
            valid_to=_year(row["valid_to"]),
            provenance=provenance_of(row["note"]),
            note=row["note"],
        )
        for row in read_rows(path)
    )
    return ClassificationEdition(description, tuple(sorted(codes, key=lambda code: code.code)))


def _divisions(path: Path) -> Iterator[Division]:
    for row in read_rows(path):
        yield Division(
            code=row["code"],
            parent=row["parent"] or None,
            level=row["level"],
            name_zh=row["name_zh"],
            name_en=row["name_en"] or None,
            valid_from=_year(row["valid_from"]),
            valid_to=_year(row["valid_to"]),
            note=row["note"],
        )


def _departments(path: Path) -> Iterator[DepartmentName]:
    if not path.is_file():
        return
    for row in read_rows(path, "jurisdiction"):
        yield DepartmentName(
            name=row["name"],
            jurisdiction=row["jurisdiction"],
            department=row["department"],
            valid_from=_year(row["valid_from"]),
            valid_to=_year(row["valid_to"]),
        )


def _year(text: str) -> int | None:
    return int(text) if text else None
