from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from lxml import html

from openbudget.blocks import Anchor
from openbudget.budget.claim import Claim, ClaimKind
from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import (
    CheckReport,
    Explanation,
    Message,
    OperandRole,
    RuleOutcome,
    RuleStatus,
)
from openbudget.budget.table import Place
from openbudget.reports.findings.checked import CheckedFile
from openbudget.reports.findings.page import check_page, checks_page
from openbudget.reports.findings.words import LANGUAGES, Lang
from tests.reports.findings.made import RULES

NAMED = {rule.id: rule for rule in RULES}
HARM = "<script>alert(1)</script>\"'&"


@pytest.fixture(scope="module", params=LANGUAGES)
def page(
    request: pytest.FixtureRequest, first_document: BudgetDocument, report: CheckReport
) -> html.HtmlElement:
    return html.document_fromstring(check_page(first_document, report, request.param, NAMED))


def article(page: html.HtmlElement, rule: str) -> html.HtmlElement:
    (found,) = page.xpath(f"//article[contains(p[@class='end'], 'findings.{rule}')]")
    return found


def marks(element: html.HtmlElement) -> dict[str, list[str]]:
    """Give what marked cells print, by what they are to the finding."""
    found: dict[str, list[str]] = {}
    for cell in element.xpath(".//table[contains(@class, 'excerpt')]//td[span[@class='mark']]"):
        words = cell.text_content().removeprefix(cell.xpath("string(span)"))
        found.setdefault(cell.get("class").split()[-1], []).append(words.strip())
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_equals_the_golden_file(
    lang: Lang,
    first_document: BudgetDocument,
    report: CheckReport,
    golden: Callable[[str, str], None],
) -> None:
    golden(f"{lang}.html", check_page(first_document, report, lang, NAMED))


def test_cells_are_marked_by_what_they_are_to_the_finding(page: html.HtmlElement) -> None:
    total = marks(article(page, "column.total"))
    assert total["subject"] == ["1009.286396"]
    assert (len(total["part"]), total["part"][0], total["part"][-1]) == (
        31,
        "28.244400",
        "120.000000",
    )
    assert marks(article(page, "table.operating")) == {
        "subject": ["34.222019"],
        "counterpart": ["27.742019"],
        "explanation": ["6.480000"],
    }
    assert marks(article(page, "unit.target")) == {
        "subject": ["4825000"],
        "counterpart": ["482.5"],
        "part": ["2380000元", "2445000元"],
    }


def test_an_excerpt_shows_the_rows_around_and_the_headings(page: html.HtmlElement) -> None:
    (table, _) = article(page, "table.operating").xpath(".//table[contains(@class, 'excerpt')]")
    rows = table.xpath("./tbody/tr[not(@class)]/th[@scope='row']/text()")
    assert rows == ["12", "13", "14"]
    (left_out,) = table.xpath("./tbody/tr[@class='left-out']/td/text()")
    assert re.search(r"\b6\b|去6行", left_out)
    headings = table.xpath("./thead//th/text()")
    assert "本年预算数 · 基本支出 · 公用经费" in headings


def test_the_sentence_of_a_figure_is_quoted(page: html.HtmlElement) -> None:
    (quote,) = article(page, "narrative.operating").xpath(".//blockquote/p/text()")
    assert "合计272,740.19元" in quote
    (heading,) = article(page, "year.heading").xpath(".//blockquote/p/text()")
    assert heading == "第二部分、2023年部门预算表"


def test_findings_of_a_cluster_are_linked(page: html.HtmlElement) -> None:
    links = page.xpath("//div[@class='overview']//a/@href")
    assert links == ["#d1-f1", "#d1-f2"]
    assert article(page, "column.total").get("id") == "d1-f1"
    assert article(page, "column.total").xpath(".//div[@class='explanations']//a/@href") == [
        "#d1-f2"
    ]


def test_the_contents_lead_to_every_finding(page: html.HtmlElement, report: CheckReport) -> None:
    links = [link.removeprefix("#") for link in page.xpath("//nav//a/@href")]
    names = page.xpath("//@id")
    assert len(names) == len(set(names))
    assert set(links) <= set(names)
    assert {f"d1-f{n}" for n in range(1, len(report.findings) + 1)} <= set(links)


def test_the_page_is_for_everybody(page: html.HtmlElement) -> None:
    assert page.get("lang") in {"zh-Hans", "en"}
    levels = [
        int(heading.tag[1])
        for heading in page.xpath(
            "//main//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5]"
        )
    ]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert page.xpath("//table[not(caption)]") == []
    assert page.xpath("//th[not(@scope)]") == []
    assert (
        page.xpath("//div[@class='scroll'][not(@role='region' and @tabindex and @aria-label)]")
        == []
    )
    named = page.xpath("//@aria-labelledby")
    assert set(named) <= set(page.xpath("//@id"))
    marked = page.xpath("//td[contains(@class, 'subject') or contains(@class, 'part')]")
    assert all(cell.xpath("span[@class='mark']") for cell in marked)


def test_every_row_is_as_wide_as_its_table(page: html.HtmlElement) -> None:
    for table in page.xpath("//table[thead]"):
        width = len(table.xpath("./thead/tr/th"))
        for row in table.xpath("./tbody/tr"):
            assert sum(int(cell.get("colspan", 1)) for cell in row) <= width


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_stands_alone(
    lang: Lang, first_document: BudgetDocument, report: CheckReport
) -> None:
    text = check_page(first_document, report, lang)
    page = html.document_fromstring(text)
    assert text.startswith("<!DOCTYPE html>")
    assert page.xpath("//script | //img | //link | //iframe | //object | //form") == []
    assert not any(name.startswith("on") for element in page.iter() for name in element.attrib)
    assert all(link.startswith("#") for link in page.xpath("//@href"))
    assert page.xpath("//@src | //@style") == []
    assert "url(" not in text
    assert "@import" not in text
    assert "http" not in text.replace("http-equiv", "")


def test_personal_data_is_not_on_the_page(page: html.HtmlElement, first_lines: list[str]) -> None:
    text = page.text_content()
    labels = [n for n, line in enumerate(first_lines) if line in ("\t项目负责人", "\t联系电话")]
    assert not any(first_lines[number + 1].strip() in text for number in labels)
    cells = article(page, "unit.target").xpath(".//td[contains(@class, 'withheld')]/text()")
    assert cells in (["［不公开］"] * 2, ["[withheld]"] * 2)


def test_what_is_printed_is_never_markup(
    first_document: BudgetDocument, report: CheckReport
) -> None:
    harm = Message(HARM, HARM)
    finding = next(one for one in report.findings if one.rule == "column.total")
    operands = tuple(
        replace(operand, label=harm, text=HARM, unit=HARM, document=HARM if operand.parts else None)
        for operand in finding.operands
    )
    hostile = replace(
        finding,
        id=HARM,
        rule=HARM,
        message=harm,
        operands=operands,
        cluster=HARM,
        explanations=(Explanation("row", harm),),
    )
    table = first_document.tables[2]
    row = table.rows[34]
    rows = (*table.rows[:34], replace(row, cells=(replace(row.cells[0], text=HARM),)))
    document = replace(
        first_document,
        identity=replace(first_document.identity, title=HARM, publisher=HARM),
        tables=(replace(table, title=HARM, rows=(*rows, table.rows[35])),),
    )
    outcome = RuleOutcome(HARM, RuleStatus.NOT_APPLICABLE, reason=harm)
    whole = CheckReport((hostile, replace(hostile, id="b")), (outcome,))
    files = [CheckedFile(HARM, HARM, document, whole), CheckedFile(HARM, error=HARM)]
    page = html.document_fromstring(checks_page(files, "en"))
    assert page.xpath("//script") == []
    assert page.xpath("//title/text()") == [f"Check report: {HARM}"]
    assert page.text_content().count(HARM) >= 20
    # Of attributes only this one holds what is printed.
    holding = {name for e in page.iter() for name, value in e.attrib.items() if "alert" in value}
    assert holding == {"aria-label"}


def test_several_files_are_one_page(first_document: BudgetDocument, report: CheckReport) -> None:
    files = [
        CheckedFile("a.txt", document=first_document, report=report),
        CheckedFile("b.zip", "c.txt", error="the file is empty"),
        CheckedFile("d.txt", document=first_document),
    ]
    page = html.document_fromstring(checks_page(files, "en"))
    names = page.xpath("//@id")
    assert len(names) == len(set(names))
    assert page.xpath("//section[@id='unread']//li/text()") == ["b.zip (c.txt): the file is empty"]
    assert page.xpath("//section[@id='d3']/p[not(@class)]/text()") == [
        "Nothing was found that does not agree."
    ]
    assert page.xpath("//section[@class='document']/@id") == ["d1", "d3", "unread"]


def test_a_claim_is_quoted_by_its_sentence(
    first_document: BudgetDocument, report: CheckReport
) -> None:
    claim = Claim(
        number=7,
        kind=ClaimKind.AMOUNT,
        measure=None,
        label="合计",
        function=None,
        fiscal_year=2024,
        phase=None,
        figure=None,
        unit="元",
        fen=27274019,
        text="272,740.19元",
        sentence="一句话，在两行之间。",
        section=13,
        place=Place(Anchor(line=44)),
    )
    finding = next(one for one in report.findings if one.rule == "narrative.operating")
    operand = replace(finding.operands[0], item="claims.7", place=None)
    only = CheckReport((replace(finding, operands=(operand, *finding.operands[1:])),))
    document = replace(first_document, claims=(claim,))
    page = html.document_fromstring(check_page(document, only, "zh"))
    assert page.xpath("//blockquote/p/text()") == ["一句话，在两行之间。"]
    assert page.xpath("//blockquote/footer/text()") == ["（一）机构运行经费说明 · 文件第44行"]


def test_every_role_has_a_colour_of_its_own(page: html.HtmlElement) -> None:
    style = page.xpath("string(//style)")
    for role in (*map(str, OperandRole), "part", "explanation"):
        assert f".{role} {{ background: var(--{role})" in style
