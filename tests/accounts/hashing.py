"""The product's hasher, which keeps count."""

from typing import ClassVar

from accounts.hashers import Argon2


class CountedArgon2(Argon2):
    done: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        self.done.append("encode")
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        self.done.append("verify")
        return super().verify(password, encoded)
