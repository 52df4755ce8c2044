"""The first document as flat OpenDocument files, from which LibreOffice makes all others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from source import Printed, SourceTable

_ROOT = (
    '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    ' office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.%s">'
)
_STYLES = """
<office:font-face-decls>
<style:font-face style:name="han" svg:font-family="'Noto Sans CJK SC'"/>
</office:font-face-decls>
<office:styles><style:default-style style:family="paragraph">
<style:text-properties style:font-name="han" style:font-name-asian="han" fo:font-size="9pt"
 style:font-size-asian="9pt" fo:language="zh" fo:country="CN"
 style:language-asian="zh" style:country-asian="CN"/>
</style:default-style></office:styles>
<office:automatic-styles>
<style:page-layout style:name="wide"><style:page-layout-properties fo:page-width="420mm"
 fo:page-height="297mm" style:print-orientation="landscape" fo:margin="15mm"/></style:page-layout>
<style:style style:name="grid" style:family="table-cell"><style:table-cell-properties
 fo:border="0.5pt solid #000000" fo:padding="1mm"/></style:style>
</office:automatic-styles>
<office:master-styles>
<style:master-page style:name="Standard" style:page-layout-name="wide"/>
</office:master-styles>
"""
_NUMBER = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?")


def flat_text(narrative: Iterable[str], tables: Iterable[SourceTable]) -> str:
    """Write a text document: paragraphs, and each table under its titles."""
    body = [_paragraph(text) for text in narrative]
    for table in tables:
        body += [_paragraph(title) for title in table.titles]
        columns = f'<table:table-column table:number-columns-repeated="{len(table.rows[0])}"/>'
        rows = "".join(_row(row, numeric=False) for row in table.rows)
        body.append(f"<table:table table:name={quoteattr(table.key)}>{columns}{rows}</table:table>")
    return _document("text", "".join(body))


def flat_sheets(narrative: Iterable[str], tables: Iterable[SourceTable], *, numeric: bool) -> str:
    """Write a workbook: a sheet of paragraphs, and one a table, its titles in the first rows."""
    lines = "".join(_sheet_line(text, 1) for text in narrative)
    sheets = [f'<table:table table:name="说明"><table:table-column/>{lines}</table:table>']
    for table in tables:
        width = len(table.rows[0])
        columns = f'<table:table-column table:number-columns-repeated="{width}"/>'
        titles = "".join(_sheet_line(title, width) for title in table.titles)
        rows = "".join(_row(row, numeric=numeric) for row in table.rows)
        name = quoteattr(table.key)
        sheets.append(f"<table:table table:name={name}>{columns}{titles}{rows}</table:table>")
    return _document("spreadsheet", "".join(sheets))


def _document(kind: str, body: str) -> str:
    tag = f"office:{kind}"
    content = f"<office:body><{tag}>{body}</{tag}></office:body>"
    root = _ROOT % kind
    return f'<?xml version="1.0" encoding="UTF-8"?>{root}{_STYLES}{content}</office:document>'


def _sheet_line(text: str, width: int) -> str:
    span = f' table:number-columns-spanned="{width}"' if width > 1 else ""
    covered = "<table:covered-table-cell/>" * (width - 1)
    cell = f'<table:table-cell office:value-type="string"{span}>{_paragraph(text)}'
    return f"<table:table-row>{cell}</table:table-cell>{covered}</table:table-row>"


def _row(row: Iterable[Printed | None], *, numeric: bool) -> str:
    return f"<table:table-row>{''.join(_cells(row, numeric=numeric))}</table:table-row>"


def _cells(row: Iterable[Printed | None], *, numeric: bool) -> Iterator[str]:
    for cell in row:
        if cell is None:
            yield '<table:covered-table-cell table:style-name="grid"/>'
            continue
        number = cell.text.strip() if numeric and _NUMBER.fullmatch(cell.text.strip()) else ""
        value = f'float" office:value="{number}' if number else "string"
        spans = (
            f' table:number-rows-spanned="{cell.row_span}"'
            f' table:number-columns-spanned="{cell.column_span}"'
        )
        kind = f' office:value-type="{value}"' if cell.text else ""
        content = "".join(map(_paragraph, cell.text.split("\n"))) if cell.text else "<text:p/>"
        yield f'<table:table-cell table:style-name="grid"{kind}{spans}>{content}</table:table-cell>'


def _paragraph(text: str) -> str:
    """Write a paragraph with all its spaces, of which XML would keep one."""
    spaced = re.sub(" {2,}|^ | $", lambda run: f'<text:s text:c="{len(run[0])}"/>', escape(text))
    return f"<text:p>{spaced}</text:p>"
