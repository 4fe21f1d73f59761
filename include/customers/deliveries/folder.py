"""Where a partner's files lie: below `STOREKEEPER_PARTNER_FILES`, which web server, workers and triggerer share.

``incoming/`` is watched; ``received/<two digits>/<sha256>`` holds each content once. Other rooms keep theirs beside.
"""

import os
from pathlib import Path


class ContentGoneError(LookupError):
    """The content of a file is no longer there; the message says why."""


def partner_files_folder() -> Path:
    return Path(os.environ.get("STOREKEEPER_PARTNER_FILES") or "partner_files").resolve()


def incoming_folder() -> Path:
    """The folder that is watched; it is made where it is missing."""
    folder = partner_files_folder() / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
