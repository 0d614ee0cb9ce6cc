# lib.sh: what the scripts beside it share.  Source it first.
#
# The programs are written and run in a neutral folder, ROOT, as an operator
# might have them; only what they print is kept.  Needs root (a private host
# name, users) and the Debian packages named at the top of each script, and
# faketime for all.
set -u
make=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
export CORPUS=${CORPUS:-${make%/*}} ROOT=${ROOT:-/srv/app}
getent passwd app >/dev/null || useradd -u 1500 -d /home/app app
mkdir -p "$ROOT" /home/app "$CORPUS/tune" "$CORPUS/held"
cd "$ROOT" || exit 1

# file NAME: a program or a data file below ROOT, from standard input.
file() {
	mkdir -p "$ROOT/$(dirname "$1")"
	cat >"$ROOT/$1"
}

# failure NAME SUBJECT... -- COMMAND: see record.
failure() {
	perl "$make/record" "$@"
}

# served PROGRAM...: a server on loopback for the rest of the script.
served() {
	setsid "$@" >/tmp/served.$$.log 2>&1 </dev/null &
	trap 'kill $(jobs -p) 2>/dev/null' EXIT
	sleep "${WAIT:-1}"
}

# bin/STYLE CMD...: what cron scripts do before they run a program: a line with
# time and pid, in one of the usual styles, and some lines of progress.
wrapper() {
	file "bin/$1" <<E
#!/bin/bash
$2
for ((i = 0; i < RUN * 2 + RANDOM % 3; i++)); do
	$3
done
${4:-}
exec "\$@"
E
	chmod +x "$ROOT/bin/$1"
}
wrapper iso 'echo "$(date -Is) nightly[$$]: running" >&2' 'echo "$(date -Is) nightly[$$]: step $i took 0.$RANDOM s" >&2'
wrapper syslog 'echo "$(date "+%b %e %T") app1 nightly[$$]: running" >&2' 'echo "$(date "+%b %e %T") app1 nightly[$$]: $((RANDOM * i)) bytes sent" >&2'
wrapper clf 'echo "[$(date "+%d/%b/%Y:%T %z")] job $(cat /proc/sys/kernel/random/uuid) started" >&2' :
wrapper rfc 'echo "$(date -R): start, pid $$, log in $(mktemp /tmp/job.XXXXXX)" >&2' :
wrapper bare 'echo "--- $(date) ---" >&2' 'printf "\r%d %% done" $((i * 7)) >&2; ((i % 2)) && echo >&2' 'echo >&2'
wrapper level 'echo "$(date "+%F %T,%3N") INFO start $$" >&2' 'echo "$(date "+%F %T,%3N") DEBUG chunk $RANDOM of 40000" >&2'
chmod -R go+rX "$ROOT"
chmod 700 "$ROOT/locked" 2>/dev/null
:
# Nothing here may name a device as an output file: run by root, a tool that
# removes its output when it fails removes the device.
