"""Aggregate queries over the leaf lines of one kind of table, in the dialect of Babbage."""
