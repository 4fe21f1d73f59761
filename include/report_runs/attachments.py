"""Files of a run as they are attached to a mail."""

from collections.abc import Sequence

from include.mail.outbox import Attachment
from include.outputs.content_types import CONTENT_TYPES
from include.report_runs.files import file_path
from include.report_runs.runs import File

# Mail servers take 10 MB at least, and a file grows by a third on its way.
MOST_BYTES = 5_000_000


def are_attached(files: Sequence[File]) -> bool:
    """Whether a mail can hold them all; else it links to the run's page."""
    return sum(file.byte_count for file in files) <= MOST_BYTES


def attachments(files: Sequence[File]) -> list[Attachment]:
    """:raises FileGoneError: one of them is no longer there."""
    return [Attachment(file.filename, CONTENT_TYPES[file.format], file_path(file).read_bytes()) for file in files]
