"""Which code of one year is which of another: real code lists, and cases that must stay apart."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from openbudget.budget.vocabulary import Scheme
from openbudget.cubes.following import CodeList, Entry, Pair, pair
from openbudget.loading.seed import Seed

NO_LISTS = (CodeList(), CodeList())


def entry(key: str | None, label: str | None = None, fen: int = 100, group: str = "") -> Entry:
    return Entry(key, label, fen, 1, group)


def code_list(seed: Seed, scheme: Scheme, year: int) -> CodeList:
    found = seed.lists.for_year(scheme, year)
    assert found is not None
    valid = [c for c in found.codes if (c.valid_from or 0) <= year <= (c.valid_to or year)]
    title = f"{scheme} {found.description.edition}"
    return CodeList(title, {code.code: code.name_zh for code in valid})


def lists(
    seed: Seed, base: int, other: int, scheme: Scheme = Scheme.FUNCTIONAL
) -> tuple[CodeList, CodeList]:
    return code_list(seed, scheme, base), code_list(seed, scheme, other)


def told(pairs: Sequence[Pair]) -> set[tuple[str | None, str | None, str | None, str | None]]:
    return {
        (
            found.base.key if found.base else None,
            found.other.key if found.other else None,
            found.match.method.value if found.match else None,
            found.note.code if found.note else None,
        )
        for found in pairs
    }


def test_a_code_that_moved_is_followed_by_the_lists_of_both_years(seed: Seed) -> None:
    base, other = [entry("2290303", "购房 补贴")], [entry("2210203", "购房补贴")]
    (found,) = pair(base, other, lists(seed, 2016, 2024))
    assert (found.base, found.other, found.note) == (base[0], other[0], None)
    assert found.match is not None
    assert found.match.method == "edition"
    assert (
        found.match.evidence
        == "functional 2009: 2290303 购房补贴 = functional 2024: 2210203 购房补贴"
    )
    assert told(pair(base, other, lists(seed, 2016, 2024), follow=False)) == {
        ("2290303", None, None, None),
        (None, "2210203", None, None),
    }


def test_a_code_that_is_cut_has_no_printed_name_and_is_followed_too(seed: Seed) -> None:
    found = told(pair([entry("22903")], [entry("22102")], lists(seed, 2016, 2024)))
    assert found == {("22903", "22102", "edition", None)}


def test_a_code_that_got_another_meaning_is_not_the_same(seed: Seed) -> None:
    base = [entry("30311", "住房公积金")]
    other = [entry("30311", "代缴社会保险费"), entry("30113", "住房公积金")]
    own = lists(seed, 2016, 2024, Scheme.DEPARTMENT_ECONOMIC)
    assert told(pair(base, other, own)) == {
        ("30311", "30113", "edition", None),
        (None, "30311", None, None),
    }
    assert told(pair(base, other[:1], own)) == {
        ("30311", None, None, "moved"),
        (None, "30311", None, None),
    }


def test_what_is_printed_goes_before_the_list(seed: Seed) -> None:
    """The list of the years before 2018 is of about 2009: later documents print newer codes."""
    same = [entry("2100401", "疾病预防控制机构")]
    own = lists(seed, 2016, 2024)
    assert told(pair(same, same, own)) == {("2100401", "2100401", "code", None)}
    new = [entry("2210203", "购房补贴")]
    assert told(pair(new, new, own)) == {("2210203", "2210203", "code", None)}


def test_a_code_with_another_name_is_one_row_that_says_so(seed: Seed) -> None:
    base, other = [entry("201", "一般公共服务")], [entry("201", "一般公共服务支出")]
    for first in (2016, 2024):
        found = told(pair(base, other, lists(seed, first, 2024)))
        assert found == {("201", "201", "code", "names_differ")}
    listed = (
        CodeList("2009", {"201": "一般公共服务"}),
        CodeList("2024", {"201": "一般公共服务支出"}),
    )
    assert told(pair(base, other, listed)) == {("201", "201", "code", None)}


def test_a_note_lists_few_of_many_namesakes() -> None:
    base = [entry(f"p.{number:04}", "其他项目") for number in range(1000)]
    found = pair(base, [entry("q.1", "其他项目")], (CodeList(), CodeList()))
    notes = {own.note.detail for own in found if own.base and own.note}
    assert len(notes) == 1
    assert notes.pop().endswith("p.0018, p.0019 and 981 more; it is not followed.")


def test_a_name_that_is_common_in_a_list_is_not_followed(seed: Seed) -> None:
    base, other = [entry("2010301", "行政运行")], [entry("2013901", "行政运行")]
    assert told(pair(base, other, lists(seed, 2023, 2024))) == {
        ("2010301", None, None, "common_name"),
        (None, "2013901", None, "common_name"),
    }


def test_a_name_that_several_rows_have_is_not_followed(seed: Seed) -> None:
    base = [entry("2290303", "购房补贴"), entry("2299999", "购房补贴")]
    found = told(pair(base, [entry("2210203", "购房补贴")], lists(seed, 2016, 2024)))
    assert found == {
        ("2290303", None, None, "ambiguous_name"),
        ("2299999", None, None, "ambiguous_name"),
        (None, "2210203", None, "ambiguous_name"),
    }


def test_a_code_of_no_list_is_followed_by_its_printed_name(seed: Seed) -> None:
    own = lists(seed, 2018, 2024)
    assert told(pair([entry("2290303", "购房补贴")], [entry("2210203", "购房补贴")], own)) == {
        ("2290303", "2210203", "name", None)
    }
    assert told(pair([entry("2999901", "灯会")], [entry("2999902", "灯 会")], own)) == {
        ("2999901", "2999902", "name", None)
    }


def test_a_printed_name_that_is_not_that_of_its_code_is_not_followed(seed: Seed) -> None:
    base, other = [entry("2080505", "购房补贴")], [entry("2210203", "购房补贴")]
    assert told(pair(base, other, lists(seed, 2023, 2024))) == {
        ("2080505", None, None, "name_differs_from_list"),
        (None, "2210203", None, "name_differs_from_list"),
    }


def test_a_code_that_is_printed_with_several_names_has_that_of_the_list(seed: Seed) -> None:
    other = [entry("2210203", "购房补贴")]
    base = [Entry("2290303", "住房补贴", 100, 2, several=True)]
    assert told(pair(base, other, lists(seed, 2016, 2024))) == {
        ("2290303", "2210203", "edition", None)
    }
    unknown = [Entry("2999901", "购房补贴", 100, 2, several=True)]
    assert told(pair(unknown, other, lists(seed, 2023, 2024))) == {
        ("2999901", None, None, None),
        (None, "2210203", None, None),
    }


def test_codes_of_different_levels_are_never_one(seed: Seed) -> None:
    found = told(
        pair([entry("29999", "灯会")], [entry("2999901", "灯会")], lists(seed, 2023, 2024))
    )
    assert found == {("29999", None, None, None), (None, "2999901", None, None)}


def test_a_code_that_is_valid_later_is_followed_from_the_one_before() -> None:
    one = CodeList("functional 2023", {"2010308": "信访事务"})
    two = CodeList("functional 2024", {"2014004": "信访事务"})
    found = told(pair([entry("2010308", "信访事务")], [entry("2014004", "信访事务")], (one, two)))
    assert found == {("2010308", "2014004", "edition", None)}


def test_projects_are_followed_by_their_folded_names_within_one_office() -> None:
    base = [
        entry("d1.projects.1", "法律“援助”", group="a"),
        entry("d2.projects.1", "宣传", group="b"),
    ]
    other = [
        entry("d3.projects.9", "法律援助", group="a"),
        entry("d4.projects.1", "宣传", group="a"),
    ]
    assert told(pair(base, other, NO_LISTS)) == {
        ("d1.projects.1", "d3.projects.9", "name", None),
        ("d2.projects.1", None, None, None),
        (None, "d4.projects.1", None, None),
    }
    assert len(pair(base, other, NO_LISTS, follow=False)) == 4
    twice = [*base, entry("d1.projects.2", "法律援助", group="a")]
    assert ("d1.projects.1", None, None, "ambiguous_name") in told(pair(twice, other, NO_LISTS))


@pytest.mark.parametrize("follow", [True, False])
def test_lines_without_a_code_are_one_row(follow: bool) -> None:
    found = pair([entry(None)], [entry(None)], NO_LISTS, follow=follow)
    assert told(found) == {(None, None, None, None)}
    assert found[0].base == found[0].other == entry(None)
