"""The words of a report in Chinese and in English.

They state facts of a document and accuse nobody; a test holds them to that. In Chinese `error` is
矛盾, "the two contradict each other", and not 错误, which would say that somebody erred.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Literal

from openbudget.blocks import Anchor
from openbudget.budget.finding import Family, Message, OperandRole, Severity
from openbudget.budget.money import format_yuan

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
TAGS: Mapping[Lang, str] = {"zh": "zh-Hans", "en": "en"}
"""What HTML calls the languages."""

SEVERITIES: Mapping[Severity, Message] = {
    Severity.ERROR: Message("矛盾", "error"),
    Severity.WARNING: Message("存疑", "warning"),
    Severity.INFO: Message("提示", "info"),
}
SEVERITY_MEANINGS: Mapping[Severity, Message] = {
    Severity.ERROR: Message(
        "文件中所印的两处内容不可能同时成立", "two printed figures cannot both be right"
    ),
    Severity.WARNING: Message("所印内容很可能需要核对", "what is printed is probably not right"),
    Severity.INFO: Message("值得知道", "worth knowing"),
}
FAMILIES: Mapping[Family, Message] = {
    Family.ROW: Message("一行之内", "within a row"),
    Family.COLUMN: Message("一列之内", "within a column"),
    Family.TABLE: Message("表与表之间", "one table against another"),
    Family.NARRATIVE: Message("文字与表格", "text against tables"),
    Family.UNIT: Message("计量单位", "units"),
    Family.YEAR: Message("年份", "years"),
    Family.MISSING: Message("缺少的内容", "what is missing"),
    Family.TEMPLATE: Message("留下的模板文字", "text of the blank form"),
    Family.CODE: Message("代码", "codes"),
    Family.CLASSIFICATION: Message("分类", "classification"),
    Family.TARGET: Message("绩效目标", "performance targets"),
    Family.NAME: Message("名称", "names"),
}
ROLES: Mapping[OperandRole, Message] = {
    OperandRole.SUBJECT: Message("所述", "subject"),
    OperandRole.COUNTERPART: Message("对照", "counterpart"),
    OperandRole.EVIDENCE: Message("佐证", "evidence"),
}
MARKS: Mapping[str, Message] = {
    **{role.value: name for role, name in ROLES.items()},
    "part": Message("组成", "part"),
    "explanation": Message("或可解释", "may explain"),
}
"""What a cell is to a finding: the role of an operand, a part of its sum, or an explanation."""

_ANCHOR: Mapping[str, Message] = {
    "line": Message("文件第{}行", "line {} of the file"),
    "page": Message("第{}页", "page {}"),
    "sheet": Message("工作表“{}”", "sheet “{}”"),
    "address": Message("单元格{}", "cell {}"),
    "block": Message("第{}块", "block {}"),
}

TEXTS: Mapping[str, Message] = {
    "title": Message("核对报告", "Check report"),
    "document": Message("文件", "Document"),
    "counts": Message("结果", "Result"),
    "none": Message("没有发现不一致之处。", "Nothing was found that does not agree."),
    "rules": Message("规则", "Rules"),
    "applied": Message("已核对", "applied"),
    "passed": Message("相符", "passed"),
    "failed": Message("不符", "failed"),
    "not_applicable": Message("不适用", "not applicable"),
    "same_difference": Message("同一差额 {}", "The same difference {}"),
    "difference": Message("差额", "difference"),
    "difference_meaning": Message(
        "差额是所印数减去按其他数字算得的数。",
        "A difference is the printed figure less what the other figures give.",
    ),
    "within_rounding": Message("不超过四舍五入所能造成的差额", "no more than rounding can make"),
    "explanations": Message("可能的解释（不等于原因）", "what would explain it (not its cause)"),
    "sum_of": Message("{}个数字之和", "sum of {} figures"),
    "no_figure": Message("未印内容", "nothing printed"),
    "in_other": Message("另一文件 {}", "in another document, {}"),
    "row": Message("第{}行", "row {}"),
    "rows": Message("第{}行", "rows {}"),
    "column": Message("第{}列", "column {}"),
    "columns": Message("第{}列", "columns {}"),
    "bracketed": Message("{}（{}）", "{} ({})"),
    "rule": Message("规则", "rule"),
    "family": Message("类别", "family"),
    "severity": Message("程度", "severity"),
    "findings": Message("发现", "Findings"),
    "see": Message("见发现 {}", "see {}"),
    "reasons": Message("不适用的规则及原因", "Rules that do not apply, and why"),
    "reason": Message("原因", "reason"),
    "unread": Message("未能读取的文件", "Files that could not be read"),
    "figures": Message("相关数字", "Figures"),
    "role": Message("角色", "role"),
    "what": Message("内容", "what it is"),
    "printed": Message("所印", "as printed"),
    "yuan": Message("元", "yuan"),
    "in_yuan": Message("折合元", "in yuan"),
    "meaning": Message("含义", "meaning"),
    "row_head": Message("行", "row"),
    "unit": Message("单位：{}", "unit {}"),
    "where": Message("位置", "where"),
    "excerpt": Message("摘自{}", "From {}"),
    "left_out": Message("此处略去{}行", "{} rows are left out here"),
    "one_left_out": Message("此处略去{}行", "{} row is left out here"),
    "withheld": Message("［不公开］", "[withheld]"),
    "marks": Message("单元格标记", "Marks of cells"),
    "marks_note": Message(
        "表格为原文件的摘录；每个标记都写在单元格内，并以颜色和边线区分。",
        "Tables are excerpts of the published ones; a marked cell says what it is to the finding, "
        "in words, and by colour and border.",
    ),
    "contents": Message("目录", "Contents"),
    "to_contents": Message("回到目录", "back to the contents"),
    "clusters": Message("同一差额出现在多处", "Differences that occur more than once"),
    "about": Message(
        "发现是所公布文件自身的事实：其中所印的内容互不一致。本报告不说明原因，也不评价任何人。"
        "金额精确到分；“所印”一栏与原文件完全一致。",
        "A finding is a fact about the published document: things printed in it do not agree. "
        "The report says neither why nor by whose doing. Amounts are exact; figures under "
        "“as printed” are just as published.",
    ),
}
"""Every other text; ``{}`` takes what the text is of."""


def spoken(message: Message, lang: Lang) -> str:
    """Give a text in one language."""
    return message.zh if lang == "zh" else message.en


def say(key: str, lang: Lang, *values: object) -> str:
    """Give a text of `TEXTS` with what it is of filled in."""
    return spoken(TEXTS[key], lang).format(*values)


def money(fen: int, lang: Lang) -> str:
    """Write an amount in yuan to the fen, with commas: ``10,092,863.96 元``."""
    return f"{_with_commas(format_yuan(fen))} {say('yuan', lang)}"


def cluster_name(cluster: str, lang: Lang) -> str:
    """Write the difference that names a cluster."""
    try:
        number = Decimal(cluster)
    except InvalidOperation:
        return cluster
    return f"{_with_commas(format(number, 'f'))} {say('yuan', lang)}"


def _with_commas(number: str) -> str:
    return f"{Decimal(number):,f}"


def anchor_words(anchor: Anchor, lang: Lang) -> str:
    """Say where something stands in its file, in the terms of its format."""
    found = ((text, getattr(anchor, key)) for key, text in _ANCHOR.items())
    return join((spoken(text, lang).format(v) for text, v in found if v is not None), lang)


def join(texts: Iterable[str], lang: Lang) -> str:
    """Join texts as the language lists them."""
    return ("，" if lang == "zh" else ", ").join(texts)
