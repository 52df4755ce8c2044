"""Citations as text by GB/T 7714-2015, and as BibTeX that a parser reads back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pybtex.database import parse_string

from openbudget.formats.bibtex import escape, write_bibtex
from openbudget.formats.citation import CitedPlace, Reference, one_line, write_gb_t_7714

SHA256 = "0123456789abcdef" * 4
REFERENCE = Reference(
    key="110102-1-2024-unit-approved.0123456789ab",
    publisher="某局",
    title="某局2024年单位预算",
    fiscal_year=2024,
    sha256=SHA256,
    href="https://budget.example/v1/documents/110102-1-2024-unit-approved@0123456789ab",
)
PLACES = (
    CitedPlace("表一", {"page": 9, "row": 5, "column": 2, "box": [1, 2, 3, 4]}),
    CitedPlace(None, {"line": 12}),
    CitedPlace("表一", {"page": 10, "row": 6, "column": 2}),
    CitedPlace("表一", {"page": 9, "row": 5, "column": 2}),
    CitedPlace("表二\n续", {}),
)
# What TeX writes for the characters that it would else take for its own.
PRINTED = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{char}": char for char in "%&#_$"},
}


def as_printed(text: str) -> str:
    """Read what TeX would print: from left to right, each command once."""
    found = ""
    while text:
        command = next((own for own in PRINTED if text.startswith(own)), None)
        assert command or text[0] not in "\\{}~^%&#_$", text
        found += PRINTED[command] if command else text[0]
        text = text[len(command or "x") :]
    return found


def test_a_document_of_which_little_is_known() -> None:
    assert write_gb_t_7714(REFERENCE) == (
        "某局. 某局2024年单位预算[EB/OL]. "
        "https://budget.example/v1/documents/110102-1-2024-unit-approved@0123456789ab. "
        f"SHA-256: {SHA256}."
    )


def test_what_is_known_stands_in_its_place() -> None:
    known = replace(REFERENCE, published="2024-02-05", accessed="2024-06-30", places=PLACES)
    assert write_gb_t_7714(known) == (
        "某局. 某局2024年单位预算: 表一(第5行, 第2列, 文件第9页; 第6行, 第2列, 文件第10页); "
        "文件第12行; 表二 续[EB/OL]. (2024-02-05)[2024-06-30]. "
        "https://budget.example/v1/documents/110102-1-2024-unit-approved@0123456789ab. "
        f"SHA-256: {SHA256}."
    )


def test_the_year_is_named_where_the_title_does_not() -> None:
    bare = replace(REFERENCE, title="单位预算公开")
    assert write_gb_t_7714(bare).startswith("某局. 单位预算公开: 2024年度[EB/OL]. https://")
    dated = replace(bare, accessed="2024-06-30", places=PLACES[1:2])
    assert "单位预算公开: 2024年度; 文件第12行[EB/OL]. [2024-06-30]. h" in write_gb_t_7714(dated)


@pytest.mark.parametrize(
    ("anchor", "zh", "en"),
    [
        ({"page": 3}, "文件第3页", "page 3 of the file"),
        ({"line": 5}, "文件第5行", "line 5 of the file"),
        ({"block": 7}, "文件第7段", "block 7 of the file"),
        ({"sheet": "附表", "address": "B7"}, "工作表附表, 单元格B7", "sheet 附表, cell B7"),
        ({"row": 4, "column": None, "line": 9}, "第4行, 文件第9行", "row 4, line 9 of the file"),
        ({"box": [1, 2, 3, 4]}, "", ""),
    ],
)
def test_every_carrier_has_words(anchor: dict[str, object], zh: str, en: str) -> None:
    assert [CitedPlace(None, anchor).text(language) for language in ("zh", "en")] == [zh, en]


def test_bibtex_whole() -> None:
    known = replace(
        REFERENCE,
        published="2024-02-05",
        origin="https://gov.example/a_b?c=%20&d#e~f",
        accessed="2024-06-30",
        places=PLACES,
    )
    assert write_bibtex(known) == (
        "@misc{110102-1-2024-unit-approved.0123456789ab,\n"
        "  author = {{某局}},\n"
        "  title = {{某局2024年单位预算: 表一; 表二 续}},\n"
        "  year = {2024},\n"
        "  date = {2024-02-05},\n"
        "  howpublished = {https://gov.example/a\\_b?c=\\%20\\&d\\#e\\textasciitilde{}f},\n"
        "  url = {https://budget.example/v1/documents/"
        "110102-1-2024-unit-approved@0123456789ab},\n"
        "  urldate = {2024-06-30},\n"
        "  note = {Fiscal year 2024; 表一(row 5, column 2, page 9 of the file; "
        "row 6, column 2, page 10 of the file); line 12 of the file; 表二 续; "
        f"SHA-256 {SHA256}}},\n"
        "}\n"
    )


def test_what_is_not_known_is_no_field() -> None:
    (entry,) = parse_string(write_bibtex(REFERENCE), "bibtex").entries.values()
    assert sorted(entry.fields) == ["note", "title", "url"]
    assert entry.type == "misc"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])).filter(str.strip))
@example(r"\{}%&#_$~^")
@example("}{")
@example("\\textbackslash{}")
@example("嶽陽縣文聯𠮷 “三公”經費")
@example('@comment{a, "b" and c}, d = e')
@example("第一行\n第二行\t三")
def test_every_text_comes_back_from_a_parser(text: str) -> None:
    made = replace(REFERENCE, publisher=text, title=text, places=[CitedPlace(text, {"page": 1})])
    (key,) = (parsed := parse_string(write_bibtex(made), "bibtex").entries)
    entry = parsed[key]
    assert key == REFERENCE.key
    (author,) = entry.persons["author"]
    said = one_line(text)
    # In braces of its own a name is not taken apart, whatever it holds.
    assert as_printed(str(author).removeprefix("{").removesuffix("}")) == said
    title = entry.fields["title"].removeprefix("{").removesuffix("}")
    assert as_printed(title) == f"{said}: {said}"
    assert as_printed(entry.fields["note"]).startswith("Fiscal year 2024; ")


@given(st.text(alphabet="\\{}%&#_$~^ a𠮷", max_size=12))
def test_escaping_loses_nothing(text: str) -> None:
    assert as_printed(escape(text)) == one_line(text)
    assert escape(text).count("{") == escape(text).count("}")
