"""Where the narrative stands at a mark: what it speaks of, of which year, compared with what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from openbudget.budget.measures import FUNCTION_EXPENDITURE
from openbudget.budget.passages import Passage
from openbudget.budget.vocabulary import Phase
from openbudget.frozen import dataclass
from openbudget.recognition.claim_marks import (
    Explained,
    Lead,
    Mark,
    Readable,
    after_delimiter,
    after_stop,
    distinct_marks,
    explain_digits,
)
from openbudget.recognition.claim_names import (
    Named,
    NamedFunction,
    adjacent,
    mentions,
    named_in,
    nearest,
)
from openbudget.recognition.claim_periods import Period, Periods, phase_in
from openbudget.recognition.claim_words import load_claim_words

_LABEL_LENGTH = 40
_PART_OF = "中,"
_OF_WHICH = "其中"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the text speaks of: the last thing named, and the number of its claim."""

    named: Named | None = None
    phase: Phase | None = None
    claim: int | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """What shares are of where they do not say so: a claim, or the figure of a measure."""

    claim: int | None = None
    measure: str | None = None


class Context:
    """Follows one passage from mark to mark."""

    def __init__(
        self,
        passage: Passage,
        document: Period,
        functions: Sequence[NamedFunction],
        subject: Subject,
    ) -> None:
        """Begin a passage with what the one before in its section spoke of."""
        self.passage = passage
        self._document = document
        self.subject = subject
        self.whole = Whole()
        self.compared: Period | None = None
        self.base: int | None = None
        self._functions = list(functions)[::-1]
        self._function: NamedFunction | None = None
        self._end = 0

    @cached_property
    def explained(self) -> list[Explained]:
        """The digits that are no claims."""
        return explain_digits(self.passage.matching)

    @cached_property
    def readable(self) -> Readable:
        """What is compared with words."""
        return Readable(self.passage.matching, self.explained)

    @cached_property
    def dated(self) -> Readable:
        """What is compared with words where years and dates are words, too."""
        return Readable(self.passage.matching, [])

    @cached_property
    def periods(self) -> Periods:
        """The years of the passage, followed from mark to mark."""
        return Periods(self.passage, self._document)

    def distinct(self, marks: list[Mark]) -> list[Mark]:
        """Leave out the marks of the passage that are no claims of their own."""
        return distinct_marks(marks, self.explained)

    def follow(self, mark: Mark) -> Lead:
        """Move the year, the whole and the 科目 on to a mark; give the words in front of it."""
        lead = self.readable.lead(self._end, mark.start)
        before = self.passage.sentence_start(max(0, self._end - 1))
        if self.passage.sentence_start(mark.start) != before:
            self.compared = self.base = None
        self.periods.move_to(mark.start)
        self._find_whole(lead)
        while self._functions and self._functions[-1].end <= mark.start:
            self._function = self._functions.pop()
            named = Named(FUNCTION_EXPENDITURE, self._function.label, self._function.code)
            self.subject = Subject(named)
        return lead

    def leave(self, mark: Mark) -> None:
        """Go on behind a mark."""
        self._end = mark.end

    def state(self, named: Named, period: Period, number: int) -> None:
        """Speak of an amount or a count from now on; one printed for comparison is the base."""
        if self.base == number:
            self.subject = replace(self.subject, named=named, phase=period.phase)
            return
        self.compared = self.base = None
        self.subject = Subject(named, period.phase, number)

    def _find_whole(self, lead: Lead) -> None:
        if load_claim_words().whole.search(lead.text):
            self.whole = Whole(claim=self.subject.claim)
        part_of = lead.text.rfind(_PART_OF)
        if part_of > 0 and _OF_WHICH not in lead.text:
            front = Lead(lead.text[:part_of], lead.at)
            found = nearest(front, mentions(front, self.passage))
            self.whole = Whole(measure=found.measure if found else None)

    # Comparisons ------------------------------------------------------------------------------

    def comparison(self, mark: Mark) -> Period | None:
        """Give what a mark is compared with, if it is since the mark before."""
        token = self.periods.comparison
        if token is None or token.start < self._end:
            return None
        said = phase_in(self.passage.matching[token.end : mark.start])
        return Period(token.year, token.phase or said or self.periods.document.phase)

    def is_base(self, mark: Mark) -> bool:
        """Whether a figure is itself what is compared with: 比2023年收入预算9,306,987.96."""
        token = self.periods.comparison
        if token is None or token.start < self._end:
            return False
        return "," not in self.passage.matching[token.end : mark.start]

    def compared_at(self, lead: Lead) -> int:
        """Give where the comparison begins in a lead, or its end."""
        token = self.periods.comparison
        at = (n for n, offset in enumerate(lead.at) if token and offset >= token.start - 1)
        return next(at, len(lead.text))

    # Names ------------------------------------------------------------------------------------

    def named(self, lead: Lead) -> tuple[Named, bool]:
        """Give what an amount is of, and whether the words for it stand right in front."""
        filler, clause = load_claim_words().filler, self._clause(lead)
        known = self.subject.named
        if known and self._function_reaches(lead):
            return known, True
        found = mentions(lead, self.passage)
        reaching = adjacent(lead, found)
        if reaching and not self._goes_on(lead, clause):
            return named_in(lead, self.passage, reaching), True
        if known and known.measure and filler.fullmatch(lead.text, clause):
            return replace(known, rest=""), False
        within = nearest(lead, [mention for mention in found if mention.start >= clause])
        if within:
            return named_in(lead, self.passage, within), False
        return Named(None, self.label(lead, clause)), False

    def _clause(self, lead: Lead) -> int:
        """Give where the clause begins in a lead, behind a comparison: 比2023年预算数6.0."""
        token, clause = self.periods.comparison, after_delimiter(lead)
        if token is None or token.start < self._end:
            return clause
        return max(clause, min(self.compared_at(lead) + 1, len(lead.text)))

    def _goes_on(self, lead: Lead, clause: int) -> bool:
        """Whether the words before a figure, such as 支出决算为, only tell another phase."""
        phase = phase_in(lead.text[clause:])
        known = self.subject.named and clause > 0
        return bool(known and phase and phase != self.subject.phase) and bool(
            load_claim_words().filler.fullmatch(lead.text, clause)
        )

    def _function_reaches(self, lead: Lead) -> bool:
        function = self._function
        if function is None or self.subject.claim or not lead.at or function.end <= lead.at[0]:
            return False
        at = next((n for n, offset in enumerate(lead.at) if offset >= function.end), len(lead.at))
        return bool(load_claim_words().filler.fullmatch(lead.text, at))

    def grown(self, lead: Lead) -> Named:
        """Give what has grown: what is named in the sentence, else what it speaks of."""
        found = mentions(lead, self.passage, after_stop(lead))
        verb = load_claim_words().verb.search(lead.text)
        ends = (self.compared_at(lead), verb.start() if verb else len(lead.text))
        reaching = [adjacent(Lead(lead.text[:end], lead.at), found) for end in ends]
        mention = reaching[0] or reaching[1] or nearest(lead, found)
        known = self.subject.named
        if mention and not (known and known.measure == mention.measure):
            self.subject = Subject(named_in(lead, self.passage, mention))
        return self.subject.named or Named(None, self.label(lead, after_delimiter(lead)))

    def label(self, lead: Lead, clause: int) -> str:
        """Give the printed words of a clause."""
        if clause >= len(lead.at):
            return ""
        return self.passage.text[lead.at[clause] : lead.at[-1] + 1][-_LABEL_LENGTH:]

    def in_cause(self, mark: Mark) -> bool:
        """Whether a mark stands among the causes of something."""
        start = self.passage.sentence_start(mark.start)
        lead = self.dated.lead(start, mark.start)
        return bool(load_claim_words().cause.search(lead.text, after_stop(lead)))
