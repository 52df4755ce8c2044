"""The full-text index of SQLite, which is told what to hold; PostgreSQL keeps its own."""

from __future__ import annotations

from sqlalchemy import Connection, text

_INDEX_NEW = text(
    """
INSERT INTO search_index(rowid, terms)
SELECT number, terms FROM search_entries
WHERE number > (SELECT coalesce(max(id), 0) FROM search_index_docsize)
ORDER BY number
"""
)


def index_new_entries(connection: Connection) -> None:
    """Index the entries that were stored since this was done last, all together.

    Whatever stores entries does this before it commits. A new entry has a number above all others,
    so those that are not indexed yet are the ones above the last that is.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(_INDEX_NEW)
