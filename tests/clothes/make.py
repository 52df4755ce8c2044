"""Make the first document in other clothes: the same content in every format that has a reader.

    python tests/clothes/make.py SOURCE.txt [FOLDER]

SOURCE.txt is the first document (`xicheng-legal-aid-center-2024.txt`); the files go into FOLDER,
by default the one of this script. LibreOffice (Writer and Calc) must be on the PATH.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from flat import flat_sheets, flat_text
from source import read_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from source import Printed, SourceTable

STEM = "xicheng-legal-aid-center-2024"
_TEXT_FILTERS = {
    "docx": "docx:MS Word 2007 XML",
    "doc": "doc:MS Word 97",
    "pdf": "pdf:writer_pdf_Export",
}
_SHEET_FILTERS = {
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "xls": "xls:MS Excel 97",
    "ods": "ods:calc8",
}
_NUMERIC = ("xlsx", "ods")


def main(source: Path, folder: Path) -> None:
    """Write all files."""
    narrative, tables = read_source(source)
    (folder / f"{STEM}.html").write_text(_page(narrative, tables), encoding="utf-8")
    _convert(flat_text(narrative, tables), "fodt", _TEXT_FILTERS, folder / STEM)
    texts = flat_sheets(narrative, tables, numeric=False)
    _convert(texts, "fods", _SHEET_FILTERS, folder / STEM)
    numbers = flat_sheets(narrative, tables, numeric=True)
    filters = {name: _SHEET_FILTERS[name] for name in _NUMERIC}
    _convert(numbers, "fods", filters, folder / f"{STEM}-numbers")


def _convert(flat: str, extension: str, filters: dict[str, str], target: Path) -> None:
    """Have LibreOffice write the flat file in other formats."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        made = work / f"flat.{extension}"
        made.write_text(flat, encoding="utf-8")
        profile = (work / "profile").as_uri()
        for suffix, export in filters.items():
            command = ["soffice", "--headless", f"-env:UserInstallation={profile}"]
            command += ["--convert-to", export, "--outdir", str(work), str(made)]
            subprocess.run(command, check=True, capture_output=True)
            shutil.move(work / f"flat.{suffix}", target.with_name(f"{target.name}.{suffix}"))


def _page(narrative: Iterable[str], tables: Iterable[SourceTable]) -> str:
    body = [f"<p>{_html(text)}</p>" for text in narrative]
    for table in tables:
        body += [f"<h2>{_html(title)}</h2>" for title in table.titles]
        body += ['<table border="1">', *map(_html_row, table.rows), "</table>"]
    head = '<head><meta charset="UTF-8"><title>2024年部门预算</title></head>'
    return "\n".join(["<!DOCTYPE html>", f"<html>{head}<body>", *body, "</body></html>", ""])


def _html_row(row: Iterable[Printed | None]) -> str:
    return f"<tr>{''.join(_html_cells(row))}</tr>"


def _html_cells(row: Iterable[Printed | None]) -> Iterator[str]:
    for cell in row:
        if cell is not None:
            rows = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
            columns = f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
            yield f"<td{rows}{columns}>{_html(cell.text) or '&nbsp;'}</td>"


def _html(text: str) -> str:
    """Escape a text; spaces that a browser would drop become no-break ones, as editors do."""
    lines = (re.sub("^ +| {2,}| +$", _no_break, escape(line)) for line in text.split("\n"))
    return "<br>".join(lines)


def _no_break(spaces: re.Match[str]) -> str:
    return "&nbsp;" * len(spaces[0])


if __name__ == "__main__":
    here = Path(__file__).parent
    main(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else here)
