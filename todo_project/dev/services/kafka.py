import secrets
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from todo_project.dev.ports import accepts_connections
from todo_project.dev.service import Missing
from todo_project.dev.services import java, kafka_jars

# One node that is broker and controller. The short session lets it come back 3 s after a crash
# instead of 9 s: the new process waits until the session of the dead one has ended.
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=BROKER://127.0.0.1:{port}
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=4194304
num.io.threads=2
num.network.threads=2
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
"""

JVM_OPTIONS = [
    *["-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
    *["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"],
    *["-Dorg.slf4j.simpleLogger.showDateTime=true"],
]


@dataclass(frozen=True)
class Kafka:
    directory: Path
    port: int
    controller_port: int

    name = "kafka"
    stop_signal = signal.SIGTERM

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def properties(self) -> Path:
        return self.directory / "server.properties"

    def prepare(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self.properties.write_text(
            PROPERTIES.format(
                data=str(self.data).replace("\\", "\\\\"),
                port=self.port,
                controller_port=self.controller_port,
            )
        )
        if not (self.data / "meta.properties").exists():
            self._format()

    def command(self) -> list[str]:
        return self._java("kafka.Kafka", str(self.properties))

    def ready(self) -> bool:
        """Whether the broker is registered, which is later than its port is open."""
        if not accepts_connections(self.port):
            return False
        try:
            admin = KafkaAdminClient(
                bootstrap_servers=self.bootstrap,
                bootstrap_timeout_ms=2000,
                request_timeout_ms=2000,
            )
        except KafkaError:
            return False
        try:
            return bool(admin.describe_cluster()["brokers"])
        except KafkaError:
            return False
        finally:
            admin.close()

    def _format(self) -> None:
        cluster_id = "A" + secrets.token_urlsafe(16)[:21]  # never begins with a dash
        arguments = ["format", "--ignore-formatted", "-t", cluster_id, "-c", str(self.properties)]
        done = subprocess.run(
            self._java("kafka.tools.StorageTool", *arguments), capture_output=True, text=True
        )
        if done.returncode:
            raise Missing(f"Kafka could not make its data folder: {done.stderr.strip()}")

    def _java(self, main: str, *arguments: str) -> list[str]:
        return [java.find(), *JVM_OPTIONS, "-cp", f"{kafka_jars.fetch()}/*", main, *arguments]
