"""Add findings, what they touch, rules, and what checks say of documents and totals."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TYPES: dict[str, Any] = {
    "text": TEXT,
    "number": sa.Integer(),
    "flag": sa.Boolean(),
    "data": sa.JSON(),
    "fen": sa.BigInteger(),
}
# The columns of the key, and all columns: name:type, with ? where it may be null.
TABLES = {
    "findings": (
        "jurisdiction fiscal_year id",
        (
            "jurisdiction:text fiscal_year:number id:text document:text version:text current:flag "
            "department:text scope:text phase:text position:number rule:text family:text "
            "severity:text within_rounding:flag cluster:text? related:text? printed_fen:fen? "
            "computed_fen:fen? difference_fen:fen? magnitude_fen:fen? message:data operands:data "
            "explanations:data"
        ),
    ),
    "finding_items": (
        "jurisdiction fiscal_year item id",
        "jurisdiction:text fiscal_year:number item:text id:text",
    ),
    "rules": (
        "id",
        "id:text family:text severity:text title:data text:data source:data example:data",
    ),
}
INDEXES = (
    *("current document position id", "current magnitude_fen id", "current rule"),
    *("current department document position id", "related"),
)
ADDED = {
    "documents": "checks:data? checks_digest:text?",
    "lines": "total_check:data?",
}


def upgrade() -> None:
    """Bring the schema to this version."""
    for name, (key, columns) in TABLES.items():
        constraint = sa.PrimaryKeyConstraint(*key.split(), name=f"pk_{name}")
        op.create_table(name, *map(_column, columns.split()), constraint)
    for columns in INDEXES:
        op.create_index(f"ix_findings_{columns.replace(' ', '_')}", "findings", columns.split())
    for name, columns in ADDED.items():
        for column in columns.split():
            op.add_column(name, _column(column))


def downgrade() -> None:
    """Take the schema back to the version before."""
    for name, columns in ADDED.items():
        for column in columns.split():
            op.drop_column(name, column.partition(":")[0])
    for name in TABLES:
        op.drop_table(name)


def _column(described: str) -> sa.Column[Any]:
    name, kind = described.removesuffix("?").split(":")
    return sa.Column(name, TYPES[kind], nullable=described.endswith("?"))
