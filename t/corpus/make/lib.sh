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
