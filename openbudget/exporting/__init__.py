"""Bulk files: every list whole, in every format, with a description, in a folder of its own."""
