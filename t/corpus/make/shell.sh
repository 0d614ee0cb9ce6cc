#!/bin/bash
# shell.sh: shells and the small tools of every script.
# Debian: bash dash coreutils findutils grep sed util-linux.
. "${0%/*}/lib.sh"

file sh/nightly.sh <<'E'
#!/bin/bash
set -eu
log() { echo "$(date '+%Y-%m-%d %H:%M:%S') [$$] $*" >&2; }
log "start of run $RANDOM$RANDOM"
for ((i = 1; i < RUN * 3; i++)); do log "chunk $i of 40 ($((RANDOM % 90 + 1)) MB)"; done
case $1 in
command) pg_dumpx shop ;;
command2) pg_restorex shop ;;
unset) echo "$TARGET_DIR" ;;
unset2) echo "$TARGET_HOST" ;;
perm) /srv/app/sh/noexec.sh ;;
redirect) echo x >/srv/app/in/list.txt ;;
source) . /srv/app/sh/config.sh ;;
cd) cd /srv/app/releases/current ;;
fail) false ;;
exit) log "ERROR: backup of shop failed: $2"; exit 1 ;;
expr) echo $((08 + 1)) ;;
kill) kill 999999 ;;
required) echo "${2:?no target given}" ;;
killed) bash -c 'sleep 5 & kill -9 $!; wait $!'; ;;
segv) c/job segv ;;
disk) cat /dev/zero >/dev/full ;;
disk2) echo hello >/dev/full ;;
trap) trap 'echo "nightly.sh: line $LINENO failed with $?" >&2' ERR; ls /srv/app/releases ;;
esac
E
file sh/noexec.sh < /dev/null
file sh/broken.sh <<'E'
if true; then
	echo a
E
file sh/quote.sh <<'E'
echo "open
E
n() { failure "bash-$1" "$2" "sh/nightly.sh: line <*>: $2" "$3" -- bash sh/nightly.sh "${@:4}"; }
n notfound.dump "pg_dumpx: command not found" "x" command
n notfound.restore "pg_restorex: command not found" "x" command2
n unset.dir "TARGET_DIR: unbound variable" "x" unset
n unset.host "TARGET_HOST: unbound variable" "x" unset2
n perm "/srv/app/sh/noexec.sh: Permission denied" "x" perm
n redirect "/srv/app/in/list.txt: No such file or directory" "x" redirect
n source "/srv/app/sh/config.sh: No such file or directory" "x" source
n cd "cd: /srv/app/releases/current: No such file or directory" "x" cd
n arith "08: value too great for base (error token is \"08\")" "x" expr
n kill "kill: (999999) - No such process" "x" kill
n required "2: no target given" "no target given" required
failure bash-exit.disk "backup of shop failed: disk full" "ERROR: backup of shop failed: disk full" -- bash sh/nightly.sh exit "'disk full'"
failure bash-exit.login "backup of shop failed: login refused" "ERROR: backup of shop failed: login refused" -- bash sh/nightly.sh exit "'login refused'"
n killed "Killed sleep 5" "Killed" killed
failure bash-crash "Segmentation fault c/job segv" "Segmentation fault" "Segmentation fault (core dumped) c/job segv" "sh/nightly.sh: line <*>: <*> Segmentation fault c/job segv" -- bash sh/nightly.sh segv
failure bash-full.cat "cat: write error: No space left on device" -- bash sh/nightly.sh disk
n full.echo "echo: write error: No space left on device" "x" disk2
failure bash-trap "ls: cannot access '/srv/app/releases': No such file or directory" -- bash sh/nightly.sh trap
failure bash-syntax.if "syntax error: unexpected end of file" "sh/broken.sh: line <*>: syntax error: unexpected end of file" -- bin/iso bash sh/broken.sh
failure bash-syntax.quote "unexpected EOF while looking for matching \`\"'" "sh/quote.sh: line <*>: unexpected EOF while looking for matching \`\"'" -- bin/iso bash sh/quote.sh
failure bash-nofile "bash: sh/gone.sh: No such file or directory" "sh/gone.sh: No such file or directory" -- bin/iso bash sh/gone.sh
failure bash-xtrace "rm: cannot remove '/srv/app/out/old': No such file or directory" -- "bash -xc 'T=\$(mktemp -d); cp /srv/app/b/Makefile \$T/\$\$; rm /srv/app/out/old'"
failure dash-notfound.dump "pg_dumpx: not found" "sh: 1: pg_dumpx: not found" "1: pg_dumpx: not found" -- bin/syslog sh -c "'pg_dumpx shop'"
failure dash-notfound.restore "pg_restorex: not found" "sh: 1: pg_restorex: not found" "1: pg_restorex: not found" -- bin/syslog sh -c "'pg_restorex shop'"
failure dash-redirect.enoent "cannot create /srv/app/in/x: Directory nonexistent" "sh: 1: cannot create /srv/app/in/x: Directory nonexistent" "1: cannot create /srv/app/in/x: Directory nonexistent" -- bin/syslog sh -c "'echo x >/srv/app/in/x'"
AS=1500 failure dash-redirect.eacces "cannot create /srv/app/locked/x: Permission denied" "sh: 1: cannot create /srv/app/locked/x: Permission denied" "1: cannot create /srv/app/locked/x: Permission denied" -- bin/syslog sh -c "'echo x >/srv/app/locked/x'"
failure dash-syntax "Syntax error: end of file unexpected (expecting \"fi\")" "sh/broken.sh: 3: Syntax error: end of file unexpected (expecting \"fi\")" "sh/broken.sh: <*>: Syntax error: end of file unexpected (expecting \"fi\")" -- bin/syslog sh sh/broken.sh
sed -i '/^subject x$/d' "$CORPUS"/*/bash-*

mkdir -p "$ROOT/sh"; touch "$ROOT/sh/secret"; chmod 600 "$ROOT/sh/secret"
u() { failure "$1" "$2" -- "bin/$3" "${@:4}"; }
file data/list.txt < <(seq 5)
u ls-access.one "ls: cannot access '/srv/app/in/a.csv': No such file or directory" iso ls /srv/app/in/a.csv
u ls-access.two "ls: cannot access '/srv/app/in/a.csv': No such file or directory" iso ls /srv/app/in/a.csv /srv/app/in/b.csv
u ls-access.other "ls: cannot access '/srv/app/in/b.csv': No such file or directory" iso ls /srv/app/in/b.csv
AS=1500 u ls-open "ls: cannot open directory '/srv/app/locked': Permission denied" iso ls /srv/app/locked
u cp.enoent "cp: cannot stat '/srv/app/in/a.csv': No such file or directory" rfc cp /srv/app/in/a.csv /tmp/
u cp.dir "cp: -r not specified; omitting directory 'data'" rfc cp data /tmp/
u cp.target "cp: target 'data/list.txt': Not a directory" rfc cp b/ok.c b/semi.c data/list.txt
AS=1500 u cp.perm "cp: cannot open '/srv/app/sh/secret' for reading: Permission denied" rfc cp /srv/app/sh/secret /tmp/
u mv.enoent "mv: cannot stat '/srv/app/in/a.csv': No such file or directory" syslog mv /srv/app/in/a.csv /tmp/
AS=1500 u mv.perm "mv: cannot stat 'locked/list.txt': Permission denied" syslog mv data/list.txt locked/list.txt
AS=1500 u rm.eacces "rm: cannot remove 'data/list.txt': Permission denied" level rm -f data/list.txt
u rm.isdir "rm: cannot remove 'data': Is a directory" level rm data
u mkdir.exist "mkdir: cannot create directory ‘data’: File exists" clf mkdir data
u mkdir.enoent "mkdir: cannot create directory ‘in/today’: No such file or directory" clf mkdir in/today
u cat "cat: /srv/app/in/a.csv: No such file or directory" bare cat /srv/app/in/a.csv
u sort "sort: cannot read: /srv/app/in/a.csv: No such file or directory" bare sort /srv/app/in/a.csv
u head-option "head: invalid number of lines: ‘ten’" bare head -n ten data/list.txt
u ln "ln: failed to create symbolic link 'data': File exists" clf ln -sT /srv/app/b data
u chown.user "chown: invalid user: ‘shopkeeper’" iso chown shopkeeper data/list.txt
u chown.group "chown: invalid group: ‘root:shopkeepers’" iso chown root:shopkeepers data/list.txt
u date "date: invalid date ‘yesterdax’" iso date -d yesterdax
u dd "dd: failed to open '/srv/app/in/disk.img': No such file or directory" iso dd if=/srv/app/in/disk.img of=/tmp/none.img
u dd-full "dd: error writing '/dev/full': No space left on device" iso dd if=/dev/zero of=/dev/full bs='$((RUN * 1000))' count=9
u split "split: cannot open 'data/none' for reading: No such file or directory" iso split data/none
u find.path "find: ‘/srv/app/spool’: No such file or directory" iso find /srv/app/spool -name x
u find.test "find: unknown predicate \`-nam'" iso find data -nam x
u grep.file "grep: data/none.txt: No such file or directory" iso grep x data/none.txt
u grep.regex "grep: Unmatched [, [^, [:, [., or [=" iso grep "'[a'" data/list.txt
u sed.command "sed: -e expression #1, char 3: unterminated \`s' command" level sed s/a data/list.txt
u sed.file "sed: can't read data/none.txt: No such file or directory" level sed p data/none.txt
u timeout.cmd "timeout: failed to run command ‘pg_dumpx’: No such file or directory" iso timeout 5 pg_dumpx
u env "env: ‘pg_dumpx’: No such file or directory" iso env pg_dumpx
u xargs "xargs: pg_dumpx: No such file or directory" iso xargs -a data/list.txt pg_dumpx
u nice "nice: ‘pg_dumpx’: No such file or directory" iso nice pg_dumpx
u flock "flock: cannot open lock file /srv/app/var/x.lock: No such file or directory" syslog flock /srv/app/var/x.lock true
u mount.point "mount: /mnt/backup: can't find in /etc/fstab." level mount /mnt/backup
u mount.device "mount: /mnt: special device /dev/sdq1 does not exist." level mount /dev/sdq1 /mnt
u mount.fs "mount: /mnt: unknown filesystem type 'shopfs'." level mount -t shopfs none /mnt
u umount "umount: /srv/app/data: not mounted." level umount /srv/app/data
u su "su: user shopkeeper does not exist or the user entry does not contain all the required fields" iso su shopkeeper -c true
