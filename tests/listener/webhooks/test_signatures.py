"""Who is let in: each scheme against everything that is not quite right."""

import base64
import hmac
import time
from collections.abc import Callable

import psycopg
import pytest
from starlette.datastructures import Headers

from listener.webhooks.signatures import Hmac, Scheme, Square, StandardWebhooks, decode_secret
from tests.conftest import Database
from tests.listener.process import (
    DEMO_EATS_KEY,
    SQUARE_KEY,
    SQUARE_URL,
    Listener,
    square_event,
    square_headers,
    standard_headers,
)

BODY = b'{"a":1}'
SQUARE = Square(SQUARE_URL, (SQUARE_KEY,))
STANDARD = StandardWebhooks((DEMO_EATS_KEY,))
HEX = Hmac("x-signature", "hex", "sha256=", ("one secret",))
BASE64 = Hmac("x-signature", "base64", "", ("one secret",))


def hmac_headers(scheme: Hmac, body: bytes) -> dict[str, str]:
    digest = hmac.digest(scheme.secrets[0].encode(), body, "sha256")
    encoded = digest.hex() if scheme.encoding == "hex" else base64.b64encode(digest).decode()
    return {scheme.header: scheme.prefix + encoded}


SCHEMES: list[tuple[Scheme, str, Callable[[bytes], dict[str, str]]]] = [
    (SQUARE, "x-square-hmacsha256-signature", square_headers),
    (STANDARD, "webhook-signature", standard_headers),
    (HEX, "x-signature", lambda body: hmac_headers(HEX, body)),
    (BASE64, "x-signature", lambda body: hmac_headers(BASE64, body)),
]


@pytest.mark.parametrize(("scheme", "header", "sign"), SCHEMES)
def test_the_right_signature_lets_in_and_nothing_like_it(
    scheme: Scheme, header: str, sign: Callable[[bytes], dict[str, str]]
) -> None:
    signed = sign(BODY)
    signature = signed[header]
    assert scheme.is_signed(Headers(signed), BODY)
    assert not scheme.is_signed(Headers(signed), BODY + b" "), "another body"
    assert not scheme.is_signed(Headers(signed), b""), "no body"
    assert not scheme.is_signed(Headers({}), BODY), "no headers"
    wrong = [
        "",
        " ",
        "v1,",
        "sha256=",
        "v1,AAAA",
        "é" * 44,
        "\xff",
        signature[:-2],
        signature + "=",
        signature[1:],
        "0" * 99,
    ]
    for other in wrong:
        assert not scheme.is_signed(Headers(signed | {header: other}), BODY), other


def test_the_published_example_of_standard_webhooks_holds() -> None:
    # The example of the scheme's own libraries.
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    scheme = StandardWebhooks((decode_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),), clock=lambda: 1614265330.0)
    assert scheme.is_signed(Headers(headers), b'{"test": 2432232314}')


def test_the_example_of_squares_documentation_holds() -> None:
    body = b'{"hello":"world"}'
    headers = {"x-square-hmacsha256-signature": "2kRE5qRU2tR+tBGlDwMEw2avJ7QM4ikPYD/PJ3bd9Og="}
    assert Square("https://example.com/webhook", ("asdf1234",)).is_signed(Headers(headers), body)


def test_square_signs_the_notification_url_too() -> None:
    assert not SQUARE.is_signed(Headers(square_headers(BODY, url=SQUARE_URL + "/")), BODY)


def test_either_of_two_secrets_is_taken_while_one_is_being_changed() -> None:
    both = Square(SQUARE_URL, ("new", SQUARE_KEY))
    assert both.is_signed(Headers(square_headers(BODY)), BODY)
    assert both.is_signed(Headers(square_headers(BODY, key="new")), BODY)
    assert not both.is_signed(Headers(square_headers(BODY, key="other")), BODY)


def test_one_of_several_signatures_is_enough() -> None:
    headers = standard_headers(BODY)
    headers["webhook-signature"] = "v1a,AAAA v1,AAAA " + headers["webhook-signature"]
    assert STANDARD.is_signed(Headers(headers), BODY)


@pytest.mark.parametrize("offset", [-301, 301, -86_400])
def test_a_signature_is_good_for_five_minutes(offset: int) -> None:
    headers = standard_headers(BODY, sent_at=1_700_000_000 + offset)
    assert not StandardWebhooks((DEMO_EATS_KEY,), clock=lambda: 1_700_000_000.0).is_signed(Headers(headers), BODY)


@pytest.mark.parametrize("sent_at", ["", "soon", "-1", "1e9", "1700000000.0", "9" * 5000, "²"])
def test_a_time_that_is_none_lets_nobody_in(sent_at: str) -> None:
    headers = standard_headers(BODY, sent_at="0") | {"webhook-timestamp": sent_at}
    message = b"msg." + sent_at.encode("latin-1") + b"." + BODY
    headers |= {"webhook-id": "msg", "webhook-signature": "v1," + _base64(DEMO_EATS_KEY, message)}
    assert not STANDARD.is_signed(Headers(headers), BODY)


def test_the_id_is_signed() -> None:
    assert not STANDARD.is_signed(Headers(standard_headers(BODY) | {"webhook-id": "another"}), BODY)


def test_hex_may_be_in_capitals_but_not_its_prefix() -> None:
    signed = hmac_headers(HEX, BODY)["x-signature"].removeprefix("sha256=")
    assert HEX.is_signed(Headers({"x-signature": "sha256=" + signed.upper()}), BODY)
    assert not HEX.is_signed(Headers({"x-signature": signed}), BODY)


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_short", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!" + "A" * 40]
)
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="24 to 64 bytes"):
        decode_secret(secret)


def test_forgers_get_401_and_never_reach_the_database(listener: Listener, database: Database) -> None:
    with psycopg.connect(database.server.url("postgres", "postgres"), autocommit=True) as admin:
        # Whoever reaches the database now would get 503.
        admin.execute("ALTER ROLE storekeeper_listener NOLOGIN")
        try:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database.name])
            body = square_event()
            assert _wait_for_503(listener, body)
            signature = square_headers(body)["x-square-hmacsha256-signature"]
            for headers in [
                {},
                {"x-square-hmacsha256-signature": ""},
                {"x-square-hmacsha256-signature": signature[:-4] + "AAA="},
                {"x-square-hmacsha256-signature": "ÿ" * 44},
            ]:
                answer = listener.client.post(
                    f"{listener.url}/webhooks/square",
                    content=body,
                    headers=[(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
                )
                assert answer.status_code == 401
            assert listener.post("/webhooks/square", body + b" ", square_headers(body)).status_code == 401
            assert listener.post("/webhooks/orders/demo-eats", body, square_headers(body)).status_code == 401
            old = standard_headers(body, sent_at=int(time.time()) - 400)
            assert listener.post("/webhooks/orders/demo-eats", body, old).status_code == 401
        finally:
            admin.execute("ALTER ROLE storekeeper_listener LOGIN")


def _wait_for_503(listener: Listener, body: bytes) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if listener.send_square(body).status_code == 503:
            return True
    return False


def _base64(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.digest(key, message, "sha256")).decode()
