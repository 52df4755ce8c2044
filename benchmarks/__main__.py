"""Benchmarks: ratios measured in one run, since machines differ.

`python -m benchmarks` loads the first document into a new database, then calls the API on a real
gunicorn and compares it with a constant Flask answer on the same gunicorn.
"""

from __future__ import annotations

import http.client
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from openbudget.loading.batch import now
from openbudget.loading.folders import find_files
from openbudget.loading.pipeline import read_file, reading_version
from openbudget.loading.seed import Seed, read_seed
from openbudget.storage.database import open_for_writing
from openbudget.storage.prepared import prepare
from openbudget.storage.reference import store_seed
from openbudget.storage.write import Outcome, store_document

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "seed"
ROUNDS = 5
CALLS = 400
DEPARTMENT = "110102-231002"
PATHS = {
    "constant Flask answer": "/constant",
    "one department": f"/v1/departments/{DEPARTMENT}",
    "a page of 50 lines": "/v1/lines",
    "a tree with amounts": (
        f"/v1/classifications/functional/2024/tree?department={DEPARTMENT}"
        "&fiscal_year=2024&table=expenditure"
    ),
    "a search": f"/v1/search?q={quote('法律援助')}",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/benchmark.sqlite"
        measure_load(url)
        for cached in (True, False):
            measure_calls(url, cached=cached)


def measure_load(url: str) -> None:
    seed = read_seed(SEED)
    first = _timed_load(seed, url)
    with tempfile.TemporaryDirectory() as folder:
        urls = [f"sqlite:///{folder}/{number}.sqlite" for number in range(ROUNDS)]
        again = statistics.median(_timed_load(seed, own) for own in urls)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"load of the first document: {first * 1000:.0f} ms the first time in a process,")
    print(f"  {again * 1000:.0f} ms after that (median of {ROUNDS}); peak memory {peak:.0f} MB")


def _timed_load(seed: Seed, url: str) -> float:
    """Read the first document and store it in a new database; gives the seconds of both."""
    engine = open_for_writing(url)
    store_seed(engine, seed.lists, seed.divisions, seed.digest, now)
    (path,) = find_files([SEED])
    before = time.perf_counter()
    read = read_file(path, seed)
    version = reading_version(seed)
    document = prepare(read.document, read.report)
    outcome = store_document(engine, document, read.content, version, now)
    taken = time.perf_counter() - before
    engine.dispose()
    assert outcome is Outcome.LOADED, outcome
    return taken


def measure_calls(url: str, *, cached: bool) -> None:
    with serving(url, cached=cached) as port:
        rates = {name: [] for name in PATHS}
        for _ in range(ROUNDS):
            for name, path in PATHS.items():
                rates[name].append(calls_a_second(port, path))
        base = statistics.median(rates["constant Flask answer"])
        print(f"calls a second on one connection, answers {'cached' if cached else 'made anew'}:")
        for name, found in rates.items():
            rate = statistics.median(found)
            print(f"  {name:24} {rate:7.0f}/s  {rate / base:5.2f} of the constant answer")


def calls_a_second(port: int, path: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    before = time.perf_counter()
    for _ in range(CALLS):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, (path, answer.status)
    taken = time.perf_counter() - before
    connection.close()
    return CALLS / taken


@contextmanager
def serving(url: str, *, cached: bool) -> Iterator[int]:
    port = _free_port()
    target = f"benchmarks.app:make('{url}', cached={cached})"
    command = [
        *(sys.executable, "-m", "gunicorn", "--no-control-socket", "--worker-class", "gthread"),
        *("--threads", "4", "--bind", f"127.0.0.1:{port}", "--log-level", "warning", target),
    ]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server does not answer")


if __name__ == "__main__":
    main()
