"""Settings from the environment, with defaults that work in a checkout."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from openbudget.errors import ConfigurationError

DEFAULT_DATABASE_URL = "sqlite:///var/openbudget.sqlite"
_CHECKOUT_SEED = Path(__file__).resolve().parent.parent / "seed"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data are and how they are served.

    `database_url` is an SQLAlchemy URL, `seed` the folder of code lists and divisions, `workers`
    and `threads` those of gunicorn.
    """

    database_url: str = DEFAULT_DATABASE_URL
    seed: Path = Path("seed")
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings: ``OPENBUDGET_DATABASE_URL``, ``OPENBUDGET_SEED``, ``HOST``, ``PORT``, …

    Raises:
        ConfigurationError: a number is no number.
    """
    seed = environment.get("OPENBUDGET_SEED")
    return Settings(
        database_url=environment.get("OPENBUDGET_DATABASE_URL") or DEFAULT_DATABASE_URL,
        seed=Path(seed) if seed else default_seed(),
        host=environment.get("HOST") or "127.0.0.1",
        port=_number(environment, "PORT", 8000),
        workers=_number(environment, "OPENBUDGET_WORKERS", 2),
        threads=_number(environment, "OPENBUDGET_THREADS", 4),
    )


def default_seed() -> Path:
    """Give ``seed`` in the working directory, or that of the checkout the package runs from."""
    here = Path("seed")
    return here if (here / "classifications").is_dir() else _CHECKOUT_SEED


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit():
        raise ConfigurationError(f"{name}={text!r} is not a whole number")
    return int(text)
