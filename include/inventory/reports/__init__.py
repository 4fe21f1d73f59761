"""What stock did on a business day and over a long time: logs for people to look things up in, a daily mail, analysis.

`logs` are the files and tabs of a day, `figures` and `reading` what the mail tells, `message` the mail, `run` does it
all for one location or for the chain. `analysis/` answers by day, week, month, quarter or year.
"""
