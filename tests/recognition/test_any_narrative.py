"""Whatever the narrative says, claims are found without failing, and as they are printed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbudget.blocks import Anchor
from openbudget.budget.claim import Claim, ClaimKind
from openbudget.budget.document import DocumentIdentity, Section
from openbudget.budget.measures import load_measures
from openbudget.budget.money import FEN_PER_UNIT, LARGEST_FEN
from openbudget.budget.passages import find_passages
from openbudget.budget.sought import Sought
from openbudget.budget.table import Place, PrintedText
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.errors import LayoutError
from openbudget.recognition.claim_words import load_claim_words, parse_claim_words
from openbudget.recognition.claims import find_claims
from openbudget.recognition.narrative import is_heading

IDENTITY = DocumentIdentity("310107", "1", 2024, Scope.UNIT, Phase.APPROVED, "title", "office")
WORDS = st.sampled_from(
    [
        *(
            "收入预算",
            "支出预算",
            "财政拨款",
            "“三公”经费",
            "公务用车",
            "政府采购",
            "项目支出",
            "机关运行经费",
        ),
        *(
            "2024年",
            "2023年预算",
            "上年",
            "比",
            "与",
            "增长",
            "减少",
            "下降（增长）",
            "持平",
            "占",
            "完成",
            "其中：",
        ),
        *(
            "1,234.56",
            "0",
            "５０",
            "12.08",
            "9",
            "1,2",
            "1.2.3",
            "-5",
            "XX",
            "万元",
            "元",
            "%",
            "个",
            "辆",
        ),
        *(
            "。",
            "，",
            "；",
            "、",
            "（",
            "）",
            "”",
            "“",
            " ",
            "\n",
            "无",
            "没有",
            "主要原因是",
            "教育支出（类）",
        ),
        *(
            "公用（款）",
            "运行（项）",
            "“一-二-三”科目",
            "50万元以上",
            "第3",
            "2024〔5〕号",
            "截至2023年底",
        ),
        *("中，", "年初预算为", "支出决算为", "安排购置车辆", "一、", "1."),
    ]
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=25).map("".join))
BOXES = st.one_of(
    st.none(),
    st.tuples(*[st.floats(0, 900) for _ in range(4)]),
)


@st.composite
def sections(draw: st.DrawFn) -> list[Section]:
    found = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        lines = [printed(text, draw(BOXES)) for text in draw(st.lists(TEXTS, max_size=5))]
        heading = draw(st.one_of(st.none(), TEXTS))
        own = None if heading is None else printed(heading, draw(BOXES))
        found.append(Section(number, 1, own, None, tuple(lines)))
    return found


def printed(text: str, box: tuple[float, ...] | None = None) -> PrintedText:
    if box is None:
        return PrintedText(text, Place(Anchor(line=1)))
    left, top, right, bottom = box
    return PrintedText(text, Place(Anchor(page=1, box=(left, top, right, bottom))))


def claims_of(*lines: str) -> tuple[Claim, ...]:
    narrative = Section(1, 1, None, None, tuple(printed(line) for line in lines))
    return find_claims([narrative], IDENTITY)


@settings(max_examples=300, deadline=None)
@given(sections())
def test_claims_are_as_printed(narrative: list[Section]) -> None:
    claims = find_claims(narrative, IDENTITY)
    passages = [passage.text for passage in find_passages(narrative, is_heading)]
    assert [claim.number for claim in claims] == list(range(1, len(claims) + 1))
    for claim in claims:
        assert claim.text in claim.sentence
        assert any(claim.sentence in text for text in passages)
        assert claim.measure is None or claim.measure in load_measures()
        assert {claim.about, claim.base} <= {None, *range(1, len(claims) + 1)} - {claim.number}
        assert claim.fen is None or claim.unit is not None
        assert (claim.kind is ClaimKind.NONE) <= (claim.figure is None)


@given(st.integers(0, 10**12), st.integers(0, 2), st.sampled_from(sorted(FEN_PER_UNIT)))
def test_a_printed_amount_is_found_exactly(value: int, places: int, unit: str) -> None:
    figure = Decimal(value).scaleb(-places)
    (claim,) = claims_of(f"2024年，某某局收入预算{figure:,f}{unit}。")
    assert (claim.kind, claim.measure, claim.figure) == (ClaimKind.AMOUNT, "revenue", figure)
    assert (claim.unit, claim.text) == (unit, f"{figure:,f}{unit}")
    exact = figure * FEN_PER_UNIT[unit]
    known = exact == int(exact) and exact <= LARGEST_FEN
    assert claim.fen == (int(exact) if known else None)


@given(st.integers(1, 10**6), st.sampled_from(["增加", "减少", "增长", "下降"]))
def test_a_growth_has_its_sign_and_what_it_is_of(value: int, verb: str) -> None:
    amount, growth = claims_of(f"机关运行经费预算{value}元，比2023年预算{verb}{value}元。")
    sign = -1 if verb in ("减少", "下降") else 1
    assert (growth.figure, growth.fen) == (sign * value, sign * value * 100)
    assert (growth.about, growth.base_year) == (amount.number, 2023)


@settings(deadline=None, max_examples=20)
@given(WORDS, st.integers(1, 3))
def test_long_repetitions_come_to_an_end(word: str, width: int) -> None:
    """A pattern that goes back and forth would take hours here."""
    claims_of((word * 4000)[: 4000 * width])


@pytest.mark.parametrize("hostile", ["1", "20", "A", "X", "共计", "（类）", "1,234", ".", "……"])
def test_hostile_repetitions_come_to_an_end(hostile: str) -> None:
    claims_of(hostile * 20_000)


def test_lines_of_a_page_are_joined_to_sentences() -> None:
    lines = (
        printed(
            "（一）公务接待费收入预算9,101.68万元，比2023年预算减少2,389.52万", (0, 0, 600, 10)
        ),
        printed("元；事业收入0万元。", (0, 12, 90, 22)),
    )
    narrative = [
        Section(1, 3, lines[0], None, (lines[1],)),
        Section(2, 1, printed("二、其他", (0, 24, 40, 34)), None, ()),
    ]
    amount, growth, zero = find_claims(narrative, IDENTITY)
    assert (amount.text, growth.text, zero.text) == ("9,101.68万元", "2,389.52万元", "0万元")
    assert growth.sentence.endswith("减少2,389.52万元；事业收入0万元。")
    assert (growth.place, zero.place) == (lines[0].place, lines[1].place)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[", "claims.yaml: while parsing"),
        (b"measures: {}", "unknown or missing keys"),
        (b"- 1", "claims.yaml"),
    ],
)
def test_malformed_words_are_refused(content: bytes, message: str) -> None:
    with pytest.raises(LayoutError, match=message):
        parse_claim_words(content)


@pytest.mark.parametrize(
    "sought", [*load_claim_words().not_claims.values(), load_claim_words().missing]
)
@given(st.data())
def test_no_match_is_without_its_sign(sought: Sought, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(sought.pattern))
    found = [match.span() for match in sought.find(text)]
    assert found == [match.span() for match in sought.pattern.finditer(text)]
