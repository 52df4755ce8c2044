"""English names of codes, from the classification lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from openbudget.budget.classification import EditionDescription
from openbudget.budget.vocabulary import COORDINATE_SCHEMES, Scheme
from openbudget.storage.models import CodeRow, DepartmentRow, EditionRow


@dataclass(frozen=True)
class EnglishNames:
    """Finds the English name of a code in the edition that serves a fiscal year."""

    editions: tuple[EditionDescription, ...] = ()
    names: dict[tuple[str, str, str], str] | None = None

    def find(self, coordinate: str, code: str | None, fiscal_year: int) -> str | None:
        """Give the English name of a code of a coordinate, or None where the lists have none."""
        scheme = COORDINATE_SCHEMES.get(coordinate)
        if scheme is None or code is None:
            return None
        for edition in self.editions:
            if edition.scheme == scheme and edition.serves(fiscal_year):
                return (self.names or {}).get((scheme, edition.edition, code))
        return None


def read_editions(connection: Connection) -> tuple[EditionDescription, ...]:
    """Read the editions of all classifications."""
    columns = (EditionRow.scheme, EditionRow.edition, EditionRow.first_year, EditionRow.last_year)
    statement = select(*columns).order_by(EditionRow.scheme, EditionRow.edition.desc())
    return tuple(
        EditionDescription(Scheme(scheme), edition, first_year=first, last_year=last)
        for scheme, edition, first, last in connection.execute(statement)
    )


def read_english_names(connection: Connection) -> EnglishNames:
    """Read all English names: a few thousand, read once a data version."""
    columns = (CodeRow.scheme, CodeRow.edition, CodeRow.code, CodeRow.name_en)
    found = connection.execute(select(*columns).where(CodeRow.name_en.is_not(None)))
    names = {(scheme, edition, code): name for scheme, edition, code, name in found if name}
    return EnglishNames(read_editions(connection), names)


def read_department_names(connection: Connection, identifiers: Sequence[str]) -> dict[str, str]:
    """Read the names of departments by their ids."""
    own = DepartmentRow.__table__.c
    statement = select(own.id, own.name).where(own.id.in_(identifiers))
    return {row.id: row.name for row in connection.execute(statement)}
