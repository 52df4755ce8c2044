"""The benchmarks fit the package that they measure."""

from __future__ import annotations

import importlib

import pytest


@pytest.mark.parametrize("name", ["__main__", "app", "export", "load_batch", "pdf_cells"])
def test_every_benchmark_can_be_imported(name: str) -> None:
    module = importlib.import_module(f"benchmarks.{name}")
    assert callable(getattr(module, "main", None) or getattr(module, "make", None))
