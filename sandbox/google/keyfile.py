"""A service account for the demo: `python -m sandbox.google.keyfile http://127.0.0.1:8081` prints its key file.

The key is made anew each time; the token endpoint in it is the sandbox's, so that it opens nothing elsewhere.
"""

import json
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

EMAIL = "storekeeper@sandbox.iam.gserviceaccount.com"


def keyfile(sandbox_url: str) -> dict[str, str]:
    """:param sandbox_url: such as ``http://127.0.0.1:8081``."""
    # Short: it guards nothing, and Google's library checks it for each client.
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        "type": "service_account",
        "project_id": "sandbox",
        "private_key_id": "sandbox",
        "private_key": pem.decode(),
        "client_email": EMAIL,
        "client_id": "1",
        "token_uri": f"{sandbox_url.rstrip('/')}/google/token",
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m sandbox.google.keyfile http://127.0.0.1:8081")
    sys.stdout.write(json.dumps(keyfile(sys.argv[1])) + "\n")
