"""How a run of a report's SQL ends when it does not end well. The messages are for the people whose SQL it is."""


class ReportError(Exception):
    """The statement did not bring its rows, and running it again as it is will not help."""


class StatementError(ReportError):
    """What Postgres says against it.

    :param line: in the SQL as people wrote it, from 1, as `column` is; None where the whole statement is meant.
    """

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        place = "" if line is None else f"line {line}, column {column}: "
        super().__init__(f"{place}{message}")
        self.message = message
        self.line = line
        self.column = column


class TimeOutError(ReportError):
    """It took too long."""


class TooMuchError(ReportError):
    """It brought too many rows or bytes."""
