"""How the system shares out cores between the processes of a batch."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def working() -> Iterator[None]:
    """Have this thread, and what it starts, scheduled as work and not as an answer to somebody.

    Where there are more processes than cores, each then works longer before another one takes its
    core, and what it has in the caches with it. Only Linux has it, and it may be forbidden.
    """
    before = _schedule("SCHED_OTHER", "SCHED_BATCH")
    try:
        yield
    finally:
        if before:
            _schedule("SCHED_BATCH", "SCHED_OTHER")


def _schedule(before: str, after: str) -> bool:
    """Change the policy of this thread, if it is the one expected; tell whether it was."""
    if not hasattr(os, after) or os.sched_getscheduler(0) != getattr(os, before):
        return False
    try:
        os.sched_setscheduler(0, getattr(os, after), os.sched_param(0))
    except OSError:
        return False
    return True
