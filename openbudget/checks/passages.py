"""Operands of the narrative: a sentence, where it is printed, and in which section."""

from __future__ import annotations

from openbudget.budget.finding import Message, Operand, OperandRole
from openbudget.recognition.passages import Passage

_NARRATIVE = Message("文字说明", "the narrative")


def passage_operand(passage: Passage, offset: int) -> Operand:
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
