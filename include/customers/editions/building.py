"""Making a day's workbook, and the edition that is to be decided on."""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from include.config import load_chain
from include.config.partner import Partner
from include.customers.deliveries import partner_files_folder
from include.customers.editions.days import files_of_day
from include.customers.editions.edition import Edition, Source
from include.customers.editions.figures import shown
from include.customers.editions.making import Draft, NothingNewError, check_news, enter
from include.customers.editions.messages import tell_pending
from include.customers.editions.store import find_edition, list_editions
from include.customers.editions.waiting import answer_by
from include.customers.kpis import PartnerWarehouse, SquareWarehouse
from include.customers.report.workbook import write_workbook
from include.warehouse.connection import connect


@dataclass(frozen=True)
class Built:
    """:param row_count: of all tables of the workbook; None if it had been made before."""

    edition: Edition
    row_count: int | None


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """An edition that a run is to make.

    :param map_index: which of the run's editions it is.
    :param is_asked_for: somebody wants one of this day, whatever there is already.
    """

    source: Source
    day: date
    dag_run_id: str
    map_index: int
    is_asked_for: bool
    is_mailed: bool

    @property
    def folder(self) -> Path:
        """Below the partner files' folder. A run's id is whatever somebody calls it: no name of a folder."""
        name = hashlib.sha256(f"{self.dag_run_id}/{self.map_index}".encode()).hexdigest()[:24]
        return Path("editions", name)


def make_edition(partner: Partner, assignment: Assignment) -> Built:
    """Makes it once, however often it is asked to; people are told that it waits.

    :raises NothingNewError: there is no need for it.
    """
    with connect() as connection:
        made = find_edition(connection, assignment.dag_run_id, assignment.map_index)
    if made:
        return Built(made, None)
    draft, row_count = _write(partner, assignment)
    try:
        with connect() as connection:
            _, approved_count = list_editions(
                connection, business_date=assignment.day, source=assignment.source, state="approved", limit=1
            )
            edition = enter(connection, draft)
            if assignment.is_mailed:
                until = answer_by(partner, edition)
                tell_pending(connection, partner, edition, is_correction=approved_count > 0, answer_by=until)
    except NothingNewError:
        shutil.rmtree(partner_files_folder() / assignment.folder)
        raise
    return Built(edition, row_count)


def _write(partner: Partner, assignment: Assignment) -> tuple[Draft, int]:
    with (
        connect() as connection,
        PartnerWarehouse(connection, partner)
        if assignment.source == "partner"
        else SquareWarehouse(connection, load_chain()) as source,
    ):
        # Of the same moment as the figures.
        files = files_of_day(connection, assignment.day)
        check_news(connection, assignment.source, assignment.day, files, is_asked_for=assignment.is_asked_for)
        folder = partner_files_folder() / assignment.folder
        # Names and telephone numbers: for nobody else who has an account on the machine.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        report = write_workbook(folder, source, assignment.day)
        draft = Draft(
            source=assignment.source,
            business_date=assignment.day,
            dag_run_id=assignment.dag_run_id,
            map_index=assignment.map_index,
            filename=report.path.name,
            path=str(assignment.folder / report.path.name),
            sha256=report.sha256,
            byte_count=report.byte_count,
            headlines=shown(report.headlines, source.currency),
            files=files,
            is_asked_for=assignment.is_asked_for,
        )
    return draft, sum(report.row_counts.values())
