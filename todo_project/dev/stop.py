"""`make stop`: end the run of this checkout, or what is left of one that was killed."""

import psutil

from todo_project.dev import remains
from todo_project.dev.checkout import PAGE, PROCESSES, ROOT

PATIENCE = 90.0


def main() -> None:
    launcher = remains.recorded(PROCESSES).get("launcher")
    if launcher:
        print("Stopping …", flush=True)
        launcher.terminate()
        _, stuck = psutil.wait_procs([launcher], timeout=PATIENCE)
        for process in stuck:
            process.kill()
    remains.end(PROCESSES, ROOT)
    PAGE.unlink(missing_ok=True)
    print("Stopped; nothing runs." if launcher else "Nothing runs.")


if __name__ == "__main__":
    main()
