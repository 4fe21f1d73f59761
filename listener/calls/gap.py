"""A time in which the feed was not heard: calls may be missing, and whoever reads figures must be told so."""

from datetime import datetime
from uuid import UUID

import msgspec


class Gap(msgspec.Struct, frozen=True):
    """One row of inbox.call_feed_gap: `ended_at` is None in the first, and set in the second of the same id."""

    gap_id: UUID
    started_at: datetime
    reason: str
    ended_at: datetime | None = None

    def ended(self, at: datetime) -> "Gap":
        return msgspec.structs.replace(self, ended_at=max(at, self.started_at))
