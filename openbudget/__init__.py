"""Published Chinese department budgets (部门预算) as data."""

__version__ = "0.1.0"
