"""Representations of a list other than JSON; they stream in constant memory."""
