"""Copies of the first document, each as the budget of a department of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from tests.conftest import FIRST

if TYPE_CHECKING:
    from pathlib import Path

BLANK_FORM = (
    "上海市水务局2025年部门预算\n支出总表\n\t单位：万元\n\n"
    "\t科目编码\t科目名称\t合计\t基本支出\t项目支出\n\t201\t一般公共服务支出\t\t\t\n\t合计\t\t\t\t\n"
)
LINES = 183


def describe(folder: Path, department: str, more: str = "") -> Path:
    """Write a description of the file in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "source.yaml"
    source.write_text(
        "title: 北京市西城区法律援助中心 2024年部门预算\n"
        "publisher: 北京市西城区法律援助中心\n"
        f'jurisdiction: "110102"\ndepartment: "{department}"\n'
        f"fiscal_year: 2024\nscope: department\nphase: approved\n{more}",
        encoding="utf-8",
    )
    return source


def copy_first(folder: Path, count: int) -> list[Path]:
    """Put so many copies into folders of their own below a folder."""
    paths = []
    for number in range(count):
        department = f"{231002 + number}"
        describe(folder / department, department)
        # Bytes of their own: the same bytes are one source in the database.
        paths.append(folder / department / "budget.txt")
        paths[-1].write_bytes(FIRST.read_bytes() + b"\n" * number)
    return paths


def stored(database: Path) -> dict[str, int]:
    """Give the number of lines of each document in a database."""
    engine = create_engine(f"sqlite:///{database}")
    try:
        with engine.connect() as connection:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
            rows = connection.execute(
                text(
                    "SELECT d.document, count(l.id) FROM documents d LEFT JOIN lines l"
                    " ON l.document = d.document AND l.version = d.version GROUP BY d.id"
                )
            )
            return {row[0]: row[1] for row in rows}
    finally:
        engine.dispose()
