#!/bin/sh
# Tries the sandbox with Segmind's own Python SDK. Usage: tests/sdk/run.sh PATH_TO_RUSHES
# Needs python3 with venv, and PyPI. Leaves nothing behind.
set -eu

rushes=${1:?usage: tests/sdk/run.sh PATH_TO_RUSHES}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
server=

clean_up() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check segmind==1.3.0

# The file must be there before it is read for the first time.
: >"$work/out"
RUSHES_HOME="$work/home" "$rushes" sandbox --port 0 --speed 50 \
    --state "$work/state" --faults "$here/faults.toml" >"$work/out" 2>"$work/err" &
server=$!

origin=
tries=0
while [ -z "$origin" ]; do
    origin=$(sed -n 's/.*sandbox at \(http:\/\/127\.0\.0\.1:[0-9]*\).*/\1/p' "$work/out")
    tries=$((tries + 1))
    if ! kill -0 "$server" 2>/dev/null || [ "$tries" -gt 300 ]; then
        echo "the sandbox did not start:" >&2
        cat "$work/out" "$work/err" >&2
        exit 1
    fi
    [ -n "$origin" ] || sleep 0.1
done

"$work/venv/bin/python" "$here/check.py" "$origin"
