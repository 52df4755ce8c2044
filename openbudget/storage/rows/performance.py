"""The rows of performance targets and indicators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openbudget.budget.document import BudgetDocument
from openbudget.budget.performance import (
    PerformanceIndicator,
    PerformanceTarget,
    Quantity,
    TargetAmount,
)
from openbudget.storage.rows.parts import Values, amount_of, place_of, printed_of, text_of
from openbudget.storage.rows.projects import match_of


def target_values(target: PerformanceTarget) -> Values:
    """Give the row of a target."""
    return {
        "id": f"performance-targets.{target.number}",
        "kind": target.kind,
        "table_key": target.table,
        "name": text_of(target.name),
        "name_place": place_of(target.name.place) if target.name else None,
        "year_text": text_of(target.year_text),
        "objectives": [
            {"period": o.period, "text": o.text, "place": place_of(o.place)}
            for o in target.objectives
        ],
        "amounts": [_target_amount(amount) for amount in target.amounts],
        "attributes": {key: printed_of(text) for key, text in target.attributes},
        "withheld": list(target.withheld),
        "project": f"projects.{target.match.project}" if target.match else None,
        "match": match_of(target),
        "indicator_count": len(target.indicators),
    }


def _target_amount(amount: TargetAmount) -> Values:
    known = {"item": amount.item, "period": amount.period, "label": amount.label}
    return {**known, **amount_of(amount.amount), "place": place_of(amount.place)}


def indicator_values(document: BudgetDocument) -> Iterator[Values]:
    """Give the rows of all indicators."""
    for target in document.targets:
        for indicator in target.indicators:
            yield _indicator(target, indicator)


def _indicator(target: PerformanceTarget, indicator: PerformanceIndicator) -> Values:
    own = f"performance-targets.{target.number}"
    return {
        "id": f"{own}.indicators.{indicator.number}",
        "target": own,
        "kind": target.kind,
        "table_key": target.table,
        "number": indicator.number,
        "term": indicator.term,
        "level_1": indicator.level_1,
        "level_2": indicator.level_2,
        "level_3": indicator.level_3,
        "label": indicator.label,
        "activity": indicator.activity,
        "value": indicator.value,
        "printed_unit": indicator.printed_unit,
        "quantities": [_quantity(quantity) for quantity in indicator.quantities],
        "place": place_of(indicator.place),
    }


def _quantity(quantity: Quantity) -> Mapping[str, str | None]:
    """Write a quantity; its value stays a decimal text, since JSON in SQL has binary floats."""
    return {
        "comparator": quantity.comparator,
        "value": format(quantity.value, "f"),
        "unit": quantity.unit,
        "subject": quantity.subject,
        "period": quantity.period,
    }
