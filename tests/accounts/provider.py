"""An identity provider on loopback: real keys, served by a real HTTP server."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

ISSUER: Final = "https://id.example"
AUDIENCE: Final = "tasks"


class Provider:
    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.ec = ec.generate_private_key(ec.SECP256R1())
        self.ed = ed25519.Ed25519PrivateKey.generate()
        self.url = f"http://127.0.0.1:{server.server_port}/jwks"
        self.status = 200
        self.fetches = 0
        self.body = json.dumps({"keys": self._public()}).encode()

    def token(
        self, *, key: Any = None, algorithm: str = "RS256", kid: str = "", **claims: Any
    ) -> str:
        """A good token of Dora's, but for what is said otherwise; a claim None is left out."""
        all_claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "dora",
            "exp": int(time.time()) + 60,
            "email": "Dora@Example.com",
            "email_verified": True,
        } | claims
        said = {name: value for name, value in all_claims.items() if value is not None}
        headers = {"kid": kid or algorithm}
        return jwt.encode(said, key or self._private(algorithm), algorithm, headers=headers)

    def _private(self, algorithm: str) -> Any:
        return {"RS256": self.rsa, "ES256": self.ec, "EdDSA": self.ed}[algorithm]

    def _public(self) -> list[dict[str, Any]]:
        keys: dict[str, dict[str, Any]] = {
            "RS256": RSAAlgorithm.to_jwk(self.rsa.public_key(), as_dict=True),
            "ES256": ECAlgorithm.to_jwk(self.ec.public_key(), as_dict=True),
            "EdDSA": OKPAlgorithm.to_jwk(self.ed.public_key(), as_dict=True),
            "HS256": {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"},
        }
        return [key | {"kid": name, "alg": name, "use": "sig"} for name, key in keys.items()]


@contextmanager
def running_provider() -> Iterator[Provider]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Keys) as server:
        provider = Provider(server)
        server.provider = provider  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()


class _Keys(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        provider.fetches += 1
        self.send_response(provider.status)
        self.end_headers()
        self.wfile.write(provider.body)

    def log_message(self, format: str, *args: Any) -> None:
        """The tests' output stays readable."""
