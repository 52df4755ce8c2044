"""YAML of the package, and of others, which may be meant to harm."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import openbudget
from openbudget.yaml_files import MOST_LEVELS, load_foreign_yaml, load_yaml

SCALARS = st.none() | st.booleans() | st.integers() | st.text("名a'\"#:*&!-\n ", max_size=8)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab码", max_size=3), inner),
    max_leaves=8,
)


def test_the_yaml_of_the_package_is_read_as_the_library_in_python_reads_it() -> None:
    files = sorted(Path(openbudget.__file__).parent.rglob("*.yaml"))
    assert len(files) > 20
    for path in files:
        content = path.read_bytes()
        assert load_yaml(content) == yaml.safe_load(content), path


@given(VALUES)
def test_what_was_written_is_read_again(value: object) -> None:
    content = yaml.safe_dump(value, allow_unicode=True).encode()
    assert load_yaml(content) == value
    if b"*" not in content:
        assert load_foreign_yaml(content) == value


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a: &x [1]\nb: *x", "it has an alias, and none is needed here"),
        (b"[" * (MOST_LEVELS + 1), "it is nested too deep"),
        (b"- " * 30_000 + b"a", "it is nested too deep"),
        (b"a: [1", "expected ',' or ']'"),
        (b"!!python/name:os.system", "could not determine a constructor"),
    ],
)
def test_yaml_of_others_is_refused_with_a_reason(content: bytes, told: str) -> None:
    with pytest.raises(yaml.YAMLError) as refused:
        load_foreign_yaml(content)
    assert told in str(refused.value)


def test_as_many_levels_as_are_allowed_are_read() -> None:
    content = b"[" * MOST_LEVELS + b"]" * MOST_LEVELS
    assert load_foreign_yaml(content) == yaml.safe_load(content)
