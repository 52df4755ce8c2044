"""Add the search index.

What is stored already has no entries. It is read anew by the next `openbudget load`: documents of
no reading version count as outdated, and so does a seed without a digest.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TYPES: dict[str, Any] = {
    "text": sa.String().with_variant(sa.String(collation="C"), "postgresql"),
    "number": sa.Integer(),
    "flag": sa.Boolean(),
    "data": sa.JSON(),
}
KEY = ("jurisdiction", "fiscal_year", "id")
# name:type, with ? where it may be null
COLUMNS = (
    "jurisdiction:text fiscal_year:number id:text document:text? version:text? current:flag "
    "department:text? scope:text? phase:text? position:number own_year:number? own_phase:text? "
    "kind:text title:text? texts:data names:text units:text terms:text"
)
# Terms are plain ASCII already, and only ever asked for all together: positions are no use.
FULL_TEXT = """
CREATE VIRTUAL TABLE search_index USING fts5(
    terms, content='search_entries', content_rowid='number', detail=none, tokenize='unicode61'
)
"""
ON_INSERT = """
CREATE TRIGGER search_entries_insert AFTER INSERT ON search_entries BEGIN
    INSERT INTO search_index(rowid, terms) VALUES (new.number, new.terms);
END
"""
ON_DELETE = """
CREATE TRIGGER search_entries_delete AFTER DELETE ON search_entries BEGIN
    INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.number, old.terms);
END
"""


def upgrade() -> None:
    """Bring the schema to this version."""
    columns = list(map(_column, COLUMNS.split()))
    if op.get_bind().dialect.name == "sqlite":
        number = sa.Column("number", sa.Integer(), primary_key=True)
        unique = sa.UniqueConstraint(*KEY, name="uq_search_entries_key")
        op.create_table("search_entries", number, *columns, unique)
        for statement in (FULL_TEXT, ON_INSERT, ON_DELETE):
            op.execute(statement)
    else:
        key = sa.PrimaryKeyConstraint(*KEY, name="pk_search_entries")
        op.create_table("search_entries", *columns, key)
        op.execute(
            "CREATE INDEX ix_search_entries_terms ON search_entries "
            "USING gin (to_tsvector('simple', terms))"
        )
    name = "ix_search_entries_document_version"
    op.create_index(name, "search_entries", ["document", "version"])
    op.execute("UPDATE documents SET reading_version = ''")
    op.execute("DELETE FROM facts WHERE name IN ('seed_digest', 'document_digests')")


def downgrade() -> None:
    """Take the schema back to the version before."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_entries")


def _column(described: str) -> sa.Column[Any]:
    name, kind = described.removesuffix("?").split(":")
    return sa.Column(name, TYPES[kind], nullable=described.endswith("?"))
