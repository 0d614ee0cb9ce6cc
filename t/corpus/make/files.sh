#!/bin/bash
# files.sh: archives, backups and version control.
# Debian: tar rsync restic borgbackup rclone duplicity git zip unzip gzip xz-utils
# zstd p7zip-full cpio gnupg.
. "${0%/*}/lib.sh"

u() { failure "$1" "$2" "${@:3:${#}-4}" -- "bin/${*: -2:1}" "${*: -1}"; }
head -c 3000 /dev/urandom >"$ROOT/data/noise"
tar -C "$ROOT" -czf "$ROOT/data/a.tgz" sh data/list.txt
head -c 400 "$ROOT/data/a.tgz" >"$ROOT/data/short.tgz"
mkdir -p "$ROOT/data/tree/shut" && touch "$ROOT/data/tree/shut/x" "$ROOT/data/tree/key"
chmod 700 "$ROOT/data/tree/shut"; chmod 600 "$ROOT/data/tree/key"
u tar-add.one "tar: in: Cannot stat: No such file or directory" iso 'tar -cvvf /tmp/none.tar data/list.txt in 1>&2'
u tar-add.two "tar: in: Cannot stat: No such file or directory" iso 'tar -cf /tmp/none.tar in out data/list.txt'
rm -f /tmp/none.tar; AS=1500 u tar-perm.file "tar: data/tree/key: Cannot open: Permission denied" iso 'tar -cf /tmp/none.tar data/tree/key'
rm -f /tmp/none.tar; AS=1500 u tar-perm.tree "tar: data/tree/shut: Cannot open: Permission denied" iso 'tar -cf /tmp/none.tar data/tree/shut'
u tar-open.enoent "tar: data/none.tar: Cannot open: No such file or directory" syslog 'tar -xf data/none.tar -C /tmp'
u tar-open.dir "tar: /srv/app/out: Cannot open: No such file or directory" syslog 'tar -xf data/a.tgz -C /srv/app/out'
u tar-bad.format "tar: This does not look like a tar archive" "gzip: stdin: not in gzip format" level 'tar -xf data/noise -C /tmp'
u tar-bad.gzip "gzip: stdin: not in gzip format" level 'tar -xzf data/noise -C /tmp'
u tar-bad.short "gzip: stdin: unexpected end of file" "tar: Unexpected EOF in archive" level 'tar -xzf data/short.tgz -C $(mktemp -d)'
u tar-member "tar: etc/shop.conf: Not found in archive" iso 'tar -xf data/a.tgz -C /tmp etc/shop.conf'
u tar-full "tar: /dev/full: Wrote only 4096 of 10240 bytes" "tar: /dev/full: Cannot write: No space left on device" "tar: /dev/full: Wrote only <*> of 10240 bytes" iso 'tar -cf /dev/full data/list.txt'
u tar-option "tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options" "tar: unrecognized option '--creatx'" "tar: option '--creat' is ambiguous; possibilities: '--create'" iso 'tar --creatx -f x'
u rsync-src.a 'rsync: [sender] link_stat "/srv/app/a.csv" failed: No such file or directory (2)' iso 'rsync -a --progress data/noise /srv/app/a.csv $(mktemp -d)/ 1>&2'
u rsync-src.b 'rsync: [sender] link_stat "/srv/app/b.csv" failed: No such file or directory (2)' iso 'rsync -a --progress data/noise /srv/app/b.csv $(mktemp -d)/ 1>&2'
u rsync-dest 'rsync: [Receiver] mkdir "/srv/app/out/today" failed: No such file or directory (2)' iso 'rsync -a data/noise /srv/app/out/today/'
AS=1500 u rsync-perm.read 'rsync: [sender] send_files failed to open "/srv/app/data/tree/key": Permission denied (13)' iso 'rsync -a data/tree/key $(mktemp -d)/'
AS=1500 u rsync-perm.write 'rsync: [receiver] mkstemp "/srv/app/data/tree/.noise.<*>" failed: Permission denied (13)' iso 'rsync -a data/noise /srv/app/data/tree/'
u rsync-module.host "ssh: Could not resolve hostname backup.shop.invalid: Name or service not known" iso 'rsync -a data/noise app@backup.shop.invalid:/srv/'
u rsync-module.daemon 'rsync: [sender] failed to connect to localhost (127.0.0.1): Connection refused (111)' 'rsync: [sender] failed to connect to localhost (::1): Connection refused (111)' iso 'rsync -a data/noise rsync://localhost:8730/backup/'
u rsync-option "rsync: --archve: unknown option" "rsync: -a --archve: unknown option" iso 'rsync --archve data /tmp'

r='env RESTIC_PASSWORD=x restic'
rm -rf /srv/backup; mkdir -p /srv/backup
(RESTIC_PASSWORD=right HOME=/home/app restic -q -r /srv/backup/restic init; export HOME=/home/app BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes; borg init -e none /srv/backup/borg; borg list /srv/backup/borg; export BORG_PASSPHRASE=right; borg init -e repokey /srv/backup/borgkey; borg list /srv/backup/borgkey) 2>/dev/null
REAL_CLOCK=1 u restic.none "Fatal: unable to open config file: Lstat: stat /srv/backup/none/config: no such file or directory" "Fatal: unable to open config file: stat /srv/backup/none/config: no such file or directory" "unable to open config file: stat /srv/backup/none/config: no such file or directory" iso "$r -r /srv/backup/none snapshots"
REAL_CLOCK=1 u restic.password "Fatal: wrong password or no key found" "wrong password or no key found" iso "$r -r /srv/backup/restic snapshots"
REAL_CLOCK=1 u restic.source "Fatal: all target directories/files do not exist" "/srv/app/in/a does not exist, skipping" "all target directories/files do not exist" iso "env RESTIC_PASSWORD=right restic -r /srv/backup/restic backup /srv/app/in/a"
REAL_CLOCK=1 u restic.snapshot "invalid id \"abc\": no matching ID found for prefix \"abc\"" "Ignoring \"abc\": no matching ID found for prefix \"abc\"" iso "env RESTIC_PASSWORD=right restic -r /srv/backup/restic restore abc --target /tmp/r"
u borg.none "Repository /srv/backup/none does not exist." syslog 'borg list /srv/backup/none'
u borg.archive "Archive monday does not exist" syslog 'env BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes BORG_RELOCATED_REPO_ACCESS_IS_OK=yes borg list /srv/backup/borg::monday'
u borg.passphrase "passphrase supplied in BORG_PASSPHRASE, by BORG_PASSCOMMAND or via BORG_PASSPHRASE_FD is incorrect." syslog 'env BORG_PASSPHRASE=x BORG_RELOCATED_REPO_ACCESS_IS_OK=yes borg list /srv/backup/borgkey'
u borg.invalid "/srv/app/data is not a valid repository. Check repo config." syslog 'borg list /srv/app/data'
u borg-usage "borg create: error: argument ARCHIVE: invalid location format: \"\"" "argument --compression: invalid CompressionSpec value: 'lz5'" "argument -C/--compression: invalid CompressionSpec value: 'lz5'" "argument -C/--compression: Invalid value" syslog 'borg create -C lz5 /srv/backup/borg::a data'
REAL_CLOCK=1 u rclone.remote 'Failed to create file system for "store:": didn'"'"'t find section in config file' 'Failed to create file system for "store:x": didn'"'"'t find section in config file' bare 'rclone ls store:x'
REAL_CLOCK=1 u rclone.dir 'Failed to ls with 2 errors: last error was: error in ListJSON: directory not found' 'error listing: directory not found' 'Failed to ls: directory not found' ': error listing: directory not found' 'Failed to ls with 2 errors: last error was: directory not found' bare 'rclone ls /srv/app/out'
REAL_CLOCK=1 u rclone.command 'unknown command "cpoy" for "rclone"' 'Error: unknown command "cpoy" for "rclone"' 'Fatal error: unknown command "cpoy" for "rclone"' bare 'rclone cpoy a b'
u duplicity.url "UnsupportedBackendScheme: scheme not supported in url: nofile://x" iso 'duplicity data nofile://x'
u duplicity.source "Backup source directory /srv/app/out does not exist." iso 'duplicity --no-encryption /srv/app/out file:///srv/backup/dup'
u zip "zip error: Nothing to do! (/tmp/<*>.zip)" "zip error: Nothing to do! (<*>)" rfc 'zip -q /tmp/out.$$.zip data/none >&2'
u unzip.none "unzip:  cannot find or open data/none.zip, data/none.zip.zip or data/none.zip.ZIP." rfc 'unzip -o data/none.zip -d /tmp'
u unzip.bad "End-of-central-directory signature not found.  Either this file is not a zipfile, or it constitutes one disk of a multi-part archive.  In the latter case the central directory and zipfile comment will be found on the last disk(s) of this archive." "unzip:  cannot find zipfile directory in one of data/noise or data/noise.zip, and cannot find data/noise.ZIP, period." "End-of-central-directory signature not found. Either this file is not" "End-of-central-directory signature not found.  Either this file is not" rfc 'unzip -o data/noise -d /tmp'
u gzip.format "gzip: data/noise: not in gzip format" "gzip: data/noise: unknown suffix -- ignored" iso 'gzip -dc data/noise'
u gzip.eof "gzip: data/short.tgz: unexpected end of file" iso 'gzip -dc data/short.tgz'
u gzip.none "gzip: data/none.gz: No such file or directory" iso 'gzip -dc data/none.gz'
u xz "xz: data/noise: File format not recognized" iso 'xz -dc data/noise'
u zstd "zstd: data/noise: unsupported format" "zstd: /*stdin*\: unsupported format" "zstd: /*stdin*\\: unsupported format" iso 'zstd -dc data/noise'
u cpio "cpio: premature end of archive" iso 'cpio -i <data/short.tgz'
u 7z "ERROR: data/noise" "data/noise" "Can not open the file as archive" iso '7z x data/noise -o/tmp 1>&2'

git init -q "$ROOT/repo" 2>/dev/null; cd "$ROOT/repo" && git config user.email a@b.example && git config user.name app
echo 1 >a && git add a && git commit -qm one; git branch -q other; echo 2 >a && git commit -qam two; git checkout -q other; echo 3 >a && git commit -qam three
touch .git/refs/heads/keep
git init -q --bare /srv/backup/origin.git; git push -q /srv/backup/origin.git master 2>/dev/null; git -C "$ROOT/repo" remote add origin /srv/backup/origin.git
rm -f .git/refs/heads/keep; chown -R root: "$ROOT/repo" /srv/backup/origin.git; cd "$ROOT" || exit
g() { u "git-$1" "$2" "${2#fatal: }" "${2#error: }" "${@:3:${#}-3}" iso "git -c safe.directory='*' -C repo ${*: -1}"; }
g repo.none "fatal: not a git repository (or any of the parent directories): .git" "-C ../data status"
g repo.remote "fatal: '/srv/backup/none.git' does not appear to be a git repository" "fetch --progress /srv/backup/none.git"
g branch.a "fatal: couldn't find remote ref nightly" "fetch origin nightly"
g branch.b "fatal: couldn't find remote ref weekly" "fetch origin weekly"
g path.a "error: pathspec 'nightly' did not match any file(s) known to git" "checkout nightly"
g path.b "error: pathspec 'weekly' did not match any file(s) known to git" "checkout weekly"
g conflict "error: could not apply <*>... two" "checkout -qf other; git -C repo -c safe.directory='*' cherry-pick master; git -C repo cherry-pick --abort; exit 1"
g dirty "error: Your local changes to the following files would be overwritten by checkout:" "diff >/dev/null; echo x\$RUN\$\$ >repo/a; git -C repo checkout master; R=\$?; git -C repo checkout -q a; exit \$R"
g push "error: failed to push some refs to '/srv/backup/origin.git'" "! [rejected] other -> master (non-fast-forward)" "! [rejected]        other -> master (non-fast-forward)" "push origin other:master"
g ambiguous "fatal: ambiguous argument 'v9': unknown revision or path not in the working tree." "log v9"
g host.https "fatal: unable to access 'https://git.shop.invalid/x.git/': Could not resolve host: git.shop.invalid" "clone https://git.shop.invalid/x.git \$(mktemp -d)"
g host.ssh "ssh: Could not resolve hostname git.shop.invalid: Name or service not known" "clone git@git.shop.invalid:x.git \$(mktemp -d)"
g host.port "fatal: unable to access 'http://localhost:8089/x.git/': Failed to connect to localhost port 8089 after <*> ms: Couldn't connect to server" "clone http://localhost:8089/x.git \$(mktemp -d)"
g lock "fatal: Unable to create '/srv/app/repo/.git/index.lock': File exists." "status >/dev/null; touch repo/.git/index.lock; git -C repo add a; R=\$?; rm repo/.git/index.lock; exit \$R"
g identity "fatal: empty ident name (for <>) not allowed" "fatal: unable to auto-detect email address (got 'app@app1.(none)')" "Author identity unknown" "Committer identity unknown" "-c user.name= -c user.email= commit --allow-empty -m x"
g command "git: 'pul' is not a git command. See 'git --help'." "pul"
AS=1500 u git-owner "fatal: detected dubious ownership in repository at '/srv/app/repo'" "detected dubious ownership in repository at '/srv/app/repo'" iso 'git -C repo status'

u gpg.key "gpg: shopkey: skipped: No public key" "gpg: data/list.txt: encryption failed: No public key" level 'gpg --homedir $(mktemp -d) --batch -r shopkey -e data/list.txt'
u gpg.data "gpg: no valid OpenPGP data found." level 'gpg --homedir $(mktemp -d) --batch -d data/list.txt'
u gpg.file "gpg: can't open 'data/none.gpg': No such file or directory" level 'gpg --homedir $(mktemp -d) --batch -d data/none.gpg'
