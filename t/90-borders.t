# What another user can do to a chain, and to root who looks at one: each
# subtest plays that user.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Fcntl qw(F_RDLCK F_WRLCK F_SETLK O_RDONLY O_RDWR);
use POSIX ();
use Test::More;

plan skip_all => 'only root can play other users' if $>;

my ($OTHER, $SLOW) = (12345,
    'log { format = plain } success_cooldown = 1h fail_cooldown = 1h');
my @children;
END { kill 'KILL', grep { $_ } @children }

sub project {
	my $p = RunnerTest->new;
	$p->config("$SLOW\nchain t { tasks = {t} }\n");
	$p->task(t => "#!/bin/sh\necho ran\n");
	chmod 0755, $p->dir;
	return $p;
}

# A process of that user which locks bytes of a file and waits to be ended.
sub holder {
	my ($uid, $path, $mode, $type, $start, $length) = @_;
	pipe my $ready, my $say or die;
	my $pid = fork // die;
	if (!$pid) {
		my $lock = pack 's s x4 q q l x4', $type, 0, $start, $length, 0;
		($<, $>) = ($uid, $uid) if $uid;
		my $file;
		my $got = sysopen($file, $path, $mode)
		    && fcntl($file, F_SETLK, $lock);
		syswrite $say, $got ? 'y' : 'n';
		sleep 1000 while 1;
	}
	push @children, $pid;
	sysread $ready, my $got, 1;
	is $got, 'y', "a process of user $uid holds a lock";
	return $pid;
}

sub forget_child {
	my ($pid) = @_;
	kill 'KILL', $pid;
	waitpid $pid, 0;
	@children = grep { $_ != $pid } @children;
}

subtest 'others cannot open what is locked, nor read the state' => sub {
	my $p = project();
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Sleeping/);
	my %mode = (lock => '600', state => '600', pid => '644');
	is sprintf('%o', (stat $p->root . "/t.$_")[2] & 07777), $mode{$_},
	    "t.$_" for sort keys %mode;
	$run->stop;
};

subtest 'a lock for reading on the pidfile stops nobody' => sub {
	my $p = project();
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Sleeping/);
	$run->stop;
	chmod 0755, $p->root;
	for my $bytes ([0, 1], [1, 0], [0, 0]) {
		my $pid = holder($OTHER, $p->root . '/t.pid', O_RDONLY,
		    F_RDLCK, @$bytes);
		my $next = $p->start('run', 't');
		ok $next->wait_log(qr/Execution successful/),
		    "bytes @$bytes: the chain runs" or diag $next->err;
		ok is_alive($pid), 'nobody is signalled for it';
		is $next->stop, 0, 'and it stops';
		forget_child($pid);
	}
};

subtest 'root ends no process that a lock of a user names' => sub {
	my $p = project();
	mkdir $p->root, 0755;
	for my $suffix (qw(lock pid)) {
		my $path = $p->root . "/t.$suffix";
		spew($path, '');
		chown $OTHER, $OTHER, $path;
		my $pid = holder(0, $path, O_RDWR, F_WRLCK, 0, 1);
		my ($status, undef, $err) = $p->run('stop', 't');
		ok is_alive($pid), "t.$suffix: the stranger lives";
		is $status, 1, 'stop says that it cannot tell' or diag $err;
		forget_child($pid);
		unlink $path;
	}
};

subtest 'root ends a process of the user who owns the lock' => sub {
	my $p = project();
	mkdir $p->root, 0755;
	my $path = $p->root . '/t.lock';
	spew($path, '');
	chown $OTHER, $OTHER, $path;
	my $pid = holder($OTHER, $path, O_RDWR, F_WRLCK, 0, 1);
	$p->run('stop', 't');
	ok wait_for(sub { return waitpid($pid, 1) == $pid }), 'it gets TERM';
	@children = grep { $_ != $pid } @children;
};

subtest 'a state that another user laid is not believed' => sub {
	my $p = project();
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Sleeping/);
	kill 'KILL', $run->pid;
	$run->wait;
	chown $OTHER, $OTHER, $p->root . '/t.state';
	my $next = $p->start('run', 't');
	ok $next->wait_log(qr/The state of t belongs to user $OTHER/),
	    'is said';
	ok $next->wait_log(qr/Execution successful/), 'and the chain runs';
	$next->stop;
	is +(stat $p->root . '/t.state')[4], 0, 'with a state of its own';
};

subtest 'a runner of 1.0.0, which locks the pidfile, is met as ever' => sub {
	my $p = project();
	mkdir $p->root, 0755;
	my $path = $p->root . '/t.pid';
	spew($path, '');
	my $pid = holder(0, $path, O_RDWR, F_WRLCK, 0, 1);
	my ($status) = $p->run('run', '--if-running', 'refuse', 't');
	is $status, 75, 'it owns the chain';
	my $next = $p->start('run', 't');
	ok wait_for(sub { return waitpid($pid, 1) == $pid }), 'it is asked to leave';
	@children = grep { $_ != $pid } @children;
	ok $next->wait_log(qr/Execution successful/), 'and replaced';
	$pid = fork // die;
	if (!$pid) {
		my $lock = pack 's s x4 q q l x4', F_WRLCK, 0, 0, 1, 0;
		sysopen my $file, $path, O_RDWR or POSIX::_exit(2);
		POSIX::_exit(fcntl($file, F_SETLK, $lock) ? 1 : 0);
	}
	waitpid $pid, 0;
	is $?, 0, 'and the new one holds the lock that 1.0.0 looks at';
	$next->stop;
};

sub start_ticks { (split ' ', slurp("/proc/$_[0]/stat") =~ s/.*\)//sr)[19] }

subtest 'root ends no process that a state file of a user names' => sub {
	my $p = project();
	my $root = $p->root;
	mkdir $_, 0755 for $p->dir . '/var', $root;
	chmod 01777, $root;
	for my $is_link (0, 1) {
		my $real = $is_link ? "$root/elsewhere" : "$root/t.state";
		my $victim = fork // die;
		if (!$victim) {
			# The very file, as soon as it is there.
			my $file;
			sleep 0.05 until open $file, '<', $real;
			open my $told, '>', $p->dir . '/has-it';
			close $told;
			sleep 1000 while 1;
		}
		push @children, $victim;
		chomp(my $boot = slurp('/proc/sys/kernel/random/boot_id'));
		spew($p->dir . '/script', "chain t\nset pid $victim\n" .
		    "set boot $boot\nset ticks " . start_ticks($victim) .
		    "\ntask t\nwrite\n");
		system("$RunnerTest::BUILD/tools/make-state '$root' " .
		    "<'@{[$p->dir]}/script'") == 0 or die;
		chown $OTHER, $OTHER, "$root/t.state";
		if ($is_link) {
			rename "$root/t.state", $real;
			symlink $real, "$root/t.state";
		}
		ok wait_for(sub { -e $p->dir . '/has-it' }),
		    'the stranger has the file open';
		$p->run('stop', 't');
		my $run = $p->start('run', 't');
		ok $run->wait_log(qr/Execution successful/), 'the chain runs';
		ok is_alive($victim), $is_link ? 'through a link' :
		    'and the stranger lives';
		$run->stop;
		forget_child($victim);
		unlink $p->dir . '/has-it', $real, "$root/t.state";
	}
};

subtest 'root ends nobody who got the pid of one that took a lock' => sub {
	my $p = project();
	mkdir $_, 0755 for $p->dir . '/var', $p->root;
	my $path = $p->root . '/t.lock';
	spew($path, '');
	chown $OTHER, $OTHER, $path;
	my ($CLONE_FILES, $SYS_clone) = (0x400, 56);
	plan skip_all => 'not x86-64' if (POSIX::uname())[4] ne 'x86_64';
	pipe my $ready, my $say or die;
	my $taker = fork // die;
	if (!$taker) {
		($<, $>) = ($OTHER, $OTHER);
		my $lock = pack 's s x4 q q l x4', F_WRLCK, 0, 0, 1, 0;
		sysopen my $file, $path, O_RDWR or POSIX::_exit(1);
		fcntl $file, F_SETLK, $lock or POSIX::_exit(1);
		my $keeper = syscall($SYS_clone, $CLONE_FILES | 17, 0, 0, 0, 0);
		POSIX::_exit(0) if $keeper;
		syswrite $say, POSIX::getpid() . "\n";
		sleep 1000 while 1;
	}
	waitpid $taker, 0;
	sysread $ready, my $keeper, 32;
	push @children, $keeper + 0;
	# A stranger, root's, gets the number.
	my $stranger;
	for (1 .. 50) {
		open my $last, '>', '/proc/sys/kernel/ns_last_pid' or last;
		syswrite $last, $taker - 1;
		close $last;
		$stranger = fork // die;
		sleep 1000 while !$stranger;
		push @children, $stranger;
		last if $stranger == $taker;
		forget_child($stranger);
	}
	is $stranger, $taker, 'a stranger has the pid of who took the lock';
	my ($status, undef, $err) = $p->run('stop', 't');
	is $status, 1, 'stop cannot tell who owns the chain' or diag $err;
	ok is_alive($stranger), 'and ends nobody';
	forget_child($_) for $stranger, $keeper + 0;
};

subtest 'what is laid under a name that is known stops nobody' => sub {
	my $p = project();
	mkdir $_ for $p->dir . '/var', $p->root;
	chmod 01777, $p->root;
	$p->config("$SLOW\nadmins = a\@example.org\n");
	$p->task(t => "#!/bin/sh\necho lost >&2\nexit 1\n");
	$p->run('once', 't');
	my ($kept) = map { m{/([^/]+)$} } glob $p->root . '/failures/t,*';
	ok $kept, 'a failure is kept';
	unlink glob($p->root . '/failures/*'), $p->root . '/t.state';
	for my $name (".$kept.new", "$kept.new", $kept) {
		POSIX::mkfifo($p->root . "/failures/$name", 0666);
		chown $OTHER, -1, $p->root . "/failures/$name";
	}
	for my $name (qw(.t.state.new t.state.new .t.pid.new)) {
		POSIX::mkfifo($p->root . "/$name", 0666);
		chown $OTHER, -1, $p->root . "/$name";
	}
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/Sleeping/), 'the chain runs on';
	is $run->stop, 0, 'and stops';
};

subtest 'what is not theirs to see is not said to be none' => sub {
	my $p = project();
	$p->task(t => "#!/bin/sh\necho lost >&2\nexit 1\n");
	$p->run('once', 't');
	for my $command (qw(status failures history)) {
		my @words = ('setpriv', '--reuid', $OTHER, '--regid', $OTHER,
		    '--clear-groups', $RunnerTest::RUNNER, $command, '-c',
		    $p->dir . '/runner.conf');
		my $said = `@words 2>&1`;
		like $said, qr/not yours to see/, "$command says so";
		unlike $said, qr/lost|no failure is kept/, 'and shows nothing';
	}
};

subtest 'what a chain does that is not theirs to see is not guessed' => sub {
	my $p = project();
	my @other = ('setpriv', '--reuid', $OTHER, '--regid', $OTHER,
	    '--clear-groups', $RunnerTest::RUNNER, '-c', $p->dir . '/runner.conf');
	is +($p->run('start'))[0], 0, 'it runs';
	my $said = `@other status`;
	like $said, qr/^t  running.*\n.*not yours to see.*\n  t +unknown +\? +\? +\?\s*$/m,
	    'the table does not say that its task is stopped';
	$said = `@other status --json`;
	like $said, qr/"name": "t", "state": null, "runs": null, .*"mails_sent": null/s,
	    'nor does the JSON';
	$said = `@other logs t 2>&1`;
	like $said, qr/^runner: cannot open \S+\/t\.log: Permission denied$/,
	    'its log, which start chose, is named';
	unlink $p->root . '/t.log';
	$said = `@other logs t 2>&1`;
	like $said, qr/^runner: where t logs: it is not yours to see/,
	    'where there is none there is no advice to make one';
	$said = `@other logs --task t --run 1 2>&1`;
	like $said, qr/^runner: t: it is not yours to see.*\n\z/,
	    'nor is a run of it said never to have been';
	$p->run('stop');
};

# Who owns what is below a directory, by path: "UID:MODE".
sub owners {
	my ($top) = @_;
	return map { chomp; my ($path, $of) = split /=/; ($path => $of) }
	    `cd '$top' && find . -mindepth 1 -printf '%P=%U:%m\n'`;
}

my ($APP, $MATE) = map { scalar getpwnam $_ } qw(daemon games);

subtest 'a first try as root does not poison' => sub {
	for my $whose (0, $APP) {
		my $p = project();
		$p->config("$SLOW\nadmins = {a\@example.org}\n" .
		    "chain t { tasks = {t} user = daemon log_file = " .
		    "var/log/t.log }\n");
		$p->task(t => "#!/bin/sh\necho lost >&2\nexit 1\n");
		chown $whose, -1, $p->dir;
		$p->run('test-notify');
		$p->run('once', '-n', 't');
		my %is = owners($p->dir . '/var');
		ok $is{$_}, "$_ was made" for qw(run/t.state run/failures
		    run/mail/new log/t.log);
		is join(' ', grep { $_ ne 'run' && $_ ne 'log' &&
		    $is{$_} !~ /^$APP:/ } sort keys %is), '',
		    "in a directory of $whose all is its user's";
		like $is{$_}, qr/^$APP:755/, "$_ too" for qw(run log);
	}
};

subtest 'what was there keeps its mode and owner' => sub {
	my $p = project();
	$p->config("$SLOW\nchain t { tasks = {t} user = daemon }\n" .
	    "chain u { tasks = {t} user = games }\n");
	mkdir $_, 0755 for $p->dir . '/var', $p->root;
	my (undef, undef, $err) = $p->run('start', 't');
	like $err, qr/cannot write in the run_root .* mode 1777/,
	    'what is wrong is said, and what to do';
	is_deeply {owners($p->root)}, {'t.log' => "$APP:640"},
	    'only a log is made there, for its user';
	is sprintf('%o', (stat $p->root)[2] & 07777), '755', 'nor changed';
};

subtest 'chains of several users share what is as /tmp' => sub {
	my $p = project();
	$p->config("$SLOW\nchain t { tasks = {t} user = daemon }\n" .
	    "chain u { tasks = {t} user = games }\n");
	is +($p->run('start'))[0], 0, 'both start where nothing was';
	my %is = owners($p->root);
	is $is{$_}, '0:1777', "$_ is shared" for qw(outbox failures mail/new);
	like $is{'t.pid'}, qr/^$APP:/, 'each has its own files';
	like $is{'u.pid'}, qr/^$MATE:/, 'the other too';
	is sprintf('%o', (stat $p->root)[2] & 07777), '1777', 'as /tmp';
	$p->run('stop');

	$p = project();
	$p->config("$SLOW\nchain t { tasks = {t} user = daemon }\n");
	mkdir $_ for $p->dir . '/var', $p->root;
	chmod 01777, $p->root;
	mkdir $p->root . '/failures';
	chown $MATE, -1, $p->root . '/failures';
	my ($status, undef, $err) = $p->run('run', '-n', 't');
	is $status, 1, 'but not with what another user laid there';
	like $err, qr/cannot share failures/, 'and says so';
};

subtest 'a directory in PATH that is not for a user' => sub {
	my $p = project();
	my $shut = $p->dir . '/shut';
	mkdir $shut, 0700;
	$p->config("$SLOW\ntask t { command = nosuch }\n" .
	    "chain t { tasks = {t} user = games }\n");
	local $ENV{PATH} = "$shut:$ENV{PATH}";
	like +($p->run('check'))[2], qr/there is no program 'nosuch'/,
	    'is passed over';
};

subtest 'who may pause and acknowledge a chain' => sub {
	my $p = project();
	$p->config("$SLOW\nadmins = {a\@example.org}\n" .
	    "chain t { tasks = {t} user = daemon }\n" .
	    "chain u { tasks = {t} user = games }\n");
	$p->task(t => "#!/bin/sh\nexit 1\n");
	# (status, err) of `runner WORDS` by that user
	my $as = sub {
		my ($uid, @words) = @_;
		my $run = $p->start_command('setpriv', "--reuid=$uid",
		    "--regid=$uid", '--clear-groups', $RunnerTest::RUNNER,
		    @words);
		$run->wait;
		return [$run->status, $run->err];
	};
	$p->run('start');
	my $refused = [1, "runner: only its own user and root may ask u\n"];
	is_deeply $as->($APP, 'pause', 'u'), $refused, 'no other user pauses';
	ok !-e $p->root . '/u.pause', 'and leaves nothing';
	is_deeply $as->($MATE, 'pause', 'u'), [0, ''], 'its user does';
	is_deeply $as->($MATE, 'resume', 'u'), [0, ''], 'and resumes';
	$p->run('pause', 'u');
	is ${[stat $p->root . '/u.pause']}[4], $MATE,
	    'what root pauses belongs to the user';
	is_deeply $as->($MATE, 'resume', 'u'), [0, ''], 'who can resume it';
	spew($p->root . '/u.pause', "* 1 0 $APP\n");
	chown $APP, -1, $p->root . '/u.pause';
	like $as->($MATE, 'pause', 'u')->[1], qr/u\.pause belongs to somebody/,
	    'a file that another user laid is said';
	is +($p->run('pause', 'u'))[0], 0, 'and root makes good for it';
	is ${[stat $p->root . '/u.pause']}[4], $MATE, 'as that user';
	ok wait_for(sub { $as->($APP, 'ack', 't')->[0] == 0 }),
	    'a user acknowledges';
	ok wait_for(sub { $as->($MATE, 'ack', 'u')->[0] == 0 }),
	    'and so does another';
	is $as->($APP, 'ack', 'u')->[0], 1, 'but not what is not theirs';
	is +($p->run('ack', '-m', 'seen', 'u'))[0], 0, 'root does';
	is_deeply [sort map { (stat)[4] } glob $p->root . '/acknowledged/*'],
	    [sort $APP, $MATE], 'for the user';
	is $as->($MATE, 'ack', 'u')->[0], 0, 'who may say it anew';
	$p->run('stop');
};

subtest 'root makes and gives away nothing through links of others' => sub {
	my $p = project();
	my ($home, $safe) = map { $p->dir . "/$_" } qw(home safe);
	mkdir $_ for $home, $safe;
	chown $MATE, -1, $home;
	my %is = owners($safe);
	symlink $safe, "$home/link";
	for my $chain ("user = daemon log_file = \"$home/link/log/t.log\"",
	    "user = daemon log_file = \"$home/link/t.log\"") {
		$p->config("$SLOW\nchain t { tasks = {t} $chain }\n");
		my ($status, undef, $err) = $p->run('run', '-n', 't');
		is $status, 1, 'a log is refused';
		like $err, qr/cannot make .*t.log/, 'with words';
		is_deeply {owners($safe)}, \%is, 'nothing was made';
	}
	for my $root ("$home/link/run", "$home/link/a/run") {
		$p->config("$SLOW\nrun_root = \"$root\"\n" .
		    "chain t { tasks = {t} user = daemon }\n");
		my ($status, undef, $err) = $p->run('run', '-n', 't');
		is $status, 1, 'a run_root is refused';
		like $err, qr/cannot make the run_root/, 'with words';
		is_deeply {owners($safe)}, \%is, 'nothing was made';
	}
	# What root is shown of a log, too.
	$p->config("$SLOW\nchain t { tasks = {t} user = games log_file = " .
	    "\"$home/shown.log\" }\n");
	spew("$safe/secret", "secret\n", 0600);
	spew("$home/mine", "INFO mine\n");
	chown $MATE, -1, "$home/mine";
	for my $to (["$safe/secret", ''], ['mine', "INFO mine\n"]) {
		symlink $to->[0], "$home/shown.log";
		is +($p->run('logs', 't'))[1], $to->[1],
		    "a link of his is followed with his rights: $to->[0]";
		unlink "$home/shown.log";
	}
	unlink "$safe/secret", "$home/mine";
	# Root's own log and metrics, where a user has a directory or a link.
	my %harm = ('t.log' => "$safe/t.log", 'link/t.log' => "$safe/t.log",
	    'hard.log' => "$safe/kept");
	spew("$safe/kept", "kept\n");
	%is = owners($safe);
	symlink "$safe/t.log", "$home/t.log";
	link "$safe/kept", "$home/hard.log";
	for my $log (sort keys %harm) {
		$p->config($SLOW =~ s/plain/plain file = "$home\/$log"/r);
		my ($status, undef, $err) = $p->run('once', 't');
		is $status, 1, "a log is not led astray: $log";
		like $err, qr/\Q$home\E.*(?:Too many|not permitted)/, 'and why';
		is_deeply {owners($safe)}, \%is, 'nothing was made';
		is slurp("$safe/kept"), "kept\n", 'nor written';
	}
	$p->config($SLOW =~ s/plain/plain file = "$home\/own.log"/r);
	is +($p->run('once', 't'))[0], 0, 'but it may be in his directory';
	like slurp("$home/own.log"), qr/Execution successful/, 'as ever';
	$p->config($SLOW =~
	    s/plain/plain file = "$home\/own.log" max_size = 100/r);
	is +($p->run('once', 't'))[0], 0, 'and grow';
	ok -e "$home/own.log.1", 'and is rotated there';
	mkdir "$home/roots", 0755;
	symlink $home, "$safe/way";
	for my $log ("$home/roots/own.log", "$safe/way/own.log") {
		$p->config($SLOW =~ s/plain/plain file = "$log" max_size = 100/r);
		is +($p->run('once', 't'))[0], 0, "root's own way is: $log"
		    for 1, 2;
		ok -e "$log.1", 'and is rotated';
	}
	unlink "$safe/way";
	$p->config("$SLOW\nmetrics_dir = \"$home/link\"\n");
	my (undef, undef, $err) = $p->run('once', 't');
	like $err, qr/Could not write .*runner-t.prom/, 'nor are metrics';
	is_deeply {owners($safe)}, \%is, 'which are made nowhere';
	mkdir "$home/metrics";
	chown $MATE, -1, "$home/metrics";
	symlink "$safe/kept", "$home/metrics/runner-t.prom";
	$p->config("$SLOW\nmetrics_dir = \"$home/metrics\"\n");
	for my $laid ('a link', 'a fifo', 'a directory') {
		is +($p->run('once', 't'))[0], 0, "where $laid was laid";
		is slurp("$safe/kept"), "kept\n", 'nothing is written through it';
		my $file = "$home/metrics/runner-t.prom";
		ok -f $file && !-l $file, 'they replace it' if -e "$file" && !-d _;
		unlink $file;
		$laid eq 'a link' ? POSIX::mkfifo($file, 0666) : mkdir $file;
	}
	unlink "$safe/kept";
	mkdir "$home/Maildir";
	chown $MATE, -1, "$home/Maildir";
	mkdir "$safe/$_" for qw(tmp new cur);
	%is = owners($safe);
	symlink "$safe/$_", "$home/Maildir/$_" for qw(tmp new cur);
	$p->config("$SLOW\nadmins = {a\@example.org}\n" .
	    "mail { url = \"maildir:$home/Maildir\" }\n");
	my ($status) = $p->run('test-notify');
	is $status, 1, 'a Maildir of links is refused';
	is_deeply {owners($safe)}, \%is, 'nothing was written';
	unlink "$home/Maildir/$_" for qw(tmp new cur);
	is +($p->run('test-notify'))[0], 0, 'one of another user is served';
	is join(' ', map { /:/ && !/^$MATE:/ ? $_ : () }
	    owners("$home/Maildir")), '', 'and all in it is his';
};

subtest 'nobody can tell start that a chain is up' => sub {
	my $p = project();
	$p->task(t => "#!/bin/sh\nexec sleep 1000\n");
	$p->run('start');
	my $start = $p->start('start', '--drain');
	my $fds = '/proc/' . $start->pid . '/fd';
	my %ours = map { (readlink // '') => 1 } glob "/proc/$$/fd/*";
	my $open = sub {
		return grep { !$ours{$_} } map { readlink // '' } glob "$fds/*";
	};
	ok wait_for(sub { return 1 < grep { /^pipe:/ } $open->() }),
	    'it listens to pipes';
	is join(' ', grep { /^socket:/ } $open->()), '',
	    'which have no name to speak to';
	ok is_alive($start->pid), 'and waits';
	$p->run('stop');
	$start->wait;
	is $start->status, 0, 'until it is told by who started';
	$p->run('stop');
};

done_testing;
