"""The pipeline from a file to the database."""
