"""A run of a report: its rows into files, past its rules, and to the people who get them."""
