import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType

from todo_project.dev.ports import free_ports
from todo_project.dev.progress import Say, step
from todo_project.dev.secret import kept_secret
from todo_project.dev.services.child import Child
from todo_project.dev.services.kafka import Kafka
from todo_project.dev.services.mail import Mail
from todo_project.dev.services.postgres import Postgres
from todo_project.dev.services.redis import Redis


@dataclass(frozen=True)
class Embedded:
    database_url: str
    redis_url: str
    kafka_bootstrap: str
    smtp_url: str
    mail_url: str
    postgres: Child
    redis: Child
    kafka: Child
    mail: Child

    @property
    def children(self) -> list[Child]:
        return [self.postgres, self.redis, self.kafka, self.mail]


@contextmanager
def embedded(
    directory: Path | str, progress: Say = print, *, durable: bool = False
) -> Iterator[Embedded]:
    """PostgreSQL, Redis, Kafka and the mail inbox on free ports, for as long as the block."""
    platform = _platform(Path(directory).resolve(), durable)
    pool = ThreadPoolExecutor(len(platform.children))
    with _termination_unwinds():
        try:
            list(pool.map(lambda child: _start(child, progress), platform.children))
            yield platform
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in platform.children:
                child.ask_to_stop()
            for child in platform.children:
                child.stop()


def _platform(directory: Path, durable: bool) -> Embedded:
    ports = free_ports(6)
    postgres = Postgres(
        directory / "postgres",
        port=ports[0],
        password=kept_secret(directory / "postgres.password"),
        durable=durable,
        max_connections=300,
    )
    redis = Redis(
        directory / "redis", port=ports[1], password=kept_secret(directory / "redis.password")
    )
    kafka = Kafka(directory / "kafka", port=ports[2], controller_port=ports[3])
    mail = Mail(smtp_port=ports[4], page_port=ports[5])
    logs = directory / "log"
    logs.mkdir(parents=True, exist_ok=True)
    return Embedded(
        database_url=postgres.url,
        redis_url=redis.url,
        kafka_bootstrap=kafka.bootstrap,
        smtp_url=mail.smtp_url,
        mail_url=mail.page_url,
        postgres=Child(postgres, logs / "postgres.log"),
        redis=Child(redis, logs / "redis.log"),
        kafka=Child(kafka, logs / "kafka.log"),
        mail=Child(mail, logs / "mail.log"),
    )


def _start(child: Child, progress: Say) -> None:
    with step(f"Starting {child.service.name}", progress):
        child.service.prepare()
        child.start()


@contextmanager
def _termination_unwinds() -> Iterator[None]:
    """Let SIGTERM end this process as Ctrl-C does, so that what was started is stopped."""

    def interrupt(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if current_thread() is not main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
