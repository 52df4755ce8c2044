"""Whose budget a document is, by what it says of itself."""

from __future__ import annotations

import hashlib
from base64 import b32encode

import pytest

from openbudget.blocks import Anchor, Block, Cell, Grid, Paragraph
from openbudget.budget.document import DocumentIdentity
from openbudget.budget.identifiers import document_id, name_code, parse_reference
from openbudget.budget.organization import DepartmentName
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.errors import IdentityError
from openbudget.loading.seed import Seed
from openbudget.recognition.identity import KnownIdentity, find_identity

OFFICE = "上海市普陀区商务委员会"


def paragraphs(*texts: str) -> list[Block]:
    return [Paragraph(text, Anchor(block=n)) for n, text in enumerate(texts, start=1)]


def find(seed: Seed, *texts: str, known: KnownIdentity | None = None) -> DocumentIdentity:
    return find_identity(paragraphs(*texts), seed.places, (), known)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("上海市普陀区人民政府办公室", "310107"),
        ("中共上海市普陀区委办公室", "310107"),
        ("上海市规划和自然资源局", "310000"),
        ("北京市西城区法律援助中心", "110102"),
        ("广东省佛山市南海区教育局", "440605"),
        ("嶽陽縣文聯", "430621"),
        ("重庆市交通委员会", "500000"),
        ("普陀区商务委员会", None),
        ("朝阳区财政局", None),
        ("水利部", None),
        ("西城区法律援助中心", "110102"),
    ],
)
def test_the_place_stands_in_front_of_the_name(seed: Seed, name: str, code: str | None) -> None:
    assert seed.places.find(name) == code


def test_a_cover_with_its_label(seed: Seed) -> None:
    identity = find(
        seed, "上海市普陀区2025年区级部门预算", f"预算主管部门：{OFFICE}", "部门收支总表"
    )
    assert (identity.publisher, identity.jurisdiction) == (OFFICE, "310107")
    assert (identity.fiscal_year, identity.scope, identity.phase) == (
        2025,
        Scope.DEPARTMENT,
        Phase.APPROVED,
    )
    assert identity.title == "上海市普陀区2025年区级部门预算"
    assert document_id(identity) == f"310107-{name_code(OFFICE)}-2025-department-approved"


def test_the_place_may_stand_on_the_cover_only(seed: Seed) -> None:
    identity = find(seed, "上海市普陀区2025年区级单位预算", "预算单位：普陀区社会福利院")
    assert (identity.jurisdiction, identity.scope) == ("310107", Scope.UNIT)


def test_a_cover_broken_over_lines(seed: Seed) -> None:
    identity = find(seed, "上海市普陀区规划和自然", "资源局 ", "2024年度部门决算 ")
    assert identity.publisher == "上海市普陀区规划和自然资源局"
    assert identity.title == "上海市普陀区规划和自然资源局2024年度部门决算"
    assert identity.phase is Phase.EXECUTED


@pytest.mark.parametrize(
    ("cover", "phase", "scope"),
    [
        ("上海市水务局2024年单位预算公开", Phase.APPROVED, Scope.UNIT),
        ("上海市水务局2024年度部门决算公开说明", Phase.EXECUTED, Scope.DEPARTMENT),
        ("上海市水务局2024年部门预算调整", Phase.ADJUSTED, Scope.DEPARTMENT),
        ("2024年上海市水务局部门预算", Phase.APPROVED, Scope.DEPARTMENT),
        ("2024年度上海市水务局单位决算公开", Phase.EXECUTED, Scope.UNIT),
    ],
)
def test_phase_and_scope_of_a_cover(seed: Seed, cover: str, phase: Phase, scope: Scope) -> None:
    identity = find(seed, cover)
    assert (identity.publisher, identity.phase, identity.scope) == ("上海市水务局", phase, scope)


def test_year_phase_and_office_may_stand_in_titles_and_captions(seed: Seed) -> None:
    identity = find(
        seed,
        "2023年部门收入总表",
        "编制部门：上海市水务局 单位：元",
        "2023年部门支出总表",
    )
    assert document_id(identity).startswith("310000-n")
    assert identity.fiscal_year == 2023
    assert identity.title == "上海市水务局2023年部门预算"


def test_a_printed_code_is_the_code_of_the_office(seed: Seed) -> None:
    cell = Cell("231002-北京市西城区法律援\n助中心", 0, 0, Anchor())
    blocks = [*paragraphs("第一部分 2024年部门预算情况说明"), Grid((cell,), Anchor())]
    identity = find_identity(blocks, seed.places)
    assert (identity.department, identity.publisher) == ("231002", "北京市西城区法律援助中心")


def test_codes_of_the_units_below_are_not_those_of_the_office(seed: Seed) -> None:
    cells = tuple(
        Cell(text, row, 0, Anchor())
        for row, text in enumerate(["231001-北京市西城区司法局", "231002-西城区法律援助中心"])
    )
    blocks = [*paragraphs("北京市西城区司法局2024年部门预算"), Grid(cells, Anchor())]
    assert find_identity(blocks, seed.places).department == "231001"
    other = [*paragraphs("北京市西城区信访办公室2024年部门预算"), Grid(cells, Anchor())]
    assert find_identity(other, seed.places).department == name_code("北京市西城区信访办公室")


def test_a_code_of_a_name_is_made_as_described() -> None:
    digest = hashlib.sha256("上海市水务局".encode()).digest()
    expected = "n" + b32encode(digest).decode().lower()[:10]
    for name in ("上海市水务局", "上海市 水务局", "上海市水务局（本级）", "上海市水务局(本部)"):
        assert name_code(name) == expected
    assert parse_reference(f"310000-{expected}-2024-unit-approved") is not None


def test_the_list_of_names_goes_first(seed: Seed) -> None:
    listed = [
        DepartmentName("上海市水务局", "310000", "501", 2010, 2023),
        DepartmentName("上海市水务局", "310000", "502", 2024, None),
    ]
    for year, code in ((2023, "501"), (2024, "502")):
        blocks = paragraphs(f"上海市水务局{year}年部门预算")
        assert find_identity(blocks, seed.places, listed).department == code


def test_what_is_known_goes_before_what_is_printed(seed: Seed) -> None:
    known = KnownIdentity("310101", "310101-7", 2020, Phase.ADJUSTED, Scope.UNIT)
    identity = find(seed, "上海市水务局2024年部门预算", known=known)
    assert document_id(identity) == "310101-7-2020-unit-adjusted"


def test_everything_that_is_not_known_is_asked_for(seed: Seed) -> None:
    with pytest.raises(IdentityError) as caught:
        find(seed, "说明")
    options = ("--jurisdiction", "--department", "--year", "--phase", "--scope")
    assert all(option in str(caught.value) for option in options)


def test_a_place_that_may_be_two_is_asked_for(seed: Seed) -> None:
    with pytest.raises(IdentityError, match=r"not known: the place \(--jurisdiction\)\."):
        find(seed, "普陀区商务委员会2024年部门预算")


@pytest.mark.parametrize(
    "heading", ["一、部门主要职能", "第一部分 2024年部门概况", "第一部分 部门概况"]
)
def test_headings_without_a_name_are_no_names(seed: Seed, heading: str) -> None:
    with pytest.raises(IdentityError, match="--department"):
        find(seed, "2024年部门预算", heading)


@pytest.mark.parametrize("name", ["上海市普陀区XX局", "上海市…局", "上海市××局"])
def test_a_name_left_blank_in_the_form_is_none(seed: Seed, name: str) -> None:
    with pytest.raises(IdentityError, match="--department"):
        find(seed, f"{name}2024年部门预算")
