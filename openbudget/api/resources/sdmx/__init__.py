"""`/sdmx`: cubes as dataflows of SDMX, their data and their structures."""
