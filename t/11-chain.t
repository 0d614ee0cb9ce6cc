# A chain runs its tasks in order, waits each one's cooldown, and tells tasks
# where they are.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

subtest 'order and cooldowns of four tasks' => sub {
	my $p = RunnerTest->new;
	$p->task($_ => "#!/bin/sh\necho at \$(date +%s%N)\n[ $_ != c ]\n")
	    for qw(a b c d);
	$p->config("success_cooldown = 100ms\nfail_cooldown = 300ms\n"
	    . "task b { success_cooldown = 0.2 }\n");
	my $run = $p->start('run', qw(a b c d));
	$run->wait_log(qr/\[d\] Sleeping/, 2);
	$run->stop;
	my $log = $run->err;
	my @order = $log =~ /\[(\w)\] Execution/g;
	is join('', @order[0 .. 7]), 'abcdabcd', 'in order, for ever';
	is_deeply [($log =~ /\[(\w)\] Sleeping ([\d.]+)/g)[0 .. 7]],
	    ['a', 0.1, 'b', 0.2, 'c', 0.3, 'd', 0.1],
	    'each with its own cooldown, of success or failure';
	# By the tasks' own clock: what is logged may be late.
	my @at = map { $_ / 1e6 } $log =~ /stdout: at (\d+)/g;
	my @least = (100, 200, 300, 100, 100, 200, 300);
	my @short = grep { $at[$_ + 1] - $at[$_] < $least[$_] - 1 } 0 .. $#least;
	is_deeply \@short, [], 'no cooldown is cut short' or diag $log;
};

subtest 'what a task is told' => sub {
	my $p = RunnerTest->new;
	$p->config('log { format = plain } success_cooldown = 0 '
	    . 'fail_cooldown = 0');
	$p->task(t => <<'SH');
#!/bin/sh
echo "$RUNNER_CHAIN $RUNNER_TASK run=$RUNNER_RUN failures=$RUNNER_FAILURES" \
    "last=$RUNNER_LAST_EXIT"
case $RUNNER_RUN in
1) exit 7 ;;
2) exit 9 ;;
3) exit 0 ;;
4) kill -9 $$ ;;
esac
SH
	my $run = $p->start('run', '--name', 'mine', 't');
	$run->wait_log(qr/run=6/);
	$run->stop;
	my @told = $run->err =~ /stdout: mine t (.*)/g;
	is_deeply [@told[0 .. 5]], [
	    'run=1 failures=0 last=', 'run=2 failures=1 last=7',
	    'run=3 failures=2 last=9', 'run=4 failures=0 last=0',
	    'run=5 failures=1 last=137', 'run=6 failures=0 last=0'],
	    'RUNNER_RUN, RUNNER_FAILURES and RUNNER_LAST_EXIT';
};

subtest 'fail_cooldown_max doubles the wait' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nfail_cooldown = 20ms\n"
	    . "fail_cooldown_max = 100ms\nsuccess_cooldown = 0\n");
	$p->task(t => "#!/bin/sh\n[ \$RUNNER_RUN = 6 ]\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Sleeping/, 8);
	$run->stop;
	is join(' ', ($run->err =~ /Sleeping ([\d.]+)/g)[0 .. 7]),
	    '0.02 0.04 0.08 0.1 0.1 0 0.02 0.04',
	    'up to the maximum, and from the start after a success';
};

subtest 'on_failure = restart goes back to the first task' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nsuccess_cooldown = 0\n"
	    . "fail_cooldown = 0\ntask b { on_failure = restart }\n");
	$p->task($_ => "#!/bin/sh\nexit 0\n") for qw(a c);
	$p->task(b => "#!/bin/sh\n[ \$RUNNER_RUN -gt 2 ]\n");
	my $run = $p->start('run', qw(a b c));
	$run->wait_log(qr/\[c\] Execution/);
	$run->stop;
	is substr(join('', $run->err =~ /\[(\w)\] Execution/g), 0, 7),
	    'ababab' . 'c', 'a b, a b, a b c';
};

subtest 'timeout, stop_timeout' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nfail_cooldown = 1h\n");
	$p->task(polite => "#!/bin/sh\nexec sleep 100\n");
	$p->task(deaf => "#!/bin/sh\ntrap '' TERM\nsleep 100 &\nwait\n"
	    . "sleep 100\n");
	my $run = $p->start('once', '-v', '--set', 'timeout=300ms', '--set',
	    'stop_timeout=300ms', qw(polite deaf));
	$run->wait;
	is $run->status, 1, 'a run that is late is a failure';
	my $log = $run->err;
	like $log, qr/\[polite\] Timed out after 300ms, sent SIGTERM/, 'TERM';
	unlike $log, qr/\[polite\] Did not end/, 'which was enough';
	like $log, qr/\[deaf\] Did not end on SIGTERM, sent SIGKILL/,
	    'else KILL';
	is scalar($p->survivors), 0, 'and nothing is left of either';
	like +($p->mails)[0], qr/timed out/i, 'the mail says so';
};

subtest 'what a failure is' => sub {
	my $p = RunnerTest->new;
	$p->config(<<'EOF');
log { format = plain }
fail_cooldown = 1h
success_cooldown = 0
task fine { command = "sh -c 'exit 3'" success_exit = {0, 3} }
task noisy { command = "sh -c 'echo oops >&2'" fail_on_stderr = true }
task quiet { command = "sh -c 'echo oops'" fail_on_stderr = true }
task last { command = "true | sh -c 'exit 4'" }
task first { command = "sh -c 'exit 5' | cat" }
task sigpipe { command = "yes | head -n 1" }
task killed { command = "sh -c 'kill -9 $$' | cat" }
task absent { command = "./not-there" }
task absent_stage { command = "echo x | ./not-there" }
EOF
	my %want = (fine => 0, noisy => 1, quiet => 0, last => 1, first => 1,
	    sigpipe => 0, killed => 1, absent => 1, absent_stage => 1);
	for my $task (sort keys %want) {
		my ($status) = $p->run('once', $task);
		is $status, $want{$task}, "$task: $want{$task}";
	}
	my %message = map { /^X-Runner-Task: (\S+)\r?\n/m ? ($1, $_) : () }
	    $p->mails;
	like $message{first}, qr/exit status 5/, 'the status of the stage';
	like $message{killed}, qr/signal 9 \(SIGKILL\)/, 'or its signal';
	like $message{absent}, qr/could not be executed/,
	    'not executed is not an exit status';
	like $message{absent_stage}, qr/could not be executed/,
	    'nor in a pipeline';
};

subtest 'USR1 ends the cooldown, HUP reads the configuration' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nsuccess_cooldown = 1h\n");
	$p->task(t => "#!/bin/sh\necho run \$RUNNER_RUN \$COLOUR\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Sleeping 3600/);
	$run->kill('USR1');
	ok $run->wait_log(qr/run 2/), 'USR1: the next run is now';
	$run->wait_log(qr/Sleeping 3600/, 2);

	$p->config("log { format = plain }\nsuccess_cooldown = soon\n");
	$run->kill('HUP');
	ok $run->wait_log(qr/^WARNING .*runner\.conf:2: /),
	    'a bad file is told with its line';
	ok $run->wait_log(qr/old settings stay/), 'and the old settings stay';
	$run->kill('USR1');
	ok $run->wait_log(qr/Sleeping 3600/, 3), 'in force';

	$p->config("log { format = plain }\nsuccess_cooldown = 1h\n"
	    . "task t { environment = {\"COLOUR=red\"} "
	    . "success_cooldown = 2h }\n");
	$run->kill('HUP');
	$run->wait_log(qr/Read the configuration again/);
	$run->kill('USR1');
	ok $run->wait_log(qr/run 4 red/), 'a good one is in force';
	ok $run->wait_log(qr/Sleeping 7200/), 'with all its settings';
	is $run->stop, 0, 'TERM ends it in the middle of a cooldown';
};

subtest 'once' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\n");
	$p->task(good => "#!/bin/sh\nexit 0\n");
	$p->task(bad => "#!/bin/sh\necho no >&2; exit 1\n");
	is +($p->run('once', 'good', 'good'))[0], 0, 'all succeeded: 0';
	is +($p->run('once', '-v', 'bad', 'good'))[0], 1, 'one failed: 1';
	unlike $p->log, qr/Sleeping/, 'no cooldown';
	like $p->log, qr/\[good\] Execution successful/, 'the rest is run';
	is scalar($p->mails), 1, 'the admins are told';
	$p->run('once', 'bad', 'good') for 1 .. 3;
	is scalar($p->mails), 1, 'but once, as cron would repeat it';
	$p->task(bad => "#!/bin/sh\nexit 0\n");
	$p->run('once', 'bad', 'good');
	is +($p->subjects)[-1], '[bad] Process healed', 'and when it healed';
};

subtest 'TERM in the middle of a run' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\n");
	$p->task(t => "#!/bin/sh\necho up\nexec sleep 100\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/stdout: up/);
	is $run->stop, 0, 'status 0';
	is scalar($p->mails), 0, 'no failure is told of a run that we ended';
	is scalar($p->survivors), 0, 'nothing is left';
};

done_testing;
