"""The ids of the tables that lines are of, for a client that must choose among them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from openbudget.api.resources.lines import COLUMNS
from openbudget.budget.vocabulary import Role
from openbudget.storage.models import LineRow
from openbudget.storage.selection import Condition, where

MOST_TABLES = 20
_LINES = LineRow.__table__.c


def table_ids(connection: Connection, conditions: Sequence[Condition]) -> list[str]:
    """Give the ids of the tables that the leaf lines of current documents are of, sorted.

    There are `MOST_TABLES` at most: who has more to choose from needs another filter first.
    """
    selected = [_LINES.current, _LINES.role == Role.LEAF.value, *where(conditions, COLUMNS)]
    names = (_LINES.document, _LINES.table_key)
    statement = select(*names).where(*selected).distinct().order_by(*names).limit(MOST_TABLES)
    return [f"{row.document}.{row.table_key}" for row in connection.execute(statement)]
