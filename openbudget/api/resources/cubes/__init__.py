"""`/v1/cubes`: aggregates, facts, members and trees of cubes, and the formats of aggregates."""
