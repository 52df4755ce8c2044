"""What the operating system will not let this process exceed.

Systems without `resource` (Windows) set no bounds; there only the time is bounded, by whoever
started the process and ends it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Literal


def _resource() -> Any:
    """Give the module `resource`, or None on a system without it."""
    try:
        return import_module("resource")
    except ImportError:
        return None


def bound(what: Literal["memory", "processor"], most: int) -> None:
    """Bound bytes of address space, or seconds of processor time, unless bounded lower already."""
    resource = _resource()
    if resource is None:
        return
    kind = resource.RLIMIT_AS if what == "memory" else resource.RLIMIT_CPU
    hard = resource.getrlimit(kind)[1]
    lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (lowest, lowest))


def leave_no_core() -> None:
    """Write no image of the memory to the disk if this process is ended."""
    resource = _resource()
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
