"""Tables that belong to no document version: facts, divisions, code lists, departments, bytes."""

from __future__ import annotations

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from openbudget.storage.models.base import (
    Base,
    CodePointText,
    JsonList,
    JsonObject,
    KeyText,
    OptionalJsonObject,
    OptionalText,
    Text,
)


class FactRow(Base):
    """Single facts about the database as a whole: data version, digests."""

    __tablename__ = "facts"
    name: Mapped[KeyText]
    value: Mapped[Text]


class JurisdictionRow(Base):
    """An administrative division of GB/T 2260."""

    __tablename__ = "jurisdictions"
    code: Mapped[KeyText]
    parent: Mapped[OptionalText]
    level: Mapped[Text]
    name_zh: Mapped[Text]
    name_en: Mapped[OptionalText]
    valid_from: Mapped[int | None]
    valid_to: Mapped[int | None]
    note: Mapped[Text]


class EditionRow(Base):
    """An edition of a classification."""

    __tablename__ = "editions"
    scheme: Mapped[KeyText]
    edition: Mapped[KeyText]
    title_zh: Mapped[Text]
    title_en: Mapped[OptionalText]
    first_year: Mapped[int | None]
    last_year: Mapped[int | None]
    complete: Mapped[bool]
    origin: Mapped[Text]
    code_count: Mapped[int]


class CodeRow(Base):
    """A code of an edition of a classification."""

    __tablename__ = "codes"
    scheme: Mapped[KeyText]
    edition: Mapped[KeyText]
    code: Mapped[KeyText]
    parent: Mapped[OptionalText]
    level: Mapped[int]
    name_zh: Mapped[Text]
    name_en: Mapped[OptionalText]
    valid_from: Mapped[int | None]
    valid_to: Mapped[int | None]
    provenance: Mapped[Text]
    note: Mapped[Text]
    search_text: Mapped[Text]


class CrosswalkRow(Base):
    """A crosswalk: which codes of one classification go with which of another."""

    __tablename__ = "crosswalks"
    id: Mapped[KeyText]
    title_zh: Mapped[Text]
    title_en: Mapped[Text]
    source_scheme: Mapped[Text]
    source_edition: Mapped[Text]
    target_scheme: Mapped[Text]
    target_edition: Mapped[Text]
    status: Mapped[Text]
    origin: Mapped[Text]
    mapping_count: Mapped[int]
    official_count: Mapped[int]


class CrosswalkMappingRow(Base):
    """A mapping of a crosswalk; `source` and `target` hold the names of codes and those above."""

    __tablename__ = "crosswalk_mappings"
    __table_args__ = (
        Index(None, "source_scheme", "source_edition", "source_code"),
        Index(None, "target_scheme", "target_edition", "target_code"),
    )
    id: Mapped[KeyText]
    crosswalk: Mapped[Text]
    source_scheme: Mapped[Text]
    source_edition: Mapped[Text]
    source_code: Mapped[Text]
    source: Mapped[JsonObject]
    target_scheme: Mapped[Text]
    target_edition: Mapped[Text]
    target_code: Mapped[OptionalText]
    target: Mapped[OptionalJsonObject]
    condition: Mapped[OptionalText]
    confidence: Mapped[OptionalText]
    status: Mapped[Text]
    note: Mapped[Text]


class DepartmentRow(Base):
    """A department, described by all current documents about it."""

    __tablename__ = "departments"
    id: Mapped[KeyText]
    jurisdiction: Mapped[Text] = mapped_column(CodePointText, index=True)
    code: Mapped[Text]
    name: Mapped[Text]
    names: Mapped[JsonList]
    types: Mapped[JsonList]
    supervising: Mapped[OptionalJsonObject]
    fiscal_years: Mapped[JsonList]
    search_text: Mapped[Text]


class DepartmentAliasRow(Base):
    """An id that is another one's: `department` is the id that it answers with."""

    __tablename__ = "department_aliases"
    id: Mapped[KeyText]
    department: Mapped[Text] = mapped_column(CodePointText, index=True)


class SourceRow(Base):
    """The bytes of a published file."""

    __tablename__ = "sources"
    sha256: Mapped[KeyText]
    media_type: Mapped[Text]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class RuleRow(Base):
    """A rule that documents are checked with; its texts are in Chinese and English."""

    __tablename__ = "rules"
    id: Mapped[KeyText]
    family: Mapped[Text]
    severity: Mapped[Text]
    title: Mapped[JsonObject]
    text: Mapped[JsonObject]
    source: Mapped[JsonObject]
    example: Mapped[JsonObject]
