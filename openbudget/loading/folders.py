"""Which files a batch loads: paths as given, and of folders what may be a budget."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from openbudget.errors import OpenBudgetError, UnreadableFileError
from openbudget.loading.source import SOURCE_FILE, read_source

_LISTS = frozenset({"editions.yaml", "divisions.csv"})
"""Files that only folders of lists have, as `classifications/` and `jurisdictions/` of a seed."""
_NO_BUDGETS = frozenset({SOURCE_FILE, "departments.csv"})
"""Files that say something of budgets and are none, by the names that a seed gives them."""

Leave = Callable[[Path, str], None]
LEADS_OUT = "a link that leads out of the folder is not followed"


def find_files(paths: Iterable[Path], leave: Leave = lambda path, reason: None) -> Iterator[Path]:
    """Give the files to load, each once: paths as given, and of folders all that lies below.

    Where a `source.yaml` names a file it is that alone; else it is every regular file, except for
    `source.yaml` and `README` themselves, hidden ones, and lists of a seed. Links to folders are
    not followed, nor links to files out of the folder: `leave` is told of these. Files come in the
    order of their paths.

    Raises:
        UnreadableFileError: there is no file to load in a folder.
    """
    given: set[Path] = set()
    for path in paths:
        for file in _below(path, leave) if path.is_dir() else (path,):
            if file not in given:
                given.add(file)
                yield file


def _below(root: Path, leave: Leave) -> Iterator[Path]:
    inside = root.resolve()
    found = False
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if _LISTS.intersection(names):
            folders.clear()
            continue
        for file in _candidates(Path(folder), names):
            if file.is_symlink() and not file.resolve().is_relative_to(inside):
                leave(file, LEADS_OUT)
                continue
            found = True
            yield file
    if not found:
        raise UnreadableFileError(f"{root}: there is no file to load in this folder or below")


def _candidates(folder: Path, names: list[str]) -> list[Path]:
    described = _described(folder) if SOURCE_FILE in names else None
    if described is not None:
        return [described]
    return [folder / name for name in sorted(names) if _may_be_budget(folder / name)]


def _described(folder: Path) -> Path | None:
    """Give the file that a description names, if it names one; whether it is there or not."""
    try:
        name = read_source(folder / SOURCE_FILE).file
    except OpenBudgetError:
        return None  # told when the files beside it are read
    return folder / Path(name).name if name is not None else None


def _may_be_budget(path: Path) -> bool:
    if path.name in _NO_BUDGETS or path.name.startswith("."):
        return False
    return path.stem.upper() != "README" and path.is_file()
