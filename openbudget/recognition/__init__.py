"""Blocks to a `BudgetDocument`. What a layout looks like is data in `layouts/`."""
