"""Which text is the title of which table. The printed number is a hint, never the key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from openbudget.budget.folding import fold
from openbudget.budget.vocabulary import TableKind
from openbudget.errors import LayoutError
from openbudget.recognition.folding import fold_label
from openbudget.recognition.layout import AnyLayout
from openbudget.recognition.layout_files import load_layouts
from openbudget.recognition.words import load_words

_LONGEST = 90
_SHORTEST_NAME = 4


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """A recognised title: its kind, and the printed number in front of it if there is one."""

    kind: TableKind
    title: str
    number: str | None


class TitleIndex:
    """Looks texts up among the known titles."""

    def __init__(self, titles: Iterable[tuple[str, TableKind]]) -> None:
        """Index titles, each with its kind.

        Raises:
            LayoutError: one title, as it is compared, is given to two kinds.
        """
        self._kinds: dict[str, TableKind] = {}
        for title, kind in titles:
            if self._kinds.setdefault(fold_title(title), kind) is not kind:
                raise LayoutError(f"{title} is a title of {kind} and of another kind")
        # Titles and entries of contents lists are the same in thousands of documents.
        self._known = lru_cache(maxsize=4_096)(self._find)

    def match(self, text: str) -> TitleMatch | None:
        """Match a whole text against the titles, with and without a number in front.

        A unit of money behind the title says nothing, nor does the name of an office in front; an
        entry of a contents list (with leaders) is no title.
        """
        if "表" not in text:
            return None
        bare = text.strip()
        return None if len(bare) > _LONGEST or "\n" in bare else self._known(bare)

    def _find(self, text: str) -> TitleMatch | None:
        words = load_words()
        if words.leaders.search(text):
            return None
        bare = words.unit_behind.sub("", text)
        numbered = words.title_number.fullmatch(bare)
        number, name = (numbered["number"], numbered["name"]) if numbered else (None, bare)
        kind = self._kind(name)
        return TitleMatch(kind, text, number) if kind else None

    def _kind(self, name: str) -> TableKind | None:
        kind = self._kinds.get(fold_title(name))
        if kind is not None:
            return kind
        folded = fold_label(name)
        for owner, rest in _parted(folded):
            found = self._kinds.get(fold_title(rest))
            if found is not None and load_words().title_owner.fullmatch(owner):
                return found
        return None

    def is_title(self, text: str) -> bool:
        """Whether a whole text is a title."""
        return self.match(text) is not None


def _parted(folded: str) -> Iterable[tuple[str, str]]:
    """Part a text into what may be an owner and the rest, the longest rest first."""
    return ((folded[:at], folded[at:]) for at in range(2, len(folded) - _SHORTEST_NAME + 1))


@lru_cache(maxsize=65_536)
def fold_title(text: str) -> str:
    """Fold a title for comparison: without its year, whose it is, filling words and （续）."""
    words = load_words()
    bare = fold_label(words.title_continued.sub("", fold(text)))
    while (stripped := fold_label(words.title_scope.sub("", bare))) != bare:
        bare = stripped
    short = words.title_filler.sub("", bare)
    return short if len(short) >= _SHORTEST_NAME else bare


@cache
def title_index() -> TitleIndex:
    """Index the titles of the package's layouts."""
    layouts = load_layouts()
    known: list[AnyLayout] = [*layouts.tables, *layouts.forms]
    titles = [(title, layout.kind) for layout in known for title in layout.titles]
    return TitleIndex([*titles, *layouts.aliases.items()])
