"""The border between the bytes of a stranger and the package: only our own errors cross it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Protocol, TypeVar

from openbudget.errors import LimitExceededError, OpenBudgetError, UnreadableFileError
from openbudget.reading.conditions import current_conditions

if TYPE_CHECKING:
    from collections.abc import Callable

    from openbudget.reading.limits import ReadingLimits

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Reader(Protocol[T_co]):
    """What every reader looks like from outside."""

    def __call__(self, content: bytes, limits: ReadingLimits | None = None) -> T_co:
        """Read the bytes of one file within limits; raise only `OpenBudgetError`.

        Without limits those of `current_conditions` hold.
        """


def check_size(content: bytes, limits: ReadingLimits) -> None:
    """Raise `LimitExceededError` when the file itself is larger than the limit."""
    if len(content) > limits.content_bytes:
        message = f"the file has {len(content):,} bytes; the limit is {limits.content_bytes:,}"
        raise LimitExceededError(message)


def reader(what: str) -> Callable[[Callable[[bytes, ReadingLimits], T]], Reader[T]]:
    """Make a function a reader: limits in force, size checked, foreign errors translated.

    The libraries below raise nearly anything on damaged bytes (`KeyError`, `struct.error`,
    `IndexError`, …), which no list of exceptions would keep up with; hence one wide net here and
    none elsewhere.
    """

    def decorate(read: Callable[[bytes, ReadingLimits], T]) -> Reader[T]:
        @wraps(read)
        def guarded(content: bytes, limits: ReadingLimits | None = None) -> T:
            limits = limits or current_conditions().limits
            check_size(content, limits)
            try:
                return read(content, limits)
            except OpenBudgetError:
                raise
            except (MemoryError, RecursionError) as error:
                message = f"the {what} is nested too deeply or is too large to read"
                raise LimitExceededError(message) from error
            except Exception as error:
                reason = " ".join(f"{type(error).__name__}: {error}".split())
                raise UnreadableFileError(f"the {what} is damaged ({reason})") from error

        return guarded

    return decorate
