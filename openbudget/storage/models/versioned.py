"""Tables whose rows belong to one version of a document."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from openbudget.storage.models.base import (
    Base,
    Fen,
    JsonList,
    JsonObject,
    KeyNumber,
    KeyText,
    OptionalJsonObject,
    OptionalText,
    Text,
)


class Versioned:
    """What the rows of every document version have."""

    jurisdiction: Mapped[KeyText]
    fiscal_year: Mapped[KeyNumber]
    id: Mapped[KeyText]
    document: Mapped[Text]
    version: Mapped[Text]
    current: Mapped[bool]
    department: Mapped[Text]
    scope: Mapped[Text]
    phase: Mapped[Text]
    position: Mapped[int]


class DocumentRow(Versioned, Base):
    """One version of a published document; `position` is 0."""

    __tablename__ = "documents"
    __table_args__ = (Index(None, "document", "current"),)
    title: Mapped[Text]
    publisher: Mapped[Text]
    sha256: Mapped[Text]
    media_type: Mapped[Text]
    size: Mapped[int]
    loaded_at: Mapped[Text]
    reading_version: Mapped[Text]
    origin: Mapped[JsonObject]
    staff: Mapped[JsonList]
    described_department: Mapped[JsonObject]
    cells: Mapped[int]
    used: Mapped[int]
    ignored: Mapped[JsonList]
    unmapped: Mapped[JsonList]
    table_count: Mapped[int]
    line_count: Mapped[int]
    checks: Mapped[OptionalJsonObject]
    checks_digest: Mapped[OptionalText]


class SectionRow(Versioned, Base):
    """A section of the narrative."""

    __tablename__ = "sections"
    __table_args__ = (Index(None, "current", "document", "position", "id"),)
    number: Mapped[int]
    level: Mapped[int]
    heading: Mapped[OptionalJsonObject]
    parent: Mapped[int | None]
    paragraphs: Mapped[JsonList]


class ClaimRow(Versioned, Base):
    """A claim of the narrative; `about` and `base` are numbers of other claims of the document.

    `figure` is a decimal as text, since no engine keeps every decimal exactly.
    """

    __tablename__ = "claims"
    __table_args__ = (Index(None, "current", "document", "position", "id"),)
    kind: Mapped[Text]
    measure: Mapped[OptionalText]
    label: Mapped[Text]
    function: Mapped[OptionalText]
    own_year: Mapped[int | None]
    own_phase: Mapped[OptionalText]
    figure: Mapped[OptionalText]
    printed_text: Mapped[Text]
    printed_unit: Mapped[OptionalText]
    amount_fen: Mapped[Fen]
    sentence: Mapped[Text]
    section: Mapped[int | None]
    place: Mapped[JsonObject]
    about: Mapped[int | None]
    base: Mapped[int | None]
    base_year: Mapped[int | None]
    base_phase: Mapped[OptionalText]


class TableRow(Versioned, Base):
    """A budget table; `rows` as printed and as understood."""

    __tablename__ = "tables"
    __table_args__ = (Index(None, "current", "document", "position", "id"),)
    kind: Mapped[Text]
    key: Mapped[Text]
    title: Mapped[Text]
    number: Mapped[OptionalText]
    unit: Mapped[OptionalText]
    layout: Mapped[Text]
    empty: Mapped[bool]
    line_count: Mapped[int]
    place: Mapped[JsonObject]
    unit_place: Mapped[OptionalJsonObject]
    columns: Mapped[JsonList]
    rows: Mapped[JsonList]


class LineRow(Versioned, Base):
    """A budget line.

    `fiscal_year` and `phase` are those of the document and part of the key; `own_year` and
    `own_phase` are those of the line's column, where it prints them.
    """

    __tablename__ = "lines"
    __table_args__ = (
        Index(None, "current", "document", "position", "id"),
        Index(None, "current", "department", "own_year", "table_kind", "role"),
        Index(None, "current", "function", "table_kind", "own_year"),
        Index(None, "current", "amount_fen", "id"),
        Index(None, "current", "table_kind", "role", "own_year"),
    )
    own_year: Mapped[int]
    own_phase: Mapped[Text]
    table_key: Mapped[Text]
    table_kind: Mapped[Text]
    row: Mapped[int]
    column: Mapped[Text]
    role: Mapped[Text]
    direction: Mapped[OptionalText]
    function: Mapped[OptionalText]
    government_economic: Mapped[OptionalText]
    department_economic: Mapped[OptionalText]
    revenue: Mapped[OptionalText]
    expenditure_type: Mapped[OptionalText]
    funding_source: Mapped[OptionalText]
    carryover: Mapped[OptionalText]
    item: Mapped[OptionalText]
    item_key: Mapped[OptionalText]
    project: Mapped[OptionalText]
    amount_fen: Mapped[Fen]
    state: Mapped[Text]
    printed_text: Mapped[Text]
    printed_unit: Mapped[OptionalText]
    place: Mapped[JsonObject]
    coded: Mapped[JsonObject]
    total_check: Mapped[OptionalJsonObject]


class ProjectRow(Versioned, Base):
    """A project; `lines`, `transfers` and `target` are local ids."""

    __tablename__ = "projects"
    __table_args__ = (Index(None, "current", "document", "position", "id"),)
    name: Mapped[Text]
    type_code: Mapped[OptionalText]
    type_label: Mapped[OptionalText]
    document_number: Mapped[OptionalText]
    table_key: Mapped[Text]
    leaf_sum_fen: Mapped[Fen]
    place: Mapped[JsonObject]
    lines: Mapped[JsonList]
    transfers: Mapped[JsonList]
    target: Mapped[OptionalText]
    match: Mapped[OptionalJsonObject]


class TransferRow(Versioned, Base):
    """A transfer payment from above."""

    __tablename__ = "transfers"
    __table_args__ = (Index(None, "current", "document", "position", "id"),)
    document_number: Mapped[OptionalText]
    name: Mapped[OptionalText]
    supervising_department: Mapped[OptionalText]
    fund_nature: Mapped[OptionalText]
    function: Mapped[OptionalText]
    government_economic: Mapped[OptionalText]
    department_economic: Mapped[OptionalText]
    table_key: Mapped[Text]
    line: Mapped[Text]
    project: Mapped[OptionalText]
    amount_fen: Mapped[Fen]
    state: Mapped[Text]
    printed_text: Mapped[Text]
    printed_unit: Mapped[OptionalText]
    place: Mapped[JsonObject]
    coded: Mapped[JsonObject]


class TargetRow(Versioned, Base):
    """A performance target."""

    __tablename__ = "performance_targets"
    __table_args__ = (Index(None, "current", "document", "position", "id"),)
    kind: Mapped[Text]
    table_key: Mapped[Text]
    name: Mapped[OptionalText]
    name_place: Mapped[OptionalJsonObject]
    year_text: Mapped[OptionalText]
    objectives: Mapped[JsonList]
    amounts: Mapped[JsonList]
    attributes: Mapped[JsonObject]
    withheld: Mapped[JsonList]
    project: Mapped[OptionalText]
    match: Mapped[OptionalJsonObject]
    indicator_count: Mapped[int]


class IndicatorRow(Versioned, Base):
    """A performance indicator."""

    __tablename__ = "indicators"
    __table_args__ = (Index(None, "current", "document", "position", "id"),)
    target: Mapped[Text]
    kind: Mapped[Text]
    table_key: Mapped[Text]
    number: Mapped[int]
    term: Mapped[Text]
    level_1: Mapped[OptionalText]
    level_2: Mapped[OptionalText]
    level_3: Mapped[OptionalText]
    label: Mapped[OptionalText]
    activity: Mapped[OptionalText]
    value: Mapped[OptionalText]
    printed_unit: Mapped[OptionalText]
    quantities: Mapped[JsonList]
    place: Mapped[JsonObject]


class FindingRow(Versioned, Base):
    """What does not agree in a document, or between it and the document `related`.

    `magnitude_fen` is the difference without its sign.
    """

    __tablename__ = "findings"
    __table_args__ = (
        Index(None, "current", "document", "position", "id"),
        Index(None, "current", "magnitude_fen", "id"),
        Index(None, "current", "rule"),
        Index(None, "current", "department", "document", "position", "id"),
        Index(None, "related"),
    )
    rule: Mapped[Text]
    family: Mapped[Text]
    severity: Mapped[Text]
    within_rounding: Mapped[bool]
    cluster: Mapped[OptionalText]
    related: Mapped[OptionalText]
    printed_fen: Mapped[Fen]
    computed_fen: Mapped[Fen]
    difference_fen: Mapped[Fen]
    magnitude_fen: Mapped[Fen]
    message: Mapped[JsonObject]
    operands: Mapped[JsonList]
    explanations: Mapped[JsonList]


class FindingItemRow(Base):
    """A thing that a finding touches: `item` and `id` are whole ids, version included.

    The key finds the findings of things, and of a document by the beginning of its things' ids.
    """

    __tablename__ = "finding_items"
    jurisdiction: Mapped[KeyText]
    fiscal_year: Mapped[KeyNumber]
    item: Mapped[KeyText]
    id: Mapped[KeyText]


PART_MODELS: tuple[type[Base], ...] = (
    SectionRow,
    ClaimRow,
    TableRow,
    LineRow,
    ProjectRow,
    TransferRow,
    TargetRow,
    IndicatorRow,
    FindingRow,
)
"""Everything that belongs to one version of a document, but for the document itself."""
