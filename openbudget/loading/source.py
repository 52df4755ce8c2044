"""Reads `source.yaml`, which says beside a published file what that file is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from openbudget.budget.document import BudgetDocument, DocumentIdentity, Origin, PublishedFile
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.errors import SourceDescriptionError

SOURCE_FILE = "source.yaml"
_REQUIRED = ("title", "publisher", "jurisdiction", "department", "fiscal_year", "scope", "phase")
_OPTIONAL = ("file", "sha256", "media_type", "origin", "expect")
_EXPECTATIONS = ("tables", "lines", "targets", "indicators", "cells")
_YEARS = range(1978, 2101)
_MOST_BYTES = 64 * 1024
_DEEPEST = 8
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True)
class SourceDescription:
    """What `source.yaml` says: the identity of the document, its file, and what to expect."""

    identity: DocumentIdentity
    file: str | None = None
    sha256: str | None = None
    media_type: str | None = None
    origin: Origin = field(default_factory=Origin)
    expect: Mapping[str, int] = field(default_factory=dict)

    def describe(self, content: bytes, media_type: str) -> PublishedFile:
        """Describe the bytes of the file; the media type is that of their format, if none is said.

        Raises:
            SourceDescriptionError: they are not those whose sha256 is stated.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        if self.sha256 is not None and sha256 != self.sha256:
            raise SourceDescriptionError(
                f"the file is not the one that {SOURCE_FILE} describes: its sha256 is {sha256}, "
                f"not {self.sha256}; it may be cut off, or the description is of another version"
            )
        return PublishedFile(sha256, self.media_type or media_type, len(content), self.origin)

    def check_expectations(self, document: BudgetDocument) -> None:
        """Compare a reading with what is expected of it.

        Raises:
            SourceDescriptionError: a count differs.
        """
        counts = {
            "tables": len(document.tables),
            "lines": sum(len(table.lines) for table in document.tables),
            "targets": len(document.targets),
            "indicators": sum(len(target.indicators) for target in document.targets),
            "cells": document.coverage.cells,
        }
        for name, expected in self.expect.items():
            if counts[name] != expected:
                raise SourceDescriptionError(
                    f"{SOURCE_FILE} expects {expected} {name}, but {counts[name]} were read; "
                    "the file may be cut off"
                )


def find_source(path: Path) -> SourceDescription | None:
    """Read the description of a file: `source.yaml` in its folder, if it is of that file.

    Raises:
        SourceDescriptionError: it is there, and malformed.
    """
    source = path.parent / SOURCE_FILE
    if not source.is_file():
        return None
    description = read_source(source)
    return description if description.file in (None, path.name) else None


def read_source(path: Path) -> SourceDescription:
    """Read a description.

    Raises:
        SourceDescriptionError: it cannot be read, lacks a key, or has an impossible value.
    """
    raw = _load(path)
    _check_keys(path, raw)
    try:
        _check_texts(raw)
        return _describe(raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SourceDescriptionError(f"{path}: {error}") from error


class _NoAliases(yaml.SafeLoader):
    """Reads YAML without aliases: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it has an alias, and none is needed here")
        return super().compose_node(parent, index)


# libyaml, where PyYAML was built with it, takes an eighth of the time.
_FAST: Any = getattr(yaml, "CSafeLoader", _NoAliases)


def _parse(content: bytes) -> Any:
    """Parse what is plain by libyaml, and all else by the loader that refuses it and says where."""
    try:
        if _is_plain(content):
            return yaml.load(content, _FAST)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError:
        pass
    return yaml.load(content, _NoAliases)  # noqa: S506 - a SafeLoader


def _is_plain(content: bytes) -> bool:
    """Whether YAML has no aliases, little nesting, and no tabs.

    Libyaml would follow the first two to any end, and takes tabs for spaces.
    """
    if b"\t" in content:
        return False
    depth = 0
    for event in yaml.parse(content, _FAST):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST or isinstance(event, yaml.AliasEvent):
            return False
    return True


def _load(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        too_large = len(content) > _MOST_BYTES
        raw = None if too_large else _parse(content)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        told = "it is nested too deep" if isinstance(error, RecursionError) else error
        raise SourceDescriptionError(f"{path} cannot be read: {told}") from error
    if too_large:
        raise SourceDescriptionError(f"{path} is larger than {_MOST_BYTES} bytes")
    if not isinstance(raw, dict):
        raise SourceDescriptionError(f"{path} is not a mapping")
    return raw


def _check_texts(raw: Mapping[str, Any]) -> None:
    """Check the types of texts, which end up in answers and in headers."""
    for key in ("title", "publisher", "file", "sha256", "media_type"):
        value = raw.get(key)
        missing = value is None and key not in ("title", "publisher")
        if not missing and (not isinstance(value, str) or not value.isprintable() or not value):
            raise ValueError(f"{key} {value!r} must be a text of printable characters")
    if not isinstance(raw.get("origin") or {}, dict):
        raise TypeError("origin must be a mapping")


def _check_keys(path: Path, raw: Mapping[str, Any]) -> None:
    missing = [key for key in _REQUIRED if key not in raw]
    if missing:
        raise SourceDescriptionError(f"{path} lacks {', '.join(missing)}")
    unknown = sorted(map(str, set(raw) - {*_REQUIRED, *_OPTIONAL}))
    if unknown:
        raise SourceDescriptionError(f"{path} has unknown keys: {', '.join(unknown)}")


def _describe(raw: Mapping[str, Any]) -> SourceDescription:
    expect = dict(raw.get("expect") or {})
    if set(expect) - set(_EXPECTATIONS):
        raise ValueError(f"expect knows {', '.join(_EXPECTATIONS)}")
    return SourceDescription(
        identity=_identity(raw),
        file=raw.get("file"),
        sha256=raw.get("sha256"),
        media_type=raw.get("media_type"),
        origin=_origin(raw.get("origin") or {}),
        expect=expect,
    )


def _identity(raw: Mapping[str, Any]) -> DocumentIdentity:
    year = raw["fiscal_year"]
    if not isinstance(year, int) or year not in _YEARS:
        span = f"{_YEARS.start} to {_YEARS.stop - 1}"
        raise ValueError(f"fiscal_year {year!r} must be a whole number from {span}")
    return DocumentIdentity(
        jurisdiction=_code(raw, "jurisdiction", "[0-9]{6}"),
        department=_code(raw, "department", r"[0-9A-Za-z]+"),
        fiscal_year=year,
        scope=_one_of(raw, "scope", Scope),
        phase=_one_of(raw, "phase", Phase),
        title=str(raw["title"]),
        publisher=str(raw["publisher"]),
    )


def _code(raw: Mapping[str, Any], key: str, pattern: str) -> str:
    """Codes are strings: an unquoted 010203 would be a number to YAML, and lose its zero."""
    value = raw[key]
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise ValueError(f"{key} {value!r} must be a quoted string that matches {pattern}")
    return value


def _one_of(raw: Mapping[str, Any], key: str, choices: type[_Choice]) -> _Choice:
    if raw[key] not in list(choices):
        raise ValueError(f"{key} {raw[key]!r} is none of {', '.join(choices)}")
    return choices(raw[key])


def _origin(raw: Mapping[str, Any]) -> Origin:
    published = raw.get("published")
    return Origin(
        url=raw.get("url"),
        published=str(published) if published is not None else None,
        terms=raw.get("terms"),
        notes=tuple(raw.get("notes") or ()),
    )
