from io import BytesIO

from openpyxl import load_workbook

from include.outputs.long_sheet import LongSheet
from include.outputs.xlsx_cells import SheetColumn
from include.outputs.xlsx_file import Workbook


def test_what_a_sheet_does_not_hold_comes_on_the_next() -> None:
    content = BytesIO()
    with Workbook(content) as workbook:
        orders = LongSheet(workbook, "Orders", [SheetColumn("Number")], most_rows=2)
        workbook.add_sheet("Other", [])
        for number in range(5):
            orders.write_row([number])
        assert orders.row_count == 5
    found = load_workbook(content)
    assert found.sheetnames == ["Orders", "Other", "Orders 2", "Orders 3"]
    assert [[row[0] for row in found[name].values] for name in ("Orders", "Orders 2", "Orders 3")] == [
        ["Number", 0, 1],
        ["Number", 2, 3],
        ["Number", 4],
    ]
