#!/bin/sh
# Clone into a new folder whose path has a space, run, walk the demo, stop; no process may be left.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd -P)
work=$(cd "$(mktemp -d)" && pwd -P)
folder="$work/task platform"

finish() {
    make -s -C "$folder" stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

git clone --quiet --no-hardlinks "$here" "$folder"
cd "$folder"
make -s run DETACH=1
pids=$(.venv/bin/python -c 'import json; print(*json.load(open("var/run.json"))["pids"].values())')
make -s demo
make -s stop

left=0
complain() {
    echo "still there: $1 $(tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null)" >&2
    left=1
}
[ ! -e var/run.json ] || { echo "var/run.json is still there" >&2; left=1; }
for pid in $pids; do
    ! kill -0 "$pid" 2>/dev/null || complain "$pid"
done
for process in /proc/[0-9]*; do
    pid=${process#/proc/}
    [ "$pid" != $$ ] || continue
    if [ "$(readlink "$process/cwd" 2>/dev/null)" = "$folder" ] ||
        tr '\0' ' ' <"$process/cmdline" 2>/dev/null | grep -qF "$folder"; then
        complain "$pid"
    fi
done
[ "$left" = 0 ] && echo "A fresh clone ran, showed its demo, and left nothing behind."
