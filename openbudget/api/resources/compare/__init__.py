"""`/v1/compare`: what is asked, what must be chosen, what is compared, and how it is written."""
