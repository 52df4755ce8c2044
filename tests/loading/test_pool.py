from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openbudget.loading import pool as pool_module
from openbudget.loading.pool import ReaderPool
from openbudget.loading.task import Answer, Task
from openbudget.reading.limits import ReadingLimits
from tests.loading.misbehaving import read

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMITS = ReadingLimits(seconds=60, memory_bytes=512 << 20)


def answers(
    names: Sequence[str], jobs: int = 1, limits: ReadingLimits = LIMITS
) -> list[Answer[str]]:
    with ReaderPool(Task(read, limits), jobs) as pool:
        return [future.result() for future in [pool.read(Path(name)) for name in names]]


def name_and_process(answer: Answer[str]) -> tuple[str, str]:
    name, _, process = (answer.value or "").partition(" in ")
    return name, process


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        ("segfault", r"ends the program that reads it \(signal 11\)"),
        ("leave", r"ends the program that reads it \(code 3\)"),
        ("exit", r"ends the program that reads it \(code 1\)"),
        ("fill", "takes more than the 512 MiB of memory allowed"),
        ("recurse", "nested too deeply"),
        ("refuse", "^it is refused$"),
        ("foreign", "^it looks like a picture$"),
        (
            "fail",
            r"openbudget itself failed on this file \(KeyError: .*; misbehaving.py, line \d+\)",
        ),
    ],
)
def test_a_file_costs_only_itself(behaviour: str, sentence: str) -> None:
    before, bad, after = answers(["good-1", behaviour, "good-2"])
    assert [name_and_process(answer)[0] for answer in (before, after)] == ["good-1", "good-2"]
    assert bad.value is None
    assert bad.error is not None
    assert "\n" not in bad.error
    assert re.search(sentence, bad.error)
    assert bad.refusal == ("unknown_format" if behaviour == "foreign" else "failed")


def test_what_never_returns_is_ended() -> None:
    found = answers(["hang", "spin", "good"], 2, ReadingLimits(seconds=2))
    sentence = "the file takes more than the 2 seconds allowed to read"
    assert [answer.error for answer in found] == [sentence, sentence, None]


def test_what_native_code_prints_is_no_answer(capfd: pytest.CaptureFixture[str]) -> None:
    chatter, good = answers(["chatter", "good"])
    assert (name_and_process(chatter)[0], name_and_process(good)[0]) == ("chatter", "good")
    assert capfd.readouterr() == ("", "")


def test_a_process_reads_many_files_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "FILES_PER_PROCESS", 3)
    processes = [name_and_process(answer)[1] for answer in answers(["good"] * 7)]
    assert [processes.index(process) for process in processes] == [0, 0, 0, 3, 3, 3, 6]


def test_readers_are_told_that_they_are_isolated() -> None:
    assert answers(["isolated"])[0].error is None


def test_leaving_a_pool_ends_what_is_under_way() -> None:
    with ReaderPool(Task(read, ReadingLimits(seconds=600)), 2) as pool:
        futures = [pool.read(Path("hang")) for _ in range(4)]
    assert all(future.done() for future in futures)


def test_a_process_that_does_not_start_is_said_so(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pool_module, "_MODULE", "openbudget.loading.nothing")
    (answer,) = answers(["good"])
    assert answer.error is not None
    assert "no process can be started to read the file" in answer.error
    assert "No module named" in capfd.readouterr().err
