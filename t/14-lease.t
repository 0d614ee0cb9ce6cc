# lease_command: of many hosts one runs a chain.  The hosts are RUN_ROOTs of
# their own, the engine is flock(1) on a file that they share.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my $p = RunnerTest->new;
my $lock = $p->dir . '/lease';
# flock's child says that the lease is held, with a token, and holds it.
$p->config("log { format = plain }\nsuccess_cooldown = 50ms\n"
    . "stop_timeout = 2s\nlease_command = {\"flock\", \"--no-fork\", "
    . "\"$lock.%c\", \"sh\", \"-c\", \"echo token-\$\$; exec sleep 1000\"}\n");
$p->task(t => "#!/bin/sh\necho \"lease \$RUNNER_LEASE\"\nsleep 0.1\n");

my $one = $p->start('run', '-r', $p->dir . '/one', 't');
ok $one->wait_log(qr/stdout: lease token-\d+$/), 'the one that holds it runs';
ok -e "$lock.t", '%c is the chain';
my $two = $p->start('run', '-r', $p->dir . '/two', 't');
ok $two->wait_log(qr/Waiting for the lease/), 'the other waits';
ok wait_for {
	($p->run('status', '-r', $p->dir . '/two', '--json'))[1]
	    =~ /"state": ?"waiting for the lease"/
}, 'and says so';
unlike $two->err, qr/stdout/, 'and runs nothing';

is $one->stop, 0, 'the first one stops';
ok $two->wait_log(qr/stdout: lease token-/),
    'the other takes over without a time-out';

my ($holder) = $two->err =~ /is held: token-(\d+)/;
kill 'KILL', $holder;
ok $two->wait_log(qr/^WARNING .*lease is lost/), 'a lease that is lost is told';
ok $two->wait_log(qr/is held: token-/, 2), 'and asked for again';
my $runs = lines_of($two->err, qr/stdout: lease/);
ok $two->wait_log(qr/stdout: lease/, $runs + 2), 'the chain goes on';
is $two->stop, 0;
is scalar($p->survivors), 0, 'nothing is left, the lease neither';

subtest 'what the lease command says at the end is for the log' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nlease_command = {\"sh\", \"-c\", "
	    . "\"trap 'echo bye >&2; exit' TERM; echo 1; "
	    . "while :; do sleep 0.01; done\"}\n");
	$p->task(t => "#!/bin/sh\n");
	is join('|', $p->run('once', 't')), '0||', 'cron mails nothing of it';
	like +($p->run('once', '-v', 't'))[2],
	    qr/^DEBUG The lease command says: .*bye$/m, 'there it is';
};

subtest 'a lease that is lost as soon as it is had' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nsuccess_cooldown = 0\n"
	    . "lease_command = {\"echo\", \"held\"}\n");
	$p->task(t => "#!/bin/sh\nsleep 10\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/lease is lost/, 2);
	sleep 3;
	cmp_ok lines_of($run->err, qr/lease is lost/), '<', 8,
	    'is asked for with growing pauses';
	is $run->stop, 0;
	$p->config("non_recoverable_downtime = 1s\n"
	    . "lease_command = {\"sh\", \"-c\", \"echo held; sleep 0.2\"}\n");
	$run = $p->start('run', 't');
	ok wait_for { grep { /the lease cannot be had/ } $p->subjects },
	    'and counts as one that is not had';
	is $run->stop, 0;
};

subtest 'once: a run under the lease proves it' => sub {
	my $p = RunnerTest->new;
	$p->config("non_recoverable_downtime = 2s\n"
	    . "lease_command = {\"sh\", \"-c\", \"test -e tried || { touch tried; "
	    . "exit 1; }; rm tried; echo held; exec sleep 1000\"}\n");
	$p->task(t => "#!/bin/sh\n");
	is +($p->run('once', 't'))[0], 0, 'it is had at the second try';
	sleep 2;
	is +($p->run('once', 't'))[0], 0, 'and the next time again';
	is_deeply [$p->subjects], [], 'nobody is told of a downtime of two days';
};

subtest 'an engine that cannot be reached' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nnon_recoverable_downtime = 1s\n"
	    . "success_cooldown = 10ms\nlease_command = {\"sh\", \"-c\", "
	    . "\"if test -e up; then echo 1; exec sleep 1000; fi; "
	    . "echo 'no route to it: token=abcdefghijkl' >&2; exit 1\"}\n"
	    . "task t { command = \"tasks/t --password=hunter2secret\" }\n");
	$p->task(t => "#!/bin/sh\n");
	my $run = $p->start('run', 't');
	ok wait_for {
		($p->run('status'))[1] =~ /lease cannot be had: no route to it/
	}, 'status says why';
	my (undef, $json) = $p->run('status', '--json');
	like $json, qr/"lease": ?\{"held": ?false/, 'and status --json';
	like $json, qr/"state": ?"waiting for the lease"/, 'it waits for it';
	like(($p->run('status', '--prometheus'))[1],
	    qr/^runner_lease_held\{chain="t"\} 0$/m, 'a metric says so');
	ok wait_for { $p->mails }, 'the admins are told, once it has lasted';
	is(($p->subjects)[0], '[t] First exception caught: the lease cannot be '
	    . 'had: no route to it: token=***', 'of what it is');
	unlike +($p->mails)[0], qr/hunter2secret|abcdefghijkl/,
	    'without secrets, those of the command too';
	unlike $run->err, qr/Execution/, 'and no task has run';
	is +($p->run('status'))[0], 1, 'status is not well';
	ok wait_for { $p->mails > 1 }, 'told again a period later';
	like +($p->subjects)[1], qr/Non recoverable downtime reached again$/,
	    'not twice of one thing';
	spew($p->dir . '/up', '');
	ok $run->wait_log(qr/Execution successful/), 'it is back: the chain runs';
	ok wait_for { grep { /Process healed/ } $p->subjects }, 'that is told';
	like(($p->run('status', '--prometheus'))[1],
	    qr/^runner_lease_held\{chain="t"\} 1$/m, 'the metric knows');
	is $run->stop, 0;

	# What was told outlives the runner, killed or stopped.
	for my $end ('KILL', 'TERM') {
		my $told = sub { scalar grep { /\Q$_[0]\E/ } $p->subjects };
		my $healed = $told->('Process healed');
		unlink $p->dir . '/up';
		$run = $p->start('run', 't');
		my $first = $told->('First exception');
		ok wait_for { $told->('First exception') > $first },
		    "$end: the engine is away again";
		$run->kill($end);
		$run->wait;
		if ($end eq 'KILL') {
			$run = $p->start('run', 't');
			ok $run->wait_log(qr/was not had/, 6), 'it goes on';
			is $told->('First exception'), $first + 1,
			    'what was told is not told again';
			$run->kill('KILL');
			$run->wait;
		}
		spew($p->dir . '/up', '');
		$run = $p->start('run', 't');
		ok wait_for { $told->('Process healed') > $healed },
		    'that it is had is told by the next one';
		is $run->stop, 0;
	}
};
done_testing;
