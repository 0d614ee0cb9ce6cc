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
