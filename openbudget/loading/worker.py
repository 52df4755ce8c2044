"""The process that reads files for a batch; `main` runs in it, `pool` starts and ends it.

Standard input gives a `Task`, then paths; standard output takes `READY`, then one `Answer` for
each path, all pickled. The process ends with its input, so also when whoever started it is killed.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import traceback
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO

from openbudget.errors import OpenBudgetError
from openbudget.loading.task import Answer, Task
from openbudget.reading.bounds import bound, leave_no_core
from openbudget.reading.conditions import Conditions, reading_under

READY = "ready"
ORPHAN_SECONDS = 10
"""How much longer than allowed a file may take before the process ends itself.

Normally it was ended by then. It was not where the process that would do it was killed.
"""


OBJECTS_BETWEEN_COLLECTIONS = 500_000
"""Many documents' worth: none of their objects should form circles, which a collection frees."""


def main() -> None:
    """Answer paths until there are no more."""
    requests, answers = sys.stdin.buffer, _take_standard_output()
    task: Task[Any] = pickle.load(requests)  # noqa: S301 - from the process that started this one
    leave_no_core()
    bound("memory", task.limits.memory_bytes)
    gc.freeze()  # lists stay; looking through them for garbage takes time
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    _send(answers, READY)
    _silence()
    with reading_under(Conditions(task.limits, isolated=True)):
        while path := _receive(requests):
            _limit_life(task.limits.seconds + ORPHAN_SECONDS)
            _send(answers, answer(task, path))
            _limit_life(0)


def answer(task: Task[Any], path: Path) -> Answer[Any]:
    """Read one file. Nothing is raised but what ends the process."""
    started = monotonic()
    found = _answer(task, path)
    return Answer(found.value, found.error, found.refusal, found.spent, monotonic() - started)


def _answer(task: Task[Any], path: Path) -> Answer[Any]:
    try:
        return Answer(task.read(path))
    except OpenBudgetError as error:
        return Answer(error=str(error), refusal=error.refusal)
    except MemoryError:
        mebibytes = task.limits.memory_bytes >> 20
        error_text = f"the file takes more than the {mebibytes:,} MiB of memory allowed to read"
        return Answer(error=error_text, spent=True)
    except RecursionError:
        return Answer(error="the file is nested too deeply to read", spent=True)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        return Answer(error=_fault(error), spent=True)


def _fault(error: BaseException) -> str:
    """Name what should not have happened, and where, on one line."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    reason = " ".join(f"{type(error).__name__}: {error}".split())
    where = f"{Path(place.filename).name}, line {place.lineno}"
    return f"openbudget itself failed on this file ({reason}; {where}); please report it"


def _take_standard_output() -> BinaryIO:
    """Keep standard output for answers: what native code prints goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _silence() -> None:
    """Drop what native code prints about damaged files; what matters is in the answers."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


def _limit_life(seconds: float) -> None:
    """Have the system end this process after some seconds of waiting or working; 0: never."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _receive(requests: BinaryIO) -> Path | None:
    try:
        return Path(pickle.load(requests))  # noqa: S301
    except EOFError:
        return None


def _send(answers: BinaryIO, message: object) -> None:
    pickle.dump(message, answers, protocol=pickle.HIGHEST_PROTOCOL)
    answers.flush()


if __name__ == "__main__":
    main()
