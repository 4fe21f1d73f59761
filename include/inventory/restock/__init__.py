"""What runs short, what is to be ordered of it, who agrees, and what comes of it (docs/restock.md).

`demand`, `deliveries`, `outlook` and `shortages` are the rules, on plain values. `looking` is what a run of restock
does, `approval` and `ordering` what comes of the answer, `receiving` what comes of the order.
"""
