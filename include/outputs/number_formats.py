"""Excel's number formats for what our tables hold."""

DATE_FORMAT = "yyyy-mm-dd"
DATETIME_FORMAT = "yyyy-mm-dd hh:mm:ss"
TIME_FORMAT = "hh:mm:ss"
WITHOUT_CENTS = {"CLP", "ISK", "JPY", "KRW", "VND"}
SYMBOLS = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}


def money_format(currency: str) -> str:
    """For amounts in major units of a currency (ISO 4217)."""
    digits = "#,##0" if currency in WITHOUT_CENTS else "#,##0.00"
    symbol = SYMBOLS.get(currency)
    return f'"{symbol}"{digits};-"{symbol}"{digits}' if symbol else f'{digits} "{currency}"'
