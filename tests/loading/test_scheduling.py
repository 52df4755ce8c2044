"""A batch is scheduled as work while it lasts."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from openbudget.loading.scheduling import working

needs_policies = pytest.mark.skipif(
    not hasattr(os, "SCHED_BATCH"), reason="this system has no such policy"
)
PRINT_POLICY = "import os; print(os.sched_getscheduler(0))"


@needs_policies
def test_a_batch_and_what_it_starts_are_work_until_it_ends() -> None:
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
    with working():
        assert os.sched_getscheduler(0) == os.SCHED_BATCH
        started = subprocess.check_output([sys.executable, "-c", PRINT_POLICY])
        assert int(started) == os.SCHED_BATCH
        with working():
            assert os.sched_getscheduler(0) == os.SCHED_BATCH
        assert os.sched_getscheduler(0) == os.SCHED_BATCH
    assert os.sched_getscheduler(0) == os.SCHED_OTHER


@needs_policies
def test_a_system_that_forbids_it_does_the_work_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forbid(*_: object) -> None:
        raise PermissionError("not here")

    monkeypatch.setattr("os.sched_setscheduler", forbid)
    with working():
        assert os.sched_getscheduler(0) == os.SCHED_OTHER


def test_a_system_without_it_does_the_work_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.SCHED_BATCH", raising=False)
    monkeypatch.setattr("os.sched_setscheduler", pytest.fail, raising=False)
    done = []
    with working():
        done.append("work")
    assert done == ["work"]
