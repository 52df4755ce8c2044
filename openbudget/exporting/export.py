"""Writes all bulk files of the present data, in constant memory, and all of them or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine

from openbudget.api.endpoint import Call
from openbudget.api.service import Service
from openbudget.errors import ExportError
from openbudget.exporting.description import DATABASE, SUMS, describe
from openbudget.exporting.files import open_sinks, settle
from openbudget.exporting.resources import BULK, BulkResource
from openbudget.formats.parquet import check_available
from openbudget.formats.sqlite import SqliteFile
from openbudget.reports.files import write_whole

CURRENT = "current"
"""File that holds the name of the version exported last."""

_BATCH = 500
Tell = Callable[[str, int, int], None]
"""Is told how far the export is: resource, records written, records in all."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What there is now; `made` is false where it was there before."""

    folder: Path
    version: str
    made: bool
    records: int = 0


def export_all(
    engine: Engine, root: Path, tell: Tell, *, parquet: bool = False, replace: bool = False
) -> Exported:
    """Write every list of the present data into a folder named by the data version.

    Raises:
        ExportError: it cannot be written, or is there without what is asked for.
        StorageError: nothing has been loaded.
    """
    if parquet:
        check_available()
    try:
        with _reading(engine) as call:
            return _export(call, root, tell, parquet=parquet, replace=replace)
    except OSError as error:
        place = error.filename or root
        raise ExportError(f"{place} cannot be written: {error.strerror}") from error


@contextmanager
def _reading(engine: Engine) -> Iterator[Call]:
    """Read everything in one transaction, so that all files are of one state of the data."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield _call(connection, engine)


def _call(connection: Connection, engine: Engine) -> Call:
    own = Service(engine, build="")
    return Call(connection, own, own.data_state(connection), "", {}, {}, {})


def _export(call: Call, root: Path, tell: Tell, *, parquet: bool, replace: bool) -> Exported:
    version = call.state.version
    target = root / version
    root.mkdir(parents=True, exist_ok=True)
    if target.exists() and not replace:
        _check_present(target, parquet=parquet)
        write_whole(root / CURRENT, f"{version}\n".encode())
        return Exported(target, version, made=False)
    folder = Path(tempfile.mkdtemp(dir=root, prefix=f".{version}."))
    try:
        counts = _write(call, folder, tell, parquet=parquet)
        describe(folder, version, counts)
        for path in (*folder.iterdir(), folder):
            settle(path)
        _move(folder, target)
        settle(root)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    write_whole(root / CURRENT, f"{version}\n".encode())
    return Exported(target, version, made=True, records=sum(counts.values()))


def _check_present(target: Path, *, parquet: bool) -> None:
    hint = "take --replace to write it anew"
    if not (target / SUMS).is_file():
        raise ExportError(f"{target} is there, but holds no export; {hint}")
    if parquet and not (target / f"{BULK[0].name}.parquet").is_file():
        raise ExportError(f"{target} is there without Parquet; {hint}")


def _write(call: Call, folder: Path, tell: Tell, *, parquet: bool) -> dict[str, int]:
    with closing(SqliteFile(folder / DATABASE)) as tables:
        counts = {
            resource.name: _write_one(call, folder, resource, tables, tell, parquet=parquet)
            for resource in BULK
        }
        tables.finish()
    return counts


def _write_one(
    call: Call,
    folder: Path,
    resource: BulkResource,
    tables: SqliteFile,
    tell: Tell,
    *,
    parquet: bool,
) -> int:
    total, done = resource.count(call), 0
    records = resource.records(call)
    with open_sinks(folder, resource, tables, parquet=parquet) as sinks:
        while batch := list(islice(records, _BATCH)):
            for sink in sinks:
                sink.write(batch)
            done += len(batch)
            tell(resource.name, done, total)
    if done != total:
        raise ExportError(f"{resource.name}: {done} of {total} records were read")
    return done


def _move(folder: Path, target: Path) -> None:
    """Put a finished folder into its place, before the one that may be there."""
    before = folder.with_name(f"{folder.name}.before")
    if target.exists():
        target.rename(before)
    folder.rename(target)
    shutil.rmtree(before, ignore_errors=True)
