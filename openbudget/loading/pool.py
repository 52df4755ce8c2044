"""Processes that read files, several at once; a file that ends its process costs only itself.

Reading runs native code on the bytes of strangers: it can end its process, never return, or take
all memory. `concurrent.futures` gives up a whole pool then; here one process is started anew.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Timer
from typing import Any, Generic, Self, TypeVar, cast

from openbudget.loading.task import Answer, Task

T = TypeVar("T")

FILES_PER_PROCESS = 200
"""After so many files a process is started anew, so that nothing it leaks can grow."""

GRACE_SECONDS = 2.0
"""What readers have to say themselves that they took too long, which is the better sentence."""

START_SECONDS = 120.0
_MODULE = "openbudget.loading.worker"


class PoolClosedError(Exception):
    """A file is not read any more: the batch is being given up."""


class ReaderProcess(Generic[T]):
    """One process, and what it can still do."""

    def __init__(self, task: Task[T]) -> None:
        """Start it; `EOFError` when it does not get as far as to read."""
        self._limits = task.limits
        self._files = 0
        self._process = subprocess.Popen(  # noqa: S603 - a module of ours
            [sys.executable, "-P", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": _import_path()},
            start_new_session=True,  # an interrupt is for the batch, which ends its processes
        )
        try:
            with self._ended_after(START_SECONDS):
                self._send(task)
                self._receive()
        except BaseException:
            self.end()
            raise

    @property
    def spent(self) -> bool:
        """Whether it has read as many files as a process should."""
        return self._files >= FILES_PER_PROCESS

    def ask(self, path: Path) -> Answer[T]:
        """Have a file read; the answer says so where that ended the process or took too long."""
        self._files += 1
        seconds = self._limits.seconds
        with self._ended_after(seconds + GRACE_SECONDS) as overdue:
            try:
                self._send(path)
                answer = cast("Answer[T]", self._receive())
            except (EOFError, OSError, ValueError, pickle.UnpicklingError):
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(GRACE_SECONDS)  # it may still be tidying up
                self.end()
                took = f"the file takes more than the {seconds:g} seconds allowed to read"
                error = took if overdue else self._how_it_ended()
                return Answer(error=error, spent=True, seconds=seconds if overdue else 0.0)
        return answer

    def end(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not sent any more
                if stream is not None:
                    stream.close()

    def _how_it_ended(self) -> str:
        code = self._process.returncode
        if code == -signal.SIGKILL:
            return "reading the file was stopped from outside, perhaps for want of memory"
        how = f"signal {-code}" if code < 0 else f"code {code}"
        return (
            f"the file ends the program that reads it ({how}): it is damaged, made to harm, "
            "or takes more memory than allowed"
        )

    @contextmanager
    def _ended_after(self, seconds: float) -> Iterator[list[bool]]:
        """End the process if the block takes longer; what is given is filled then."""
        overdue: list[bool] = []

        def end() -> None:
            overdue.append(True)
            self._process.kill()

        timer = Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield overdue
        finally:
            timer.cancel()

    def _send(self, message: object) -> None:
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        pickle.dump(message, self._process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()

    def _receive(self) -> Any:
        assert self._process.stdout is not None  # noqa: S101 - for the type checker
        return pickle.load(self._process.stdout)  # noqa: S301 - from a process of ours


def _import_path() -> str:
    """Let the process import from where this one does, first of all this package."""
    places = [Path(__file__).parents[2], *(Path(place).resolve() for place in sys.path if place)]
    return os.pathsep.join(map(str, places))


class ReaderPool(Generic[T]):
    """Reads files in up to `jobs` processes; use it as a context manager, which ends them all."""

    def __init__(self, task: Task[T], jobs: int) -> None:
        """Start nothing yet: a process is started when there is a file for it."""
        self._task = task
        # A thread waits for each process; the time it takes to unpickle is all they compete for.
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="reader")
        self._idle: SimpleQueue[ReaderProcess[T]] = SimpleQueue()
        self._alive: set[ReaderProcess[T]] = set()
        self._closed = Event()

    def __enter__(self) -> Self:
        """Give the pool itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End all processes; files that are being read are given up."""
        self._closed.set()
        for process in list(self._alive):
            process.end()
        self._threads.shutdown(cancel_futures=True)

    def read(self, path: Path) -> Future[Answer[T]]:
        """Have a file read when a process is free."""
        return self._threads.submit(self._read, path)

    def _read(self, path: Path) -> Answer[T]:
        try:
            process = self._take()
        except (EOFError, OSError, pickle.PickleError) as error:
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
            return Answer(error=f"no process can be started to read the file ({reason})")
        answer = process.ask(path)
        if answer.spent or process.spent:
            process.end()
            self._alive.discard(process)
        else:
            self._idle.put(process)
        return answer

    def _take(self) -> ReaderProcess[T]:
        if self._closed.is_set():
            raise PoolClosedError
        try:
            return self._idle.get_nowait()
        except Empty:
            process = ReaderProcess(self._task)
        self._alive.add(process)
        if self._closed.is_set():  # while it was being started
            process.end()
            raise PoolClosedError
        return process
