# A task has a session of its own: it can neither wait for a terminal nor reach
# into one.  A run that is stopped is told of; time that nobody had is none.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use POSIX ();
use Test::More;
use Time::HiRes qw(time sleep);

# A runner in the foreground of a terminal, as script(1) makes one.
sub at_terminal {
	my ($p, @words) = @_;
	return $p->start_command('script', '-qefc',
	    join(' ', $RunnerTest::RUNNER, @words), $p->dir . '/typescript');
}

subtest 'a task that reads a terminal' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain file = \"runner.log\" }\n"
	    . "fail_cooldown = 1h timeout = 20s\n");
	$p->task(t => "#!/bin/sh\n: >/dev/tty && echo reached\n"
	    . "read answer </dev/tty\n");
	my $run = at_terminal($p, 'run', 't');
	my $log = sub { slurp($p->dir . '/runner.log') };
	ok wait_for { $log->() =~ /Execution failed/ }, 'fails' or diag $log->();
	unlike $log->(), qr/Timed out|stopped by/i, 'at once';
	unlike $log->(), qr/stdout: reached/, 'nor can it write there';
};

subtest 'a pipeline, a lease and a helper have sessions, too' => sub {
	my $p = RunnerTest->new;
	my $own = 'set -- $(sed s/^.*\\)// /proc/$$/stat); ';
	$p->config("log { format = plain }\nlease_command = {\"sh\", \"-c\", "
	    . "\"echo \$\$; exec sleep 1000\"}\nsuccess_cooldown = 1h\n"
	    . 'task t { command = "sleep 1000 | sleep 1001" }');
	my $run = $p->start('run', 't');
	my %session;
	ok wait_for {
		%session = map { my $s = slurp("/proc/$_/stat") =~ s/^.*\) //r;
		    slurp("/proc/$_/cmdline") =~ /^sleep\0(\d+)/
		    ? ($1 . "-$_" => (split ' ', $s)[3]) : () } $p->survivors;
		3 == keys %session;
	}, 'two stages and the lease';
	my ($lease) = $run->err =~ /is held: (\d+)/;
	is $session{"1000-$lease"}, $lease, 'the lease leads its own';
	my ($second) = grep { /^1001-/ } keys %session;
	my ($first) = grep { /^1000-/ && $_ ne "1000-$lease" } keys %session;
	is $session{$first}, $session{$second}, 'the stages share one';
	isnt $session{$first}, $lease, 'which is another one';
	is $run->stop, 0;
	is scalar(() = $p->survivors), 0, 'nothing is left';
};

for my $command ('tasks/t', 'tasks/t | cat', 'true | tasks/t') {
	subtest "a run that is stopped is told of: $command" => sub {
		my $p = RunnerTest->new;
		$p->config("log { format = plain }\n"
		    . "task t { command = \"$command\" }\n");
		$p->task(t => "#!/bin/sh\necho pid \$\$ >&2\nexec sleep 1000\n");
		my $run = $p->start('run', 't');
		$run->wait_log(qr/pid \d+/);
		my ($pid) = $run->err =~ /pid (\d+)/;
		for (1 .. 2) {
			kill 'STOP', $pid;
			ok $run->wait_log(
			    qr/^WARNING \[t\] Stopped by SIGSTOP, goes on at SIGCONT/m),
			    'in the log';
			ok wait_for { ($p->run('status'))[1] =~ /stopped by SIGSTOP/ },
			    'in status';
			like +($p->run('status', '--json'))[1],
			    qr/"run_is_stopped": ?true/, 'for programs, too';
			kill 'CONT', $pid;
			ok wait_for { ($p->run('status'))[1] !~ /stopped by/ },
			    'until it goes on';
		}
		is lines_of($run->err, qr/Stopped by/), 1, 'once per run';
		kill 'STOP', $pid;
		is $run->stop, 0, 'one that is stopped can be ended';
		is scalar(() = $p->survivors), 0, 'at once';
	};
}

subtest 'a limit that was slept over is granted anew' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nfail_cooldown = 1h timeout = 2s\n");
	$p->task(t => "#!/bin/sh\necho up\nexec sleep 1000\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/stdout: up/);
	kill 'STOP', $run->pid;
	sleep 4.5;
	my $awake = time;
	kill 'CONT', $run->pid;
	ok $run->wait_log(qr/asleep, time limits begin again/), 'it says so';
	unlike $run->err, qr/Timed out/, 'its time is not over';
	ok $run->wait_log(qr/Timed out after 2s/), 'but then it is';
	cmp_ok time - $awake, '>', 1.9, 'two seconds later';
};

SKIP: {
	skip 'needs root', 2 if $>;
	subtest 'what another user opens as /dev/stdout' => sub {
		plan skip_all => 'no /dev/stdout' unless -l '/dev/stdout';
		my $p = RunnerTest->new;
		$p->config("log { format = plain }\n"
		    . "task t { user = nobody command = \"sh -c 'echo one "
		    . ">/dev/stdout && echo two >/dev/stderr'\" }\n"
		    . "task p { user = nobody command = \"sh -c 'echo three "
		    . ">/dev/stdout' | sh -c 'cat /dev/stdin >/dev/stderr'\" }\n");
		is +($p->run('once', '-v', 't', 'p'))[0], 0, 'opens' or diag $p->log;
		like $p->log, qr/\[t\] stdout: one/, 'standard output';
		like $p->log, qr/\[t\] stderr: two/, 'standard error';
		like $p->log, qr/\[p\] stderr: three/, 'in a pipeline, too';
	};

	subtest 'the keys of root' => sub {
		# keyctl(2) of this machine, by number: 1 joins a new session
		# keyring, 0 asks for the number of the session's.
		my $call = {x86_64 => 250, aarch64 => 219}->{
		    (POSIX::uname())[4]} or plan skip_all => 'no number';
		plan skip_all => 'no keyrings'
		    if system $^X, '-e', "exit(syscall($call, 1, 0) < 0)";
		my $p = RunnerTest->new;
		$p->config("log { format = plain }\n");
		my $ask = "print 'keyring ', syscall($call, 0, -3, 0), \"\\n\"";
		$p->task(t => "#!$^X\n$ask");
		my @joined = ($^X, '-e', "syscall $call, 1, 0; $ask; \$|++; "
		    . 'print ""; exec @ARGV', $RunnerTest::RUNNER, 'once', '-v');
		for my $user ('', 'user = nobody') {
			spew($p->dir . '/runner.conf',
			    "log { format = plain } task t { $user }");
			my $run = $p->start_command(@joined, 't');
			$run->wait;
			my ($ours) = $run->out =~ /keyring (\d+)/;
			my ($its) = $run->err =~ /stdout: keyring (\d+)/;
			ok $ours && $its, 'both have one' or diag $run->err;
			$user ? isnt $its, $ours, 'another user another one'
			    : is $its, $ours, 'the same user the same';
		}
	};
}

done_testing;
