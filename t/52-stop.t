# Stop means stopped: of what a task started, however it went its own way,
# nothing is left; and nobody waits for it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;
use Time::HiRes qw(time sleep);

my $STRAY = RunnerTest::lib() . '/stray';

sub project {
	my ($script, $more) = @_;
	my $p = RunnerTest->new;
	$p->config("log { format = plain } success_cooldown = 1h\n"
	    . "stop_timeout = 400ms\n" . ($more || ''));
	$p->task(t => "#!/bin/sh\n$script\n");
	return $p;
}

sub stray_pid { (slurp($_[0]->dir . '/' . ($_[1] || 'pid')) =~ /(\d+)/)[0] }

my @ways = ('', 'group', 'session', 'double', 'double session',
    'double session quiet', 'group deaf', 'double session deaf quiet',
    'double session forking quiet');

for my $way (@ways) {
	my $name = $way || 'a plain child';
	subtest "left behind: $name" => sub {
		my $p = project("$STRAY pid $way\necho done");
		my $run = $p->start('run', 't');
		ok $run->wait_log(qr/Execution successful/),
		    'the run ends with its process';
		like $run->err, qr/stdout: done/, 'what it said is logged';
		ok wait_for(sub { 1 == $p->survivors }),
		    'what it left is ended' or diag $run->err;
		$run->wait_log(qr/Sleeping/);
		is $run->stop, 0, 'stops';
		is scalar($p->survivors), 0, 'nothing is left';
	};
	subtest "stopped while it runs: $name" => sub {
		my $p = project("$STRAY pid $way\necho ready\nexec sleep 1000");
		my $run = $p->start('run', 't');
		$run->wait_log(qr/ready/);
		my $since = time;
		is $run->stop, 0, 'status 0';
		is scalar($p->survivors), 0, 'nothing is left';
		like $run->err, qr/Execution interrupted/, 'and it is no failure';
	};
}

subtest 'leftovers = keep' => sub {
	my $p = project("$STRAY pid double session quiet",
	    'leftovers = keep');
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Sleeping/);
	my $pid = stray_pid($p);
	ok is_alive($pid), 'a daemon stays after the run';
	is $run->stop, 0, 'stopped';
	ok is_alive($pid), 'and after the stop';
	$run = $p->start('run', 't');
	$run->wait_log(qr/Sleeping/);
	ok is_alive($pid), 'and beside the next runner';
	$run->kill('KILL');
	$run->wait;
	my $second = stray_pid($p);
	isnt $second, $pid, 'the next run left another';
	$run = $p->start('run', 't');
	$run->wait_log(qr/Waits the rest of its cooldown/);
	ok is_alive($second), 'which stays though its runner was killed';
	$run->stop;
};

subtest 'one task keeps, the other does not' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain } success_cooldown = 10ms\n"
	    . "task k { leftovers = keep } task z { success_cooldown = 1h }");
	$p->task(k => "#!/bin/sh\n$STRAY kept double session quiet\n");
	$p->task(z => "#!/bin/sh\n$STRAY gone double session quiet\n");
	my $run = $p->start('run', 'k', 'z');
	$run->wait_log(qr/\[z\] Sleeping/);
	ok wait_for(sub { !is_alive(stray_pid($p, 'gone')) }),
	    'what the one left is ended';
	ok is_alive(stray_pid($p, 'kept')), 'what the other left stays';
	$run->stop;
	ok is_alive(stray_pid($p, 'kept')), 'for good';
};

subtest 'a deaf task' => sub {
	my $p = project("trap '' TERM\necho ready\n"
	    . "while :; do sleep 0.05; done");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/ready/);
	my $since = time;
	is $run->stop, 0, 'is ended';
	cmp_ok time - $since, '>=', 0.39, 'not before its stop_timeout';
	like $run->err, qr/Did not end on SIGTERM, sent SIGKILL/, 'by KILL';
	is scalar($p->survivors), 0, 'nothing is left';
};

subtest 'a task that was stopped (SIGSTOP)' => sub {
	my $p = project("trap 'echo bye; exit 0' TERM\necho ready\nkill -STOP "
	    . "\$\$\nwhile :; do sleep 0.05; done");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/ready/);
	is $run->stop, 0, 'is ended';
	like $run->err, qr/stdout: bye/, 'by the TERM that it can take';
};

subtest 'timeout' => sub {
	my $p = project("trap '' TERM\n$STRAY pid double session deaf\n"
	    . "while :; do sleep 0.05; done", 'timeout = 300ms '
	    . 'fail_cooldown = 1h');
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/Execution failed/), 'the run fails';
	like $run->err, qr/Timed out after 300ms, sent SIGTERM/, 'first TERM';
	like $run->err, qr/sent SIGKILL/, 'then KILL';
	ok wait_for(sub { 1 == $p->survivors }), 'and its daemon is ended';
	$run->stop;
};

for my $signal (qw(TERM INT)) {
	subtest "$signal during a cooldown" => sub {
		my $p = project('true');
		my $run = $p->start('run', 't');
		$run->wait_log(qr/Sleeping/);
		my $since = time;
		$run->kill($signal);
		$run->wait;
		is $run->status, 0, 'status 0';
		cmp_ok time - $since, '<', 30, 'at once';
	};
	subtest "$signal during a run" => sub {
		my $p = project('echo ready; exec sleep 1000');
		my $run = $p->start('run', 't');
		$run->wait_log(qr/ready/);
		$run->kill($signal);
		$run->wait;
		is $run->status, 0, 'status 0';
		is scalar($p->survivors), 0, 'nothing is left';
		is scalar($p->mails), 0, 'nobody is told';
	};
}

subtest 'runner stop' => sub {
	my $p = project("$STRAY pid double session deaf\necho ready\n"
	    . "exec sleep 1000");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/ready/);
	my ($status, $out, $err) = $p->run('stop', 't');
	is $status, 0, 'status 0' or diag $err;
	like $out, qr/^Stopped t$/m, 'says so';
	is scalar(() = $p->survivors), 0, 'nothing is left when it returns';
	is $run->wait && $run->status, 0, 'the runner ended with 0';
	($status, $out) = $p->run('stop', 't');
	is $status, 0, 'again: status 0';
	like $out, qr/t is not running/, 'says that it is not running';
};

subtest 'runner stop of a chain that was killed' => sub {
	my $p = project("$STRAY pid double session deaf\necho ready\n"
	    . "exec sleep 1000");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/ready/);
	$run->kill('KILL');
	$run->wait;
	ok is_alive(stray_pid($p)), 'a daemon of it survives';
	my ($status) = $p->run('stop', 't');
	is $status, 0, 'status 0';
	is scalar(() = $p->survivors), 0, 'nothing is left when it returns';
};

subtest 'runner stop of a chain whose pidfile was removed' => sub {
	my $p = project('echo ready; exec sleep 1000');
	my $run = $p->start('run', 't');
	$run->wait_log(qr/ready/);
	unlink $p->root . '/t.pid';
	my ($status) = $p->run('stop', 't');
	is $status, 0, 'status 0';
	is $run->wait && $run->status, 0, 'it was found, and ended';
	is scalar(() = $p->survivors), 0, 'nothing is left';
};

subtest 'runner stop while a start waits for the owner' => sub {
	my $p = project("trap '' TERM\necho ready\n"
	    . "while :; do sleep 0.05; done", 'stop_timeout = 2s');
	my $old = $p->start('run', 't');
	$old->wait_log(qr/ready/);
	my $new = $p->start('run', 't');
	$new->wait_log(qr/Sent SIGTERM to/);
	my ($status) = $p->run('stop', 't');
	is $status, 0, 'status 0';
	ok $_->wait && $_->status eq '0', 'both ended' for $old, $new;
	unlike $new->err, qr/ready/, 'the one that waited ran nothing';
	is scalar(() = $p->survivors), 0, 'nothing is left';
};

subtest 'runner stop of several, one beside the other' => sub {
	my $p = project('echo ready; exec sleep 1000');
	my @runs;
	for (1 .. 3) {
		push @runs, $p->start('run', '--if-running', 'allow', 't');
		$runs[-1]->wait_log(qr/ready/);
	}
	my ($status) = $p->run('stop', 't');
	is $status, 0, 'status 0';
	ok $_->wait && $_->status eq '0', 'ended' for @runs;
	is scalar(() = $p->survivors), 0, 'nothing is left';
};

subtest 'runner stop beside a new start' => sub {
	my $p = project('echo ready; exec sleep 1000');
	for (1 .. 5) {
		my $old = $p->start('run', 't');
		$old->wait_log(qr/ready/);
		my $new = $p->start('run', 't');
		my $stop = $p->start('stop', 't');
		$stop->wait;
		$old->wait;
		is $stop->status, 0, 'status 0' or diag $stop->err;
		wait_for(sub { $new->has_ended || $new->err =~ /ready/ });
		unlike $new->err, qr/Execution (failed|successful)/,
		    'the new one keeps its task, or ends with it';
		$new->stop unless $new->has_ended;
		is $new->status, 0, 'and its status is 0';
		is scalar(() = $p->survivors), 0, 'nothing is left';
	}
};

subtest 'a daemon that holds the pipes' => sub {
	my $p = project("echo out; echo err >&2; printf unfinished\n"
	    . "$STRAY pid double session", 'leftovers = keep');
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/Execution successful/), 'does not hold the run';
	like $run->err, qr/stdout: out\n/, 'what was in the pipes is logged';
	like $run->err, qr/stderr: err\n/, 'of both';
	like $run->err, qr/stdout: unfinished\n/, 'to the last byte';
	ok is_alive(stray_pid($p)), 'and it may go on';
	$run->stop;
};

subtest 'a stranger that writes for ever' => sub {
	my $p = project("$STRAY pid double session noisy", 'leftovers = keep '
	    . 'success_cooldown = 50ms');
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/Execution successful/, 3), 'does not hold a run';
	is $run->stop, 0, 'nor a stop';
};

subtest 'children that a runner finds at its start' => sub {
	# A shell that becomes a runner by exec had children of its own.
	my $p = project("$STRAY pid double session deaf quiet");
	spew($p->dir . '/become', "#!/bin/sh\n$STRAY own quiet &\n"
	    . "while [ ! -e own ]; do :; done\n"
	    . "exec $RunnerTest::RUNNER run t\n", 0755);
	my $run = $p->start_command('./become');
	$run->wait_log(qr/Sleeping/);
	ok wait_for(sub { !is_alive(stray_pid($p)) }), 'the task left one: gone';
	ok is_alive(stray_pid($p, 'own')), 'the shell had one: lives';
	$run->stop;
	ok is_alive(stray_pid($p, 'own')), 'also after the stop';
};

done_testing;
