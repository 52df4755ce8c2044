"""Shows a batch under way, and reports it at its end."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click

from openbudget.errors import ConfigurationError
from openbudget.loading.batch import BatchOptions, LoadResult, now
from openbudget.reports.batch import (
    BatchReport,
    FileReport,
    batch_as_json,
    file_line,
    readable,
    summarize_batch,
)
from openbudget.reports.files import write_whole


@dataclass
class Progress:
    """Shows a bar on a terminal, a line for each file otherwise; errors always.

    Results go to standard output, the bar and errors to standard error.
    """

    quiet: bool = False
    skip_unknown: bool = False
    report: Path | None = None
    files: list[FileReport] = field(default_factory=list)
    total: int = 0
    done: int = 0

    @property
    def failures(self) -> int:
        """How many files are not in the database that should be."""
        return sum(self._failed(file) for file in self.files)

    def left(self, path: Path, reason: str) -> None:
        """Tell of a file that is not even looked at."""
        click.echo(f"openbudget: {readable(str(path))}: {reason}", err=True)

    def follow(
        self,
        results: Generator[LoadResult],
        total: int,
        options: BatchOptions,
        version: str,
    ) -> None:
        """Load all files and show what becomes of them; the report is written in any case.

        Raises:
            ConfigurationError: the report cannot be written.
        """
        self.total = total
        started = now()
        try:
            if sys.stderr.isatty() and not self.quiet and total > 1:
                self._draw(results)
            else:
                self._print(results)
        finally:
            self._write(started, options, version)
        self._close()

    def _draw(self, results: Generator[LoadResult]) -> None:
        """Move a bar; errors wait for its end."""
        with click.progressbar(length=self.total, label="Loading", file=sys.stderr) as bar:
            for result in _to_its_end(results):
                bar.update(self._add(result))
        for file in self.files:
            if self._failed(file):
                click.echo(f"openbudget: {file_line(file)}", err=True)

    def _add(self, result: LoadResult) -> int:
        """Keep what became of a file; how many paths that completes."""
        self.files.append(result.report)
        self.done += result.last
        return int(result.last)

    def _print(self, results: Generator[LoadResult]) -> None:
        for result in _to_its_end(results):
            self._add(result)
            if self._failed(result.report):
                click.echo(f"openbudget: {file_line(result.report)}", err=True)
            elif not self.quiet:
                self._print_loaded(result)

    def _print_loaded(self, result: LoadResult) -> None:
        width = len(str(self.total))
        number = f"[{self.done:{width}}/{self.total}] " if self.total > 1 else ""
        click.echo(f"{number}{file_line(result.report)}")
        if self.total == 1:
            for line in result.summary:
                click.echo(f"  {line}".rstrip())

    def _close(self) -> None:
        if self.total > 1 and not self.quiet:
            click.echo()
            for line in summarize_batch(self.files):
                click.echo(line)
        stored = sum(file.stored for file in self.files)
        click.echo(f"{stored} of {len(self.files)} files are in the database")

    def _failed(self, file: FileReport) -> bool:
        """Whether a file is not stored and should be; a blank form has nothing to store."""
        skipped = self.skip_unknown and file.outcome == "unknown_format"
        return not (file.stored or skipped or file.outcome == "blank_form")

    def _write(self, started: str, options: BatchOptions, version: str) -> None:
        if self.report is None:
            return
        whole = BatchReport(
            started_at=started,
            finished_at=now(),
            reading_version=version,
            jobs=options.jobs,
            files=self.files,
            not_reached=self.total - self.done,
            limits=asdict(options.limits),
        )
        try:
            write_whole(self.report, batch_as_json(whole))
        except OSError as error:
            raise ConfigurationError(f"{self.report} cannot be written: {error}") from error


def _to_its_end(results: Generator[LoadResult]) -> Iterator[LoadResult]:
    """Give results; when the batch is interrupted, end what it has under way at once."""
    with closing(results):
        yield from results
