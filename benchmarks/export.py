"""Memory and time of bulk exports and workbooks, over ever more copies of the first document.

    python -m benchmarks.export [--copies 20 80 320]

Every export runs in a process of its own. Where memory stays as it is while the lines multiply, the
export streams. Prints lines, seconds, lines a second, and the most memory that the process took.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.load_batch import ROOT, copy_first, peak_of
from openbudget.checks.rules import load_rules
from openbudget.loading.batch import BatchOptions, load_files, now
from openbudget.loading.folders import find_files
from openbudget.loading.seed import read_seed
from openbudget.storage.database import open_for_writing
from openbudget.storage.reference import store_rules, store_seed

LINES = 183
EXPORT = "import sys; from openbudget.cli import main; main(['export', sys.argv[1], '--quiet'])"
WORKBOOK = """
import os, sys
from openbudget.api.app import create_app
from openbudget.storage.database import open_for_reading
app = create_app(open_for_reading(os.environ["OPENBUDGET_DATABASE_URL"]))
answer = app.test_client().get("/v1/lines.xlsx")
with open(os.path.join(sys.argv[1], "lines.xlsx"), "wb") as file:
    file.writelines(answer.response)
"""
WAYS = {"export of everything": EXPORT, "lines as a workbook": WORKBOOK}


def load_copies(folder: Path, count: int) -> str:
    """Load so many copies into a new database; gives its address."""
    seed = read_seed(ROOT / "seed")
    url = f"sqlite:///{folder}/openbudget.sqlite"
    (folder / "documents").mkdir()
    copy_first(folder / "documents", count)
    engine = open_for_writing(url)
    store_seed(engine, seed.lists, seed.divisions, seed.digest, now)
    store_rules(engine, load_rules(), now)
    paths = find_files([folder / "documents"])
    results = list(load_files(engine, paths, seed, None, now, BatchOptions(2)))
    assert [result.error for result in results] == [None] * count
    engine.dispose()
    return url


def measure(program: str, url: str, folder: Path) -> tuple[float, int]:
    """Run a program; gives its seconds, and the MiB that it took at most."""
    environment = {**os.environ, "OPENBUDGET_DATABASE_URL": url}
    command = [sys.executable, "-c", program, str(folder)]
    start = perf_counter()
    started = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    assert started.returncode == 0, started.returncode
    return perf_counter() - start, peak_of(usage)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--copies", type=int, nargs="+", default=[20, 80, 320])
    for count in parser.parse_args().copies:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            url = load_copies(folder, count)
            for way, program in WAYS.items():
                seconds, peak = measure(program, url, folder)
                lines = LINES * count
                print(
                    f"{way:22}{count:6} documents{lines:9,} lines{seconds:8.1f} s"
                    f"{lines / seconds:9.0f} lines/s{peak:7} MiB"
                )


if __name__ == "__main__":
    main()
