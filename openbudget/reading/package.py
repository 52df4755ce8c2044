"""ZIP containers whose members are trusted in nothing: not in size, name, count or content."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from lxml import etree

from openbudget.errors import LimitExceededError, UnreadableFileError

if TYPE_CHECKING:
    from openbudget.reading.limits import ReadingLimits

_ENCRYPTED = 0x1
_RATIO_FLOOR = 1024 * 1024
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises on damaged, encrypted or strangely packed members."""


class Package:
    """An opened ZIP container (OOXML, ODF or a plain archive) within limits."""

    def __init__(self, content: bytes, limits: ReadingLimits) -> None:
        """Open the container; raise `UnreadableFileError` if it is none, or is encrypted."""
        self._limits = limits
        try:
            self._file = zipfile.ZipFile(io.BytesIO(content))
        except _DAMAGE as error:
            message = f"the ZIP container is damaged or cut off ({error})"
            raise UnreadableFileError(message) from error
        # Not is_dir(): it fails on a name that is empty.
        self.members = tuple(i for i in self._file.infolist() if not i.filename.endswith("/"))
        _check_members(self.members, len(content), limits)

    @property
    def names(self) -> frozenset[str]:
        """Names of all members, as the container spells them."""
        return frozenset(info.filename for info in self.members)

    def read(self, member: str | zipfile.ZipInfo) -> bytes:
        """Unpack one member; raise `UnreadableFileError` if it is absent or damaged."""
        name = member if isinstance(member, str) else member.filename
        try:
            # zipfile stops at the declared size, which was checked, and compares the checksum.
            with self._file.open(member) as stream:
                return stream.read()
        except KeyError as error:
            raise UnreadableFileError(f"the container has no part {name!r}") from error
        except _DAMAGE as error:
            message = f"the part {name!r} of the container is damaged ({error})"
            raise UnreadableFileError(message) from error

    def xml(self, name: str) -> etree._Element:
        """Unpack and parse one member that is XML."""
        return parse_xml(self.read(name), name)

    def check_all(self) -> None:
        """Unpack every member once and keep none, so that a library may open them after us."""
        for info in self.members:
            self.read(info)


def parse_xml(content: bytes, name: str) -> etree._Element:
    """Parse XML without entities, DTD or network; raise `UnreadableFileError` if it is damaged."""
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _xml_error(error, name) from error
    # Neither OOXML nor ODF has a document type: entities are all it would be there for.
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFileError(f"the part {name!r} declares a document type, which is refused")
    return root


def _xml_error(error: etree.XMLSyntaxError, name: str) -> UnreadableFileError:
    limits = ("Excessive depth", "amplification", "entity loop", "huge", "HUGE")
    if any(word in str(error) for word in limits):
        return LimitExceededError(f"the part {name!r} is nested or expanded too far ({error})")
    return UnreadableFileError(f"the part {name!r} is not well-formed XML ({error})")


def _check_members(
    members: tuple[zipfile.ZipInfo, ...], packed: int, limits: ReadingLimits
) -> None:
    if len(members) > limits.members:
        raise LimitExceededError(
            f"the container has {len(members):,} members; the limit is {limits.members:,}"
        )
    for info in members:
        _check_member(info, limits)
    total = sum(info.file_size for info in members)
    if total > limits.decompressed_bytes:
        raise LimitExceededError(
            f"the container unpacks to {total:,} bytes; the limit is {limits.decompressed_bytes:,}"
        )
    if total > _RATIO_FLOOR and total > packed * limits.ratio:
        raise LimitExceededError(
            f"the container unpacks to {total // packed} times its size;"
            f" the limit is {limits.ratio} times"
        )


def _check_member(info: zipfile.ZipInfo, limits: ReadingLimits) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableFileError(
            f"the member {info.filename!r} is encrypted; publish it without a password"
        )
    if info.file_size > limits.part_bytes:
        raise LimitExceededError(
            f"the member {info.filename!r} unpacks to {info.file_size:,} bytes;"
            f" the limit is {limits.part_bytes:,}"
        )
