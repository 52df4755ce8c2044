"""Every error the package raises on purpose, each with one sentence that a person can act on."""

from __future__ import annotations

from typing import ClassVar, Literal

Refusal = Literal["blank_form", "unknown_format", "failed"]
"""What becomes of a file that is not stored."""


class OpenBudgetError(Exception):
    """Base of all errors that are told to the user as one sentence, without a traceback.

    `refusal` is what became of a file that it was raised for.
    """

    refusal: ClassVar[Refusal] = "failed"


class ConfigurationError(OpenBudgetError):
    """A setting from the environment or the command line cannot be used."""


class UnreadableFileError(OpenBudgetError):
    """The bytes cannot be read as the format they are in."""


class UnknownFormatError(UnreadableFileError):
    """The file is in no format that has a reader: a picture, a program, an empty file."""

    refusal = "unknown_format"


class LimitExceededError(UnreadableFileError):
    """The file is larger, longer or deeper than the limits allow."""


class NotABudgetError(OpenBudgetError):
    """The file was read, but no budget table was recognised in it."""


class BlankFormError(NotABudgetError):
    """The file is a form: its tables were recognised, and hold no figures."""

    refusal = "blank_form"


class IdentityError(OpenBudgetError):
    """The file does not say whose budget of which year it is, and nobody else has said so."""


class TruncatedFileError(OpenBudgetError):
    """The file ends in the middle of something."""


class SourceDescriptionError(OpenBudgetError):
    """`source.yaml` is missing, malformed, or does not fit the file beside it."""


class LayoutError(OpenBudgetError):
    """A layout file is malformed."""


class RuleError(OpenBudgetError):
    """A rule of the checks is malformed."""


class AmountError(OpenBudgetError):
    """A text is not an amount, has no unit, or is more precise than a fen."""


class SeedError(OpenBudgetError):
    """A list of the seed (classifications, jurisdictions) is malformed."""


class StorageError(OpenBudgetError):
    """The database is missing, of another version, or refuses the work."""


class ExportError(OpenBudgetError):
    """Bulk files cannot be written, or what is there already is not what is asked for."""
