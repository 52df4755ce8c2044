"""A published budget document, whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from openbudget.blocks import Anchor
from openbudget.budget.claim import Claim
from openbudget.budget.money import Amount
from openbudget.budget.organization import Department
from openbudget.budget.performance import PerformanceTarget
from openbudget.budget.table import BudgetTable, CodedLabel, Place, PrintedText
from openbudget.budget.vocabulary import Phase, Scope


@dataclass(frozen=True, slots=True)
class DocumentIdentity:
    """What a document is about: whose budget, of which year, scope and phase."""

    jurisdiction: str
    department: str
    fiscal_year: int
    scope: Scope
    phase: Phase
    title: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of where a file comes from; None means not known."""

    url: str | None = None
    published: str | None = None
    terms: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """The published bytes, by their sha256 (hex) and media type."""

    sha256: str
    media_type: str
    size: int
    origin: Origin = field(default_factory=Origin)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the narrative under a heading; `parent` is the number of the section above.

    `number` counts from 1 in document order, `level` from 1 (第一部分) downwards.
    """

    number: int
    level: int
    heading: PrintedText | None
    parent: int | None
    paragraphs: tuple[PrintedText, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """A printed number of staff: `label` is what is counted, `text` the sentence it stands in."""

    count: int
    label: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Project:
    """A project (项目) of the project table; `ordinals` are its rows there."""

    number: int
    name: PrintedText
    type: CodedLabel | None
    document_number: str | None
    table: str
    ordinals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer payment from above, with the number of the document that grants it.

    `project` is the number of the project whose name carries the same document number.
    """

    number: int
    table: str
    ordinal: int
    document_number: PrintedText | None
    name: PrintedText | None
    supervising_department: PrintedText | None
    fund_nature: PrintedText | None
    budgetary_unit: CodedLabel | None
    amount: Amount
    place: Place
    function: CodedLabel | None
    government_economic: CodedLabel | None
    department_economic: CodedLabel | None
    project: int | None


@dataclass(frozen=True, slots=True)
class UnmappedCell:
    """A non-empty cell or paragraph that was not understood, and why if that is known."""

    text: str | None
    anchor: Anchor
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The account of a document: used + ignored + unmapped = every non-empty cell and paragraph.

    A title that shares its cell with another text counts on its own. `ignored` is (reason, count).
    """

    cells: int
    used: int
    ignored: tuple[tuple[str, int], ...]
    unmapped: tuple[UnmappedCell, ...]


@dataclass(frozen=True, slots=True)
class BudgetDocument:
    """Everything one published document holds."""

    identity: DocumentIdentity
    file: PublishedFile
    department: Department
    tables: tuple[BudgetTable, ...]
    sections: tuple[Section, ...]
    staff: tuple[Staff, ...]
    projects: tuple[Project, ...]
    transfers: tuple[Transfer, ...]
    targets: tuple[PerformanceTarget, ...]
    coverage: Coverage
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class RelatedDocument:
    """A document as it is held against another one: its lines and claims with their places.

    `document_id` is its public id, `version` the version that is held. Tables have neither rows
    nor what columns are made of, whether they come from a reading or from storage.
    """

    document_id: str
    version: str
    identity: DocumentIdentity
    tables: tuple[BudgetTable, ...]
    claims: tuple[Claim, ...] = ()
