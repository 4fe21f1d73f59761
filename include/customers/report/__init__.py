"""The customer and order report for people: one workbook, and the same as a Google Sheet (docs/customer-report.md)."""
