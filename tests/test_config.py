from __future__ import annotations

import pytest

from openbudget.config import LIMITS, available_cores, limit_variable, read_settings
from openbudget.errors import ConfigurationError
from openbudget.loading.limits import FIELDS, reading_limits
from openbudget.reading.limits import DEFAULT_LIMITS


def test_limits_are_read_from_the_environment() -> None:
    environment = {
        "OPENBUDGET_MAX_BYTES": "2MiB",
        "OPENBUDGET_MAX_CELLS": "7",
        "OPENBUDGET_JOBS": "3",
    }
    settings = read_settings(environment)
    assert settings.limits == {"bytes": 2 << 20, "cells": 7}
    assert settings.jobs == 3
    limits = reading_limits(settings.limits)
    assert (limits.content_bytes, limits.cells, limits.pages) == (2 << 20, 7, 500)


def test_by_default_limits_are_those_of_the_readers() -> None:
    settings = read_settings({})
    assert reading_limits(settings.limits) == DEFAULT_LIMITS
    assert settings.jobs == available_cores() >= 1


def test_every_limit_of_the_readers_can_be_set() -> None:
    assert list(FIELDS) == list(LIMITS)
    assert sorted(FIELDS.values()) == sorted(type(DEFAULT_LIMITS).__slots__)


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "2K", "x", "٣", "9" * 30])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"OPENBUDGET_MAX_PAGES=.* is not a whole number"):
        read_settings({limit_variable("pages"): text})


def test_a_public_address_is_an_address_without_a_slash_at_its_end() -> None:
    assert read_settings({}).public_address == ""
    found = read_settings({"OPENBUDGET_PUBLIC_ADDRESS": "https://budget.example:8443/api/"})
    assert found.public_address == "https://budget.example:8443/api"


@pytest.mark.parametrize("text", ["budget.example", "ftp://x", "https://x/a b", "https://x/{}"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"OPENBUDGET_PUBLIC_ADDRESS=.* is not an address"):
        read_settings({"OPENBUDGET_PUBLIC_ADDRESS": text})
