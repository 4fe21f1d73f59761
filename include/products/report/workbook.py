"""The report as an XLSX file: the same tables and charts as the Google Sheet."""

from collections.abc import Sequence
from pathlib import Path

from include.outputs import xlsx_file
from include.outputs.xlsx_cells import SheetColumn
from include.products.report.tabs.table import Chart, Column, Kind, Table

CHART_WIDTH, CHART_HEIGHT = 560, 380
NAME_COLUMN_WIDTH = 34
FORMATS = {Kind.PERCENT: "0.0%"}


def write_workbook(filename: str, tables: Sequence[Table]) -> Path:
    """
    :param filename: below the folder `STOREKEEPER_OUTPUTS`.
    """
    with xlsx_file.open_workbook(filename) as workbook:
        for table in tables:
            columns = [_column(column) for column in table.columns]
            if table.is_first_column_wide:
                columns[0] = SheetColumn(table.columns[0].title, width=NAME_COLUMN_WIDTH)
            sheet = workbook.add_sheet(table.title, columns)
            for row in table.rows:
                sheet.write_row(row)
            for chart in table.charts:
                row_number, column_number = chart.anchor
                cell = sheet.cell(row_number, table.columns[column_number].title)
                workbook.add_chart(sheet, _chart(sheet, table, chart), cell, width=CHART_WIDTH, height=CHART_HEIGHT)
    return workbook.file


def _column(column: Column) -> SheetColumn:
    return SheetColumn(column.title, FORMATS.get(column.kind))


def _chart(sheet: xlsx_file.Sheet, table: Table, chart: Chart) -> xlsx_file.Chart:
    headings, end = chart.rows
    return xlsx_file.Chart(
        "column",
        chart.title,
        sheet,
        categories=table.columns[0].title,
        values=chart.series,
        first_row=headings + 1,
        last_row=end - 1,
    )
