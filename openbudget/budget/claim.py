"""Claims: what the narrative says in figures, as data beside its sentence."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from openbudget.budget.table import Place
from openbudget.budget.vocabulary import Phase
from openbudget.frozen import dataclass


class ClaimKind(StrEnum):
    """What a claim says: an amount, a growth, a share, a count, or that there is none."""

    AMOUNT = "amount"
    GROWTH = "growth"
    SHARE = "share"
    COUNT = "count"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure of the narrative, or one statement that there is none.

    `measure` is what the figure is of, in the field's terms (a key of the vocabulary of claims;
    None where the words are not known), `label` the printed words that say so, `function` the
    functional code where a 科目 is named and known. `fiscal_year` and `phase` are those of the
    figure: 比2023年预算 makes 2023.

    `figure` is the printed number, exact and signed (下降 makes it negative); None where the
    sentence promises one and prints none. `unit` is printed behind it: 元, 万元, %, 人, 台(套) …;
    None where there is none. `fen` is figure × unit, so only where both are printed and the unit
    is one of money. `text` is figure and unit exactly as printed, "" where nothing is.

    `sentence` is the printed sentence, lines joined; `place` where the figure begins. A growth or a
    share is `about` another claim (its number) and measured against a `base`.

    The year and phase of a growth are those of what has grown; `base_year` and `base_phase` are
    those it is compared with, which most sentences name without the figure (比2024年预算减少…).
    """

    number: int
    kind: ClaimKind
    measure: str | None
    label: str
    function: str | None
    fiscal_year: int | None
    phase: Phase | None
    figure: Decimal | None
    unit: str | None
    fen: int | None
    text: str
    sentence: str
    section: int | None
    place: Place
    about: int | None = None
    base: int | None = None
    base_year: int | None = None
    base_phase: Phase | None = None
