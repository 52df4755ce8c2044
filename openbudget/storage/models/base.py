"""The declarative base, and the types of columns."""

from __future__ import annotations

from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, MetaData, String
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

CodePointText = String().with_variant(String(collation="C"), "postgresql")
"""Text that sorts by code point on both engines."""

Text = Annotated[str, mapped_column(CodePointText)]
KeyText = Annotated[str, mapped_column(CodePointText, primary_key=True)]
KeyNumber = Annotated[int, mapped_column(primary_key=True, autoincrement=False)]
OptionalText = Annotated[str | None, mapped_column(CodePointText)]
Fen = Annotated[int | None, mapped_column(BigInteger)]
JsonObject = Annotated[dict[str, Any], mapped_column(JSON)]
OptionalJsonObject = Annotated[dict[str, Any] | None, mapped_column(JSON(none_as_null=True))]
JsonList = Annotated[list[Any], mapped_column(JSON)]


class Base(DeclarativeBase):
    """The declarative base, with named constraints."""

    metadata = MetaData(naming_convention=NAMING)
