"""People's SQL: what it may be, and running it without harm."""
