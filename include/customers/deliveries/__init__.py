"""A partner's files: received, kept as they came, and loaded into silver day by day."""

from include.customers.deliveries.files import (
    PartnerFile,
    UnknownFileError,
    content_path,
    files_of,
    get_file,
    list_files,
    problems_of,
)
from include.customers.deliveries.folder import ContentGoneError, incoming_folder, partner_files_folder
from include.customers.deliveries.loading import Engine, Loaded, load
from include.customers.deliveries.receiving import TooLargeError, byte_limit, receive

__all__ = [
    "ContentGoneError",
    "Engine",
    "Loaded",
    "PartnerFile",
    "TooLargeError",
    "UnknownFileError",
    "byte_limit",
    "content_path",
    "files_of",
    "get_file",
    "incoming_folder",
    "list_files",
    "load",
    "partner_files_folder",
    "problems_of",
    "receive",
]
