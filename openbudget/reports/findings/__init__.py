"""What the checks say of documents: for a terminal, as a page, as JSON; and the rules themselves.

Nothing here checks anything: every function takes a `CheckReport`.
"""
