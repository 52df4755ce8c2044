"""Bulk files of the first document, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from openbudget.exporting.export import Exported, export_all
from openbudget.storage.database import open_for_reading


def export(url: str, root: Path, **options: bool) -> Exported:
    engine = open_for_reading(url)
    try:
        return export_all(engine, root, lambda *_: None, **options)
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def exported(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(database_url, tmp_path_factory.mktemp("bulk")).folder
