# The commands that look, and stop, work when they are needed: with a bad
# runner.conf, in the wrong directory, for a chain that was removed or whose directory
# was moved.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP;
use RunnerTest;
use Test::More;

my $make_state = "$RunnerTest::BUILD/tools/make-state";

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

my $good = "admins = {\"a\@example.org\"}\nlog { format = plain }\nrun_root = \"state\"\n"
    . "success_cooldown = 1h\nfail_cooldown = 1h\n"
    . "chain a { tasks = {t} log_file = \"a.log\" }\n";

subtest 'a bad runner.conf takes no tool away' => sub {
	my $p = RunnerTest->new->config($good);
	$p->task(t => "#!/bin/sh\necho to be seen\nexit 3\n");
	is +($p->run('start'))[0], 0, 'a chain runs';
	ok wait_for { slurp($p->dir . '/a.log') =~ /Sleeping/ }, 'and has failed';
	my %bad = ('an unknown key' => "typo = 1\n$good",
	    'a list that does not end' => "${good}admins = {\"a\"\n",
	    'a string that does not end, before run_root' =>
		"admins = {\"a}\n$good");
	for my $what (sort keys %bad) {
		$p->config($bad{$what});
		my ($status, $out, $err) = $p->run('status');
		is $status, 1, "$what: status";
		like $out, qr/^a  running, pid \d+/m, "$what: it shows the chain";
		like $err, qr/\Arunner: warning: .*runner\.conf:\d+: /,
		    "$what: and warns";
		unlike $err, qr/^runner: (?!warning)/m, "$what: no error";
		like +($p->run('history'))[1], qr/exit 3/, "$what: history";
		like +($p->run('failures'))[1], qr/  t$/m, "$what: failures";
		like +($p->run('logs'))[1], qr/to be seen/, "$what: logs";
	}
	my ($status, $out) = $p->run('stop');
	is $status, 0, 'stop';
	like $out, qr/^Stopped a$/m, 'it is stopped';
	is scalar($p->survivors), 0, 'and nothing is left';
	is +($p->run('start'))[0], 2, 'to start, the file must be right';
	is +($p->run('-c', 'missing.conf', 'status'))[0], 2, 'no file, no tool';
	($status, $out) = $p->run('-c', 'missing.conf', '-r', 'state', 'status');
	is $status, 0, 'but one that is told where to look';
	like $out, qr/^a  stopped$/m, 'looks there';
};

subtest 'what cannot be read is not taken for nothing' => sub {
	my $p = RunnerTest->new->config($good);
	spew($p->dir . '/state/a.state', 'junk');
	for my $command ('history', 'ack') {
		my ($status, $out, $err) = $p->run($command);
		is "$status$out", 1, "$command: 1, and nothing is claimed";
		like $err, qr/\Arunner: a: .*; skipped\n\z/, 'but said';
	}
};

subtest 'a full disk, and no standard output' => sub {
	my $p = RunnerTest->new->config($good);
	$p->task(t => "#!/bin/sh\necho to be seen\nexit 3\n");
	spew($p->dir . '/stderr', "app: no\n");
	$p->run('start');
	ok wait_for { slurp($p->dir . '/a.log') =~ /Sleeping/ }, 'a chain runs';
	for my $command ('help', '--version', 'status', 'failures', 'history',
	    'logs a', 'check', 'signature stderr', 'report', 'test-notify',
	    'pause a', 'resume a', 'now a', 'start a', 'stop a') {
		my @how = (['>/dev/full', 'No space left on device'],
		    ['>&-', 'Bad file descriptor']);
		for (@how) {
			my $run = $p->start_command('sh', '-c',
			    "exec '$RunnerTest::RUNNER' $command $_->[0]");
			$run->wait;
			is $run->status . ' ' . $run->err =~
			    s/^runner: a: t failed: exit status 3\n//r,
			    "1 runner: cannot write: $_->[1]\n",
			    "$command $_->[0]";
		}
	}
	is scalar($p->survivors), 0, 'all was done';
};

subtest 'without /proc' => sub {
	plan skip_all => 'needs a mount namespace of its own'
	    if $> || system 'unshare -m true 2>/dev/null';
	my $p = RunnerTest->new->config($good);
	$p->task(t => "#!/bin/sh\n");
	spew($p->dir . '/a.log', '');
	$p->run('once', 't');
	my $why = "/proc is not mounted: what runs cannot be seen\n";
	my %status = (run => 1, once => 1, start => 1, stop => 1, now => 1,
	    pause => 1, resume => 1, reload => 1, status => 3, history => 0,
	    failures => 0, logs => 0, check => 0, help => 0);
	for my $command (sort keys %status) {
		my $word = $command =~ /now|pause|resume/ ? 'a'
		    : $command =~ /run|once/ ? 't' : '';
		my $run = $p->start_command(qw(unshare -m sh -c),
		    "umount -l /proc && exec $RunnerTest::RUNNER $command $word");
		$run->wait;
		is $run->status, $status{$command}, "$command: the status";
		is $run->err, $command =~ /check|help/ ? '' : 'runner: '
		    . ($status{$command} == 1 ? '' : 'warning: ') . $why,
		    "$command: and what is missing";
	}
};

subtest 'the wrong directory' => sub {
	my $p = RunnerTest->new;
	my ($status, $out) = $p->run('status');
	is $status, 3, 'nothing runs here: 3';
	like $out, qr{^No chain has run in @{[$p->dir]}/var/run, and there is no runner\.conf\.$},
	    'and where "here" is';
	my $here = quotemeta $p->dir . '/var/run';
	like +($p->run('history'))[1], qr/^No run is kept in $here\.$/, 'history';
	like +($p->run('failures'))[1], qr/^No failure is kept in $here\.$/,
	    'failures';
	like +($p->run('logs'))[2], qr/^runner: no chain has run in $here,/, 'logs';
	($status, undef, my $err) = $p->run('reload');
	is "$status $err", "3 runner: no chain runs in @{[$p->dir]}/var/run\n",
	    'reload';
	spew($p->root . '/crond.pid', "1\n");
	my $holder = $p->start_command('perl', '-MFcntl', '-e',
	    'open my $f, "+<", shift or die;'
	    . ' my $lock = pack "s s x4 q q i x4", F_WRLCK, 0, 0, 0, 0;'
	    . ' fcntl($f, F_SETLK, $lock) or die $!;'
	    . ' $| = 1; print "ready\n"; sleep 60', $p->root . '/crond.pid');
	ok wait_for { $holder->out =~ /ready/ }, 'another daemon has a pidfile';
	($status, $out) = $p->run('status');
	is $status, 3, 'that is no chain';
	unlike $out, qr/crond/, 'and is not shown';
	is +($p->run('stop', 'crond'))[0], 2, 'nor stopped';
	ok !$holder->has_ended, 'it lives';
};

subtest 'a chain that was removed from runner.conf' => sub {
	my $p = RunnerTest->new->config($good . "chain b { tasks = {t} }\n");
	$p->task(t => "#!/bin/sh\nexit\n");
	is +($p->run('start'))[0], 0, 'two chains run';
	$p->config($good =~ s/chain a/chain b/r);
	my ($status, $out, $err) = $p->run('start');
	is $status, 0, 'one was removed';
	is $err, "runner: a runs but is not declared; runner stop a\n",
	    'start says so';
	($status, $out) = $p->run('status');
	like $out, qr/^a  running.*\n.* declared no more; runner stop a$/m,
	    'so does status';
	my ($json) = map { decode_json($_) } ($p->run('status', '--json'))[1];
	is_deeply {map { $_->{name} => $_->{removed} } @{$json->{chains}}},
	    {a => JSON::PP::true, b => JSON::PP::false}, 'and its JSON';
	is +($p->run('stop', 'a'))[0], 0, 'it can be stopped';
	like +($p->run('status'))[1], qr/^a  stopped$/m, 'its row stays';
	is +($p->run('stop', '--forget'))[0], 2, 'which one is to be forgotten?';
	is +($p->run('stop', '--forget', 'a'))[0], 0, 'that one';
	unlike +($p->run('status'))[1], qr/^a /m, 'its row is gone';
	is +($p->run('stop'))[0], 0, 'stop';
};

subtest 'a directory that is moved while its chain runs' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	my $config = "admins = {\"a\@example.org\"}\n"
	    . "log { format = plain }\nsuccess_cooldown = 100ms\n"
	    . "task t { command = {\"/bin/true\"} }\n"
	    . "chain a { tasks = {t} }\n";
	my @in = ('/bin/sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh');
	my $in = sub {
		my $run = $p->start_command(@in, @_);
		$run->wait;
		return ($run->status, $run->out, $run->err);
	};
	spew("$dir/old/runner.conf", $config);
	is +($in->("$dir/old", $RunnerTest::RUNNER, 'start'))[0], 0, 'it runs';
	rename "$dir/old", "$dir/new" or die $!;
	ok wait_for { -s "$dir/old/var/run/a.state" }, 'its runner goes on';
	my ($status, $out) = $in->("$dir/new", $RunnerTest::RUNNER, 'status');
	is $status, 3, 'it does not run where it is looked for now';
	like $out, qr{directory was moved while it ran \(pid \d+ is in /},
	    'but status tells where it went on' or diag $out;
	($status, $out, my $err) = $in->("$dir/new", $RunnerTest::RUNNER, 'start');
	is $status, 1, 'it is not started beside it';
	like $err, qr/moved while it ran \(pid \d+ is in \S+\); runner stop a$/,
	    'and why';
	($status, $out, $err) = $in->("$dir/new", $RunnerTest::RUNNER, 'check');
	is $status, 0, 'check';
	like $err, qr/warning: chain a: its directory was moved while it ran/,
	    'says it, too';
	($status, $out, $err) = $in->("$dir/new", $RunnerTest::RUNNER, 'stop');
	is $status, 0, 'stop' or diag $err;
	like $out, qr/^Stopped a$/m, 'it is stopped there';
	is scalar($p->survivors), 0, 'nothing is left';
};

subtest 'the same chain with another run_root' => sub {
	my $p = RunnerTest->new->config($good);
	$p->task(t => "#!/bin/sh\nexit\n");
	is +($p->run('start', '-r', 'other'))[0], 0, 'it runs';
	my ($status, $out, $err) = $p->run('start');
	is $status, 1, 'it is not started a second time';
	like $err, qr{^runner: a was not started: pid \d+ runs it with the run_root \S+/other; runner --run-root \S+/other stop a$},
	    'and why';
	($status, $out) = $p->run('status');
	is $status, 3, 'status';
	like $out, qr{pid \d+ runs it with the run_root /}, 'names it';
	like +($p->run('check'))[2], qr{warning: chain a: pid \d+ runs it with the},
	    'and so does check';
	unlike +($p->run('check', '-r', 'other'))[2], qr{chain a: pid},
	    'where it does not run';
	is +($p->run('-r', 'other', 'stop'))[0], 0, 'it is stopped there';
	is +($p->run('start'))[0], 0, 'and can be started here';
	is +($p->run('stop'))[0], 0, 'stop';
};

subtest 'ten that are deaf take one time-out' => sub {
	my $p = RunnerTest->new;
	$p->config("stop_timeout = 4s\nlog { format = plain }\n"
	    . "task deaf { command = {\"sh\", \"-c\","
	    . " \"trap '' TERM; echo up; while :; do sleep 1; done\"} }\n"
	    . join '', map { "chain c$_ { tasks = {deaf} }\n" } 0 .. 9);
	is +($p->run('start'))[0], 0, 'ten chains';
	ok wait_for { 10 == grep { slurp($_) =~ /stdout: up/ }
	    glob $p->root . '/c*.log' }, 'run';
	my $since = time;
	is +($p->run('stop'))[0], 0, 'all are stopped';
	cmp_ok time - $since, '<', 30, 'at the same time';
	is scalar($p->survivors), 0, 'nothing is left';
};

subtest 'what is said of a chain' => sub {
	my $p = RunnerTest->new->config('');
	fabricate($p, <<'SCENE');
chain up
set since -50
set version 0.9.1
set log_error 28
set log /var/log/up.log
task bad
set phase 3
set started -20
set exit 1
set down 1
set down_since -7200
task next
set phase 1
set next 300
write
lock up
SCENE
	my ($status, $out) = $p->run('status');
	like $out, qr/^up  running, .*, runner 0\.9\.1$/m,
	    'its runner is an old one';
	like $out, qr/^  next .*\n +waits for the fail_cooldown of bad$/m,
	    'what its task waits for';
	like $out, qr/ its log \/var\/log\/up\.log takes nothing: No space left/,
	    'its log';
	like $out, qr/ down since .* UTC \(2 h\), not run since the restart$/m,
	    'a downtime that an upgrade carried over';
	like $out, qr/^1 chain: 1 runs; 1 task fails$/m, 'a summary ends it';
};

subtest 'failures and history of a chain' => sub {
	my $p = RunnerTest->new->config('');
	fabricate($p, join '', map { "chain $_\nset ended 1\ntask t\n"
	    . "run 0 -90 10 1 0 0 0xab of $_\nwrite\n"
	    . "failure t 00000000000000a@{[ord]} 1 -90 -90 1 of $_\n" } 'x', 'y');
	for my $chain ('x', 'y') {
		my $other = $chain eq 'x' ? 'y' : 'x';
		for my $word ('history', 'failures') {
			my (undef, $out) = $p->run($word, $chain);
			like $out, qr/of $chain/, "$word $chain";
			unlike $out, qr/of $other/, "$word $chain: no other";
		}
	}
	fabricate($p, "chain z\nset ended 1\ntask t\n"
	    . "run 0 -90 10 1 0 0 0xa@{[ord 'y']} of y\nwrite\n");
	like +($p->run('failures', 'z'))[1], qr/of y/, 'one of two chains';
	my (undef, $out) = $p->run('history', 't');
	like $out, qr/of x.*of y/s, 'a task is of every chain';
	is +($p->run('history', 'nobody'))[0], 2, 'what nobody knows: 2';
};

done_testing;
