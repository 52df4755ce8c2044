"""Claims: every amount, growth, share and count of the narrative, as data with its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from openbudget.budget.claim import Claim, ClaimKind
from openbudget.budget.classification import CodeLists
from openbudget.budget.document import DocumentIdentity, Section
from openbudget.budget.money import FEN_PER_UNIT, parse_amount
from openbudget.budget.passages import find_passages
from openbudget.budget.vocabulary import Phase
from openbudget.errors import AmountError
from openbudget.recognition.claim_context import Context, Subject, Whole
from openbudget.recognition.claim_links import Draft, link_claims
from openbudget.recognition.claim_marks import (
    Lead,
    Mark,
    MarkKind,
    after_delimiter,
    find_marks,
)
from openbudget.recognition.claim_names import (
    Functions,
    Named,
    mentions,
    named_behind,
    named_in,
    nearest,
)
from openbudget.recognition.claim_periods import Period, phase_in
from openbudget.recognition.claim_words import load_claim_words
from openbudget.recognition.narrative import is_heading

_AHEAD = 40
_BARE_MONEY = 5
"""Digits from which a figure without a unit is taken for money, if it has no comma or point."""


def find_claims(
    sections: Sequence[Section], identity: DocumentIdentity, lists: CodeLists | None = None
) -> tuple[Claim, ...]:
    """Find every claim of the narrative, in printed order."""
    functions = Functions(lists or CodeLists(), identity.fiscal_year)
    document = Period(identity.fiscal_year, identity.phase)
    drafts: list[Draft] = []
    section, subject = 0, Subject()
    for passage in find_passages(sections, is_heading):
        if passage.lines[0].section != section:
            subject = Subject()
        section, named = passage.lines[-1].section, list(functions.find(passage))
        marks = find_marks(passage.matching)
        if marks:  # most passages have none
            context = Context(passage, document, named, subject)
            _Reader(context, drafts).read(context.distinct(marks))
            subject = context.subject
    return link_claims(drafts)


class _Reader:
    """Reads the marks of one passage in order."""

    def __init__(self, context: Context, drafts: list[Draft]) -> None:
        self._context = context
        self._passage = context.passage
        self._drafts = drafts

    def read(self, marks: Iterable[Mark]) -> None:
        """Add a draft for every mark that is a claim."""
        for mark in marks:
            lead = self._context.follow(mark)
            draft = self._draft(mark, lead)
            if draft:
                self._drafts.append(draft)
            if draft or mark.kind is MarkKind.FIGURE:
                self._context.leave(mark)

    def _draft(self, mark: Mark, lead: Lead) -> Draft | None:
        if mark.kind is MarkKind.NONE:
            return self._none(mark)
        if mark.kind is MarkKind.UNCHANGED:
            said = self._context.comparison(mark) and not self._context.in_cause(mark)
            return self._growth(mark, lead, Decimal(0)) if said else None
        words, unit = load_claim_words(), self._unit(mark)
        counted = bool(unit and words.count_units.fullmatch(unit))
        verb = words.verb.search(lead.text)
        if verb and (not counted or self._context.comparison(mark)):
            growth = self._growth(mark, lead, _signed(mark, words.down.match(verb["verb"])))
            if growth:
                return growth
        if counted:
            return self._count(mark, lead)
        shared = bool(unit and words.share_units.fullmatch(unit))
        if shared or (not unit and words.share_of.search(lead.text)):
            return self._share(mark, lead)
        return self._amount(mark, lead)

    def _amount(self, mark: Mark, lead: Lead) -> Draft | None:
        named, direct = self._context.named(lead)
        if mark.kind is MarkKind.MISSING and not direct:
            return None
        if mark.unit is None and not (direct and _looks_like_money(mark)):
            return None
        period = self._period(mark, lead, named)
        return self._stated(ClaimKind.AMOUNT, mark, lead, named, period)

    def _count(self, mark: Mark, lead: Lead) -> Draft:
        named = named_behind(self._passage, mark.end) or self._context.named(lead)[0]
        return self._stated(
            ClaimKind.COUNT, mark, lead, named, Period(self._context.periods.year, None)
        )

    def _period(self, mark: Mark, lead: Lead, named: Named) -> Period:
        """Give the year and phase of an amount; one that is compared with has its own."""
        comparison = self._context.comparison(mark)
        if comparison and self._context.is_base(mark):
            self._context.compared, self._context.base = comparison, len(self._drafts) + 1
            return comparison
        if self._context.periods.dated:
            return Period(self._context.periods.year, None)
        said = phase_in(named.rest or lead.text[after_delimiter(lead) :])
        return Period(self._context.periods.year, said or self._context.periods.document.phase)

    def _stated(
        self, kind: ClaimKind, mark: Mark, lead: Lead, named: Named, period: Period
    ) -> Draft:
        """Make the draft of an amount or a count, which the text speaks of from now on.

        One that a share is of (占全部项目12个的100%) is only its whole.
        """
        claim = self._claim(kind, mark, named, period, _figure(mark))
        if load_claim_words().share_of.search(lead.text):
            self._context.whole = Whole(claim=claim.number)
        else:
            self._context.state(named, period, claim.number)
        return Draft(claim)

    def _growth(self, mark: Mark, lead: Lead, figure: Decimal | None) -> Draft | None:
        """Make the draft of a growth; 稳增长30万 in a name is none: it is of nothing known."""
        context = self._context
        named = context.grown(lead)
        base = context.compared = context.comparison(mark) or context.compared
        if base is None and named.measure is None:
            return None
        said = phase_in(lead.text[after_delimiter(lead) : context.compared_at(lead)])
        phase = said or context.subject.phase or self._context.periods.document.phase
        claim = self._claim(
            ClaimKind.GROWTH, mark, named, Period(self._context.periods.year, phase), figure
        )
        claim = replace(claim, base_year=base and base.year, base_phase=base and base.phase)
        return Draft(claim, front=context.subject.claim, base=context.base)

    def _share(self, mark: Mark, lead: Lead) -> Draft | None:
        words, subject = load_claim_words(), self._context.subject
        if mark.kind is MarkKind.MISSING and not words.share_of.search(lead.text):
            return None
        named = subject.named or self._context.named(lead)[0]
        phase = subject.phase or self._context.periods.document.phase
        period = Period(self._context.periods.year, phase)
        claim = self._claim(ClaimKind.SHARE, mark, named, period, _figure(mark))
        plan = words.share_plan.search(lead.text)
        if not plan:
            return self._part(claim, lead)
        base_phase = phase_in(plan["plan"]) or Phase.APPROVED
        claim = replace(claim, base_year=period.year, base_phase=base_phase)
        return Draft(claim, front=subject.claim)

    def _part(self, claim: Claim, lead: Lead) -> Draft:
        """Make the draft of a share of a whole that is named, or of the one spoken of."""
        of = load_claim_words().share_of.search(lead.text)
        start = of.start("whole") if of else len(lead.text)
        found = nearest(lead, mentions(lead, self._passage, start))
        whole, front = self._context.whole, self._context.subject.claim
        if found:
            return Draft(claim, front, whole=found.measure)
        return Draft(claim, front, whole.claim, whole.measure)

    def _none(self, mark: Mark) -> Draft | None:
        """Make the draft of 无 where the words of a measure follow."""
        text = self._passage.matching
        gap = load_claim_words().none_gap.match(text, mark.end)
        start = gap.end() if gap else mark.end
        lead = self._context.readable.lead(start, min(len(text), start + _AHEAD))
        first = [mention for mention in mentions(lead, self._passage) if mention.start == 0]
        if not first or self._context.in_cause(mark):
            return None
        named = named_in(lead, self._passage, first[-1])
        period = Period(self._context.periods.year, self._context.periods.document.phase)
        return Draft(self._claim(ClaimKind.NONE, mark, named, period, None))

    def _unit(self, mark: Mark) -> str | None:
        return self._passage.matching[slice(*mark.unit)] if mark.unit else None

    def _claim(
        self, kind: ClaimKind, mark: Mark, named: Named, period: Period, figure: Decimal | None
    ) -> Claim:
        passage, line = self._passage, self._passage.line_at(mark.start)
        return Claim(
            number=len(self._drafts) + 1,
            kind=kind,
            measure=named.measure,
            label=named.label,
            function=named.function,
            fiscal_year=period.year,
            phase=period.phase,
            figure=figure,
            unit=passage.text[slice(*mark.unit)] if mark.unit else None,
            fen=_fen(mark, self._unit(mark), figure),
            text=passage.text[mark.start : mark.end],
            sentence=passage.sentence(mark.start),
            section=line.section,
            place=line.place,
        )


def _looks_like_money(mark: Mark) -> bool:
    return any(sign in mark.number for sign in ",.") or len(mark.number) >= _BARE_MONEY


def _figure(mark: Mark) -> Decimal | None:
    return Decimal(mark.number.replace(",", "")) if mark.number else None


def _signed(mark: Mark, down: object) -> Decimal | None:
    figure = _figure(mark)
    return -abs(figure) if down and figure else figure


def _fen(mark: Mark, unit: str | None, figure: Decimal | None) -> int | None:
    if figure is None or unit not in FEN_PER_UNIT:
        return None
    try:
        fen = parse_amount(mark.number, unit).fen
    except AmountError:
        return None
    return -abs(fen) if fen and figure < 0 else fen
