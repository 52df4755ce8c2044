"""Which text is the title of which table. The printed number is a hint, never the key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from openbudget.budget.vocabulary import TableKind
from openbudget.recognition.folding import fold_label
from openbudget.recognition.layout import AnyLayout
from openbudget.recognition.layout_files import load_layouts
from openbudget.recognition.words import load_words


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """A recognised title: its kind, and the printed number in front of it if there is one."""

    kind: TableKind
    title: str
    number: str | None


class TitleIndex:
    """Looks texts up among the known titles."""

    def __init__(self, layouts: Iterable[AnyLayout]) -> None:
        """Index every alias of every layout."""
        self._kinds: Mapping[str, TableKind] = {
            fold_label(title): layout.kind for layout in layouts for title in layout.titles
        }

    def match(self, text: str) -> TitleMatch | None:
        """Match a whole text against the titles, with and without a number in front."""
        if "\n" in text.strip():
            return None
        numbered = load_words().title_number.fullmatch(text)
        number, name = (numbered["number"], numbered["name"]) if numbered else (None, text)
        kind = self._kinds.get(fold_label(name))
        return TitleMatch(kind, text.strip(), number) if kind else None

    def is_title(self, text: str) -> bool:
        """Whether a whole text is a title."""
        return self.match(text) is not None


@cache
def title_index() -> TitleIndex:
    """Index the titles of the package's layouts."""
    layouts = load_layouts()
    return TitleIndex([*layouts.tables, *layouts.forms])
