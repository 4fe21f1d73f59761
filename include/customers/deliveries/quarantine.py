"""Files that are not taken in: why, and who is told."""

from typing import Any

import psycopg
from psycopg.types.json import Json

from include.config.partner import Partner
from include.customers.deliveries.files import PartnerFile, loaded_file
from include.customers.deliveries.links import day_url, partner_url
from include.customers.deliveries.loading import PROBLEM_COLUMNS
from include.customers.intake import Intake
from include.mail.outbox import enqueue
from include.mail.render import day as spelled
from include.mail.render import render, time_at
from include.warehouse.copying import copy_rows


def quarantine(
    connection: psycopg.Connection,
    partner: Partner,
    file: PartnerFile,
    reason: str,
    intake: Intake | None,
    columns: dict[str, Any] | None = None,
) -> None:
    """Writes why a file is not taken in, with the problems found until then, and the mail that tells of it.

    :param reason: for people, without values of rows.
    :param intake: None when it was not opened.
    """
    connection.execute(
        """
        UPDATE partner.file
        SET state = 'quarantined', settled_at = now(), reason = %(reason)s, columns = %(columns)s, format = %(format)s,
            encoding = %(encoding)s, row_count = %(row_count)s, taken_count = 0, rejected_count = %(rejected_count)s,
            problem_counts = %(problem_counts)s
        WHERE file_id = %(file_id)s
        """,
        {
            "file_id": file.file_id,
            "reason": reason,
            "columns": Json(columns or (intake.columns if intake else {})),
            "format": intake.format if intake else None,
            "encoding": intake.encoding if intake else None,
            "row_count": intake.row_count if intake else None,
            "rejected_count": intake.rejected_count if intake else None,
            "problem_counts": Json(intake.problem_counts if intake else []),
        },
    )
    if intake:
        problems = ((file.file_id, *problem) for problem in intake.problems)
        copy_rows(connection, "partner.file_problem", problems, PROBLEM_COLUMNS)
    _tell(connection, partner, file, reason)


def _tell(connection: psycopg.Connection, partner: Partner, file: PartnerFile, reason: str) -> None:
    if not partner.recipients:
        return
    day = file.delivery_date
    held = loaded_file(connection, file.kind, day) if file.kind and day else None
    came_by = "the watched folder" if file.came_by == "folder" else file.received_by
    mail = render(
        "partner_file_quarantined",
        partner=partner.name,
        file=file,
        reason=reason,
        facts=[
            ("Received", f"{time_at(file.received_at, partner.timezone)}, from {came_by}"),
            ("Holds", file.kind or "not known"),
            ("Of", spelled(day) if day else "not known"),
        ],
        consequence=(
            f"{held.filename}, which was loaded before, holds on for that day."
            if held
            else "Until a file that can be read comes, the day has no such records."
        ),
        url=day_url(day) if day else partner_url(),
    )
    enqueue(
        connection,
        dedupe_key=f"partner-file-quarantined/{file.file_id}",
        recipients=partner.recipients,
        subject=f"Not taken in: {file.filename} of {partner.name}",
        html=mail.html,
        text=mail.text,
    )
