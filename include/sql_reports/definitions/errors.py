"""What can be wrong with a change to a report or a standing order, besides its fields."""


class NotFoundError(LookupError):
    """There is none, or no longer."""


class NameTakenError(ValueError):
    """Another one has the name."""


class VersionError(Exception):
    """Somebody else has changed it since.

    :param version: the one that it has now.
    """

    def __init__(self, message: str, version: int) -> None:
        super().__init__(message)
        self.version = version
