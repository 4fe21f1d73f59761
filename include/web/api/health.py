"""Whether the database answers: the one route without a login."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from include.web.database import Db

router = APIRouter(tags=["service"])


class Health(BaseModel):
    status: Literal["healthy"] = "healthy"


@router.get("/health")
def health(database: Db) -> Health:
    with database.connection() as connection:
        connection.execute("SELECT 1")
    return Health()
