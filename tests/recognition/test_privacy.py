"""Personal data is withheld however a form is filled in; figures never are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import product
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from openbudget.budget.document import DocumentIdentity, PublishedFile
from openbudget.budget.folding import fold_characters
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.loading.seed import Seed
from openbudget.reading.text import read_text
from openbudget.recognition.privacy import personal_kind
from openbudget.recognition.recognize import Surroundings, recognize
from openbudget.recognition.words import load_words
from openbudget.reports.plain import document_as_json
from tests.conftest import FIRST

IDENTITY = DocumentIdentity("110102", "231002", 2024, Scope.DEPARTMENT, Phase.APPROVED, "t", "p")
NAME, PHONE = "某某某", "13900001111"
BEGIN, END = "\t项目负责人\n", "\t项目属性"

ROWS = {
    "pairs": ["项目负责人", NAME, "联系电话", PHONE],
    "many cells": ["项目类别", "其他", "项目负责人", NAME, "联系电话", PHONE],
    "a blank between": ["项目负责人", "", NAME, "联系电话", "", PHONE],
    "one cell each": [f"项目负责人：{NAME}", f"联系电话：{PHONE}"],
    "without colon": [f"项目负责人\n{NAME}", f"联系电话 {PHONE}"],
    "brackets": [f"项目负责人（{NAME}）", f"电话（{PHONE}）"],
    "behind other text": [f"项目名称：甲 项目负责人：{NAME} 手机：{PHONE}"],
    "ordinals and marks": ["1、项目负责人", NAME, "*联系电话：", PHONE],
    "other labels": ["经办人", NAME, "联系人电话", PHONE],
    "and more": ["负责人姓名", NAME, "手机号码", PHONE],
    "a zero-width space": ["项目\u200b负责人", NAME, "办公电话", PHONE],
    "headings": ["项目负责人", "联系电话", "", ""],
    "traditional labels": ["項目負責人", NAME, "聯繫電話", PHONE],
    "traditional in one cell": [f"聯係人：{NAME}", f"手機號碼：{PHONE}"],
    "spaces within": [f"负 责 人：{NAME}", f"联 系 电 话：{PHONE}"],
    "a space behind": [f"项目负责人 {NAME}", f"电　话　{PHONE}"],
    "a wide space behind": [f"负责人\u3000{NAME}", f"座机\u3000{PHONE}"],
    "selectors and fillers": ["项目负责\ufe00人", NAME, "联系\u3164电话", PHONE],
    "hidden in one cell": [f"负\u200b责人：{NAME}", f"电\u0323话：{PHONE}"],
    "signed": ["负责人签字_", NAME, "联络人", NAME],
}


def altered(row: list[str], below: list[str] | None = None) -> bytes:
    text = FIRST.read_text(encoding="utf-8")
    begin, end = text.index(BEGIN), text.index(END)
    rows = [row, below] if below else [row]
    printed = "\n\n".join("\n".join(f"\t{cell}" for cell in cells) for cells in rows)
    return (text[:begin] + printed + "\n\n" + text[end:]).encode()


def shown(content: bytes, seed: Seed) -> tuple[str, int]:
    file = PublishedFile("0" * 64, "text/plain", 0)
    document = recognize(read_text(content), IDENTITY, file, Surroundings(seed.lists))
    return document_as_json(document).decode(), sum(len(t.lines) for t in document.tables)


@pytest.mark.parametrize("case", ROWS)
def test_a_form_filled_in_otherwise_shows_no_person(case: str, seed: Seed) -> None:
    below = [NAME, PHONE, "", ""] if case == "headings" else None
    text, lines = shown(altered(ROWS[case], below), seed)
    assert NAME not in text
    assert PHONE not in text
    assert lines == 183


NARRATIVE = [
    f"本项目负责人：{NAME}，联系电话{PHONE}",
    f"联系人：{NAME}，电话{PHONE}",
    f"一、项目负责人：{NAME}",
    f"注：项目负责人：{NAME}",
    f"联系电话\n{PHONE}",
    f"项目负责人\n\n{NAME}",
]


@pytest.mark.parametrize("paragraph", NARRATIVE)
def test_the_narrative_shows_no_person(paragraph: str, seed: Seed) -> None:
    text, lines = shown(paragraph.encode() + b"\n" + FIRST.read_bytes(), seed)
    assert NAME not in text
    assert PHONE not in text
    assert lines == 183


def test_what_is_withheld_once_is_withheld_everywhere(seed: Seed) -> None:
    content = f"{NAME}\n电 {PHONE}\n".encode() + altered(ROWS["pairs"])
    text, _ = shown(content, seed)
    assert NAME not in text
    assert PHONE not in text


@pytest.mark.parametrize("label", ["联系电话", "项目负责人"])
def test_a_stray_label_withholds_no_figures(label: str, seed: Seed) -> None:
    lines = FIRST.read_text(encoding="utf-8").split("\n")
    lines[402] += f"\n\n\t{label}\n"
    text, count = shown("\n".join(lines).encode(), seed)
    assert count >= 180
    assert '"personal data",\n        2' in text


def test_ordinary_sentences_are_kept(seed: Seed) -> None:
    sentence = "各单位主要负责人要高度重视，通过12348电话热线解答咨询。"
    text, _ = shown(sentence.encode() + b"\n" + FIRST.read_bytes(), seed)
    assert sentence in text


def every_text(parsed: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    """Every text that a pattern of plain characters, groups, choices and counts can match."""
    parts = [list(texts_of(operation, value)) for operation, value in parsed]
    return ("".join(texts) for texts in product(*parts))


def texts_of(operation: Any, value: Any) -> Iterator[str]:
    if str(operation) == "LITERAL":
        yield chr(value)
    elif str(operation) == "IN":
        yield from (chr(code) for _, code in value)
    elif str(operation) == "BRANCH":
        yield from (text for choice in value[1] for text in every_text(choice))
    elif str(operation) == "SUBPATTERN":
        yield from every_text(value[-1])
    else:
        assert str(operation) == "MAX_REPEAT", operation
        least, most, repeated = value
        for count in range(least, most + 1):
            yield from map("".join, product(every_text(repeated), repeat=count))


@pytest.mark.parametrize(
    "text", ["项目负责人 联系电话", "本单位负责人 职责", "负责人 合计 12", "工作人员 5人"]
)
def test_labels_side_by_side_are_no_name(text: str, seed: Seed) -> None:
    assert text in shown(altered([text, "其他", "", ""]), seed)[0]


@pytest.mark.parametrize("kind", load_words().personal)
def test_every_label_has_a_character_that_is_looked_for_first(kind: str) -> None:
    words = load_words()
    labels = list(every_text(sre_parser.parse(words.personal[kind].pattern)))
    assert len(labels) > 1
    assert [label for label in labels if not words.personal_character.search(label)] == []
    assert all(personal_kind(label) == kind for label in labels)


def test_characters_that_fold_to_one_of_a_label_are_looked_for_as_well() -> None:
    sought = load_words().personal_character
    every = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000]
    folding = [
        character
        for character in every
        if sought.search(fold_characters(unicodedata.normalize("NFKC", character)))
    ]
    assert folding == [character for character in every if sought.search(character)]
