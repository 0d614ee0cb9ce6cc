# runner status: the table, --json, --prometheus, --watch and the exit status,
# of chains that live, died, were never started and cannot be read.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP;
use RunnerTest;
use Test::More;

my $make_state = "$RunnerTest::BUILD/tools/make-state";
BAIL_OUT("$make_state is not built") unless -x $make_state;

# Fabricates what is in RUN_ROOT; chains with `lock` run until the test ends.
sub fabricate {
	my ($p, $script) = @_;
	spew($p->root . '/script', $script);
	my $m = $p->start_command('/bin/sh', '-c',
	    "exec $make_state '@{[$p->root]}' <'@{[$p->root]}/script'");
	if ($script =~ /^lock/m) {
		wait_for { $m->out =~ /ready/ || $m->has_ended };
	} else {
		$m->wait;
	}
	is $m->err, '', 'the scene is set';
	return $m;
}

# Runs under a terminal of so many columns; returns (status, what it showed).
sub on_terminal {
	my ($p, $setting, @words) = @_;
	my $file = $p->dir . '/typescript';
	my $command = join ' ', map { "'$_'" } $RunnerTest::RUNNER, @words;
	my $run = $p->start_command('script', '-qec',
	    "$setting; exec $command", $file);
	$run->wait;
	my $text = slurp($file);
	$text =~ s/\AScript started[^\n]*\n//;
	$text =~ s/\n*Script done[^\n]*\n\z//;
	return ($run->status, $text);
}

my $fails = <<'SCENE';
set started -400
set ms 3310
set exit 3
set message no route to host d\xc3\xa9b-1 \x1b]0;owned\x07 "quoted\" \xff end
set signature 0xdeadbeef
set down 1
set row 17
set runs 30
set failures 17
set down_since -11400
set sent 2
set held 14
set recent ..xxxxxxxxxxxxxxxxx
SCENE

my $scene = <<"SCENE";
chain mail
set since -190000
set current 1
set waiting 3
set oldest -700
set answer 451 4.7.1 \\x1b[31mGreylisted
task send_mail
set phase 3
set next 260
set runs 31
set started -14
set ms 1230
set success 1
set recent .......
task retry
set phase 2
set running -12
${fails}write
lock mail
SCENE

subtest 'a chain that runs and fails' => sub {
	my $p = RunnerTest->new->config('');
	fabricate($p, $scene);
	my ($status, $out, $err) = $p->run('status');
	is $status, 1, 'something fails: 1';
	is $err, '', 'nothing to complain of';
	like $out, qr/^mail  running, pid \d+, up 2 d 4 h; retry for [1-5]\d s$/m,
	    'the chain: pid, since when, what it does';
	like $out, qr/^  send_mail  cooldown  ok, [1-9]\d s ago +in \d m +0 +\.{7}$/m,
	    'a task that is well: state, last result, next run, mails, strip';
	like $out, qr/^  retry +running   exit 3, 6 m ago +now +2\+14 +\.*x{17}$/m,
	    'one that fails: with mails sent and held back';
	like $out, qr/^    down since 20\d\d-.* UTC \(3 h 10 m\), 17 failures/m,
	    'since when it is down';
	like $out, qr/^    no route to host/m, 'its message';
	like $out, qr/outbox: 3 wait for 11 m \d+ s: 451 4\.7\.1 \\x1b\[31mGrey/,
	    'what waits in the outbox, and why, in the server\'s words';
	unlike $out, qr/[\x00-\x09\x0b-\x1f\x7f]/, 'no control character';
	is lines_of($out, qr/^.{81}/), 0, 'within 80 columns';
};

subtest 'JSON' => sub {
	my $p = RunnerTest->new->config('');
	fabricate($p, $scene);
	my ($status, $out) = $p->run('status', '--json');
	is $status, 1, 'the same exit status';
	my $all = eval { JSON::PP->new->utf8->decode($out) };
	ok $all, 'it is JSON' or return diag "$@\n$out";
	my $chain = $all->{chains}[0];
	my ($well, $bad) = @{$chain->{tasks}};
	is_deeply [$out =~ /"(\w+)":/g],
	    [qw(version chains name pid running since current_task tasks),
	    (qw(name state runs failures consecutive_failures last started
	    seconds exit signal timed_out signature message next_run down_since
	    mails_sent mails_held_back recent running_since
	    run_is_stopped acknowledged ping_refused)) x 2,
	    qw(declared ended error runner outbox waiting oldest answer refused
	    removed pauses elsewhere log_error)],
	    'its keys in their order, new ones at the end';
	like $chain->{pid}, qr/^\d+$/, 'pid';
	is $chain->{running}, JSON::PP::true, 'running';
	my $instant = qr/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
	like $chain->{since}, $instant, 'since';
	is $chain->{current_task}, 'retry', 'current_task';
	is $well->{state}, 'cooldown', 'state';
	like $well->{next_run}, $instant, 'next_run';
	is $well->{down_since}, undef, 'down_since of one that is well';
	is_deeply [@{$well->{last}}{qw(seconds exit signal signature message)}],
	    [1.23, 0, undef, undef, undef], 'last of one that is well';
	is_deeply [@{$bad->{last}}{qw(seconds exit signal timed_out signature)}],
	    [3.31, 3, undef, JSON::PP::false, '00000000deadbeef'],
	    'last of one that fails';
	is $bad->{last}{message}, "no route to host d\x{e9}b-1 "
	    . "\x1b]0;owned\x07 \"quoted\\\" \x{fffd} end",
	    'its message, whatever the bytes';
	like $bad->{down_since}, $instant, 'down_since';
	is_deeply [@{$bad}{qw(runs failures consecutive_failures mails_sent
	    mails_held_back recent)}], [30, 17, 17, 2, 14,
	    '..xxxxxxxxxxxxxxxxx'], 'counters and the strip';
};

subtest 'Prometheus' => sub {
	my $p = RunnerTest->new->config('chain never { tasks = {"x"} }');
	fabricate($p, $scene . "chain odd\ntask a\nwrite\n");
	my ($status, $out) = $p->run('status', '--prometheus');
	is $status, 3, 'the same exit status';
	spew($p->dir . '/metrics', $out);
	my $check = $p->start_command('/bin/sh', '-c',
	    'promtool check metrics <metrics');
	$check->wait;
	is $check->status, 0, 'promtool finds nothing wrong'
	    or diag $check->out . $check->err;
	is $check->out . $check->err, '', 'and says nothing';
	for my $want ('runner_chain_running{chain="mail"} 1',
	    'runner_chain_running{chain="never"} 0',
	    'runner_task_runs_total{chain="mail",task="retry"} 30',
	    'runner_task_failures_total{chain="mail",task="retry"} 17',
	    'runner_task_consecutive_failures{chain="mail",task="retry"} 17',
	    'runner_task_last_duration_seconds{chain="mail",task="send_mail"} 1.23',
	    'runner_task_last_exit_status{chain="mail",task="retry"} 3',
	    'runner_mails_sent_total{chain="mail",task="retry"} 2',
	    'runner_mails_held_back_total{chain="mail",task="retry"} 14',
	    'runner_outbox_messages{chain="mail"} 3') {
		like $out, qr/^\Q$want\E$/m, $want;
	}
	like $out, qr/^runner_task_down_since_timestamp_seconds\{chain="mail",task="retry"\} 1\d{9}$/m,
	    'instants are seconds';
	unlike $out, qr/down_since\S*send_mail/, 'no downtime, no sample';
};

subtest 'exit status and chains that do not run' => sub {
	my $p = RunnerTest->new->config("chain web { tasks = {\"fetch\"} }\n"
	    . "task fetch { command = \"true\" }\n");
	my ($status, $out) = $p->run('status');
	is $status, 3, 'a declared chain that never ran: 3';
	like $out, qr/^web  stopped, never ran\n  fetch +stopped +-/m,
	    'it is shown with its tasks';
	my ($json) = map { decode_json($_) } ($p->run('status', '--json'))[1];
	is_deeply $json->{chains}[0]{tasks}[0]{last}, undef, 'last is null';
	($status, $out, my $err) = $p->run('status', 'wbe');
	is $status, 2, 'an unknown chain: 2';
	like $err, qr/^runner: .*'wbe'.*'web'/, 'and the nearest is named';
	$p->config('');
	($status, $out) = $p->run('status');
	is $status, 3, 'nothing at all: 3';
	fabricate($p, "chain done\nset ended 1\nset since -5\ntask t\n${fails}write\n");
	is +($p->run('status'))[0], 0,
	    'one that ended in order and is not declared is history';
	is +($p->run('status', 'done'))[0], 3, 'unless it is asked for: 3';
	fabricate($p, "chain died\nset since -5\ntask t\nwrite\n");
	($status, $out) = $p->run('status');
	is $status, 3, 'one that died: 3';
	like $out, qr/^died  stopped: its runner died$/m, 'and it says so';
	is +($p->run('status', '--json'))[1] =~ /"state": "stopped"/, 1,
	    'its tasks are stopped, whatever they did';
};

subtest 'a bad state file hides nothing else' => sub {
	my $p = RunnerTest->new->config('');
	fabricate($p, $scene);
	spew($p->root . '/bad.state', 'junk');
	system('mkfifo', $p->root . '/fifo.state');
	symlink('/etc/passwd', $p->root . '/link.state');
	my $state = slurp($p->root . '/mail.state');
	substr($state, 8, 4) = pack 'L', 77;
	spew($p->root . '/newer.state', $state);
	my ($status, $out) = $p->run('status');
	is $status, 1, 'it counts as a failure';
	like $out, qr/^bad  stopped\n    its state file is damaged$/m, 'damaged';
	like $out, qr/^newer  .*\n    another version of runner wrote/m,
	    'of another version';
	like $out, qr/^mail  running/m, 'the others are there';
	is scalar(@{decode_json(($p->run('status', '--json'))[1])->{chains}}),
	    5, 'in JSON too';
};

subtest 'a run_root that cannot be read' => sub {
	my $p = RunnerTest->new->config('');
	spew($p->dir . '/file', '');
	my ($status, $out, $err) = $p->run('status', '-r', 'file');
	cmp_ok $status, '>', 0, 'is not taken for an empty one';
	like $err, qr/^runner: .*file/, 'and is named';
};

subtest 'on a terminal' => sub {
	my $p = RunnerTest->new->config('');
	fabricate($p, $scene);
	local $ENV{TERM} = 'xterm';
	local $ENV{LC_ALL} = 'C.UTF-8';
	delete local $ENV{NO_COLOR};
	my ($status, $shown) = on_terminal($p, 'stty cols 64 rows 30', 'status');
	is $status, 1, 'the exit status comes through';
	like $shown, qr/\e\[31mexit 3/, 'a failure is red';
	like $shown, qr/\xe2\x80\xa6/, 'what is cut ends in an ellipsis';
	(my $plain = $shown) =~ s/\e\[\d+m//g;
	$plain =~ s/[\x80-\xbf]//g; # one byte for each character
	is lines_of($plain, qr/^[^\r]{65}/), 0, 'within its 64 columns'
	    or diag $plain;
	unlike $plain, qr/\e/, 'and no other sequence';
	{
		local $ENV{NO_COLOR} = 1;
		unlike +(on_terminal($p, 'stty cols 80', 'status'))[1], qr/\e/,
		    'NO_COLOR: none';
	}
	local $ENV{TERM} = 'dumb';
	unlike +(on_terminal($p, 'stty cols 80', 'status'))[1], qr/\e/,
	    'a dumb terminal: none';
};

subtest '--watch' => sub {
	my $p = RunnerTest->new->config('');
	fabricate($p, $scene);
	my $w = $p->start('status', '--watch');
	ok wait_for(sub { lines_of($w->out, qr/^mail  running/) >= 2 }),
	    'elsewhere than on a terminal it prints again and again';
	is $w->stop, 0, 'until it is told to end';
	is $w->err, '', 'in silence';
	local $ENV{TERM} = 'xterm';
	my $file = $p->dir . '/watched';
	for my $end ('TERM', 'INT', 'q') {
		unlink $file;
		my $pid = $p->dir . '/pid';
		unlink $pid;
		# What it leaves behind is asked of the terminal itself.
		my $run = $p->start_command('/bin/sh', '-c',
		    '{ while ! [ -e "$0/key" ]; do sleep 0.05; done;'
		    . ' printf q; sleep 1; } |'
		    . ' script -qefc "stty cols 80 rows 7; stty -g;'
		    . " sh -c 'echo \\\$\\\$ >pid; exec $RunnerTest::RUNNER status --watch';"
		    . ' echo status \$?; stty -g" "$1"', $p->dir, $file);
		ok wait_for(sub { slurp($file) =~ /\e\[\?1049h.*mail.*\e\[H/s }),
		    "$end: it draws, and draws again" or diag slurp($file);
		if ($end eq 'q') {
			spew($p->dir . '/key', '');
		} else {
			kill $end, slurp($pid);
		}
		ok wait_for(sub { slurp($file) =~ /status \d/ }), "$end: it ends";
		spew($p->dir . '/key', '');
		$run->wait;
		unlink $p->dir . '/key';
		my $shown = slurp($file);
		like $shown, qr/\e\[\?25h\e\[\?1049l\s*status 0/,
		    "$end: the screen is given back";
		my @modes = $shown =~ /([0-9a-f]+(?::[0-9a-f]+){20,})/g;
		ok @modes == 2 && $modes[0] eq $modes[1],
		    "$end: the terminal is as it was" or diag $shown;
		my ($picture) = $shown =~ /\e\[H\e\[2J\e\[H(.*?)\e\[J/s;
		is lines_of($picture, qr/./), 7, "$end: no more rows than it has"
		    or diag $picture;
	}
};

subtest 'who reads it' => sub {
	my $p = RunnerTest->new->config('');
	fabricate($p, $scene);
	my $run = $p->start_command('/bin/sh', '-c',
	    "'$RunnerTest::RUNNER' status | true; '$RunnerTest::RUNNER' status"
	    . ' --watch | head -n 1 >/dev/null');
	ok $run->wait, 'a reader that goes ends it';
	is $run->err, '', 'quietly';
	$run = $p->start_command('/bin/sh', '-c',
	    "exec '$RunnerTest::RUNNER' status >/dev/full");
	$run->wait;
	is $run->status, 1, 'a full disk: 1';
	like $run->err, qr/^runner: cannot write: No space left/, 'and why';
};

subtest 'a real chain' => sub {
	my $p = RunnerTest->new->config("fail_cooldown = 1h\n"
	    . "chain real { tasks = {\"good\", \"bad\"} }\n");
	$p->task(good => "#!/bin/sh\nsleep 0.3\n");
	$p->task(bad => "#!/bin/sh\necho 'disk on fire' >&2\nexit 4\n");
	$p->config("success_cooldown = 0\nfail_cooldown = 1h\n"
	    . "chain real { tasks = {\"good\", \"bad\"} }\n");
	my $run = $p->start('run', '--name', 'real', 'good', 'bad');
	$run->wait_log(qr/\[bad\] Sleeping/);
	my ($status, $out) = $p->run('status', '--json');
	is $status, 1, 'one task fails: 1';
	my $chain = decode_json($out)->{chains}[0];
	my ($good, $bad) = @{$chain->{tasks}};
	is $chain->{pid}, $run->pid, 'the pid';
	is $good->{runs}, 1, 'runs';
	cmp_ok $good->{last}{seconds}, '>=', 0.3, 'how long it took';
	is $bad->{state}, 'cooldown', 'the state';
	is $bad->{last}{exit}, 4, 'how it ended';
	is $bad->{last}{message}, 'disk on fire', 'and why';
	like $bad->{last}{signature}, qr/^[0-9a-f]{16}$/, 'its signature';
	ok $good->{next_run} gt $bad->{last}{started}, 'when the next one runs';
	$run->kill('KILL');
	$run->wait;
	($status, $out) = $p->run('status', '--json');
	is $status, 3, 'killed: it does not run';
	$chain = decode_json($out)->{chains}[0];
	is_deeply [@{$chain}{qw(pid running)}], [undef, JSON::PP::false],
	    'nobody owns it';
	is_deeply [map { $_->{state} } @{$chain->{tasks}}],
	    ['stopped', 'stopped'], 'its tasks are stopped';
	is $chain->{tasks}[1]{last}{message}, 'disk on fire',
	    'the last results are there';
};

done_testing;
