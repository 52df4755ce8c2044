"""The closed vocabularies of the domain: one concept, one name."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """Whose budget a document is: 部门 (with its units) or 单位 (one unit)."""

    DEPARTMENT = "department"
    UNIT = "unit"


class Phase(StrEnum):
    """预算, 调整预算, 决算."""

    APPROVED = "approved"
    ADJUSTED = "adjusted"
    EXECUTED = "executed"


class Direction(StrEnum):
    """收入, 支出."""

    REVENUE = "revenue"
    EXPENDITURE = "expenditure"


class Role(StrEnum):
    """What part a money cell plays in the sums of its table.

    `of_which` (其中) repeats a part of a leaf beside it and is never summed.
    """

    LEAF = "leaf"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    OF_WHICH = "of_which"


class TableKind(StrEnum):
    """Every kind of budget table, by content; the printed number does not identify a table."""

    REVENUE_AND_EXPENDITURE = "revenue_and_expenditure"
    REVENUE = "revenue"
    EXPENDITURE = "expenditure"
    PROJECT_EXPENDITURE = "project_expenditure"
    FISCAL_APPROPRIATION = "fiscal_appropriation"
    GENERAL_PUBLIC_BUDGET_EXPENDITURE = "general_public_budget_expenditure"
    GENERAL_PUBLIC_BUDGET_BASIC_EXPENDITURE = "general_public_budget_basic_expenditure"
    GOVERNMENT_FUND_BUDGET_EXPENDITURE = "government_fund_budget_expenditure"
    STATE_CAPITAL_OPERATIONS_BUDGET_EXPENDITURE = "state_capital_operations_budget_expenditure"
    THREE_PUBLIC_EXPENSES = "three_public_expenses"
    GOVERNMENT_SERVICE_PROCUREMENT = "government_service_procurement"
    GOVERNMENT_PROCUREMENT = "government_procurement"
    TRANSFER_PAYMENTS = "transfer_payments"
    PROJECT_PERFORMANCE_TARGET = "project_performance_target"
    DEPARTMENT_PERFORMANCE_TARGET = "department_performance_target"


TABLE_TITLES = {
    TableKind.REVENUE_AND_EXPENDITURE: "收支总表",
    TableKind.REVENUE: "收入总表",
    TableKind.EXPENDITURE: "支出总表",
    TableKind.PROJECT_EXPENDITURE: "项目支出表",
    TableKind.FISCAL_APPROPRIATION: "财政拨款收支总表",
    TableKind.GENERAL_PUBLIC_BUDGET_EXPENDITURE: "一般公共预算财政拨款支出表",
    TableKind.GENERAL_PUBLIC_BUDGET_BASIC_EXPENDITURE: "一般公共预算财政拨款基本支出表",
    TableKind.GOVERNMENT_FUND_BUDGET_EXPENDITURE: "政府性基金预算财政拨款支出表",
    TableKind.STATE_CAPITAL_OPERATIONS_BUDGET_EXPENDITURE: "国有资本经营预算财政拨款支出表",
    TableKind.THREE_PUBLIC_EXPENSES: "“三公”经费支出表",
    TableKind.GOVERNMENT_SERVICE_PROCUREMENT: "政府购买服务预算表",
    TableKind.GOVERNMENT_PROCUREMENT: "政府采购预算表",
    TableKind.TRANSFER_PAYMENTS: "上级转移支付表",
    TableKind.PROJECT_PERFORMANCE_TARGET: "项目支出绩效目标表",
    TableKind.DEPARTMENT_PERFORMANCE_TARGET: "部门整体支出绩效目标表",
}
"""The usual Chinese title of each kind of table; places and years print others."""


class ExpenditureType(StrEnum):
    """基本支出, 项目支出; under 基本: 人员经费, 公用经费."""

    BASIC = "basic"
    PROJECT = "project"
    PERSONNEL = "personnel"
    OPERATING = "operating"


EXPENDITURE_TYPES_UNDER = {
    ExpenditureType.BASIC: (
        ExpenditureType.BASIC,
        ExpenditureType.PERSONNEL,
        ExpenditureType.OPERATING,
    ),
    ExpenditureType.PROJECT: (ExpenditureType.PROJECT,),
    ExpenditureType.PERSONNEL: (ExpenditureType.PERSONNEL,),
    ExpenditureType.OPERATING: (ExpenditureType.OPERATING,),
}


class FundingSource(StrEnum):
    """资金来源: the budgets of 财政拨款, and the income of the unit itself."""

    FISCAL_APPROPRIATION = "fiscal_appropriation"
    GENERAL_PUBLIC_BUDGET = "general_public_budget"
    GOVERNMENT_FUND_BUDGET = "government_fund_budget"
    STATE_CAPITAL_OPERATIONS_BUDGET = "state_capital_operations_budget"
    SPECIAL_FISCAL_ACCOUNT_FUNDS = "special_fiscal_account_funds"
    PUBLIC_SERVICE_REVENUE = "public_service_revenue"
    BUSINESS_OPERATION_REVENUE = "business_operation_revenue"
    SUPERIOR_SUBSIDY_REVENUE = "superior_subsidy_revenue"
    SUBORDINATE_REMITTANCE_REVENUE = "subordinate_remittance_revenue"
    OTHER_REVENUE = "other_revenue"
    UNIT_FUNDS = "unit_funds"
    TRANSFER_PAYMENT = "transfer_payment"


class Carryover(StrEnum):
    """上年结转结余, 年终结转结余."""

    OPENING = "opening"
    CLOSING = "closing"


class CodeSource(StrEnum):
    """Whether a code stands in the cell, or was found by the exact printed name."""

    PRINTED = "printed"
    NAME = "name"


class Scheme(StrEnum):
    """The classifications a line can carry a code of."""

    FUNCTIONAL = "functional"
    GOVERNMENT_ECONOMIC = "government-economic"
    DEPARTMENT_ECONOMIC = "department-economic"
    REVENUE = "revenue"


COORDINATE_SCHEMES = {
    "function": Scheme.FUNCTIONAL,
    "government_economic": Scheme.GOVERNMENT_ECONOMIC,
    "department_economic": Scheme.DEPARTMENT_ECONOMIC,
    "revenue": Scheme.REVENUE,
}
"""Which scheme the codes of each coordinate of a line belong to."""
