# After the start-up nothing ends a runner: what fails is said once, counted,
# tried again, and works again as soon as it can.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;
use Time::HiRes qw(time sleep);

sub project {
	my ($more) = @_;
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nsuccess_cooldown = 100ms\n"
	    . 'fail_cooldown = 100ms admins = {"a@example.org"} '
	    . ($more || ''));
	$p->task(t => "#!/bin/sh\necho ran\n[ ! -e fail ]\n");
	return $p;
}

sub errors {
	my ($p, @words) = @_;
	my ($status, $out) = $p->run('status', '--prometheus', @words);
	my ($count) = $out =~ /^runner_chain_errors_total\{[^}]*\} (\d+)/m;
	return $count;
}

# The runner works: it ends runs from now on.
sub works {
	my ($run) = @_;
	my $n = lines_of($run->err, qr/Execution/);
	return $run->wait_log(qr/Execution/, $n + 2);
}

subtest 'fork: EAGAIN (RLIMIT_NPROC)' => sub {
	plan skip_all => 'needs root and namespaces'
	    if $> || system('unshare -m true 2>/dev/null');
	my $p = project();
	my $uid = 200_000 + $$ % 100_000;
	chown $uid, -1, $p->dir;
	my @as = ('setpriv', "--reuid=$uid", "--regid=$uid", '--clear-groups');
	my $run = $p->start_command(@as, $RunnerTest::RUNNER, 'run', 't');
	ok works($run), 'a runner of a user';
	system @as, 'prlimit', '--pid', $run->pid, '--nproc=0:';
	ok $run->wait_log(qr/Could not start: .*unavailable; trying again/),
	    'that cannot fork says so';
	ok wait_for(sub { (errors($p) // 0) >= 2 }), 'counts it';
	is lines_of($run->err, qr/Could not start/), 1, 'says it once';
	is lines_of($run->err, qr/Execution failed/), 0,
	    'and blames not the task';
	system @as, 'prlimit', '--pid', $run->pid, '--nproc=1000:';
	ok $run->wait_log(qr/Could start again after \d+ tries/), 'then it can';
	ok works($run), 'and works on';
	is $run->stop, 0, 'and stops as ever';
};

subtest 'EMFILE' => sub {
	my $p = project();
	spew($p->dir . '/fail', '');
	my $run = $p->start('run', 't');
	ok works($run), 'a runner';
	wait_for(sub { $run->err =~ /Sent email|Wrote mail/ });
	# So few that one thing after the other cannot be opened.
	for my $limit (3, 8, 10, 12, 13, 14, 15, 16, 17, 18) {
		system 'prlimit', '--pid', $run->pid, "--nofile=$limit:1024";
		sleep 0.15;
	}
	system 'prlimit', '--pid', $run->pid, '--nofile=5:1024';
	ok $run->wait_log(qr/Could not start: Too many open files/),
	    'that may open nothing says so';
	ok !$run->has_ended, 'and lives';
	system 'prlimit', '--pid', $run->pid, '--nofile=1024:1024';
	ok $run->wait_log(qr/Could start again/), 'then it can again';
	ok works($run), 'and works on';
	unlike $run->err, qr/stdin/, 'its tasks had their input';
	is $run->stop, 0, 'and stops as ever';
};

subtest 'a stop while nothing can be opened' => sub {
	my $p = RunnerTest->new;
	$p->config('log { format = plain } stop_timeout = 300ms');
	$p->task(t => "#!/bin/sh\n" . RunnerTest::lib()
	    . "/stray pid double session deaf\necho ready\nexec sleep 1000\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/ready/);
	system 'prlimit', '--pid', $run->pid, '--nofile=5:1024';
	$run->kill('TERM');
	ok $run->wait_log(qr/Stopping/), 'is begun';
	sleep 0.5;
	ok !$run->has_ended, 'what is not seen is not taken for gone';
	system 'prlimit', '--pid', $run->pid, '--nofile=1024:1024';
	$run->wait;
	is $run->status, 0, 'then it stops';
	is scalar(() = $p->survivors), 0, 'with nothing left';
};

# A runner whose run_root is a small disk of its own.
sub on_small_disk {
	my ($p, $size, $prepare) = @_;
	spew($p->root . '/.keep', '');
	my $run = $p->start_command('unshare', '-m', 'sh', '-c',
	    "mount -t tmpfs -o size=$size none $p->{root} && $prepare "
	    . "exec $RunnerTest::RUNNER run t");
	return $run;
}

sub inside { "/proc/$_[1]{pid}/root" . $_[0]->root }

for my $full (0, 1) {
	subtest $full ? 'ENOSPC from the start' : 'ENOSPC while it runs' => sub {
		plan skip_all => 'needs root and namespaces'
	    if $> || system('unshare -m true 2>/dev/null');
		my $p = project();
		my $fill = 'head -c 100M /dev/zero > ' . $p->root . '/filler '
		    . '2>/dev/null;';
		my $run = on_small_disk($p, '1M', $full ? $fill : '');
		ok works($run), 'a runner' or diag $run->err;
		unless ($full) {
			my $filler = inside($p, $run) . '/filler';
			system "head -c 100M /dev/zero > $filler 2>/dev/null";
		}
		spew($p->dir . '/fail', '');
		ok $run->wait_log(qr/Execution failed/, 3), 'runs its task';
		ok $run->wait_log(qr/No space left/), 'says what is wrong';
		my @said = $run->err =~ /^WARNING (.*No space left.*)/mg;
		my %said;
		$said{$_ =~ s/\d+|[0-9a-f]{16}/N/gr}++ for @said;
		is_deeply [grep { $said{$_} > 3 } keys %said], [],
		    'each thing not again and again' or diag $run->err;
		my ($status, $out) = $p->run('status', '-r', inside($p, $run));
		is $status, 1, 'and status is not well' if $full;
		like $out, qr/could not write its state/, 'it says why' if $full;
		unlink inside($p, $run) . '/filler' or diag "unlink: $!";
		ok $run->wait_log(qr/Sent email|Wrote mail/), 'then what waited is sent';
		ok wait_for(sub { slurp(inside($p, $run) . '/t.pid')
		    eq "$run->{pid}\n" }), 'the pidfile is written';
		ok wait_for(sub { -s inside($p, $run) . '/t.state' }),
		    'the state too';
		ok works($run), 'and it works on';
		is $run->stop, 0, 'and stops as ever';
	};
}

subtest 'messages that a full disk does not take' => sub {
	plan skip_all => 'needs root and namespaces'
	    if $> || system('unshare -m true 2>/dev/null');
	my $p = project('mail { url = "smtp://127.0.0.1:1" max_per_hour = 0 }');
	$p->config(slurp($p->dir . '/runner.conf') =~ s/100ms/20ms/gr);
	$p->task(t => "#!/bin/sh\necho \"boom \$(printf '%0*d' \$RUNNER_RUN 0 " .
	    "| tr 0 y)\" >&2\nexit 1\n");
	my $run = on_small_disk($p, '400k', 'head -c 300k /dev/zero > ' .
	    $p->root . '/filler;');
	ok $run->wait_log(qr/Held back/, 3), 'are kept count of';
	is lines_of($run->err, qr/max_per_hour|: Notifications were held/), 0,
	    'for no other reason, and not the word of it too' or diag $run->err;
	unlink inside($p, $run) . '/filler';
	ok wait_for(sub { grep { slurp($_) =~ /held back before: \d/ }
	    glob inside($p, $run) . '/outbox/t,*' }), 'and told of later';
	$run->stop;
};

subtest 'run_root removed' => sub {
	my $p = project();
	my $run = $p->start('run', 't');
	ok works($run), 'a runner';
	system 'rm', '-rf', $p->root;
	spew($p->dir . '/fail', '');
	ok $run->wait_log(qr/Execution failed/, 2), 'runs its task';
	ok $run->wait_log(qr/Sent email|Wrote mail/), 'and tells of it';
	ok wait_for(sub { $p->mails }), 'in a new directory';
	ok wait_for(sub { -s $p->root . '/t.state' }), 'state and all';
	cmp_ok errors($p) // 0, '>=', 1, 'it is counted';
	is $run->stop, 0, 'and it stops as ever';
};

subtest 'run_root removed, and not to be made' => sub {
	my $p = project();
	my $run = $p->start('run', 't');
	ok works($run), 'a runner';
	rename $p->root, $p->root . '.away';
	spew($p->root, 'a file where the directory was');
	ok $run->wait_log(qr/WARNING Could not write pidfile/), 'says so';
	ok works($run), 'and works on';
	is lines_of($run->err, qr/Could not write pidfile/), 1, 'says it once';
	unlink $p->root;
	ok wait_for(sub { ($p->pid_in_file('t') // 0) == $run->pid }),
	    'then it is made anew';
	is $run->stop, 0, 'and it stops as ever';
};

subtest 'the reader of the log goes (SIGPIPE)' => sub {
	my $p = project();
	pipe my $reader, my $writer or die;
	my $pid = fork // die;
	if (!$pid) {
		close $reader;
		chdir $p->dir;
		my ($name, $value) = split /=/, $p->{tag};
		$ENV{$name} = $value;
		open STDERR, '>&', $writer;
		exec $RunnerTest::RUNNER, 'run', 't';
	}
	close $writer;
	<$reader> for 1 .. 5;
	my $runs = sub {
		my ($status, $out) = $p->run('history', '--json', 't');
		return scalar(() = $out =~ /"started"/g);
	};
	close $reader;
	my $before = $runs->();
	ok wait_for(sub { $runs->() > $before + 1 }), 'it works on';
	kill 'TERM', $pid;
	waitpid $pid, 0;
	is $?, 0, 'and stops as ever';
};

subtest 'the directory of the log removed' => sub {
	my $p = project();
	$p->config(slurp($p->dir . '/runner.conf')
	    =~ s/format = plain/format = plain file = "logs\/log"/r);
	mkdir $p->dir . '/logs';
	my $run = $p->start('run', 't');
	my $log = $p->dir . '/logs/log';
	ok wait_for(sub { slurp($log) =~ /Execution/ }), 'a log';
	system 'rm', '-rf', $p->dir . '/logs';
	sleep 0.3;
	ok !$run->has_ended, 'it lives';
	mkdir $p->dir . '/logs';
	ok wait_for(sub { slurp($log) =~ /Execution/ }),
	    'and writes as soon as the directory is there';
	is $run->stop, 0, 'and stops as ever';
};

subtest 'the executable of the task removed' => sub {
	my $p = project();
	my $run = $p->start('run', 't');
	ok works($run), 'a runner';
	rename $p->dir . '/tasks/t', $p->dir . '/tasks/x';
	ok $run->wait_log(qr/Execution failed/), 'the run fails';
	rename $p->dir . '/tasks/x', $p->dir . '/tasks/t';
	my $n = lines_of($run->err, qr/Execution successful/);
	ok $run->wait_log(qr/Execution successful/, $n + 1), 'then it works';
	is $run->stop, 0, 'and stops as ever';
};

done_testing;
