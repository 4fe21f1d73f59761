"""A partner's files: received, kept as they came, and loaded into silver day by day.

`receiving` keeps an upload, `incoming` what lies in the watched folder; `taking_in` settles what was received
(`settling`, `loading`, `quarantine`); `files` and `days` are for pages; `retention` ends it.
"""

from include.customers.deliveries.days import DayFile, DeliveryDay, due_at, list_days
from include.customers.deliveries.files import (
    PartnerFile,
    UnknownFileError,
    content_path,
    files_of,
    get_file,
    list_files,
    loaded_file,
    open_content,
    problems_of,
)
from include.customers.deliveries.folder import ContentGoneError, incoming_folder, partner_files_folder
from include.customers.deliveries.incoming import default_delivery_date, receive_folder
from include.customers.deliveries.links import day_url, partner_url
from include.customers.deliveries.loading import Engine, Loaded, load
from include.customers.deliveries.receiving import TooLargeError, byte_limit, receive
from include.customers.deliveries.taking_in import take_in

__all__ = [
    "ContentGoneError",
    "DayFile",
    "DeliveryDay",
    "Engine",
    "Loaded",
    "PartnerFile",
    "TooLargeError",
    "UnknownFileError",
    "byte_limit",
    "content_path",
    "day_url",
    "default_delivery_date",
    "due_at",
    "files_of",
    "get_file",
    "incoming_folder",
    "list_days",
    "list_files",
    "load",
    "loaded_file",
    "open_content",
    "partner_files_folder",
    "partner_url",
    "problems_of",
    "receive",
    "receive_folder",
    "take_in",
]
