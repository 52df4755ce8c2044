"""Dataclasses that only mypy keeps as they are compare, hash and are copied like all others."""

from __future__ import annotations

import pickle
from dataclasses import asdict, replace

from openbudget.blocks import Anchor

ANCHOR = Anchor(page=3, box=(1.0, 2.0, 3.0, 4.0))


def test_instances_compare_and_hash_by_value() -> None:
    same = Anchor(page=3, box=(1.0, 2.0, 3.0, 4.0))
    assert (same == ANCHOR, replace(same, page=4) == ANCHOR) == (True, False)
    assert {ANCHOR: "found"}[same] == "found"


def test_instances_have_no_other_attributes_and_are_copied_whole() -> None:
    assert not hasattr(ANCHOR, "__dict__")
    assert pickle.loads(pickle.dumps(ANCHOR)) == ANCHOR  # noqa: S301 - made here
    assert Anchor(**asdict(ANCHOR)) == ANCHOR
