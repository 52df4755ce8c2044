"""Texts are folded character for character, whatever they hold."""

from __future__ import annotations

import unicodedata

from openbudget.budget.folding import fold_characters, fold_each


def test_every_character_becomes_one() -> None:
    every = [chr(code) for code in range(0x110000)]
    forms = [unicodedata.normalize("NFKC", character) for character in every]
    single = [form if len(form) == 1 else own for form, own in zip(forms, every, strict=True)]
    assert fold_each("".join(every)) == fold_characters("".join(single))
    assert fold_each("單位：１，０００萬元（ＡＢ）") == "单位:1,000万元(AB)"
