"""Bytes to blocks. Knows file formats, knows no budget."""
