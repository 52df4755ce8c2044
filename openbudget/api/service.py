"""What the running API holds: the engine, the build, and caches that live as long as the data."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine

from openbudget.errors import StorageError
from openbudget.storage.names import EnglishNames, read_english_names
from openbudget.storage.read import read_facts
from openbudget.texts import Text

SCHEMA_VERSION = "1.0"
CACHE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DataState:
    """Which data are served: a hash of all that they are made of, and when they last changed."""

    version: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """An encoded answer, and its Link header where it is a page beside others."""

    body: bytes
    link: str | None


class AnswerCache:
    """Whole answers by their tag, the least recently used dropped first."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        """Hold at most `limit` bytes."""
        self._limit = limit
        self._held = 0
        self._answers: OrderedDict[str, HeldAnswer] = OrderedDict()
        self._lock = Lock()

    def get(self, tag: str) -> HeldAnswer | None:
        """Give the answer with a tag."""
        with self._lock:
            if tag in self._answers:
                self._answers.move_to_end(tag)
            return self._answers.get(tag)

    def put(self, tag: str, answer: HeldAnswer) -> None:
        """Keep an answer, unless it is larger than a tenth of the whole."""
        if len(answer.body) * 10 > self._limit:
            return
        with self._lock:
            before = self._answers.pop(tag, None)
            self._held += len(answer.body) - (len(before.body) if before else 0)
            self._answers[tag] = answer
            while self._held > self._limit:
                self._held -= len(self._answers.popitem(last=False)[1].body)


@dataclass
class Service:
    """The state of one process of the API; `data` is the folder of bulk files, if any.

    `public_address` is what links begin with where they leave the API, in citations; may be empty.
    """

    engine: Engine
    build: str
    answers: AnswerCache = field(default_factory=AnswerCache)
    data: Path | None = None
    public_address: str = ""
    _names: tuple[str, EnglishNames] = ("", EnglishNames())

    def data_state(self, connection: Connection) -> DataState:
        """Read which data are served.

        Raises:
            StorageError: nothing has been loaded yet.
        """
        facts = read_facts(connection)
        version, modified = facts.get("data_version"), facts.get("last_modified")
        if version is None or modified is None:
            raise StorageError(Text("nothing has been loaded yet; run `openbudget load seed`"))
        return DataState(version, modified)

    def english_names(self, connection: Connection, data_version: str) -> EnglishNames:
        """Give the English names of codes, read once a data version."""
        if self._names[0] != data_version:
            self._names = (data_version, read_english_names(connection))
        return self._names[1]


def build_hash(public_address: str = "") -> str:
    """Give a hash over the files of the package and its address: answers change when they do."""
    digest = hashlib.sha256(public_address.encode())
    for path in _files(resources.files("openbudget")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _files(root: Traversable) -> list[Traversable]:
    if root.is_file():
        return [root] if root.name.endswith((".py", ".yaml", ".html", ".css", ".txt")) else []
    entries = sorted(root.iterdir(), key=lambda entry: entry.name)
    return [path for entry in entries for path in _files(entry)]
