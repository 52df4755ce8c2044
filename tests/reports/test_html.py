from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from lxml import html

from openbudget.blocks import Anchor
from openbudget.budget.document import UnmappedCell
from openbudget.budget.vocabulary import Role
from openbudget.cli import main
from openbudget.reports.html import KINDS, document_page, place
from tests.conftest import FIRST

if TYPE_CHECKING:
    from pathlib import Path

    from openbudget.budget.document import BudgetDocument

HARM = "<script>alert(1)</script>\"'&"


@pytest.fixture(scope="module")
def page(first_document: BudgetDocument) -> html.HtmlElement:
    return html.document_fromstring(document_page(first_document))


def kinds(page: html.HtmlElement) -> Counter[str]:
    cells = page.xpath("//section[starts-with(@id, 't')]//td")
    return Counter(str(cell.get("class")).split()[0] for cell in cells)


def test_every_cell_is_coloured_by_what_became_of_it(
    page: html.HtmlElement, first_document: BudgetDocument
) -> None:
    cells = [cell for t in first_document.tables for row in t.rows for cell in row.cells]
    roles = Counter(line.role for t in first_document.tables for line in t.lines)
    found = kinds(page)
    found.pop("gap")
    assert found.total() == len(cells)
    assert [found[role] for role in Role] == [roles[role] for role in Role]
    assert found["withheld"] == sum(cell.text is None for cell in cells) == 2
    assert found["ignored"] + found["withheld"] == sum(cell.use == "ignored" for cell in cells)
    assert found["unmapped"] == 0
    assert set(found) <= set(KINDS)


def test_a_cell_says_where_it_stands(page: html.HtmlElement) -> None:
    total, cell = page.xpath("//section[@id='t3']//td[text()='2.351038']")
    assert total.get("title") == "row 33, column 4 · line 583 · total · subtotal"
    assert cell.get("title") == "row 33, column 6 · line 585 · project · leaf"
    assert cell.get("class") == "leaf number"
    (row,) = cell.xpath("..")
    assert row.get("id") == "t3-r33"


def test_everything_has_an_anchor_that_is_linked(page: html.HtmlElement) -> None:
    names = page.xpath("//@id")
    links = [link.removeprefix("#") for link in page.xpath("//a/@href")]
    assert len(names) == len(set(names))
    assert set(links) <= set(names)
    assert {"account", "narrative", *(f"t{n}" for n in range(1, 15))} <= set(links)


def test_the_page_stands_alone(first_document: BudgetDocument) -> None:
    text = document_page(first_document)
    page = html.document_fromstring(text)
    assert page.xpath("//script | //img | //link | //iframe | //object | //form") == []
    assert not any(name.startswith("on") for element in page.iter() for name in element.attrib)
    assert all(link.startswith("#") for link in page.xpath("//@href"))
    assert page.xpath("//@src") == []
    assert "url(" not in text
    assert "@import" not in text
    assert "http" not in text.replace("http-equiv", "")


def test_personal_data_is_not_on_the_page(page: html.HtmlElement, first_lines: list[str]) -> None:
    text = page.text_content()
    labels = [n for n, line in enumerate(first_lines) if line in ("\t项目负责人", "\t联系电话")]
    withheld = [first_lines[number + 1].strip() for number in labels]
    assert len(withheld) == 2
    assert not any(secret in text for secret in withheld)
    assert text.count("[withheld]") == 2


def test_the_whole_narrative_is_on_the_page(
    page: html.HtmlElement, first_document: BudgetDocument
) -> None:
    paragraphs = page.xpath("//section[@id='narrative']//p/text()")
    printed = [p.text for section in first_document.sections for p in section.paragraphs]
    assert paragraphs == printed


def test_what_is_printed_is_never_markup(first_document: BudgetDocument) -> None:
    table = first_document.tables[0]
    row = table.rows[4]
    cells = (replace(row.cells[0], text=HARM, reason=HARM, use="unmapped"), *row.cells[1:])
    rows = (*table.rows[:4], replace(row, cells=cells), *table.rows[5:])
    unmapped = (UnmappedCell(HARM, Anchor(sheet=HARM), HARM),)
    document = replace(
        first_document,
        identity=replace(first_document.identity, title=HARM, publisher=HARM),
        tables=(replace(table, title=HARM, rows=rows, layout=""),),
        coverage=replace(first_document.coverage, unmapped=unmapped),
    )
    page = html.document_fromstring(document_page(document))
    assert page.xpath("//script") == []
    (cell,) = page.xpath("//td[contains(@class, 'unmapped') and @title]")
    assert cell.text == HARM
    assert cell.get("title").endswith(HARM)
    assert page.xpath("//title/text()") == [HARM]
    assert page.xpath("//nav//a[@class='warn']/text()") == [HARM]


@pytest.mark.parametrize(
    ("anchor", "words"),
    [
        (Anchor(line=3), "line 3"),
        (Anchor(page=2, box=(1, 2, 3, 4)), "page 2"),
        (Anchor(sheet="表1", address="B7"), "sheet 表1, cell B7"),
        (Anchor(block=9), "block 9"),
        (Anchor(), ""),
    ],
)
def test_places_are_said_in_the_terms_of_the_file(anchor: Anchor, words: str) -> None:
    assert place(anchor) == words


def test_show_writes_the_page(tmp_path: Path, first_document: BudgetDocument) -> None:
    target = tmp_path / "page.html"
    result = CliRunner().invoke(main, ["show", str(FIRST), "--html", str(target)])
    assert result.exit_code == 0
    assert target.read_text(encoding="utf-8") == document_page(first_document)


def test_a_page_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    target = tmp_path / "absent" / "page.html"
    result = CliRunner().invoke(main, ["show", str(FIRST), "--html", str(target)])
    assert result.exit_code == 1
    assert "page.html cannot be written: No such file" in result.stderr
