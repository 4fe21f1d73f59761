"""Who signed a body. Every comparison takes the same time wherever the first difference is.

The schemes: Square (https://developer.squareup.com/docs/webhooks/step3validate), Standard Webhooks
(https://www.standardwebhooks.com) and plain HMAC over the body, as most others do it. Each takes several secrets,
so that a secret can be changed without a refused event in between.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

# A captured request can be replayed for so long; duplicates by event id are harmless besides.
TOLERANCE_SECONDS = 5 * 60
SECRET_PREFIX = "whsec_"  # noqa: S105 (the mark of a secret, not one)


class Scheme(Protocol):
    """A way to sign."""

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """`headers` have names in lower case, and are decoded as latin-1."""


@dataclass(frozen=True)
class Square:
    """Base64 of HMAC-SHA256 over the notification URL and the body."""

    url: str
    secrets: Sequence[str] = field(repr=False)

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        given = [_bytes(headers.get("x-square-hmacsha256-signature", ""))]
        message = self.url.encode() + body
        return _is_any_equal(given, [base64.b64encode(_hmac(secret.encode(), message)) for secret in self.secrets])


@dataclass(frozen=True)
class StandardWebhooks:
    """`v1,` and base64 of HMAC-SHA256 over id.timestamp.body; `secrets` are decoded (see `decode_secret`)."""

    secrets: Sequence[bytes] = field(repr=False)
    clock: Callable[[], float] = time.time

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        event_id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        given = [_bytes(one) for one in headers.get("webhook-signature", "").split(" ")]
        message = _bytes(event_id) + b"." + _bytes(sent_at) + b"." + body
        expected = [b"v1," + base64.b64encode(_hmac(secret, message)) for secret in self.secrets]
        return _is_any_equal(given, expected) and bool(event_id) and self._is_recent(sent_at)

    def _is_recent(self, sent_at: str) -> bool:
        is_time = sent_at.isascii() and sent_at.isdecimal() and len(sent_at) < 12
        return is_time and abs(self.clock() - int(sent_at)) <= TOLERANCE_SECONDS


@dataclass(frozen=True)
class Hmac:
    """HMAC-SHA256 over the body, `hex` or `base64`, after `prefix` (such as ``sha256=``) in a header."""

    header: str
    encoding: str
    prefix: str
    secrets: Sequence[str] = field(repr=False)

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        given = headers.get(self.header, "")
        if self.encoding == "hex":
            given = self.prefix + given.removeprefix(self.prefix).lower() if given.startswith(self.prefix) else ""
        expected = [self.prefix.encode() + self._encode(_hmac(secret.encode(), body)) for secret in self.secrets]
        return _is_any_equal([_bytes(given)], expected)

    def _encode(self, digest: bytes) -> bytes:
        return digest.hex().encode() if self.encoding == "hex" else base64.b64encode(digest)


def decode_secret(text: str) -> bytes:
    """The key in a Standard Webhooks secret. Raises ValueError if it is not `whsec_` and base64 of 24 to 64 bytes."""
    try:
        key = base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not text.startswith(SECRET_PREFIX) or not 24 <= len(key) <= 64:
        raise ValueError(f"no {SECRET_PREFIX} and base64 of 24 to 64 bytes")
    return key


def _hmac(secret: bytes, message: bytes) -> bytes:
    return hmac.digest(secret, message, hashlib.sha256)


def _bytes(header: str) -> bytes:
    return header.encode("latin-1")


def _is_any_equal(given: Sequence[bytes], expected: Sequence[bytes]) -> bool:
    is_equal = False
    for one in given:
        for other in expected:
            # Not any(): all are compared, whichever fits.
            is_equal |= hmac.compare_digest(one, other)
    return is_equal
