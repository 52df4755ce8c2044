"""Add an index of lines by kind of table and role, which cubes, trees and lists begin with."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NAME = "ix_lines_current_table_kind_role_own_year"


def upgrade() -> None:
    """Bring the schema to this version."""
    op.create_index(NAME, "lines", ["current", "table_kind", "role", "own_year"])


def downgrade() -> None:
    """Take the schema back to the version before."""
    op.drop_index(NAME, "lines")
