# Who owns a chain is what the kernel says, never what a file says.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use POSIX ();
use Test::More;
use Time::HiRes qw(time);

my $SLOW = 'log { format = plain } success_cooldown = 1h fail_cooldown = 1h';

sub project {
	my $p = RunnerTest->new;
	$p->config($SLOW);
	$p->task($_ => "#!/bin/sh\necho ran\n") for qw(t a_b c a b_c);
	return $p;
}

my $stranger = fork // die;
if (!$stranger) {
	exec 'sleep', '1000';
}
END { kill 'KILL', $stranger if $stranger }

subtest 'a stale pidfile, whatever it holds' => sub {
	my %content = (
		'the pid of a stranger' => "$stranger\n",
		'the pid of the stranger, no newline' => $stranger,
		'process 1' => "1\n",
		'everybody' => "-1\n",
		'our own group' => "0\n",
		'a process that is gone' => "32767\n",
		'a huge number' => '9' x 400 . "\n",
		'beyond 32 bits' => "4294967297\n",
		'garbage' => "what?\x01\xff\n",
		'NULs' => "\0" x 64,
		'nothing' => '',
		'a pid and a word' => "$stranger runner\n",
		'a megabyte' => 'junk ' x 200_000,
	);
	for my $what (sort keys %content) {
		my $p = project();
		spew($p->root . '/t.pid', $content{$what});
		my $run = $p->start('run', 't');
		$run->wait_log(qr/Sleeping/);
		is slurp($p->root . '/t.pid'), $run->pid . "\n",
		    "$what: is overwritten whole";
		unlike $run->err, qr/Sent SIGTERM/, "$what: nobody is signalled";
		is $run->stop, 0, "$what: runs and stops as ever";
	}
	ok is_alive($stranger), 'the stranger lives';
};

subtest 'what is no pidfile is refused' => sub {
	my %made = (
		'a symbolic link' => [sub { spew("$_[0].x", ''); symlink "$_[0].x",
		    $_[0] }, qr/symbolic link/],
		'a dangling link' => [sub { symlink '/nonexistent/x', $_[0] },
		    qr/symbolic link/],
		'a pipe' => [sub { POSIX::mkfifo($_[0], 0644) },
		    qr/not a regular file/],
		'a directory' => [sub { mkdir $_[0] }, qr/directory/i],
		'a second name' => [sub { spew("$_[0].x", "precious\n");
		    link "$_[0].x", $_[0] }, qr/hard link/],
		'a device' => [sub { system 'mknod', $_[0], 'c', 1, 3 },
		    qr/not a regular file/],
		"another user's file" => [sub { spew($_[0], "1\n");
		    chown 12345, 12345, $_[0] }, qr/belongs to user 12345/],
	);
	for my $what (sort keys %made) {
		SKIP: {
			skip 'needs root', 2
			    if $> && $what =~ /device|another user/;
			my $p = project();
			my $path = $p->root . '/t.pid';
			spew($p->root . '/.keep', '');
			$made{$what}[0]->($path);
			my ($status, undef, $err) = $p->run('run', 't');
			is $status, 1, "$what: status 1" or diag $err;
			like $err, qr/^runner: .*$made{$what}[1]/m,
			    "$what: says why";
			is slurp("$path.x"), "precious\n", "$what: untouched"
			    if $what eq 'a second name';
		}
	}
};

subtest 'the state file may be anything too' => sub {
	my %made = (
		'a link' => sub { spew("$_[0].x", 'precious'); symlink "$_[0].x",
		    $_[0] },
		'junk' => sub { spew($_[0], 'x' x 100_000) },
		'nothing' => sub { spew($_[0], '') },
		'a pipe' => sub { POSIX::mkfifo($_[0], 0644) },
	);
	for my $what (sort keys %made) {
		my $p = project();
		my $path = $p->root . '/t.state';
		spew($p->root . '/.keep', '');
		$made{$what}->($path);
		my $run = $p->start('run', 't');
		ok $run->wait_log(qr/Sleeping/), "$what: runs";
		ok -f $path && !-l $path && -s _, "$what: is replaced";
		is slurp("$path.x"), 'precious', 'not its target'
		    if $what eq 'a link';
		$run->stop;
	}
};

subtest 'a number that was used again' => sub {
	# The records of a runner that was killed, and a stranger that has its
	# pid by now: told apart by the start time.
	my $p = project();
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Sleeping/);
	$run->kill('KILL');
	$run->wait;
	spew($p->root . '/t.pid', "$stranger\n");
	my $again = $p->start('run', 't');
	$again->wait_log(qr/Waits the rest of its cooldown/);
	ok is_alive($stranger), 'the stranger lives';
	is $p->pid_in_file('t'), $again->pid, 'and the chain is owned';
	$again->stop;
};

subtest 'a pidfile that somebody removes' => sub {
	my $p = RunnerTest->new;
	$p->config('log { format = plain } success_cooldown = 50ms');
	$p->task(t => "#!/bin/sh\necho ran\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Execution/);
	unlink $p->root . '/t.pid';
	ok $run->wait_log(qr/WARNING The pidfile of t was removed, made it/),
	    'is made anew before the next run';
	is $p->pid_in_file('t'), $run->pid, 'with its pid';
	spew($p->root . '/t.pid', "lies\n");
	ok wait_for(sub { ($p->pid_in_file('t') // 0) == $run->pid }),
	    'one that was scribbled on is written again';
	unlink $p->root . '/t.state';
	ok wait_for(sub { -s $p->root . '/t.state' }), 'so is the state';
	system 'rm', '-rf', $p->root;
	ok wait_for(sub { ($p->pid_in_file('t') // 0) == $run->pid }),
	    'the whole run_root too';
	my $next = $p->start('run', 't');
	$next->wait_log(qr/Execution/);
	is $run->wait && $run->status, 0, 'and it is still replaced as ever';
	is $next->stop, 0, 'by one that runs';
};

my %removed = (
	'the pidfile' => sub { unlink $_[0]->root . '/t.pid' },
	'the lock' => sub { unlink $_[0]->root . '/t.lock' },
	'both' => sub { unlink map { $_[0]->root . "/t.$_" } qw(pid lock) },
	'the state and both' =>
	    sub { unlink map { $_[0]->root . "/t.$_" } qw(pid lock state) },
	'the run_root' => sub { system 'rm', '-rf', $_[0]->root },
);
for my $what (sort keys %removed) {
	subtest "$what removed from a runner that sleeps" => sub {
		my $p = project();
		my $run = $p->start('run', 't');
		$run->wait_log(qr/Sleeping/);
		$removed{$what}->($p);
		my ($status, undef, $err) =
		    $p->run('run', '--if-running', 'refuse', 't');
		is $status, 75, 'refuse still knows that it runs'
		    or diag $err;
		ok !$run->has_ended, 'and leaves it alone';
		$removed{$what}->($p);
		my $next = $p->start('run', 't');
		$next->wait_log(qr/Sleeping/);
		ok $run->has_ended, 'a new start finds it all the same'
		    or diag $next->err;
		is $run->wait && $run->status, 0, 'and it leaves';
		$next->stop;
	};
}

subtest 'removed twice while the owner is slow to leave' => sub {
	my $p = RunnerTest->new;
	$p->config('log { format = plain } success_cooldown = 10ms '
	    . 'stop_timeout = 1s');
	my $notes = $p->dir . '/notes';
	$p->task(t => "#!/bin/sh\ntrap '' TERM\nexec "
	    . RunnerTest::lib() . "/overlap $notes 2500\n");
	my $owner = $p->start('run', 't');
	ok wait_for(sub { -s $notes }), 'one runs';
	my @next;
	for (1 .. 2) {
		unlink map { $p->root . "/t.$_" } qw(pid lock);
		push @next, $p->start('run', 't');
		$next[-1]->wait_log(qr/Sent SIGTERM/);
	}
	ok wait_for(sub { 1 == grep { !$_->has_ended } @next }),
	    'of those that waited one is left'
	    or diag map { $_->err } @next;
	ok wait_for(sub { $owner->has_ended }), 'the owner is not';
	ok wait_for(sub { (() = slurp($notes) =~ /start/g) > 1 }),
	    'the task runs again';
	unlike slurp($notes), qr/overlap/, 'never two of them'
	    or diag slurp($notes), map { $_->err } @next;
	$_->stop for @next;
};

subtest 'names that are the same when joined' => sub {
	my $p = project();
	my $run = $p->start('run', 'a_b', 'c');
	$run->wait_log(qr/Sleeping/);
	my ($status, undef, $err) = $p->run('run', 'a', 'b_c');
	is $status, 2, 'other tasks: status 2';
	like $err, qr/^runner: .*other tasks \(a_b c\).*--name/m,
	    'says whose it is, and what to do';
	ok !$run->has_ended, 'the one that runs goes on';
	my $named = $p->start('run', '--name', 'mine', 'a', 'b_c');
	ok $named->wait_log(qr/Sleeping/), 'with --name both run';
	ok !$run->has_ended, 'beside each other';
	my $same = $p->start('run', 'a_b', 'c');
	$same->wait_log(qr/Sleeping/);
	is $run->wait && $run->status, 0, 'the same tasks do replace it';
	$_->stop for $same, $named;

	spew($p->dir . '/one/a_b', "#!/bin/sh\n", 0755);
	my $dotted = $p->start('run', 'one.a_b', 'c');
	$dotted->wait_log(qr/Sleeping/);
	($status) = $p->run('run', 'a', 'b_c');
	is $status, 2, 'so with dotted names, known by their last part';
	($status, undef, $err) = $p->run('once', 'a', 'b_c');
	is $status, 2, 'once says the same';
	like $err, qr/that runs .*--name/, 'in the same words';
	$dotted->stop;

	($status, undef, $err) = $p->run('once', 'a', 'b_c');
	is $status, 2, 'the records of a chain that ended are its own too';
	like $err, qr/chain a_b_c that ran has other tasks \(a_b c\).*--name/,
	    'says whose they are';
	is +($p->run('once', 'a_b', 'c'))[0], 0, 'and it goes on with them';
};

subtest 'names that collide, started at one instant' => sub {
	my $p = project();
	for (1 .. 5) {
		my @runs = ($p->start('run', 'a_b', 'c'),
		    $p->start('run', 'a', 'b_c'));
		ok wait_for(sub { 1 == grep { $_->has_ended } @runs }),
		    'one ends';
		my ($over) = grep { $_->has_ended } @runs;
		my ($lives) = grep { !$_->has_ended } @runs;
		is $over->status, 2, 'with status 2, never by making way';
		$lives->wait_log(qr/Execution/) if $lives;
		ok $lives && !$lives->has_ended, 'the other runs';
		$_->stop for @runs;
	}
};

subtest 'a run_root that others can write' => sub {
	my $p = project();
	spew($p->root . '/.keep', '');
	chmod 0777, $p->root;
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/WARNING Others can write in the run_root/),
	    'is warned of';
	$run->stop;
	my $q = project();
	$run = $q->start('run', 't');
	$run->wait_log(qr/Sleeping/);
	$run->stop;
	is sprintf('%o', (stat $q->root)[2] & 0777), '755',
	    'one that runner makes is not';
	unlike $run->err, qr/Others can write/, 'and not warned of';
};

subtest 'where there are no locks it says so' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\n");
	$p->task(t => "#!/bin/sh\necho ran\n");
	my $trace = $p->dir . '/trace';
	my @strace = ('strace', '-qq', '-o', $trace, '-e', 'trace=fcntl');
	$p->run('once', 't');
	for my $how (qw(refuse replace wait)) {
		my @words = ($RunnerTest::RUNNER, 'once', '--if-running', $how,
		    't');
		$p->start_command(@strace, @words)->wait;
		my ($n, $first) = 0;
		for (split /\n/, slurp($trace)) {
			$n++;
			$first //= $n if /F_SETLK/;
		}
		ok $first, "$how: a start takes a lock";
		my $run = $p->start_command(@strace, '-e',
		    "inject=fcntl:error=ENOLCK:when=$first+", @words);
		$run->wait;
		is $run->status, 1, "$how: it ends with 1";
		like $run->err, qr/cannot lock .*: No locks available/,
		    'and why';
	}
};

done_testing;
