"""`make run`: the whole product on this machine, until Ctrl-C or `make stop`."""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType

from todo_project.dev import background, launch_lock, page, remains, startup, watching
from todo_project.dev.background import Announce
from todo_project.dev.checkout import LOGS, PAGE, PROCESSES, ROOT, VAR
from todo_project.dev.environment import write_dotenv
from todo_project.dev.foreground import Foreground
from todo_project.dev.launch_lock import AlreadyRunning
from todo_project.dev.platform import lay_out
from todo_project.dev.progress import step
from todo_project.dev.service import Missing
from todo_project.dev.services.child import NotReady
from todo_project.dev.supervision import Supervisor


class Stop(BaseException):
    """Ctrl-C, `make stop`, or the terminal was closed."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--detach", action="store_true", help="return once everything is ready")
    if parser.parse_args().detach:
        return background.detached(lambda announce: run("make stop ends it.", announce))
    return run("Ctrl-C ends it.", abandoned=Foreground().gone)


def run(
    how_to_stop: str,
    announce: Announce = lambda: None,
    abandoned: Callable[[], bool] = lambda: False,
) -> int:
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(launch_lock.hold(VAR / "lock"))
            stack.callback(remains.end, PROCESSES, ROOT)
            stack.enter_context(_signals_stop())
            _run(how_to_stop, announce, abandoned)
        except AlreadyRunning:
            say(_where_it_runs())
        except Stop:
            pass
        except (Missing, NotReady) as fault:
            say(str(fault))
            return 1
    return 0


def say(line: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be closed, and stopping goes on
        sys.stdout.write(line + "\n")  # at once: several threads speak
        sys.stdout.flush()


def _run(how_to_stop: str, announce: Announce, abandoned: Callable[[], bool]) -> None:
    with step("Ending what an earlier run left", say):
        remains.end(PROCESSES, ROOT)
    remains.record(PROCESSES, {"launcher": os.getpid()})
    LOGS.mkdir(exist_ok=True)
    platform = lay_out(VAR, os.environ)
    write_dotenv(VAR / "env", platform.environment)
    supervisor = Supervisor(platform, ROOT, os.environ)
    try:
        startup.start_everything(platform, supervisor, ROOT, say)
        watching.record(platform, supervisor)
        say(page.as_text(page.contents(platform, {}), how_to_stop))
        announce()
        watching.watch(platform, supervisor, abandoned)
    finally:
        PAGE.unlink(missing_ok=True)
        with step("Stopping", say):
            supervisor.stop()


def _where_it_runs() -> str:
    running = page.read(PAGE)
    where = f"at {running['api']}" if running else "and is starting"
    return f"The task platform runs already {where}. make stop ends it."


@contextlib.contextmanager
def _signals_stop() -> Iterator[None]:
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(signum: int, frame: FrameType | None) -> None:
        for each in signals:  # stopping is not interrupted
            signal.signal(each, signal.SIG_IGN)
        raise Stop

    for each in signals:
        signal.signal(each, stop)
    yield


if __name__ == "__main__":
    sys.exit(main())
