"""Use, cost, revenue and profit over a long time: by what, in which periods, and where.

`request` says what is asked for, `reading` asks the views of the schema reporting, `chart` picks what one picture can
show, `run` brings it to people.
"""
