"""The supervisor's INI file, and the environment that completes it.

The file's own syntax gives spaces, `%`, `;` and `#` in a path a meaning of their own. So paths in
it are relative to the checkout, and each command comes from an environment variable.
"""

import shlex
from pathlib import Path

from todo_project.dev.platform import Platform
from todo_project.dev.service import Service
from todo_project.dev.services.child import ends_with_parent

USER = "supervisor"
MARK = "TODO_PLATFORM_CHECKOUT"  # the environment variable that every process of a run has

HEAD = """\
[supervisord]
nodaemon = true
silent = true
minfds = 256
logfile = var/log/supervisord.log
logfile_maxbytes = 5MB
logfile_backups = 1
pidfile = var/supervisord.pid
{as_root}
[inet_http_server]
port = 127.0.0.1:{port}
username = {user}
password = {password}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl = http://127.0.0.1:{port}
username = {user}
password = {password}

"""

GROUPS = """\
[group:services]
programs = {services}
priority = 100

[group:product]
programs = {programs}
priority = 200

"""

# Started when its turn has come, and then again whenever it ends: startsecs=0 leaves out the
# growing pauses and the giving up after early exits. The stop signal is for the process alone,
# which ends its children in good order; what is late is killed with them.
PROGRAM = """\
[program:{name}]
command = %(ENV_{variable})s
autostart = false
autorestart = true
startsecs = 0
stopsignal = {stop_signal}
stopwaitsecs = 20
killasgroup = true
redirect_stderr = true
stdout_logfile = var/log/{name}.log
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 2

"""


def render(platform: Platform, *, as_root: bool) -> str:
    head = HEAD.format(
        as_root="user = root\n" if as_root else "",
        port=platform.supervisor_port,
        user=USER,
        password=platform.supervisor_password,
    )
    groups = GROUPS.format(
        services=",".join(service.name for service in platform.services),
        programs=",".join(program.name for program in platform.programs),
    )
    if not platform.services:
        groups = groups[groups.index("[group:product]") :]
    return head + groups + "".join(map(_program, platform.everything))


def commands(platform: Platform, root: Path) -> dict[str, str]:
    """The variables that the file's commands come from."""
    return {
        MARK: str(root),
        **{_variable(process): _command(process) for process in platform.everything},
    }


def _program(process: Service) -> str:
    return PROGRAM.format(
        name=process.name,
        variable=_variable(process),
        stop_signal=process.stop_signal.name.removeprefix("SIG"),
    )


def _variable(process: Service) -> str:
    return f"COMMAND_{process.name.upper().replace('-', '_')}"


def _command(process: Service) -> str:
    command = ends_with_parent(process.command(), process.stop_signal)
    return shlex.join(command)
