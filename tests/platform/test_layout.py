from pathlib import Path

import environ
import pytest

from todo_project.dev.environment import write_dotenv
from todo_project.dev.platform import lay_out

ADDRESSES = ["DATABASE_URL", "REDIS_URL", "KAFKA_BOOTSTRAP", "EMAIL_URL"]
OWN = ["postgres", "redis", "kafka", "mail"]


def test_everything_is_embedded_when_nothing_is_given(tmp_path: Path) -> None:
    platform = lay_out(tmp_path, {})
    assert [service.name for service in platform.services] == OWN
    assert platform.environment["KAFKA_REPLICATION"] == "1"


@pytest.mark.parametrize(
    ("variable", "service"),
    list(zip(ADDRESSES, OWN, strict=True)),
)
def test_a_service_that_is_given_is_not_started(
    tmp_path: Path, variable: str, service: str
) -> None:
    platform = lay_out(tmp_path, {variable: "elsewhere"})
    assert service not in [started.name for started in platform.services]
    assert platform.environment[variable] == "elsewhere"


def test_an_address_that_is_empty_is_not_given(tmp_path: Path) -> None:
    assert len(lay_out(tmp_path, {"REDIS_URL": ""}).services) == len(OWN)


def test_a_given_kafka_needs_no_more_than_one_broker_unless_asked(tmp_path: Path) -> None:
    given = {"KAFKA_BOOTSTRAP": "k:9092"}
    assert lay_out(tmp_path, given).environment["KAFKA_REPLICATION"] == "1"
    asked = lay_out(tmp_path, given | {"KAFKA_REPLICATION": "3"})
    assert asked.environment["KAFKA_REPLICATION"] == "3"


def test_secrets_stay_the_same_from_run_to_run(tmp_path: Path) -> None:
    first = lay_out(tmp_path, {}).environment
    second = lay_out(tmp_path, {}).environment
    assert first == second
    assert first["SECRET_KEY"] != first["JWT_SIGNING_KEY"]


def test_secrets_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    write_dotenv(tmp_path / "env", lay_out(tmp_path, {}).environment)
    files = [tmp_path / "env", *(tmp_path / "secret").iterdir()]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_the_dotenv_file_gives_back_every_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = {"ODD_PASSWORD": r"""a b#c"d'e\f%g=h;ü"""}
    monkeypatch.setattr(environ.Env, "ENVIRON", {})
    write_dotenv(tmp_path / "env", odd)
    environ.Env.read_env(str(tmp_path / "env"))
    assert odd == environ.Env.ENVIRON
