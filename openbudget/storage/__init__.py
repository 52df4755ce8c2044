"""The database: models, reading, writing."""
