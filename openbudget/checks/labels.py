"""What messages call a figure: 《预算03表 支出预算总表》合计“基本支出”, and the same in English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

from openbudget.budget.claim import Claim
from openbudget.budget.finding import Message
from openbudget.budget.money import FEN_PER_UNIT, format_yuan
from openbudget.budget.performance import PerformanceTarget, TargetAmount
from openbudget.budget.table import BudgetLine, BudgetTable, CodedLabel
from openbudget.budget.vocabulary import Role
from openbudget.yaml_files import load_yaml

_CODES = ("department_economic", "government_economic", "function", "revenue")
_INNER_QUOTES = str.maketrans("“”", "‘’")
_SHORT_SENTENCE = 24
_IN = " in the "
_TOTAL = "合计"


@cache
def load_labels() -> Mapping[str, Any]:
    """Read how tables, columns and rows are named."""
    source = resources.files("openbudget.checks") / "labels.yaml"
    found: Mapping[str, Any] = load_yaml(source.read_bytes())
    return found


def table_label(table: BudgetTable) -> Message:
    """Name a table: its printed title; in English its kind."""
    title = " ".join(table.title.split())
    return Message(f"《{title}》", f"{load_labels()['tables'][table.kind.value]} ({title})")


def table_of(label: Message) -> Message:
    """Give the name of the table in the name of one of its figures."""
    title, end, _ = label.zh.partition("》")
    before, mark, _ = label.en.partition(f" ({title.removeprefix('《')})")
    en = f"{before.rpartition(' in ')[2]}{mark}" if mark else label.en
    return Message(f"{title}{end}", en)


def line_label(table: BudgetTable, line: BudgetLine) -> Message:
    """Name one cell: table, row and column."""
    name, row = table_label(table), row_label(table, line)
    column = column_label(table, line.column)
    if line.item is not None and _is_only_column(table, line):
        return Message(f"{name.zh}{row.zh}", f"{row.en} in {name.en}")
    return Message(f"{name.zh}{row.zh}的“{column.zh}”", f"{row.en} ({column.en}) in {name.en}")


def _is_only_column(table: BudgetTable, line: BudgetLine) -> bool:
    """Whether a list of items has one column of amounts, so that the item alone says which."""
    direction = ("direction", line.direction.value) if line.direction else None
    columns = [c for c in table.columns if c.role == "amount"]
    return sum(direction is None or direction in column.coordinates for column in columns) == 1


def row_label(table: BudgetTable, line: BudgetLine) -> Message:
    """Name a row: its item, 合计, its project, or its most detailed code with its name."""
    if line.item is not None:
        text = "".join(line.item.text.split())
        return Message(f"“{text}”", f"“{text}”")
    if line.role is Role.TOTAL:
        if (name := _name_of_total(table, line)) is not None:
            return Message(f"“{name}”", f"“{name}”")
        total = load_labels()["rows"]["total"]
        return Message(f"{total['zh']}行", f"the {total['en']} row")
    if (project := _project_name(table, line)) is not None:
        return Message(f"“{project}”", f"“{project}”")
    for name in _CODES:
        coded = getattr(line, name)
        if coded is not None:
            text = coded_label(coded)
            return Message(f"“{text}”", f"“{text}”")
    row = load_labels()["rows"]["row"]
    return Message(row["zh"].format(n=line.ordinal), row["en"].format(n=line.ordinal))


def _name_of_total(table: BudgetTable, line: BudgetLine) -> str | None:
    """Give the name in front of a total that is of a part of the table: 人员经费合计."""
    keys = [column.key for column in table.columns]
    own = keys.index(line.column) if line.column in keys else 0
    texts = {
        keys.index(cell.column_key): "".join((cell.text or "").split())
        for row in table.rows
        if row.ordinal == line.ordinal
        for cell in row.cells
        if cell.column_key in keys
    }
    before = (texts[n] for n in range(own - 1, -1, -1) if texts.get(n))
    name = next(before, "")
    return name if name.endswith(_TOTAL) and name != _TOTAL else None


def _project_name(table: BudgetTable, line: BudgetLine) -> str | None:
    keys = {column.key for column in table.columns if column.role == "project"}
    if not keys:
        return None
    cells = (cell for row in table.rows if row.ordinal == line.ordinal for cell in row.cells)
    texts = (cell.text for cell in cells if cell.column_key in keys and cell.text)
    return next(("".join(text.split()) for text in texts), None)


def coded_label(coded: CodedLabel) -> str:
    """Write a code with its name: ``2040601 行政运行``."""
    name = "".join((coded.label or "").split())
    return " ".join(part for part in (coded.code, name) if part) or coded.printed


def column_label(table: BudgetTable, key: str) -> Message:
    """Name a column: its lowest printed heading, and its meaning in English."""
    column = next((column for column in table.columns if column.key == key), None)
    headings = ["".join(text.split()) for text in column.heading] if column else []
    lowest = "·".join(list(dict.fromkeys(text for text in headings if text))[-2:])
    return Message(lowest, load_labels()["columns"].get(key, key.replace("_", " ")))


def sum_label(table: BudgetTable, column: str, lines: Sequence[BudgetLine]) -> Message:
    """Name the sum of some rows of a column."""
    name, heading = table_label(table), column_label(table, column)
    return Message(
        f"{name.zh}“{heading.zh}”{len(lines)}项之和",
        f"the sum of {len(lines)} rows of {heading.en} in {name.en}",
    )


def rows_label(count: int) -> Message:
    """Name the sum of some rows of the column that is spoken of."""
    return Message(f"该列{count}行之和", f"the sum of {count} rows of that column")


def parts_label(table: BudgetTable, lines: Sequence[BudgetLine]) -> Message:
    """Name the sum of some columns of the row that is spoken of."""
    headings = [column_label(table, line.column) for line in lines]
    return Message(
        f"同一行的{'＋'.join(f'“{heading.zh}”' for heading in headings)}",
        f"{' + '.join(heading.en for heading in headings)} of the same row",
    )


def listed(labels: Sequence[Message], more: int = 0) -> Message:
    """List names, and say how many more there are; the table that several stand in is said once."""
    zh = [own.zh for own in labels]
    en = [own.en for own in labels]
    for n, (one, other) in enumerate(pairwise(labels)):
        where, _, _ = one.zh.partition("“")
        if where and other.zh.startswith(f"{where}“"):
            zh[n + 1] = other.zh.removeprefix(where)
        _, mark, place = one.en.rpartition(_IN)
        if mark and other.en.endswith(f"{mark}{place}"):
            en[n] = one.en.removesuffix(f"{mark}{place}")
    last = f"{more} more" if more else en.pop()
    return Message(
        "、".join(zh) + (f"等{len(labels) + more}处" if more else ""),
        f"{', '.join(en)} and {last}" if en else last,
    )


def added(labels: Sequence[Message]) -> Message:
    """Name a sum of amounts of one form, or of the narrative, which is said once."""
    form, _, _ = labels[0].zh.partition("“")
    zh = "＋".join(own.zh.removeprefix(form) for own in labels)
    _, _, where = labels[0].en.rpartition("” in ")
    en = " + ".join(own.en.removesuffix(f" in {where}") for own in labels)
    return Message(f"{form}{zh}", f"{en} in {where}")


def claim_label(claim: Claim) -> Message:
    """Name a figure of the narrative by the words in front of it."""
    words = claim.label or claim.sentence[:_SHORT_SENTENCE]
    if words.count("“") != words.count("”"):
        words = words.strip("“”")
    year = f"{claim.fiscal_year}年" if claim.fiscal_year else ""
    name = words if year and words.startswith(year) else f"{year}{words}"
    name = name.translate(_INNER_QUOTES)
    about = load_labels()["claims"].get(claim.kind.value, {"zh": "{name}", "en": "{name}"})
    zh, en = (about[language].format(name=f"“{name}”") for language in ("zh", "en"))
    return Message(f"文字说明中{zh}", f"{en} in the narrative")


def target_label(target: PerformanceTarget, money: TargetAmount) -> Message:
    """Name an amount of a performance form."""
    form = load_labels()["tables"][f"{target.kind}_performance_target"]
    zh = "项目绩效目标" if target.kind == "project" else "整体绩效目标"
    label = money.label.strip().rstrip("：:")
    return Message(f"{zh}表“{label}”", f"“{label}” in {form}")


def money_text(fen: int, unit: str | None, places: int = 0) -> str:
    """Write an amount in a unit, exactly and with so many places at least: ``314.670558 万元``."""
    per_unit = FEN_PER_UNIT.get(unit or "", FEN_PER_UNIT["元"])
    whole, rest = divmod(abs(fen), per_unit)
    digits = len(str(per_unit)) - 1
    fraction = f"{rest:0{digits}d}".rstrip("0").ljust(min(places, digits), "0")
    shown = f"{whole:,}{'.' + fraction if fraction else ''}"
    return f"{'-' if fen < 0 else ''}{shown} {unit or '元'}"


def yuan_text(fen: int) -> str:
    """Write an amount in yuan for an English sentence: ``3,146,705.58 yuan``."""
    sign = "-" if fen < 0 else ""
    whole, _, fraction = format_yuan(abs(fen)).partition(".")
    return f"{sign}{int(whole):,}.{fraction} yuan"
