"""The customer and order report: a partner's files taken in, KPIs, workbook, and who may have it."""
