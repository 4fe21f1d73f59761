"""The two rights to a partner's files and reports, by the names that Airflow has for them, and the roles with them.

Imports nothing of Airflow's: what makes the roles (stack.prepare) and what asks for the rights both read it.
docs/decisions/0108-two-rights-of-our-own.md
"""

from typing import Final

# FAB's action on each of our resources; the auth managers know it as the method POST.
ACTION: Final = "can_create"
METHOD: Final = "POST"
# Putting a partner's files in.
FILES: Final = "Partner Files"
# Approving, rejecting and downloading the workbooks made of them.
REPORTS: Final = "Partner Reports"

UPLOAD_ROLE: Final = "Partner Upload"
EXPORT_ROLE: Final = "Partner Export"
# (action, resource) of each role, which one has beside another such as Viewer. Airflow shows our entries in its
# navigation only to those who may see its plugins.
ROLES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    UPLOAD_ROLE: ((ACTION, FILES), ("can_read", "Plugins")),
    EXPORT_ROLE: ((ACTION, REPORTS), ("can_read", "Plugins")),
}
