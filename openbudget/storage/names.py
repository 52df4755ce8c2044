"""English names of codes, from the classification lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from openbudget.budget.classification import EditionDescription
from openbudget.budget.folding import fold
from openbudget.budget.vocabulary import COORDINATE_SCHEMES, Scheme
from openbudget.storage.models import CodeRow, DepartmentRow, EditionRow


@dataclass(frozen=True)
class EnglishNames:
    """Finds the English name of a code in the edition that serves a fiscal year."""

    editions: tuple[EditionDescription, ...] = ()
    names: dict[tuple[str, str, str], tuple[str, str]] | None = None

    def find(
        self, coordinate: str, code: str | None, fiscal_year: int, printed: str | None = None
    ) -> str | None:
        """Give the English name of a code of a coordinate, or None where the lists have none.

        Nor is there one where the name that is `printed` beside the code is not that of the list:
        some offices number codes in a way of their own, and 30212 is then not what the list says.
        """
        scheme = COORDINATE_SCHEMES.get(coordinate)
        if scheme is None or code is None:
            return None
        for edition in self.editions:
            if edition.scheme == scheme and edition.serves(fiscal_year):
                return self._english((scheme, edition.edition, code), printed)
        return None

    def _english(self, key: tuple[str, str, str], printed: str | None) -> str | None:
        known = (self.names or {}).get(key)
        if known is None or (printed and _bare(printed) != known[0]):
            return None
        return known[1]


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
    own = (CodeRow.scheme, CodeRow.edition, CodeRow.code, CodeRow.name_zh, CodeRow.name_en)
    found = connection.execute(select(*own).where(CodeRow.name_en.is_not(None)))
    names = {
        (scheme, edition, code): (_bare(zh), en) for scheme, edition, code, zh, en in found if en
    }
    return EnglishNames(read_editions(connection), names)


def _bare(name: str) -> str:
    """Give what is compared of a name; 的 is printed or not (其他对个人和家庭的补助)."""
    return fold(name).replace("的", "")


def read_department_names(connection: Connection, identifiers: Sequence[str]) -> dict[str, str]:
    """Read the names of departments by their ids."""
    own = DepartmentRow.__table__.c
    statement = select(own.id, own.name).where(own.id.in_(identifiers))
    return {row.id: row.name for row in connection.execute(statement)}
