"""Add the claims of the narrative."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
KEY = ("jurisdiction", "fiscal_year", "id")


def upgrade() -> None:
    """Bring the schema to this version."""
    op.create_table(
        "claims",
        sa.Column("jurisdiction", TEXT, nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("id", "document", "version")),
        sa.Column("current", sa.Boolean(), nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("department", "scope", "phase")),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("kind", "label", "printed_text")),
        sa.Column("sentence", TEXT, nullable=False),
        *(sa.Column(name, TEXT) for name in ("measure", "function", "own_phase", "base_phase")),
        *(sa.Column(name, TEXT) for name in ("figure", "printed_unit")),
        *(sa.Column(name, sa.Integer()) for name in ("own_year", "base_year", "section")),
        *(sa.Column(name, sa.Integer()) for name in ("about", "base")),
        sa.Column("amount_fen", sa.BigInteger()),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name="pk_claims"),
    )
    index = "ix_claims_current_document_position_id"
    op.create_index(index, "claims", ["current", "document", "position", "id"])


def downgrade() -> None:
    """Take the schema back to the version before."""
    op.drop_table("claims")
