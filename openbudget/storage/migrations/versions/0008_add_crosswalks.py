"""Add crosswalks between classifications and their mappings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
ENDS = ("source_scheme", "source_edition", "target_scheme", "target_edition")


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, TEXT, nullable=nullable) for name in names]


def upgrade() -> None:
    """Bring the schema to this version.

    The seed is stored anew by the next load: a seed that has not changed else would be left alone,
    and its crosswalks with it.
    """
    op.create_table(
        "crosswalks",
        *_texts("id", "title_zh", "title_en", *ENDS, "status", "origin"),
        sa.Column("mapping_count", sa.Integer(), nullable=False),
        sa.Column("official_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_crosswalks"),
    )
    op.create_table(
        "crosswalk_mappings",
        *_texts("id", "crosswalk", *ENDS, "source_code", "status", "note"),
        *_texts("target_code", "condition", "confidence", nullable=True),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("target", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_crosswalk_mappings"),
    )
    for end in ("source", "target"):
        columns = [f"{end}_scheme", f"{end}_edition", f"{end}_code"]
        name = f"ix_crosswalk_mappings_{'_'.join(columns)}"
        op.create_index(name, "crosswalk_mappings", columns)
    op.execute("DELETE FROM facts WHERE name = 'seed_digest'")


def downgrade() -> None:
    """Take the schema back to the version before."""
    op.drop_table("crosswalk_mappings")
    op.drop_table("crosswalks")
