"""From blocks to a `BudgetDocument`: the whole of recognition, in its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from openbudget.blocks import Block
from openbudget.budget.classification import CodeLists
from openbudget.budget.document import BudgetDocument, DocumentIdentity, PublishedFile
from openbudget.budget.performance import PerformanceTarget
from openbudget.budget.vocabulary import Phase
from openbudget.errors import BlankFormError, NotABudgetError
from openbudget.recognition.claims import find_claims
from openbudget.recognition.departments import describe_department
from openbudget.recognition.forms import read_form
from openbudget.recognition.layout_files import load_layouts
from openbudget.recognition.ledger import Ledger
from openbudget.recognition.narrative import find_staff, read_sections
from openbudget.recognition.pieces import Row, split_rows
from openbudget.recognition.privacy import withhold_personal_data
from openbudget.recognition.projects import find_projects, find_transfers, link_lines, link_target
from openbudget.recognition.segments import (
    UNKNOWN_TABLE,
    Segments,
    TableSegment,
    part_document,
)
from openbudget.recognition.tables import Context, ReadTable, check_not_truncated, read_table
from openbudget.recognition.titles import title_index

_ANY_YEAR = 2000


@dataclass(frozen=True)
class Surroundings:
    """What is known outside of the document: code lists, and the names of its place."""

    lists: CodeLists = field(default_factory=CodeLists)
    places: tuple[str, ...] = ()


def recognize(
    blocks: Sequence[Block],
    identity: DocumentIdentity,
    file: PublishedFile,
    surroundings: Surroundings,
) -> BudgetDocument:
    """Understand the blocks of a document.

    Raises:
        NotABudgetError: no budget table was found.
        BlankFormError: none of the tables holds a figure.
        TruncatedFileError: the last table ends in the middle.
    """
    rows, segments = _part(blocks)
    context = Context(identity.fiscal_year, identity.phase, surroundings.lists, Ledger())
    for piece, reason in segments.ignored:
        context.ledger.ignore(piece, reason)
    for piece in segments.unknown:
        context.ledger.reject(piece, UNKNOWN_TABLE)
    tables, targets = _read_tables(segments, context)
    _check_filled(tables, targets)
    check_not_truncated(tables[-1])
    if not any(read.table.layout for read in tables):
        titles = ", ".join(read.table.title for read in tables)
        raise NotABudgetError(
            f"titles were found, but no table under them was recognised: {titles}"
        )
    sections = read_sections(segments.narrative, context.ledger)
    projects = find_projects(tables)
    transfers = find_transfers(tables, projects)
    department = describe_department(identity, tables, targets)
    prefixes = [*surroundings.places, department.name, *(name.name for name in department.names)]
    return BudgetDocument(
        identity=identity,
        file=file,
        department=department,
        tables=tuple(link_lines(read.table, projects, transfers) for read in tables),
        sections=sections,
        staff=tuple(find_staff(sections)),
        projects=projects,
        transfers=transfers,
        targets=tuple(link_target(target, projects, prefixes) for target in targets),
        coverage=context.ledger.account([piece for row in rows for piece in row.printed]),
        claims=find_claims(sections, identity, surroundings.lists),
    )


def check_not_blank(blocks: Sequence[Block]) -> None:
    """Tell a blank form from a budget, before it is known whose budget it would be.

    Raises:
        BlankFormError: every table is without figures.
        NotABudgetError: no budget table was found.
    """
    _, segments = _part(blocks)
    context = Context(_ANY_YEAR, Phase.APPROVED, CodeLists(), Ledger())
    _check_filled(*_read_tables(segments, context))


def _part(blocks: Sequence[Block]) -> tuple[list[Row], Segments]:
    rows = withhold_personal_data(split_rows(blocks, title_index().is_title))
    segments = part_document(rows, title_index())
    if not segments.tables:
        raise NotABudgetError("no budget table was found in the file: no known title stands in it")
    return rows, segments


def _check_filled(tables: Sequence[ReadTable], targets: Sequence[PerformanceTarget]) -> None:
    amounts = [line.amount for read in tables for line in read.table.lines]
    amounts += [money.amount for target in targets for money in target.amounts]
    recognised = any(read.table.columns for read in tables)
    if recognised and all(amount.fen is None for amount in amounts):
        raise BlankFormError("the file is a blank form: its tables hold no figures")


def _read_tables(
    segments: Segments, context: Context
) -> tuple[list[ReadTable], list[PerformanceTarget]]:
    layouts = load_layouts()
    counts: Counter[str] = Counter()
    tables: list[ReadTable] = []
    targets: list[PerformanceTarget] = []
    for ordinal, segment in enumerate(segments.tables, start=1):
        kind = segment.match.kind
        key = _table_key(segment, counts)
        forms = [layout for layout in layouts.forms if layout.kind is kind]
        if forms:
            number = len(targets) + 1
            read, target = read_form(segment, key, ordinal, number, forms, context)
            targets.append(target)
        else:
            fitting = [layout for layout in layouts.tables if layout.kind is kind]
            read = read_table(segment, key, ordinal, fitting, context)
        tables.append(read)
    return tables, targets


def _table_key(segment: TableSegment, counts: Counter[str]) -> str:
    kind = segment.match.kind.value
    counts[kind] += 1
    return kind if counts[kind] == 1 else f"{kind}-{counts[kind]}"
