"""The files of the seed as data: rows of CSV and lists of YAML, and what a note says."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from openbudget.budget.classification import Provenance
from openbudget.errors import SeedError
from openbudget.yaml_files import load_yaml

_PROVENANCE = {"seen in": Provenance.SEEN, "from general knowledge": Provenance.GENERAL_KNOWLEDGE}


def read_yaml(path: Path) -> list[dict[str, Any]]:
    """Read a YAML file that holds a list.

    Raises:
        SeedError: it is missing or holds no list.
    """
    try:
        return list(load_yaml(path.read_bytes()))
    except (OSError, yaml.YAMLError, TypeError) as error:
        raise SeedError(f"{path} cannot be read: {error}") from error


def read_rows(path: Path, code: str = "code") -> Iterator[dict[str, str]]:
    """Read a CSV file whose column `code` has codes of digits.

    Raises:
        SeedError: it is missing or malformed; the message names the line.
    """
    number = 1
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file, strict=True), start=2):
                if None in row or None in row.values() or not row[code].isdigit():
                    raise SeedError(f"{path}, line {number}: malformed row")
                yield row
    except (OSError, csv.Error, UnicodeDecodeError, KeyError, ValueError) as error:
        raise SeedError(f"{path}, line {number}: {error}") from error


def provenance_of(note: str) -> Provenance:
    """Tell from the note of a row where it comes from."""
    for start, provenance in _PROVENANCE.items():
        if note.startswith(start):
            return provenance
    return Provenance.SOURCE_LIST
