"""Everything hostile at once, with one budget among it: that one is loaded, and nothing else."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from openbudget.loading.batch import BatchOptions, LoadResult, load_files
from openbudget.loading.folders import find_files
from openbudget.reading.limits import ReadingLimits
from openbudget.storage.database import open_for_writing
from openbudget.storage.reference import store_seed
from tests.conftest import FIRST, LOADED_AT
from tests.loading import any_format
from tests.loading.copies import LINES, describe, stored
from tests.loading.hostile_files import TEXT, hostile_files

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from openbudget.loading.seed import Seed

DOCUMENT = "110102-231002-2024-department-approved"
LIMITS = ReadingLimits(seconds=15)
EXPECTED = "expect:\n  tables: 14\n  lines: 183\n  targets: 2\n"


def load(folder: Path, database: Path, seed: Seed) -> list[LoadResult]:
    engine = open_for_writing(f"sqlite:///{database}")
    store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: LOADED_AT)
    options = BatchOptions(2, LIMITS, any_format.read)
    results = load_files(engine, find_files([folder]), seed, None, lambda: LOADED_AT, options)
    try:
        return list(results)
    finally:
        engine.dispose()


def test_hostile_files_cost_only_themselves(
    tmp_path: Path, seed: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What LibreOffice makes of damage is not ours to test, and takes seconds each.
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    folder, database = tmp_path / "in", tmp_path / "db.sqlite"
    describe(folder, "231002", EXPECTED)
    hostile = hostile_files()
    for name, content in hostile.items():
        (folder / name).write_bytes(content)
    shutil.copy(FIRST, folder / "m-first.txt")

    results = load(folder, database, seed)

    assert len(hostile) >= 60
    names = Counter(result.path.name for result in results)
    assert set(names) == {*hostile, "m-first.txt"}
    loaded = {result.path.name for result in results if result.error is None}
    assert loaded == {"m-first.txt"}
    for result in results:
        sentence = result.error
        assert sentence is None or (len(sentence) > 10 and sentence.isprintable())
        assert "openbudget itself failed" not in (sentence or "")
    assert stored(database) == {DOCUMENT: LINES}


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=400),
            st.builds(
                lambda start, rest: start + rest,
                st.sampled_from([b"PK\x03\x04", b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0", b"<html>"]),
                st.binary(max_size=400),
            ),
            st.integers(0, len(TEXT) - 100).map(lambda cut: TEXT[:cut]),
        ),
        min_size=8,
        max_size=8,
    )
)
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_random_files_cost_only_themselves(
    tmp_path_factory: pytest.TempPathFactory, seed: Seed, contents: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("random")
    describe(folder / "in", "231002", EXPECTED)
    for number, content in enumerate(contents):
        (folder / "in" / f"{number}").write_bytes(content)
    shutil.copy(FIRST, folder / "in" / "first.txt")
    results = load(folder / "in", folder / "db.sqlite", seed)
    assert [result.path.name for result in results if result.error is None] == ["first.txt"]
    assert len(results) >= len(contents) + 1
    assert stored(folder / "db.sqlite") == {DOCUMENT: LINES}
