"""Create the tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TYPES: dict[str, Any] = {
    "text": sa.String().with_variant(sa.String(collation="C"), "postgresql"),
    "number": sa.Integer(),
    "flag": sa.Boolean(),
    "data": sa.JSON(),
    "fen": sa.BigInteger(),
    "blob": sa.LargeBinary(),
}
# Columns of every table whose rows belong to a version of a document; the first three are the key.
VERSIONED = (
    "jurisdiction:text fiscal_year:number id:text document:text version:text current:flag "
    "department:text scope:text phase:text position:number"
)
# Own columns of each table: name:type, with ? where it may be null.
VERSIONED_TABLES = {
    "documents": (
        "title:text publisher:text sha256:text media_type:text size:number loaded_at:text "
        "reading_version:text origin:data staff:data described_department:data cells:number "
        "used:number ignored:data unmapped:data table_count:number line_count:number"
    ),
    "indicators": (
        "target:text kind:text table_key:text number:number term:text level_1:text? "
        "level_2:text? level_3:text? label:text? activity:text? value:text? "
        "printed_unit:text? quantities:data place:data"
    ),
    "lines": (
        "own_year:number own_phase:text table_key:text table_kind:text row:number column:text "
        "role:text direction:text? function:text? government_economic:text? "
        "department_economic:text? revenue:text? expenditure_type:text? funding_source:text? "
        "carryover:text? item:text? item_key:text? project:text? amount_fen:fen? state:text "
        "printed_text:text printed_unit:text? place:data coded:data"
    ),
    "performance_targets": (
        "kind:text table_key:text name:text? name_place:data? year_text:text? objectives:data "
        "amounts:data attributes:data withheld:data project:text? match:data? "
        "indicator_count:number"
    ),
    "projects": (
        "name:text type_code:text? type_label:text? document_number:text? table_key:text "
        "leaf_sum_fen:fen? place:data lines:data transfers:data target:text? match:data?"
    ),
    "sections": ("number:number level:number heading:data? parent:number? paragraphs:data"),
    "tables": (
        "kind:text key:text title:text number:text? unit:text? layout:text empty:flag "
        "line_count:number place:data unit_place:data? columns:data rows:data"
    ),
    "transfers": (
        "document_number:text? name:text? supervising_department:text? fund_nature:text? "
        "function:text? government_economic:text? department_economic:text? table_key:text "
        "line:text project:text? amount_fen:fen? state:text printed_text:text "
        "printed_unit:text? place:data coded:data"
    ),
}
# The other tables: the columns of the key, and all columns.
TABLES = {
    "codes": (
        "scheme edition code",
        (
            "scheme:text edition:text code:text parent:text? level:number name_zh:text "
            "name_en:text? valid_from:number? valid_to:number? provenance:text note:text "
            "search_text:text"
        ),
    ),
    "departments": (
        "id",
        (
            "id:text jurisdiction:text code:text name:text names:data types:data "
            "supervising:data? fiscal_years:data search_text:text"
        ),
    ),
    "editions": (
        "scheme edition",
        (
            "scheme:text edition:text title_zh:text title_en:text? first_year:number? "
            "last_year:number? complete:flag origin:text code_count:number"
        ),
    ),
    "facts": (
        "name",
        "name:text value:text",
    ),
    "jurisdictions": (
        "code",
        (
            "code:text parent:text? level:text name_zh:text name_en:text? valid_from:number? "
            "valid_to:number? note:text"
        ),
    ),
    "sources": (
        "sha256",
        "sha256:text media_type:text content:blob",
    ),
}
INDEXES = {
    "ix_departments_jurisdiction": ("departments", "jurisdiction"),
    "ix_documents_document_current": ("documents", "document current"),
    "ix_indicators_current_document_position_id": ("indicators", "current document position id"),
    "ix_lines_current_amount_fen_id": ("lines", "current amount_fen id"),
    "ix_lines_current_department_own_year_table_kind_role": (
        "lines",
        "current department own_year table_kind role",
    ),
    "ix_lines_current_document_position_id": ("lines", "current document position id"),
    "ix_lines_current_function_table_kind_own_year": (
        "lines",
        "current function table_kind own_year",
    ),
    "ix_performance_targets_current_document_position_id": (
        "performance_targets",
        "current document position id",
    ),
    "ix_projects_current_document_position_id": ("projects", "current document position id"),
    "ix_sections_current_document_position_id": ("sections", "current document position id"),
    "ix_tables_current_document_position_id": ("tables", "current document position id"),
    "ix_transfers_current_document_position_id": ("transfers", "current document position id"),
}


def upgrade() -> None:
    """Bring the schema to this version."""
    for name, own in VERSIONED_TABLES.items():
        _create(name, "jurisdiction fiscal_year id", f"{VERSIONED} {own}")
    for name, (key, columns) in TABLES.items():
        _create(name, key, columns)
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns.split())


def downgrade() -> None:
    """Take the schema back to the version before."""
    for name in (*VERSIONED_TABLES, *TABLES):
        op.drop_table(name)


def _create(name: str, key: str, columns: str) -> None:
    constraint = sa.PrimaryKeyConstraint(*key.split(), name=f"pk_{name}")
    op.create_table(name, *map(_column, columns.split()), constraint)


def _column(described: str) -> sa.Column[Any]:
    name, kind = described.removesuffix("?").split(":")
    return sa.Column(name, TYPES[kind], nullable=described.endswith("?"))
