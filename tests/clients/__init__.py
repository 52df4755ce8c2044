"""Clients that generators make from the committed OpenAPI document call every operation."""
