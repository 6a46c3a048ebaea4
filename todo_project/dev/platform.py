"""Which processes this run has, and where each is found."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from todo_project.dev.environment import product_environment
from todo_project.dev.ports import keep_ports
from todo_project.dev.programs import COMMANDS, Program
from todo_project.dev.secret import kept_secret
from todo_project.dev.service import Service
from todo_project.dev.services.kafka import Kafka
from todo_project.dev.services.mail import Mail
from todo_project.dev.services.postgres import Postgres
from todo_project.dev.services.redis import Redis

USUAL_PORTS = {"web": 8000, "flower": 5555, "mail": 8025}
SERVICE_PORTS = ("postgres", "redis", "kafka", "kafka-controller", "smtp", "mail")


@dataclass(frozen=True)
class Platform:
    services: list[Service]
    programs: list[Program]
    environment: dict[str, str]
    supervisor_port: int
    supervisor_password: str
    mail: str | None

    @property
    def everything(self) -> list[Service]:
        return [*self.services, *self.programs]

    def program(self, name: str) -> Program:
        return next(program for program in self.programs if program.name == name)


def lay_out(var: Path, given: Mapping[str, str]) -> Platform:
    """Own services where the environment gives no address; everything on ports of its own."""
    var.mkdir(exist_ok=True)
    names = [*COMMANDS, *SERVICE_PORTS, "supervisor"]
    ports = keep_ports(names, var / "ports.json", given, USUAL_PORTS)
    data, secrets = var / "data", var / "secret"
    postgres = Postgres(data / "postgres", ports["postgres"], kept_secret(secrets / "postgres"))
    redis = Redis(data / "redis", ports["redis"], kept_secret(secrets / "redis"))
    kafka = Kafka(data / "kafka", ports["kafka"], ports["kafka-controller"])
    mail = Mail(ports["smtp"], ports["mail"])
    offered: dict[str, tuple[Service, str]] = {
        "DATABASE_URL": (postgres, postgres.url),
        "REDIS_URL": (redis, redis.url),
        "KAFKA_BOOTSTRAP": (kafka, kafka.bootstrap),
        "EMAIL_URL": (mail, mail.smtp_url),
    }
    own = {variable: offer for variable, offer in offered.items() if not given.get(variable)}
    addresses = {variable: url for variable, (_, url) in own.items()}
    addresses["KAFKA_REPLICATION"] = "1"  # as many as any Kafka has brokers
    others = {variable: given[variable] for variable in offered if variable not in own}
    return Platform(
        services=[service for service, _ in own.values()],
        programs=[Program(name, ports[name], var) for name in COMMANDS],
        environment=product_environment(
            given, addresses | others, f"http://127.0.0.1:{ports['web']}", var
        ),
        supervisor_port=ports["supervisor"],
        supervisor_password=kept_secret(secrets / "supervisor"),
        mail=mail.page_url if "EMAIL_URL" in own else None,
    )
