"""ZIP archives of published files."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from openbudget.errors import LimitExceededError, OpenBudgetError, UnreadableFileError
from openbudget.reading.border import check_size
from openbudget.reading.conditions import current_conditions
from openbudget.reading.package import Package
from openbudget.reading.sniff import Format, sniff

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from openbudget.reading.limits import ReadingLimits

_UTF8_NAME = 0x800
_LONGEST_NAME = 200
_SEPARATORS = re.compile(r"[/\\:]")
_IGNORED = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
"""What operating systems add to archives; nobody published it."""


def members(content: bytes, limits: ReadingLimits | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive in its order, those of archives in it where they stand.

    The name is a label without directories and control characters, at most 200 characters long,
    never a path: it may be shown, and nothing may be opened by it. Two members may bear the same.
    Without limits those of `current_conditions` hold.

    Raises:
        UnreadableFileError: The archive is damaged, encrypted, or holds no file.
        LimitExceededError: It has too many members, unpacks to too much, or nests too deeply.
    """
    limits = limits or current_conditions().limits
    check_size(content, limits)
    yield from _members(content, limits, _Account(limits))


class _Account:
    """What the archives of one file have taken together."""

    def __init__(self, limits: ReadingLimits) -> None:
        self._limits = limits
        self._members = 0
        self._bytes = 0

    def add(self, members: int, size: int) -> None:
        """Count an opened archive; raise `LimitExceededError` past a limit."""
        self._members += members
        self._bytes += size
        if self._members > self._limits.members:
            message = f"the archives in it have more than {self._limits.members:,} members together"
            raise LimitExceededError(message)
        if self._bytes > self._limits.decompressed_bytes:
            message = (
                "the archives in it unpack to more than"
                f" {self._limits.decompressed_bytes:,} bytes together"
            )
            raise LimitExceededError(message)


def _members(
    content: bytes, limits: ReadingLimits, account: _Account, depth: int = 1
) -> Iterator[tuple[str, bytes]]:
    if depth > limits.nesting:
        raise LimitExceededError(f"archives are nested more than {limits.nesting} deep")
    package = Package(content, limits)
    infos = [info for info in package.members if not _IGNORED.search(info.filename)]
    if not infos:
        raise UnreadableFileError("the archive holds no file")
    account.add(len(infos), sum(info.file_size for info in infos))
    for info in infos:
        member = package.read(info)
        if _is_archive(member, limits):
            yield from _members(member, limits, account, depth + 1)
        else:
            yield safe_name(info), member


def _is_archive(content: bytes, limits: ReadingLimits) -> bool:
    """Tell plain archives from others; what is damaged is for its own reader to say."""
    try:
        return content.startswith(b"PK") and sniff(content, limits) is Format.ZIP
    except LimitExceededError:
        raise
    except OpenBudgetError:
        return False


def safe_name(info: zipfile.ZipInfo) -> str:
    """Turn the name of a member into a label: no directory, no control character, not empty."""
    last = _SEPARATORS.split(_decoded_name(info))[-1]
    kept = "".join(
        character for character in last if unicodedata.category(character)[0] != "C"
    ).strip(" .")
    return kept[:_LONGEST_NAME] or "unnamed"


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """Undo the CP437 that zipfile assumes: Chinese archivers write GBK there, without a flag."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
