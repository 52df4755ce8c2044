"""Small office files made by hand, and a short way to write down what was read from them."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openbudget.blocks import Grid, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openbudget.blocks import Block

SHARED = Path(os.environ.get("OPENBUDGET_SHARED") or Path(__file__).parents[3] / "shared")
DOCUMENTS = SHARED / "documents"
CLOTHES = Path(__file__).parents[1] / "clothes"

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{_W}"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)
_HEADER = '<?xml version="1.0" encoding="UTF-8"?>'


def published(name: str) -> bytes:
    """Read a published document; skip the test where it is absent."""
    path = DOCUMENTS / name
    if not path.is_file():
        pytest.skip(f"the folder of published documents has no {name}")
    return path.read_bytes()


def zipped(members: Mapping[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack members into a ZIP container."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as container:
        for name, content in members.items():
            container.writestr(name, content)
    return target.getvalue()


def docx(body: str, **notes: str) -> bytes:
    """Make a DOCX of the content of its body; `footnotes` are further parts."""
    document = f"{_HEADER}<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>"
    parts = {
        f"word/{name}.xml": f"{_HEADER}<w:{name} {_NAMESPACES}>{content}</w:{name}>"
        for name, content in notes.items()
    }
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **parts})


def p(text: str) -> str:
    """Write a paragraph of Word."""
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def tc(content: str, properties: str = "") -> str:
    """Write a cell of Word; a plain text becomes a paragraph."""
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str) -> str:
    """Write a row of Word."""
    return f"<w:tr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    """Write a table of Word."""
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def xlsx(sheets: Mapping[str, str], **extra: str) -> bytes:
    """Make an XLSX: of each sheet the XML from `sheetData` on."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{index}" r:id="r{index}"/>'
        for index, name in enumerate(names, start=1)
    )
    relations = "".join(
        f'<Relationship Id="r{index}" Type="{_OFFICE_RELATIONS}/worksheet"'
        f' Target="worksheets/sheet{index}.xml"/>'
        for index, _ in enumerate(names, start=1)
    )
    parts = {
        f"xl/worksheets/sheet{index}.xml": f'<worksheet xmlns="{_S}">{content}</worksheet>'
        for index, content in enumerate(sheets.values(), start=1)
    }
    workbook = f'<workbook xmlns="{_S}" xmlns:r="{_OFFICE_RELATIONS}"><sheets>{listed}</sheets>'
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": (
                f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1"'
                f' Type="{_OFFICE_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
                "</Relationships>"
            ),
            "xl/workbook.xml": f"{workbook}</workbook>",
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{_RELATIONS}">{relations}</Relationships>'
            ),
            **parts,
            **extra,
        }
    )


def row(number: int, *cells: str) -> str:
    """Write a row of a sheet."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def text_cell(address: str, text: str) -> str:
    """Write a cell that holds text."""
    space = 'xml:space="preserve"'
    return f'<c r="{address}" t="inlineStr"><is><t {space}>{text}</t></is></c>'


def number_cell(address: str, value: str, style: str = "") -> str:
    """Write a cell that holds a number."""
    return f'<c r="{address}"{style}><v>{value}</v></c>'


def ods(tables: str) -> bytes:
    """Make an ODS of its tables."""
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = f"{_HEADER}<office:document-content {_ODF}>{body}</office:document-content>"
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": mimetype, "content.xml": content})


def written(grid: Block) -> list[tuple[str, int, int, int, int]]:
    """Write down a grid: text, row, column, row span, column span of each cell."""
    assert isinstance(grid, Grid)
    return [
        (cell.text, cell.row, cell.column, cell.row_span, cell.column_span) for cell in grid.cells
    ]


def texts(blocks: Iterable[Block]) -> list[str | list[list[str]]]:
    """Write down blocks: paragraphs as strings, grids as lists of rows."""
    return [
        block.text
        if isinstance(block, Paragraph)
        else [[cell.text for cell in cells] for cells in block.rows]
        for block in blocks
    ]
