"""The API over data that formats get wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from openbudget.api.app import create_app
from openbudget.storage.database import open_for_reading
from tests.api.client import Api
from tests.hard_values import harden


@pytest.fixture(scope="session")
def hard_url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    source = Path(database_url.removeprefix("sqlite:///"))
    return harden(source, tmp_path_factory.mktemp("hard") / "hard.sqlite")


@pytest.fixture(scope="session")
def hard(hard_url: str) -> Iterator[Api]:
    engine = open_for_reading(hard_url)
    yield Api(create_app(engine))
    engine.dispose()
