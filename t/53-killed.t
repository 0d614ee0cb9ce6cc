# A runner that is killed outright leaves nothing running beside its successor,
# and its successor carries on where it was.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;
use Time::HiRes qw(time sleep);

my $STRAY = RunnerTest::lib() . '/stray';

sub stray_pid { (slurp($_[0]->dir . '/' . ($_[1] || 'pid')) =~ /(\d+)/)[0] }

subtest 'the task dies with it' => sub {
	my $p = RunnerTest->new;
	$p->config('log { format = plain }');
	$p->task(t => "#!/bin/sh\necho working\nexec sleep 1000\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/working/);
	$run->kill('KILL');
	ok wait_for(sub { 0 == $p->survivors }), 'at once';
};

subtest 'so does every stage of a pipeline' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\ntask t { command = "
	    . '"sleep 1000 | sleep 1001 | sleep 1002" }');
	my $run = $p->start('run', 't');
	ok wait_for(sub { 3 == grep { slurp("/proc/$_/cmdline") =~ /^sleep/ }
	    $p->survivors }), 'three stages work';
	$run->kill('KILL');
	ok wait_for(sub { 0 == $p->survivors }), 'none is left';
};

subtest 'so do helpers and the lease' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\n"
	    . 'lease_command = {"sh", "-c", "sleep 1000 & echo held; wait"}');
	$p->task(t => "#!/bin/sh\necho working\nexec sleep 1000\n");
	my $sleeping = sub {
		return scalar grep { slurp("/proc/$_/cmdline") =~ /^sleep\0/ }
		    $p->survivors;
	};
	my $run = $p->start('run', 't');
	$run->wait_log(qr/working/);
	ok wait_for(sub { 2 == $sleeping->() }), 'the lease is held, a run on';
	$run->kill('KILL');
	$run->wait;
	ok wait_for(sub { 1 == $p->survivors }), 'but not a child of the lease';
	$run = $p->start('run', 't');
	$run->wait_log(qr/working/);
	ok wait_for(sub { 2 == $sleeping->() }), 'which the next runner ends';
	is $run->stop, 0, 'and stops as ever';
	is scalar(() = $p->survivors), 0, 'with nothing left';
};

for my $way ('', 'group', 'session', 'double session',
    'double session deaf quiet', 'double session forking quiet') {
	my $name = $way || 'a plain child';
	subtest "what it left: $name" => sub {
		my $p = RunnerTest->new;
		$p->config('log { format = plain } stop_timeout = 300ms '
		    . 'success_cooldown = 1h');
		$p->task(t => "#!/bin/sh\nif [ ! -e pid ]; then\n"
		    . "$STRAY pid $way\necho ready; exec sleep 1000; fi\n"
		    . "ps -e -o pid=,args= | grep -c '[s]tray pid'\n");
		my $run = $p->start('run', 't');
		$run->wait_log(qr/ready/);
		$run->kill('KILL');
		$run->wait;
		ok wait_for(sub { 1 == grep { slurp("/proc/$_/cmdline")
		    =~ /stray/ } $p->survivors }), 'survives it'
		    unless $way =~ /forking/;
		my $next = $p->start('run', 't');
		$next->wait_log(qr/Sleeping/);
		is scalar(grep { slurp("/proc/$_/cmdline") =~ /stray/ }
		    $p->survivors), 0, 'is ended before the next run';
		like $next->err, qr/^INFO Left by .* SIGTERM: stray \(pid \d+\)$/m,
		    'and named' unless $way =~ /forking/;
		$next->stop;
	};
}

subtest 'a mark is no word of a file' => sub {
	# A process with another mark, and one with the right number: strangers.
	my $p = RunnerTest->new;
	$p->config('log { format = plain } success_cooldown = 1h');
	$p->task(t => "#!/bin/sh\necho ready; exec sleep 1000\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/ready/);
	my $stranger = fork // die;
	if (!$stranger) {
		$ENV{RUNNER_MARK} = 'f' x 32;
		exec 'sleep', '999';
	}
	$run->kill('KILL');
	$run->wait;
	my $next = $p->start('run', 't');
	$next->wait_log(qr/ready/);
	ok is_alive($stranger), 'another mark: lives';
	kill 'KILL', $stranger;
	waitpid $stranger, 0;
	$next->stop;
};

# The tale of a task that fails, over several runners.
sub told {
	my ($between) = @_;
	my $p = RunnerTest->new;
	$p->config('log { format = plain } admins = {"a@example.org"} '
	    . 'fail_cooldown = 20ms non_recoverable_downtime = 1h '
	    . 'success_cooldown = 1h');
	$p->task(t => "#!/bin/sh\n[ -e healed ] && exit 0\n"
	    . "echo \"n=\$RUNNER_FAILURES r=\$RUNNER_RUN\"\n"
	    . "echo 'RuntimeError: boom' >&2; exit 1\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Execution failed/, 4);
	wait_for(sub { 1 <= $p->mails });
	my ($failures) = $run->err =~ /.*n=(\d+)/s;
	my $next = $between->($p, $run);
	$next->wait_log(qr/Execution failed/, 2);
	return ($p, $next, $failures);
}

subtest 'after kill -9 it carries on' => sub {
	my ($p, $next, $before) = told(sub {
		my ($q, $run) = @_;
		$run->kill('KILL');
		$run->wait;
		return $q->start('run', 't');
	});
	my ($first) = $next->err =~ /n=(\d+)/;
	cmp_ok $first, '>=', $before, 'consecutive failures go on';
	cmp_ok $first, '<=', $before + 2, 'from where they were';
	is scalar(() = $p->mails), 1, 'the same failure is not told twice'
	    or diag join "\n", $p->subjects;
	spew($p->dir . '/healed', '');
	$next->wait_log(qr/(?:Sent email to admins|Wrote mail to \S+): Process healed/);
	is_deeply [$p->subjects], ['[t] First exception caught: '
	    . 'boom', '[t] Process healed'], 'its healing is told';
	$next->stop;
};

# strace(1) kills it in a system call of those that a message takes.
for my $at ('fsync:when=1', 'fsync:when=2', 'fsync:when=3', 'renameat:when=1',
    'unlinkat:when=1') {
	subtest "killed while it tells: $at" => sub {
		my ($call, $when) = split /:/, $at;
		my $p = RunnerTest->new;
		$p->config("log { format = plain } fail_cooldown = 1h resume_cooldown = never\n");
		$p->task(t => "#!/bin/sh\necho 'Error: boom' >&2\nexit 1\n");
		my $run = $p->start_command('strace', '-qq', '-o', '/dev/null',
		    '-e', "trace=$call", '-e',
		    "inject=$call:signal=SIGKILL:$when", $RunnerTest::RUNNER,
		    'run', 't');
		wait_for(sub { $run->has_ended ||
		    $run->err =~ /Sleeping/ });
		$run->kill('KILL');
		$run->wait;
		wait_for(sub { 0 == $p->survivors });
		$run = $p->start('run', 't');
		$run->wait_log(qr/Sleeping/);
		ok wait_for(sub { !(() = glob $p->root . '/outbox/t,*') }),
		    'nothing waits' or diag $run->err;
		$run->stop;
		my %ids = map { /^Message-ID: (\S+)/im => 1 } $p->mails;
		is scalar(keys %ids), 1, 'it is told, and as one message'
		    or diag join "\n", $p->subjects;
	};
}

# The same of those that starting and taking over take.
for my $at (qw(fcntl:when=1 fcntl:when=3 fcntl:when=5 pwrite64:when=1
    pwritev:when=1 pwritev:when=3 fsync:when=1 fsync:when=2 renameat:when=1
    pidfd_send_signal:when=1 ftruncate:when=1)) {
	subtest "killed while it starts or takes over: $at" => sub {
		my ($call, $when) = split /:/, $at;
		my $p = RunnerTest->new;
		$p->config("log { format = plain } success_cooldown = 1h\n" .
		    "stop_timeout = 1s resume_cooldown = never\n");
		$p->task(t => "#!/bin/sh\n$STRAY pid session &\necho ran\n");
		for my $is_running (0, 1) {
			my $owner = $is_running ? $p->start('run', 't') : undef;
			$owner->wait_log(qr/Sleeping/) if $owner;
			my $run = $p->start_command('strace', '-qq', '-o',
			    '/dev/null', '-e', "trace=$call", '-e',
			    "inject=$call:signal=SIGKILL:$when",
			    $RunnerTest::RUNNER, 'run', 't');
			wait_for(sub { $run->has_ended ||
			    $run->err =~ /Sleeping/ });
			my $next = $p->start('run', 't');
			ok $next->wait_log(qr/Sleeping/),
			    $is_running ? 'a chain that ran runs' :
			    'the next one runs' or diag $next->err;
			ok wait_for(sub { $run->has_ended &&
			    (!$owner || $owner->has_ended) }), 'alone';
			is $p->pid_in_file('t'), $next->pid, 'it is the owner';
			is $next->stop, 0, 'and stops';
			ok wait_for(sub { 0 == $p->survivors }),
			    'with nothing left';
		}
	};
}

# What a disk may lose at a power cut is what nobody has synced: the bytes of a
# file, and a name in a directory.  A name that is given to bytes which can be
# lost, or that can be lost when a process starts which counts on it, is told.
sub lost_by_power_cut {
	my ($root, @calls) = @_;
	my (%dirty, %pending, @lost);
	for (@calls) {
		s/^\d+ +//;
		next if /= -1/;
		if (/^(?:p?write(?:64|v)?)\(\d+<(\Q$root\E[^>]*)>/) {
			$dirty{$1} = 1;
		} elsif (/^f(?:data)?sync\(\d+<([^>]*)>/) {
			delete $dirty{$1};
			delete $pending{$1};
		} elsif (/^renameat\(\d+<(\Q$root\E[^>]*)>, "([^"]+)", \d+<([^>]*)>, "([^"]+)"/) {
			push @lost, "bytes of $4" if $dirty{"$1/$2"};
			$pending{$3}{$4} = 1;
		} elsif (/^(?:clone|fork|vfork)/) {
			push @lost, map { my $d = $_; map { "name $_ at a start" }
			    keys %{$pending{$d}} } keys %pending;
		}
	}
	return @lost;
}

subtest 'what a power cut may lose is nothing that counts' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain } fail_cooldown = 1h\n");
	$p->task(t => "#!/bin/sh\necho 'Error: boom' >&2\nexit 1\n");
	my $trace = $p->dir . '/trace';
	my $run = $p->start_command('strace', '-qq', '-y', '-o', $trace, '-e',
	    'trace=write,pwrite64,pwritev,fsync,fdatasync,renameat,unlinkat,' .
	    'clone,clone3,fork,vfork', $RunnerTest::RUNNER, 'run', 't');
	$run->wait_log(qr/Wrote mail|Sent email/);
	$run->wait_log(qr/Sleeping/);
	$run->kill('TERM');
	$run->wait;
	my @calls = split /\n/, slurp($trace);
	is join(', ', lost_by_power_cut($p->root, @calls)), '',
	    'of starting, telling and saving';
	# The model finds what it is for: without a sync of each kind.
	for my $gone (qr/\.tmp,/, qr{\Q@{[$p->root]}\E/outbox>},
	    qr{\Q@{[$p->root]}\E>}) {
		my @less = grep { !/^f(?:data)?sync\(.*$gone/ } @calls;
		isnt join(', ', lost_by_power_cut($p->root, @less)), '',
		    "and would be seen: without a sync of $gone";
	}
	my ($told) = grep { $calls[$_] =~ /^renameat.*"t,/ } 0 .. $#calls;
	ok $told, 'the message has its name';
	ok((grep { /^fdatasync\(.*t\.state>/ } @calls[$told .. $#calls]),
	    'the state that says told is synced only after it');
};

subtest 'after a clean stop it starts afresh' => sub {
	my ($p, $next) = told(sub {
		my ($q, $run) = @_;
		$run->stop;
		return $q->start('run', 't');
	});
	$next->wait_log(qr/Sent email|Wrote mail/);
	like $next->err, qr/n=0 r=1\n/, 'counts begin anew';
	is scalar(() = $p->mails), 2, 'the failure is a first one again';
	spew($p->dir . '/healed', '');
	$next->wait_log(qr/(?:Sent email to admins|Wrote mail to \S+): Process healed/);
	is(($p->subjects)[-1], '[t] Process healed', 'the healing is told');
	$next->stop;
};

subtest 'so does one that replaces a live one' => sub {
	my ($p, $next) = told(sub { $_[0]->start('run', 't') });
	$next->wait_log(qr/Sent email|Wrote mail/);
	like $next->err, qr/n=0 r=1\n/, 'counts begin anew';
	is scalar(() = $p->mails), 2, 'the failure is a first one again';
	$next->stop;
};

subtest 'an open downtime is healed with a mail' => sub {
	for my $how (qw(KILL TERM)) {
		my $p = RunnerTest->new;
		$p->config('log { format = plain } admins = {"a@example.org"} '
		    . 'fail_cooldown = 20ms success_cooldown = 1h');
		$p->task(t => "#!/bin/sh\n[ ! -e healed ]\n[ -e healed ] && "
		    . "exit 0\nexit 1\n");
		my $run = $p->start('run', 't');
		$run->wait_log(qr/Sent email|Wrote mail/);
		$run->kill($how);
		$run->wait;
		spew($p->dir . '/healed', '');
		my $next = $p->start('run', 't');
		ok $next->wait_log(qr/(?:Sent email to admins|Wrote mail to \S+): Process healed/),
		    "after $how";
		$next->stop;
	}
};

subtest 'killed at its very start' => sub {
	# At a hundred instants of the first 20 ms.
	my $p = RunnerTest->new;
	$p->config('log { format = plain } success_cooldown = 0 '
	    . 'stop_timeout = 100ms');
	$p->task(t => "#!/bin/sh\n$STRAY pid session &\necho ready\n"
	    . "sleep 0.01\n");
	for my $i (1 .. 40) {
		my $run = $p->start('run', 't');
		sleep $i * 0.0005;
		$run->kill('KILL');
		waitpid $run->pid, 0;
	}
	my $last = $p->start('run', 't');
	ok $last->wait_log(qr/Execution successful/, 2), 'the next one runs';
	is $last->stop, 0, 'and stops';
	is scalar(() = $p->survivors), 0, 'with nothing left';
};

done_testing;
