"""Sentences of the narrative as operands of findings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from openbudget.budget.document import Section
from openbudget.budget.finding import Message, Operand, OperandRole
from openbudget.budget.passages import Passage, find_passages

_NARRATIVE = Message("文字说明", "the narrative")
_OPENING = re.compile(
    r"\s*(第[一二三四五六七八九十]+[部章]|[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)]"
    r"|\d{1,2}[、.．](?!\d)|注[:：])"
)
_LONGEST = 40
"""Characters of a heading; what is longer is a paragraph that begins like one."""


def passages_of(sections: Sequence[Section]) -> tuple[Passage, ...]:
    """Put the lines of the narrative together."""
    return tuple(find_passages(sections, lambda text: _OPENING.match(text) is not None))


def is_heading(text: str) -> bool:
    """Whether a text is a heading, and no paragraph that begins like one."""
    bare = "".join(text.split())
    return len(bare) <= _LONGEST and not re.search(r"[，。；,;]", bare)


def sentence_operand(passage: Passage, offset: int) -> Operand:
    """Make the operand of the sentence that holds a character."""
    line = passage.line_at(offset)
    return Operand(
        role=OperandRole.SUBJECT,
        label=_NARRATIVE,
        text=passage.sentence(offset),
        place=line.place,
        item=f"sections.{line.section}",
    )


def passage_key(operand: Operand) -> str:
    """Give what tells a sentence from others of its section: its line, page or block."""
    anchor = operand.place.anchor if operand.place else None
    where = anchor and (anchor.line or anchor.page or anchor.block)
    return f"{operand.item}.{where or 0}"
