"""Where the files of runs lie: below the folder ``STOREKEEPER_OUTPUTS``, which the web server and the workers share."""

from pathlib import Path

from include.outputs import drafts
from include.report_runs.runs import File


class FileGoneError(LookupError):
    """The file is no longer there; the message says why."""


def outputs_folder() -> Path:
    return drafts.outputs_folder().resolve()


def run_folder(run_id: int) -> Path:
    """The folder for a run's own files, there or not."""
    return outputs_folder() / "reports" / str(run_id)


def file_path(file: File) -> Path:
    """Where a file lies.

    :raises FileGoneError: its retention is over, or it is not where it was put.
    """
    if file.deleted_at:
        raise FileGoneError(f"{file.filename} was deleted on {file.deleted_at:%Y-%m-%d}: its retention was over")
    root = outputs_folder()
    path = (root / file.path).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise FileGoneError(f"{file.filename} is no longer in the outputs' folder")
    return path
