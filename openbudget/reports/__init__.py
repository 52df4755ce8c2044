"""Readable reports of a document for the terminal."""
