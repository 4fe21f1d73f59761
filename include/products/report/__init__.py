"""The products sold report: what each product sold over a period, where, and how that compares.

`periods` and `request` say what is asked for, `figures` and `reading` what gold knows of it, `report` sets it side by
side (`bands`, `menu`: price bands, menu engineering), `tables` turns it into tabs for people, `sheet`, `workbook` and
`message` bring it to them, `run` does it all.
"""
