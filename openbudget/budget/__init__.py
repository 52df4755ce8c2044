"""The domain: frozen dataclasses of budgets, without any third-party package."""
