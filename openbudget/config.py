"""Settings from the environment, with defaults that work in a checkout."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from openbudget.errors import ConfigurationError

DEFAULT_DATABASE_URL = "sqlite:///var/openbudget.sqlite"
_CHECKOUT_SEED = Path(__file__).resolve().parent.parent / "seed"

LIMITS = {
    "bytes": "Size of a file.",
    "unpacked": "Size of all members of a ZIP container together, unpacked.",
    "part": "Size of one member of a ZIP container, unpacked.",
    "ratio": "Unpacked bytes for one packed byte of a ZIP container.",
    "members": "Members of a ZIP container.",
    "nesting": "Archives in archives: 1 is an archive that holds none.",
    "pages": "Pages of a PDF.",
    "cells": "Cells of all tables of a file together.",
    "memory": "Address space of the process that reads a file.",
    "seconds": "Time to read a file.",
}
"""What can be limited for each file that is read, each by `OPENBUDGET_MAX_…` in capitals."""

_SIZES = frozenset({"bytes", "unpacked", "part", "memory"})
_FACTORS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_LIMIT = re.compile(r"([1-9][0-9]{0,15})(?:([KMG])(?:iB)?)?")

_ADDRESS = re.compile(r"https?://[0-9A-Za-z.:\[\]-]+(?:/[0-9A-Za-z._~/-]*)?")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data are and how they are served.

    `database_url` is an SQLAlchemy URL, `seed` the folder of code lists and divisions, `workers`
    and `threads` those of gunicorn. `jobs` is how many files are read at once, `limits` those of
    `LIMITS` that are not as the readers have them: bytes, seconds or plain counts. `data` is the
    folder of bulk files that is served, if any. `public_address` is what the service is reached by
    (``https://budget.example``), for links that leave it, in citations; may be empty.
    """

    database_url: str = DEFAULT_DATABASE_URL
    seed: Path = Path("seed")
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    jobs: int = 1
    limits: Mapping[str, int] = field(default_factory=dict)
    data: Path | None = None
    public_address: str = ""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings: ``OPENBUDGET_DATABASE_URL``, ``OPENBUDGET_SEED``, ``HOST``, ``PORT``, …

    Raises:
        ConfigurationError: a number is no number, or no sensible one.
    """
    seed, data = (environment.get(f"OPENBUDGET_{name}") for name in ("SEED", "DATA"))
    return Settings(
        database_url=environment.get("OPENBUDGET_DATABASE_URL") or DEFAULT_DATABASE_URL,
        seed=Path(seed) if seed else default_seed(),
        host=environment.get("HOST") or "127.0.0.1",
        port=_number(environment, "PORT", 8000),
        workers=_number(environment, "OPENBUDGET_WORKERS", 2),
        threads=_number(environment, "OPENBUDGET_THREADS", 4),
        jobs=max(1, _number(environment, "OPENBUDGET_JOBS", available_cores())),
        limits=dict(_limits(environment)),
        data=Path(data) if data else None,
        public_address=_address(environment, "OPENBUDGET_PUBLIC_ADDRESS"),
    )


def available_cores() -> int:
    """Give the number of cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not every system tells
        return os.cpu_count() or 1


def parse_limit(name: str, text: str) -> int:
    """Read a limit: a whole number above zero; sizes also as ``512K``, ``64MiB``, ``2G``.

    Raises:
        ConfigurationError: it is none; the message names it as in the environment.
    """
    found = _LIMIT.fullmatch(text.strip())
    if found is None or (found[2] and name not in _SIZES):
        form = "a size such as 64MiB" if name in _SIZES else "a whole number above 0"
        raise ConfigurationError(f"{limit_variable(name)}={text!r} is not {form}")
    return int(found[1]) * _FACTORS[found[2] or ""]


def limit_variable(name: str) -> str:
    """Give the name of the environment variable of a limit."""
    return f"OPENBUDGET_MAX_{name.upper()}"


def _limits(environment: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    for name in LIMITS:
        text = environment.get(limit_variable(name))
        if text:
            yield name, parse_limit(name, text)


def default_language(environment: Mapping[str, str] = os.environ) -> Literal["zh", "en"]:
    """Give the language that the locale asks for: Chinese where it begins with zh, else English."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def default_seed() -> Path:
    """Give ``seed`` in the working directory, or that of the checkout the package runs from."""
    here = Path("seed")
    return here if (here / "classifications").is_dir() else _CHECKOUT_SEED


def _address(environment: Mapping[str, str], name: str) -> str:
    text = environment.get(name) or ""
    if text and not _ADDRESS.fullmatch(text):
        raise ConfigurationError(
            f"{name}={text!r} is not an address such as https://budget.example"
        )
    return text.rstrip("/")


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit():
        raise ConfigurationError(f"{name}={text!r} is not a whole number")
    return int(text)
