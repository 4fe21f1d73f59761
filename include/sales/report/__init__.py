"""The sales report: what a location and the whole chain sold on a business day or in a longer period.

`request` says what is asked for, `figures` and `reading` what gold knows of it, `table` turns it into rows for people,
`sheet` and `message` bring it to them, `run` does it all for one location or for the chain.
"""
