from __future__ import annotations

import pytest

from openbudget.reading.docx import read_docx
from tests.reading.office_files import docx, p, tbl, tc, texts, tr


def level(depth: int, kind: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/>{more}</w:lvl>'
    )


def lists(*levels: str, overrides: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{overrides}</w:num>'
    )


def item(text: str, depth: int = 0, number: int = 1) -> str:
    properties = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return p(text).replace("<w:p>", f"<w:p><w:pPr>{properties}</w:pPr>")


SPACE, NOTHING = '<w:suff w:val="space"/>', '<w:suff w:val="nothing"/>'


def test_numbers_are_printed_before_their_paragraphs() -> None:
    numbering = lists(
        level(0, "chineseCountingThousand", "%1、", NOTHING),
        level(1, "chineseCounting", "（%2）", NOTHING),
        level(2, "decimal", "%3.", SPACE),
        level(3, "decimal", "%1.%4", '<w:isLgl w:val="1"/>'),
    )
    body = (
        item("收入")
        + item("本年", 1)
        + item("拨款", 2)
        + item("其他", 2)
        + item("上年", 1)
        + item("结转", 2)
        + p("无号")
        + item("支出")
        + item("基本", 1)
        + item("人员", 3)
        + item("", 0)
    )
    assert texts(read_docx(docx(body, numbering=numbering))) == [
        "一、收入",
        "（一）本年",
        "1. 拨款",
        "2. 其他",
        "（二）上年",
        "1. 结转",
        "无号",
        "二、支出",
        "（一）基本",
        "2.1\t人员",
        "三、",
    ]


def test_cells_are_numbered_too() -> None:
    rows = [tr(tc(item("")), tc(name)) for name in ("甲", "乙", "丙")]
    found = texts(read_docx(docx(tbl(*rows), numbering=lists(level(0, "decimal", "%1")))))
    assert found == [[["1", "甲"], ["2", "乙"], ["3", "丙"]]]


def test_a_list_that_restarts_does_so_once() -> None:
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    numbering = lists(level(0, "decimal", "%1", SPACE), overrides=restart)
    body = item("a") + item("b", number=2) + item("c", number=2) + item("d")
    assert texts(read_docx(docx(body, numbering=numbering))) == ["1 a", "5 b", "6 c", "7 d"]


def test_styles_number_their_paragraphs_unless_told_not_to() -> None:
    styles = (
        '<w:style w:styleId="标题"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="次"><w:basedOn w:val="标题"/></w:style>'
        '<w:style w:styleId="环"><w:basedOn w:val="环"/></w:style>'
    )

    def styled(text: str, style: str, more: str = "") -> str:
        properties = f'<w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>'
        return p(text).replace("<w:p>", f"<w:p>{properties}")

    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = styled("a", "标题") + styled("b", "次") + styled("c", "次", off) + styled("d", "环")
    numbering = lists(level(0, "decimal", "%1", SPACE))
    found = texts(read_docx(docx(body, numbering=numbering, styles=styles)))
    assert found == ["1 a", "2 b", "c", "d"]


@pytest.mark.parametrize(
    ("kind", "number", "printed"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 3, "03"),
        ("decimalFullWidth", 10, "１０"),
        ("upperRoman", 1994, "MCMXCIV"),
        ("lowerRoman", 4, "iv"),
        ("upperLetter", 28, "BB"),
        ("lowerLetter", 3, "c"),
        ("chineseCounting", 10, "十"),
        ("chineseCountingThousand", 11, "十一"),
        ("chineseCountingThousand", 101, "一百零一"),
        ("japaneseCounting", 20, "二十"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 13, "子"),
        ("decimalEnclosedCircle", 20, "⑳"),
        ("decimalEnclosedCircleChinese", 21, "21"),
        ("upperRoman", 0, "0"),
        ("upperLetter", 99999, "99999"),
        ("chineseCounting", 99999, "99999"),
        ("none", 1, "."),
        ("unheardOf", 7, "7"),
    ],
)
def test_numbers_are_written_as_the_list_says(kind: str, number: int, printed: str) -> None:
    start = f'<w:start w:val="{number}"/>'
    form = level(0, kind, "%1." if kind == "none" else "%1").replace('<w:start w:val="1"/>', start)
    assert texts(read_docx(docx(item(""), numbering=lists(form)))) == [printed]


def test_a_bullet_is_the_character_of_its_font() -> None:
    numbering = lists(level(0, "bullet", "\uf0b7"))
    assert texts(read_docx(docx(item("a"), numbering=numbering))) == ["\uf0b7\ta"]
