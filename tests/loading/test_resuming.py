"""A batch that is killed in the middle loses nothing, and the next one finishes the rest."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT, SEED
from tests.loading.copies import LINES, copy_first, stored

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks into /proc")

COUNT = 16
COMMAND = [sys.executable, "-c", "from openbudget.cli import main; main()", "load", "--jobs", "2"]


def environment(database: Path) -> dict[str, str]:
    return os.environ | {
        "OPENBUDGET_DATABASE_URL": f"sqlite:///{database}",
        "OPENBUDGET_SEED": str(SEED),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


def start(folder: Path, database: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, str(folder)], stdout=subprocess.PIPE, text=True, env=environment(database)
    )


def children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def alive(process: int) -> bool:
    """Tell whether a process runs; one that ended and that nobody has asked about does not."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_a_batch_killed_in_the_middle_is_finished_by_the_next(tmp_path: Path) -> None:
    folder, database, report = tmp_path / "in", tmp_path / "db.sqlite", tmp_path / "report.json"
    copy_first(folder, COUNT)
    with start(folder, database) as batch:
        assert batch.stdout is not None
        said = [batch.stdout.readline() for _ in range(3)]
        readers = children(batch.pid)
        batch.send_signal(signal.SIGKILL)
    assert batch.returncode == -signal.SIGKILL
    assert all(": loaded: " in line for line in said)
    while any(map(alive, readers)):  # a reader ends with its input, when its file is done
        time.sleep(0.05)

    before = stored(database)
    assert 3 <= len(before) < COUNT
    assert set(before.values()) == {LINES}

    done = subprocess.run(
        [*COMMAND, "--report", str(report), str(folder)],
        env=environment(database),
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    whole = json.loads(report.read_bytes())
    assert whole["outcomes"]["unchanged"] == len(before)
    assert whole["outcomes"]["loaded"] == COUNT - len(before)
    after = stored(database)
    assert (len(after), set(after.values())) == (COUNT, {LINES})


def test_an_interrupt_ends_the_readers_and_leaves_a_report(tmp_path: Path) -> None:
    folder, database, report = tmp_path / "in", tmp_path / "db.sqlite", tmp_path / "report.json"
    copy_first(folder, COUNT)
    command = [*COMMAND, "--report", str(report), str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(database)
    ) as batch:
        assert batch.stdout is not None
        batch.stdout.readline()
        readers = children(batch.pid)
        batch.send_signal(signal.SIGINT)
        _, err = batch.communicate()
    assert batch.returncode == 1
    assert b"Aborted" in err
    assert b"Traceback" not in err
    assert not any(map(alive, readers))
    whole = json.loads(report.read_bytes())
    assert whole["not_reached"] == COUNT - len(whole["files"]) > 0
    assert len(stored(database)) >= whole["outcomes"]["loaded"] >= 1
