"""OAuth 2: exchanges a service account's JWT for an access token, and tells who calls with one.

The JWT's claims are checked; its signature is not, because nobody registers a service account's key with the sandbox.
"""

import secrets
import time

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.google.errors import GoogleError
from sandbox.state import State

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME_SECONDS = 3600
TABLES = """
    CREATE TABLE IF NOT EXISTS google_token (
        token      TEXT PRIMARY KEY,
        email      TEXT NOT NULL,
        expires_at REAL NOT NULL
    );
"""


async def exchange(state: State, request: Request) -> Response:
    """`POST /google/token`."""

    def refused(error: str, description: str) -> Response:
        return JSONResponse({"error": error, "error_description": description}, status_code=400)

    async with request.form() as form:
        if form.get("grant_type") != GRANT:
            return refused("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type')}")
        try:
            claims = jwt.decode(str(form.get("assertion", "")), options={"verify_signature": False})
        except jwt.InvalidTokenError:
            return refused("invalid_grant", "Invalid JWT")
    email = claims.get("iss")
    if not email or not claims.get("scope"):
        return refused("invalid_scope", "Invalid JWT: iss and scope are required")
    if not claims.get("iat", 0) - 60 <= time.time() <= claims.get("exp", 0):
        return refused("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes)")
    token = secrets.token_urlsafe(32)
    with state.transaction() as db:
        db.execute("DELETE FROM google_token WHERE expires_at < ?", [time.time()])
        db.execute("INSERT INTO google_token VALUES (?, ?, ?)", [token, email, time.time() + LIFETIME_SECONDS])
    return JSONResponse({"access_token": token, "expires_in": LIFETIME_SECONDS, "token_type": "Bearer"})


def caller(state: State, request: Request) -> str:
    """The e-mail address of the account that calls; raises GoogleError 401."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    row = state.db.execute(
        "SELECT email FROM google_token WHERE token = ? AND expires_at > ?", [token, time.time()]
    ).fetchone()
    if scheme != "Bearer" or row is None:
        raise GoogleError(
            401,
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other "
            "valid authentication credential.",
        )
    return str(row["email"])
