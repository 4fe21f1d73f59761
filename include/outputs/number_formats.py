"""Excel's number formats for what our tables hold."""

from babel.numbers import get_currency_precision

DATE_FORMAT = "yyyy-mm-dd"
MONTH_FORMAT = "yyyy-mm"
DATETIME_FORMAT = "yyyy-mm-dd hh:mm:ss"
TIME_FORMAT = "hh:mm:ss"
SYMBOLS = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}


def money_format(currency: str) -> str:
    """For amounts in major units of a currency (ISO 4217)."""
    decimals = get_currency_precision(currency)
    digits = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    symbol = SYMBOLS.get(currency)
    return f'"{symbol}"{digits};-"{symbol}"{digits}' if symbol else f'{digits} "{currency}"'
