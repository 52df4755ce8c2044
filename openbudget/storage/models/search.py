"""The search index: one entry for each thing that can be found."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from openbudget.storage.models.base import (
    Base,
    JsonList,
    KeyNumber,
    KeyText,
    OptionalText,
    Text,
)


class SearchEntryRow(Base):
    """What of a thing is searched, folded and split (`storage.terms`).

    `names` and `units` are units with spaces between, `terms` what the full-text index holds.
    Departments and codes belong to no document; codes to no place or year either.

    SQLite has a column `number` besides: the row that its full-text table `search_index` means. It
    is renumbered by nothing, and never shown.
    """

    __tablename__ = "search_entries"
    __table_args__ = (Index(None, "document", "version"),)
    jurisdiction: Mapped[KeyText]
    fiscal_year: Mapped[KeyNumber]
    id: Mapped[KeyText]
    document: Mapped[OptionalText]
    version: Mapped[OptionalText]
    current: Mapped[bool]
    department: Mapped[OptionalText]
    scope: Mapped[OptionalText]
    phase: Mapped[OptionalText]
    position: Mapped[int]
    own_year: Mapped[int | None]
    own_phase: Mapped[OptionalText]
    kind: Mapped[Text]
    title: Mapped[OptionalText]
    texts: Mapped[JsonList]
    names: Mapped[Text]
    units: Mapped[Text]
    terms: Mapped[Text]
