"""Runs of reports: what was asked for, what came of it, its files, and who was told. Any report of ours may use it."""

from include.report_runs.asking import ask
from include.report_runs.files import FileGoneError, file_path, run_folder
from include.report_runs.reading import files_of, find_run, get_file, get_run, list_runs, notifications_of
from include.report_runs.recording import Recording, add_file, begin, fail, finish, recorded, skip
from include.report_runs.resending import NothingToSendError, notify, resend
from include.report_runs.runs import File, NotFoundError, Notification, Run

__all__ = [
    "File",
    "FileGoneError",
    "NotFoundError",
    "NothingToSendError",
    "Notification",
    "Recording",
    "Run",
    "add_file",
    "ask",
    "begin",
    "fail",
    "file_path",
    "files_of",
    "find_run",
    "finish",
    "get_file",
    "get_run",
    "list_runs",
    "notifications_of",
    "notify",
    "recorded",
    "resend",
    "run_folder",
    "skip",
]
