import codecs
from pathlib import Path

import pytest

from include.customers.intake import QuarantineError, open_file
from tests.include.customers.intake.partners import CUSTOMERS, partner, put, read

NAME = "Zoë Ångström 王"
CSV = f"{CUSTOMERS}7,{NAME},,Süd\n"
XML = f"<customers><customer><customer_id>7</customer_id><customer_name>{NAME}</customer_name></customer></customers>"


@pytest.mark.parametrize("text", [CSV, XML, f'<?xml version="1.0" encoding="UTF-8"?>{XML}'])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_unicode_is_read_with_and_without_a_byte_order_mark(
    tmp_path: Path, text: str, mark: bytes, encoding: str
) -> None:
    intake, rows = read(put(tmp_path, mark + text.encode(encoding)), "customers")
    assert rows[0][:3] == (1, "7", NAME)
    assert intake.columns["renamed"] == {}
    assert intake.encoding in {"utf-8", "utf-8-sig", "utf-16"}


def test_bytes_of_another_encoding_are_quarantined_with_their_line_and_the_remedy(tmp_path: Path) -> None:
    file = put(tmp_path, f"{CUSTOMERS}6,Ann,,North\n7,Zoë,,South\n", "windows-1252")
    with pytest.raises(QuarantineError, match=r"Line 3 .* not utf-8.*partner.yaml"):
        open_file(file, "customers", partner())


def test_another_encoding_is_read_where_partner_yaml_says_so(tmp_path: Path) -> None:
    file = put(tmp_path, f"{CUSTOMERS}7,Zoë €,,South\n", "windows-1252")
    intake, rows = read(file, "customers", partner(encoding="windows-1252"))
    assert (intake.encoding, rows[0][2]) == ("windows-1252", "Zoë €")


def test_what_an_xml_declares_is_obeyed(tmp_path: Path) -> None:
    body = "<c><x><customer_id>7</customer_id><customer_name>Zoë</customer_name></x></c>"
    file = put(tmp_path, f"<?xml version='1.0' encoding='ISO-8859-1'?>{body}", "iso-8859-1")
    intake, rows = read(file, "customers", partner(encoding="utf-8"))
    assert (intake.encoding, rows[0][2]) == ("iso8859-1", "Zoë")


@pytest.mark.parametrize("declared", ["UTF-16", "x-unheard-of", "utf-7", "base64", "unicode_escape", "idna"])
def test_an_encoding_that_cannot_be_is_quarantined(tmp_path: Path, declared: str) -> None:
    with pytest.raises(QuarantineError, match="declares"):
        open_file(put(tmp_path, f'<?xml version="1.0" encoding="{declared}"?>{XML}'), "customers", partner())


@pytest.mark.parametrize(
    "content",
    [
        f"{CUSTOMERS}6,A,,\n7,A\0n,,\n".encode(),
        CSV.encode("utf-16-le"),
        XML.encode("utf-16-be"),
        b"<c><x><customer_id>7\0</customer_id></x></c>",
    ],
)
def test_nul_is_quarantined(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(QuarantineError, match="NUL"):
        open_file(put(tmp_path, content), "customers", partner())


def test_half_a_character_at_the_end_is_noticed(tmp_path: Path) -> None:
    for content in (CSV.encode()[:-3], CSV.encode("utf-16")[:-1]):
        with pytest.raises(QuarantineError, match="bytes that are not"):
            open_file(put(tmp_path, content), "customers", partner())
