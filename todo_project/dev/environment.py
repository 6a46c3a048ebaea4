"""What the product's processes find in their environment under `make run`."""

from collections.abc import Mapping
from pathlib import Path

from todo_project.dev.secret import kept_secret, write_private

DEMO_EMAIL = "demo@example.com"

# Generated below when the user gives none; beside these, var/env keeps what the user chose, so
# that `manage.py` in another shell sees the same.
CHOICES = (
    *("DEBUG", "ALLOWED_HOSTS", "DATABASE_DIRECT_URL", "KAFKA_TOPIC_PREFIX", "KAFKA_REPLICATION"),
    *("KAFKA_LAYOUT_STREAMS", "KAFKA_LAYOUT_TYPES", "DEFAULT_FROM_EMAIL", "LOG_LEVEL"),
    *("OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_JWKS_URL"),
)


def product_environment(
    given: Mapping[str, str], addresses: Mapping[str, str], web: str, var: Path
) -> dict[str, str]:
    secrets = var / "secret"
    generated = {
        "SECRET_KEY": kept_secret(secrets / "key"),
        "JWT_SIGNING_KEY": kept_secret(secrets / "jwt"),
        "DEMO_EMAIL": DEMO_EMAIL,
        "DEMO_PASSWORD": kept_secret(secrets / "demo", size=8),
        "PUBLIC_URL": web,
        "LOG_FORMAT": "console",
        **addresses,
        "CELERY_BROKER_URL": addresses["REDIS_URL"],
    }
    kept = {name: given[name] for name in (*generated, *CHOICES) if name in given}
    return generated | kept


def write_dotenv(file: Path, environment: Mapping[str, str]) -> None:
    lines = (f"{name}={_quoted(value)}\n" for name, value in environment.items())
    write_private(file, "".join(lines))


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
