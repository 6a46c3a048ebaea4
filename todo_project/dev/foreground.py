import os


class Foreground:
    """Who started this run, and whether they are still there."""

    def __init__(self) -> None:
        self._parent = os.getppid()
        self._has_terminal = os.isatty(0)

    def gone(self) -> bool:
        # A closed terminal's SIGHUP is not for us when make leads the session, and make only waits.
        terminal_closed = self._has_terminal and not os.isatty(0)
        return terminal_closed or os.getppid() != self._parent
