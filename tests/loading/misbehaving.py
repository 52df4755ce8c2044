"""Readers for the tests of the pool, each told by the name of the file how to misbehave.

They stand in a module of their own, since another process must find them by name.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING, NoReturn

from openbudget.errors import UnknownFormatError, UnreadableFileError
from openbudget.reading.conditions import current_conditions

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> str:
    """Do what the name of the file says; give the name and the process that read it."""
    behaviour = path.name.partition("-")[0]
    if behaviour in _BEHAVIOURS:
        _BEHAVIOURS[behaviour]()
    return f"{path.name} in {os.getpid()}"


def _segfault() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _leave() -> NoReturn:
    os._exit(3)


def _hang() -> None:
    while True:
        time.sleep(1)


def _spin() -> None:
    # As native code does that never returns: no signal handler of Python would run.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT])
    while True:
        pass


def _fill() -> None:
    bytearray(1 << 40)


def _recurse() -> None:
    _recurse()


def _chatter() -> None:
    os.write(sys.stdout.fileno(), b"what native code prints\n" * 10_000)
    os.write(sys.stderr.fileno(), b"what native code prints\n" * 10_000)


def _refuse() -> NoReturn:
    raise UnreadableFileError("it is refused")


def _foreign() -> NoReturn:
    raise UnknownFormatError("it looks like a picture")


def _fail() -> NoReturn:
    raise KeyError("a\nfault")


def _exit() -> NoReturn:
    sys.exit("enough")


def _check_isolation() -> None:
    if not current_conditions().isolated:
        raise UnreadableFileError("not isolated")


_BEHAVIOURS = {
    "segfault": _segfault,
    "leave": _leave,
    "hang": _hang,
    "spin": _spin,
    "fill": _fill,
    "recurse": _recurse,
    "chatter": _chatter,
    "refuse": _refuse,
    "foreign": _foreign,
    "fail": _fail,
    "exit": _exit,
    "isolated": _check_isolation,
}
