from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from openbudget.errors import UnreadableFileError
from openbudget.loading.folders import LEADS_OUT, find_files
from tests.conftest import FIRST, SEED
from tests.loading.copies import describe

if TYPE_CHECKING:
    from pathlib import Path


def put(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x", encoding="utf-8")


def found(root: Path, *paths: Path) -> list[str]:
    return [str(path.relative_to(root)) for path in find_files(paths or (root,))]


def test_the_seed_holds_one_document() -> None:
    assert list(find_files([SEED])) == [FIRST]


def test_all_files_below_a_folder_but_the_obvious_ones(tmp_path: Path) -> None:
    put(tmp_path, "b.pdf", "a/c.xls", "a/.hidden", ".git/config", "README.md", "a/readme", "z/y/x")
    put(tmp_path, "lists/editions.yaml", "lists/a.csv", "lists/below/b.csv", "d/divisions.csv")
    put(tmp_path, "departments.csv")
    assert found(tmp_path) == ["b.pdf", "a/c.xls", "z/y/x"]


def test_a_description_names_its_file_or_means_all_beside_it(tmp_path: Path) -> None:
    describe(tmp_path / "one", "1", "file: a.txt\n")
    describe(tmp_path / "all", "2")
    put(tmp_path, "one/a.txt", "one/b.txt", "one/below/c.txt", "all/a.txt", "all/b.txt")
    assert found(tmp_path) == ["all/a.txt", "all/b.txt", "one/a.txt", "one/below/c.txt"]


def test_a_description_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    describe(tmp_path / "in" / "one", "1", "file: ../../secret.txt\n")
    put(tmp_path, "secret.txt")
    assert found(tmp_path, tmp_path / "in") == ["in/one/secret.txt"]


def test_paths_come_once_and_as_given(tmp_path: Path) -> None:
    put(tmp_path, "a", "b")
    paths = tmp_path / "b", tmp_path, tmp_path / "absent"
    assert found(tmp_path, *paths) == ["b", "a", "absent"]


def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "secret/s.txt", "in/a.txt", "in/below/b.txt")
    inside = tmp_path / "in"
    (inside / "out.txt").symlink_to(tmp_path / "secret/s.txt")
    (inside / "folder").symlink_to(tmp_path / "secret")
    (inside / "loop").symlink_to(inside)
    (inside / "again.txt").symlink_to(inside / "a.txt")
    (inside / "nothing.txt").symlink_to(inside / "nowhere.txt")
    describe(inside / "described", "1", "file: s.txt\n")
    (inside / "described/s.txt").symlink_to(tmp_path / "secret/s.txt")
    left: list[tuple[str, str]] = []
    files = list(find_files([inside], lambda path, why: left.append((path.name, why))))
    assert [path.name for path in files] == ["a.txt", "again.txt", "b.txt"]
    assert left == [("out.txt", LEADS_OUT), ("s.txt", LEADS_OUT)]


def test_pipes_and_sockets_are_no_candidates(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path) == ["a.txt"]


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="there is no file to load in this folder"):
        found(tmp_path)
