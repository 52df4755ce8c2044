"""The seed as it is read: crosswalks between classifications."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from openbudget.budget.classification import (
    ClassificationName,
    CodeMapping,
    CodeName,
    Crosswalk,
    MappedCode,
    MappingStatus,
)
from openbudget.budget.vocabulary import Scheme
from openbudget.errors import SeedError
from openbudget.loading.seed import Seed, read_seed
from tests.conftest import SEED


@pytest.fixture(scope="module")
def economic(seed: Seed) -> Crosswalk:
    return seed.lists.crosswalks[0]


@pytest.fixture(scope="module")
def cofog(seed: Seed) -> Crosswalk:
    return seed.lists.crosswalks[1]


def test_crosswalks_are_read_with_their_conditions_and_origins(
    economic: Crosswalk, cofog: Crosswalk
) -> None:
    assert economic.mappings[0] == CodeMapping(
        source=MappedCode(
            CodeName("30101", "基本工资", "Basic salary"),
            CodeName("301", "工资福利支出", "Wages and welfare expenditure"),
        ),
        target=MappedCode(
            CodeName("50101", "工资奖金津补贴", "Salaries, bonuses and allowances"),
            CodeName("501", "机关工资福利支出", "Government agency wages and welfare"),
        ),
        condition="unit is an administrative organ (机关, incl. units managed as civil service)",
        confidence=None,
        status=MappingStatus.OFFICIAL,
        note="seen in: 2018 correspondence table (web copy)",
    )
    assert economic.mappings[1].status is MappingStatus.RECONSTRUCTION
    assert (cofog.status, cofog.target) == (
        MappingStatus.PROPOSAL,
        ClassificationName("cofog", "1999"),
    )
    assert cofog.mappings[1] == CodeMapping(
        source=MappedCode(
            CodeName("20101", "人大事务", "People's congress affairs"),
            CodeName("201", "一般公共服务支出", "General public services"),
        ),
        target=MappedCode(
            CodeName(
                "01.1",
                None,
                "Executive and legislative organs, financial and fiscal affairs, external affairs",
            ),
            CodeName("01", None, "General public services"),
        ),
        condition="",
        confidence="medium",
        status=MappingStatus.PROPOSAL,
        note="proposed",
    )


def test_crosswalks_name_codes_of_the_lists_only(
    seed: Seed, economic: Crosswalk, cofog: Crosswalk
) -> None:
    department = seed.lists.for_year(Scheme.DEPARTMENT_ECONOMIC, 2024)
    government = seed.lists.for_year(Scheme.GOVERNMENT_ECONOMIC, 2024)
    functional = seed.lists.for_year(Scheme.FUNCTIONAL, 2024)
    assert department and government and functional  # noqa: PT018
    assert {own.source.own.code for own in economic.mappings} <= set(department.by_code)
    targets = {own.target.own.code for own in economic.mappings if own.target}
    assert targets <= set(government.by_code)
    assert {own.source.own.code for own in cofog.mappings} <= set(functional.by_code)


def test_every_row_of_the_files_is_a_mapping(economic: Crosswalk, cofog: Crosswalk) -> None:
    for crosswalk, name in ((economic, "crosswalk"), (cofog, "cofog-crosswalk")):
        with (SEED / f"classifications/{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [own.note for own in crosswalk.mappings] == [row["note"] for row in rows]
    for own, row in zip(cofog.mappings, rows, strict=True):
        assert own.source.own.zh == row["functional_name_zh"]
        assert (own.target is None) == (row["confidence"] == "none") == (row["cofog_group"] == "")
    official = {own.status for own in economic.mappings if own.note.startswith("seen in: 2018")}
    assert official == {MappingStatus.OFFICIAL}
    assert {own.status for own in cofog.mappings} == {MappingStatus.PROPOSAL}


def test_one_code_of_cofog_has_one_name(cofog: Crosswalk) -> None:
    targets = [own.target for own in cofog.mappings if own.target]
    names = {name for target in targets for name in (target.own, target.parent) if name}
    assert len({name.code for name in names}) == len(names)
    assert all(name.zh is None and name.en for name in names)
    assert all(t.parent and t.own.code.startswith(f"{t.parent.code}.") for t in targets)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("status: proposal", "status: guess", "a crosswalk is malformed: 'guess'"),
        ("file: crosswalk.csv", "file: gone.csv", "gone.csv, line 1"),
        ("target: government_code", "target: cod", "a crosswalk is malformed: 'cod'"),
    ],
)
def test_a_malformed_crosswalk_is_named(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    folder = Path(shutil.copytree(SEED, tmp_path / "seed", ignore=shutil.ignore_patterns("11*")))
    described = folder / "classifications/crosswalks.yaml"
    text = described.read_text(encoding="utf-8")
    assert text.count(before) == 1
    described.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(SeedError, match=message):
        read_seed(folder)
    described.unlink()
    assert read_seed(folder).lists.crosswalks == ()
