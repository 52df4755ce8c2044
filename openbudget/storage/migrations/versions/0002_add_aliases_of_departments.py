"""Add aliases of departments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema to this version."""
    op.create_table(
        "department_aliases",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("department", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_department_aliases"),
    )
    op.create_index("ix_department_aliases_department", "department_aliases", ["department"])


def downgrade() -> None:
    """Take the schema back to the version before."""
    op.drop_table("department_aliases")
